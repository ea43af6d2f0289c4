-- A module: what it returns is shared by all requests of a worker.
local M = { limit = 3, window = 60 }

function M.key(...)
  local parts = { "policy", ... }
  for i = 1, #parts do
    parts[i] = tostring(parts[i])
  end
  return table.concat(parts, ":")
end

M.describe = function()
  return ("%d in %d s"):format(M.limit, M.window)
end

return M
