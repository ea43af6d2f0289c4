-- For wrk: prints the result of a run as one line of JSON that bench/measure.py reads. With a
-- number as argument the requests go in turn to so many URLs, which end with 1, 2, 3 and so on.

function init(args)
  local count = tonumber(args[1])
  if not count then
    return
  end
  local requests, last = {}, 0
  for number = 1, count do
    requests[number] = wrk.format(nil, wrk.path .. number)
  end
  function request()
    last = last % count + 1
    return requests[last]
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "p50_us": %d, "p99_us": %d, "p999_us": %d, "errors": %d, "bytes": %d}\n',
    summary.requests,
    summary.duration / 1e6,
    latency:percentile(50),
    latency:percentile(99),
    latency:percentile(99.9),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    summary.bytes
  ))
end
