-- Stands before the library on trial. Stands in for the server's own `redis`: notes which keys a
-- step touches and which branches it takes, and gives what the step wrote beside its reply.
local redis = (function()
  -- The server's own changes its functions once the library is loaded, so it is looked up each time.
  local function server() return redis end
  local KEYLESS = { TIME = 1 }
  -- Of commands with several keys, how far one stands from the next.
  local STRIDES = { EXISTS = 1, DEL = 1, MGET = 1, MSET = 2 }
  local READS = { GET = 1, MGET = 1, HGET = 1, HEXISTS = 1, SCARD = 1, SMEMBERS = 1, EXISTS = 1,
    ZCARD = 1, ZRANGE = 1, ZRANGEBYSCORE = 1, ZSCORE = 1, XREVRANGE = 1 }
  local watch, hits, touched, added = {}, {}, {}, 0

  local function note(name, ...)
    if KEYLESS[name] then return end
    local keys = { ... }
    for i = 1, STRIDES[name] and #keys or 1, STRIDES[name] or 1 do
      touched[keys[i]] = not READS[name] or touched[keys[i]] or false
    end
    if name == 'XADD' then added = added + 1 end
  end

  function watch.call(name, ...)
    note(name, ...)
    return server().call(name, ...)
  end

  function watch.error_reply(text) return server().error_reply(text) end

  -- Counts a branch that is taken; true, to stand among conditions.
  function watch.take(branch)
    hits[branch] = (hits[branch] or 0) + 1
    return true
  end

  local CONTENT = {
    string = function(key) return server().call('GET', key) end,
    hash = function(key) return server().call('HGETALL', key) end,
    set = function(key) return server().call('SMEMBERS', key) end,
    zset = function(key) return server().call('ZRANGE', key, 0, -1, 'WITHSCORES') end,
    -- Of the stream only what the step appended, the newest first.
    stream = function(key) return server().call('XREVRANGE', key, '+', '-', 'COUNT', added) end,
  }

  local function content(key)
    local kind = server().call('TYPE', key).ok
    local held = CONTENT[kind] and CONTENT[kind](key) or {}
    return { key, kind, server().call('TTL', key), held }
  end

  local function report(reply)
    local read, written = {}, {}
    for key, is_written in pairs(touched) do
      if is_written then written[#written + 1] = content(key) else read[#read + 1] = key end
    end
    if reply.err then reply = { 'failed', reply.err } end
    return { reply, read, written }
  end

  function watch.register_function(name, body)
    server().register_function(name, function(keys, argv)
      touched, added = {}, 0
      return report(body(keys, argv))
    end)
  end

  server().register_function('taken' .. SUFFIX, function(_, argv)
    local counts = {}
    for branch = 1, tonumber(argv[1]) do counts[branch] = hits[branch] or 0 end
    return counts
  end)

  return watch
end)()
