//! The keys of nodes that the flow passes without waiting, and of its ends.

#[cfg_attr(
    not(test),
    expect(clippy::wildcard_imports, reason = "a page uses most of the keys there are")
)]
use super::nodes::*;
use crate::keys::{Section, optional, or, required};

pub(crate) static PLAY: Section =
    Section { title: "node of type `play`", about: "", keys: &[TYPE, PROMPTS, NEXT] };

pub(crate) static SAY: Section =
    Section { title: "node of type `say`", about: "", keys: &[TYPE, TEXT, NEXT] };

pub(crate) static ANSWER: Section = Section {
    title: "node of type `answer`",
    about: "The answer to a common question; how often each is heard is counted.",
    keys: &[TYPE, TOPIC, PROMPTS, NEXT],
};

pub(crate) static SET: Section = Section {
    title: "node of type `set`",
    about: "",
    keys: &[TYPE, VALUES, NUMBERS, LANGUAGE, NEXT],
};

pub(crate) static BRANCH: Section =
    Section { title: "node of type `branch`", about: "", keys: &[TYPE, CASES, OTHERWISE] };

pub(crate) static CASE: Section = Section {
    title: "a case",
    about: "",
    keys: &[
        required("when", "expression or *condition*", "What must hold."),
        required("next", "a node", "What follows then."),
    ],
};

pub(crate) static CONDITION: Section = Section {
    title: "a condition",
    about: "A short form for the commonest expressions. Exactly one of `field`, `tier`, `language` and \
            `called_number`.",
    keys: &[
        optional("field", "a field", "Looks at what was keyed in or set."),
        or("is", "anything", "a text or a list", "What `field` must be; one of these."),
        optional("tier", "a tier, a list, or `any`", "Looks at the customer's tier."),
        optional("language", "a served language or a list", "Looks at the caller's language."),
        optional("called_number", "a number or a list", "Looks at the number that was called."),
    ],
};

pub(crate) static HOURS: Section = Section {
    title: "node of type `hours`",
    about: "",
    keys: &[TYPE, CALENDAR, OPEN, CLOSED, HOLIDAY],
};

pub(crate) static SPLIT: Section = Section {
    title: "node of type `split`",
    about: "The same call always takes the same way.",
    keys: &[TYPE, WAYS, OTHERWISE],
};

pub(crate) static WAY: Section = Section {
    title: "a way",
    about: "",
    keys: &[
        required("percent", "whole number, 1 to 100", "How many of a hundred calls take it."),
        required("next", "a node", "What follows for them."),
    ],
};

pub(crate) static LOOP: Section = Section {
    title: "node of type `loop`",
    about: "The rounds are counted for each call; after `done` the count starts again.",
    keys: &[TYPE, TIMES, NEXT, DONE],
};

pub(crate) static PRIORITY: Section =
    Section { title: "node of type `priority`", about: "", keys: &[TYPE, POINTS, NEXT] };

pub(crate) static SKILLS_NODE: Section =
    Section { title: "node of type `skills`", about: "", keys: &[TYPE, SKILLS, NEXT] };

pub(crate) static RECORD: Section =
    Section { title: "node of type `record`", about: "", keys: &[TYPE, ON, NEXT] };

pub(crate) static CALL: Section = Section {
    title: "node of type `call`",
    about: "Runs another flow, which comes back with a `return` node. It sees and sets the same fields. \
            At most 8 flows are under way at once, and none calls itself.",
    keys: &[TYPE, FLOW_NAME, NEXT],
};

pub(crate) static RETURN: Section =
    Section { title: "node of type `return`", about: "", keys: &[TYPE] };

pub(crate) static QUEUE_NODE: Section = Section {
    title: "node of type `queue`",
    about: "",
    keys: &[TYPE, PROMPTS, QUEUE, SKILLS, PRIORITY_BOOST],
};

pub(crate) static HANG_UP: Section =
    Section { title: "node of type `hang_up`", about: "", keys: &[TYPE, PROMPTS] };
