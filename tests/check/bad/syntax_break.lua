local done = true
if done then
  break --! syntax
end
