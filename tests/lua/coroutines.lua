-- A Redis call waits for its answer wherever Lua code can be: in protected calls, metamethods, iterators, and in
-- coroutines of the script's own, which never notice.

local check = require("check")
local redis = require("nauthilus_redis")
local equal, key = check.equal, check.keys("coroutines")

local a, b = key("a"), key("b")
assert(redis.redis_set("default", a, "A"))
assert(redis.redis_set("default", b, "B"))

local function get(k)
  local value, err = redis.redis_get("default", k)
  if not value then
    error(err, 2)
  end
  return value
end

local function pack(...)
  return { n = select("#", ...), ... }
end

-- Protected calls ----------------------------------------------------------------------------------------------------

equal(pack(pcall(redis.redis_get, "default", a)), { n = 2, true, "A" }, "pcall of the function itself")
equal(pack(pcall(get, a)), { n = 2, true, "A" }, "pcall")
local ok, err = pcall(function() local value = get(key("missing")) return value end)
equal(ok, false, "pcall of an error after a call")
check.matches(err, "coroutines%.lua:%d+: redis: nil$", "its message")
equal(pack(pcall(function() get(a) error({ code = 7 }) end)), { n = 2, false, { code = 7 } }, "an error that is a table")
equal(
  pack(pcall(function() return pcall(function() return get(a) .. get(b) end) end)),
  { n = 3, true, true, "AB" },
  "nested pcall"
)
equal(
  pack(xpcall(function() get(a) error("broken", 0) end, function(problem) return "handled " .. problem end)),
  { n = 2, false, "handled broken" },
  "xpcall with an error after a call"
)
equal(pack(xpcall(function() return get(a), get(b) end, error)), { n = 3, true, "A", "B" }, "xpcall that goes well")
equal(pack(xpcall(get, error, a)), { n = 2, true, "A" }, "xpcall with arguments")
-- Lua runs the handler where nothing can wait, and has a message of its own for a handler that fails.
local _, handled = xpcall(function() error("broken") end, function() return get(a) end)
check.truthy(handled == "A" or handled == "error in error handling", "a call in the handler of xpcall")

-- Metamethods --------------------------------------------------------------------------------------------------------

local mt = {}
local object = setmetatable({}, mt)
mt.__index = function(_, name) return name .. get(a) end
mt.__newindex = function(t, name, value) rawset(t, name, value .. get(b)) end
mt.__call = function(_, x, y) return get(a) .. x, get(b) .. y end
mt.__add = function() return get(a) .. "+" end
mt.__sub = function() return get(a) .. "-" end
mt.__mul = function() return get(a) .. "*" end
mt.__div = function() return get(a) .. "/" end
mt.__mod = function() return get(a) .. "%" end
mt.__pow = function() return get(a) .. "^" end
mt.__unm = function() return get(a) .. "~" end
mt.__len = function() return #get(a) + 41 end
mt.__concat = function() return get(a) .. ".." end
mt.__eq = function() return get(a) == "A" end
mt.__lt = function() return get(a) == "A" end
mt.__le = function() return get(a) == "A" end
mt.__tostring = function() return get(a) .. " as text" end
mt.__pairs = function() return function(_, k) return not k and get(a) or nil end, nil, nil end

equal(object.field, "fieldA", "__index")
object.stored = "s"
equal(rawget(object, "stored"), "sB", "__newindex")
equal(pack(object("x", "y")), { n = 2, "Ax", "By" }, "__call")
equal({ object + 1, object - 1, object * 1, object / 1 }, { "A+", "A-", "A*", "A/" }, "arithmetic")
equal({ object % 1, object ^ 1, -object }, { "A%", "A^", "A~" }, "more arithmetic")
equal(#object, 42, "__len")
equal(object .. "x", "A..", "__concat")
equal("x" .. object, "A..", "__concat from the left")
equal(object == setmetatable({}, mt), true, "__eq")
equal({ object < object, object <= object, object > object }, { true, true, true }, "__lt, __le")
check.works_or_names(function() return tostring(object) end, "A as text", "redis_get", "__tostring")
check.works_or_names(function()
  local seen = {}
  for k in pairs(object) do
    seen[#seen + 1] = k
  end
  return seen
end, { "A" }, "redis_get", "__pairs")

-- Iterators ----------------------------------------------------------------------------------------------------------

local function each(...)
  local keys, i = { ... }, 0
  return function()
    i = i + 1
    if keys[i] then
      return i, get(keys[i])
    end
  end
end
local seen = {}
for i, value in each(a, b, a) do
  seen[i] = value .. get(b)
end
equal(seen, { "AB", "BB", "AB" }, "an iterator that calls, with calls in the body")

-- Coroutines ---------------------------------------------------------------------------------------------------------

local values = coroutine.wrap(function(x)
  local y = coroutine.yield(get(a) .. x)
  local z = coroutine.yield(get(b) .. y, get(a) .. y)
  return get(a) .. z, "end"
end)
equal(pack(values(1)), { n = 1, "A1" }, "wrap: the first value")
equal(pack(values(2)), { n = 2, "B2", "A2" }, "wrap: the second")
equal(pack(values(3)), { n = 2, "A3", "end" }, "wrap: what it returns")
check.error(values, "cannot resume dead coroutine", "wrap: after its end")

local co = coroutine.create(function(...)
  local got = pack(...)
  get(a)
  got = pack(coroutine.yield(unpack(got, 1, got.n)))
  get(b)
  got = pack(coroutine.yield(unpack(got, 1, got.n)))
  return get(a), nil
end)
equal(coroutine.status(co), "suspended", "status before")
equal(pack(coroutine.resume(co, 1, nil, nil)), { n = 4, true, 1, nil, nil }, "resume: trailing nils go in and out")
equal(pack(coroutine.resume(co)), { n = 1, true }, "resume: nothing goes in and out")
equal(coroutine.status(co), "suspended", "status between")
equal(pack(coroutine.resume(co)), { n = 3, true, "A", nil }, "resume: what it returns")
equal(coroutine.status(co), "dead", "status after")
equal(pack(coroutine.resume(co)), { n = 2, false, "cannot resume dead coroutine" }, "resume: after its end")

local failing = coroutine.create(function()
  get(a)
  error({ code = get(b) })
end)
equal(pack(coroutine.resume(failing)), { n = 2, false, { code = "B" } }, "resume: an error after a call")
equal(coroutine.status(failing), "dead", "status after an error")
check.error(coroutine.wrap(function() get(a) error("broken") end), "coroutines%.lua:%d+: broken", "wrap: an error")

local caught = coroutine.wrap(function()
  local good, message = pcall(function()
    coroutine.yield(get(a))
    error("inside " .. get(b), 0)
  end)
  coroutine.yield(good)
  return message .. get(a)
end)
equal({ caught(), caught(), caught() }, { "A", false, "inside BA" }, "a yield across pcall")

-- The coroutine around it stays what it was: running, or normal while another one runs.
local outer, inner
outer = coroutine.create(function()
  inner = coroutine.create(function()
    get(a)
    equal(coroutine.running(), inner, "running inside")
    equal(coroutine.status(inner), "running", "status inside")
    equal(coroutine.status(outer), "normal", "status of the one around")
    equal(coroutine.isyieldable(), true, "isyieldable inside")
    local refused = pack(coroutine.resume(outer))
    equal(refused[1], false, "resuming the one around")
    equal(pack(coroutine.resume(inner))[1], false, "resuming itself")
    coroutine.yield(get(b))
    return get(a)
  end)
  local results = { select(2, coroutine.resume(inner)) }
  coroutine.yield(get(a))
  results[#results + 1] = select(2, coroutine.resume(inner))
  return results
end)
equal(pack(coroutine.resume(outer)), { n = 2, true, "A" }, "nested coroutines: a yield of the outer one")
equal(pack(coroutine.resume(outer)), { n = 2, true, { "B", "A" } }, "nested coroutines: what the inner one gave")

local function nest(depth)
  if depth == 0 then
    return get(a) .. get(b)
  end
  return coroutine.wrap(function()
    get(a)
    return nest(depth - 1)
  end)()
end
equal(nest(50), "AB", "fifty coroutines deep")

-- Many at once, resumed in turn.
local counter = key("counter")
local tasks, order = {}, {}
for i = 1, 20 do
  tasks[i] = coroutine.wrap(function()
    for _ = 1, 5 do
      order[#order + 1] = redis.redis_incr("default", counter)
      coroutine.yield(true)
    end
    return false
  end)
end
local alive = true
while alive do
  alive = false
  for _, task in ipairs(tasks) do
    if task then
      alive = task() or alive
    end
  end
  if not alive then
    break
  end
end
equal(#order, 100, "calls of twenty coroutines in turn")
local ascending = true
for i = 1, #order do
  ascending = ascending and order[i] == i
end
check.truthy(ascending, "each got its own answer, in order")

-- Left suspended and forgotten
for _ = 1, 200 do
  coroutine.wrap(function()
    get(a)
    coroutine.yield()
    get(b)
  end)()
end
collectgarbage()
equal(get(a), "A", "after coroutines that never ended")

-- A generator of keys with a consumer that calls, too.
local function generate(n)
  return coroutine.wrap(function()
    for i = 1, n do
      coroutine.yield(i, get(i % 2 == 0 and b or a))
    end
  end)
end
local text = {}
for i, value in generate(6) do
  text[#text + 1] = i .. value .. get(a)
end
equal(table.concat(text, " "), "1AA 2BA 3AA 4BA 5AA 6BA", "a generator and its consumer")

-- A coroutine inside a metamethod, a metamethod inside a coroutine
local lazy = setmetatable({}, {
  __index = function(_, name)
    return coroutine.wrap(function()
      coroutine.yield(get(a) .. name)
    end)()
  end,
})
equal(coroutine.wrap(function() return lazy.x .. get(b) end)(), "AxB", "coroutines and metamethods in each other")

-- What a script passes along is its own business: any value goes in and out.
local marker = newproxy and newproxy() or {}
equal(coroutine.wrap(function(value) return (coroutine.yield(value)) end)(marker), marker, "any value can be yielded")

-- Callbacks of C functions -------------------------------------------------------------------------------------------
-- They work, or fail with an error that names the function; afterwards everything goes on.

check.works_or_names(function()
  return (("x-y"):gsub("%a", function() return get(a) end))
end, "A-A", "redis_get", "string.gsub")
check.works_or_names(function()
  return (("x"):gsub("%a", setmetatable({}, { __index = function() return get(a) end })))
end, "A", "redis_get", "string.gsub with a table")
check.works_or_names(function()
  local list = { 3, 1, 2 }
  table.sort(list, function(x, y) return get(a) == "A" and x < y end)
  return list
end, { 1, 2, 3 }, "redis_get", "table.sort")
check.works_or_names(function()
  return (("x"):gsub("x", function()
    return coroutine.wrap(function() return get(a) end)()
  end))
end, "A", "redis_get", "a coroutine inside string.gsub")
check.works_or_names(function()
  local co_inside = coroutine.wrap(function()
    return (("x"):gsub("x", function() return get(b) end))
  end)
  return co_inside()
end, "B", "redis_get", "string.gsub inside a coroutine")
check.works_or_names(function()
  return load(function() return nil end) and get(a)
end, "A", "redis_get", "load with a function, and a call after")
check.works_or_names(function()
  local pieces = { "return ", "7" }
  return load(function()
    get(a)
    return table.remove(pieces, 1)
  end)()
end, 7, "redis_get", "load with a function that calls")
equal(pcall(string.gsub, "x", "x", function() return get(a) end) ~= nil, true, "pcall of string.gsub")
equal((("x-y"):gsub("%a", function(c) return coroutine.wrap(function() coroutine.yield(c:upper()) end)() end)), "X-Y",
  "a coroutine without calls inside string.gsub")

-- A request is no coroutine of the script's: there is nobody to yield to.
check.error(function() coroutine.yield(1) end, "attempt to yield from outside a coroutine", "yield outside")
check.error(function() coroutine.create("x") end, "bad argument #1 to 'create' %(function expected, got string%)", "create")
check.error(function()
  ("x"):gsub("x", function() coroutine.resume(42) end)
end, "coroutines%.lua:%d+: bad argument #1 to 'resume' %(coroutine expected, got number%)", "resume of a number inside string.gsub")
check.error(function() coroutine.wrap(42) end, "coroutines%.lua:%d+: bad argument #1 to 'wrap'", "wrap of a number")
equal(get(a) .. coroutine.wrap(function() return get(b) end)(), "AB", "everything goes on")

-- Coroutines without end inside each other are an error of the script, as is any recursion.
local function recurse()
  return (coroutine.wrap(recurse)())
end
check.error(recurse, "stack overflow", "coroutines inside each other")
local function recurse_in_callbacks()
  return (("x"):gsub("x", function() return coroutine.wrap(recurse_in_callbacks)() end))
end
check.error(recurse_in_callbacks, "stack overflow", "coroutines inside callbacks inside each other")
equal(nest(50), "AB", "and everything goes on")

return check.report()
