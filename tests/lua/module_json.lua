-- json.encode, json.decode

local check = require("check")
local json = require("json")
local equal = check.equal

-- encode
for _, case in ipairs({
  { "text", '"text"' },
  { "", '""' },
  { 'quote " backslash \\ newline \n tab \t', '"quote \\" backslash \\\\ newline \\n tab \\t"' },
  { "Grüße", '"Grüße"' },
  { 0, "0" },
  { -1, "-1" },
  { 1.5, "1.5" },
  { 2 ^ 53, "9007199254740992" },
  { true, "true" },
  { false, "false" },
  { {}, "[]" },
  { { 1, "two", { 3 } }, '[1,"two",[3]]' },
  { { b = 1, a = { c = true } }, '{"a":{"c":true},"b":1}' },
  { { { id = 1 }, { id = 2 } }, '[{"id":1},{"id":2}]' },
}) do
  equal(json.encode(case[1]), case[2], "encode")
end
equal(json.encode(nil), "null", "encode of nil")
local cycle = {}
cycle.itself = cycle
for what, value in pairs({
  cycle = cycle,
  ["function"] = print,
  ["function inside"] = { f = print },
  infinity = math.huge,
  ["not a number"] = 0 / 0,
  thread = coroutine.create(print),
}) do
  local text, err = json.encode(value)
  equal(text, nil, "encode of a " .. what)
  equal(type(err), "string", "its error")
end
check.error(function() json.encode() end, "bad argument #1 to 'encode' %(value expected, got no value%)", "encode of nothing")

-- decode
for _, case in ipairs({
  { '"text"', "text" },
  { '"\\u0041\\n\\u00fc\\ud83d\\ude00"', "A\nü😀" },
  { " 42 ", 42 },
  { "-1.5e3", -1500 },
  { "9007199254740992", 2 ^ 53 },
  { "true", true },
  { "false", false },
  { "[]", {} },
  { "{}", {} },
  { '[1, "two", [3]]', { 1, "two", { 3 } } },
  { '{"a": {"b": [true]}}', { a = { b = { true } } } },
}) do
  equal(json.decode(case[1]), case[2], "decode of " .. case[1])
end
for _, text in ipairs({ "", "{", "[1,]", "nonsense", '{"a" 1}', "'x'", "[1] 2", "\255" }) do
  local value, err = json.decode(text)
  equal(value, nil, "decode of " .. text)
  equal(type(err), "string", "its error")
end
local deep = ("["):rep(100000)
equal(json.decode(deep), nil, "decode of what is nested too deeply")
check.error(function() json.decode() end, "bad argument #1 to 'decode' %(string expected, got no value%)", "decode of nothing")
check.error(function() json.decode({}) end, "bad argument #1 to 'decode' %(string expected, got table%)", "decode of a table")

-- There and back
local value = { name = "ann", tags = { "a", "b" }, limits = { max = 10, rate = 0.25 }, active = true }
equal(json.decode(json.encode(value)), value, "there and back")

return check.report()
