-- What a function runs in that another program calls: its own state and globals, with functions of Redis that may wait.

local rust = ...
local setmetatable, tostring, type, xpcall, pcall = setmetatable, tostring, type, xpcall, pcall
local running, isyieldable = coroutine.running, coroutine.isyieldable

-- The coroutines that the driver resumes: only these can wait. Who resumes another would get the marker.
local driven = setmetatable({}, { __mode = "k" })

local bind = rust.waiting(
    rust.pending,
    function()
        return driven[running()] and isyieldable()
    end,
    "here: it can in a function that Embedded::call runs, outside coroutines of the script and callbacks of C functions"
)

local function on_error(problem)
    local message = problem
    if type(problem) ~= "string" then
        message = rust.describe(problem)
        if not message then
            local ok, text = pcall(tostring, problem)
            message = ok and type(text) == "string" and text or "(an error that is a " .. type(problem) .. ")"
        end
    end
    return { message = message, traceback = rust.traceback() }
end

local function call(f, ...)
    driven[running()] = true
    return xpcall(f, on_error, ...)
end

return { bind = bind, call = call }
