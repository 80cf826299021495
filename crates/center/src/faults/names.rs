//! Names that stand for nothing.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "flow.unknown_node",
        "A way leads to a node that is not in the file.",
        "begin: {type: play, prompts: hello, next: persn}",
        "Correct the name, or add the node.",
    ),
    fault(
        "flow.unknown_queue",
        "The center has no such queue.",
        "begin: {type: queue, queue: frist}",
        "Correct the name, or add the queue to `queues.yaml`.",
    ),
    fault(
        "flow.unknown_skill",
        "The center has no such skill.",
        "begin: {type: queue, queue: first, skills: {englisch: 3}}",
        "Correct the name, or add the skill to `skills.yaml`.",
    ),
    fault(
        "flow.unknown_calendar",
        "The center has no such calendar.",
        "begin: {type: hours, calendar: offfice, open: person, closed: bye}\nbye: {type: hang_up}",
        "Correct the name, or add the calendar to `calendars.yaml`.",
    ),
    fault(
        "flow.unknown_agent",
        "The center has no such agent.",
        "begin: {type: transfer, agent: chenn, fallback: person}",
        "Correct the name, or add the agent to `agents.yaml`.",
    ),
    fault(
        "flow.unknown_endpoint",
        "The center has no such endpoint.",
        "begin: {type: fetch, endpoint: bnak, next: person, fallback: person}",
        "Correct the name, or add it under `endpoints` in `center.yaml`.",
    ),
    fault(
        "flow.unknown_flow",
        "The center has no such flow.",
        "begin: {type: call, flow: survy, next: person}",
        "Correct the name, or add a file of this name under `flows`.",
    ),
    fault(
        "flow.unknown_language",
        "The center does not serve this language.",
        "begin: {type: set, language: fr, next: person}",
        "Correct the tag, or add the language to `center.yaml`.",
    ),
    fault(
        "flow.unknown_field",
        "A text or a node uses a field that nothing sets.",
        "begin: {type: say, text: \"Your order is {ordr:digits}.\", next: person}",
        "Correct the name, or set the field with a `collect`, `set` or `fetch` node.",
    ),
    fault(
        "flow.unknown_name",
        "An expression uses a name that stands for nothing there. `staffing` is known in the cases of a \
         `staffing` node only.",
        "begin:\n  type: branch\n  cases: [{when: customer.teir == \"A1\", next: person}]\n  \
         otherwise: person",
        "Correct the name; [flows.md](../flows.md#expressions) lists all.",
    ),
    fault(
        "flow.missing_prompt",
        "A prompt is not in `prompts.yaml`.",
        "begin: {type: play, prompts: helo, next: person}",
        "Correct the name, or add the prompt.",
    ),
    fault(
        "flow.missing_translation",
        "A warning: a prompt does not exist in a served language. Callers of that language hear a \
         relative of it, else the center's default language.",
        "begin: {type: say, text: {en: Welcome.}, next: person}",
        "Add the translation.",
    ),
];
