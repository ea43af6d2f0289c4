-- For loader.lua: the other module.

return require("requires_itself")
