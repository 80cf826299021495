//! The keys of `surveys.yaml`, `follow_ups.yaml` and `touchpoints.yaml`.

use super::{Page, Section, optional, or, required};

pub(crate) const SURVEYS_PAGE: Page = Page {
    file: "surveys.yaml",
    about: "What customers are asked after a call or a ticket: id → *survey*.",
    sections: &[&SURVEY, &QUESTION, &RECOVERY],
};

pub(crate) static SURVEY: Section = Section {
    title: "a survey",
    about: "",
    keys: &[
        required(
            "questions",
            "name → *question*, in the order in which they are asked; 1 to 50",
            "What is asked.",
        ),
        optional("recovery", "*recovery*", "What is done about a dissatisfied customer."),
        or(
            "drivers",
            "none",
            "name → weight of 1 to 1000, or a list of nine names",
            "What makes customers content, and how much each matters beside the others. A list names them by \
             their importance and takes the weights 23, 18, 16, 14, 10, 7, 4, 4 and 3. Weights need not add \
             up to 100: each counts by its share.",
        ),
    ],
};

pub(crate) static QUESTION: Section = Section {
    title: "a question",
    about: "A survey has all three questions of the type `loyalty` or none: a customer is loyal when all \
            three answers are 5. `item`, `loyalty_part` and `driver` are for questions that are answered by \
            points; `survey report` gives what they measure.",
    keys: &[
        required("text", "text, or one for each language", "What the customer is asked."),
        required(
            "type",
            "`satisfaction`, `loyalty` or `rating` (1 to 5 points), `choice`, `text`",
            "What kind of answer it takes. A `rating` counts neither for satisfaction nor for loyalty.",
        ),
        or(
            "options",
            "none",
            "list of 2 to 20 names",
            "What there is to choose from; for the type `choice` only.",
        ),
        optional(
            "kano",
            "`must_be`, `one_dimensional`, `attractive`, `indifferent` or `reverse`",
            "Which class of quality it is about, after Kano; reports count by it.",
        ),
        optional(
            "item",
            "name, with `asks`",
            "What it is about. Another question asks the other side of the same item; the two give a ratio, \
             performance / expectation, and a gap, performance − expectation.",
        ),
        optional(
            "asks",
            "`expectation` (of the type `rating`) or `performance`",
            "What it asks of the item.",
        ),
        optional(
            "loyalty_part",
            "`product`, `enterprise`, `culture`, `added` or `strategic`",
            "Which part of the loyalty score it is about: the sum of the means of all five parts. A survey has \
             questions about each part or about none.",
        ),
        optional("driver", "a driver of the survey", "Which driver it is about."),
        or(
            "optional",
            "false; for `text` true",
            "`true` or `false`",
            "Whether it may be left out.",
        ),
    ],
};

pub(crate) static RECOVERY: Section = Section {
    title: "recovery",
    about: "Opens one ticket, exactly once for each answered survey.",
    keys: &[
        or(
            "at_most",
            "2",
            "1 to 4 points",
            "A score is low when one answer of the type `satisfaction` is at most that.",
        ),
        or("kind", "the first", "a kind", "What kind of ticket it opens."),
        required("subject", "text", "One line; `{ticket}` stands for the number followed up."),
        or("priority", "high", "`urgent`, `high`, `normal` or `low`", "How soon."),
        or(
            "department",
            "the one that answered for the ticket followed up",
            "text",
            "Who is responsible.",
        ),
    ],
};

pub(crate) const FOLLOW_UPS_PAGE: Page = Page {
    file: "follow_ups.yaml",
    about: "Which closed tickets are followed up by a call: id → *follow-up*. The first one that is about \
            a ticket holds; the call is made by an agent who neither handled nor resolved the ticket.",
    sections: &[&FOLLOW_UP],
};

pub(crate) static FOLLOW_UP: Section = Section {
    title: "a follow-up",
    about: "",
    keys: &[
        or("kinds", "every kind", "list of kinds", "Only tickets of these kinds."),
        or(
            "categories",
            "every category",
            "list of categories",
            "Only tickets filed under these categories or below them.",
        ),
        or(
            "priorities",
            "every priority",
            "list of `urgent`, `high`, `normal`, `low`",
            "Only tickets of these priorities.",
        ),
        or(
            "percent",
            "100",
            "0 to 100",
            "How many of a hundred tickets are followed up; which ones depends on tenant and number.",
        ),
        or("after", "24h", "duration, 0s to 90d", "How long after its closing."),
        required(
            "queue",
            "a queue with *callback* rules",
            "Whose agents call. Its *callback* rules say within which hours, how often and for how \
             long a customer is tried.",
        ),
        optional("survey", "a survey", "What the customer is asked."),
        or(
            "purpose",
            "`survey`, if it is one",
            "a purpose",
            "What it is for: a customer who does not agree to that is not called.",
        ),
    ],
};

pub(crate) const CONSENTS_PAGE: Page = Page {
    file: "consents.yaml",
    about: "What customers are approached for, and what each purpose asks of them: purpose → `opt_in` or \
            `opt_out`. With `opt_in` only who gave consent is approached, with `opt_out` everybody who did \
            not withdraw it. Without this file it is `{survey: opt_out, care: opt_out, marketing: opt_in}`. \
            Follow-ups and touchpoint plans name their purpose; whom they leave alone is told by the reason \
            `no-consent` or `consent-withdrawn`. Callbacks that a customer or a ticket asks for need none.",
    sections: &[],
};

pub(crate) const TOUCHPOINTS_PAGE: Page = Page {
    file: "touchpoints.yaml",
    about: "The care calendar: on which days after an anchor a customer is called or a ticket is made: id \
            → *touchpoint plan*. A change holds for days that are planned from then on; what is done on a \
            day is as the plan says when it comes.",
    sections: &[&TOUCHPOINT, &TOUCHPOINT_CALL, &TOUCHPOINT_TICKET],
};

pub(crate) static TOUCHPOINT: Section = Section {
    title: "a touchpoint plan",
    about: "One of `months`, `every`, `yearly` and `each_year`, and either `call` or `ticket`.",
    keys: &[
        required("anchor", "name", "From what it counts, such as `purchase`."),
        or("months", "none", "list of 1 to 60", "How many months after the anchor."),
        or(
            "yearly",
            "false",
            "`true` or `false`",
            "On every anniversary, five years ahead at a time; that of 29 February is the last of the month.",
        ),
        optional(
            "every",
            "1 to 60",
            "Every so many months after the anchor, five years ahead at a time. `yearly` is `every: 12`.",
        ),
        optional(
            "each_year",
            "month and day, such as 03-15",
            "On that day of each year, from the month after the anchor on, five years ahead at a time; 29 \
             February is the last of the month.",
        ),
        or("tiers", "every tier", "list of tiers", "Only customers who then are of these tiers."),
        or(
            "segments",
            "every segment, or none",
            "list of segments",
            "Only customers who then are in one of these segments.",
        ),
        or("window", "0", "0 to 90 days", "How many days before and after the day will do."),
        optional("call", "*touchpoint call*", "The customer is called."),
        optional("ticket", "*touchpoint ticket*", "A ticket is made."),
        or(
            "purpose",
            "`care`, if it is one",
            "a purpose",
            "What it is for: a customer who does not agree to that is left alone. A call asks for \
             consent by telephone, a ticket by any medium.",
        ),
    ],
};

pub(crate) static TOUCHPOINT_CALL: Section = Section {
    title: "touchpoint call",
    about: "",
    keys: &[
        required("queue", "a queue with *callback* rules", "Whose agents call."),
        optional("survey", "a survey", "What the customer is asked."),
    ],
};

pub(crate) static TOUCHPOINT_TICKET: Section = Section {
    title: "touchpoint ticket",
    about: "",
    keys: &[
        required("subject", "text", "One line."),
        or("kind", "the first", "a kind", "What kind of ticket it is."),
        or("priority", "normal", "`urgent`, `high`, `normal` or `low`", "How soon."),
        or("department", "nobody in particular", "a department", "Who is responsible."),
    ],
};
