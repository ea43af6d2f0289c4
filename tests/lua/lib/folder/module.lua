-- For loader.lua: a module in a folder, `folder.module`.

return { where = "in a folder" }
