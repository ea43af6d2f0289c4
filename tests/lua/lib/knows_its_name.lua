-- For loader.lua: a module that is told its name.

return { name = ... }
