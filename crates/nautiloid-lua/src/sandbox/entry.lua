-- What a request's coroutine runs. Each function takes a script's factory, which makes a new closure of the script, so
-- that two requests in the same script never share globals or top-level locals.

local rust, sandbox = ...
local new_environment, setfenv = sandbox.new_environment, sandbox.setfenv
local adopt, begin = sandbox.adopt, sandbox.begin
local pcall, xpcall, type, tostring = pcall, xpcall, type, tostring
local rawget, error, select = rawget, error, select
local describe, answer = rust.describe, rust.answer

local READY, yield = rust.ready, coroutine.yield

local CALLBACK = "nauthilus_run_hook"
local log_format, log_level = rust.log_format, rust.log_level

-- Runs where the error happened, while its stack is still there.
local function on_error(problem)
    local message = problem
    if type(problem) ~= "string" then
        message = describe(problem)
        if not message then
            local ok, text = pcall(tostring, problem)
            message = ok and type(text) == "string" and text or "(an error that is a " .. type(problem) .. ")"
        end
    end
    -- A call in tail position has no frame of the script any more, and the next one out is ours.
    message = message:gsub("^%[nautiloid%]:%d+: ", "")
    return { message = message, traceback = rust.traceback() }
end

local function prepare(factory)
    begin()
    local env = new_environment()
    -- What C functions (`load`, `coroutine.create`) take for the globals.
    setfenv(0, env)
    return setfenv(factory(), env), env
end

local function request_table(session, method, client_ip, client_port)
    return {
        session = session,
        method = method,
        client_ip = client_ip,
        client_port = client_port,
        log_format = log_format,
        log_level = log_level,
        logging = { log_format = log_format, log_level = log_level },
    }
end

local function call_hook(chunk, env, name, session, method, client_ip, client_port)
    chunk()
    local callback = rawget(env, CALLBACK)
    if type(callback) ~= "function" then
        error(name .. ": the script defines no function '" .. CALLBACK .. "'", 0)
    end
    -- Older scripts take the session as a second parameter.
    -- The result is read here, where it is, and is no result of this function.
    answer(callback(request_table(session, method, client_ip, client_port), session))
end

local function call_init(chunk, env, session)
    chunk()
    local callback = rawget(env, CALLBACK)
    if type(callback) == "function" then
        callback(request_table(session), session)
    end
end

local function call_main_hook(env, session, ...)
    local callback = rawget(env, CALLBACK)
    if type(callback) == "function" then
        return callback(request_table(session), session)
    end
    return ...
end

local function call_main(chunk, env, session, arguments, ...)
    env.arg = arguments
    return call_main_hook(env, session, chunk(...))
end

local function run(call)
    return function(factory, ...)
        adopt()
        local chunk, env = prepare(factory)
        return xpcall(call, on_error, chunk, env, ...)
    end
end

-- What a hook's coroutine yields when a request has been served: READY, or what `xpcall` gave.
local function served(ok, ...)
    if ok then
        return READY
    end
    return ok, ...
end

-- Serves a hook's requests, one after the other: each resumption is one, unless the hook waits.
local function serve(factory, name)
    adopt()
    local session, method, client_ip, client_port = yield(READY)
    while true do
        local chunk, env = prepare(factory)
        session, method, client_ip, client_port =
            yield(served(xpcall(call_hook, on_error, chunk, env, name, session, method, client_ip, client_port)))
    end
end

-- A chunk of a console, in globals that stay from one chunk to the next.
local function console(chunk, env)
    adopt()
    begin()
    setfenv(0, env)
    return xpcall(setfenv(chunk, env), on_error)
end

return {
    serve = serve,
    init = run(call_init),
    main = run(call_main),
    console = console,
    new_globals = new_environment,
}
