//! The keys of `targets.yaml`.

use super::{Page, Section, optional, or};

pub(crate) const PAGE: Page = Page {
    file: "targets.yaml",
    about: "What the company, its departments and the people in them are to reach in a month, as \
            `switchboard report targets` and the monthly pack show it: company, departments, and in each \
            department the agents who work on its tickets. What has no target here is not judged.",
    sections: &[&TARGETS, &DEPARTMENT, &AIMS],
};

pub(crate) static TARGETS: Section = Section {
    title: "the file",
    about: "",
    keys: &[
        or(
            "fewest",
            "1",
            "1 to 100000",
            "How many must be counted before anybody tells whether a target is attained: resolutions, first \
             answers, customers who were asked, answers.",
        ),
        optional("company", "*targets*", "For all tickets."),
        optional(
            "departments",
            "department → *department*, up to 100",
            "For the tickets that a department answers for.",
        ),
    ],
};

pub(crate) static DEPARTMENT: Section = Section {
    title: "a department",
    about: "An agent is judged by the tickets of the department on which they work, so the figures of a \
            department are the sum of those of its agents and of what nobody works on.",
    keys: &[
        optional("own", "*targets*", "For the department itself."),
        optional("every_agent", "*targets*", "For each agent who works on its tickets."),
        optional(
            "agents",
            "agent → *targets*",
            "For single agents; what is said here of a measure holds instead of `every_agent`.",
        ),
    ],
};

pub(crate) static AIMS: Section = Section {
    title: "targets",
    about: "Shares are percent, with at most one digit after the point; nothing is rounded before it is \
            compared. Each share says of how many it is.",
    keys: &[
        optional("kept", "0 to 100, at least", "(resolved − late) / resolved: SLA attainment."),
        optional(
            "first_contact_rate",
            "0 to 100, at least",
            "Resolutions at the first contact / resolved.",
        ),
        optional("reopen_rate", "0 to 100, at most", "Reopened / resolved."),
        optional(
            "mean_resolving",
            "duration, 1s to 365d, at most",
            "The mean time from the making of a ticket to its resolution.",
        ),
        optional(
            "mean_answering",
            "duration, 1s to 365d, at most",
            "The mean time from the making of a ticket to its first answer.",
        ),
        optional(
            "response_rate",
            "0 to 100, at least",
            "Customers who answered / customers who were asked.",
        ),
        optional(
            "satisfied_share",
            "0 to 100, at least",
            "Answers of 4 or 5 points / all answers about satisfaction: CSAT.",
        ),
        optional(
            "loyal_share",
            "0 to 100, at least",
            "Loyal customers / those who answered all three questions about loyalty: L3.",
        ),
    ],
};
