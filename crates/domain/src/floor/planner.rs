//! From a center to the routing plan: which agents can serve which contacts, as names and ranks.
//!
//! Names of classes are written out in full, so that equal needs share one name in every replica
//! and every version, and a class can be read back from its name. Names of profiles are
//! fingerprints of all that an agent can serve.

mod class;
mod profile;
mod route;
mod rules;

use std::collections::BTreeSet;

use crate::center::Center;
use crate::channel::Channel;

use super::plan::{ClassKey, PlanUpdate};

pub use class::{Need, define_class, rank_of};
pub use profile::{profile, seat};
pub use route::{Define, KnownBy, Wish, route, route_to_agent};
pub use rules::NO_LIMIT;

/// Computes the plan of a center; `known` are the classes the floor has met so far.
///
/// Every queue has a class for each channel its contacts can come through, so that contacts can
/// overflow into it.
pub fn plan(center: &Center, known: &BTreeSet<ClassKey>) -> PlanUpdate {
    let queues = center.queues.values();
    let rules = queues.map(|queue| (queue.id.clone(), rules::rules(center, queue)));
    let channels: BTreeSet<Channel> =
        center.agents.values().flat_map(|agent| agent.capacity.keys().copied()).collect();
    let own = center
        .queues
        .values()
        .flat_map(|queue| channels.iter().map(|channel| Need::of_queue(queue, *channel)));
    let met =
        known.iter().filter_map(Need::parse).filter(|need| center.queues.contains_key(&need.queue));
    let needs: BTreeSet<Need> = own.chain(met).collect();
    let classes = needs.iter().map(|need| define_class(center, need));
    PlanUpdate { version: center.version, queues: rules.collect(), classes: classes.collect() }
}
