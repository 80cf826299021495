//! The keys of `macros.yaml`.

use super::{Page, Section, optional, or, required};

pub(crate) const PAGE: Page = Page {
    file: "macros.yaml",
    about: "Prepared sets of changes of tickets: id → *macro*. `switchboard ticket macros` lists them, \
            `switchboard ticket apply` makes all of the changes in one step, or none.",
    sections: &[&MACRO, &STEP],
};

pub(crate) static MACRO: Section = Section {
    title: "a macro",
    about: "",
    keys: &[
        required("display_name", "text by language", "What people call it."),
        or("kinds", "every kind", "list of kinds", "Only for tickets of these kinds."),
        or(
            "departments",
            "every ticket",
            "list of departments",
            "Only for tickets for which one of these departments answers.",
        ),
        or(
            "roles",
            "all of them",
            "list of `agent`, `supervisor` and `admin`",
            "Who may apply it.",
        ),
        required("steps", "list of *macro step*, 1 to 10", "What it does, in order."),
    ],
};

pub(crate) static STEP: Section = Section {
    title: "a macro step",
    about: "Each step is a move of a ticket and passes the same guards as if a person made it. A step that \
            is refused leaves the ticket as it was before the first. Notes and resolutions may say \
            `{number}`, `{customer}`, `{agent}` and `{department}`: the ticket's number, the customer's \
            name, the name of whoever applies the macro, and the department that answers at that step; \
            `{{` is a brace. At most 2,000 characters.",
    keys: &[
        required(
            "move",
            "`accept`, `dispatch`, `escalate`, `start`, `wait_on_customer`, `hold`, `resume`, `resolve`, \
             `reply`, `inform`, `close`, `reopen`, `cancel`, `note` or `revise`",
            "What is done.",
        ),
        optional(
            "note",
            "text",
            "Why, for the next reader. To escalate, hold, reopen, cancel and note it must be there.",
        ),
        optional("resolution", "text", "How it was handled: to resolve, where it must be there."),
        optional(
            "department",
            "a department",
            "Who answers for the ticket from then on: to dispatch and escalate, which need this, a \
             queue or an agent.",
        ),
        optional("queue", "a queue", "Whose agents are offered it: to dispatch and escalate."),
        optional(
            "agent",
            "an agent",
            "Who is to handle it: to dispatch, escalate, accept and start.",
        ),
        optional(
            "medium",
            "`phone`, `chat`, `email`, `sms`, `web`, `in_person` or `letter`",
            "How the customer was told: to reply and to inform, where it must be there.",
        ),
        optional("category", "a category", "What it is filed under from then on: to revise."),
        optional(
            "priority",
            "`urgent`, `high`, `normal` or `low`",
            "How urgent it is from then on: to revise.",
        ),
        optional(
            "form",
            "name → value",
            "What is filled in: to revise. Each kind the macro is for must have the field.",
        ),
        optional(
            "tick",
            "list of names",
            "Steps of the checklist that are ticked: to revise. Each kind the macro is for must have \
             them.",
        ),
    ],
};
