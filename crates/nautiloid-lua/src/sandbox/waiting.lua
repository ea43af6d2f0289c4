-- How functions of modules wait: what is made of functions of Rust, for the sandbox and for other programs' states.
--
-- A function of a module starts in Rust and gives back one of three things:
--   true, results…   it is done
--   false, message   it raises the message at the caller's line
--   PENDING          it has begun; the coroutine yields until its driver resumes it with the results
--
-- `isyieldable` says whether the running coroutine can wait, and `refusal` where it cannot, and what to do.

local PENDING, isyieldable, refusal = ...

local error, pcall, type = error, pcall, type
local yield = coroutine.yield

-- How many coroutines run inside callbacks that cannot wait: they themselves could, and would lose their way.
local blocked = 0

local function finish(state, ...)
    if state == PENDING then
        return yield(PENDING)
    elseif state then
        return ...
    end
    error((...), 2)
end

local function bind_direct(start)
    return function(...)
        return finish(start(...))
    end
end

local function refuse_to_wait(name)
    error("'" .. name .. "' cannot wait for an answer " .. refusal, 3)
end

local function bind_waiting(start, name)
    return function(...)
        if blocked > 0 or not isyieldable() then
            refuse_to_wait(name)
        end
        return finish(start(...))
    end
end

-- A function that gives an iterator for a `for` loop: over the values of one array after the other. `start` gives the
-- function that fetches the next array, nil at the end, or nil and what went wrong. A loop has no place for a second
-- result, so what went wrong is raised.
local function bind_iterator(start, name)
    local function iterate(ok, fetch)
        if not ok then
            error(fetch, 2)
        end
        local values, at = {}, 0
        return function()
            at = at + 1
            while values[at] == nil do
                if blocked > 0 or not isyieldable() then
                    refuse_to_wait(name)
                end
                local fetched, problem = finish(fetch())
                if problem then
                    error(name .. ": " .. problem, 2)
                elseif not fetched then
                    return nil
                end
                values, at = fetched, 1
            end
            return values[at]
        end
    end
    return function(...)
        return iterate(start(...))
    end
end

-- Results as they are, or what was raised, two calls further out.
local function settle(state, ...)
    if state == PENDING then
        return yield(PENDING)
    elseif state then
        return ...
    end
    error((...), 3)
end

-- How often a transaction is tried whose keys change each time.
local MOST_ATTEMPTS = 16

-- Calls `body` between watching keys and running what it returns, again while the keys change.
local function attempt(begin, commit, abandon, handle, keys, body)
    for _ = 1, MOST_ATTEMPTS do
        local id, watched = settle(begin(handle, keys))
        if not id then
            return nil, watched
        end
        local ok, commands = pcall(body, watched)
        if not ok or commands == nil then
            settle(abandon(id))
            if not ok then
                error(commands, 0)
            end
            return nil, nil
        end
        local done, results, problem = settle(commit(id, commands))
        if done then
            return results, problem
        end
    end
    return nil, "redis: transaction failed: a watched key was changed each of " .. MOST_ATTEMPTS .. " times"
end

-- A function with a plain form, and one that calls a function of the script between its steps.
local function bind_transaction(plain, begin, commit, abandon, name)
    return function(...)
        if blocked > 0 or not isyieldable() then
            refuse_to_wait(name)
        end
        local handle, keys, body = ...
        if type(body) == "function" then
            return attempt(begin, commit, abandon, handle, keys, body)
        end
        return finish(plain(...))
    end
end

return {
    direct = bind_direct,
    waiting = bind_waiting,
    iterator = bind_iterator,
    transaction = bind_transaction,
    blocked = function()
        return blocked
    end,
    block = function(more)
        blocked = blocked + more
    end,
    unblock_all = function()
        blocked = 0
    end,
}
