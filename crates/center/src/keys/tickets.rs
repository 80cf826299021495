//! The keys of `kinds.yaml`, `categories.yaml`, `sla.yaml` and `tickets.yaml`.

use super::profile::{DISPLAY_NAME, MAX, MAX_ITEMS, MAX_LENGTH, MIN, PATTERN, TYPE, VALUES};
use super::{Page, Section, optional, or, required};

pub(crate) const KINDS_PAGE: Page = Page {
    file: "kinds.yaml",
    about: "The kinds of tickets: id → *kind*. A ticket of which nobody says the kind is of the first. \
            Without this file the kinds are `request`, `complaint` (department, informed, reviewed), \
            `repair` and `field-service` (department, informed), `suggestion`, `defect` and \
            `inspection` (department, reviewed).",
    sections: &[&KIND, &FORM_FIELD],
};

pub(crate) static KIND: Section = Section {
    title: "a kind",
    about: "",
    keys: &[
        or(
            "department",
            "false",
            "`true` or `false`",
            "Whether a department must answer for a ticket before it is resolved.",
        ),
        or(
            "informed",
            "false",
            "`true` or `false`",
            "Whether the customer must be informed of the resolution, with the medium written down, \
             before a ticket is closed. A ticket without a customer needs none.",
        ),
        or(
            "reviewed",
            "false",
            "`true` or `false`",
            "Whether somebody other than who resolved a ticket must close it.",
        ),
        or(
            "joins_within",
            "0s, never",
            "duration, 0s to 365d",
            "How long after its making an open ticket takes up what comes in for the same customer \
             under the same category, instead of another ticket.",
        ),
        optional(
            "form",
            "name → *form field*, at most 40",
            "What is filled in for a ticket. Values are kept sealed.",
        ),
        optional(
            "checklist",
            "name → text by language, at most 40",
            "Steps that are ticked before a ticket is resolved, with what is to be done.",
        ),
    ],
};

pub(crate) static FORM_FIELD: Section = Section {
    title: "a form field",
    about: "Fields and steps are named by 1 to 32 characters of `a-z 0-9 _`. A field that is taken out is \
            asked for no more; its values stay, for its return.",
    keys: &[
        DISPLAY_NAME,
        TYPE,
        or(
            "required_at",
            "never",
            "`accept`, `resolve` or `close`",
            "From where on it must have a value: before a ticket is accepted, resolved or closed.",
        ),
        MAX_LENGTH,
        PATTERN,
        MIN,
        MAX,
        VALUES,
        MAX_ITEMS,
    ],
};

pub(crate) const CATEGORIES_PAGE: Page = Page {
    file: "categories.yaml",
    about: "What tickets are filed under, as a tree of names: `billing: {refund: {}, invoice: {}}`. A \
            category is written as the way to it, such as `billing/refund`; at most six names deep. \
            Without this file any such way will do.",
    sections: &[],
};

pub(crate) const SLA_PAGE: Page = Page {
    file: "sla.yaml",
    about: "What is owed to customers by when: id → *policy*. The first policy that is about a ticket \
            holds. Alarms are lines of the ticket's life, each told once. A change holds for a ticket \
            from its next move on.",
    sections: &[&SLA, &ESCALATION],
};

pub(crate) static ESCALATION: Section = Section {
    title: "a level",
    about: "What is done besides telling, once, by the program under the policy's name: \
            `{after: 2h, department: care}`. Not both of `queue` and `agent`. A level that leads somewhere \
            is the move `escalate`: the ticket is a grade more urgent, and a new one is accepted first, \
            unless its form asks for something before.",
    keys: &[
        required("after", "duration, 1s to 365d", "How long after the missed deadline."),
        optional("department", "a department", "Who answers for the ticket from then on."),
        optional("queue", "a queue", "Whose agents are offered it."),
        optional("agent", "an agent", "Who is to handle it."),
        or(
            "raise",
            "false",
            "`true` or `false`",
            "Whether a ticket that stays where it is becomes a grade more urgent.",
        ),
        optional("notify", "list of agents", "Who follows the ticket from then on."),
    ],
};

pub(crate) static SLA: Section = Section {
    title: "a policy",
    about: "",
    keys: &[
        or("kinds", "every kind", "list of kinds", "Only tickets of these kinds."),
        or(
            "priorities",
            "every priority",
            "list of `urgent`, `high`, `normal`, `low`",
            "Only tickets of these priorities.",
        ),
        or(
            "media",
            "every medium",
            "list of `phone`, `chat`, `email`, `sms`, `web`, `in_person`, `letter`",
            "Only tickets that came by one of these, such as those of a forum.",
        ),
        or(
            "departments",
            "every department, and tickets without one",
            "list of departments",
            "Only tickets for which one of these answers. It may change with every move, and the policy \
             with it.",
        ),
        or(
            "queues",
            "every queue, and tickets that were sent to none",
            "list of queues",
            "Only tickets that were sent to the agents of one of these.",
        ),
        or(
            "tiers",
            "every tier, and tickets without a customer",
            "list of tiers",
            "Only tickets of customers of these tiers.",
        ),
        or(
            "calendar",
            "every hour of every day",
            "a calendar",
            "Time passes only while it is open.",
        ),
        or(
            "acceptance",
            "none",
            "duration, 1s to 365d",
            "How soon after its making somebody takes responsibility for a ticket.",
        ),
        or(
            "first_response",
            "none",
            "duration, 1s to 365d",
            "How soon after its making the customer is answered for the first time: by a reply, by a \
             question that is waited for, or by the resolution; without the time on hold.",
        ),
        or(
            "response",
            "none",
            "duration, 1s to 365d",
            "How soon somebody replies, waits for the customer, holds or resolves, each time it is the \
             center's turn again: the customer answered, or the ticket came back.",
        ),
        or(
            "resolution",
            "none",
            "duration, 1s to 365d",
            "How soon it is resolved, without the time in which it waits for the customer or is on \
             hold. A ticket that comes back has its time anew.",
        ),
        or(
            "warn_before",
            "0s, no warning",
            "duration, 0s to 30d",
            "How long before a deadline it is warned of, by every hour of every day.",
        ),
        or(
            "escalations",
            "none",
            "list of up to 6 durations or *levels*, ascending",
            "How long after a missed deadline it is told to the next level, 1s to 365d, and what is done \
             then; for each deadline.",
        ),
    ],
};

pub(crate) const DISPATCH_PAGE: Page = Page {
    file: "dispatch.yaml",
    about: "Where tickets go: id → *dispatch rule*. The first rule whose condition holds sends the ticket \
            there, as soon as somebody accepts it without naming an agent, or at once if the rule says \
            `accept: true`, when it comes back, when it changes, and when the center does; time alone sends nothing. A ticket that no rule takes stays \
            where it is, and shows among the unassigned. `switchboard ticket explain-dispatch` says which \
            rule would take a ticket, and why the earlier ones do not.",
    sections: &[&DISPATCH],
};

pub(crate) static DISPATCH: Section = Section {
    title: "a dispatch rule",
    about: "At least one of `department`, `queue` and `agent`; not both of the last two. Conditions know \
            `ticket.kind`, `ticket.category`, `ticket.priority`, `ticket.medium`, `ticket.rule`, \
            `ticket.department` (texts), `ticket.categories` (the category and every level above it), \
            `ticket.reopened` (a number), `customer.known`, `customer.tier`, `customer.language`, \
            `customer.segments`, `customer.open_tickets`, and by the clock on the center's wall \
            `local.hour` (0 to 23) and `local.weekday` (`mon` to `sun`). What is unknown decides nothing.",
    keys: &[
        required(
            "when",
            "a [condition](../flows.md#expressions)",
            "Which tickets it takes; `true` for all that are left.",
        ),
        or(
            "accept",
            "false",
            "`true` or `false`",
            "Whether it accepts tickets that nobody has accepted yet, under its own name, and sends them \
             on at once; not those whose form asks for something before. If the first rule that holds for \
             a new ticket does not, the ticket waits for a person.",
        ),
        optional("department", "a department", "Who answers for the ticket from then on."),
        optional(
            "queue",
            "a queue",
            "Whose agents are offered it as a piece of work, by skills and capacity, on the channel \
             `task`.",
        ),
        optional("agent", "an agent", "Who is to handle it."),
    ],
};

pub(crate) const TICKETS_PAGE: Page = Page {
    file: "tickets.yaml",
    about: "Which outcome of a call makes a ticket: id → *ticket rule*. Exactly one ticket per call \
            and rule.",
    sections: &[&TICKET, &CALL_BACK],
};

pub(crate) static TICKET: Section = Section {
    title: "a ticket rule",
    about: "",
    keys: &[
        required(
            "on",
            "`answered`, `abandoned`, `left_menu`, `self_served`, `overflowed`, `lost`, `refused`, \
             `callback_booked`, `unreached` or `withdrawn`",
            "The outcome. What agents ask each other, calls that are owed for a ticket or by the care \
             calendar, work on tickets and the center's own tests leave no tickets.",
        ),
        or("queue", "every call", "a queue", "Only calls of this queue."),
        required("subject", "text", "One line; `{queue}` stands for the queue."),
        or("kind", "the first", "a kind", "What kind of ticket it is."),
        or("category", "none", "a category", "What it is filed under."),
        or("priority", "normal", "`urgent`, `high`, `normal` or `low`", "How soon."),
        or("department", "nobody in particular", "a department", "Who is responsible."),
        optional(
            "call_back",
            "*a call back*",
            "Has the caller called back: the customer, or where nobody knows the caller the number that \
             called. A ticket asks for one call at a time, and for none once it is over.",
        ),
    ],
};

pub(crate) static CALL_BACK: Section = Section {
    title: "a call back",
    about: "",
    keys: &[
        required("queue", "a queue with `callback` rules", "Whose agents call, within its hours."),
        or(
            "after",
            "0s",
            "duration, 0s to 30d",
            "How long after the ticket they call at the earliest.",
        ),
    ],
};
