-- What a function runs in that another program calls: its own state and globals, with functions of Redis that may wait.

local rust = ...
local tostring, type, xpcall, pcall = tostring, type, xpcall, pcall

local bind = rust.waiting()

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
    return xpcall(f, on_error, ...)
end

return { bind = bind, call = call }
