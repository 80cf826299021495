-- Renews the lease of a gateway. ARGS: gateway, token, lease in ms.
return function(id, token, lease)
  local gateway = check_gateway(id, token)
  arm_gateway(id, now + tonumber(lease))
  return done(gateway)
end
