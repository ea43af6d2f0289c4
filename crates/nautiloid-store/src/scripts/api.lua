-- What a script sees: the globals of Redis 7.0, and no way to leave anything behind for the next script.
--
-- LuaJIT has no read-only tables as Redis' Lua has. Scripts get shells instead: empty tables that show a hidden one
-- through `__index` and refuse assignments. Whatever a script manages to put into a shell nevertheless
-- (`table.insert(_G, 1)`) is taken out before the next run.
--
-- Runs once a VM. Takes a table of functions in Rust, gives the function that runs a script. The functions in Rust
-- never raise: they give their failure back, and it is raised here, as Lua's own values.

local rust = ...

local error, load, next, pcall, rawget, rawset = error, load, next, pcall, rawget, rawset
local select, setfenv, setmetatable, tostring, type, xpcall = select, setfenv, setmetatable, tostring, type, xpcall
local concat, find, gsub = table.concat, string.find, string.gsub

jit.off()

local READ_ONLY = "Attempt to modify a readonly table"

-- Which hidden table each shell shows, the shell of the globals, and the function that runs a command in this run.
local shown, environment, execute = {}, nil, nil

-- Errors of the library are tables, as in Redis: their text, without a position.
local function fail(message)
  return error({ err = "ERR " .. message })
end

local function copy(from, names)
  local into = {}
  for name in names:gmatch("%S+") do
    into[name] = from[name]
  end
  return into
end

local globals = copy(_G, [[
  assert error getmetatable ipairs next pairs rawequal select tonumber tostring type unpack xpcall
]])
globals._VERSION = "Lua 5.1"

-- Libraries -----------------------------------------------------------------------------------------------------------

local libraries = {
  bit = copy(bit, "arshift band bnot bor bswap bxor lshift rol ror rshift tobit tohex"),
  coroutine = copy(coroutine, "create resume running status wrap yield"),
  math = copy(math, [[
    abs acos asin atan atan2 ceil cos cosh deg exp floor fmod frexp huge ldexp log log10 max min modf pi pow rad
    random randomseed sin sinh sqrt tan tanh
  ]]),
  string = copy(string, "byte char dump find format gmatch gsub len lower match rep reverse sub upper"),
  table = copy(table, "concat insert maxn remove sort"),
}

-- Names of Lua 5.0 that Redis' Lua still has.
libraries.math.mod = math.fmod
libraries.math.log10 = math.log10 or function(x)
  return math.log(x, 10)
end
libraries.string.gfind = string.gmatch

function libraries.table.getn(t)
  return #t
end

function libraries.table.setn()
  error("'setn' is obsolete", 2)
end

function libraries.table.foreach(t, f)
  for key, value in next, t do
    local result = f(key, value)
    if result ~= nil then
      return result
    end
  end
end

function libraries.table.foreachi(t, f)
  for index = 1, #t do
    local result = f(index, t[index])
    if result ~= nil then
      return result
    end
  end
end

function libraries.table.maxn(t)
  local most = 0
  for key in next, t do
    if type(key) == "number" and key > most then
      most = key
    end
  end
  return most
end

-- How the collector works stays as it is: a script that stopped it would stop it for all that follow.
function globals.collectgarbage(what, ...)
  if what == "stop" or what == "restart" or what == "setpause" or what == "setstepmul" then
    return 0
  end
  return collectgarbage(what, ...)
end

function globals.gcinfo()
  return (collectgarbage("count"))
end

-- cjson ---------------------------------------------------------------------------------------------------------------

local cjson = { null = rust.null, _NAME = "cjson", _VERSION = "2.1.0" }
libraries.cjson = cjson

function cjson.encode(...)
  if select("#", ...) ~= 1 then
    error("bad argument #1 to 'encode' (expected 1 argument)", 2)
  end
  local text, failure = rust.encode((...))
  if failure then
    error(failure, 2)
  end
  return text
end

function cjson.decode(...)
  if select("#", ...) ~= 1 then
    error("bad argument #1 to 'decode' (expected 1 argument)", 2)
  end
  local text = ...
  if type(text) == "number" then
    text = tostring(text)
  elseif type(text) ~= "string" then
    error("bad argument #1 to 'decode' (string expected, got " .. type(text) .. ")", 2)
  end
  local value, failure = rust.decode(text)
  if failure then
    error(failure, 2)
  end
  return value
end

-- redis ---------------------------------------------------------------------------------------------------------------

local redis = {
  LOG_DEBUG = 0,
  LOG_VERBOSE = 1,
  LOG_NOTICE = 2,
  LOG_WARNING = 3,
  REPL_NONE = 0,
  REPL_AOF = 1,
  REPL_SLAVE = 2,
  REPL_REPLICA = 2,
  REPL_ALL = 3,
  REDIS_VERSION = rust.version,
  REDIS_VERSION_NUM = rust.version_number,
}
libraries.redis = redis

function redis.call(...)
  local reply, failed = execute(...)
  if failed then
    error(reply)
  end
  return reply
end

function redis.pcall(...)
  return (execute(...))
end

-- A reply of one field. Anything but one string makes an error reply, which is not raised.
local function one_string(...)
  if select("#", ...) == 1 and type((...)) == "string" then
    return (...)
  end
  return nil, { err = "ERR wrong number or type of arguments" }
end

function redis.status_reply(...)
  local text, failure = one_string(...)
  return failure or { ok = text }
end

function redis.error_reply(...)
  local text, failure = one_string(...)
  if failure then
    return failure
  end
  text = gsub(gsub(text, "^%-", ""), "[\r\n]+$", "")
  return { err = find(text, " ", 1, true) and text or "ERR " .. text }
end

function redis.sha1hex(...)
  if select("#", ...) ~= 1 then
    fail("wrong number of arguments")
  end
  local text = ...
  return rust.sha1hex((type(text) == "string" or type(text) == "number") and tostring(text) or "")
end

function redis.log(level, ...)
  if select("#", ...) < 1 then
    fail("redis.log() requires two arguments or more.")
  elseif type(level) ~= "number" then
    fail("First argument must be a number (log level).")
  elseif level < redis.LOG_DEBUG or level > redis.LOG_WARNING then
    fail("Invalid debug level.")
  end
  local words = {}
  for index = 1, select("#", ...) do
    local word = select(index, ...)
    if type(word) == "string" or type(word) == "number" then
      words[#words + 1] = word
    end
  end
  rust.log(level, concat(words, " "))
end

function redis.setresp(...)
  local version = ...
  if select("#", ...) ~= 1 then
    fail("redis.setresp() requires one argument.")
  elseif version == 3 then
    fail("RESP version 3 is not supported in scripts of the embedded store.")
  elseif version ~= 2 then
    fail("RESP version must be 2 or 3.")
  end
end

-- There is nothing to replicate to.
function redis.replicate_commands()
  return true
end

function redis.set_repl(...)
  local flags = ...
  if select("#", ...) ~= 1 then
    fail("redis.set_repl() requires two arguments.")
  elseif type(flags) == "number" and (flags < redis.REPL_NONE or flags > redis.REPL_ALL) then
    fail("Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.")
  end
end

-- Guarded globals -----------------------------------------------------------------------------------------------------

function globals.rawset(t, key, value)
  if shown[t] then
    error(READ_ONLY, 0)
  end
  return rawset(t, key, value)
end

function globals.rawget(t, key)
  return rawget(shown[t] or t, key)
end

function globals.setmetatable(t, metatable)
  if shown[t] then
    error(READ_ONLY, 0)
  end
  return setmetatable(t, metatable)
end

-- Errors that are tables come out of `pcall` as their text, as in Redis 7.0.
local function flat(ok, ...)
  if ok then
    return true, ...
  end
  local failure = ...
  if type(failure) == "table" then
    local text = failure.err
    if type(text) == "string" or type(text) == "number" then
      failure = text
    end
  end
  return false, failure
end

function globals.pcall(...)
  return flat(pcall(...))
end

-- Only source: bytecode made by hand could reach all of the process. The chunk gets the script's environment.
local function chunk(compiled, failure)
  if compiled then
    return setfenv(compiled, environment)
  end
  return nil, failure
end

function globals.load(pieces, name)
  return chunk(load(pieces, name, "t"))
end

function globals.loadstring(text, name)
  return chunk(load(tostring(text), name, "t"))
end

-- Shells --------------------------------------------------------------------------------------------------------------

local function refuse()
  error(READ_ONLY, 2)
end

-- A shell that shows a hidden table.
local function shell_of(hidden)
  local shell = setmetatable({}, {
    __index = hidden,
    __newindex = refuse,
    -- What `getmetatable` gives.
    __metatable = false,
    __pairs = function(shell)
      local function step(_, key)
        return next(hidden, key)
      end
      return step, shell, nil
    end,
  })
  shown[shell] = hidden
  return shell
end

setmetatable(globals, {
  __index = function(_, name)
    if type(name) ~= "string" and type(name) ~= "number" then
      error("Second argument to luaProtectedTableError must be a string or number", 2)
    end
    error("Script attempted to access nonexistent global variable '" .. name .. "'", 2)
  end,
})

-- Strings find their methods there; assigning to it would outlast the script.
local strings = getmetatable("")
strings.__index = libraries.string
strings.__metatable = false

for name, library in next, libraries do
  globals[name] = shell_of(library)
end
environment = shell_of(globals)
globals._G = environment

-- Running -------------------------------------------------------------------------------------------------------------

-- Every error that ends a script becomes a table with its text and where it was raised.
local function located(failure)
  if type(failure) ~= "table" then
    failure = { err = "ERR " .. tostring(failure) }
  end
  local source, line = rust.position()
  if source then
    rawset(failure, "source", source)
    rawset(failure, "line", line)
  end
  return failure
end

return function(script, command, keys, arguments)
  execute = command
  for shell in next, shown do
    for key in next, shell do
      rawset(shell, key, nil)
    end
  end
  globals.KEYS = keys
  globals.ARGV = arguments
  return xpcall(setfenv(script, environment), located)
end
