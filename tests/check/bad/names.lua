-- Names that are nearly right.
dynamic_loader("nauthilus_reds") --! unknown-module
local redis = require("nauthilus_redis")
local http_request = require("nauthilus_http_requst") --! unknown-module
local http_response = require("nauthilus_http_response")
local missing = require("lib.nothing") --! unknown-module
local get = redis.redis_get
local alias = redis

function nauthilus_run_hook(request)
  local all, err = redis.redis_hgetal("default", "k") --! unknown-function
  local one = redis.get("default", "k") --! unknown-function
  local two = alias.redis_hgett("default", "k", "f") --! unknown-function
  local handle = assert(redis.get_redis_connection("sessions"))
  local three = handle:hgetal("k") --! unknown-function
  local four = handle:redis_get("k") --! unknown-function
  local name = string.trim(request.client_ip) --! unknown-function
  local pi = math.clamp(1, 2, 3) --! unknown-function
  http_response.json(http_response.STATUS_TO_MANY_REQUESTS, {}) --! unknown-function
  local five = redis:redis_get("default", "k") --! argument-type
  if redis.redis_frobnicate then
    one = redis.redis_frobnicate("default") --! unknown-function
  end
  return { all, err, one, two, three, four, five, name, pi, get, missing, http_request }
end
