//! The keys of `flows/*.yaml`.

pub(crate) mod asking;
mod nodes;
pub(crate) mod plain;
pub(crate) mod world;

use super::{Page, Section, optional, or, required};
#[cfg_attr(
    not(test),
    expect(clippy::wildcard_imports, reason = "a page uses most of the keys there are")
)]
use nodes::*;

pub(crate) const PAGE: Page = Page {
    file: "flows/*.yaml",
    about: "What callers hear and choose: one flow per file, whose name is the flow's id. A graph of \
            nodes; one that would strand a caller is refused. [flows.md](../flows.md) explains every \
            kind of node with an example, [flow-errors.md](flow-errors.md) every refusal.",
    sections: &[
        &FLOW,
        &HUMAN,
        &plain::PLAY,
        &plain::SAY,
        &plain::ANSWER,
        &asking::MENU,
        &asking::COLLECT,
        &asking::ATTEMPTS,
        &asking::DIGITS,
        &asking::PIN,
        &asking::NUMBER,
        &asking::DATE,
        &asking::CONFIRM,
        &asking::SURVEY,
        &asking::QUESTION,
        &plain::SET,
        &plain::BRANCH,
        &plain::CASE,
        &plain::CONDITION,
        &plain::HOURS,
        &plain::SPLIT,
        &plain::WAY,
        &plain::LOOP,
        &plain::PRIORITY,
        &plain::SKILLS_NODE,
        &plain::RECORD,
        &world::STAFFING,
        &world::LOOKUP,
        &world::FETCH,
        &world::FETCH_FIELD,
        &world::CALLBACK,
        &world::TICKET,
        &world::TRANSFER,
        &world::VOICEMAIL,
        &plain::CALL,
        &plain::RETURN,
        &plain::QUEUE_NODE,
        &plain::HANG_UP,
    ],
};

pub(crate) const CANARIES_PAGE: Page = Page {
    file: "canaries.yaml",
    about: "Versions of flows on trial: flow → percent of new calls, 1 to 99. The text of each is \
            `canaries/FLOW.yaml`, written like `flows/FLOW.yaml`. `switchboard flow publish --canary` \
            writes both into the stored version, and `apply` keeps them until the folder changes the \
            flow itself; there is no need to write them by hand.",
    sections: &[],
};

pub(crate) static FLOW: Section = Section {
    title: "the file",
    about: "",
    keys: &[
        required("title", "text", "Its name, for people."),
        required("start", "a node", "Where a call begins."),
        required("human", "*human exit*", "The way to a person, from everywhere."),
        or(
            "max_steps",
            "200",
            "whole number, 1 to 10000",
            "A call that enters more nodes goes to a person.",
        ),
        or(
            "max_time",
            "15m",
            "duration, 10s to 2h",
            "A call that is in the flow for longer goes to a person.",
        ),
        optional(
            "inputs",
            "field → `text`, `number` or `flag`",
            "Fields that whoever calls this flow has set.",
        ),
        required("nodes", "id → *node*", "The nodes; `type` says which kind each is."),
    ],
};

pub(crate) static HUMAN: Section = Section {
    title: "human exit",
    about: "",
    keys: &[
        or("key", "0", "one key", "Leads to the node from every question."),
        required("node", "a node", "The queue node where everything goes that goes wrong."),
    ],
};

/// Every key of any node, for one whose kind is not known.
pub(crate) static NODE: Section = Section {
    title: "a node",
    about: "",
    keys: &[
        TYPE,
        PROMPTS,
        NEXT,
        AGAIN,
        BARGE_IN,
        FIRST_DIGIT,
        INTER_DIGIT,
        OVERALL,
        NO_INPUT,
        NO_MATCH,
        OPTIONS,
        FIELDS,
        SEPARATOR,
        TERMINATOR,
        CANCEL,
        YES,
        NO,
        REDO,
        TRIES,
        EXHAUSTED,
        SURVEY_NAME,
        QUESTIONS,
        TEXT,
        TOPIC,
        VALUES,
        NUMBERS,
        LANGUAGE,
        CASES,
        OTHERWISE,
        CALENDAR,
        OPEN,
        CLOSED,
        HOLIDAY,
        WAYS,
        TIMES,
        DONE,
        POINTS,
        SKILLS,
        ON,
        FLOW_NAME,
        QUEUE,
        PRIORITY_BOOST,
        KEEP,
        FALLBACK,
        NUMBER_FIELD,
        CUSTOMER_FIELD,
        NOT_FOUND,
        ENDPOINT,
        DEADLINE,
        RETRIES,
        REFUSED,
        SUBJECT,
        KIND,
        CATEGORY,
        DEPARTMENT,
        PRIORITY,
        AGENT,
        RING,
        MAX_LENGTH,
        END_KEY,
    ],
};
