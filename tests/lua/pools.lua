-- register_redis_pool, get_redis_connection, redis_ping, and handles.
--
-- An address of a standalone Redis as the first argument of the script (`127.0.0.1:6379`) is registered as well.

local check = require("check")
local redis = require("nauthilus_redis")
local call, key = check.call, check.keys("pools")

local k = key("k")

-- The default pool
call("redis_set", "default", k, "by name"):gives("OK")
local default = check.call("get_redis_connection", "default")[1]
check.equal(type(default), "userdata", "type of a handle")
check.matches(tostring(default), '^redis_pool%("default", [a-z_]+%)$', "a handle as text")
call("redis_get", default, k):gives("by name")
call("register_redis_pool", "default", "embedded", {}):fails("A redis connection with name 'default' already exists")

-- A pool of its own: the embedded store is there wherever this runs.
local config = { db = 3, pool_size = 2, min_idle_conns = 1, read_timeout = "2s" }
call("register_redis_pool", "conformance_embedded", "embedded", config):gives("OK")
call("register_redis_pool", "conformance_embedded", "embedded", {}):fails(
  "A redis connection with name 'conformance_embedded' already exists"
)
local embedded = assert(redis.get_redis_connection("conformance_embedded"))
check.equal(tostring(embedded), 'redis_pool("conformance_embedded", embedded)', "a handle as text")
call("redis_get", embedded, k):fails(check.NIL)
call("redis_set", embedded, k, "in database 3"):gives("OK")
call("redis_get", embedded, k):gives("in database 3")
call("redis_get", "default", k):gives("by name")
call("redis_get", assert(redis.get_redis_connection("conformance_embedded")), k):gives("in database 3")
call("redis_del", embedded, k):gives("OK", nil, 1)

-- redis_ping
call("redis_ping", "default"):gives("PONG")
call("redis_ping", default):gives("PONG")
call("redis_ping", embedded):gives("PONG")

-- The name of a pool is no handle; nothing else is, either.
call("redis_get", "conformance_embedded", k):raises('got string "conformance_embedded"')
check.error(function() return embedded.name end, ".", "a handle has no fields to read")
check.error(function() embedded.name = "x" end, ".", "a handle has no fields to set")
check.error(function() return embedded() end, ".", "a handle cannot be called")
check.truthy(not getmetatable(embedded), "the metatable of a handle is hidden")

-- Every function takes a handle.
call("redis_set", embedded, key("{p}:a"), 1):gives("OK")
call("redis_incr", embedded, key("{p}:a")):gives(2)
call("redis_expire", embedded, key("{p}:a"), 100):gives("OK")
call("redis_rename", embedded, key("{p}:a"), key("{p}:b")):gives("OK")
call("redis_del", embedded, key("{p}:b")):gives("OK", nil, 1)
call("redis_hset", embedded, k, "f", 1):gives(1)
call("redis_hget", embedded, k, "f"):gives("1")
call("redis_hincrby", embedded, k, "f", 1):gives(2)
call("redis_hincrbyfloat", embedded, k, "f", 0.5):gives(2.5)
call("redis_hexists", embedded, k, "f"):gives(true)
call("redis_hlen", embedded, k):gives(1)
call("redis_hgetall", embedded, k):gives({ f = "2.5" })
call("redis_hdel", embedded, k, "f"):gives(1)
call("redis_sadd", embedded, k, "m"):gives(1)
call("redis_sismember", embedded, k, "m"):gives(true)
call("redis_smembers", embedded, k):gives({ "m" })
call("redis_scard", embedded, k):gives(1)
call("redis_srem", embedded, k, "m"):gives(1)
call("redis_upload_script", embedded, "return 7", "conformance_pool"):gives_like(check.SHA1)
call("redis_run_script", embedded, "", "conformance_pool", {}, {}):gives(7)

-- What cannot be registered, and why
call("register_redis_pool", "conformance_x", "clustered", {}):fails("Unknown mode: clustered")
call("register_redis_pool", "conformance_x", "", {}):fails("Unknown mode: ")
for _, case in ipairs({
  { "standalone", {}, "address" },
  { "standalone", { adress = "127.0.0.1:6379" }, "adress" },
  { "standalone", { address = "127.0.0.1:port" }, "127.0.0.1:port" },
  { "standalone", { address = 7 }, "address" },
  { "standalone", { address = "127.0.0.1:6379", addresses = { "127.0.0.1:6379" } }, "addresses" },
  { "standalone", { address = "127.0.0.1:6379", master_name = "m" }, "master_name" },
  { "standalone", { address = "127.0.0.1:6379", db = "three" }, "db" },
  { "standalone", { address = "127.0.0.1:6379", db = -1 }, "db" },
  { "standalone", { address = "127.0.0.1:6379", pool_size = 0 }, "pool_size" },
  { "standalone", { address = "127.0.0.1:6379", pool_size = 1, min_idle_conns = 2 }, "min_idle_conns" },
  { "standalone", { address = "127.0.0.1:6379", read_timeout = "0s" }, "read_timeout" },
  { "standalone", { address = "127.0.0.1:6379", read_timeout = "soon" }, "read_timeout" },
  { "standalone", { address = "127.0.0.1:6379", tls_enabled = "maybe" }, "tls_enabled" },
  { "sentinel", { master_name = "m" }, "addresses" },
  { "sentinel", { addresses = { "127.0.0.1:26379" } }, "master_name" },
  { "sentinel_replica", { addresses = { "127.0.0.1:26379" } }, "master_name" },
  { "cluster", {}, "addresses" },
  { "cluster", { addresses = { "127.0.0.1:7000" }, db = 1 }, "db" },
}) do
  local mode, wrong, name = unpack(case)
  local outcome = check.call("register_redis_pool", "conformance_x", mode, wrong)
  outcome:fails_like(name:gsub("%p", "%%%0"))
end
call("get_redis_connection", "conformance_x"):fails_like("conformance_x")
call("get_redis_connection", "conformance_nobody"):fails_like("'conformance_nobody'.*default")

-- Registering waits for no server; the calls say what is wrong, and never the password. Nothing listens on port 1.
local unreachable = { address = "127.0.0.1:1", password = "conformance-secret", connect_timeout = "500ms" }
call("register_redis_pool", "conformance_unreachable", "standalone", unreachable):gives("OK")
local down = assert(redis.get_redis_connection("conformance_unreachable"))
check.equal(tostring(down), 'redis_pool("conformance_unreachable", standalone)', "a handle tells no password")
for _ = 1, 3 do
  local outcome = check.call("redis_get", down, k)
  outcome:fails_like("conformance_unreachable")
  outcome:fails_like("standalone 127%.0%.0%.1:1%f[%D]")
  check.truthy(not tostring(outcome[2]):find("secret", 1, true), "an error tells no password")
end

-- The modes with more than one server are registered alike, and fail alike where there is none.
for mode, servers in pairs({
  sentinel = { addresses = { "127.0.0.1:1" }, master_name = "m", sentinel_username = "u", sentinel_password = "p" },
  sentinel_replica = { addresses = { "127.0.0.1:1", "127.0.0.1:2" }, master_name = "m" },
  cluster = { addresses = { "127.0.0.1:1" } },
}) do
  local name = "conformance_" .. mode
  servers.connect_timeout = "500ms"
  call("register_redis_pool", name, mode, servers):gives("OK")
  local handle = assert(redis.get_redis_connection(name))
  check.equal(tostring(handle), ('redis_pool("%s", %s)'):format(name, mode), "a handle as text")
  call("redis_get", handle, k):fails_like(name)
end

-- A real server of its own, in another database than the default pool.
local address = arg and arg[1]
if address then
  call("register_redis_pool", "conformance_standalone", "standalone", { address = address, db = 4 }):gives("OK")
  local standalone = assert(redis.get_redis_connection("conformance_standalone"))
  -- Several runs of this file may share that server at the same time.
  local own = k .. math.random(2 ^ 31)
  call("redis_set", standalone, own, "in database 4"):gives("OK")
  call("redis_get", standalone, own):gives("in database 4")
  call("redis_get", "default", own):fails(check.NIL)
  call("redis_del", standalone, own):gives("OK", nil, 1)
end

return check.report()
