-- Strings in every form, and what string functions do with them.
local text = 'it' .. "'s" and "a\tb\\\"c\x41\065\z
              d"
local long = [[
first
second]]
local longer = [==[ ]] ]=] ]==]

local function trim(s)
  return (s:gsub("^%s+", ""):gsub("%s+$", ""))
end

local function split(s, separator)
  local parts = {}
  for part in (s .. separator):gmatch("(.-)" .. separator:gsub("%p", "%%%0")) do
    parts[#parts + 1] = trim(part)
  end
  return unpack(parts)
end

local upper = ("x"):rep(3):upper()
local counts = setmetatable({}, {
  __index = function()
    return 0
  end,
})
text = text:gsub("%a", function(letter)
  counts[letter] = counts[letter] + 1
  return letter:lower()
end)
return { trim("  a "), long, longer, upper, text, #text, select("#", split("a, b", ",")), ("%5.2f"):format(math.pi) }
