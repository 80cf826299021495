//! The keys of `flows/*.yaml`.

use super::{Key, Page, Section, optional, or, required};

pub(crate) const PAGE: Page = Page {
    file: "flows/*.yaml",
    about: "What callers hear and choose: one flow per file, whose name is the flow's id. A graph of \
            nodes; one that would strand a caller is refused.",
    sections: &[
        &FLOW,
        &HUMAN,
        &PLAY,
        &MENU,
        &COLLECT,
        &ATTEMPTS,
        &DIGITS,
        &DATE,
        &SET,
        &BRANCH,
        &CASE,
        &CONDITION,
        &QUEUE_NODE,
        &HANG_UP,
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
        required("nodes", "id → *node*", "The nodes; `type` says which kind each is."),
    ],
};

pub(crate) static HUMAN: Section = Section {
    title: "human exit",
    about: "",
    keys: &[
        or("key", "0", "one key", "Leads to the node from every question."),
        required("node", "a queue node", "Where everything goes that goes wrong."),
    ],
};

/// Every key of any node, for one whose kind is not known.
pub(crate) static NODE: Section = Section {
    title: "a node",
    about: "",
    keys: &[
        TYPE,
        PROMPTS,
        AGAIN,
        OPTIONS,
        FIELDS,
        SEPARATOR,
        TERMINATOR,
        BARGE_IN,
        FIRST_DIGIT,
        INTER_DIGIT,
        OVERALL,
        NO_INPUT,
        NO_MATCH,
        VALUES,
        LANGUAGE,
        CASES,
        OTHERWISE,
        QUEUE,
        SKILLS,
        PRIORITY_BOOST,
        NEXT,
    ],
};

const TYPE: Key = required(
    "type",
    "`play`, `menu`, `collect`, `set`, `branch`, `queue` or `hang_up`",
    "The kind of node.",
);
const OPTIONS: Key = required("options", "key in quotes → node", "Where each key leads.");
const FIELDS: Key =
    required("fields", "list of *digits field* and *date field*", "What is keyed in, in order.");
const SEPARATOR: Key = or("separator", "\"*\"", "one key or `none`", "Stands between fields.");
const TERMINATOR: Key = or("terminator", "\"#\"", "one key or `none`", "Ends the entry.");
const VALUES: Key = optional("values", "field → text", "Fields to set.");
const LANGUAGE: Key =
    or("language", "as it is", "a served language", "What the caller hears from here on.");
const CASES: Key =
    required("cases", "list of *case*", "Tried in order; the first that fits is taken.");
const OTHERWISE: Key = required("otherwise", "a node", "What follows when none fits.");
const QUEUE: Key = required("queue", "a queue", "Where the caller waits.");
const SKILLS: Key = optional("skills", "skill → least level, 1 to 10", "Skills needed on top.");
const PRIORITY_BOOST: Key = or("priority_boost", "0", "whole number, 0 to 1000", "Points added.");
const PROMPTS: Key = optional("prompts", "a prompt or a list", "What the caller hears.");
const NEXT: Key = required("next", "a node", "What follows.");
const AGAIN: Key =
    or("again", "`prompts`", "a prompt or a list", "What the caller hears when asked again.");
const BARGE_IN: Key =
    or("barge_in", "true", "true or false", "Whether a key ends what is being played.");
const FIRST_DIGIT: Key =
    or("first_digit", "10s", "duration, 200ms to 1m", "How long to wait for the first key.");
const INTER_DIGIT: Key =
    or("inter_digit", "5s", "duration, 200ms to 1m", "How long to wait for each further key.");
const OVERALL: Key =
    or("overall", "1m", "duration, 200ms to 5m", "How long the whole entry may take.");
const NO_INPUT: Key =
    or("no_input", "{max: 2}", "*attempts*", "What happens when no key is pressed.");
const NO_MATCH: Key =
    or("no_match", "{max: 2}", "*attempts*", "What happens when the keys do not fit.");

pub(crate) static PLAY: Section =
    Section { title: "node of type `play`", about: "", keys: &[TYPE, PROMPTS, NEXT] };

pub(crate) static MENU: Section = Section {
    title: "node of type `menu`",
    about: "",
    keys: &[
        TYPE,
        PROMPTS,
        AGAIN,
        OPTIONS,
        BARGE_IN,
        FIRST_DIGIT,
        INTER_DIGIT,
        OVERALL,
        NO_INPUT,
        NO_MATCH,
    ],
};

pub(crate) static COLLECT: Section = Section {
    title: "node of type `collect`",
    about: "",
    keys: &[
        TYPE,
        PROMPTS,
        AGAIN,
        FIELDS,
        SEPARATOR,
        TERMINATOR,
        BARGE_IN,
        FIRST_DIGIT,
        INTER_DIGIT,
        OVERALL,
        NO_INPUT,
        NO_MATCH,
        NEXT,
    ],
};

pub(crate) static ATTEMPTS: Section = Section {
    title: "attempts",
    about: "Silence and wrong entries are counted apart, from zero in every node.",
    keys: &[
        or("max", "2", "whole number, 0 to 10", "How often the caller is asked again."),
        optional(
            "prompts",
            "a prompt or a list",
            "What is said before asking again, one prompt for each time; the last one stays.",
        ),
        or("next", "the human exit", "a node", "Where the caller goes after that."),
    ],
};

const FIELD_NAME: Key =
    required("name", "text", "The field's name, for prompts, branches and desktops.");
const FIELD_KIND: Key = required("kind", "`digits` or `date`", "What it holds.");
const FIELD_MIN: Key = required("min", "whole number, 1 to 64", "The least digits.");
const FIELD_MAX: Key = required("max", "whole number, 1 to 64", "The most digits.");
const FIELD_AHEAD: Key = or(
    "max_days_ahead",
    "any day from today on",
    "whole number, 0 to 3660",
    "How far ahead the day may be.",
);
const FIELD_OPTIONAL: Key = or("optional", "false", "true or false", "Whether it may be left out.");
const FIELD_INVALID: Key =
    optional("invalid", "a prompt", "What is said first when it does not fit.");

/// Every key of any field, for one whose kind is not known.
pub(crate) static FIELD: Section = Section {
    title: "a field",
    about: "",
    keys: &[
        FIELD_NAME,
        FIELD_KIND,
        FIELD_MIN,
        FIELD_MAX,
        FIELD_AHEAD,
        FIELD_OPTIONAL,
        FIELD_INVALID,
    ],
};

pub(crate) static DIGITS: Section = Section {
    title: "digits field",
    about: "",
    keys: &[FIELD_NAME, FIELD_KIND, FIELD_MIN, FIELD_MAX, FIELD_OPTIONAL, FIELD_INVALID],
};

pub(crate) static DATE: Section = Section {
    title: "date field",
    about: "Keyed in as MMDD, the next such day, or as YYYYMMDD.",
    keys: &[FIELD_NAME, FIELD_KIND, FIELD_AHEAD, FIELD_OPTIONAL, FIELD_INVALID],
};

pub(crate) static SET: Section =
    Section { title: "node of type `set`", about: "", keys: &[TYPE, VALUES, LANGUAGE, NEXT] };

pub(crate) static BRANCH: Section =
    Section { title: "node of type `branch`", about: "", keys: &[TYPE, CASES, OTHERWISE] };

pub(crate) static CASE: Section = Section {
    title: "a case",
    about: "",
    keys: &[
        required("when", "*condition*", "What must hold."),
        required("next", "a node", "What follows then."),
    ],
};

pub(crate) static CONDITION: Section = Section {
    title: "a condition",
    about: "Exactly one of `field`, `tier`, `language` and `called_number`.",
    keys: &[
        optional("field", "a field", "Looks at what was keyed in."),
        or("is", "anything", "a text or a list", "What `field` must be; one of these."),
        optional("tier", "a tier, a list, or `any`", "Looks at the customer's tier."),
        optional("language", "a served language or a list", "Looks at the caller's language."),
        optional("called_number", "a number or a list", "Looks at the number that was called."),
    ],
};

pub(crate) static QUEUE_NODE: Section = Section {
    title: "node of type `queue`",
    about: "",
    keys: &[TYPE, PROMPTS, QUEUE, SKILLS, PRIORITY_BOOST],
};

pub(crate) static HANG_UP: Section =
    Section { title: "node of type `hang_up`", about: "", keys: &[TYPE, PROMPTS] };
