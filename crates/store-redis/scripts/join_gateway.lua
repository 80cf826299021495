-- Begins a session of a gateway. ARGS: gateway, lease in ms.
return function(id, lease)
  local gateway = entity('gateway', id) or create('gateway', id, { version = 0 })
  redis.call('SADD', prefix .. 'gateways', id)
  local token = next_token()
  gateway.token, gateway.fresh, gateway.lost = token, nil, nil
  arm_gateway(id, now + tonumber(lease))
  if not floor.barrier_open then redis.call('SADD', prefix .. 'pending', id) end
  changed('gateway', id, 'gateway_joined', { token = token })
  return { 'joined', token }
end
