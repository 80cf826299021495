//! The keys of nodes that wait for the caller.

#[cfg_attr(
    not(test),
    expect(clippy::wildcard_imports, reason = "a page uses most of the keys there are")
)]
use super::nodes::*;
use crate::keys::{Key, Section, optional, or, required};

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
    about: "A key has one meaning: a digit of the entry, the separator, the terminator, the key that \
            takes back, or the key for a human.",
    keys: &[
        TYPE,
        PROMPTS,
        AGAIN,
        FIELDS,
        SEPARATOR,
        TERMINATOR,
        CANCEL,
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
const FIELD_KIND: Key = required("kind", "`digits`, `pin`, `number` or `date`", "What it holds.");
const FIELD_MIN: Key = required("min", "whole number, 1 to 64", "The least digits.");
const FIELD_MAX: Key = required("max", "whole number, 1 to 64", "The most digits.");
const FIELD_LEAST: Key = or("least", "0", "whole number, 0 to 999999999", "The least number.");
const FIELD_MOST: Key = required("most", "whole number, 0 to 999999999", "The greatest number.");
const FIELD_AHEAD: Key = or(
    "max_days_ahead",
    "any day from today on",
    "whole number, 0 to 3660",
    "How far ahead the day may be.",
);
const FIELD_OPTIONAL: Key = or("optional", "false", "true or false", "Whether it may be left out.");
const FIELD_SENSITIVE: Key = or(
    "sensitive",
    "false",
    "true or false",
    "Whether nobody may see it: it is kept nowhere, and only a `fetch` node right after can use it.",
);
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
        FIELD_LEAST,
        FIELD_MOST,
        FIELD_AHEAD,
        FIELD_OPTIONAL,
        FIELD_SENSITIVE,
        FIELD_INVALID,
    ],
};

pub(crate) static DIGITS: Section = Section {
    title: "digits field",
    about: "",
    keys: &[
        FIELD_NAME,
        FIELD_KIND,
        FIELD_MIN,
        FIELD_MAX,
        FIELD_OPTIONAL,
        FIELD_SENSITIVE,
        FIELD_INVALID,
    ],
};

pub(crate) static PIN: Section = Section {
    title: "pin field",
    about: "Digits that are always sensitive.",
    keys: &[FIELD_NAME, FIELD_KIND, FIELD_MIN, FIELD_MAX, FIELD_INVALID],
};

pub(crate) static NUMBER: Section = Section {
    title: "number field",
    about: "",
    keys: &[FIELD_NAME, FIELD_KIND, FIELD_LEAST, FIELD_MOST, FIELD_OPTIONAL, FIELD_INVALID],
};

pub(crate) static DATE: Section = Section {
    title: "date field",
    about: "Keyed in as MMDD, the next such day, or as YYYYMMDD.",
    keys: &[FIELD_NAME, FIELD_KIND, FIELD_AHEAD, FIELD_OPTIONAL, FIELD_INVALID],
};

pub(crate) static CONFIRM: Section = Section {
    title: "node of type `confirm`",
    about: "Reads an entry back, with prompts that have its fields in them, and waits for yes or no.",
    keys: &[
        TYPE,
        PROMPTS,
        AGAIN,
        YES,
        NO,
        NEXT,
        REDO,
        TRIES,
        EXHAUSTED,
        BARGE_IN,
        FIRST_DIGIT,
        INTER_DIGIT,
        OVERALL,
        NO_INPUT,
        NO_MATCH,
    ],
};

pub(crate) static SURVEY: Section = Section {
    title: "node of type `survey`",
    about: "Asks for scores. Who stops answering goes on with what was answered so far.",
    keys: &[
        TYPE,
        SURVEY_NAME,
        PROMPTS,
        AGAIN,
        QUESTIONS,
        BARGE_IN,
        FIRST_DIGIT,
        INTER_DIGIT,
        OVERALL,
        NO_INPUT,
        NO_MATCH,
        NEXT,
    ],
};

pub(crate) static QUESTION: Section = Section {
    title: "survey question",
    about: "",
    keys: &[
        required("name", "text", "The name the score is kept under."),
        PROMPTS,
        or("least", "1", "whole number, 0 to 99", "The lowest score."),
        or("most", "5", "whole number, 0 to 99", "The highest score."),
    ],
};
