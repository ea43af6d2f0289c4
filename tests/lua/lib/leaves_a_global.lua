-- For loader.lua: a module that forgets a `local`.

forgotten = "set by a module"

return { read = function() return forgotten end }
