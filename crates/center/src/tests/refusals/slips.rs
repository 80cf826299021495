//! One slip each in the demo center, and the complaint it must lead to.

/// File, text replaced, its replacement, and the complaint that must follow.
pub(super) type Slip = (&'static str, &'static str, &'static str, &'static str);

/// Slips in `center.yaml` and `skills.yaml`.
pub(super) const SETTINGS: &[Slip] = &[
    (
        "center.yaml",
        "default_country: CN",
        "default_country: China",
        "center.yaml:6:18: default_country: a country is two letters of ISO 3166-1 such as `CN`, not \"China\"",
    ),
    (
        "center.yaml",
        "time_zone: Asia/Shanghai",
        "time_zone: Asia/Shangai",
        "\"Asia/Shangai\" is no time zone such as \"Asia/Shanghai\"",
    ),
    (
        "center.yaml",
        "default_language: zh-CN",
        "default_language: zh-TW",
        "default_language: unknown language \"zh-TW\"",
    ),
    (
        "center.yaml",
        "display_name: Ticketing",
        "displayname: Ticketing",
        "unknown key \"displayname\"; did you mean \"display_name\"?",
    ),
    (
        "center.yaml",
        "display_name: Ticketing",
        "displayname: Ticketing",
        "\"display_name\" is missing",
    ),
    (
        "center.yaml",
        "priority_credit: 10s",
        "priority_credit: 10",
        "priority_credit: \"10\" is not a duration such as 500ms, 20s or 1m30s",
    ),
    (
        "center.yaml",
        "chat: [voice, callback]",
        "chat: [voice, chat]",
        "chat of exclusions: names itself; how much an agent does at once is their capacity",
    ),
    (
        "center.yaml",
        "skill: {english: 3}",
        "skill: {englsh: 3}",
        "skill of language \"en\": unknown skill \"englsh\"; did you mean \"english\"?",
    ),
    (
        "skills.yaml",
        "{zh-CN: 退票, en: Refund}",
        "{zh-CN: 退票}",
        "display_name of skill \"refund\": has no translation into \"en\"",
    ),
];

/// Slips in `queues.yaml` and the rules that speak of queues.
pub(super) const QUEUES: &[Slip] = &[
    (
        "queues.yaml",
        "skills: {booking: 1}",
        "skills: {bokking: 1}",
        "queues.yaml:45:12: skills of queue \"booking\": unknown skill \"bokking\"; did you mean \"booking\"?",
    ),
    (
        "queues.yaml",
        "skills: {booking: 1}",
        "skills: {booking: 11}",
        "skills of queue \"booking\": \"11\" is not a whole number from 1 to 10",
    ),
    (
        "queues.yaml",
        "ring_timeout: 15s",
        "ring_timout: 15s",
        "queue \"booking\": unknown key \"ring_timout\"; did you mean \"ring_timeout\"?",
    ),
    (
        "queues.yaml",
        "ring_timeout: 15s",
        "ring_timeout: 0s",
        "ring_timeout of queue \"booking\": is shorter than 1s",
    ),
    (
        "queues.yaml",
        "ring_timeout: 15s",
        "ring_timeout: 48h",
        "ring_timeout of queue \"booking\": \"48h\" is longer than 24h",
    ),
    (
        "queues.yaml",
        "declined: {threshold: 1, then: not_ready}",
        "declined: {threshold: 1, then: notready}",
        "then of declined of misses of queue \"refund\": \"notready\" is none of not_ready, ready; did you mean \"not_ready\"?",
    ),
    (
        "queues.yaml",
        "strategy: least_skilled",
        "strategy: least_skiled",
        "\"least_skiled\" is none of longest_idle, most_skilled, least_skilled, round_robin, fewest_contacts, least_talk_time, weighted_random, in_order, ring_n; did you mean \"least_skilled\"?",
    ),
    (
        "queues.yaml",
        "strategy: least_skilled",
        "strategy: ring_n",
        "strategy of queue \"refund\": must say how many ring at once: {ring_n: 3}",
    ),
    (
        "queues.yaml",
        "strategy: least_skilled",
        "strategy: {ring_n: 11}",
        "ring_n of strategy of queue \"refund\": \"11\" is not a whole number from 2 to 10",
    ),
    (
        "queues.yaml",
        "hours: always",
        "hours: allways",
        "hours of queue \"timetable\": unknown calendar \"allways\"; did you mean \"always\"?",
    ),
    (
        "queues.yaml",
        "  hours: always",
        "  when_closed: busy",
        "when_closed of queue \"timetable\": means nothing without \"hours\"",
    ),
    (
        "queues.yaml",
        "overflow: busy",
        "overflow: callback",
        "overflow of queue \"timetable\": is callback, and the queue has no \"callback\" rules",
    ),
    (
        "queues.yaml",
        "overflow: busy",
        "overflow: {flow: hotlin}",
        "flow of overflow of queue \"timetable\": unknown flow \"hotlin\"; did you mean \"hotline\"?",
    ),
    (
        "queues.yaml",
        "overflow: busy",
        "overflow: {queue: booking, flow: hotline}",
        "overflow of queue \"timetable\": needs exactly one of queue and flow",
    ),
    (
        "queues.yaml",
        "wrap_up: 10s",
        "wrap_up: {mode: until_done, time: 10s}",
        "time of wrap_up of queue \"timetable\": means nothing with mode until_done",
    ),
    (
        "queues.yaml",
        "lower: {english: 2}",
        "lower: {english: 3}",
        "rings of queue \"rebooking\": the ring after 45s changes nothing: skill \"english\" is needed at level 3 at most by then",
    ),
    (
        "queues.yaml",
        "lower: {english: 2}",
        "lower: {refund: 2}",
        "the ring after 45s changes nothing: no contact of the queue needs skill \"refund\"",
    ),
    (
        "queues.yaml",
        "{after: 2m, drop: rebooking}",
        "{after: 15m, drop: rebooking}",
        "queues.yaml:64:7: rings of queue \"rebooking\": the ring after 15m never acts: max_wait is 15m",
    ),
    (
        "queues.yaml",
        "add_queue: booking}",
        "add_queue: rebooking}",
        "the ring after 2m adds queue \"rebooking\", whose agents serve it already",
    ),
    (
        "queues.yaml",
        "add_queue: booking}",
        "drop: rebooking}",
        "the ring after 2m changes nothing: skill \"rebooking\" is dropped by then",
    ),
    (
        "queues.yaml",
        "add_queue: booking}",
        "add_queue: booking, drop: english}",
        "ring 3 of queue \"rebooking\": needs exactly one of lower, drop and add_queue",
    ),
    (
        "queues.yaml",
        "hours: always",
        "hours: always\n  when_closed: {queue: timetable}",
        "queue \"timetable\": overflows in a circle, so a caller would never get out",
    ),
    (
        "queues.yaml",
        "retry_after: 10m",
        "retry_after: 1s",
        "retry_after of callback of queue \"rebooking\": is shorter than 10s",
    ),
    (
        "queues.yaml",
        "overflow: busy",
        "overflow: {queue: boking}",
        "queue of overflow of queue \"timetable\": unknown queue \"boking\"; did you mean \"booking\"?",
    ),
    (
        "queues.yaml",
        "overflow: busy",
        "overflow: {queue: timetable}",
        "queue \"timetable\": overflows in a circle, so a caller would never get out",
    ),
    (
        "queues.yaml",
        "max_waiting: 200",
        "max_waiting: many",
        "\"many\" is not a whole number from 0 to 1000000",
    ),
    (
        "queues.yaml",
        "rebooking:\n  display_name",
        "booking:\n  display_name",
        "\"booking\" is already on line 43",
    ),
    ("tiers.yaml", "A2:", "A9:", "\"A9\": a tier is A1, A2, A3, B1, B2, C1 or C2, not \"A9\""),
    (
        "tickets.yaml",
        "on: abandoned",
        "on: abandonned",
        "on of ticket rule \"call-back-abandoned\": an outcome is answered, abandoned",
    ),
    (
        "tickets.yaml",
        "priority: urgent",
        "priority: now",
        "a ticket priority is urgent, high, normal or low, not \"now\"",
    ),
];

/// Slips in `agents.yaml` and `numbers.yaml`.
pub(super) const AGENTS_AND_NUMBERS: &[Slip] = &[
    (
        "agents.yaml",
        "queues: {booking: 1, timetable: 2}",
        "queues: {boking: 1}",
        "queues of agent \"zhang-min\": unknown queue \"boking\"; did you mean \"booking\"?",
    ),
    (
        "agents.yaml",
        "queues: {booking: 1, timetable: 2}",
        "queues: {refund: 1}",
        "agent \"zhang-min\": serves queue \"refund\", which needs skill \"refund\" at level 1",
    ),
    (
        "agents.yaml",
        "endpoint: sip:zhang-min@desks.example",
        "endpoint: sip:zhang-min@desks.example\n  capacity: {voice: 0, chat: 0}",
        "capacity of agent \"zhang-min\": leaves no room for any contact",
    ),
    (
        "agents.yaml",
        "endpoint: sip:zhang-min@desks.example",
        "endpoint: sip:zhang-min@desks.example\n  capacity: {vioce: 1}",
        "\"vioce\" is none of voice, chat, message, task, callback; did you mean \"voice\"?",
    ),
    (
        "agents.yaml",
        "endpoint: sip:zhang-min@desks.example",
        "endpoint: sip:zhang-min@desks.example\n  weight: 0",
        "weight of agent \"zhang-min\": \"0\" is not a whole number from 1 to 100",
    ),
    (
        "agents.yaml",
        "endpoint: sip:zhang-min@desks.example",
        "endpoint: zhang-min",
        "\"zhang-min\" is no address such as \"sip:chen@desk.example\"",
    ),
    (
        "agents.yaml",
        "  endpoint: sip:zhang-min@desks.example\n",
        "",
        "agent \"zhang-min\": \"endpoint\" is missing",
    ),
    ("agents.yaml", "zhang-min:", "zhang min:", "an id has only letters, digits"),
    (
        "numbers.yaml",
        "\"+862160000001\"",
        "02160000001",
        "a called number is written like \"+862160000000\"",
    ),
    (
        "numbers.yaml",
        "\"+862160000001\"",
        "\"+862160000009-+862160000001\"",
        "ends before it begins",
    ),
    (
        "numbers.yaml",
        "\"+862160000001\"",
        "\"+862160000001-+8621600000019\"",
        "have different numbers of digits",
    ),
    (
        "numbers.yaml",
        "\"+862160000001\"",
        "\"+862160000100-+862160000199\": {flow: hotline}\n\"+862160000150-+862160000249\"",
        "are equally wide and overlap, so neither would win",
    ),
    (
        "numbers.yaml",
        "flow: hotline",
        "flow: hotlin",
        "flow of number \"+862160000000\": unknown flow \"hotlin\"; did you mean \"hotline\"?",
    ),
    ("numbers.yaml", "language: en", "language: fr", "unknown language \"fr\""),
];

/// Slips in flows and prompts.
pub(super) const FLOWS: &[Slip] = &[
    (
        "flows/hotline.yaml",
        "start: greet",
        "start: great",
        "flows/hotline.yaml:6:8: start: unknown node \"great\"; did you mean \"greet\"?",
    ),
    (
        "flows/hotline.yaml",
        "type: menu",
        "type: menue",
        "\"menue\" is none of play, say, answer, menu, collect, confirm, survey, set, branch, hours, split, loop, priority, skills, record, staffing, lookup, fetch, callback, ticket, transfer, voicemail, call, return, queue, hang_up; did you mean \"menu\"?",
    ),
    (
        "flows/hotline.yaml",
        "\"2\": booking-trip",
        "\"2\": booking-tripp",
        "options of node \"main-menu\": unknown node \"booking-tripp\"; did you mean \"booking-trip\"?",
    ),
    (
        "flows/hotline.yaml",
        "\"2\": booking-trip",
        "\"22\": booking-trip",
        "\"22\" is no key of a telephone: 0 to 9, `*` or `#`",
    ),
    (
        "flows/hotline.yaml",
        "\"2\": booking-trip",
        "\"0\": booking-trip",
        "node `main-menu`: key `0` is an option and the key for a human",
    ),
    (
        "flows/hotline.yaml",
        "      \"2\": booking-trip\n",
        "",
        "node `booking-trip` cannot be reached",
    ),
    (
        "flows/hotline.yaml",
        "separator: \"*\"",
        "separator: \"#\"",
        "node `timetable-trip`: key `#` is the separator and the terminator",
    ),
    (
        "flows/hotline.yaml",
        "separator: \"*\"",
        "separator: none",
        "collect `timetable-trip` has several fields and no separator",
    ),
    (
        "flows/hotline.yaml",
        "otherwise: welcome\n",
        "otherwise: greet\n",
        "node `greet` is part of a loop that never waits for the caller",
    ),
    (
        "flows/hotline.yaml",
        "node: to-person",
        "node: main-menu",
        "the human node `main-menu` is not a queue node",
    ),
    (
        "flows/hotline.yaml",
        "min: 2, max: 6",
        "min: 6, max: 2",
        "field `origin` needs `min` of at least 1 and at most `max`",
    ),
    (
        "flows/hotline.yaml",
        "{tier: [A1, A2, A3]}",
        "{tier: [A1, A7]}",
        "tier of when of cases of node \"greet\": a tier is A1",
    ),
    (
        "flows/hotline.yaml",
        "{tier: [A1, A2, A3]}",
        "{tiers: [A1]}",
        "unknown key \"tiers\"; did you mean \"tier\"?",
    ),
    (
        "flows/hotline.yaml",
        "first_digit: 8s",
        "first_digit: 10ms",
        "first_digit of node \"main-menu\": is shorter than 200ms",
    ),
    (
        "flows/hotline.yaml",
        "prompts: welcome-best",
        "prompts: welcome-bets",
        "prompts of node \"welcome-best\": unknown prompt \"welcome-bets\"; did you mean \"welcome-best\"?",
    ),
    (
        "flows/hotline.yaml",
        "queue: refund",
        "queue: refunds",
        "queue of node \"to-refund\": unknown queue \"refunds\"; did you mean \"refund\"?",
    ),
    (
        "flows/hotline.yaml",
        "max_steps: 100",
        "max_steps: 0",
        "max_steps: \"0\" is not a whole number from 1 to 10000",
    ),
    (
        "prompts.yaml",
        "from {origin}",
        "from {orgin}",
        "no flow sets a field \"orgin\"; did you mean \"origin\"?",
    ),
];

/// YAML we do not take.
pub(super) const NO_YAML: &[Slip] = &[
    ("tiers.yaml", "A1: {priority: 30}", "A1: {priority: 30", "tiers.yaml:"),
    ("tiers.yaml", "A1: {priority: 30}", "A1: &best {priority: 30}", "anchors are not supported"),
    ("tiers.yaml", "A1: {priority: 30}", "A1: !best {priority: 30}", "tags are not supported"),
    ("tiers.yaml", "A1: {priority: 30}", "[A1]: {priority: 30}", "a key must be a plain text"),
    ("tiers.yaml", "A1: {priority: 30}", "A1: 30", "tier A1: must be a mapping, not a text"),
    (
        "tiers.yaml",
        "A1: {priority: 30}",
        "A1: {priority: [30]}",
        "priority of tier A1: must be a text, not a list",
    ),
    ("tiers.yaml", "A1: {priority: 30}", "---\na: b\n---\nc: d", "a file holds one document"),
];
