-- wrk: ask for the paths of a file in turn, and say what came of it as one line of JSON.
-- wrk ... -s requests.lua URL -- PATHS_FILE ["Header: value" ...]

local requests, place = {}, 0

function init(args)
  local headers = {}
  for index = 2, #args do
    local name, value = args[index]:match("^([^:]+):%s*(.*)$")
    headers[name] = value
  end
  for path in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency)
  local e = summary.errors
  print(string.format(
    'RESULT {"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "refused": %d, "broken": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, e.status, e.connect + e.read + e.write + e.timeout))
end
