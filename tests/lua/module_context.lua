-- nauthilus_context: values of one request. (That requests never see each other's is tested through HTTP.)

local check = require("check")
local context = require("nauthilus_context")
local equal = check.equal

equal(context.context_get("missing"), nil, "get before anything is set")
equal(select("#", context.context_set("a", "text")), 0, "set gives nothing")
equal(context.context_get("a"), "text", "get")
for _, value in ipairs({ 42, 1.5, true, false, "bytes \0\r\n", "" }) do
  context.context_set("a", value)
  equal(context.context_get("a"), value, "get of what was set")
end
local list = { 1, { 2 } }
context.context_set("list", list)
equal(context.context_get("list"), list, "a table is kept as it is")
context.context_set("a", nil)
equal(context.context_get("a"), nil, "set to nil")
context.context_delete("list")
equal(context.context_get("list"), nil, "delete")
context.context_delete("missing")
context.context_set("from a coroutine", coroutine.wrap(function()
  context.context_set("inside", "seen")
  return "v"
end)())
equal({ context.context_get("inside"), context.context_get("from a coroutine") }, { "seen", "v" }, "in coroutines, too")
check.error(function() context.context_set() end, "bad argument #1 to 'context_set' %(string expected, got no value%)", "set of nothing")
check.error(function() context.context_set("a") end, "bad argument #2 to 'context_set' %(value expected, got no value%)", "set without a value")
check.error(function() context.context_get() end, "bad argument #1 to 'context_get' %(string expected, got no value%)", "get of nothing")
check.error(function() context.context_delete({}) end, "bad argument #1 to 'context_delete' %(string expected, got table%)", "delete of a table")

-- Outside HTTP there is no request to read.
local http = require("nauthilus_http_request")
check.error(http.get_http_method, "no HTTP request", "get_http_method outside a hook")

return check.report()
