-- What scripts can reach and what they cannot.

local check = require("check")
local redis = require("nauthilus_redis")
local equal = check.equal

-- Absent: what reaches files, other programs, the interpreter or other requests.
for _, name in ipairs({ "ffi", "jit", "debug", "io", "dofile", "loadfile", "getfenv", "setfenv", "newproxy", "module" }) do
  equal(_G[name], nil, "global " .. name)
end
for library, names in pairs({
  os = { "execute", "exit", "remove", "rename", "tmpname", "setlocale" },
  package = { "loadlib", "cpath", "preload", "loaders", "searchers", "searchpath" },
  string = { "dump" },
}) do
  for _, name in ipairs(names) do
    equal(_G[library][name], nil, library .. "." .. name)
  end
end

-- Present: Lua 5.1's libraries.
local PRESENT = {
  [""] = "assert collectgarbage error getmetatable ipairs load loadstring next pairs pcall print rawequal rawget rawset "
    .. "require dynamic_loader select setmetatable tonumber tostring type unpack xpcall",
  string = "byte char find format gmatch gsub len lower match rep reverse sub upper",
  table = "concat insert maxn remove sort",
  math = "abs acos asin atan atan2 ceil cos cosh deg exp floor fmod frexp ldexp log log10 max min modf pow rad random "
    .. "randomseed sin sinh sqrt tan tanh",
  os = "clock date difftime getenv time",
  coroutine = "create isyieldable resume running status wrap yield",
  bit = "band bor bxor bnot lshift rshift arshift rol ror bswap tobit tohex",
}
for library, names in pairs(PRESENT) do
  local where = library == "" and _G or _G[library]
  for name in names:gmatch("%S+") do
    equal(type(where[name]), "function", library .. "." .. name)
  end
end
equal(_VERSION, "Lua 5.1", "_VERSION")
equal(_G._G, _G, "_G._G")

equal(table.move({ 1, 2, 3 }, 2, 3, 1), { 2, 3, 3 }, "table.move within a table")
equal(table.move({ 1, 2 }, 1, 2, 2, { 0 }), { 0, 1, 2 }, "table.move to another")

-- They work.
equal(("%5.2f|%s|%q"):format(1.5, "x", "y"), ' 1.50|x|"y"', "string.format")
equal(("a,b"):match("(%a),(%a)"), "a", "string.match")
equal(table.concat({ 1, 2, 3 }, "-"), "1-2-3", "table.concat")
local list = { 3, 1, 2 }
table.sort(list)
table.insert(list, 4)
table.insert(list, 1, 0)
equal(table.remove(list), 4, "table.remove")
equal(list, { 0, 1, 2, 3 }, "table.sort, table.insert")
equal(math.max(1, 3, 2), 3, "math.max")
equal(bit.band(12, 10), 8, "bit.band")
equal(os.time({ year = 2020, month = 1, day = 2, hour = 12 }) > 1577836800, true, "os.time")
equal(os.date("!%Y-%m-%d", 0), "1970-01-01", "os.date")
equal({ load("return 1 + 1")(), loadstring("return ...")(7) }, { 2, 7 }, "load, loadstring")
equal(select("#", unpack({ 1, nil, 3 }, 1, 3)), 3, "unpack")
local random = math.random()
equal(random >= 0 and random < 1, true, "math.random")

-- The libraries and modules are shared by all requests of a worker: nobody can change them.
local function refuses(library, what)
  check.error(function() library.upper = print end, "read%-only", what .. ": setting")
  check.error(function() library.added = print end, "read%-only", what .. ": adding")
  check.error(function() rawset(library, "added", print) end, "read%-only", what .. ": rawset")
  check.error(function() table.insert(library, print) end, "read%-only", what .. ": table.insert")
  check.error(function() table.move({ print }, 1, 1, 1, library) end, "read%-only", what .. ": table.move")
  check.error(function() setmetatable(library, {}) end, "protected", what .. ": setmetatable")
  equal(getmetatable(library), false, what .. ": getmetatable")
  equal(library.added, nil, what .. ": is as it was")
end
refuses(string, "string")
refuses(table, "table")
refuses(math, "math")
refuses(os, "os")
refuses(coroutine, "coroutine")
refuses(package, "package")
refuses(redis, "nauthilus_redis")
refuses(require("json"), "json")
check.error(function() redis.redis_get = nil end, "read%-only", "a function cannot be taken away")
equal(getmetatable(""), false, "the metatable of strings is hidden")
equal(("x"):upper(), "X", "strings have their methods")

-- A module can be looked through all the same.
local names = {}
for name in pairs(redis) do
  names[#names + 1] = name
end
table.sort(names)
check.truthy(#names > 25, "functions of nauthilus_redis")
equal({ names[1], names[#names] }, { "get_redis_connection", "register_redis_pool" }, "their names")

-- Globals are the script's own.
equal(rawget(_G, "check_global"), nil, "a global before it is set")
check_global = 1
equal(_G.check_global, 1, "a global is in _G")
equal(load("return check_global")(), 1, "loaded code has the same globals")
equal(load("check_global = 2; return check_global")(), 2, "and sets them")
equal(check_global, 2, "for the script, too")
equal(load("return x", "chunk", "t", { x = 7 })(), 7, "loaded code can have globals of its own")
equal(coroutine.wrap(function() return check_global end)(), 2, "a coroutine has the same globals")
equal(coroutine.wrap(function() return load("return check_global")() end)(), 2, "and what is loaded in it")
_G.check_global = nil
equal(check_global, nil, "a global can be taken away")
local print_before = print
print = nil
equal(print, print_before, "a script that hides a global from itself finds the shared one again")
string = "mine"
equal(string, "mine", "a library's name can be used for something else")
string = nil
equal(type(string), "table", "and the library is still there")
check.error(function() setmetatable(_G, {}) end, "protected", "setmetatable(_G)")
equal(getmetatable(_G), false, "getmetatable(_G)")

-- Text only: bytecode could break out.
check.truthy(not pcall(load("\27LJ\2\0\0") or error), "bytecode is not loaded")
check.truthy(not load("\27Lua"), "nor Lua's own")
check.truthy(not load("\27LJ\2\0\0", "x", "b"), "not when asked for")
check.truthy(not load("\27LJ\2\0\0", "x", "bt", {}), "nor with globals of its own")
check.truthy(not loadstring("\27LJ\2\0\0"), "nor with loadstring")
check.error(function() load(function() return {} end) end, "reader function must return a string", "load of tables")
local good, problem = load("x = = 1", "=mine")
equal(good, nil, "load of a syntax error")
check.matches(problem, "^mine:1: ", "its message")

-- The environment: only what the configuration lists.
for _, name in ipairs({ "HOME", "PATH", "USER", "NAUTILOID_NOBODY" }) do
  equal(os.getenv(name), nil, "os.getenv of what is not listed")
end
check.error(function() os.getenv() end, "bad argument #1 to 'getenv' %(string expected, got no value%)", "os.getenv of nothing")

-- What a script of the command line gets
equal(type(arg), "table", "arg")
check.matches(arg[0], "sandbox%.lua$", "arg[0]")

return check.report()
