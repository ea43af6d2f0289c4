-- Answers of every kind, and requests in every detail.
local http_request = require("nauthilus_http_request")
local http_response = require("nauthilus_http_response")

local handlers = {}

function handlers.text()
  http_response.string(http_response.STATUS_OK, "hello")
end

function handlers.page()
  http_response.html(200, "<p>hello</p>")
end

handlers["nothing"] = function()
  http_response.set_http_status(http_response.STATUS_NO_CONTENT)
  http_response.add_http_response_header("X-Seen", 1)
end

function nauthilus_run_hook()
  local agent = http_request.get_http_request_header("User-Agent")[1] or "unknown"
  local name = http_request.get_http_path():match("([^/]+)$")
  local handler = handlers[name]
  if handler then
    return handler()
  end
  local headers = {}
  for header, values in pairs(http_request.get_all_http_request_headers()) do
    headers[#headers + 1] = header .. "=" .. table.concat(values, ",")
  end
  http_response.json(http_response.STATUS_NOT_FOUND, { agent = agent, headers = headers })
end
