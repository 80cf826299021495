//! The keys of `tests/*.yaml`: test cases of flows.

use super::{Key, Page, Section, optional, or, required};

pub(crate) const PAGE: Page = Page {
    file: "tests/*.yaml",
    about: "Test cases of flows, which `switchboard flow test` runs; they lie beside the flows and are \
            no part of the center. [flows.md](../flows.md#trying-a-flow) explains them with examples.",
    sections: &[&FILE, &GIVEN, &CUSTOMER, &ANSWER, &STAFFING, &CASE, &TIMED_KEYS, &EXPECTATIONS],
};

pub(crate) static FILE: Section = Section {
    title: "the file",
    about: "",
    keys: &[
        or("flow", "the name of the file", "a flow", "The flow that is tested."),
        optional("given", "*given*", "What holds for every case that does not say otherwise."),
        required("cases", "text → *case*", "The cases; each name says what is claimed."),
    ],
};

const AT: Key = or(
    "at",
    "2026-01-05 10:00, a Monday",
    "day and time, such as 2026-12-25 09:30",
    "When the call begins, by the clock on the center's wall.",
);
const CALLED: Key = or(
    "called",
    "the first number that leads to the flow",
    "a number",
    "The number called. It chooses the language.",
);
const CALLER: Key = or("caller", "withheld", "a number", "The number of the caller.");
const LANGUAGE: Key =
    or("language", "that of the number called", "one of `languages`", "What the caller hears.");
const CHANNEL: Key = or(
    "channel",
    "voice",
    "`voice`, `chat` or `message`",
    "How the contact came in; on `chat` and `message` callers write.",
);
const CALLER_RECORD: Key =
    optional("customer", "*known customer*", "Who calls, as the calling number told.");
const LISTS: Key = optional(
    "lists",
    "list, each `allow`, `block`, `company_switchboard`, `test` or `mystery`",
    "The lists of numbers that the calling number stands on; with `block` the call is refused unless \
     `callers: {blocked: flow}` lets the flow decide.",
);
const VERIFICATION: Key = or(
    "verification",
    "not_verified",
    "`full`, `partial`, `gateway`, `not_verified` or `failed`",
    "How far the network vouches for the calling number.",
);
const ANSWERS: Key = optional(
    "answers",
    "node → one or a list, each a word or *answer*",
    "What the world answers where the flow asks it, the last of a list again and again. The words are \
     `done`, `refused`, `not_found`, `failed` and `late`.",
);

pub(crate) static GIVEN: Section = Section {
    title: "given",
    about: "",
    keys: &[AT, CALLER, CALLED, LANGUAGE, CHANNEL, LISTS, VERIFICATION, CALLER_RECORD, ANSWERS],
};

pub(crate) static CUSTOMER: Section = Section {
    title: "a known customer",
    about: "",
    keys: &[
        optional("id", "id", "The record."),
        optional("tier", "a tier, A1 to C2", "What the customer is worth."),
        optional("language", "BCP 47 tag", "The language the customer prefers."),
        optional("segments", "a list of texts", "The groups the customer belongs to."),
        or("open_tickets", "0", "whole number, 0 to 1000", "How many tickets are not closed yet."),
    ],
};

pub(crate) static ANSWER: Section = Section {
    title: "an answer",
    about: "Exactly one of these.",
    keys: &[
        optional("staffing", "*staffing*", "How the queue of a `staffing` node is staffed."),
        optional("customer", "*known customer*", "Who a `lookup` node found."),
        optional("fetched", "field → text", "What a `fetch` node took out of the reply."),
        optional("ticket", "whole number, 1 to 1000000", "The number a `ticket` node got."),
    ],
};

pub(crate) static STAFFING: Section = Section {
    title: "staffing",
    about: "",
    keys: &[
        or("available", "0", "whole number, 0 to 10000", "How many agents are ready and free."),
        or("staffed", "0", "whole number, 0 to 10000", "How many agents work."),
        or("waiting", "0", "whole number, 0 to 10000", "How many callers wait."),
        or("oldest", "0s", "duration, 0s to 24h", "How long the first of them has waited."),
        or("wait", "unknown", "duration, 0s to 24h", "How long another one would wait."),
    ],
};

pub(crate) static CASE: Section = Section {
    title: "a case",
    about: "",
    keys: &[
        AT,
        CALLER,
        CALLED,
        LANGUAGE,
        CHANNEL,
        LISTS,
        VERIFICATION,
        CALLER_RECORD,
        ANSWERS,
        optional(
            "inputs",
            "list, each keys or *timed keys*",
            "What the caller does, in order: keys such as `021*010#`, the word `silence` or `hang_up`, \
             and in writing any text. Keys that a question has no use for are left for the next one.",
        ),
        required("expect", "*expectations*", "What must come of it."),
    ],
};

pub(crate) static TIMED_KEYS: Section = Section {
    title: "timed keys",
    about: "Keys that are pressed slowly, so that deadlines of the question may pass.",
    keys: &[
        required("keys", "text", "The keys."),
        or(
            "after",
            "1s",
            "duration, 0s to 10m",
            "How long after the question the first is pressed.",
        ),
        or("every", "500ms", "duration, 0s to 10m", "How long after each key the next is pressed."),
    ],
};

pub(crate) static EXPECTATIONS: Section = Section {
    title: "expectations",
    about: "Only what is named is compared.",
    keys: &[
        optional("path", "a list of nodes", "Every node the caller comes through, in order."),
        optional(
            "through",
            "a list of nodes",
            "Nodes on the way, in this order, maybe with others.",
        ),
        optional(
            "prompts",
            "a list of prompts",
            "Prompts that are heard, in this order, maybe with others.",
        ),
        optional("texts", "a list of texts", "Texts that are heard, each as a part of something."),
        optional("fields", "field → text", "What fields hold at the end."),
        optional("no_fields", "a list of fields", "Fields that hold nothing at the end."),
        optional(
            "end",
            "`queue`, `transferred`, `hung_up`, `caller_gone` or `waiting`",
            "How it ends; `waiting` when the flow asks and the inputs are used up.",
        ),
        optional("queue", "a queue", "Where the caller waits; means `end: queue`."),
        optional(
            "reason",
            "`chosen`, `human_key`, `no_input`, `no_match`, `budget_spent` or `time_spent`",
            "Why the caller waits there.",
        ),
        optional("priority", "whole number, 0 to 10000", "Points of priority that the flow added."),
        optional(
            "skills",
            "skill → whole number, 1 to 10",
            "Exactly the skills that the flow added.",
        ),
        optional(
            "answered",
            "a list of texts",
            "Exactly the topics of common questions, in order.",
        ),
        optional("ends_in", "a language", "The language the caller hears at the end."),
    ],
};
