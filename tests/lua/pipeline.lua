-- redis_pipeline

local redis = require("nauthilus_redis")
local check = require("check")
local call, key = check.call, check.keys("pipeline")

for _, handle in ipairs(check.handles()) do
  local a, b, h, text = key("a"), key("b"), key("h"), key("text")
  call("redis_del", handle, a, b, h, text)

  -- Results in order, each with its own error; nothing there is no error.
  call("redis_pipeline", handle, "write", {
    { "set", a, "1", 60 },
    { "incr", a },
    { "get", a, "number" },
    { "get", b },
    { "hset", h, { f = "v" } },
    { "hgetall", h },
    { "incr", h },
    { "del", b },
    { "hget", h, "f" },
    { "exists", a, b },
  }):gives({
    { ok = true, value = "OK" },
    { ok = true, value = 2 },
    { ok = true, value = 2 },
    { ok = true },
    { ok = true, value = 1 },
    { ok = true, value = { f = "v" } },
    { ok = false, err = check.WRONG_TYPE },
    { ok = true, value = "OK" },
    { ok = true, value = "v" },
    { ok = true, value = 1 },
  })
  check.expires_in(a, 60, "the expiry of a pipeline's set")
  call("redis_pipeline", handle, "write", {}):gives({})
  call("redis_pipeline", handle, "WRITE", { { "redis_get", a } }):gives({ { ok = true, value = "2" } })

  -- Options whose condition is not met, false and true.
  call("redis_pipeline", handle, "write", {
    { "set", a, "x", { nx = true } },
    { "sismember", key("set"), "m" },
    { "expire", key("nobody"), 5 },
  }):gives({ { ok = true }, { ok = true, value = false }, { ok = true, value = false } })

  -- The mode says which servers may be asked.
  call("redis_pipeline", handle, "read", { { "get", a }, { "hlen", h } }):gives({
    { ok = true, value = "2" },
    { ok = true, value = 1 },
  })
  call("redis_pipeline", handle, "read", { { "get", a }, { "set", a, "3" } }):fails(
    'command 2 of the pipeline writes: its mode has to be "write"'
  )
  call("redis_get", handle, a):gives("2")

  -- Scripts, by source and by name.
  local name = "conformance pipeline"
  call("redis_upload_script", handle, "return { KEYS[1], ARGV[1] }", name):gives_like(check.SHA1)
  call("redis_pipeline", handle, "write", {
    { "run_script", "return redis.call('GET', KEYS[1])", "", { a }, {} },
    { "run_script", "", name, { a }, { "x" } },
    { "run_script", name, { a }, { "y" } },
    { "run_script", name, { a } },
    { "run_script", "return false", "", {}, {} },
    { "run_script", "return redis.error_reply('ERR mine')", "", {}, {} },
  }):gives({
    { ok = true, value = "2" },
    { ok = true, value = { a, "x" } },
    { ok = true, value = { a, "y" } },
    { ok = true, value = { a } },
    { ok = true },
    { ok = false, err = "ERR mine" },
  })
  call("redis_pipeline", handle, "write", { { "run_script", "nobody's", {}, {} } }):fails(
    "command 1 of the pipeline ('run_script'): could not find script with name nobody's"
  )

  -- Any command.
  call("redis_pipeline", handle, "write", {
    { "command", "SET", text, "abc" },
    { "command", "GETRANGE", text, 0, 1 },
    { "command", "NOSUCHCOMMAND" },
  }):gives_like_table(function(replies)
    return replies[1].value == "OK" and replies[2].value == "ab" and replies[3].err:find("^ERR unknown command") ~= nil
  end, "OK, ab, and an unknown command")

  -- What is wrong is told before anything is sent.
  call("redis_set", handle, a, "before")
  local function refused(commands, message)
    table.insert(commands, 1, { "set", a, "after" })
    call("redis_pipeline", handle, "write", commands):fails(message)
  end
  refused({ { "nonsense", a } }, "unsupported pipeline command: nonsense")
  refused({ { "scan_iter" } }, "unsupported pipeline command: scan_iter")
  refused({ { "pipeline" } }, "unsupported pipeline command: pipeline")
  refused({ { "register_redis_pool" } }, "unsupported pipeline command: register_redis_pool")
  refused({ { "hset", h, "f" } }, "command 2 of the pipeline ('hset'): invalid number of arguments")
  refused({ { "set", a, {} } }, "command 2 of the pipeline ('set'): unable to convert Lua value of type table")
  local function raises(commands, message)
    table.insert(commands, 1, { "set", a, "after" })
    call("redis_pipeline", handle, "write", commands):raises(message)
  end
  raises({ { "get" } }, "command 2 of the pipeline: bad argument #1 to 'get' (string expected, got no value)")
  raises({ { "expire", a, "x" } }, "command 2 of the pipeline: bad argument #2 to 'expire' (number expected, got string)")
  raises({ "get" }, 'command 2 of the pipeline: a table expected, such as { "get", key }')
  raises({ { {} } }, "command 2 of the pipeline: its first element is not the name of a command")
  call("redis_pipeline", handle, "both", {}):raises(
    "bad argument #2 to 'redis_pipeline' (\"read\" or \"write\" expected, got \"both\")"
  )
  call("redis_pipeline", handle, "read"):raises("bad argument #3 to 'redis_pipeline' (table expected, got no value)")
  call("redis_get", handle, a):gives("before")

  -- Many at once, in order.
  local list, commands, want = key("list"), {}, {}
  for i = 1, 1000 do
    commands[i] = { "rpush", list, i }
    want[i] = { ok = true, value = i }
  end
  call("redis_del", handle, list)
  call("redis_pipeline", handle, "write", commands):gives(want)
  check.equal(redis.redis_lindex(handle, list, 499), "500", "the order of a long pipeline")

  -- Keys all over a cluster.
  local spread, expected = {}, {}
  for i = 1, 50 do
    spread[2 * i - 1] = { "set", key("spread:" .. i), i }
    spread[2 * i] = { "get", key("spread:" .. i) }
    expected[2 * i - 1] = { ok = true, value = "OK" }
    expected[2 * i] = { ok = true, value = tostring(i) }
  end
  call("redis_pipeline", handle, "write", spread):gives(expected)
  call("redis_pipeline", handle, "write", {
    { "mget", key("spread:1"), key("spread:2") },
    { "del", key("spread:1"), key("spread:2") },
  }):gives({
    { ok = true, value = { [key("spread:1")] = "1", [key("spread:2")] = "2" } },
    { ok = true, value = "OK" },
  })
end

-- As a method.
local handle = redis.get_redis_connection("default")
check.equal(handle:pipeline("write", { { "set", key("a"), "m" } })[1], { ok = true, value = "OK" }, "handle:pipeline")

return check.report()
