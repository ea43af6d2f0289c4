-- No Redis: the same as ../nginx/hello.lua.

function nauthilus_run_hook(request)
  return { hello = "world" }
end
