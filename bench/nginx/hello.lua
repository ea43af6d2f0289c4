-- No Redis: the same as ../nautiloid/hello.lua.

local json = require("cjson.safe")

ngx.print(json.encode({ hello = "world" }))
