-- redis_lpush, redis_rpush, redis_lpushx, redis_rpushx, redis_lpop, redis_rpop, redis_llen, redis_lrange, redis_lindex,
-- redis_lpos, redis_linsert, redis_lset, redis_lrem, redis_ltrim, redis_lmove

local check = require("check")
local redis = require("nauthilus_redis")
local call, key = check.call, check.keys("lists")

local MEBIBYTE = ("0123456789abcdef"):rep(65536)
local BINARY = "\0\r\n\255*$"

for _, handle in ipairs(check.handles()) do
  local k, absent, text = key("k"), key("absent"), key("text")
  call("redis_del", handle, k)
  call("redis_set", handle, text, "a string"):gives("OK")

  local function holds(want, name)
    call("redis_lrange", handle, name or k, 0, -1):gives(want)
  end

  -- redis_lpush, redis_rpush: one after the other, or a table.
  call("redis_rpush", handle, k, "a"):gives(1)
  call("redis_rpush", handle, k, "b", "c"):gives(3)
  call("redis_rpush", handle, k, { "d", "e" }):gives(5)
  call("redis_lpush", handle, k, "y", "x"):gives(7)
  call("redis_lpush", handle, k, { "w" }):gives(8)
  call("redis_rpush", handle, k, "a", "a"):gives(10)
  holds({ "w", "x", "y", "a", "b", "c", "d", "e", "a", "a" })
  for _, name in ipairs({ "redis_lpush", "redis_rpush", "redis_lpushx", "redis_rpushx" }) do
    call(name, handle, k):raises(("bad argument #3 to '%s' (value expected, got no value)"):format(name))
    call(name, handle, k, {}):fails("invalid number of arguments")
    call(name, handle, k, print):fails("unable to convert Lua value of type function")
    call(name, handle, k, "f", {}):fails("unable to convert Lua value of type table")
    call(name, handle, k, { "f", {} }):fails("unable to convert Lua value of type table")
    call(name, handle, k, { "f" }, "g"):fails("unable to convert Lua value of type table")
    call(name, handle, k, nil):fails("unable to convert Lua value of type nil")
    call(name, handle, text, "a"):fails(check.WRONG_TYPE)
  end
  call("redis_llen", handle, k):gives(10)
  call("redis_llen", handle, absent):gives(0)
  call("redis_llen", handle, text):fails(check.WRONG_TYPE)

  -- redis_lpushx, redis_rpushx
  call("redis_lpushx", handle, absent, "a"):gives(0)
  call("redis_rpushx", handle, absent, "a", "b"):gives(0)
  call("redis_exists", handle, absent):gives(0)
  call("redis_lpushx", handle, k, "v", "u"):gives(12)
  call("redis_rpushx", handle, k, { "z" }):gives(13)
  holds({ "u", "v", "w", "x", "y", "a", "b", "c", "d", "e", "a", "a", "z" })

  -- redis_lpop, redis_rpop
  call("redis_lpop", handle, k):gives("u")
  call("redis_rpop", handle, k):gives("z")
  call("redis_lpop", handle, k, 1):gives({ "v" })
  call("redis_lpop", handle, k, 3):gives({ "w", "x", "y" })
  call("redis_rpop", handle, k, 2):gives({ "a", "a" })
  call("redis_lpop", handle, k, 0):gives({})
  call("redis_rpop", handle, k, 0):gives({})
  call("redis_lpop", handle, k, nil):gives("a")
  call("redis_lpop", handle, k, "1"):gives({ "b" })
  call("redis_lpop", handle, k, -1):fails("ERR value is out of range, must be positive")
  call("redis_rpop", handle, k, -1):fails("ERR value is out of range, must be positive")
  call("redis_lpop", handle, k, 0.5):raises("bad argument #3 to 'redis_lpop' (integer expected, got 0.5)")
  call("redis_rpop", handle, k, 100):gives({ "e", "d", "c" })
  -- The last element takes the key with it.
  call("redis_exists", handle, k):gives(0)
  for _, name in ipairs({ "redis_lpop", "redis_rpop" }) do
    call(name, handle, absent):fails(check.NIL)
    call(name, handle, absent, 3):fails(check.NIL)
    call(name, handle, absent, 0):fails(check.NIL)
    call(name, handle, text):fails(check.WRONG_TYPE)
    call(name, handle, text, 3):fails(check.WRONG_TYPE)
  end

  -- redis_lrange, redis_lindex: from either end, and past it.
  local letters = { "a", "b", "c", "d", "e" }
  call("redis_rpush", handle, k, letters):gives(5)
  for _, range in ipairs({
    { 0, 0, 1, 1 }, { 0, 2, 1, 3 }, { 3, 4, 4, 5 }, { -1, -1, 5, 5 }, { -3, -2, 3, 4 }, { 3, 100, 4, 5 }, { -100, 1, 1, 2 },
    { 0, -10, 1, 0 }, { 4, 2, 1, 0 }, { 5, 20, 1, 0 }, { -1, 0, 1, 0 }, { -2 ^ 53, 2 ^ 53, 1, 5 }, { 1, -2, 2, 4 },
  }) do
    local start, stop, first, last = unpack(range)
    call("redis_lrange", handle, k, start, stop):gives({ unpack(letters, first, last) })
  end
  call("redis_lrange", handle, absent, 0, -1):gives({})
  call("redis_lrange", handle, text, 0, -1):fails(check.WRONG_TYPE)
  call("redis_lindex", handle, k, 0):gives("a")
  call("redis_lindex", handle, k, 4):gives("e")
  call("redis_lindex", handle, k, -1):gives("e")
  call("redis_lindex", handle, k, -5):gives("a")
  call("redis_lindex", handle, k, 5):fails(check.NIL)
  call("redis_lindex", handle, k, -6):fails(check.NIL)
  call("redis_lindex", handle, k, "2"):gives("c")
  call("redis_lindex", handle, absent, 0):fails(check.NIL)
  call("redis_lindex", handle, text, 0):fails(check.WRONG_TYPE)

  -- redis_lset
  call("redis_lset", handle, k, 0, "A"):gives("OK")
  call("redis_lset", handle, k, -1, 5):gives("OK")
  call("redis_lset", handle, k, 2, true):gives("OK")
  call("redis_lset", handle, k, 5, "f"):fails("ERR index out of range")
  call("redis_lset", handle, k, -6, "f"):fails("ERR index out of range")
  call("redis_lset", handle, k, 0, {}):fails("unable to convert Lua value of type table")
  call("redis_lset", handle, k, 0):raises("bad argument #4 to 'redis_lset' (value expected, got no value)")
  call("redis_lset", handle, absent, 0, "a"):fails("ERR no such key")
  call("redis_lset", handle, text, 0, "a"):fails(check.WRONG_TYPE)
  holds({ "A", "b", "1", "d", "5" })

  -- redis_linsert
  call("redis_linsert", handle, k, "before", "A", "0"):gives(6)
  call("redis_linsert", handle, k, "after", 5, "6"):gives(7)
  call("redis_linsert", handle, k, "BEFORE", "d", "c"):gives(8)
  call("redis_linsert", handle, k, "After", "b", "b"):gives(9)
  call("redis_linsert", handle, k, "after", "b", "first b"):gives(10)
  holds({ "0", "A", "b", "first b", "b", "1", "c", "d", "5", "6" })
  call("redis_linsert", handle, k, "before", "nothing", "x"):gives(-1)
  call("redis_linsert", handle, absent, "before", "a", "x"):gives(0)
  call("redis_exists", handle, absent):gives(0)
  call("redis_linsert", handle, text, "before", "a", "x"):fails(check.WRONG_TYPE)
  call("redis_linsert", handle, k, "behind", "a", "x"):raises(
    "bad argument #3 to 'redis_linsert' (\"before\" or \"after\" expected, got \"behind\")"
  )
  call("redis_linsert", handle, k, {}, "a", "x"):raises("bad argument #3 to 'redis_linsert' (string expected, got table)")
  call("redis_linsert", handle, k, "after", "a"):raises("bad argument #5 to 'redis_linsert' (value expected, got no value)")
  call("redis_linsert", handle, k, "after", {}, "x"):fails("unable to convert Lua value of type table")
  call("redis_del", handle, k):gives("OK", nil, 1)

  -- redis_lrem
  call("redis_rpush", handle, k, "a", "b", "a", "c", "a", "b", "a"):gives(7)
  call("redis_lrem", handle, k, 1, "a"):gives(1)
  call("redis_lrem", handle, k, -1, "a"):gives(1)
  holds({ "b", "a", "c", "a", "b" })
  call("redis_lrem", handle, k, -5, "b"):gives(2)
  call("redis_lrem", handle, k, 0, "z"):gives(0)
  call("redis_lrem", handle, k, 0, "a"):gives(2)
  holds({ "c" })
  call("redis_lrem", handle, k, 0, "c"):gives(1)
  call("redis_exists", handle, k):gives(0)
  call("redis_lrem", handle, absent, 0, "a"):gives(0)
  call("redis_lrem", handle, text, 0, "a"):fails(check.WRONG_TYPE)
  call("redis_lrem", handle, k, "a", 0):raises("bad argument #3 to 'redis_lrem' (number expected, got string)")

  -- redis_ltrim
  for _, range in ipairs({
    { 0, -1, 1, 5 }, { 1, 3, 2, 4 }, { -2, -1, 4, 5 }, { 0, 0, 1, 1 }, { 3, 100, 4, 5 }, { -100, 2, 1, 3 }, { 1, -2, 2, 4 },
  }) do
    local start, stop, first, last = unpack(range)
    call("redis_rpush", handle, k, letters):gives(5)
    call("redis_ltrim", handle, k, start, stop):gives("OK")
    holds({ unpack(letters, first, last) })
    call("redis_del", handle, k):gives("OK", nil, 1)
  end
  for _, range in ipairs({ { 5, 10 }, { 3, 1 }, { -1, 0 }, { 0, -6 } }) do
    call("redis_rpush", handle, k, letters):gives(5)
    call("redis_ltrim", handle, k, range[1], range[2]):gives("OK")
    call("redis_exists", handle, k):gives(0)
  end
  call("redis_ltrim", handle, absent, 0, 1):gives("OK")
  call("redis_ltrim", handle, text, 0, 1):fails(check.WRONG_TYPE)

  -- redis_lpos
  call("redis_rpush", handle, k, "a", "b", "c", "1", "2", "3", "c", "c"):gives(8)
  call("redis_lpos", handle, k, "c"):gives(2)
  call("redis_lpos", handle, k, 1):gives(3)
  call("redis_lpos", handle, k, "z"):fails(check.NIL)
  call("redis_lpos", handle, k, "c", {}):gives(2)
  call("redis_lpos", handle, k, "c", nil):gives(2)
  call("redis_lpos", handle, k, "c", { rank = 1 }):gives(2)
  call("redis_lpos", handle, k, "c", { rank = 2 }):gives(6)
  call("redis_lpos", handle, k, "c", { rank = -1 }):gives(7)
  call("redis_lpos", handle, k, "c", { rank = 4 }):fails(check.NIL)
  call("redis_lpos", handle, k, "c", { count = 2 }):gives({ 2, 6 })
  call("redis_lpos", handle, k, "c", { count = 0 }):gives({ 2, 6, 7 })
  call("redis_lpos", handle, k, "c", { count = 2, rank = -1 }):gives({ 7, 6 })
  call("redis_lpos", handle, k, "c", { count = 0, rank = 2 }):gives({ 6, 7 })
  call("redis_lpos", handle, k, "c", { count = 0, maxlen = 7 }):gives({ 2, 6 })
  call("redis_lpos", handle, k, "c", { maxlen = 2 }):fails(check.NIL)
  call("redis_lpos", handle, k, "c", { maxlen = 1, rank = -1 }):gives(7)
  call("redis_lpos", handle, k, "c", { maxlen = 0, count = 1 }):gives({ 2 })
  call("redis_lpos", handle, k, "z", { count = 1 }):gives({})
  call("redis_lpos", handle, absent, "a"):fails(check.NIL)
  call("redis_lpos", handle, absent, "a", { count = 1 }):gives({})
  call("redis_lpos", handle, text, "a"):fails(check.WRONG_TYPE)
  call("redis_lpos", handle, k, "c", { rank = 0 }):fails_like("^ERR RANK can't be zero")
  call("redis_lpos", handle, k, "c", { rank = "1" }):raises("(option 'rank': an integer expected, got string)")
  call("redis_lpos", handle, k, "c", { count = -1 }):raises("(option 'count': an integer of 0 or more expected, got -1)")
  call("redis_lpos", handle, k, "c", { start = 1 }):raises("(unknown option 'start': there are rank, count, maxlen)")
  call("redis_lpos", handle, k, "c", 1):raises("bad argument #4 to 'redis_lpos' (table expected, got number)")
  call("redis_del", handle, k):gives("OK", nil, 1)

  -- redis_lmove
  local from, to, other_text = key("{moved}:from"), key("{moved}:to"), key("{moved}:text")
  call("redis_set", handle, other_text, "a string"):gives("OK")
  call("redis_rpush", handle, from, letters):gives(5)
  call("redis_lmove", handle, from, to, "left", "right"):gives("a")
  call("redis_lmove", handle, from, to, "right", "right"):gives("e")
  call("redis_lmove", handle, from, to, "LEFT", "Left"):gives("b")
  call("redis_lmove", handle, from, to, "right", "left"):gives("d")
  holds({ "c" }, from)
  holds({ "d", "b", "a", "e" }, to)
  call("redis_lmove", handle, to, to, "right", "left"):gives("e")
  holds({ "e", "d", "b", "a" }, to)
  call("redis_lmove", handle, to, to, "left", "left"):gives("e")
  holds({ "e", "d", "b", "a" }, to)
  call("redis_lmove", handle, from, other_text, "left", "left"):fails(check.WRONG_TYPE)
  call("redis_lmove", handle, from, to, "left", "right"):gives("c")
  call("redis_exists", handle, from):gives(0)
  call("redis_lmove", handle, from, to, "left", "right"):fails(check.NIL)
  call("redis_lmove", handle, other_text, to, "left", "right"):fails(check.WRONG_TYPE)
  call("redis_lmove", handle, from, to, "up", "left"):raises(
    "bad argument #4 to 'redis_lmove' (\"left\" or \"right\" expected, got \"up\")"
  )
  call("redis_lmove", handle, from, to, "left"):raises("bad argument #5 to 'redis_lmove' (string expected, got no value)")
  call("redis_del", handle, to):gives("OK", nil, 1)

  -- Elements are bytes: numbers and booleans are their text, and come back as strings.
  call("redis_rpush", handle, k, 1, 1.5, 2 ^ 53, true, false, -1, BINARY, "", MEBIBYTE):gives(9)
  holds({ "1", "1.5", "9007199254740992", "1", "0", "-1", BINARY, "", MEBIBYTE })
  call("redis_lpos", handle, k, BINARY):gives(6)
  call("redis_lpos", handle, k, ""):gives(7)
  call("redis_lpos", handle, k, false):gives(4)
  call("redis_lindex", handle, k, -1):gives(MEBIBYTE)
  call("redis_linsert", handle, k, "after", BINARY, BINARY .. "2"):gives(10)
  call("redis_lrem", handle, k, 0, true):gives(2)
  call("redis_rpop", handle, k, 3):gives({ MEBIBYTE, "", BINARY .. "2" })
  call("redis_lset", handle, k, -1, ""):gives("OK")
  call("redis_rpop", handle, k):gives("")
  call("redis_del", handle, k):gives("OK", nil, 1)
end

-- Many elements at once: Redis keeps long lists in pieces.
local many, elements = key("many"), {}
for i = 1, 5000 do
  elements[i] = "element " .. i
end
call("redis_rpush", "default", many, elements):gives(5000)
call("redis_lrange", "default", many, 0, -1):gives(elements)
call("redis_lindex", "default", many, 2500):gives("element 2501")
call("redis_lindex", "default", many, -2500):gives("element 2501")
call("redis_lpos", "default", many, "element 4000"):gives(3999)
call("redis_linsert", "default", many, "before", "element 2500", "in between"):gives(5001)
call("redis_lrange", "default", many, 2498, 2500):gives({ "element 2499", "in between", "element 2500" })
call("redis_lrem", "default", many, -1, "in between"):gives(1)
call("redis_ltrim", "default", many, 10, -11):gives("OK")
call("redis_llen", "default", many):gives(4980)
check.equal(#assert(redis.redis_lpop("default", many, 4979)), 4979, "many elements popped")
call("redis_rpop", "default", many, 2):gives({ "element 4990" })

return check.report()
