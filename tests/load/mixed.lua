-- One kind of visitor: asks for what its file says, in any order, with a pause before each.
-- A line of the file: method, address, cookie, body, and the status that is right, with tabs between them.

local asks, threads = {}, {}
wrong, right = 0, 0

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  math.randomseed(tonumber(args[2]))
  for line in io.lines(args[1]) do
    local method, path, cookie, body, status = line:match("^(%S+)\t(%S+)\t([^\t]*)\t([^\t]*)\t(%d+)$")
    table.insert(asks, { method = method, path = path, cookie = cookie, body = body, status = tonumber(status) })
  end
  expected = asks[1].status
end

-- Each thing that is sent is another one.
local function new_id()
  return (("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx"):gsub("x", function() return ("%x"):format(math.random(0, 15)) end))
end

function request()
  local ask = asks[math.random(#asks)]
  local headers = { ["Accept-Encoding"] = "br", ["Cookie"] = ask.cookie }
  if ask.method == "POST" then headers["Content-Type"] = "application/x-www-form-urlencoded" end
  return wrk.format(ask.method, ask.path, headers, (ask.body:gsub("NEW%-ID", new_id)))
end

function delay()
  return math.random(500, 1500)  -- milliseconds
end

function response(status, headers, body)
  if status == expected and not (headers["Location"] or ""):find("/account/", 1, true) then
    right = right + 1
  else
    wrong = wrong + 1
  end
end

function done(summary, latency, requests)
  local all_right, all_wrong = 0, 0
  for _, thread in ipairs(threads) do
    all_right, all_wrong = all_right + thread:get("right"), all_wrong + thread:get("wrong")
  end
  local errors = summary.errors
  io.write(("RESULT {\"right\": %d, \"wrong\": %d, \"p50\": %.2f, \"p99\": %.2f}\n"):format(
    all_right, all_wrong + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
