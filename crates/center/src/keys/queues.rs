//! The keys of `queues.yaml` and `draining.yaml`.

use super::dispositions::OF_QUEUE;
use super::service;
use super::{Page, Section, optional, or, required};

pub(crate) const PAGE: Page = Page {
    file: "queues.yaml",
    about: "Where contacts wait: id → *queue*. Must be there.",
    sections: &[
        &QUEUE,
        &service::STRATEGY,
        &RING,
        &ACTION,
        &service::WRAP_UP,
        &OF_QUEUE,
        &service::MISSES,
        &service::MISS,
        &CALLBACK,
        &service::SERVICE_LEVEL,
    ],
};

pub(crate) static QUEUE: Section = Section {
    title: "a queue",
    about: "",
    keys: &[
        required("display_name", "text by language", "Its name, for people."),
        or(
            "strategy",
            "longest_idle",
            "`longest_idle`, `most_skilled`, `least_skilled`, `round_robin`, `fewest_contacts`, \
             `least_talk_time`, `weighted_random`, `in_order`, or *ring several*",
            "Which of the eligible ready agents gets the next contact. The longest idle breaks ties.",
        ),
        optional(
            "skills",
            "skill → least level, 1 to 10",
            "What every contact of the queue needs. Language, tier and flow may add to it.",
        ),
        optional(
            "preferred_skills",
            "skill → least level, 1 to 10",
            "Agents who have these are tried before others. They never exclude anybody.",
        ),
        optional(
            "rings",
            "list of *ring*, at most 32",
            "How the need relaxes as a contact waits, so that more agents become eligible.",
        ),
        or(
            "priority",
            "0",
            "whole number, 0 to 1000",
            "Points every contact of the queue has before tier and flow add theirs; see \
             `priority_credit` of center.yaml.",
        ),
        or(
            "ring_timeout",
            "20s",
            "duration, 1s to 24h",
            "How long one desk rings before the next agent is tried.",
        ),
        or(
            "max_wait",
            "for ever",
            "duration, 1s to 24h",
            "After so long in the queue `overflow` follows.",
        ),
        or(
            "max_waiting",
            "any number",
            "whole number, 0 to 1000000",
            "How many contacts wait at once, exactly; one more overflows at once.",
        ),
        or(
            "max_active",
            "any number",
            "whole number, 1 to 1000000",
            "How many contacts ring or talk at once; further ones wait although agents are ready.",
        ),
        or(
            "join_when_empty",
            "true",
            "true or false",
            "Whether a contact may begin to wait while nobody who could serve it, at any ring, is \
             signed in and wants to work. Busy agents and those in wrap-up count. `false` overflows \
             it at once.",
        ),
        or(
            "leave_when_empty",
            "as long as it may wait anyway",
            "duration, 0s to 24h",
            "How long a contact goes on waiting once nobody who could serve it is left; then \
             `overflow` follows.",
        ),
        or(
            "hours",
            "always open",
            "a calendar of calendars.yaml",
            "When the queue takes contacts. Those that wait when it closes get `when_closed`.",
        ),
        or(
            "when_closed",
            "hang_up",
            "*action*",
            "What happens to a contact outside the hours. Needs `hours`.",
        ),
        or(
            "overflow",
            "hang_up",
            "*action*",
            "What happens to a contact that cannot wait, or has waited too long.",
        ),
        or(
            "wrap_up",
            "30s",
            "duration, 0s to 24h, or *wrap-up*",
            "After-call work. A duration is the same as `{mode: timed, time: …}`; `0s` means none.",
        ),
        or(
            "dispositions",
            "any, none asked for",
            "*dispositions*",
            "What agents note as the result of a talk.",
        ),
        or(
            "misses",
            "see *misses*",
            "*misses*",
            "What follows when an agent does not take an offer.",
        ),
        or(
            "prefer",
            "owner",
            "`owner`, `last_agent`, a list of both, or `nobody`",
            "Which agents who know the caller are tried before others, the first one first: the owner \
             of the customer's account, and the agent who talked last to the same customer or to \
             somebody with the same number. Agents who do not serve the queue are passed over.",
        ),
        or(
            "last_agent_window",
            "7d",
            "duration, 1m to 365d",
            "How long ago the last talk may have ended for its agent to be preferred.",
        ),
        or(
            "preferred_agent_hold",
            "not held",
            "duration, 0s to 24h",
            "How long a contact is held for each preferred agent, or the agent it was transferred to, \
             before others may have it. It is not held for somebody who is not at work.",
        ),
        or(
            "redial_window",
            "no place is kept",
            "duration, 1s to 24h",
            "A caller who lost the line and calls again within this time gets the old place back.",
        ),
        or("callback", "no callbacks", "*callback*", "How callers are called back who ask for it."),
        or(
            "position_announcements",
            "never",
            "duration, 5s to 24h",
            "How often a waiting caller is told the position.",
        ),
        or(
            "draining",
            "false",
            "true or false",
            "Takes no new contacts: they overflow. Those that wait are served. A way to close a queue \
             before it is removed.",
        ),
        or(
            "service_level",
            "{percent: 80, within: 20s}",
            "*service level*",
            "The promise the queue is measured by.",
        ),
    ],
};

pub(crate) static RING: Section = Section {
    title: "a ring",
    about: "Exactly one of `lower`, `drop` and `add_queue`. Rings act in the order of `after`, each \
            on top of those before.",
    keys: &[
        required(
            "after",
            "duration, 0s to 24h",
            "The age in the queue at which the ring acts, exactly. Must be below `max_wait`, unless \
             `when_empty` is set.",
        ),
        or(
            "when_empty",
            "false",
            "true or false",
            "Acts at once, whatever the age, when nobody who is at work (busy or not) is eligible for \
             what came before.",
        ),
        optional(
            "lower",
            "one skill with a level, such as `{english: 1}`",
            "A lower level of a needed skill will do.",
        ),
        optional("drop", "a skill", "A needed skill is no longer needed."),
        optional("add_queue", "a queue", "The agents of another queue may serve the contact too."),
    ],
};

pub(crate) static ACTION: Section = Section {
    title: "an action",
    about: "One of the words `hang_up`, `busy` (the busy tone), `voicemail` and `callback` (the \
            caller is called back by the rules in `callback`), or one of these keys. Queues must not \
            lead to each other in a circle.",
    keys: &[
        optional("queue", "a queue", "The contact waits there and keeps its age."),
        optional(
            "flow",
            "a flow",
            "The caller is asked again, by this flow, and keeps the age. A contact moves on three \
             times at most in this way.",
        ),
    ],
};

pub(crate) static CALLBACK: Section = Section {
    title: "callback",
    about: "A callback keeps the place in the line. One per number and queue is open at a time.",
    keys: &[
        or("attempts", "3", "whole number, 1 to 20", "How often a caller is dialled at most."),
        or(
            "retry_after",
            "15m",
            "duration, 10s to 24h",
            "How long after a failed attempt the next one is made.",
        ),
        or(
            "hours",
            "at any time",
            "a calendar of calendars.yaml",
            "When callers may be dialled, checked as the call is made.",
        ),
        or(
            "lifetime",
            "24h",
            "duration, 1m to 30d",
            "How long a callback stays open before it is given up, which is recorded.",
        ),
    ],
};

pub(crate) const DRAINING_PAGE: Page = Page {
    file: "draining.yaml",
    about: "Queues that were removed while contacts waited in them. `switchboard apply --drain` \
            writes this file into the stored version, and a later `apply` leaves out what is empty; \
            there is no need to write it by hand.",
    sections: &[&DRAINING],
};

pub(crate) static DRAINING: Section = Section {
    title: "the file",
    about: "",
    keys: &[
        required("queues", "id → *queue*", "The queues as they were; each is `draining`."),
        optional(
            "agents",
            "agent → (queue → rank)",
            "Who serves them, with the rank each agent gave to them.",
        ),
    ],
};
