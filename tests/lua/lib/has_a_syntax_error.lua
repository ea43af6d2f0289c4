-- For loader.lua: a module that cannot be compiled.

local x = = 1
