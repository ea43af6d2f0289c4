-- Arguments that are missing or of the wrong type raise errors in the form of Lua's own.

local check = require("check")
local redis = require("nauthilus_redis")
local call, key = check.call, check.keys("arguments")

local k = key("k")

-- Each function with as few arguments as it takes, and what is expected in their places: "keys" is a string or a table.
-- The first argument is the handle.
local SIGNATURES = {
  redis_ping = {},
  redis_set = { k, "string", "v", "value" },
  redis_get = { k, "string" },
  redis_incr = { k, "string" },
  redis_mget = { k, "keys" },
  redis_expire = { k, "string", 1, "number" },
  redis_exists = { k, "keys" },
  redis_del = { k, "keys" },
  redis_rename = { k, "string", k, "string" },
  redis_keys = { k, "string" },
  redis_scan = { 0, "number" },
  redis_hget = { k, "string", "f", "string" },
  redis_hdel = { k, "string", "f", "value" },
  redis_hlen = { k, "string" },
  redis_hgetall = { k, "string" },
  redis_hincrby = { k, "string", "f", "string", 1, "number" },
  redis_hincrbyfloat = { k, "string", "f", "string", 1, "number" },
  redis_hexists = { k, "string", "f", "string" },
  redis_sadd = { k, "string", "v", "value" },
  redis_sismember = { k, "string", "v", "value" },
  redis_smembers = { k, "string" },
  redis_srem = { k, "string", "v", "value" },
  redis_scard = { k, "string" },
  redis_incrby = { k, "string", 1, "number" },
  redis_incrbyfloat = { k, "string", 1, "number" },
  redis_decr = { k, "string" },
  redis_decrby = { k, "string", 1, "number" },
  redis_append = { k, "string", "v", "value" },
  redis_strlen = { k, "string" },
  redis_getrange = { k, "string", 0, "number", 1, "number" },
  redis_setrange = { k, "string", 0, "number", "v", "value" },
  redis_setnx = { k, "string", "v", "value" },
  redis_getdel = { k, "string" },
  redis_getex = { k, "string" },
  redis_pexpire = { k, "string", 1, "number" },
  redis_expireat = { k, "string", 1, "number" },
  redis_ttl = { k, "string" },
  redis_pttl = { k, "string" },
  redis_persist = { k, "string" },
  redis_type = { k, "string" },
  redis_unlink = { k, "keys" },
  redis_touch = { k, "keys" },
  redis_copy = { k, "string", k, "string" },
  redis_hmget = { k, "string", "f", "value" },
  redis_hsetnx = { k, "string", "f", "string", "v", "value" },
  redis_hkeys = { k, "string" },
  redis_hvals = { k, "string" },
  redis_hstrlen = { k, "string", "f", "string" },
  redis_hscan = { k, "string", 0, "number" },
  redis_smismember = { k, "string", "v", "value" },
  redis_spop = { k, "string" },
  redis_srandmember = { k, "string" },
  redis_smove = { k, "string", k, "string", "v", "value" },
  redis_sinter = { k, "keys" },
  redis_sunion = { k, "keys" },
  redis_sdiff = { k, "keys" },
  redis_sinterstore = { k, "string", k, "keys" },
  redis_sunionstore = { k, "string", k, "keys" },
  redis_sdiffstore = { k, "string", k, "keys" },
  redis_sscan = { k, "string", 0, "number" },
  redis_publish = { "c", "string", "m", "value" },
  redis_zrem = { k, "string", "m", "value" },
  redis_zcard = { k, "string" },
  redis_zcount = { k, "string", 0, "string", 1, "string" },
  redis_zscore = { k, "string", "m", "value" },
  redis_zmscore = { k, "string", "m", "value" },
  redis_zincrby = { k, "string", 1, "number", "m", "value" },
  redis_zrank = { k, "string", "m", "value" },
  redis_zrevrank = { k, "string", "m", "value" },
  redis_zrange = { k, "string", 0, "number", 1, "number" },
  redis_zrevrange = { k, "string", 0, "number", 1, "number" },
  redis_zrange_withscores = { k, "string", 0, "number", 1, "number" },
  redis_zrevrange_withscores = { k, "string", 0, "number", 1, "number" },
  redis_zrangebyscore = { k, "string", 0, "string", 1, "string" },
  redis_zrevrangebyscore = { k, "string", 1, "string", 0, "string" },
  redis_zremrangebyscore = { k, "string", 0, "string", 1, "string" },
  redis_zremrangebyrank = { k, "string", 0, "number", 1, "number" },
  redis_zpopmin = { k, "string" },
  redis_zpopmax = { k, "string" },
  redis_zrandmember = { k, "string" },
  redis_zscan = { k, "string", 0, "number" },
  redis_zrangestore = { k, "string", k, "string", 0, "string", 1, "string" },
  redis_zunionstore = { k, "string", k, "keys" },
  redis_zinterstore = { k, "string", k, "keys" },
  redis_lpush = { k, "string", "v", "value" },
  redis_rpush = { k, "string", "v", "value" },
  redis_lpushx = { k, "string", "v", "value" },
  redis_rpushx = { k, "string", "v", "value" },
  redis_lpop = { k, "string" },
  redis_rpop = { k, "string" },
  redis_llen = { k, "string" },
  redis_lrange = { k, "string", 0, "number", 1, "number" },
  redis_lindex = { k, "string", 0, "number" },
  redis_lpos = { k, "string", "v", "value" },
  redis_linsert = { k, "string", "before", "string", "p", "value", "v", "value" },
  redis_lset = { k, "string", 0, "number", "v", "value" },
  redis_lrem = { k, "string", 0, "number", "v", "value" },
  redis_ltrim = { k, "string", 0, "number", 1, "number" },
  redis_lmove = { k, "string", k, "string", "left", "string", "right", "string" },
  redis_pfadd = { k, "string", "v", "value" },
  redis_pfcount = { k, "keys" },
  redis_pfmerge = { k, "string", k, "keys" },
  redis_encrypt = { "text", "string" },
  redis_decrypt = { "text", "string" },
  redis_is_encryption_enabled = {},
  redis_eval_ro = { "return 1", "string" },
  redis_xadd = { k, "string", "*", "string" },
  redis_xlen = { k, "string" },
  redis_xrange = { k, "string", "-", "string", "+", "string" },
  redis_xrevrange = { k, "string", "+", "string", "-", "string" },
  redis_xdel = { k, "string", "1-1", "value" },
  redis_xtrim = { k, "string" },
  redis_upload_script = { "return 1", "string", "name", "string" },
}

for name, signature in pairs(SIGNATURES) do
  local arguments = { "default" }
  for i = 1, #signature, 2 do
    local position, open = #arguments + 1, signature[i + 1] == "keys"
    local expected = open and "string" or signature[i + 1]
    call(name, unpack(arguments)):raises(
      ("bad argument #%d to '%s' (%s expected, got no value)"):format(position, name, expected)
    )
    if expected ~= "value" then
      for kind, wrong in pairs({ table = not open and {} or nil, boolean = true, ["function"] = print }) do
        arguments[position] = wrong
        call(name, unpack(arguments)):raises(
          ("bad argument #%d to '%s' (%s expected, got %s)"):format(position, name, expected, kind)
        )
      end
    end
    arguments[position] = signature[i]
  end

  -- A handle that is none never means the default pool silently.
  for _, wrong in ipairs({ "nonsense", "", 0, 1, false, true, {}, print, coroutine.create(print) }) do
    arguments[1] = wrong
    call(name, unpack(arguments)):raises(("bad argument #1 to '%s'"):format(name))
  end
  call(name, nil, unpack(arguments, 2)):raises(("bad argument #1 to '%s'"):format(name))
end
call("redis_get"):raises("bad argument #")
call("redis_get", "nonsense", k):raises('got string "nonsense"')

-- nil where something is needed
call("redis_get", "default", nil):raises("bad argument #2 to 'redis_get' (string expected, got nil)")
call("redis_hget", "default", k, nil):raises("bad argument #3 to 'redis_hget' (string expected, got nil)")
call("redis_expire", "default", k, nil):raises("bad argument #3 to 'redis_expire' (number expected, got nil)")

-- Integers
call("redis_expire", "default", k, 1.5):raises("bad argument #3 to 'redis_expire' (integer expected, got 1.5)")
call("redis_expire", "default", k, "soon"):raises("bad argument #3 to 'redis_expire' (number expected, got string)")
call("redis_expire", "default", k, "60"):gives(false)
call("redis_expire", "default", k, math.huge):raises("bad argument #3 to 'redis_expire' (integer expected, got inf)")
call("redis_expire", "default", k, 1e300):raises("bad argument #3 to 'redis_expire' (integer expected")
call("redis_set", "default", k, "v", 1.5):raises("bad argument #4 to 'redis_set' (integer expected, got 1.5)")
call("redis_set", "default", k, "v", { en = 5 }):raises(
  "bad argument #4 to 'redis_set' (unknown option 'en': there are ex, px, exat, pxat, keepttl, nx, xx, get)"
)
call("redis_set", "default", k, "v", { ex = 5, keepttl = true }):raises("the options 'ex' and 'keepttl' exclude each other")
call("redis_set", "default", k, "v", { nx = true, xx = true }):raises("the options 'nx' and 'xx' exclude each other")
call("redis_set", "default", k, "v", { ex = 0 }):raises("(option 'ex': an integer more than 0 expected, got 0)")
call("redis_set", "default", k, "v", { ex = "5" }):raises("(option 'ex': an integer more than 0 expected, got string)")
call("redis_set", "default", k, "v", { nx = 1 }):raises("(option 'nx': true or false expected, got 1)")
call("redis_set", "default", k, "v", true):raises("bad argument #4 to 'redis_set' (number expected, got boolean)")
call("redis_hincrby", "default", k, "f", 0.5):raises("bad argument #4 to 'redis_hincrby' (integer expected, got 0.5)")
call("redis_hincrby", "default", k, "f", 0 / 0):raises("bad argument #4 to 'redis_hincrby' (integer expected")
call("redis_get", "default", k, {}):raises("bad argument #3 to 'redis_get' (string expected, got table)")

-- Open-ended parameters
call("redis_hset", "default", k):fails("invalid number of arguments")
call("redis_hset", "default", k, "f"):fails("invalid number of arguments")
call("redis_hset", "default", k, {}, "v"):raises("bad argument #3 to 'redis_hset' (string expected, got table)")
call("redis_hset", "default", k, "f", "v", {}, "v"):raises("bad argument #5 to 'redis_hset' (string expected, got table)")
call("redis_hdel", "default", k, "f", {}):raises("bad argument #4 to 'redis_hdel' (string expected, got table)")

-- One or more keys, or one table of them
for _, name in ipairs({ "redis_exists", "redis_del", "redis_mget" }) do
  call(name, "default", nil):raises(("bad argument #2 to '%s' (string expected, got nil)"):format(name))
  call(name, "default", k, nil):raises(("bad argument #3 to '%s' (string expected, got nil)"):format(name))
  call(name, "default", k, true):raises(("bad argument #3 to '%s' (string expected, got boolean)"):format(name))
  call(name, "default", k, {}):raises(("bad argument #3 to '%s' (string expected, got table)"):format(name))
  call(name, "default", { k }, k):raises(("bad argument #2 to '%s' (string expected, got table)"):format(name))
  call(name, "default", {}):fails("invalid number of arguments")
  call(name, "default", { key = k }):fails("invalid number of arguments")
  call(name, "default", { k, {} }):fails("unable to convert Lua value of type table")
  call(name, "default", { k, true }):fails("unable to convert Lua value of type boolean")
end

-- Keys and values in turn, or one table of them
call("redis_mset", "default"):raises("bad argument #2 to 'redis_mset' (string expected, got no value)")
call("redis_mset", "nonsense", k, "v"):raises("bad argument #1 to 'redis_mset'")
call("redis_mset", "default", k):fails("invalid number of arguments")
call("redis_mset", "default", nil):fails("invalid number of arguments")
call("redis_mset", "default", k, "v", k):fails("invalid number of arguments")
call("redis_mset", "default", {}):fails("invalid number of arguments")
call("redis_mset", "default", true, "v"):raises("bad argument #2 to 'redis_mset' (string expected, got boolean)")
call("redis_mset", "default", { [k] = "v" }, "v"):raises("bad argument #2 to 'redis_mset' (string expected, got table)")
call("redis_mset", "default", k, "v", nil, "v"):raises("bad argument #4 to 'redis_mset' (string expected, got nil)")
call("redis_mset", "default", { [true] = "v" }):fails("unable to convert Lua value of type boolean")
call("redis_mset", "default", { [k] = {} }):fails("unable to convert Lua value of type table")
call("redis_mset", "default", k, nil):fails("unable to convert Lua value of type nil")

-- The cursor of a scan is an integer of Redis that Lua can hold.
call("redis_scan", "default", -1):raises("bad argument #2 to 'redis_scan' (cursor expected, got -1)")
call("redis_scan", "default", 2 ^ 53 + 2):raises("bad argument #2 to 'redis_scan' (cursor expected, got 9007199254740994)")
call("redis_scan", "default", 2 ^ 80):raises("bad argument #2 to 'redis_scan' (integer expected")
call("redis_scan", "default", 0.5):raises("bad argument #2 to 'redis_scan' (integer expected, got 0.5)")
call("redis_scan", "default", math.huge):raises("bad argument #2 to 'redis_scan' (integer expected, got inf)")
call("redis_scan", "default", nil):raises("bad argument #2 to 'redis_scan' (number expected, got nil)")
call("redis_scan", "default", "x"):raises("bad argument #2 to 'redis_scan' (number expected, got string)")
call("redis_scan", "default", 0, {}):raises("bad argument #3 to 'redis_scan' (string expected, got table)")
call("redis_scan", "default", 0, k, "many"):raises("bad argument #4 to 'redis_scan' (number expected, got string)")
call("redis_scan", "default", 0, k, 1.5):raises("bad argument #4 to 'redis_scan' (integer expected, got 1.5)")
call("redis_scan", "default", 0, k, 0):fails("ERR syntax error")
call("redis_scan", "default", 0, k, -1):fails("ERR syntax error")

-- Scripts
call("redis_run_script", "default", {}, "", {}, {}):raises("bad argument #2 to 'redis_run_script' (string expected, got table)")
call("redis_run_script", "default", "", {}, {}, {}):raises("bad argument #3 to 'redis_run_script' (string expected, got table)")
call("redis_run_script", "default", "return 1", "", "key", {}):raises("bad argument #4 to 'redis_run_script' (table expected, got string)")
call("redis_run_script", "default", "return 1", "", {}, 1):raises("bad argument #5 to 'redis_run_script' (table expected, got number)")
call("redis_run_script", "nonsense", "return 1", "", {}, {}):raises("bad argument #1 to 'redis_run_script'")

-- Pools
call("register_redis_pool"):raises("bad argument #1 to 'register_redis_pool' (string expected, got no value)")
call("register_redis_pool", "x"):raises("bad argument #2 to 'register_redis_pool' (string expected, got no value)")
call("register_redis_pool", "x", "standalone"):raises("bad argument #3 to 'register_redis_pool' (table expected, got no value)")
call("register_redis_pool", "x", "standalone", "127.0.0.1"):raises("bad argument #3 to 'register_redis_pool' (table expected, got string)")
call("get_redis_connection"):raises("bad argument #1 to 'get_redis_connection' (string expected, got no value)")

-- The error is raised at the line of the call.
check.error(function()
  local value = redis.redis_get("default")
  return value
end, "^[^\n]*arguments%.lua:%d+: bad argument #2 to 'redis_get' %(string expected, got no value%)$", "position of an error")

-- None of these calls did anything.
call("redis_del", "default", k):gives("OK", nil, 0)

return check.report()
