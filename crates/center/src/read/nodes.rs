//! The nodes of a flow.

mod branch;
mod plain;
mod question;
mod scope;
mod survey;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::flow::{Node, NodeId};

use crate::fields::Fields;
use crate::item::{Code, Item};
use crate::keys::Section;
use crate::keys::flows as keys;
use crate::nearest::did_you_mean;

pub(super) use scope::Scope;

/// How a kind of node is read.
type Read = fn(&Fields<'_>, &Scope<'_>) -> Option<Node>;

/// A kind of node a file can hold.
struct Kind {
    word: &'static str,
    keys: &'static Section,
    read: Read,
}

const fn kind(word: &'static str, keys: &'static Section, read: Read) -> Kind {
    Kind { word, keys, read }
}

static KINDS: [Kind; 26] = [
    kind("play", &keys::plain::PLAY, plain::play),
    kind("say", &keys::plain::SAY, plain::say),
    kind("answer", &keys::plain::ANSWER, plain::answer),
    kind("menu", &keys::asking::MENU, question::menu),
    kind("collect", &keys::asking::COLLECT, question::collect),
    kind("confirm", &keys::asking::CONFIRM, question::confirm),
    kind("survey", &keys::asking::SURVEY, survey::survey),
    kind("set", &keys::plain::SET, plain::set),
    kind("branch", &keys::plain::BRANCH, branch::branch),
    kind("hours", &keys::plain::HOURS, branch::hours),
    kind("split", &keys::plain::SPLIT, branch::split),
    kind("loop", &keys::plain::LOOP, branch::go_round),
    kind("priority", &keys::plain::PRIORITY, plain::priority),
    kind("skills", &keys::plain::SKILLS_NODE, plain::skills),
    kind("record", &keys::plain::RECORD, plain::record),
    kind("staffing", &keys::world::STAFFING, world::staffing),
    kind("lookup", &keys::world::LOOKUP, world::lookup),
    kind("fetch", &keys::world::FETCH, world::fetch),
    kind("callback", &keys::world::CALLBACK, world::callback),
    kind("ticket", &keys::world::TICKET, world::ticket),
    kind("transfer", &keys::world::TRANSFER, world::transfer),
    kind("voicemail", &keys::world::VOICEMAIL, world::voicemail),
    kind("call", &keys::plain::CALL, plain::call),
    kind("return", &keys::plain::RETURN, |_, _| Some(Node::Return)),
    kind("queue", &keys::plain::QUEUE_NODE, plain::queue),
    kind("hang_up", &keys::plain::HANG_UP, |fields, scope| {
        Some(Node::HangUp { prompts: scope.prompts(fields, "prompts") })
    }),
];

/// Reads every node.
pub(super) fn read(root: &Item<'_>, scope: &Scope<'_>) -> BTreeMap<NodeId, Node> {
    let mut nodes = BTreeMap::new();
    for (entry, value) in root.entries() {
        let value = value.called(format!("node {:?}", entry.name));
        match NodeId::parse(entry.name.as_str()) {
            Ok(id) => nodes.extend(node(&value, scope).map(|node| (id, node))),
            Err(error) => value.report_at(entry.place, error),
        }
    }
    nodes
}

/// Reads the name of a node of the same flow.
pub(super) fn target(item: &Item<'_>, names: &BTreeSet<&str>) -> Option<NodeId> {
    let name = item.text()?;
    if !names.contains(name) {
        let hint = did_you_mean(name, names.iter().copied());
        item.refuse(Code::UnknownNode, format!("unknown node {name:?}{hint}"));
        return None;
    }
    item.parse_with(NodeId::parse)
}

fn node(item: &Item<'_>, scope: &Scope<'_>) -> Option<Node> {
    let fields = item.fields(&keys::NODE)?;
    let words: Vec<(&str, &Kind)> = KINDS.iter().map(|kind| (kind.word, kind)).collect();
    let Some(kind) = fields.required("type").and_then(|kind| kind.word(&words)) else {
        fields.finish();
        return None;
    };
    let fields = fields.of(kind.keys);
    let node = (kind.read)(&fields, scope);
    fields.finish();
    node
}
