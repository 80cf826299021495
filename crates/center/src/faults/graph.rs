//! What is wrong with the way through a flow.

use super::{Fault, fault};

pub(super) const FAULTS: &[Fault] = &[
    fault(
        "flow.unreachable_node",
        "No way from `start` leads to the node.",
        "begin: {type: hang_up}\nforgotten: {type: play, prompts: hello, next: begin}",
        "Lead somewhere to it, or delete it.",
    ),
    fault(
        "flow.silent_loop",
        "The flow can go round without ever waiting for the caller.",
        "begin:\n  type: branch\n  cases: [{when: customer.known, next: again}]\n  otherwise: person\n\
         again: {type: play, prompts: hello, next: begin}",
        "Put a `menu` or `collect` node into the circle, or a `loop` node that ends it after so many \
         rounds.",
    ),
    fault(
        "flow.no_exit",
        "From this node no way ends in a queue, a transfer, a hang-up or a return.",
        "begin:\n  type: menu\n  options: {\"1\": begin}\n  no_input: {next: begin}\n  no_match: {next: begin}",
        "Lead at least one way out; leaving out `next` of `no_input` or `no_match` leads to a person.",
    ),
    fault(
        "flow.dead_end",
        "A node does not say what follows.",
        "begin: {type: play, prompts: hello}",
        "Name the node that follows; a flow ends with `queue`, `hang_up`, `transfer` or `return` only.",
    ),
    fault(
        "flow.no_fallback",
        "A node asks something outside the flow and does not say what follows when no answer comes.",
        "begin: {type: callback, queue: first, next: bye}\nbye: {type: hang_up}",
        "Name a node under `fallback`; the node of `human` always works.",
    ),
    fault(
        "flow.human_is_no_queue",
        "The node of `human` is not of type `queue`.",
        "title: Example\nstart: begin\nhuman: {node: begin}\nnodes:\n  begin: {type: hang_up}",
        "Name a queue node: callers go there whatever else goes wrong.",
    ),
    fault(
        "flow.asks_nothing",
        "A menu without options, a collect node without fields, or a survey without questions.",
        "begin: {type: menu, prompts: hello, options: {}}",
        "Add what is asked for, or make it a `play` node.",
    ),
    fault(
        "flow.key_clash",
        "One key has two meanings in the same node.",
        "begin:\n  type: collect\n  fields: [{name: order, kind: digits, min: 6, max: 12}]\n  \
         separator: \"#\"\n  terminator: \"#\"\n  next: person",
        "Give each role a key of its own: digit, option, separator, terminator, key that takes back, key \
         for a person. An entry that may be one digit long clashes with a digit as the key for a person.",
    ),
    fault(
        "flow.no_separator",
        "Several fields are keyed in, and no key stands between them.",
        "begin:\n  type: collect\n  fields:\n    - {name: from, kind: digits, min: 3, max: 3}\n    \
         - {name: to, kind: digits, min: 3, max: 3}\n  separator: none\n  next: person",
        "Name a separator, usually `\"*\"`, or collect the fields in nodes of their own.",
    ),
    fault(
        "flow.shares",
        "The shares of a `split` node are more than 100 percent together.",
        "begin:\n  type: split\n  ways: [{percent: 60, next: person}, {percent: 60, next: bye}]\n  \
         otherwise: bye\nbye: {type: hang_up}",
        "Lower a share; what is left of 100 takes `otherwise`.",
    ),
    fault(
        "flow.recursion",
        "A flow calls itself, directly or through others.",
        "begin: {type: call, flow: main, next: person}",
        "Use a `loop` node to repeat something, or take the call out.",
    ),
    fault(
        "flow.too_deep",
        "Flows call flows that call flows, more than 8 deep.",
        "",
        "Let one flow do the work of two.",
    ),
    fault(
        "flow.return_without_call",
        "Callers arrive in a flow that ends with `return`, and nothing called it.",
        "begin: {type: return}",
        "End with `queue` or `hang_up`, or let another flow call this one and lead the number there.",
    ),
    fault(
        "flow.missing_input",
        "A flow is called that needs a field which nothing sets, or sets as another kind of value.",
        "begin: {type: call, flow: part, next: person}",
        "Set the field before, or take it out of the `inputs` of the flow that is called.",
    ),
];
