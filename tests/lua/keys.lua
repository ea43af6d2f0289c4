-- redis_expire, redis_exists, redis_del, redis_rename

local check = require("check")
local redis = require("nauthilus_redis")
local call, key = check.call, check.keys("keys")

for _, handle in ipairs(check.handles()) do
  local k, absent = key("k"), key("absent")

  -- redis_expire
  call("redis_set", handle, k, "v"):gives("OK")
  call("redis_expire", handle, k, 100):gives("OK")
  check.expires_in(k, 100, "redis_expire")
  call("redis_expire", handle, k, 200):gives("OK")
  check.expires_in(k, 200, "redis_expire replaces the expiration")
  call("redis_expire", handle, k, 2 ^ 31):gives("OK")
  check.expires_in(k, 2 ^ 31, "redis_expire with more than 31 bits")
  call("redis_expire", handle, absent, 100):gives(false)
  call("redis_expire", handle, k, 0):gives("OK")
  call("redis_get", handle, k):fails(check.NIL)
  call("redis_set", handle, k, "v"):gives("OK")
  call("redis_expire", handle, k, -1):gives("OK")
  call("redis_get", handle, k):fails(check.NIL)
  call("redis_expire", handle, k, 100):gives(false)

  -- Any type of value can expire.
  call("redis_sadd", handle, k, "member"):gives(1)
  call("redis_expire", handle, k, 100):gives("OK")
  check.expires_in(k, 100, "a set expires")
  call("redis_del", handle, k):gives("OK", nil, 1)

  -- redis_del
  call("redis_del", handle, absent):gives("OK", nil, 0)
  call("redis_set", handle, k, "v"):gives("OK")
  call("redis_del", handle, k):gives("OK", nil, 1)
  call("redis_del", handle, k):gives("OK", nil, 0)
  call("redis_get", handle, k):fails(check.NIL)
  call("redis_hset", handle, k, "f", "v"):gives(1)
  call("redis_del", handle, k):gives("OK", nil, 1)
  call("redis_hlen", handle, k):gives(0)
  local odd = key("odd \0\r\n\255 key")
  call("redis_set", handle, odd, "v"):gives("OK")
  call("redis_del", handle, odd):gives("OK", nil, 1)

  -- Several keys at once, which a cluster has on different nodes.
  local all = {}
  for i = 1, 40 do
    all[i] = key("many " .. i)
    call("redis_set", handle, all[i], i):gives("OK")
  end
  call("redis_exists", handle, unpack(all)):gives(40)
  call("redis_exists", handle, all):gives(40)
  call("redis_del", handle, all[1], absent, all[2], all[3]):gives("OK", nil, 3)
  call("redis_exists", handle, all):gives(37)
  call("redis_del", handle, { all[2], all[4], all[4] }):gives("OK", nil, 1)
  call("redis_del", handle, { absent }):gives("OK", nil, 0)
  call("redis_del", handle, unpack(all)):gives("OK", nil, 36)
  call("redis_exists", handle, unpack(all)):gives(0)

  -- redis_exists
  call("redis_exists", handle, absent):gives(0)
  call("redis_set", handle, k, ""):gives("OK")
  call("redis_hset", handle, odd, "f", "v"):gives(1)
  call("redis_exists", handle, k):gives(1)
  call("redis_exists", handle, { k }):gives(1)
  call("redis_exists", handle, k, odd, absent):gives(2)
  call("redis_exists", handle, k, absent, k, odd, k):gives(4)
  call("redis_expire", handle, k, 0):gives("OK")
  call("redis_exists", handle, k, odd):gives(1)
  call("redis_del", handle, k, odd):gives("OK", nil, 1)
  call("redis_exists", handle, k, odd):gives(0)

  -- redis_rename
  local old, new = key("{rename}:old"), key("{rename}:new")
  call("redis_rename", handle, old, new):fails("ERR no such key")
  call("redis_set", handle, old, "v", 100):gives("OK")
  call("redis_rename", handle, old, new):gives("OK")
  call("redis_get", handle, old):fails(check.NIL)
  call("redis_get", handle, new):gives("v")
  check.expires_in(new, 100, "redis_rename keeps the expiration")
  call("redis_set", handle, old, "replacement"):gives("OK")
  call("redis_rename", handle, old, new):gives("OK")
  call("redis_get", handle, new):gives("replacement")
  check.expires_in(new, -1, "redis_rename replaces the expiration too")
  call("redis_rename", handle, new, new):gives("OK")
  call("redis_get", handle, new):gives("replacement")
  call("redis_hset", handle, old, "f", "v"):gives(1)
  call("redis_rename", handle, old, new):gives("OK")
  call("redis_hget", handle, new, "f"):gives("v")
  call("redis_del", handle, new):gives("OK", nil, 1)
end

-- Expiry in other units, types, copies.
local tagged = check.keys("{keys}")
for _, handle in ipairs(check.handles()) do
  local k, h, absent = key("more"), key("hash"), key("nobody")
  call("redis_del", handle, k, h)
  call("redis_hset", handle, h, "f", "v")
  call("redis_ttl", handle, absent):gives(-2)
  call("redis_pttl", handle, absent):gives(-2)
  call("redis_set", handle, k, "v"):gives("OK")
  call("redis_ttl", handle, k):gives(-1)
  call("redis_pttl", handle, k):gives(-1)
  call("redis_persist", handle, k):gives(false)
  call("redis_pexpire", handle, k, 100000):gives("OK")
  check.expires_in(k, 100, "pexpire")
  check.truthy(redis.redis_pttl(handle, k) > 90000, "pttl is in milliseconds")
  call("redis_persist", handle, k):gives(true)
  call("redis_ttl", handle, k):gives(-1)
  call("redis_persist", handle, absent):gives(false)
  call("redis_expireat", handle, k, 4102444800):gives("OK")
  call("redis_command", handle, "EXPIRETIME", k):gives(4102444800)
  call("redis_expireat", handle, absent, 4102444800):gives(false)
  call("redis_pexpire", handle, absent, 5):gives(false)
  call("redis_expireat", handle, k, 1):gives("OK")
  call("redis_exists", handle, k):gives(0)

  for name, expected in pairs({ hash = "hash", nobody = "none" }) do
    call("redis_type", handle, key(name)):gives(expected)
  end
  call("redis_zadd", handle, k, { m = 1 }):gives(1)
  call("redis_type", handle, k):gives("zset")
  call("redis_touch", handle, k, h, absent):gives(2)
  call("redis_unlink", handle, k, absent):gives("OK", nil, 1)
  call("redis_unlink", handle, { k, absent }):gives("OK", nil, 0)

  local a, b = tagged("a"), tagged("b")
  call("redis_del", handle, a, b)
  call("redis_copy", handle, a, b):gives(false)
  call("redis_set", handle, a, "v", 100)
  call("redis_copy", handle, a, b):gives(true)
  check.expires_in(b, 100, "a copy expires as its source does")
  call("redis_set", handle, a, "w")
  call("redis_copy", handle, a, b):gives(false)
  call("redis_get", handle, b):gives("v")
  call("redis_copy", handle, a, b, { replace = true }):gives(true)
  call("redis_get", handle, b):gives("w")
  check.expires_in(b, -1, "a copy of a key that stays")
  call("redis_copy", handle, a, a):fails("ERR source and destination objects are the same")
  call("redis_copy", handle, a, b, { replaced = true }):raises("unknown option 'replaced'")
end

-- What is easy to get wrong: each type, times that have passed, keys on different nodes, copies of other types.
for _, handle in ipairs(check.handles()) do
  local a, b = tagged("edge a"), tagged("edge \0\r\n\255 b")
  local stores = {
    string = { "redis_set", "v" },
    list = { "redis_rpush", "v" },
    hash = { "redis_hset", "f", "v" },
    set = { "redis_sadd", "v" },
    zset = { "redis_zadd", "m", 1 },
  }
  for kind, store in pairs(stores) do
    call("redis_del", handle, a, b)
    check.truthy(redis[store[1]](handle, a, unpack(store, 2)), "something of type " .. kind)
    call("redis_type", handle, a):gives(kind)
    call("redis_pexpire", handle, a, 100000):gives("OK")
    call("redis_copy", handle, a, b):gives(true)
    call("redis_type", handle, b):gives(kind)
    check.expires_in(b, 100, "a copy expires as its source does")
    call("redis_persist", handle, b):gives(true)
    check.expires_in(a, 100, "a copy is a key of its own")
    call("redis_set", handle, a, "other"):gives("OK")
    call("redis_copy", handle, a, b, { replace = false }):gives(false)
    call("redis_type", handle, b):gives(kind)
    call("redis_copy", handle, a, b, { replace = true }):gives(true)
    call("redis_get", handle, b):gives("other")
  end
  -- Later changes of one are none of the other's.
  call("redis_del", handle, a, b)
  call("redis_hset", handle, a, "f", "old"):gives(1)
  call("redis_copy", handle, a, b, {}):gives(true)
  call("redis_hset", handle, a, "f", "new"):gives(0)
  call("redis_hget", handle, b, "f"):gives("old")
  call("redis_del", handle, a):gives("OK", nil, 1)
  call("redis_copy", handle, a, b, { replace = true }):gives(false)
  call("redis_hget", handle, b, "f"):gives("old")

  -- Times that have passed remove the key, and what is removed is gone for good.
  for name, time in pairs({ redis_pexpire = -1, redis_expireat = 0 }) do
    call("redis_set", handle, a, "v"):gives("OK")
    call(name, handle, a, time):gives("OK")
    call("redis_ttl", handle, a):gives(-2)
    call("redis_pttl", handle, a):gives(-2)
    call("redis_type", handle, a):gives("none")
    call("redis_persist", handle, a):gives(false)
    call(name, handle, a, time):gives(false)
  end
  call("redis_set", handle, a, "v", { px = 100000 }):gives("OK")
  check.truthy(redis.redis_ttl(handle, a) >= 99, "ttl rounds to the nearest second")
  call("redis_pexpire", handle, a, 2 ^ 63):raises("integer expected")
  call("redis_pexpire", handle, a, 2 ^ 62 + 2 ^ 61 + 2 ^ 60):gives("OK")
  call("redis_persist", handle, a):gives(true)
  call("redis_expireat", handle, a, 2 ^ 62):fails("ERR invalid expire time in 'expireat' command")
  check.expires_in(a, -1, "an impossible time changes nothing")
  call("redis_expireat", handle, a, 1.5):raises("integer expected, got 1.5")

  -- Several keys that a cluster has on different nodes.
  local all, values = {}, {}
  for i = 1, 30 do
    all[i] = key("spread " .. i)
    values[all[i]] = i
  end
  call("redis_mset", handle, values):gives("OK")
  call("redis_touch", handle, all):gives(30)
  call("redis_touch", handle, all[1], all[1], key("nobody")):gives(2)
  call("redis_touch", handle, {}):fails("invalid number of arguments")
  call("redis_unlink", handle, all[1], all[2], all[2], key("nobody")):gives("OK", nil, 2)
  call("redis_unlink", handle, all):gives("OK", nil, 28)
  call("redis_exists", handle, all):gives(0)
end

return check.report()
