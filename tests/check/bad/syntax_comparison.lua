local function same(a, b)
  return a === b --! syntax
end
return same
