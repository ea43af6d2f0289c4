-- For loader.lua: a module whose code fails when it is loaded.

error("broken on purpose")
