local limit = 3
if limit > 3 than --! syntax
  return nil
end
