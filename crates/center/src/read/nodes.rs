//! The nodes of a flow.

mod branch;
mod question;

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::center::PromptKey;
use switchboard_domain::flow::{Node, NodeId, Play, QueueNode};

use crate::fields::Fields;
use crate::item::Item;
use crate::keys::{Section, flows as keys};
use crate::known::Known;
use crate::nearest::did_you_mean;

const MAX_BOOST: u32 = 1_000;

/// The kinds of node a file can hold.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Play,
    Menu,
    Collect,
    Set,
    Branch,
    Queue,
    HangUp,
}

const KINDS: [(&str, Kind); 7] = [
    ("play", Kind::Play),
    ("menu", Kind::Menu),
    ("collect", Kind::Collect),
    ("set", Kind::Set),
    ("branch", Kind::Branch),
    ("queue", Kind::Queue),
    ("hang_up", Kind::HangUp),
];

impl Kind {
    fn keys(self) -> &'static Section {
        match self {
            Self::Play => &keys::PLAY,
            Self::Menu => &keys::MENU,
            Self::Collect => &keys::COLLECT,
            Self::Set => &keys::SET,
            Self::Branch => &keys::BRANCH,
            Self::Queue => &keys::QUEUE_NODE,
            Self::HangUp => &keys::HANG_UP,
        }
    }
}

/// What the nodes of one flow may refer to.
pub(super) struct Scope<'a> {
    known: &'a Known,
    names: &'a BTreeSet<&'a str>,
}

impl Scope<'_> {
    fn target(&self, item: &Item<'_>) -> Option<NodeId> {
        target(item, self.names)
    }

    fn next(&self, fields: &Fields<'_>) -> Option<NodeId> {
        self.target(&fields.required("next")?)
    }

    fn prompts(&self, fields: &Fields<'_>, name: &'static str) -> Vec<PromptKey> {
        let item = fields.optional(name);
        item.map(|value| value.list(|key| self.known.prompt(key))).unwrap_or_default()
    }
}

/// Reads every node.
pub(super) fn read(
    root: &Item<'_>,
    known: &Known,
    names: &BTreeSet<&str>,
) -> BTreeMap<NodeId, Node> {
    let scope = Scope { known, names };
    let mut nodes = BTreeMap::new();
    for (entry, value) in root.entries() {
        let value = value.called(format!("node {:?}", entry.name));
        match NodeId::parse(entry.name.as_str()) {
            Ok(id) => nodes.extend(node(&value, &scope).map(|node| (id, node))),
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
        item.report(format!("unknown node {name:?}{hint}"));
        return None;
    }
    item.parse_with(NodeId::parse)
}

fn node(item: &Item<'_>, scope: &Scope<'_>) -> Option<Node> {
    let fields = item.fields(&keys::NODE)?;
    let Some(kind) = fields.required("type").and_then(|kind| kind.word(&KINDS)) else {
        fields.finish();
        return None;
    };
    let fields = fields.of(kind.keys());
    let node = match kind {
        Kind::Play => play(&fields, scope),
        Kind::Menu => question::menu(&fields, scope).map(Node::Menu),
        Kind::Collect => question::collect(&fields, scope).map(Node::Collect),
        Kind::Set => set(&fields, scope),
        Kind::Branch => branch::branch(&fields, scope).map(Node::Branch),
        Kind::Queue => queue(&fields, scope),
        Kind::HangUp => Some(Node::HangUp { prompts: scope.prompts(&fields, "prompts") }),
    };
    fields.finish();
    node
}

fn play(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let prompts = scope.prompts(fields, "prompts");
    let next = scope.next(fields)?;
    Some(Node::Play(Play { prompts, next }))
}

fn set(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let values = fields.or("values", BTreeMap::new(), |value| {
        let texts = value.named::<String>().into_iter();
        Some(texts.filter_map(|(name, text)| Some((name, text.text()?.into()))).collect())
    });
    let language = fields.optional("language").and_then(|value| scope.known.language(&value));
    let next = scope.next(fields)?;
    Some(Node::Set { values, language, next })
}

fn queue(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let prompts = scope.prompts(fields, "prompts");
    let queue = fields.required("queue").and_then(|value| scope.known.queue(&value));
    let skills = fields.or("skills", Vec::new(), |value| Some(scope.known.requirement(value)));
    let priority_boost = fields.or("priority_boost", 0, |value| value.whole(0..=MAX_BOOST));
    Some(Node::Queue(QueueNode { prompts, queue: queue?, skills, priority_boost }))
}
