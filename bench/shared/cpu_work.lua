-- What cpu does, for every program: JSON of 50 fields there and back, and some work on strings.

return function(encode, decode)
  local record = {}
  for i = 1, 50 do
    record["field" .. i] = { name = "user" .. i, tries = i, allowed = i % 2 == 0 }
  end
  local text = encode(record)
  local copy = decode(text)

  local words, letters = 0, {}
  for name in pairs(copy) do
    local upper = name:upper():gsub("FIELD", "f"):reverse()
    letters[#letters + 1] = upper:sub(1, 1)
    if upper:find("^%d+f$") then
      words = words + 1
    end
  end
  table.sort(letters)
  return { bytes = #text, words = words, first = letters[1], last = letters[#letters] }
end
