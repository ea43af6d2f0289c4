-- redis_transaction

local redis = require("nauthilus_redis")
local check = require("check")
local call, key = check.call, check.keys("{transactions}")

for _, handle in ipairs(check.handles()) do
  local a, b, h = key("a"), key("b"), key("h")
  call("redis_del", handle, a, b, h)
  call("redis_hset", handle, h, "f", "v")

  -- Commands together, each with its own outcome.
  call("redis_transaction", handle, { { "set", a, 1 }, { "incr", a }, { "get", b }, { "incr", h }, { "get", a, "number" } }):gives({
    { ok = true, value = "OK" },
    { ok = true, value = 2 },
    { ok = true },
    { ok = false, err = check.WRONG_TYPE },
    { ok = true, value = 2 },
  })
  call("redis_transaction", handle, {}):gives({})

  -- One that Redis refuses beforehand keeps all of them from running.
  call("redis_transaction", handle, { { "set", a, "x" }, { "command", "GET" } }):fails(
    "ERR wrong number of arguments for 'get' command; this was command 2 of the transaction, and none of them was run"
  )
  call("redis_get", handle, a):gives("2")
  call("redis_transaction", handle, { { "set", a, "x" }, { "nonsense" } }):fails("unsupported transaction command: nonsense")
  call("redis_transaction", handle, { { "set", a, "x" }, { "hset", h, "f" } }):fails(
    "command 2 of the transaction ('hset'): invalid number of arguments"
  )
  call("redis_transaction", handle, { { "get" } }):raises(
    "command 1 of the transaction: bad argument #1 to 'get' (string expected, got no value)"
  )
  call("redis_transaction", handle):raises("bad argument #2 to 'redis_transaction' (table expected, got no value)")
  call("redis_transaction", handle, {}, "f"):raises("bad argument #3 to 'redis_transaction' (function expected, got string)")
  call("redis_get", handle, a):gives("2")

  -- Scripts in it.
  local name = "conformance transaction"
  call("redis_upload_script", handle, "return redis.call('INCRBY', KEYS[1], ARGV[1])", name):gives_like(check.SHA1)
  call("redis_transaction", handle, { { "run_script", name, { a }, { 5 } }, { "run_script", "return 1", "", {}, {} } }):gives({
    { ok = true, value = 7 },
    { ok = true, value = 1 },
  })

  -- With a function: nothing changes meanwhile.
  local calls = 0
  call("redis_transaction", handle, { a, b }, function(watched)
    calls = calls + 1
    local n = redis.redis_get(watched, a, "number")
    check.equal(watched:get(a), tostring(n), "a method of the handle that watches")
    check.equal(tostring(watched), tostring(redis.get_redis_connection("default")), "how it prints")
    return { { "set", a, n * 2 }, { "set", b, n } }
  end):gives({ { ok = true, value = "OK" }, { ok = true, value = "OK" } })
  check.equal(calls, 1, "calls of the function")
  call("redis_get", handle, a):gives("14")

  -- Somebody changes a key the first two times.
  calls = 0
  call("redis_transaction", handle, { a }, function(watched)
    calls = calls + 1
    local n = redis.redis_get(watched, a, "number")
    if calls <= 2 then
      redis.redis_incr(handle, a)
    end
    return { { "set", a, n * 10 } }
  end):gives({ { ok = true, value = "OK" } })
  check.equal(calls, 3, "calls of the function while a key changes")
  call("redis_get", handle, a):gives("160")

  -- Other keys may change.
  call("redis_transaction", handle, { a }, function(watched)
    redis.redis_set(handle, b, "other")
    return { { "get", a } }
  end):gives({ { ok = true, value = "160" } })

  -- It changes each time.
  calls = 0
  call("redis_transaction", handle, { a }, function(watched)
    calls = calls + 1
    redis.redis_incr(handle, a)
    return { { "set", a, "never" } }
  end):fails("redis: transaction failed: a watched key was changed each of 16 times")
  check.equal(calls, 16, "attempts")
  call("redis_get", handle, a):gives("176")

  -- The function may decide to do nothing, fail, or return nonsense.
  call("redis_transaction", handle, { a }, function()
    return nil
  end):gives(nil, nil)
  call("redis_transaction", handle, { a }, function()
    error("my own reason", 0)
  end):raises("my own reason")
  local reason = {}
  local ok, raised = pcall(redis.redis_transaction, handle, { a }, function()
    error(reason)
  end)
  check.truthy(not ok and raised == reason, "an error that is a table stays one")
  call("redis_transaction", handle, { a }, function()
    return 5
  end):raises("the function of a transaction has to return a table of commands, or nil for none")
  call("redis_transaction", handle, { a }, function()
    return { { "nonsense" } }
  end):fails("unsupported transaction command: nonsense")
  call("redis_transaction", handle, { a }, function()
    return { { "command", "GET" } }
  end):fails(
    "ERR wrong number of arguments for 'get' command; this was command 1 of the transaction, and none of them was run"
  )
  call("redis_transaction", handle, { a }, function()
    return {}
  end):gives({})
  call("redis_transaction", handle, {}, function() end):raises("a table of one or more keys to watch expected, got an empty one")
  call("redis_transaction", handle, { {} }, function() end):fails("unable to convert Lua value of type table")

  -- After all of that, the connection that watched is as good as new.
  call("redis_transaction", handle, { a }, function()
    return { { "set", a, "done" } }
  end):gives({ { ok = true, value = "OK" } })
  call("redis_get", handle, a):gives("done")

  -- Inside coroutines.
  local co = coroutine.wrap(function()
    local replies = redis.redis_transaction(handle, { a }, function(watched)
      local value = redis.redis_get(watched, a)
      return { { "set", a, value .. "!" } }
    end)
    coroutine.yield(replies[1].value)
    return "end"
  end)
  check.equal(co(), "OK", "a transaction in a coroutine")
  check.equal(co(), "end", "the coroutine goes on")
  call("redis_get", handle, a):gives("done!")
end

return check.report()
