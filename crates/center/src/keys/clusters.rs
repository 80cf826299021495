//! The keys of `clusters.yaml`.

use super::{Page, Section, optional, or, required};

pub(crate) const PAGE: Page = Page {
    file: "clusters.yaml",
    about: "Which tickets together are one incident: id → *cluster rule*. When so many tickets of so many \
            customers were made within a time, an incident is opened once, and they are part of it; what \
            comes in later joins for as long as the incident is open. Tickets that were merged or \
            cancelled, tasks and incidents are no signs. A ticket that is part of an incident is counted \
            no more, by no rule.",
    sections: &[&CLUSTER, &INCIDENT],
};

pub(crate) static CLUSTER: Section = Section {
    title: "a cluster rule",
    about: "",
    keys: &[
        or("kinds", "every kind", "list of kinds", "Only tickets of these kinds."),
        optional("category", "a category", "Only tickets filed under it or below it."),
        optional("department", "a department", "Only tickets this department answers for."),
        required("tickets", "2 to 500", "From how many tickets on."),
        or(
            "customers",
            "2",
            "0 to 500, at most `tickets`",
            "From how many different customers on. Tickets without a customer count as tickets only.",
        ),
        required("within", "duration, 1m to 24h", "Within which time the tickets are made."),
        required("incident", "*incident*", "What is opened."),
    ],
};

pub(crate) static INCIDENT: Section = Section {
    title: "an incident",
    about: "",
    keys: &[
        required("subject", "text, at most 200 characters", "What it is about, in one line."),
        or("kind", "the first", "a kind", "What kind of ticket it is."),
        optional("category", "a category", "What it is filed under."),
        or("priority", "urgent", "`urgent`, `high`, `normal` or `low`", "How soon."),
        optional(
            "department",
            "a department",
            "Who answers for it, and for its members once they are resolved with it.",
        ),
        or(
            "queue",
            "none; people accept it",
            "a queue",
            "Whose agents are offered it at once as a piece of work, on the channel `task`.",
        ),
    ],
};
