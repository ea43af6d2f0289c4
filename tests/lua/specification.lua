-- The calls of the module's specification as they are written there, in both calling styles (`dynamic_loader` before
-- `require`, or `require` alone), with the default pool and with handles.
--
-- Keys are the specification's with a prefix of this file; its {tag} keeps the two of redis_rename together.

local check = require("check")
local equal = check.equal

local PREFIX = "{nautiloid:specification}:"

local function clean()
  local redis = require("nauthilus_redis")
  for _, key in ipairs({ "key", "some_key", "abc", "def", "some_redis_key" }) do
    redis.redis_del("default", PREFIX .. key)
  end
end

-- Pools ---------------------------------------------------------------------------------------------------------------

dynamic_loader("nauthilus_redis")
local nauthilus_redis = require("nauthilus_redis")

local registered, err_redis_reg = nauthilus_redis.register_redis_pool("my_custom_name", "sentinel", {
  addresses = { "redis-sentinel-sentinel.ot-operators:26379" },
  master_name = "myMaster",
  password = "",
  db = 3,
  pool_size = 10,
  min_idle_conns = 1,
  tls_enabled = false,
})
equal({ registered, err_redis_reg }, { "OK" }, "the custom pool is registered")

local custom_pool, err_redis_client = nauthilus_redis.get_redis_connection("my_custom_name")
equal(type(custom_pool), "userdata", "its handle")
equal(err_redis_client, nil, "no error with it")
equal(tostring(custom_pool), 'redis_pool("my_custom_name", sentinel)', "the handle as text")

-- There is no such Sentinel here: a call says so instead of raising, and the default pool goes on.
local nothing, err_call = nauthilus_redis.redis_get(custom_pool, PREFIX .. "key")
equal(nothing, nil, "a call on the custom pool")
check.matches(err_call, "my_custom_name", "its error names the pool")

-- The functions --------------------------------------------------------------------------------------------------------

local function every_call(load, handle, style)
  local function expect(got, want, what)
    equal(got, want, what .. ", " .. style)
  end
  clean()

  do
    local redis = load()
    local result, error = redis.redis_set(handle, PREFIX .. "key", "value", 3600)
    expect({ result, error }, { "OK" }, "redis_set")
    result, error = redis.redis_set(handle, PREFIX .. "key", 1)
    expect({ result, error }, { "OK" }, "redis_set without expiration")
  end
  do
    local redis = load()
    local number, error = redis.redis_incr(handle, PREFIX .. "key")
    expect({ number, error }, { 2 }, "redis_incr")
  end
  do
    local redis = load()
    local result, error = redis.redis_get(handle, PREFIX .. "key")
    expect({ result, error }, { "2" }, "redis_get")
    result, error = redis.redis_get(handle, PREFIX .. "abc")
    expect(result, nil, "redis_get of a missing key")
    expect(error, "redis: nil", "redis_get of a missing key: the error")
  end
  do
    -- The specification leaves the seconds out, which cannot mean anything.
    local redis = load()
    local ok, message = pcall(redis.redis_expire, handle, PREFIX .. "key")
    expect(ok, false, "redis_expire without seconds")
    check.matches(message, "bad argument #3 to 'redis_expire' %(number expected, got no value%)", "its message, " .. style)
    local result, error = redis.redis_expire(handle, PREFIX .. "key", 3600)
    expect({ result, error }, { "OK" }, "redis_expire")
  end
  do
    local redis = load()
    local result, error = redis.redis_del(handle, PREFIX .. "key")
    expect({ result, error }, { "OK" }, "redis_del")
  end
  do
    local redis = load()
    local oldkey = PREFIX .. "abc"
    local newkey = PREFIX .. "def"

    local result, err = redis.redis_rename(handle, oldkey, newkey)
    expect(result, nil, "redis_rename of a missing key")
    expect(err, "ERR no such key", "redis_rename of a missing key: the error")
    redis.redis_set(handle, oldkey, "renamed")
    result, err = redis.redis_rename(handle, oldkey, newkey)
    expect({ result, err }, { "OK" }, "redis_rename")
    expect(redis.redis_get(handle, newkey), "renamed", "the renamed key")
  end

  local redis_key = PREFIX .. "some_key"
  do
    local redis = load()
    local already_sent_mail, err_redis_hget2 = redis.redis_hget(handle, redis_key, "send_mail")
    expect(already_sent_mail, nil, "redis_hget of nothing")
    expect(err_redis_hget2, "redis: nil", "redis_hget of nothing: the error")
  end
  do
    local redis = load()
    local new, err_redis_hset = redis.redis_hset(handle, redis_key, "send_mail", 1)
    expect({ new, err_redis_hset }, { 1 }, "redis_hset")
    local already_sent_mail, err_redis_hget2 = redis.redis_hget(handle, redis_key, "send_mail")
    expect({ already_sent_mail, err_redis_hget2 }, { "1" }, "redis_hget")
  end
  do
    local redis = load()
    local result = {}
    result.dovecot_session = "123"

    redis.redis_hset(handle, redis_key, result.dovecot_session, "in")
    local deleted, err_redis_hdel = redis.redis_hdel(handle, redis_key, result.dovecot_session)
    expect({ deleted, err_redis_hdel }, { 1 }, "redis_hdel")
  end
  do
    local redis = load()
    local length, err_redis_hlen = redis.redis_hlen(handle, redis_key)
    expect({ length, err_redis_hlen }, { 1 }, "redis_hlen")
  end
  do
    local redis = load()
    local all_sessions, err_redis_hgetall = redis.redis_hgetall(handle, redis_key)
    expect({ all_sessions, err_redis_hgetall }, { { send_mail = "1" } }, "redis_hgetall")
  end
  do
    local redis = load()
    local field = "some_field"
    local increment = 1

    local result, err = redis.redis_hincrby(handle, redis_key, field, increment)
    expect({ result, err }, { 1 }, "redis_hincrby")
  end
  do
    local redis = load()
    local field = "some_field"
    local increment = 1.3

    local result, err = redis.redis_hincrbyfloat(handle, redis_key, field, increment)
    expect({ result, err }, { 2.3 }, "redis_hincrbyfloat")
  end
  do
    local redis = load()
    local result, err = redis.redis_hexists(handle, redis_key, "some_field")
    expect({ result, err }, { true }, "redis_hexists")
    redis.redis_del(handle, redis_key)
    result, err = redis.redis_hexists(handle, redis_key, "some_field")
    expect({ result, err }, { false }, "redis_hexists of nothing")
  end

  local value = "some_value"
  do
    local redis = load()
    local result, err = redis.redis_sadd(handle, redis_key, value)
    expect({ result, err }, { 1 }, "redis_sadd")
  end
  do
    local redis = load()
    local result, err = redis.redis_sismember(handle, redis_key, value)
    expect({ result, err }, { true }, "redis_sismember")
  end
  do
    local redis = load()
    local result, err = redis.redis_smembers(handle, redis_key)
    expect({ result, err }, { { "some_value" } }, "redis_smembers")
  end
  do
    local redis = load()
    local result, err = redis.redis_scard(handle, redis_key)
    expect({ result, err }, { 1 }, "redis_scard")
  end
  do
    local redis = load()
    local result, err = redis.redis_srem(handle, redis_key, value)
    expect({ result, err }, { 1 }, "redis_srem")
  end

  -- A script that is uploaded under a name, then run by it: once it answers one thing, from then on another.
  do
    local redis = load()
    local script = [[
        local redis_key = KEYS[1]
        local send_mail = redis.call('HGET', redis_key, 'send_mail')

        if send_mail == false then
            redis.call('HSET', redis_key, 'send_mail', '1')

            return {'send_email', redis_key}
        else
            return {'email_already_sent'}
        end
    ]]
    local upload_script_name = "nauthilus_send_mail_hash"
    local sha1, err_upload = redis.redis_upload_script(handle, script, upload_script_name)
    check.matches(sha1, check.SHA1, "redis_upload_script, " .. style)
    expect(err_upload, nil, "redis_upload_script: the error")
  end
  do
    local redis = load()
    local script_key = PREFIX .. "some_redis_key"
    local script = ""
    local upload_script_name = "nauthilus_send_mail_hash"

    local result, err = redis.redis_run_script(handle, script, upload_script_name, { script_key }, {})
    expect({ result, err }, { { "send_email", script_key } }, "redis_run_script")
    result, err = redis.redis_run_script(handle, script, upload_script_name, { script_key }, {})
    expect({ result, err }, { { "email_already_sent" } }, "redis_run_script again")
    result, err = redis.redis_run_script(handle, "return { KEYS[1], ARGV[1] }", "", { script_key }, { "x" })
    expect({ result, err }, { { script_key, "x" } }, "redis_run_script with a script")
  end

  clean()
end

local function with_loader()
  dynamic_loader("nauthilus_redis")
  return require("nauthilus_redis")
end

local function without_loader()
  return require("nauthilus_redis")
end

every_call(with_loader, "default", "with dynamic_loader")
every_call(without_loader, "default", "without dynamic_loader")
every_call(with_loader, assert(nauthilus_redis.get_redis_connection("default")), "with a handle")

return check.report()
