-- For loader.lua: a module that requires itself by way of another.

return require("requires_itself_back")
