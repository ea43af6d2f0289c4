-- What scripts have not here.
local ffi = require("ffi") --! unknown-module

function nauthilus_run_hook()
  io.write("hello") --! removed
  local file = io.open("/tmp/x", "w") --! removed
  os.execute("true") --! removed
  os.exit(1) --! removed
  local level = debug.traceback() --! removed
  local code = string.dump(print) --! removed
  local chunk = loadfile("other.lua") --! removed
  setfenv(1, {}) --! removed
  local execute = os.remove --! removed
  return { file, level, code, chunk, ffi, execute }
end
