-- How functions of modules that are made of functions of Rust do what only Lua can: raise at the caller's line, loop,
-- and call functions of the script. For the sandbox and for other programs' states.
--
-- A function of Rust that may wait yields by itself, and returns what its coroutine is resumed with; it is one of
-- `stack/function.rs`. One that cannot wait comes through `direct`, and gives back
--   true, results…   it is done
--   false, message   it raises the message at the caller's line

local error, pcall, type = error, pcall, type

local function finish(ok, ...)
    if ok then
        return ...
    end
    error((...), 2)
end

local function bind_direct(start)
    return function(...)
        return finish(start(...))
    end
end

-- A function that gives an iterator for a `for` loop: over the values of one array after the other. `check` raises what
-- is wrong with the arguments; `fetch` gives an array and where the next one begins, nil behind the last, or nil and what
-- went wrong. A loop has no place for a second result, so what went wrong is raised.
local function bind_iterator(check, fetch, name)
    return function(...)
        check(...)
        local handle, match, count = ...
        local values, at, cursor = {}, 0, "0"
        return function()
            at = at + 1
            while values[at] == nil do
                if not cursor then
                    return nil
                end
                local fetched, next_cursor = fetch(handle, match, count, cursor)
                if not fetched then
                    error(name .. ": " .. next_cursor, 2)
                end
                values, at, cursor = fetched, 1, next_cursor
            end
            return values[at]
        end
    end
end

-- How often a transaction is tried whose keys change each time.
local MOST_ATTEMPTS = 16

-- Calls `body` between watching keys and running what it returns, again while the keys change.
local function attempt(begin, commit, abandon, handle, keys, body)
    for _ = 1, MOST_ATTEMPTS do
        local id, watched = begin(handle, keys)
        if not id then
            return nil, watched
        end
        local ok, commands = pcall(body, watched)
        if not ok or commands == nil then
            abandon(id)
            if not ok then
                error(commands, 0)
            end
            return nil, nil
        end
        local done, results, problem = commit(id, commands)
        if done then
            return results, problem
        end
    end
    return nil, "redis: transaction failed: a watched key was changed each of " .. MOST_ATTEMPTS .. " times"
end

-- A function with a plain form, and one that calls a function of the script between its steps.
local function bind_transaction(plain, begin, commit, abandon)
    return function(...)
        local handle, keys, body = ...
        if type(body) == "function" then
            return attempt(begin, commit, abandon, handle, keys, body)
        end
        return plain(...)
    end
end

return {
    direct = bind_direct,
    iterator = bind_iterator,
    transaction = bind_transaction,
}
