-- `require`, `dynamic_loader` and `package`.
--
-- A module of a script's own is run once a VM, in globals of its own, and what it returns is shared by all requests of
-- the worker; the built-in modules are read-only.

local rust, sandbox = ...
local base, new_environment = sandbox.base, sandbox.new_environment
local setfenv, getfenv, pcall = sandbox.setfenv, sandbox.getfenv, sandbox.pcall
local error, type, next, setmetatable = error, type, next, setmetatable
local sort, concat = table.sort, table.concat

-- Every module there is by now; scripts get a view of it.
local loaded = {}
for name, functions in next, rust.modules do
    loaded[name] = sandbox.view(name, functions)
end
for name, library in next, base do
    if type(library) == "table" then
        loaded[name] = library
    end
end
rust.modules = nil

local OLD_NAMES, OLD_PREFIX = rust.old_names, "^" .. rust.old_prefix .. "(.+)$"

-- The modules that names have led to: those are asked for over and over, at the top of each script, for each request.
local resolved = {}

local function canonical(name)
    return OLD_NAMES[name] or name:match(OLD_PREFIX) or name
end

local function known_names()
    local names = {}
    for name in next, loaded do
        names[#names + 1] = name
    end
    sort(names)
    return concat(names, ", ")
end

-- Which module's file is being run in which globals: a module that requires itself shows as a chain that repeats.
local running = setmetatable({}, { __mode = "k" })

local function is_running(name, env)
    local entry = running[env]
    while entry do
        if entry.name == name then
            return true
        end
        entry = running[entry.outer]
    end
    return false
end

local function check_name(name, caller)
    if type(name) ~= "string" then
        error("bad argument #1 to '" .. caller .. "' (string expected, got " .. type(name) .. ")", 3)
    end
    return canonical(name)
end

function base.require(name)
    local value = resolved[name]
    if value ~= nil then
        return value
    end
    local module = check_name(name, "require")
    value = loaded[module]
    if value ~= nil then
        resolved[name] = value
        return value
    end
    local outer = getfenv(0)
    if is_running(module, outer) then
        error("module '" .. name .. "' requires itself, directly or through another module", 2)
    end
    local chunk, problem = rust.find_module(module)
    if not chunk then
        error("module '" .. name .. "' not found: " .. problem .. "\n\tmodules there are: " .. known_names(), 2)
    end
    local env = new_environment()
    running[env] = { name = module, outer = outer }
    setfenv(chunk, env)
    setfenv(0, env)
    local ok, result = pcall(chunk, module)
    setfenv(0, outer)
    if not ok then
        error(result, 0)
    end
    -- Another request may have loaded it while this one waited for Redis: the first stays.
    if loaded[module] == nil then
        loaded[module] = result == nil and true or result
    end
    return loaded[module]
end

function base.dynamic_loader(name)
    local module = check_name(name, "dynamic_loader")
    if loaded[module] == nil and not rust.module_exists(module) then
        rust.warn_unknown_module(name)
    end
end

base.package = sandbox.view("package", { loaded = sandbox.view("package.loaded", loaded), path = rust.package_path })
