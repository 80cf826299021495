//! What of a flow its test cases come through.

use std::collections::BTreeSet;

use switchboard_domain::flow::{Flow, NodeId, Stop};
use switchboard_domain::ids::FlowId;

use crate::transcript::Transcript;

/// The nodes and ways that simulated calls took.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    stops: BTreeSet<Stop>,
    ways: BTreeSet<(Stop, String, NodeId)>,
}

/// How much of a flow was covered, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// How many nodes were reached, of how many.
    pub nodes: (usize, usize),
    /// How many ways were taken, of how many.
    pub ways: (usize, usize),
    /// Each way that was not, such as `main-menu: 3 → luggage`.
    pub missing: Vec<String>,
}

impl Coverage {
    /// Adds what a call came through.
    pub fn add(&mut self, transcript: &Transcript) {
        self.stops.extend(transcript.path().map(|seen| seen.stop.clone()));
        for hop in transcript.turns.iter().flat_map(|turn| &turn.hops) {
            self.ways.insert((hop.from.clone(), hop.edge.to_string(), hop.to.node.clone()));
        }
    }

    /// Tells how much of a flow was covered, of the flow itself and none that it calls.
    pub fn of(&self, flow: &Flow) -> Covered {
        let mut covered = Covered::default();
        for (id, node) in flow.nodes() {
            let stop = Stop { flow: flow.id().clone(), node: id.clone() };
            count(&mut covered.nodes, self.stops.contains(&stop));
            for edge in node.edges() {
                let way = (stop.clone(), edge.name.to_string(), edge.to.clone());
                let taken = self.ways.contains(&way);
                count(&mut covered.ways, taken);
                if !taken {
                    covered.missing.push(format!("{id}: {} → {}", edge.name, edge.to));
                }
            }
        }
        covered
    }

    /// Gives every flow that a call came through.
    pub fn flows(&self) -> BTreeSet<&FlowId> {
        self.stops.iter().map(|stop| &stop.flow).collect()
    }
}

fn count((hit, all): &mut (usize, usize), is_hit: bool) {
    *hit += usize::from(is_hit);
    *all += 1;
}
