-- The examples of the reference. Written from the table of commands in crates/nautiloid-redis/src/commands; a test
-- keeps it true.

local check = require("check")
local example, results = check.example, check.results

example("register_redis_pool", function(redis)
  results(redis.register_redis_pool("archive", "standalone", { address = "127.0.0.1:6379", db = 3 })):gives("OK")
end)

example("get_redis_connection", function(redis)
  local handle = redis.get_redis_connection("default")
  results(redis.redis_set(handle, "greeting", "hello")):gives("OK")
  results(redis.redis_get("default", "greeting")):gives("hello")
end)

example("redis_ping", function(redis)
  results(redis.redis_ping("default")):gives("PONG")
end)

example("redis_set", function(redis)
  results(redis.redis_set("default", "greeting", "hello", 3600)):gives("OK")
  results(redis.redis_set("default", "lock", "host-1", { nx = true, px = 500 })):gives("OK")
  results(redis.redis_set("default", "lock", "host-2", { nx = true, px = 500 })):gives(nil)
end)

example("redis_get", function(redis)
  results(redis.redis_set("default", "greeting", "hello")):gives("OK")
  results(redis.redis_get("default", "greeting")):gives("hello")
  results(redis.redis_get("default", "nobody")):gives(nil, "redis: nil")
end)

example("redis_incr", function(redis)
  results(redis.redis_incr("default", "logins")):gives(1)
  results(redis.redis_incr("default", "logins")):gives(2)
end)

example("redis_mget", function(redis)
  results(redis.redis_mset("default", { greeting = "hello", logins = 1 })):gives("OK")
  results(redis.redis_mget("default", "greeting", "logins", "nobody")):gives({ greeting = "hello", logins = "1" })
end)

example("redis_mset", function(redis)
  results(redis.redis_mset("default", "greeting", "hello", "logins", 1)):gives("OK")
  results(redis.redis_mset("default", { greeting = "hello", logins = 1 })):gives("OK")
end)

example("redis_expire", function(redis)
  results(redis.redis_set("default", "greeting", "hello")):gives("OK")
  results(redis.redis_expire("default", "greeting", 60)):gives("OK")
  results(redis.redis_expire("default", "nobody", 60)):gives(false)
end)

example("redis_exists", function(redis)
  results(redis.redis_set("default", "greeting", "hello")):gives("OK")
  results(redis.redis_exists("default", "greeting", "nobody")):gives(1)
end)

example("redis_del", function(redis)
  results(redis.redis_mset("default", "greeting", "hello", "logins", 1)):gives("OK")
  results(redis.redis_del("default", "greeting")):gives("OK", nil, 1)
  results(redis.redis_del("default", { "greeting", "logins" })):gives("OK", nil, 1)
end)

example("redis_rename", function(redis)
  results(redis.redis_set("default", "{job}:new", "welcome")):gives("OK")
  results(redis.redis_rename("default", "{job}:new", "{job}:done")):gives("OK")
  results(redis.redis_rename("default", "{job}:new", "{job}:done")):gives(nil, "ERR no such key")
end)

example("redis_keys", function(redis)
  results(redis.redis_mset("default", "greeting", "hello", "logins", 1)):gives("OK")
  results(redis.redis_keys("default", "greet*")):gives({ "greeting" })
end)

example("redis_scan", function(redis)
  results(redis.redis_mset("default", "session:1", "ann", "session:2", "bob", "logins", 1)):gives("OK")
  local cursor, found = 0, {}
  repeat
    local step = assert(redis.redis_scan("default", cursor, "session:*", 100))
    for _, key in ipairs(step.keys) do found[key] = true end
    cursor = step.cursor
  until cursor == 0
  results(found):gives({ ["session:1"] = true, ["session:2"] = true })
end)

example("redis_scan_iter", function(redis)
  results(redis.redis_mset("default", "session:1", "ann", "session:2", "bob", "logins", 1)):gives("OK")
  local found = {}
  for key in redis.redis_scan_iter("default", "session:*") do
    found[key] = redis.redis_get("default", key)
  end
  results(found):gives({ ["session:1"] = "ann", ["session:2"] = "bob" })
end)

example("redis_hget", function(redis)
  results(redis.redis_hset("default", "session", "user", "ann")):gives(1)
  results(redis.redis_hget("default", "session", "user")):gives("ann")
  results(redis.redis_hget("default", "session", "tries", "number")):gives(nil, "redis: nil")
end)

example("redis_hset", function(redis)
  results(redis.redis_hset("default", "session", "user", "ann", "tries", 1)):gives(2)
  results(redis.redis_hset("default", "session", { user = "ann", tries = 2 })):gives(0)
end)

example("redis_hdel", function(redis)
  results(redis.redis_hset("default", "session", { user = "ann", tries = 2 })):gives(2)
  results(redis.redis_hdel("default", "session", "tries", "nothing")):gives(1)
end)

example("redis_hlen", function(redis)
  results(redis.redis_hset("default", "session", { user = "ann", tries = 2 })):gives(2)
  results(redis.redis_hlen("default", "session")):gives(2)
end)

example("redis_hgetall", function(redis)
  results(redis.redis_hset("default", "session", { user = "ann", tries = 2 })):gives(2)
  results(redis.redis_hgetall("default", "session")):gives({ user = "ann", tries = "2" })
end)

example("redis_hincrby", function(redis)
  results(redis.redis_hincrby("default", "session", "tries", 2)):gives(2)
  results(redis.redis_hincrby("default", "session", "tries", -1)):gives(1)
end)

example("redis_hincrbyfloat", function(redis)
  results(redis.redis_hincrbyfloat("default", "session", "score", 1.5)):gives(1.5)
  results(redis.redis_hincrbyfloat("default", "session", "score", -0.25)):gives(1.25)
end)

example("redis_hexists", function(redis)
  results(redis.redis_hset("default", "session", "user", "ann")):gives(1)
  results(redis.redis_hexists("default", "session", "user")):gives(true)
end)

example("redis_sadd", function(redis)
  results(redis.redis_sadd("default", "seen", "192.0.2.1", "192.0.2.2")):gives(2)
  results(redis.redis_sadd("default", "seen", { "192.0.2.1", "192.0.2.3" })):gives(1)
end)

example("redis_sismember", function(redis)
  results(redis.redis_sadd("default", "seen", "192.0.2.1")):gives(1)
  results(redis.redis_sismember("default", "seen", "192.0.2.1")):gives(true)
end)

example("redis_smembers", function(redis)
  results(redis.redis_sadd("default", "seen", "192.0.2.1", "192.0.2.2")):gives(2)
  results(redis.redis_smembers("default", "seen")):gives_members({ "192.0.2.1", "192.0.2.2" })
end)

example("redis_srem", function(redis)
  results(redis.redis_sadd("default", "seen", "192.0.2.1", "192.0.2.2")):gives(2)
  results(redis.redis_srem("default", "seen", "192.0.2.2", "192.0.2.3")):gives(1)
end)

example("redis_scard", function(redis)
  results(redis.redis_sadd("default", "seen", "192.0.2.1", "192.0.2.2")):gives(2)
  results(redis.redis_scard("default", "seen")):gives(2)
end)

example("redis_upload_script", function(redis)
  results(redis.redis_upload_script("default", "return ARGV[1]", "echo")):gives("098e0f0d1448c0a81dafe820f66d460eb09263da")
end)

example("redis_run_script", function(redis)
  results(redis.redis_upload_script("default", "return ARGV[1]", "echo")):gives("098e0f0d1448c0a81dafe820f66d460eb09263da")
  results(redis.redis_run_script("default", "", "echo", {}, { "hello" })):gives("hello")
  results(redis.redis_run_script("default", "return { KEYS[1], 2 }", "", { "greeting" }, {})):gives({ "greeting", 2 })
end)

return check.report()
