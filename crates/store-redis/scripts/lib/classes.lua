-- Classes and profiles become known: those of a plan, and those that routes and desktops name.

-- A class on its way in: "class profile=rank:preference ...".
local function read_class(line)
  local name, profiles = string.match(line, '^(%S+)(.*)$')
  return { key = name, profiles = profiles }
end

-- A profile on its way in: its name, then what it can serve.
local function parse_profile(line)
  local name, ability = string.match(line, '^(%S+) (.*)$')
  return { key = name, line = ability }
end

local function define_profile(profile)
  if not planned('ability', profile.key) then write_plan('ability', profile.key, profile.line) end
end

local define_classes, define_class

do
  -- Gives what a profile serves as ranks by class, to be changed.
  local function ranks_of(served, profile)
    local ranks = served[profile]
    if ranks then return ranks end
    ranks = {}
    local known = planned('serves', profile)
    for _, class in ipairs(known and known.classes or {}) do ranks[class.name] = class.order end
    served[profile] = ranks
    return ranks
  end

  local function write_served(served)
    for profile, ranks in pairs(served) do
      local words = {}
      for name, rank in pairs(ranks) do words[#words + 1] = rank .. ' ' .. name end
      write_plan('serves', profile, table.concat(words, ' '))
    end
  end

  -- Makes classes known, and lists each with the profiles that may serve it.
  function define_classes(classes)
    local served = {}
    for _, class in ipairs(classes) do
      local known = planned('class', class.key)
      if not known or known.version ~= floor.plan then
        for _, profile in ipairs(known and known.profiles or {}) do
          ranks_of(served, profile.name)[class.key] = nil
        end
        write_plan('class', class.key, text(floor.plan) .. class.profiles)
        for profile, rank in string.gmatch(class.profiles, ' ([^ =]+)=(%d+)') do
          ranks_of(served, profile)[class.key] = rank
        end
      end
    end
    write_served(served)
  end

  function define_class(class)
    local known = planned('class', class.key)
    if not known or known.version ~= floor.plan then define_classes({ class }) end
  end
end
