-- What an agent missed, by cause: an answer clears some of it, a bridge all.

-- An answer clears what the agent missed; only a bridge clears what his device missed.
local function device_misses(misses)
  local line = ''
  for cause, count in string.gmatch(misses or '', '(%S+)=(%d+) ') do
    if cause == 'busy' or cause == 'unreachable' then line = line .. cause .. '=' .. count .. ' ' end
  end
  return line ~= '' and line or nil
end
