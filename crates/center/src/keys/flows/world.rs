//! The keys of nodes that ask the world.

#[cfg_attr(
    not(test),
    expect(clippy::wildcard_imports, reason = "a page uses most of the keys there are")
)]
use super::nodes::*;
use crate::keys::{Section, optional, or};

pub(crate) static STAFFING: Section = Section {
    title: "node of type `staffing`",
    about: "Asks how a queue is staffed. Conditions may speak of `staffing.available`, \
            `staffing.staffed`, `staffing.waiting`, `staffing.oldest` and `staffing.wait` (in seconds).",
    keys: &[
        TYPE,
        QUEUE,
        optional(
            "keep",
            "field → `available`, `staffed`, `waiting`, `oldest`, `wait` or `wait_minutes`",
            "Figures to keep in fields.",
        ),
        CASES,
        OTHERWISE,
        FALLBACK,
    ],
};

pub(crate) static LOOKUP: Section = Section {
    title: "node of type `lookup`",
    about: "Finds out who calls by what was keyed in: exactly one of `number` and `customer`.",
    keys: &[
        TYPE,
        optional("number", "a field", "The field with a telephone number."),
        CUSTOMER_FIELD,
        PROMPTS,
        NEXT,
        NOT_FOUND,
        FALLBACK,
    ],
};

pub(crate) static FETCH: Section = Section {
    title: "node of type `fetch`",
    about: "Asks a system outside over HTTP (a data dip).",
    keys: &[
        TYPE,
        ENDPOINT,
        optional(
            "values",
            "name → text",
            "What to send, with `{fields}` filled in. `{pin}` alone may name a sensitive field.",
        ),
        optional("fields", "field → *fetched field*", "What to take out of the reply."),
        DEADLINE,
        RETRIES,
        PROMPTS,
        NEXT,
        REFUSED,
        FALLBACK,
    ],
};

pub(crate) static FETCH_FIELD: Section = Section {
    title: "fetched field",
    about: "",
    keys: &[
        or("kind", "text", "`text`, `number` or `flag`", "What it must be."),
        or("from", "the field's name", "names with dots", "Where it is in the JSON of the reply."),
        or("optional", "false", "true or false", "Whether it may be missing."),
    ],
};

pub(crate) static CALLBACK: Section = Section {
    title: "node of type `callback`",
    about: "Arranges that the caller is called back and keeps the place in line.",
    keys: &[
        TYPE,
        QUEUE,
        or("number", "the caller's", "a field", "The field with the number to call."),
        NEXT,
        FALLBACK,
    ],
};

pub(crate) static TICKET: Section = Section {
    title: "node of type `ticket`",
    about: "",
    keys: &[
        TYPE,
        SUBJECT,
        KIND,
        CATEGORY,
        DEPARTMENT,
        PRIORITY,
        optional("fields", "name → text", "What else is written down, with `{fields}` filled in."),
        optional("keep", "a field", "The field that gets the ticket's number."),
        NEXT,
        FALLBACK,
    ],
};

pub(crate) static TRANSFER: Section = Section {
    title: "node of type `transfer`",
    about: "Connects the caller with somebody outside the queues: exactly one of `agent` and `number`. \
            A queue has a node type of its own.",
    keys: &[
        TYPE,
        PROMPTS,
        AGENT,
        optional("number", "a number in E.164 form", "A telephone number."),
        RING,
        FALLBACK,
    ],
};

pub(crate) static VOICEMAIL: Section = Section {
    title: "node of type `voicemail`",
    about: "",
    keys: &[TYPE, PROMPTS, QUEUE, MAX_LENGTH, END_KEY, NEXT, FALLBACK],
};
