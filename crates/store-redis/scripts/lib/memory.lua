-- What packed records say, remembered beyond the step. It is found by the text itself, so nothing
-- of it can be out of date; the older half is forgotten when there is too much.

local unpacked, remember

do
  local MEMORY = 2048
  local young, old, count = {}, {}, 0

  -- Unpacks a record. It may be changed now, so that the text does not stand for it any more.
  function unpacked(packed)
    local memory = young[packed] and young or old[packed] and old
    if not memory then return cmsgpack.unpack(packed) end
    local record = memory[packed]
    memory[packed] = nil
    return record
  end

  function remember(packed, record)
    if count >= MEMORY then young, old, count = {}, young, 0 end
    young[packed], count = record, count + 1
  end
end
