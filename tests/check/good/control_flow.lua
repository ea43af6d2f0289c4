-- goto, labels, nested loops, and blocks without end.
local bit = bit

local function primes(limit)
  local found = {}
  for n = 2, limit do
    for _, p in ipairs(found) do
      if p * p > n then
        break
      end
      if n % p == 0 then
        goto next_number
      end
    end
    found[#found + 1] = n
    ::next_number::
  end
  return found
end

local function classify(n)
  if n < 0 then
    return "negative"
  elseif n == 0 then
    return "zero"
  else
    do
      local even = bit.band(n, 1) == 0
      return even and "even" or "odd"
    end
  end
end

local count = 0
repeat
  local done = count >= 5
  count = count + 1
until done

while true do
  if count > 10 then
    break
  end
  count = count * 2;
end

return primes(30), classify(count), #"abc" ^ 2, -count % 7, 1 .. 2, not (count == 3)
