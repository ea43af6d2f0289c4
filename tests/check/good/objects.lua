-- Classes with inheritance, operators and private state.
local Animal = {}
Animal.__index = Animal

function Animal.new(class, name)
  return setmetatable({ name = name }, class)
end

function Animal:speak()
  return self.name .. " says " .. self:sound()
end

function Animal.sound()
  return "nothing"
end

local Dog = setmetatable({ __index = nil }, { __index = Animal })
Dog.__index = Dog
Dog.__eq = function(a, b)
  return a.name == b.name
end
Dog.__lt = function(a, b)
  return a.name < b.name
end
Dog.__call = function(self, ...)
  return self.name, ...
end

function Dog.sound()
  return "woof"
end

local function counter()
  local count = 0
  return {
    up = function(step)
      count = count + (step or 1)
      return count
    end,
    get = function()
      return count
    end,
  }
end

local rex, fido = Dog:new("Rex"), Dog:new("Fido")
local c = counter()
c.up()
c.up(5)
return { rex:speak(), rex == fido, fido < rex, c.get(), (rex(1, 2)) }
