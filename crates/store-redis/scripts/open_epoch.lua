-- Opens a new epoch for the connected server process, after it may have lost writes.
-- ARGS: epoch, lease in ms, known gateways separated by spaces.
local BARRIER_LEASES = 3

return function(epoch, lease, gateways)
  local number = tonumber(epoch)
  if number <= floor.epoch or current_run == floor.run then reject('EPOCH_USED', floor.epoch) end
  floor.epoch, floor.run = number, current_run
  floor.barrier_open, floor.settled, floor.sweeping = nil, '1', '1'
  floor.own_after, floor.opened_at = nil, now
  floor.barrier_until = now + tonumber(lease) * BARRIER_LEASES
  floor_changed('epoch_opened', { epoch = epoch })
  for id in string.gmatch(gateways, '%S+') do redis.call('SADD', prefix .. 'gateways', id) end
  redis.call('DEL', prefix .. 'pending')
  for _, id in ipairs(redis.call('SMEMBERS', prefix .. 'gateways')) do
    local gateway = entity('gateway', id) or create('gateway', id, { version = 0 })
    gateway.token, gateway.fresh, gateway.lost = nil, nil, nil
    arm_gateway(id, now + tonumber(lease))
    redis.call('SADD', prefix .. 'pending', id)
  end
  return done(floor)
end
