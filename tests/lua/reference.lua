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

example("redis_incrby", function(redis)
  results(redis.redis_incrby("default", "points", 5)):gives(5)
  results(redis.redis_incrby("default", "points", -2)):gives(3)
end)

example("redis_incrbyfloat", function(redis)
  results(redis.redis_incrbyfloat("default", "score", 1.5)):gives(1.5)
  results(redis.redis_incrbyfloat("default", "score", -0.25)):gives(1.25)
end)

example("redis_decr", function(redis)
  results(redis.redis_decr("default", "tokens")):gives(-1)
end)

example("redis_decrby", function(redis)
  results(redis.redis_decrby("default", "tokens", 5)):gives(-5)
end)

example("redis_append", function(redis)
  results(redis.redis_append("default", "log", "one ")):gives(4)
  results(redis.redis_append("default", "log", "two")):gives(7)
  results(redis.redis_get("default", "log")):gives("one two")
end)

example("redis_strlen", function(redis)
  results(redis.redis_set("default", "greeting", "hello")):gives("OK")
  results(redis.redis_strlen("default", "greeting")):gives(5)
end)

example("redis_getrange", function(redis)
  results(redis.redis_set("default", "greeting", "hello")):gives("OK")
  results(redis.redis_getrange("default", "greeting", 1, 3)):gives("ell")
  results(redis.redis_getrange("default", "greeting", -2, -1)):gives("lo")
end)

example("redis_setrange", function(redis)
  results(redis.redis_set("default", "greeting", "hello")):gives("OK")
  results(redis.redis_setrange("default", "greeting", 1, "a")):gives(5)
  results(redis.redis_get("default", "greeting")):gives("hallo")
end)

example("redis_setnx", function(redis)
  results(redis.redis_setnx("default", "owner", "host-1")):gives(true)
  results(redis.redis_setnx("default", "owner", "host-2")):gives(false)
end)

example("redis_getdel", function(redis)
  results(redis.redis_set("default", "greeting", "hello")):gives("OK")
  results(redis.redis_getdel("default", "greeting")):gives("hello")
  results(redis.redis_getdel("default", "greeting")):gives(nil, "redis: nil")
end)

example("redis_getex", function(redis)
  results(redis.redis_set("default", "greeting", "hello")):gives("OK")
  results(redis.redis_getex("default", "greeting", { ex = 60 })):gives("hello")
  results(redis.redis_ttl("default", "greeting")):gives_about(60)
  results(redis.redis_getex("default", "greeting", { persist = true })):gives("hello")
  results(redis.redis_ttl("default", "greeting")):gives(-1)
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

example("redis_pexpire", function(redis)
  results(redis.redis_set("default", "greeting", "hello")):gives("OK")
  results(redis.redis_pexpire("default", "greeting", 60000)):gives("OK")
end)

example("redis_expireat", function(redis)
  results(redis.redis_set("default", "greeting", "hello")):gives("OK")
  results(redis.redis_expireat("default", "greeting", 4102444800)):gives("OK")
end)

example("redis_ttl", function(redis)
  results(redis.redis_set("default", "greeting", "hello", 60)):gives("OK")
  results(redis.redis_ttl("default", "greeting")):gives_about(60)
  results(redis.redis_ttl("default", "nobody")):gives(-2)
end)

example("redis_pttl", function(redis)
  results(redis.redis_set("default", "greeting", "hello")):gives("OK")
  results(redis.redis_pttl("default", "greeting")):gives(-1)
end)

example("redis_persist", function(redis)
  results(redis.redis_set("default", "greeting", "hello", 60)):gives("OK")
  results(redis.redis_persist("default", "greeting")):gives(true)
  results(redis.redis_persist("default", "greeting")):gives(false)
end)

example("redis_type", function(redis)
  results(redis.redis_hset("default", "session", "user", "ann")):gives(1)
  results(redis.redis_type("default", "session")):gives("hash")
end)

example("redis_unlink", function(redis)
  results(redis.redis_set("default", "greeting", "hello")):gives("OK")
  results(redis.redis_unlink("default", "greeting", "nobody")):gives("OK", nil, 1)
end)

example("redis_touch", function(redis)
  results(redis.redis_set("default", "greeting", "hello")):gives("OK")
  results(redis.redis_touch("default", "greeting", "nobody")):gives(1)
end)

example("redis_copy", function(redis)
  results(redis.redis_set("default", "{job}:a", "welcome")):gives("OK")
  results(redis.redis_copy("default", "{job}:a", "{job}:b")):gives(true)
  results(redis.redis_copy("default", "{job}:a", "{job}:b")):gives(false)
  results(redis.redis_copy("default", "{job}:a", "{job}:b", { replace = true })):gives(true)
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

example("redis_hmget", function(redis)
  results(redis.redis_hset("default", "session", { user = "ann", tries = 2 })):gives(2)
  results(redis.redis_hmget("default", "session", "user", "nothing")):gives({ user = "ann" })
end)

example("redis_hsetnx", function(redis)
  results(redis.redis_hsetnx("default", "session", "user", "ann")):gives(true)
  results(redis.redis_hsetnx("default", "session", "user", "bob")):gives(false)
end)

example("redis_hkeys", function(redis)
  results(redis.redis_hset("default", "session", { user = "ann", tries = 2 })):gives(2)
  results(redis.redis_hkeys("default", "session")):gives_members({ "user", "tries" })
end)

example("redis_hvals", function(redis)
  results(redis.redis_hset("default", "session", { user = "ann", tries = 2 })):gives(2)
  results(redis.redis_hvals("default", "session")):gives_members({ "ann", "2" })
end)

example("redis_hstrlen", function(redis)
  results(redis.redis_hset("default", "session", { user = "ann", tries = 2 })):gives(2)
  results(redis.redis_hstrlen("default", "session", "user")):gives(3)
end)

example("redis_hscan", function(redis)
  results(redis.redis_hset("default", "session", { user = "ann", tries = 2 })):gives(2)
  results(redis.redis_hscan("default", "session", 0, "us*", 100)):gives({ cursor = 0, fields = { user = "ann" } })
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

example("redis_smismember", function(redis)
  results(redis.redis_sadd("default", "seen", "192.0.2.1")):gives(1)
  results(redis.redis_smismember("default", "seen", "192.0.2.1", "192.0.2.2")):gives({ ["192.0.2.1"] = true, ["192.0.2.2"] = false })
end)

example("redis_spop", function(redis)
  results(redis.redis_sadd("default", "codes", "A1")):gives(1)
  results(redis.redis_spop("default", "codes")):gives("A1")
  results(redis.redis_spop("default", "codes")):gives(nil, "redis: nil")
  results(redis.redis_spop("default", "codes", 2)):gives({})
end)

example("redis_srandmember", function(redis)
  results(redis.redis_sadd("default", "codes", "A1", "B2")):gives(2)
  results(redis.redis_srandmember("default", "codes", 5)):gives_members({ "A1", "B2" })
end)

example("redis_smove", function(redis)
  results(redis.redis_sadd("default", "{fruit}:a", "apple", "pear")):gives(2)
  results(redis.redis_smove("default", "{fruit}:a", "{fruit}:b", "apple")):gives(true)
  results(redis.redis_smembers("default", "{fruit}:b")):gives({ "apple" })
end)

example("redis_sinter", function(redis)
  results(redis.redis_sadd("default", "{fruit}:a", "apple", "pear")):gives(2)
  results(redis.redis_sadd("default", "{fruit}:b", "pear", "plum")):gives(2)
  results(redis.redis_sinter("default", "{fruit}:a", "{fruit}:b")):gives({ "pear" })
end)

example("redis_sunion", function(redis)
  results(redis.redis_sadd("default", "{fruit}:a", "apple", "pear")):gives(2)
  results(redis.redis_sadd("default", "{fruit}:b", "pear", "plum")):gives(2)
  results(redis.redis_sunion("default", "{fruit}:a", "{fruit}:b")):gives_members({ "apple", "pear", "plum" })
end)

example("redis_sdiff", function(redis)
  results(redis.redis_sadd("default", "{fruit}:a", "apple", "pear")):gives(2)
  results(redis.redis_sadd("default", "{fruit}:b", "pear", "plum")):gives(2)
  results(redis.redis_sdiff("default", "{fruit}:a", "{fruit}:b")):gives({ "apple" })
end)

example("redis_sinterstore", function(redis)
  results(redis.redis_sadd("default", "{fruit}:a", "apple", "pear")):gives(2)
  results(redis.redis_sadd("default", "{fruit}:b", "pear", "plum")):gives(2)
  results(redis.redis_sinterstore("default", "{fruit}:both", "{fruit}:a", "{fruit}:b")):gives(1)
end)

example("redis_sunionstore", function(redis)
  results(redis.redis_sadd("default", "{fruit}:a", "apple", "pear")):gives(2)
  results(redis.redis_sadd("default", "{fruit}:b", "pear", "plum")):gives(2)
  results(redis.redis_sunionstore("default", "{fruit}:all", { "{fruit}:a", "{fruit}:b" })):gives(3)
end)

example("redis_sdiffstore", function(redis)
  results(redis.redis_sadd("default", "{fruit}:a", "apple", "pear")):gives(2)
  results(redis.redis_sadd("default", "{fruit}:b", "pear", "plum")):gives(2)
  results(redis.redis_sdiffstore("default", "{fruit}:rest", "{fruit}:a", "{fruit}:b")):gives(1)
end)

example("redis_sscan", function(redis)
  results(redis.redis_sadd("default", "seen", "192.0.2.1", "198.51.100.1")):gives(2)
  results(redis.redis_sscan("default", "seen", 0, "192.*")):gives({ cursor = 0, members = { "192.0.2.1" } })
end)

example("redis_zadd", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 })):gives(2)
  results(redis.redis_zadd("default", "scores", "cid", 7, "bob", 13)):gives(1)
  results(redis.redis_zadd("default", "scores", { ann = 25, bob = 14 }, { gt = true, ch = true })):gives(1)
end)

example("redis_zrem", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 })):gives(2)
  results(redis.redis_zrem("default", "scores", "bob", "nobody")):gives(1)
end)

example("redis_zcard", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 })):gives(2)
  results(redis.redis_zcard("default", "scores")):gives(2)
end)

example("redis_zcount", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 })):gives(3)
  results(redis.redis_zcount("default", "scores", 7, 20)):gives(2)
  results(redis.redis_zcount("default", "scores", "(7", "+inf")):gives(2)
end)

example("redis_zscore", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 })):gives(2)
  results(redis.redis_zscore("default", "scores", "bob")):gives(12.5)
  results(redis.redis_zscore("default", "scores", "nobody")):gives(nil, "redis: nil")
end)

example("redis_zmscore", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 })):gives(2)
  results(redis.redis_zmscore("default", "scores", "ann", "nobody")):gives({ ann = 30 })
end)

example("redis_zincrby", function(redis)
  results(redis.redis_zincrby("default", "scores", 2.5, "ann")):gives(2.5)
  results(redis.redis_zincrby("default", "scores", -1, "ann")):gives(1.5)
end)

example("redis_zrank", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 })):gives(2)
  results(redis.redis_zrank("default", "scores", "ann")):gives(1)
  results(redis.redis_zrank("default", "scores", "nobody")):gives(nil, "redis: nil")
end)

example("redis_zrevrank", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 })):gives(2)
  results(redis.redis_zrevrank("default", "scores", "ann")):gives(0)
end)

example("redis_zrange", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 })):gives(3)
  results(redis.redis_zrange("default", "scores", 0, 1)):gives({ "cid", "bob" })
  results(redis.redis_zrange("default", "scores", -1, -1)):gives({ "ann" })
end)

example("redis_zrevrange", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 })):gives(3)
  results(redis.redis_zrevrange("default", "scores", 0, 1)):gives({ "ann", "bob" })
end)

example("redis_zrange_withscores", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 })):gives(3)
  results(redis.redis_zrange_withscores("default", "scores", 0, 0)):gives({ { member = "cid", score = 7 } })
end)

example("redis_zrevrange_withscores", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 })):gives(3)
  results(redis.redis_zrevrange_withscores("default", "scores", 0, 0)):gives({ { member = "ann", score = 30 } })
end)

example("redis_zrangebyscore", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 })):gives(3)
  results(redis.redis_zrangebyscore("default", "scores", 10, math.huge)):gives({ "bob", "ann" })
  results(redis.redis_zrangebyscore("default", "scores", "-inf", "(30", { offset = 1, count = 1 })):gives({ "bob" })
  results(redis.redis_zrangebyscore("default", "scores", "-inf", "+inf", 0, 1)):gives({ "cid" })
end)

example("redis_zrevrangebyscore", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 })):gives(3)
  results(redis.redis_zrevrangebyscore("default", "scores", 20, 0)):gives({ "bob", "cid" })
  results(redis.redis_zrevrangebyscore("default", "scores", "+inf", 0, { count = 1 })):gives({ "ann" })
end)

example("redis_zremrangebyscore", function(redis)
  results(redis.redis_zadd("default", "logins", { first = 100, second = 200, third = 300 })):gives(3)
  results(redis.redis_zremrangebyscore("default", "logins", "-inf", "(300")):gives(2)
end)

example("redis_zremrangebyrank", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 })):gives(3)
  results(redis.redis_zremrangebyrank("default", "scores", 0, -2)):gives(2)
  results(redis.redis_zrange("default", "scores", 0, -1)):gives({ "ann" })
end)

example("redis_zpopmin", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 })):gives(2)
  results(redis.redis_zpopmin("default", "scores")):gives({ { member = "bob", score = 12.5 } })
  results(redis.redis_zpopmin("default", "scores", 5)):gives({ { member = "ann", score = 30 } })
end)

example("redis_zpopmax", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 })):gives(2)
  results(redis.redis_zpopmax("default", "scores")):gives({ { member = "ann", score = 30 } })
end)

example("redis_zrandmember", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 })):gives(2)
  results(redis.redis_zrandmember("default", "scores", 2)):gives_members({ "ann", "bob" })
  results(redis.redis_zrandmember("default", "nothing")):gives(nil, "redis: nil")
end)

example("redis_zscan", function(redis)
  results(redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 })):gives(2)
  results(redis.redis_zscan("default", "scores", 0, "a*")):gives({ cursor = 0, members = { { member = "ann", score = 30 } } })
end)

example("redis_zrangestore", function(redis)
  results(redis.redis_zadd("default", "{game}:scores", { ann = 30, bob = 12.5, cid = 7 })):gives(3)
  results(redis.redis_zrangestore("default", "{game}:top", "{game}:scores", 0, 1, { rev = true })):gives(2)
  results(redis.redis_zrange("default", "{game}:top", 0, -1)):gives({ "bob", "ann" })
  results(redis.redis_zrangestore("default", "{game}:low", "{game}:scores", 0, "(30", { byscore = true, count = 1 })):gives(1)
end)

example("redis_zunionstore", function(redis)
  results(redis.redis_zadd("default", "{game}:monday", { ann = 3, bob = 1 })):gives(2)
  results(redis.redis_zadd("default", "{game}:tuesday", { ann = 2, cid = 4 })):gives(2)
  results(redis.redis_zunionstore("default", "{game}:week", "{game}:monday", "{game}:tuesday")):gives(3)
  results(redis.redis_zmscore("default", "{game}:week", "ann", "bob", "cid")):gives({ ann = 5, bob = 1, cid = 4 })
end)

example("redis_zinterstore", function(redis)
  results(redis.redis_zadd("default", "{game}:monday", { ann = 3, bob = 1 })):gives(2)
  results(redis.redis_zadd("default", "{game}:tuesday", { ann = 2, cid = 4 })):gives(2)
  results(redis.redis_zinterstore("default", "{game}:both", { "{game}:monday", "{game}:tuesday" })):gives(1)
  results(redis.redis_zscore("default", "{game}:both", "ann")):gives(5)
end)

example("redis_lpush", function(redis)
  results(redis.redis_lpush("default", "jobs", "a", "b")):gives(2)
  results(redis.redis_lpush("default", "jobs", { "c" })):gives(3)
  results(redis.redis_lrange("default", "jobs", 0, -1)):gives({ "c", "b", "a" })
end)

example("redis_rpush", function(redis)
  results(redis.redis_rpush("default", "jobs", "a", "b")):gives(2)
  results(redis.redis_lrange("default", "jobs", 0, -1)):gives({ "a", "b" })
end)

example("redis_lpushx", function(redis)
  results(redis.redis_lpushx("default", "jobs", "a")):gives(0)
  results(redis.redis_rpush("default", "jobs", "b")):gives(1)
  results(redis.redis_lpushx("default", "jobs", "a")):gives(2)
end)

example("redis_rpushx", function(redis)
  results(redis.redis_rpushx("default", "jobs", "a")):gives(0)
  results(redis.redis_rpush("default", "jobs", "a")):gives(1)
  results(redis.redis_rpushx("default", "jobs", "b")):gives(2)
end)

example("redis_lpop", function(redis)
  results(redis.redis_rpush("default", "jobs", "a", "b", "c")):gives(3)
  results(redis.redis_lpop("default", "jobs")):gives("a")
  results(redis.redis_lpop("default", "jobs", 5)):gives({ "b", "c" })
  results(redis.redis_lpop("default", "jobs")):gives(nil, "redis: nil")
end)

example("redis_rpop", function(redis)
  results(redis.redis_rpush("default", "jobs", "a", "b", "c")):gives(3)
  results(redis.redis_rpop("default", "jobs")):gives("c")
  results(redis.redis_rpop("default", "jobs", 5)):gives({ "b", "a" })
end)

example("redis_llen", function(redis)
  results(redis.redis_rpush("default", "jobs", "a", "b")):gives(2)
  results(redis.redis_llen("default", "jobs")):gives(2)
end)

example("redis_lrange", function(redis)
  results(redis.redis_rpush("default", "jobs", "a", "b", "c")):gives(3)
  results(redis.redis_lrange("default", "jobs", 0, 1)):gives({ "a", "b" })
  results(redis.redis_lrange("default", "jobs", -2, -1)):gives({ "b", "c" })
end)

example("redis_lindex", function(redis)
  results(redis.redis_rpush("default", "jobs", "a", "b", "c")):gives(3)
  results(redis.redis_lindex("default", "jobs", 0)):gives("a")
  results(redis.redis_lindex("default", "jobs", -1)):gives("c")
  results(redis.redis_lindex("default", "jobs", 3)):gives(nil, "redis: nil")
end)

example("redis_lpos", function(redis)
  results(redis.redis_rpush("default", "jobs", "a", "b", "a")):gives(3)
  results(redis.redis_lpos("default", "jobs", "a")):gives(0)
  results(redis.redis_lpos("default", "jobs", "a", { rank = -1 })):gives(2)
  results(redis.redis_lpos("default", "jobs", "a", { count = 0 })):gives({ 0, 2 })
end)

example("redis_linsert", function(redis)
  results(redis.redis_rpush("default", "jobs", "a", "c")):gives(2)
  results(redis.redis_linsert("default", "jobs", "before", "c", "b")):gives(3)
  results(redis.redis_lrange("default", "jobs", 0, -1)):gives({ "a", "b", "c" })
end)

example("redis_lset", function(redis)
  results(redis.redis_rpush("default", "jobs", "a", "b")):gives(2)
  results(redis.redis_lset("default", "jobs", -1, "c")):gives("OK")
  results(redis.redis_lrange("default", "jobs", 0, -1)):gives({ "a", "c" })
end)

example("redis_lrem", function(redis)
  results(redis.redis_rpush("default", "jobs", "a", "b", "a")):gives(3)
  results(redis.redis_lrem("default", "jobs", -1, "a")):gives(1)
  results(redis.redis_lrange("default", "jobs", 0, -1)):gives({ "a", "b" })
end)

example("redis_ltrim", function(redis)
  results(redis.redis_rpush("default", "jobs", "a", "b", "c")):gives(3)
  results(redis.redis_ltrim("default", "jobs", -2, -1)):gives("OK")
  results(redis.redis_lrange("default", "jobs", 0, -1)):gives({ "b", "c" })
end)

example("redis_lmove", function(redis)
  results(redis.redis_rpush("default", "{jobs}:waiting", "a", "b")):gives(2)
  results(redis.redis_lmove("default", "{jobs}:waiting", "{jobs}:running", "left", "right")):gives("a")
  results(redis.redis_lrange("default", "{jobs}:running", 0, -1)):gives({ "a" })
end)

example("redis_pipeline", function(redis)
  local replies = redis.redis_pipeline("default", "write", {
    { "set", "greeting", "hello", 60 },
    { "get", "greeting" },
    { "get", "nobody" },
    { "incr", "greeting" },
  })
  results(replies[1]):gives({ ok = true, value = "OK" })
  results(replies[2]):gives({ ok = true, value = "hello" })
  results(replies[3]):gives({ ok = true })
  results(replies[4]):gives({ ok = false, err = "ERR value is not an integer or out of range" })
end)

example("redis_transaction", function(redis)
  redis.redis_transaction("default", { { "incr", "logins" }, { "expire", "logins", 60 } })
  results(redis.redis_get("default", "logins")):gives("1")
  local replies = redis.redis_transaction("default", { "logins" }, function(watched)
    local logins = redis.redis_get(watched, "logins", "number")
    return { { "set", "logins", logins * 2 } }
  end)
  results(replies):gives({ { ok = true, value = "OK" } })
  results(redis.redis_get("default", "logins")):gives("2")
end)

example("redis_command", function(redis)
  results(redis.redis_command("default", "SET", "greeting", "hello")):gives("OK")
  results(redis.redis_command("default", "GETRANGE", "greeting", 1, 3)):gives("ell")
  results(redis.redis_command("default", "GET", "nobody")):gives(nil, "redis: nil")
end)

example("redis_encrypt", function(redis)
  local stored = redis.redis_encrypt("default", "hello")
  results(redis.redis_decrypt("default", stored)):gives("hello")
end)

example("redis_decrypt", function(redis)
  local stored = redis.redis_encrypt("default", "hello")
  results(redis.redis_decrypt("default", stored)):gives("hello")
end)

example("redis_is_encryption_enabled", function(redis)
  results(redis.redis_is_encryption_enabled("default")):gives(false)
end)

example("redis_publish", function(redis)
  results(redis.redis_publish("default", "events", "login")):gives(0)
end)

example("redis_pfadd", function(redis)
  results(redis.redis_pfadd("default", "visitors", "192.0.2.1", "192.0.2.2")):gives(1)
  results(redis.redis_pfadd("default", "visitors", { "192.0.2.1" })):gives(0)
end)

example("redis_pfcount", function(redis)
  results(redis.redis_pfadd("default", "{visitors}:monday", "192.0.2.1", "192.0.2.2")):gives(1)
  results(redis.redis_pfadd("default", "{visitors}:tuesday", "192.0.2.2", "192.0.2.3")):gives(1)
  results(redis.redis_pfcount("default", "{visitors}:monday")):gives(2)
  results(redis.redis_pfcount("default", "{visitors}:monday", "{visitors}:tuesday")):gives(3)
end)

example("redis_pfmerge", function(redis)
  results(redis.redis_pfadd("default", "{visitors}:monday", "192.0.2.1", "192.0.2.2")):gives(1)
  results(redis.redis_pfadd("default", "{visitors}:tuesday", "192.0.2.2", "192.0.2.3")):gives(1)
  results(redis.redis_pfmerge("default", "{visitors}:week", "{visitors}:monday", "{visitors}:tuesday")):gives("OK")
  results(redis.redis_pfcount("default", "{visitors}:week")):gives(3)
end)

example("redis_xadd", function(redis)
  results(redis.redis_xadd("default", "events", "1-1", "user", "ann", "what", "login")):gives("1-1")
  results(redis.redis_xadd("default", "events", "1-*", { user = "bob" })):gives("1-2")
  local id = redis.redis_xadd("default", "events", "*", { user = "cid" })
  results(redis.redis_xlen("default", "events")):gives(3)
end)

example("redis_xlen", function(redis)
  results(redis.redis_xadd("default", "events", "1-1", { user = "ann" })):gives("1-1")
  results(redis.redis_xlen("default", "events")):gives(1)
end)

example("redis_xrange", function(redis)
  results(redis.redis_xadd("default", "events", "1-1", { user = "ann" })):gives("1-1")
  results(redis.redis_xadd("default", "events", "2-1", { user = "bob" })):gives("2-1")
  results(redis.redis_xrange("default", "events", "-", "+", 1)):gives({ { id = "1-1", fields = { user = "ann" } } })
  results(redis.redis_xrange("default", "events", "(1-1", "+")):gives({ { id = "2-1", fields = { user = "bob" } } })
end)

example("redis_xrevrange", function(redis)
  results(redis.redis_xadd("default", "events", "1-1", { user = "ann" })):gives("1-1")
  results(redis.redis_xadd("default", "events", "2-1", { user = "bob" })):gives("2-1")
  results(redis.redis_xrevrange("default", "events", "+", "-", 1)):gives({ { id = "2-1", fields = { user = "bob" } } })
end)

example("redis_xdel", function(redis)
  results(redis.redis_xadd("default", "events", "1-1", { user = "ann" })):gives("1-1")
  results(redis.redis_xdel("default", "events", "1-1", "2-1")):gives(1)
end)

example("redis_xtrim", function(redis)
  results(redis.redis_xadd("default", "events", "1-1", { user = "ann" })):gives("1-1")
  results(redis.redis_xadd("default", "events", "2-1", { user = "bob" })):gives("2-1")
  results(redis.redis_xadd("default", "events", "3-1", { user = "cid" })):gives("3-1")
  results(redis.redis_xtrim("default", "events", { maxlen = 2 })):gives(1)
  results(redis.redis_xtrim("default", "events", { minid = "3-1" })):gives(1)
  results(redis.redis_xtrim("default", "events", { maxlen = 1000, approximate = true })):gives(0)
end)

example("redis_upload_script", function(redis)
  results(redis.redis_upload_script("default", "return ARGV[1]", "echo")):gives("098e0f0d1448c0a81dafe820f66d460eb09263da")
end)

example("redis_run_script", function(redis)
  results(redis.redis_upload_script("default", "return ARGV[1]", "echo")):gives("098e0f0d1448c0a81dafe820f66d460eb09263da")
  results(redis.redis_run_script("default", "", "echo", {}, { "hello" })):gives("hello")
  results(redis.redis_run_script("default", "return { KEYS[1], 2 }", "", { "greeting" }, {})):gives({ "greeting", 2 })
end)

example("redis_eval_ro", function(redis)
  results(redis.redis_set("default", "greeting", "hello")):gives("OK")
  results(redis.redis_eval_ro("default", "return redis.call('GET', KEYS[1])", { "greeting" })):gives("hello")
end)

return check.report()
