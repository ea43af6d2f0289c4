-- redis_upload_script, redis_run_script

local check = require("check")
local call, key = check.call, check.keys("scripts")

local ECHO, ECHO_SHA1 = "return ARGV[1]", "098e0f0d1448c0a81dafe820f66d460eb09263da"
local MEBIBYTE = ("0123456789abcdef"):rep(65536)
local BINARY = "\0\r\n\255*$"

for _, handle in ipairs(check.handles()) do
  local function run(script, keys, args)
    return call("redis_run_script", handle, script, "", keys or {}, args or {})
  end

  -- Upload, and run by name.
  call("redis_upload_script", handle, ECHO, "conformance_echo"):gives(ECHO_SHA1)
  call("redis_upload_script", handle, ECHO, "conformance_echo"):gives(ECHO_SHA1)
  call("redis_run_script", handle, "", "conformance_echo", {}, { "hello" }):gives("hello")
  call("redis_run_script", handle, nil, "conformance_echo", {}, { "hello" }):gives("hello")
  call("redis_upload_script", handle, "return 'new'", "conformance_echo"):gives("49d28b92ec449d37fe42d49010769e43d4ab67ae")
  call("redis_run_script", handle, "", "conformance_echo", {}, {}):gives("new")
  call("redis_run_script", handle, "", "conformance_nobody", {}, {}):fails(
    "could not find script with name conformance_nobody"
  )
  call("redis_upload_script", handle, "this is (no script", "conformance_broken"):fails_like("^ERR Error compiling script")
  call("redis_run_script", handle, "", "conformance_broken", {}, {}):fails(
    "could not find script with name conformance_broken"
  )
  call("redis_upload_script", handle, ECHO, ""):raises("bad argument #3 to 'redis_upload_script'")

  -- Either the script or its name
  call("redis_run_script", handle, ECHO, "conformance_echo", {}, { "x" }):fails_like("either .* both are set")
  call("redis_run_script", handle, "", "", {}, { "x" }):fails_like("either .* both are empty")
  call("redis_run_script", handle, nil, nil, {}, { "x" }):fails_like("either .* both are empty")

  -- Replies
  run("return 42"):gives(42)
  run("return -1"):gives(-1)
  run("return 9007199254740992"):gives(2 ^ 53)
  run("return 3.99"):gives(3)
  run("return 'text'"):gives("text")
  run("return ''"):gives("")
  run("return true"):gives(1)
  run("return { ok = 'FINE' }"):gives("FINE")
  run("return redis.status_reply('FINE')"):gives("FINE")
  run("return {}"):gives({})
  run("return { 1, 'two', { 3, { 'four' }, {} } }"):gives({ 1, "two", { 3, { "four" }, {} } })
  run("return { a = 1 }"):gives({})
  run("return { 1, nil, 3 }"):gives({ 1 })

  -- Nil and false: nothing on their own, and a gap in their place inside an array.
  run("return nil"):fails(check.NIL)
  run("return false"):fails(check.NIL)
  run("return"):fails(check.NIL)
  run("local x = 1"):fails(check.NIL)
  run("return { 1, false, 3 }"):gives({ 1, nil, 3 })
  run("return { false, { false, 'x' } }"):gives({ nil, { nil, "x" } })

  -- Errors
  run("return redis.error_reply('MINE is wrong')"):fails("MINE is wrong")
  run("return redis.error_reply('wrong')"):fails("ERR wrong")
  run("return { err = 'CUSTOM text' }"):fails("CUSTOM text")
  run("this is (no script"):fails_like("^ERR Error compiling script %(new function%): user_script:1: ")
  run("error('boom')"):fails_like("^ERR user_script:1: boom")
  run("local x = nil; return x.y"):fails_like("^ERR user_script:1: attempt to index local 'x' %(a nil value%)")
  run("return undefined"):fails_like("^ERR user_script:1: Script attempted to access nonexistent global variable 'undefined'")
  run("undefined = 1"):fails_like("^ERR user_script:1: ")
  run("return redis.call('NOSUCHCOMMAND')"):fails_like("^ERR Unknown Redis command called from script")
  run("return redis.call('GET')"):fails_like("^ERR Wrong number of args calling Redis command from script")

  -- Keys and arguments
  local k, hash = key("{script}:k"), key("{script}:hash")
  run("return { #KEYS, #ARGV }"):gives({ 0, 0 })
  run("return { KEYS[1], KEYS[2], ARGV[1], ARGV[2] }", { k, hash }, { "a", "b" }):gives({ k, hash, "a", "b" })
  run("return ARGV", {}, { 1, 1.5, true, false, "", 2 ^ 53 }):gives({ "1", "1.5", "1", "0", "", "9007199254740992" })
  run("return ARGV[1]", {}, { BINARY }):gives(BINARY)
  run("return ARGV[1]", {}, { MEBIBYTE }):gives(MEBIBYTE)
  run("return #ARGV[1]", {}, { MEBIBYTE }):gives(1048576)
  run("return ARGV", {}, { {} }):fails("unable to convert Lua value of type table")
  run("return ARGV", {}, { print }):fails("unable to convert Lua value of type function")
  call("redis_run_script", handle, "return { #KEYS, #ARGV }", "", { k }):gives({ 1, 0 })
  call("redis_run_script", handle, "return { #KEYS, #ARGV }", ""):gives({ 0, 0 })

  -- Commands from inside
  call("redis_del", handle, hash)
  run("return redis.call('SET', KEYS[1], ARGV[1])", { k }, { "v" }):gives("OK")
  call("redis_get", handle, k):gives("v")
  run("return redis.call('GET', KEYS[1])", { k }):gives("v")
  run("return redis.call('DEL', KEYS[1])", { k }):gives(1)
  run("return redis.call('GET', KEYS[1])", { k }):fails(check.NIL)
  run("return redis.call('GET', KEYS[1]) == false", { k }):gives(1)
  run("return redis.call('HSET', KEYS[1], 'a', 1, 'b', 2)", { hash }):gives(2)
  run("return redis.call('HGETALL', KEYS[1])", { hash }):gives({ "a", "1", "b", "2" })
  run("return redis.call('HMGET', KEYS[1], 'a', 'z', 'b')", { hash }):gives({ "1", nil, "2" })
  run("return redis.call('GET', KEYS[1])", { hash }):fails_like("^" .. check.WRONG_TYPE)
  run("return redis.pcall('GET', KEYS[1])", { hash }):fails(check.WRONG_TYPE)
  run("local r = redis.pcall('GET', KEYS[1]); return { type(r), r.err }", { hash }):gives({ "table", check.WRONG_TYPE })
  run("local ok, e = pcall(redis.call, 'GET', KEYS[1]); return ok and 'fine' or 'caught'", { hash }):gives("caught")
  run("return redis.call('SET', KEYS[1], 1).ok", { k }):gives("OK")
  run("return redis.call('INCR', KEYS[1]) + 0.5", { k }):gives(2)
  run("return type(redis.call('GET', KEYS[1]))", { k }):gives("string")
  run("redis.call('SET', KEYS[1], 'first'); return redis.call('HGET', KEYS[1], 'f')", { k }):fails_like("^WRONGTYPE")
  call("redis_get", handle, k):gives("first")

  -- What scripts have besides
  run("return redis.sha1hex('')"):gives("da39a3ee5e6b4b0d3255bfef95601890afd80709")
  run("redis.log(redis.LOG_DEBUG, 'a line'); return 1"):gives(1)
  run("return cjson.encode({ 1, 2, 'x' })"):gives('[1,2,"x"]')
  run("return cjson.decode(ARGV[1]).a[2]", {}, { '{"a": [1, "two"]}' }):gives("two")
  run("return { tostring(io), tostring(print), type(string.format) }"):fails_like("nonexistent global variable 'io'")
  run("return tonumber('10') + string.len('abc')"):gives(13)

  -- A fixed window in one step, as rate limits do it.
  local window = key("window")
  call("redis_del", handle, window)
  local LIMIT = [[
    local count = redis.call('INCR', KEYS[1])
    if count == 1 then
      redis.call('EXPIRE', KEYS[1], ARGV[1])
    end
    return { count, redis.call('TTL', KEYS[1]) > 90 }
  ]]
  call("redis_upload_script", handle, LIMIT, "conformance_limit"):gives_like(check.SHA1)
  for count = 1, 3 do
    call("redis_run_script", handle, "", "conformance_limit", { window }, { 100 }):gives({ count, 1 })
  end
end

-- redis_eval_ro and redis_publish.
for _, handle in ipairs(check.handles()) do
  local k = key("read only")
  call("redis_set", handle, k, "v")
  call("redis_eval_ro", handle, "return { KEYS[1], ARGV[1], redis.call('GET', KEYS[1]) }", { k }, { 5 }):gives({ k, "5", "v" })
  call("redis_eval_ro", handle, "return 1"):gives(1)
  call("redis_eval_ro", handle, "return nil", {}, {}):fails(check.NIL)
  call("redis_eval_ro", handle, "return redis.call('DEL', KEYS[1])", { k }):fails_like("Write commands are not allowed")
  call("redis_get", handle, k):gives("v")
  call("redis_eval_ro", handle, "return redis.error_reply('MINE own')", {}):fails("MINE own")
  call("redis_eval_ro", handle):raises("bad argument #2 to 'redis_eval_ro' (string expected, got no value)")
  call("redis_publish", handle, "nautiloid:nobody", "hello"):gives(0)
  call("redis_publish", handle, "nautiloid:nobody", {}):fails("unable to convert Lua value of type table")
end

return check.report()
