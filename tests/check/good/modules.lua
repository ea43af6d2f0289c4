-- Modules of the site's own, found below lib.
local settings = require("settings")
local counters = require("policy.counters")
local context = require("nauthilus_context")
local json = require("nauthilus_gll_json")

function nauthilus_run_hook(request)
  context.context_set("settings", settings.describe())
  local count, err = counters.bump(request.client_ip)
  if not count then
    error(err)
  end
  context.context_set("count", nil)
  return { count = count, settings = context.context_get("settings"), text = json.encode({ count = count }) }
end
