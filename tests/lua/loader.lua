-- dynamic_loader and require

local check = require("check")
local equal, key = check.equal, check.keys("loader")

-- dynamic_loader gives nothing and can be called again, before require or after it, or not at all.
equal(select("#", dynamic_loader("nauthilus_redis")), 0, "results of dynamic_loader")
dynamic_loader("nauthilus_redis")
local redis = require("nauthilus_redis")
dynamic_loader("nauthilus_redis")
equal(require("nauthilus_redis"), redis, "require gives the same table each time")
equal(rawequal(require("nauthilus_redis"), redis), true, "the very same")
for _, name in ipairs({
  "nauthilus_redis",
  "nauthilus_context",
  "nauthilus_http_request",
  "nauthilus_http_response",
  "json",
  "time",
}) do
  equal(type(require(name)), "table", "require without dynamic_loader: " .. name)
  dynamic_loader(name)
  equal(type(require(name)), "table", "require after dynamic_loader: " .. name)
end

-- Lua's own libraries are modules, too.
equal(require("string"), string, "require of a library")
equal(require("table").concat({ "a", "b" }, "-"), "a-b", "require of another")

-- Old names
dynamic_loader("nauthilus_gll_json")
equal(require("nauthilus_gll_json"), require("json"), "the old name of json")
equal(require("nauthilus_gll_time"), require("time"), "the old name of time")

-- Unknown names: dynamic_loader does not mind, require says what there is.
dynamic_loader("nauthilus_nonsense")
dynamic_loader("nauthilus_nonsense")
for _, name in ipairs({ "nauthilus_nonsense", "nauthilus_gll_nonsense", "ffi", "jit", "debug", "io" }) do
  local ok, err = pcall(require, name)
  equal(ok, false, "require of " .. name)
  check.matches(err, "module '" .. name .. "' not found", "names what was asked for")
  check.matches(err, "nauthilus_redis", "lists what there is")
  check.matches(err, "json", "all of it")
end
for _, name in ipairs({ "", "..", "../check", "/etc/passwd", "lib/check", "check.lua", "a..b", "check\0", "check\255" }) do
  check.error(function() require(name) end, "not found", "require of a name that is a path")
end
equal(select("#", dynamic_loader("\255")), 0, "dynamic_loader of a name that is not UTF-8")
local _, not_text = pcall(require, "\255")
equal(type(not_text), "string", "require of a name that is not UTF-8: an error like any other")
check.error(function() require() end, "bad argument #1 to 'require' %(string expected, got nil%)", "require of nothing")
check.error(function() require({}) end, "bad argument #1 to 'require' %(string expected, got table%)", "require of a table")
check.error(function() dynamic_loader() end, "bad argument #1 to 'dynamic_loader'", "dynamic_loader of nothing")

-- Modules of a script's own
local knows = require("knows_its_name")
equal(rawequal(knows, require("knows_its_name")), true, "a module is loaded once")
equal(knows.name, "knows_its_name", "a module gets its name")
equal(require("folder.module").where, "in a folder", "a dot is a folder")
equal(require("returns_nothing"), true, "a module that returns nothing")
equal(require("leaves_a_global").read(), "set by a module", "a module has globals of its own")
equal(forgotten, nil, "the script does not see them")
for _ = 1, 2 do
  check.error(function() require("is_broken") end, "is_broken%.lua:3: broken on purpose", "a module that fails")
  check.error(function() require("has_a_syntax_error") end, "has_a_syntax_error%.lua:3:", "a module that cannot be compiled")
  check.error(function() require("requires_itself") end, "requires itself", "a module that requires itself")
end
redis.redis_set("default", key("read while loading"), "found")
check.works_or_names(function() return require("calls_redis").value end, "found", "redis_get", "a call while loading")
equal(coroutine.wrap(function() return require("check") end)(), check, "require inside a coroutine")

-- What is loaded can be looked at, not changed.
equal(package.loaded.nauthilus_redis, redis, "package.loaded")
check.error(function() package.loaded.nauthilus_redis = {} end, "read%-only", "package.loaded cannot be changed")
equal(type(package.path), "string", "package.path")
equal(package.loadlib, nil, "package.loadlib")

return check.report()
