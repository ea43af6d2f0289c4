-- The globals that scripts see, and how their functions wait.
--
-- Runs once a VM. It takes what it needs from Lua's own libraries before any script runs, and hands out tables that
-- scripts can read and not change, since all requests of a worker share them.
--

local rust = ...
local PENDING = rust.pending

local error, getmetatable, setmetatable, type, select = error, getmetatable, setmetatable, type, select
local next, tostring, rawset, pcall = next, tostring, rawset, pcall
local yield, resume, create, isyieldable, running =
    coroutine.yield, coroutine.resume, coroutine.create, coroutine.isyieldable, coroutine.running
local concat, insert, move = table.concat, table.insert, table.move
local native_load, setfenv = load, setfenv

-- Read-only views ---------------------------------------------------------------------------------------------------

local views = setmetatable({}, { __mode = "k" })

local function view(name, content)
    local proxy
    proxy = setmetatable({}, {
        __index = content,
        __newindex = function(_, key)
            error("'" .. name .. "' is read-only: cannot set '" .. tostring(key) .. "'; use a table of your own", 2)
        end,
        __pairs = function()
            return function(_, key)
                return next(content, key)
            end, proxy, nil
        end,
        __len = function()
            return #content
        end,
        __metatable = false,
    })
    views[proxy] = name
    return proxy
end

-- `rawset`, `table.insert` and `table.move` pass metatables by.
local function refuse_view(target)
    if views[target] then
        error("'" .. views[target] .. "' is read-only: use a table of your own", 3)
    end
end

-- Functions of modules ----------------------------------------------------------------------------------------------

local bind = rust.waiting()
local bind_direct = bind.direct

-- How many coroutines run inside callbacks that cannot wait: they themselves could, and would lose their way. Functions
-- that wait are told.
local blocked = 0
local set_blocked = rust.set_blocked

-- Each of these may fail half way, at the end of the stack. What is counted here is never less than what those functions
-- were told, so that the next request finds what to mend.
local function block()
    blocked = blocked + 1
    set_blocked(blocked)
end

local function unblock(...)
    set_blocked(blocked - 1)
    blocked = blocked - 1
    return ...
end

local function unblock_all()
    if blocked ~= 0 then
        set_blocked(0)
        blocked = 0
    end
end

-- Coroutines of scripts ---------------------------------------------------------------------------------------------

-- Every resumption is one on the thread's stack, too, which no error of Lua's protects: so many in each other at most.
-- Where a callback of a C function is in between, each can have thousands of such callbacks below it.
local MOST_NESTED, MOST_BLOCKED = 190, 8
local nested = 0

-- Coroutines that only their own request's driver may resume: the requests' own, and those that wait for an answer. A
-- script can keep one where another request finds it.
local driven = setmetatable({}, { __mode = "k" })

local function leave(...)
    nested = nested - 1
    return ...
end

local function enter(co, ...)
    nested = nested + 1
    return leave(resume(co, ...))
end

local function continue(co, ...)
    driven[co] = nil
    return enter(co, ...)
end

-- A function that waits inside a script's coroutine yields PENDING to whoever resumed it. That one passes it on
-- outward, to the driver, and hands the results back in; the script never sees it.
local function pass(co, ok, ...)
    if ok and (...) == PENDING then
        driven[co] = true
        return pass(co, continue(co, yield(PENDING)))
    end
    return ok, ...
end

local function resume_coroutine(co, ...)
    if type(co) ~= "thread" then
        error("bad argument #1 to 'resume' (coroutine expected, got " .. type(co) .. ")", 2)
    elseif driven[co] then
        return false, "cannot resume non-suspended coroutine"
    elseif nested >= MOST_NESTED or blocked >= MOST_BLOCKED then
        return false, "stack overflow: too many coroutines inside each other"
    elseif blocked > 0 or not isyieldable() then
        block()
        return unblock(enter(co, ...))
    end
    return pass(co, enter(co, ...))
end

-- The running coroutine is one that the driver resumes.
local function adopt()
    driven[running()] = true
end

-- A run of a script starts. Nothing else runs then, whatever an overflowing stack has cut short.
local function begin()
    unblock_all()
    nested = 0
end

local function raise_or_return(ok, ...)
    if ok then
        return ...
    end
    error((...), 0)
end

-- Those that scripts made. A request's own is none of them: what it yields would reach the driver.
local made_by_scripts = setmetatable({}, { __mode = "k" })

local function create_coroutine(f)
    if type(f) ~= "function" then
        error("bad argument #1 to 'create' (function expected, got " .. type(f) .. ")", 2)
    end
    local co = create(f)
    made_by_scripts[co] = true
    return co
end

local function yield_coroutine(...)
    if not made_by_scripts[running()] then
        error("attempt to yield from outside a coroutine", 2)
    end
    return yield(...)
end

local function wrap_coroutine(f)
    if type(f) ~= "function" then
        error("bad argument #1 to 'wrap' (function expected, got " .. type(f) .. ")", 2)
    end
    local co = create_coroutine(f)
    return function(...)
        return raise_or_return(resume_coroutine(co, ...))
    end
end

-- Libraries ---------------------------------------------------------------------------------------------------------

local function copy(source, names)
    local target = {}
    for name in names:gmatch("%S+") do
        target[name] = source[name]
    end
    return target
end

local libraries = {}

-- `string.gsub` takes more of the thread's stack than anything else that calls back, so that here, too, only so many
-- are in each other. Callbacks that end with an error are not counted down, which is mended as soon as there are none.
local MOST_CALLBACKS = 190
local callbacks = 0

local function restore(outer, ...)
    callbacks = outer
    return ...
end

local function counted(f)
    return function(...)
        if callbacks >= MOST_CALLBACKS then
            error("stack overflow: too many callbacks of string.gsub inside each other", 0)
        end
        local outer = callbacks
        callbacks = outer + 1
        return restore(outer, f(...))
    end
end

local gsub = string.gsub
function string.gsub(subject, pattern, replacement, most)
    if type(replacement) == "table" and getmetatable(replacement) ~= nil then
        local values = replacement
        replacement = function(name)
            return values[name]
        end
    end
    if type(replacement) == "function" then
        if blocked == 0 and isyieldable() then
            callbacks = 0
        end
        replacement = counted(replacement)
    end
    return gsub(subject, pattern, replacement, most)
end

-- Methods of strings reach this table past any view, so it must itself be harmless.
string.dump = nil
getmetatable("").__metatable = false
libraries.string = string

libraries.table = copy(table, "concat foreach foreachi getn maxn pack remove sort unpack")
function libraries.table.insert(target, ...)
    refuse_view(target)
    return insert(target, ...)
end

function libraries.table.move(source, first, last, to, target)
    refuse_view(target or source)
    return move(source, first, last, to, target)
end

libraries.math = copy(
    math,
    "abs acos asin atan atan2 ceil cos cosh deg exp floor fmod frexp huge ldexp log log10 max min modf pi pow rad random "
        .. "sin sinh sqrt tan tanh"
)
math.randomseed(rust.seed)
-- All requests of a worker share the generator; it is seeded from the operating system and nobody sets it again.
function libraries.math.randomseed() end

libraries.os = copy(os, "clock date difftime time")
libraries.os.getenv = bind_direct(rust.getenv)

libraries.bit = bit

libraries.coroutine = copy(coroutine, "isyieldable running status")
libraries.coroutine.create = create_coroutine
libraries.coroutine.yield = yield_coroutine
libraries.coroutine.resume = resume_coroutine
libraries.coroutine.wrap = wrap_coroutine

local base = copy(
    _G,
    "assert error getmetatable ipairs next pairs pcall rawequal rawget rawlen select setmetatable tonumber tostring type "
        .. "unpack xpcall _VERSION"
)

function base.rawset(target, key, value)
    refuse_view(target)
    return rawset(target, key, value)
end

function base.collectgarbage(option)
    -- The collector serves all requests of the worker: a script may ask how full the memory is, and no more.
    return option == "count" and collectgarbage("count") or 0
end

function base.print(...)
    local parts = {}
    for i = 1, select("#", ...) do
        parts[i] = tostring((select(i, ...)))
    end
    rust.print(concat(parts, "\t"))
end

-- Text only: bytecode can break out of the VM. A chunk gets the globals of the request that loads it.
function base.load(chunk, name, _, env)
    if type(chunk) == "function" then
        local pieces = {}
        for piece in chunk do
            if piece == "" then
                break
            elseif type(piece) ~= "string" then
                error("reader function must return a string", 2)
            end
            pieces[#pieces + 1] = piece
        end
        chunk = concat(pieces)
    elseif type(chunk) ~= "string" then
        error("bad argument #1 to 'load' (string or function expected, got " .. type(chunk) .. ")", 2)
    end
    if env ~= nil then
        return native_load(chunk, name or "=(load)", "t", env)
    end
    return native_load(chunk, name or "=(load)", "t")
end

function base.loadstring(chunk, name)
    if type(chunk) ~= "string" then
        error("bad argument #1 to 'loadstring' (string expected, got " .. type(chunk) .. ")", 2)
    end
    return native_load(chunk, name or chunk, "t")
end

for name, library in next, libraries do
    base[name] = view(name, library)
end

-- Environments ------------------------------------------------------------------------------------------------------

local environment_metatable = { __index = base, __metatable = false }

-- A fresh set of globals: what a request sets is its own.
local function new_environment()
    local env = setmetatable({}, environment_metatable)
    env._G = env
    return env
end

return {
    base = base,
    view = view,
    bind = bind,
    new_environment = new_environment,
    adopt = adopt,
    begin = begin,
    setfenv = setfenv,
    getfenv = getfenv,
    pcall = pcall,
}
