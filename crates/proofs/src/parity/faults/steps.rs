//! Faults in steps, indices and matching.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    // Steps, clock and outbox.
    fault(
        "the clock leaps",
        "lib/commands.lua",
        "math.min(math.max(wall - clock.wall, 0), MAX_TICK)",
        "math.max(wall - clock.wall, 0)",
    ),
    fault(
        "the clock goes back",
        "lib/commands.lua",
        "math.max(wall - clock.wall, 0)",
        "(wall - clock.wall)",
    ),
    fault(
        "another server may go on",
        "lib/commands.lua",
        "if floor.epoch == 0 or floor.run ~= run then",
        "if floor.epoch == 0 then",
    ),
    fault(
        "a sweep does not hold others up",
        "lib/commands.lua",
        "if floor.sweeping and name ~= 'sweep_epoch' and name ~= 'load_plan' then",
        "if false then",
    ),
    fault(
        "room is left unused",
        "lib/commands.lua",
        "if room_made and may_match() then fill_room() end",
        "",
    ),
    fault(
        "the outbox loses an event",
        "lib/outbox.lua",
        "return redis.call('XADD', prefix .. 'outbox', place, 'e', packed), packed",
        "if told[1][4] == 'agent_ready' then return place, packed end\n    return redis.call('XADD', prefix .. 'outbox', place, 'e', packed), packed",
    ),
    fault(
        "a version is not counted",
        "lib/changes.lua",
        "record.version = (record.version or 0) + 1",
        "record.version = (record.version or 0) + (event == 'contact_widened' and 0 or 1)",
    ),
    fault(
        "the floor's version is not counted",
        "lib/changes.lua",
        "floor.version = floor.version + 1",
        "",
    ),
    fault(
        "what is over is kept for ever",
        "lib/records.lua",
        "redis.call('SET', name, packed, 'EX', DAY_SECONDS)",
        "redis.call('SET', name, packed)",
    ),
    fault(
        "what came back is forgotten all the same",
        "lib/records.lua",
        "if record.state == 'ended' or record.outcome then",
        "if record.state == 'ended' or record.outcome or (before[record] or NOTHING).state == 'ended' then",
    ),
    // Indices.
    fault(
        "a line is not left",
        "lib/places.lua",
        "redis.call('ZREM', key('waiting', class), member)",
        "",
    ),
    fault(
        "the line of a queue is not left",
        "lib/places.lua",
        "redis.call('ZREM', key('queued', contact.queue), member)",
        "",
    ),
    fault(
        "a deadline stays armed",
        "lib/index.lua",
        "if #removes > 0 then redis.call('ZREM', prefix .. 'deadlines', unpack(removes)) end",
        "",
    ),
    fault(
        "the later of two deadlines is armed",
        "lib/index.lua",
        "if not deadline or till < deadline then deadline = till end",
        "if not deadline or till > deadline then deadline = till end",
    ),
    fault("who left stays live", "lib/agents.lua", "unmark_live('a:' .. id)", ""),
    fault(
        "a leg stays with its gateway",
        "lib/endings.lua",
        "if contact.token then unmark_leg(id) end",
        "",
    ),
    fault(
        "a callback begins too soon",
        "lib/lines.lua",
        "if contact.closes_at and contact.opens_at > now then return end",
        "",
    ),
    fault(
        "the last conversation counts for ever",
        "lib/lines.lua",
        "if redis.call('SREM', key('active', contact.queue), id) == 0 then return end",
        "if true then return end",
    ),
    fault(
        "a queue serves one too many",
        "lib/lines.lua",
        "return redis.call('SCARD', rules.active) < rules.max_active",
        "return redis.call('SCARD', rules.active) <= rules.max_active",
    ),
    fault(
        "an agent takes one too many",
        "lib/lines.lua",
        "return taken < slot.capacity",
        "return taken <= slot.capacity",
    ),
    fault(
        "channels do not exclude each other",
        "lib/lines.lua",
        "if slot.blocked_by[item.channel] then return false end",
        "",
    ),
    fault(
        "staff is not counted down",
        "lib/staffing.lua",
        "elseif redis.call('SREM', staff, id) == 1 then",
        "elseif false then",
    ),
    // Matching.
    fault(
        "the second best is rung",
        "lib/standing.lua",
        "if a.score ~= b.score then return a.score < b.score end",
        "if a.score ~= b.score then return a.score > b.score end",
    ),
    fault(
        "ties are broken the other way",
        "lib/standing.lua",
        "return sorts_before(a.agent, b.agent)",
        "return sorts_before(b.agent, a.agent)",
    ),
    fault(
        "preference is ignored",
        "lib/standing.lua",
        "if a.preference ~= b.preference then return a.preference < b.preference end",
        "",
    ),
    fault(
        "the cool-down is one millisecond long-winded",
        "lib/matching.lua",
        "if till > now then map[agent], count = till, count + 1 end",
        "if till >= now then map[agent], count = till, count + 1 end",
    ),
    fault(
        "an unvouched leg is offered",
        "lib/matching.lua",
        "return gateway and gateway.token == contact.token",
        "return gateway ~= nil",
    ),
    fault(
        "rank is ignored between lines",
        "lib/heads.lua",
        "if a.rank ~= b.rank then return a.rank < b.rank end",
        "",
    ),
    fault(
        "the order of queues is ignored",
        "lib/heads.lua",
        "if a.order ~= b.order then return a.order < b.order end",
        "",
    ),
    fault(
        "one agent of a group is rung",
        "lib/serving.lua",
        "return rules and math.max(rules.ring_count, 1) or 1",
        "return 1",
    ),
    fault(
        "who is passed over stays so",
        "lib/settling.lua",
        "for _, id in ipairs(passed_over) do match_contact(id) end",
        "",
    ),
    fault(
        "who is held for an agent is forgotten",
        "lib/settling.lua",
        "if entity('agent', agent) then serve(agent) end",
        "",
    ),
    fault(
        "a match is made behind the barrier",
        "lib/serving.lua",
        "return floor.barrier_open and (floor.settled or floor.own_after)",
        "return floor.settled or floor.own_after",
    ),
    fault(
        "talk time counts as idle time",
        "lib/orders.lua",
        "if order == 'talk_time' then return agent.talk_time or 0 end",
        "",
    ),
    fault(
        "weights are ignored",
        "lib/orders.lua",
        "for i = 1, 2 + math.max(weight or 0, 1) do",
        "for i = 1, 3 do",
    ),
];
