-- The harness of the conformance suite: states what calls give, counts, and cleans up.
--
--   local check = require("check")
--   local call, key = check.call, check.keys("strings")
--
--   call("redis_set", "default", key("a"), "1"):gives("OK")
--   call("redis_get", "default", key("b")):fails("redis: nil")
--   call("redis_get", "default"):raises("bad argument #2 to 'redis_get' (string expected, got no value)")
--   check.equal(1 + 1, 2, "addition")
--
--   return check.report()
--
-- A check that fails is remembered and the script goes on; report() returns the counts and the failures.

local redis = require("nauthilus_redis")

local check = {}

check.WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"
check.NIL = "redis: nil"
check.SHA1 = "^" .. ("%x"):rep(40) .. "$"

local passed, failures, cleanups = 0, {}, {}

local function record(good, message)
  if good then
    passed = passed + 1
  else
    failures[#failures + 1] = message()
  end
  return good
end

-- Long values are shortened: a failure is read by people.
local function show(value, depth)
  if type(value) == "string" then
    local shortened = value
    if #value > 80 then
      shortened = value:sub(1, 60) .. "… (" .. #value .. " bytes)"
    end
    return '"' .. shortened:gsub("[%c\\]", function(c) return ("\\%d"):format(c:byte()) end) .. '"'
  elseif type(value) == "table" and (depth or 0) < 4 then
    local parts = {}
    for k, v in pairs(value) do
      parts[#parts + 1] = ("[%s] = %s"):format(show(k, 9), show(v, (depth or 0) + 1))
    end
    table.sort(parts)
    return "{ " .. table.concat(parts, ", ") .. " }"
  elseif type(value) == "number" then
    return ("%.17g"):format(value)
  end
  return tostring(value)
end

local function show_all(values, n)
  local parts = {}
  for i = 1, n do
    parts[i] = show(values[i])
  end
  return table.concat(parts, ", ")
end

local function same(a, b)
  if rawequal(a, b) then
    return true
  elseif type(a) ~= "table" or type(b) ~= "table" then
    return a == b
  end
  for k, v in pairs(a) do
    if not same(v, b[k]) then
      return false
    end
  end
  for k in pairs(b) do
    if a[k] == nil then
      return false
    end
  end
  return true
end

local function pack(...)
  return { n = select("#", ...), ... }
end

-- Values -------------------------------------------------------------------------------------------------------------

function check.equal(got, want, what)
  return record(same(got, want), function()
    return ("%s: got %s, expected %s"):format(what, show(got), show(want))
  end)
end

function check.truthy(got, what)
  return record(got, function()
    return ("%s: got %s"):format(what, show(got))
  end)
end

function check.matches(got, pattern, what)
  return record(type(got) == "string" and got:find(pattern) ~= nil, function()
    return ("%s: got %s, expected something like %s"):format(what, show(got), show(pattern))
  end)
end

-- That a function raises an error with a text that matches `pattern`.
function check.error(f, pattern, what)
  local ok, err = pcall(f)
  return record(not ok and tostring(err):find(pattern) ~= nil, function()
    local outcome = ok and "returned" or ("raised " .. show(tostring(err)))
    return ("%s: %s, expected an error like %s"):format(what, outcome, show(pattern))
  end)
end

-- That what happened in a place where Lua itself may not be able to wait is one of two things: it worked, or the error
-- names the function that is in the way. `f` returns what shows that it worked.
function check.works_or_names(f, want, name, what)
  local ok, got = pcall(f)
  local good
  if ok then
    good = same(got, want)
  else
    good = tostring(got):find(name, 1, true) ~= nil
  end
  return record(good, function()
    local outcome = ok and ("returned " .. show(got)) or ("raised " .. show(tostring(got)))
    return ("%s: %s, expected %s or an error that names %s"):format(what, outcome, show(want), name)
  end)
end

-- Calls --------------------------------------------------------------------------------------------------------------

local Outcome = {}
local current_example
Outcome.__index = Outcome

-- Calls a function of nauthilus_redis; the methods of the result say what was expected of it.
function check.call(name, ...)
  local arguments = pack(...)
  local results = pack(pcall(redis[name], ...))
  local outcome = { call = ("%s(%s)"):format(name, show_all(arguments, arguments.n)), n = results.n - 1 }
  if results[1] then
    for i = 1, outcome.n do
      outcome[i] = results[i + 1]
    end
  else
    outcome.raised = tostring(results[2])
  end
  return setmetatable(outcome, Outcome)
end

-- What a call gave, for the same methods.
function check.results(...)
  local outcome = pack(...)
  outcome.call = current_example
  return setmetatable(outcome, Outcome)
end

-- The functions of the module, called as methods of a handle: redis_get("default", k) is handle:get(k).
local as_methods = setmetatable({}, {
  __index = function(_, name)
    return function(handle, ...)
      if handle == "default" then
        handle = assert(redis.get_redis_connection("default"))
      end
      return handle[name:match("^redis_(.+)$")](handle, ...)
    end
  end,
})

-- Runs an example of the reference on an empty database: with the functions, and with the methods they are.
function check.example(name, run)
  local forms = { ["the example of " .. name] = redis }
  if name:find("^redis_") then
    forms["the example of " .. name .. " with methods"] = as_methods
  end
  for what, functions in pairs(forms) do
    for _, key in ipairs(assert(redis.redis_keys("default", "*"))) do
      redis.redis_del("default", key)
    end
    current_example = what
    local ok, err = pcall(run, functions)
    record(ok, function()
      return ("%s: %s"):format(what, tostring(err))
    end)
  end
end

function Outcome:record(good, expected)
  return record(good, function()
    local got = self.raised and ("raised " .. show(self.raised)) or ("gave " .. show_all(self, self.n))
    return ("%s %s, expected %s"):format(self.call, got, expected)
  end)
end

-- These very results, in order; results that are left out are nil.
function Outcome:gives(...)
  local want = pack(...)
  local good = not self.raised
  for i = 1, math.max(want.n, self.n) do
    good = good and same(self[i], want[i])
  end
  return self:record(good, show_all(want, want.n))
end

-- An array of these members, in any order.
function Outcome:gives_members(want)
  local members, good = {}, not self.raised and type(self[1]) == "table" and #self[1] == #want
  if good then
    for _, member in ipairs(self[1]) do
      members[member] = true
    end
    for _, member in ipairs(want) do
      good = good and members[member] == true
    end
  end
  return self:record(good, "the members " .. show(want))
end

-- This number, or a little less: a time that passes.
function Outcome:gives_about(want)
  local got = self[1]
  return self:record(type(got) == "number" and got <= want and got > want - 10, "about " .. want)
end

-- A string that matches a pattern.
function Outcome:gives_like(pattern)
  return self:record(type(self[1]) == "string" and self[1]:find(pattern) ~= nil, "something like " .. show(pattern))
end

-- A table of which `good` is true.
function Outcome:gives_like_table(good, expected)
  return self:record(type(self[1]) == "table" and good(self[1]), expected)
end

-- nil and this very message.
function Outcome:fails(message)
  return self:record(not self.raised and self[1] == nil and self[2] == message, "nil, " .. show(message))
end

-- nil and a message that matches a pattern.
function Outcome:fails_like(pattern)
  local good = not self.raised and self[1] == nil and type(self[2]) == "string" and self[2]:find(pattern) ~= nil
  return self:record(good, "nil and a message like " .. show(pattern))
end

-- A Lua error that holds this very text.
function Outcome:raises(text)
  local good = self.raised ~= nil and self.raised:find(text, 1, true) ~= nil
  return self:record(good, "the error " .. show(text))
end

-- Keys ---------------------------------------------------------------------------------------------------------------

-- Both ways to say where a command goes; each group runs with either.
function check.handles()
  return { "default", assert(redis.get_redis_connection("default")) }
end

-- Keys of this file alone: absent when first asked for, removed by report(). Keys that redis_rename or a script
-- takes together need a common {tag} in their names, or a cluster refuses it.
function check.keys(group)
  local seen = {}
  return function(name)
    local key = ("nautiloid:%s:%s"):format(group, name)
    if not seen[key] then
      seen[key] = true
      assert(redis.redis_del("default", key))
      cleanups[#cleanups + 1] = key
    end
    return key
  end
end

-- Runs one Redis command on one key from inside Redis, for what the module itself cannot ask.
function check.ask(command, key, ...)
  local reply, err = redis.redis_run_script("default", "return redis.call(ARGV[1], KEYS[1], unpack(ARGV, 2))", "", { key }, {
    command,
    ...,
  })
  return reply, err
end

-- That a key expires in about so many seconds: as many as that, or a few less on a slow machine. -1: that it does not.
function check.expires_in(key, seconds, what)
  local left, err = check.ask("TTL", key)
  local good = left == seconds or (type(left) == "number" and seconds > 0 and left < seconds and left > seconds - 10)
  return record(good, function()
    return ("%s: %s seconds left, expected %s"):format(what, tostring(left or err), seconds)
  end)
end

function check.report()
  for _, key in ipairs(cleanups) do
    redis.redis_del("default", key)
  end
  return { passed = passed, failed = #failures, failures = failures }
end

return check
