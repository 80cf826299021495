-- Ends up to 8 contacts the inventory did not name, or else completes the inventory.
-- ARGS: gateway, token.
local function lose_contact(id)
  -- The end of one may have ended the consultation about it.
  if entity('contact', id).state ~= 'ended' then lose_leg(id, 'gone_during_outage') end
end

return function(id, token)
  local gateway = check_gateway(id, token)
  if gateway.fresh then return DUPLICATE end
  local gone = redis.call('ZRANGEBYSCORE', key('legs', id), 0, '(' .. token_number(token),
    'LIMIT', 0, BATCH)
  for _, contact in ipairs(gone) do lose_contact(contact) end
  if #gone == BATCH then return MORE end
  gateway.fresh = '1'
  changed('gateway', id, 'gateway_fresh', {})
  redis.call('SREM', prefix .. 'pending', id)
  if floor.barrier_open then settle_all() else open_barrier() end
  return done(gateway)
end
