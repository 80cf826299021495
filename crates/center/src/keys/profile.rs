//! The keys of `profile.yaml`.

use super::{Key, Page, Section, optional, or, required};

pub(crate) const PAGE: Page = Page {
    file: "profile.yaml",
    about: "What the center keeps about its customers besides the record, and what it asks of records. A \
            field that is taken out is not shown any more; its values stay, for its return.",
    sections: &[&PROFILE, &SECTION, &FIELD],
};

pub(crate) static PROFILE: Section = Section {
    title: "the profile",
    about: "",
    keys: &[
        or(
            "owner_required_tiers",
            "none",
            "list of tiers",
            "Tiers whose customers must have an owner: a record without one is neither made nor \
             changed, but for its owner or tier.",
        ),
        or(
            "review_after",
            "never",
            "duration, 1d to 3650d",
            "How long a record counts as reviewed; after that it is due for a review.",
        ),
        optional("person", "name → *section*", "What is kept about persons."),
        optional("company", "name → *section*", "What is kept about companies."),
    ],
};

pub(crate) static SECTION: Section = Section {
    title: "a section",
    about: "Fields that belong together. Sections and fields are named by 1 to 32 characters of \
            `a-z 0-9 _`; a field of a record is called by both, such as `family.children`.",
    keys: &[
        required("display_name", "text by language", "Its name, for people."),
        or(
            "enabled",
            "`true`, with a sensitive field `false`",
            "`true` or `false`",
            "Whether its fields are kept and shown.",
        ),
        required("fields", "name → *field*, at most 40", "Its fields."),
    ],
};

pub(crate) static FIELD: Section = Section {
    title: "a field",
    about: "",
    keys: &[
        DISPLAY_NAME,
        TYPE,
        MAX_LENGTH,
        PATTERN,
        MIN,
        MAX,
        VALUES,
        MAX_ITEMS,
        or(
            "sensitive",
            "false",
            "`true` or `false`",
            "Whether its values are kept out of messages, and each reading is told on the audit trail.",
        ),
        or(
            "read",
            "`[agent, supervisor, admin]`; `[supervisor, admin]` when sensitive",
            "list of `agent`, `supervisor`, `admin`",
            "Who sees its values.",
        ),
        or(
            "write",
            "`[supervisor, admin]`",
            "list of `supervisor`, `admin`",
            "Who changes its values.",
        ),
        or(
            "at_ring",
            "false",
            "`true` or `false`",
            "Whether agents are told its value when a call or chat of the customer rings, as it was when \
             that came in, and lookups name it, such as a balance of points. Not of fields that are sensitive or that agents may not \
             read.",
        ),
    ],
};

// What a typed field says of itself, here and in the forms of tickets.
pub(super) const DISPLAY_NAME: Key =
    required("display_name", "text by language", "Its name, for people.");
pub(super) const TYPE: Key = required(
    "type",
    "`text`, `number`, `integer`, `boolean`, `date`, `phone`, `enum` or `texts`",
    "Which values it takes; a date is written `1980-02-29`, a `phone` in \
     E.164, `texts` are several.",
);
pub(super) const MAX_LENGTH: Key = or(
    "max_length",
    "200",
    "whole number, 1 to 2000",
    "The most characters of a `text`, and of each of `texts`.",
);
pub(super) const PATTERN: Key = optional(
    "pattern",
    "a regular expression",
    "What a `text` looks like as a whole, such as `[A-Z]{2}[0-9]{6}`.",
);
pub(super) const MIN: Key = optional("min", "a number", "The least `number` or `integer`.");
pub(super) const MAX: Key = optional("max", "a number", "The greatest `number` or `integer`.");
pub(super) const VALUES: Key =
    optional("values", "list of words, at most 50", "The words of an `enum`, which needs them.");
pub(super) const MAX_ITEMS: Key =
    or("max_items", "20", "whole number, 1 to 50", "The most of `texts`.");
