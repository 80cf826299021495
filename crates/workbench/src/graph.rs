//! Flows as drawings: Mermaid for pages that draw it themselves, SVG for everything else.

mod layout;
mod mermaid;
mod svg;

use std::collections::BTreeMap;

use switchboard_domain::flow::{Flow, Node, NodeId};

pub use mermaid::mermaid;
pub use svg::svg;

/// A flow as boxes and arrows.
struct Drawing {
    title: String,
    boxes: Vec<Figure>,
    arrows: Vec<Arrow>,
    /// Where calls begin, among the boxes.
    start: usize,
}

/// A node as it is drawn.
struct Figure {
    id: String,
    /// What it does, such as `queue booking`.
    does: String,
    look: Look,
    /// Whether it is the way to a person, from everywhere.
    is_human: bool,
}

/// What kind of node a box stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// Passed without waiting.
    Plain,
    /// Waits for the caller.
    Question,
    /// Chooses the way.
    Choice,
    /// Asks the world.
    World,
    /// The flow ends.
    End,
}

impl Look {
    const ALL: [Self; 5] = [Self::Plain, Self::Question, Self::Choice, Self::World, Self::End];

    const fn of(node: &Node) -> Self {
        if node.waits() {
            Self::Question
        } else if node.asks_the_world() {
            Self::World
        } else if node.ends() {
            Self::End
        } else if matches!(node, Node::Branch(_) | Node::Hours(_) | Node::Split(_) | Node::Loop(_))
        {
            Self::Choice
        } else {
            Self::Plain
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Question => "question",
            Self::Choice => "choice",
            Self::World => "world",
            Self::End => "ending",
        }
    }

    /// Gives the colours of box and frame.
    const fn colours(self) -> (&'static str, &'static str) {
        match self {
            Self::Plain => ("#f6f8fa", "#8c959f"),
            Self::Question => ("#ddf4ff", "#0969da"),
            Self::Choice => ("#fff8c5", "#9a6700"),
            Self::World => ("#fbefff", "#8250df"),
            Self::End => ("#dafbe1", "#1a7f37"),
        }
    }
}

/// Every way from one box to another.
struct Arrow {
    from: usize,
    to: usize,
    /// What must happen, one line for each way.
    labels: Vec<String>,
}

impl Drawing {
    fn of(flow: &Flow) -> Self {
        let places: BTreeMap<&NodeId, usize> = flow.nodes().keys().zip(0..).collect();
        let boxes = flow.nodes().iter().map(|(id, node)| Figure {
            id: id.to_string(),
            does: what(node),
            look: Look::of(node),
            is_human: id == flow.human(),
        });
        let mut arrows: Vec<Arrow> = Vec::new();
        for (from, node) in flow.nodes().values().enumerate() {
            for edge in node.edges() {
                let Some(&to) = places.get(edge.to) else { continue };
                // The only way from a node needs no word.
                let label = if edge.name == "done" { String::new() } else { short(&edge.name) };
                match arrows.iter_mut().find(|arrow| (arrow.from, arrow.to) == (from, to)) {
                    Some(arrow) => arrow.labels.push(label),
                    None => arrows.push(Arrow { from, to, labels: vec![label] }),
                }
            }
        }
        for arrow in &mut arrows {
            arrow.labels.retain(|label| !label.is_empty());
        }
        let start = places.get(flow.start()).copied().unwrap_or(0);
        Self { title: flow.title().to_owned(), boxes: boxes.collect(), arrows, start }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds name something")]
fn what(node: &Node) -> String {
    let named = match node {
        Node::Queue(node) => node.queue.to_string(),
        Node::Staffing(node) => node.queue.to_string(),
        Node::Callback(node) => node.queue.to_string(),
        Node::Voicemail(node) => node.queue.to_string(),
        Node::Fetch(node) => node.endpoint.to_string(),
        Node::Call(node) => node.flow.to_string(),
        Node::Hours(node) => node.calendar.to_string(),
        _ => return node.kind().to_owned(),
    };
    format!("{} {named}", node.kind())
}

/// Cuts a long condition.
fn short(name: &str) -> String {
    const MOST: usize = 36;
    if name.chars().count() <= MOST {
        return name.to_owned();
    }
    name.chars().take(MOST - 1).chain(['…']).collect()
}
