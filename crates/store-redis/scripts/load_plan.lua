-- Loads a newer plan: it replaces what it names and leaves the rest.
-- ARGS: version, a line for each queue ("queue rules"), a line for each class.
return function(version, queues, classes)
  local number = tonumber(version)
  if number == floor.plan then return DUPLICATE end
  if number < floor.plan then reject('STALE_PLAN', floor.plan) end
  floor.plan = number
  for queue, rules in string.gmatch(queues, '(%S+) ([^\n]*)\n') do
    write_plan('queue', queue, rules)
  end
  local named = {}
  for line in string.gmatch(classes, '([^\n]+)\n') do named[#named + 1] = read_class(line) end
  define_classes(named)
  floor_changed('plan_loaded', { plan = version })
  if not floor.sweeping then settle_all() end
  return done(floor)
end
