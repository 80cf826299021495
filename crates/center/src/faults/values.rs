//! Keys and values that are not what they must be.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "flow.not_yaml",
        "The file is no YAML, or uses anchors, aliases, tags, repeated keys or several documents.",
        "title: Example\nstart: [begin\n",
        "Mend the place that is named; most often a bracket or a quote is not closed.",
    ),
    fault(
        "flow.unknown_key",
        "A mapping has a key that it cannot have.",
        "begin: {type: play, promts: hello, next: person}",
        "Correct the key; [center.md](center.md#flowsyaml) lists all.",
    ),
    fault(
        "flow.missing_key",
        "A key is missing that must be there.",
        "begin: {type: answer, prompts: hello, next: person}",
        "Add the key.",
    ),
    fault(
        "flow.bad_value",
        "A value is not what its key takes.",
        "begin: {type: menu, options: {\"1\": person}, first_digit: 5h}",
        "Use a value within the bounds that are named.",
    ),
    fault(
        "flow.bad_field",
        "A field of an entry cannot be filled in as asked.",
        "begin:\n  type: collect\n  fields: [{name: order, kind: digits, min: 12, max: 6}]\n  next: person",
        "Fields have different names, optional ones come last, and the least is at most the most.",
    ),
    fault(
        "flow.field_kinds",
        "One field is set as two kinds of value.",
        "begin:\n  type: collect\n  fields: [{name: count, kind: number, least: 10, most: 99}]\n  \
         next: other\nother: {type: set, values: {count: many}, next: person}",
        "Use two fields; whole numbers are set under `numbers`.",
    ),
    fault(
        "flow.sensitive",
        "Something that nobody may see would be kept, shown, or sent in an address.",
        "begin:\n  type: collect\n  fields: [{name: pin, kind: pin, min: 4, max: 6}]\n  next: person",
        "Let a `fetch` node come right after the `collect` node and take the field as `{pin}` in its \
         `values`, and use the field nowhere else. Its endpoint must use `post`.",
    ),
    fault(
        "flow.expression_syntax",
        "A text is no expression, or uses a part of the language that is not supported here.",
        "begin:\n  type: branch\n  cases: [{when: customer.tier = \"A1\", next: person}]\n  \
         otherwise: person",
        "Use `==` to compare, `&&`, `||` and `!` to combine; [flows.md](../flows.md#expressions) shows \
         all.",
    ),
    fault(
        "flow.expression_kind",
        "The parts of an expression do not fit together: a text is compared with a number, say.",
        "begin:\n  type: branch\n  cases: [{when: customer.open_tickets == \"2\", next: person}]\n  \
         otherwise: person",
        "Compare numbers with numbers (without quotes) and texts with texts (in quotes).",
    ),
];
