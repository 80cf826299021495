//! The keys of `scorecards.yaml`.

use super::{Page, Section, or, required};

pub(crate) const SCORECARDS_PAGE: Page = Page {
    file: "scorecards.yaml",
    about: "By what supervisors judge calls and tickets: id → *scorecard*. Nobody judges their own work, and \
            agents are not told which contacts are to be judged.",
    sections: &[&SCORECARD, &CRITERION],
};

pub(crate) static SCORECARD: Section = Section {
    title: "a scorecard",
    about: "",
    keys: &[
        required(
            "subject",
            "`call` or `ticket`",
            "What it is for; written contacts are calls here.",
        ),
        or("queues", "every queue", "list of queues", "Only what came through these queues."),
        or("kinds", "every kind", "list of kinds", "Only tickets of these kinds; not for calls."),
        or(
            "pass",
            "80",
            "0 to 100",
            "From how many percent on the work passes. A score is the share of the points of all criteria \
             that apply, by their weights.",
        ),
        required(
            "criteria",
            "name → *criterion*, in the order in which they are judged; 1 to 50",
            "What is looked at.",
        ),
    ],
};

pub(crate) static CRITERION: Section = Section {
    title: "a criterion",
    about: "",
    keys: &[
        required("text", "text, or one for each language", "What is looked at."),
        or("points", "1", "1 to 10", "The most points it gives; with 1 it is met or not."),
        or("weight", "1", "1 to 100", "How much it counts beside the others."),
        or(
            "critical",
            "false",
            "`true` or `false`",
            "Whether no points at all make the whole score 0.",
        ),
        or(
            "optional",
            "false",
            "`true` or `false`",
            "Whether it may not apply, and then not count.",
        ),
    ],
};
