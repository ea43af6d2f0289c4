-- handle:get(key): every function whose first parameter is the handle is a method of handles, by its name without
-- `redis_`. What the methods give is checked with the examples of the reference, each of which runs with methods, too.

local check = require("check")
local redis = require("nauthilus_redis")
local key = check.keys("methods")

local k = key("k")
local handle = assert(redis.get_redis_connection("default"))

-- What a call gives, or raises: without the position, and with the name and the numbers of arguments as the methods have
-- them.
local function outcome_of_method(...)
  local ok, problem = pcall(...)
  return ok or problem
end

local function outcome_of_function(name, ...)
  local ok, problem = pcall(redis[name], ...)
  return ok
    or problem:gsub("#(%d+)", function(n) return "#" .. n - 1 end):gsub("'redis_([%w_]+)'", "'%1'")
end

local functions = 0
for name in pairs(redis) do
  local short = name:match("^redis_(.+)$")
  if short then
    functions = functions + 1
    local method = handle[short]
    check.equal(type(method), "function", "handle:" .. short)
    check.truthy(method == handle[short], "the method is the same each time")
    -- Too few arguments, and wrong ones in every place: the errors are those of the function.
    check.equal(outcome_of_method(method, handle), outcome_of_function(name, handle), short .. " without arguments")
    for position = 1, 4 do
      local arguments = { k, k, k, k }
      arguments[position] = coroutine.create(print)
      local problem = outcome_of_method(method, handle, unpack(arguments, 1, position))
      if problem ~= true then
        check.equal(
          problem,
          outcome_of_function(name, handle, unpack(arguments, 1, position)),
          ("%s with a wrong argument #%d"):format(short, position)
        )
      end
    end
    -- A dot instead of a colon: the first argument is taken for the handle.
    check.error(function() handle[short](k) end, ("calling '%s' on bad self %%("):format(short), short .. " with a dot")
    check.error(function() handle[short]() end, ("handle:%s%%(…%%)"):format(short), short .. " with a dot")
  end
end
check.truthy(functions > 25, "the functions of the module were found")

-- Results are the function's own: all of them.
check.equal({ handle:set(k, "1") }, { "OK" }, "set")
check.equal({ handle:get(k) }, { "1" }, "get")
check.equal({ handle:get(k, "number") }, { 1 }, "get as a number")
check.equal({ handle:get(key("absent")) }, { nil, check.NIL }, "get of what is missing")
check.equal({ handle:hget(k, "f") }, { nil, check.WRONG_TYPE }, "hget of a string")
check.equal({ handle:del(k, key("absent")) }, { "OK", nil, 1 }, "del")
check.equal({ handle:run_script("return { KEYS[1], ARGV[1] }", "", { k }, { 7 }) }, { { k, "7" } }, "run_script")
check.equal({ handle["get"](handle, k) }, { nil, check.NIL }, "a method as a value")
check.equal({ pcall(handle.get, handle, k) }, { true, nil, check.NIL }, "a method for pcall")
check.equal({ coroutine.wrap(function() return handle:incr(k) end)() }, { 1 }, "in a coroutine")

-- Another pool's handle is another pool.
redis.register_redis_pool("conformance_methods", "embedded", { db = 6 })
local other = assert(redis.get_redis_connection("conformance_methods"))
other:del(k)
check.equal({ other:get(k) }, { nil, check.NIL }, "another pool")
check.equal({ other:set(k, "there") }, { "OK" }, "another pool")
check.equal({ handle:get(k), (other:get(k)) }, { "1", "there" }, "both pools")
other:del(k)

-- Arguments are counted from the first behind the handle, as for methods of Lua's own, and the line is the caller's.
check.error(function() handle:get() end, "^[^\n]*methods%.lua:%d+: bad argument #1 to 'get' %(string expected, got no value%)$", "get()")
check.error(function() handle:expire(k, "soon") end, "bad argument #2 to 'expire' %(number expected, got string%)$", "expire")
check.error(
  function() ("x"):gsub("x", function() return handle:get(k) end) end,
  "'get' cannot wait for an answer inside a callback",
  "in a callback"
)

-- A name that is none
for name, near in pairs({ gte = "get", hgetal = "hgetall", redis_get = "get", redis_hgetal = "hgetall", Smembers = "smembers" }) do
  check.error(
    function() handle[name](handle, k) end,
    ("^[^\n]*methods%%.lua:%%d+: a handle has no method '%s': did you mean '%s'%%?$"):format(name, near),
    name
  )
end
for _, name in ipairs({ "frobnicate", "", "name", "register_redis_pool", "get_redis_connection", "__index", "x\0\255", 1 }) do
  check.error(function() handle[name](handle, k) end, "a handle has no method '", "no method " .. name)
  check.error(function() return handle[name] end, "a handle has no method '", "no field " .. name)
end
check.error(function() return handle[nil] end, "a handle has no method 'nil'", "no field nil")
check.error(function() return handle[{}] end, "a handle has no method 'table'", "no field that is a table")

-- It stays opaque.
check.matches(tostring(handle), '^redis_pool%("default", [a-z_]+%)$', "a handle as text")
check.error(
  function() handle.get = print end,
  "^[^\n]*methods%.lua:%d+: a handle is no table: cannot set 'get', keep it in a table of your own$",
  "a method cannot be replaced"
)
check.error(function() handle.mine = 1 end, "a handle is no table: cannot set 'mine'", "a field cannot be added")
check.error(function() rawset(handle, "mine", 1) end, ".", "nor with rawset")
check.equal(getmetatable(handle), false, "its metatable")
check.error(function() setmetatable(handle, {}) end, ".", "its metatable cannot be changed")
check.error(function() pairs(handle) end, ".", "it has nothing to go over")
check.error(function() return #handle end, ".", "it has no length")

return check.report()
