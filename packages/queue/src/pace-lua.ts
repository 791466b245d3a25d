/** Redis' clock for the scripts of the pace, epoch ms: the one clock that all processes share. */
export const clockLua = `
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
`;
