//! Faults in offers, endings, queues, gateways and what supervisors decide.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    // The menu.
    fault(
        "a step of the menu puts nothing off",
        "step_menu.lua",
        "arm_contact(id, now + MENU_LIMIT)",
        "",
    ),
    // Offers, misses, endings.
    fault(
        "the reason of a choice is forgotten",
        "lib/choices.lua",
        "over_score = over and over.score or ''",
        "over_score = ''",
    ),
    fault(
        "an offer expires late",
        "lib/offers.lua",
        "local expires_at = now + (rules and rules.ring_timeout or 0)",
        "local expires_at = now + (rules and rules.ring_timeout or 0) + 1",
    ),
    fault(
        "a late accept wins",
        "lib/desks.lua",
        "if now >= offer.expires_at then reject('OFFER_CLOSED', 'expired') end",
        "",
    ),
    fault(
        "the accept comes a millisecond late",
        "lib/desks.lua",
        "if now >= offer.expires_at then",
        "if now > offer.expires_at then",
    ),
    fault(
        "another desk may answer",
        "lib/desks.lua",
        "if agent.session ~= session then reject('STALE_SESSION') end",
        "",
    ),
    fault(
        "misses are counted once too often",
        "lib/misses.lua",
        "if threshold > 0 and count >= threshold then",
        "if threshold > 0 and count > threshold then",
    ),
    fault(
        "an answer clears nothing",
        "lib/desks.lua",
        "agent.misses = device_misses(agent.misses)",
        "",
    ),
    fault(
        "the cool-down is short",
        "lib/contacts.lua",
        "local till = now + (rules and rules.misses[cause].cool_down or 0)",
        "local till = now + (rules and rules.misses[cause].cool_down or 0) - 1",
    ),
    fault(
        "losers wait anew",
        "accept_offer.lua",
        "for _, other in ipairs(others) do rest(other, true) end",
        "for _, other in ipairs(others) do rest(other) end",
    ),
    fault(
        "a repeated report is applied",
        "lib/reports.lua",
        "if tonumber(sequence) <= (contact.call_sequence or 0) then return nil end",
        "if tonumber(sequence) < (contact.call_sequence or 0) then return nil end",
    ),
    fault(
        "the agent is not told why it ended",
        "lib/endings.lua",
        "{ reason = reason, queue = contact.queue or '', agent = agent or '' }, why))",
        "{ reason = reason, queue = contact.queue or '' }, why))",
    ),
    fault(
        "wrap-up is skipped",
        "lib/endings.lua",
        "if state == 'connected' then release(agent, id) else unburden(agent, id) end",
        "unburden(agent, id)",
    ),
    fault(
        "wrap-up takes as long as it likes",
        "extend_wrap_up.lua",
        "if wanted > limit then reject('EXTENSION_TOO_LONG', limit) end",
        "",
    ),
    // Queues and waiting.
    fault(
        "a queue holds one too many",
        "lib/joining.lua",
        ">= rules.max_waiting then return 'full' end",
        "> rules.max_waiting then return 'full' end",
    ),
    fault(
        "a draining queue takes contacts",
        "lib/joining.lua",
        "if rules.draining == 1 then return 'draining' end",
        "",
    ),
    fault(
        "contacts overflow in circles",
        "lib/joining.lua",
        "contact.hops = (contact.hops or 0) + 1",
        "",
    ),
    fault(
        "one waits a millisecond too long",
        "lib/waiting.lua",
        "if (contact.overflows_at or 0) <= now then return overflow(id, 'waited') end",
        "if (contact.overflows_at or 0) < now then return overflow(id, 'waited') end",
    ),
    fault(
        "nobody leaves an empty queue",
        "lib/waiting.lua",
        "overflow(id, 'empty')",
        "arm_contact(id, wait_deadline(id))",
    ),
    // Gateways, callbacks, supervisors.
    fault("an orphan keeps its leg", "lib/leases.lua", "mark_leg(id, 0)", ""),
    fault(
        "evidence is not believed",
        "lib/beliefs.lua",
        "if was.state ~= 'connecting' and was.state ~= 'connected' then return end",
        "if was.state ~= 'connected' then return end",
    ),
    fault(
        "an older report outlives an inventory",
        "reconcile_leg.lua",
        "contact.call_sequence = math.max(contact.call_sequence or 0, tonumber(sequence))",
        "",
    ),
    fault(
        "one attempt more is made",
        "lib/callbacks.lua",
        "if contact.attempts >= limit then end_contact(id, reason) end",
        "if contact.attempts > limit then end_contact(id, reason) end",
    ),
    fault("a consultation found again is lost", "reconcile_leg.lua", "leg.rejoin(id)", ""),
    fault(
        "a call is owed twice",
        "lib/owed.lua",
        "return other and other ~= id and other",
        "return nil",
    ),
    fault("a callback leaves its name where it waited", "lib/lines.lua", "owed.forget(id)", ""),
    fault(
        "a place kept is a place for ever",
        "lib/callbacks.lua",
        "if tonumber(till) <= now then return '' end",
        "",
    ),
    fault(
        "a plan may be older",
        "load_plan.lua",
        "if number < floor.plan then reject('STALE_PLAN', floor.plan) end",
        "",
    ),
    fault(
        "a class keeps its old profiles",
        "lib/classes.lua",
        "ranks_of(served, profile.name)[class.key] = nil",
        "",
    ),
    fault(
        "an audit forgets who",
        "force_presence.lua",
        "{ want = want, reason = reason, by = by }",
        "{ want = want, reason = reason }",
    ),
];
