-- A leaderboard with methods of a handle.
local redis = require("nauthilus_redis")
local board = assert(redis.get_redis_connection("default"))

local KEY = "board"

local Board = {}
Board.__index = Board

function Board.new(handle, key)
  return setmetatable({ handle = handle, key = key }, Board)
end

function Board:add(player, points)
  return assert(self.handle:zincrby(self.key, points, player))
end

function Board:top(count)
  return assert(self.handle:zrevrange_withscores(self.key, 0, count - 1))
end

function Board.__tostring(self)
  return "board " .. self.key
end

function nauthilus_run_hook(request)
  local players = Board.new(board, KEY)
  local points = players:add(request.client_ip, 5)
  local rank, err = board:zrevrank(KEY, request.client_ip)
  if rank == nil then
    return { points = points, problem = err, board = tostring(players) }
  end
  return { points = points, rank = rank + 1, top = players:top(3), count = board:zcount(KEY, 10, "+inf") }
end
