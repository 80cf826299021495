//! The keys of the retention policy.

use super::{Page, Section, optional, or};

pub(crate) const PAGE: Page = Page {
    file: "retention.yaml",
    about: "How long what happened is kept. What is not named is kept for ever, and so is everything a \
            legal hold is about. `switchboard retention plan` says what would go now.",
    sections: &[&RETENTION],
};

pub(crate) static RETENTION: Section = Section {
    title: "a retention policy",
    about: "Days are written `30d`. The longest is `36500d`, a hundred years.",
    keys: &[
        or(
            "run_at",
            "\"02:00\"",
            "time of day",
            "When what is past its time goes, each day by the center's clock.",
        ),
        optional(
            "events",
            "duration from 30d on, not above `interactions`",
            "How long the events of contacts, agents and gateways are kept. They go by whole months, in \
             UTC, when the whole month is past its time.",
        ),
        optional(
            "interactions",
            "duration from 30d on",
            "How long contacts that have ended are kept, from their begin. Their events go with them.",
        ),
        optional(
            "tickets",
            "duration from 1d on",
            "How long tickets are kept that are closed, cancelled or merged, from their last change. What \
             belongs to them goes with them: their lives, promises, follow-ups and answers.",
        ),
        optional(
            "customers",
            "duration from 30d on",
            "After how long without a contact and without a ticket a customer is erased, as \
             `switchboard customer erase` does.",
        ),
        optional(
            "lookups",
            "duration from 1d on, not above `audit`",
            "How long the lines of the audit trail are kept that tell of lookups.",
        ),
        optional(
            "audit",
            "duration from 30d on",
            "How long the other lines of the audit trail are kept.",
        ),
    ],
};
