local function first()
  return (...) --! syntax
end
return first
