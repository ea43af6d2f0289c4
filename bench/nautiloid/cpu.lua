-- Lua alone: the same as ../nginx/cpu.lua.

local json = require("json")
local work = require("cpu_work")

function nauthilus_run_hook(request)
  return work(json.encode, json.decode)
end
