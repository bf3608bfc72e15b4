-- SPDX-License-Identifier: Apache-2.0
-- What wrk sends, and what it says afterwards. Arguments, after wrk's "--":
--   fixed METHOD BODY HEADER...        the same request again and again
--   send START HEADER...               POST /v1/otp/send, each to another number, counted up from START
--   verify FILE HEADER...              POST /v1/otp/verify, with the ids of FILE, one a line, and the code that all of them have
-- A HEADER is "name: value". One thread only: each would count by itself.

local next_body

local function set_headers(args, from)
  for i = from, #args do
    local name, value = args[i]:match("^([^:]+): *(.*)$")
    wrk.headers[name] = value
  end
end

function init(args)
  local kind = args[1]
  if kind == "fixed" then
    wrk.method = args[2]
    wrk.body = args[3] ~= "" and args[3] or nil
    set_headers(args, 4)
    local fixed = wrk.format()
    request = function() return fixed end
  else
    wrk.method = "POST"
    set_headers(args, 3)
    if kind == "send" then
      local number = tonumber(args[2])
      next_body = function()
        number = number + 1
        local digits = tostring(number)
        return '{"phoneNumber":"+999 ' .. digits:sub(1, 3) .. " " .. digits:sub(4, 6) .. " " .. digits:sub(7, 9) .. '"}'
      end
    else
      local ids = io.lines(args[2])
      next_body = function()
        -- When they have run out, what follows is refused, and the run counts for nothing.
        return '{"otpRequestId":"' .. (ids() or "otp_00000000000000000000000000") .. '","code":"123456"}'
      end
    end
    request = function() return wrk.format(nil, nil, nil, next_body()) end
  end
end

-- requests, microseconds, answers of 400 and above, broken or late connections
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d\n", summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
