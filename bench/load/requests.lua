-- Sends the requests of a list in turn. Arguments: the file of the list, and "once" to stop at its end.
-- A line of the file: the path, a tab, and the Cookie header or nothing.
local ffi = require("ffi")
ffi.cdef([[
  typedef struct { long seconds; long nanoseconds; } bench_time;
  int clock_gettime(int clock, bench_time *time);
]])
local clock = ffi.new("bench_time")

local function now()
  ffi.C.clock_gettime(1, clock)
  return tonumber(clock.seconds) + tonumber(clock.nanoseconds) / 1e9
end

local threads = {}
function setup(thread)
  table.insert(threads, thread)
end

local requests, at, once = {}, 0, false
asked, began, ended = 0, 0, 0

function init(args)
  once = args[2] == "once"
  for line in io.lines(args[1]) do
    local path, cookie = line:match("^([^\t]*)\t(.*)$")
    local headers = {}
    if cookie ~= "" then headers["Cookie"] = cookie end
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  if asked == 0 then began = now() end
  asked = asked + 1
  at = at + 1
  if at > #requests then
    if once and ended == 0 then
      ended = now()
      wrk.thread:stop()
    end
    at = 1
  end
  return requests[at]
end

function done(summary, latency)
  local thread = threads[1]
  local ended, began = thread:get("ended"), thread:get("began")
  local seconds = summary.duration / 1e6
  if ended > 0 then seconds = ended - began end
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  print(string.format(
    '\n{"answers":%d,"bytes":%d,"seconds":%.6f,"failed":%d,"refused":%d,"p50":%.4f,"p99":%.4f}',
    summary.requests, summary.bytes, seconds, failed, summary.errors.status,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
