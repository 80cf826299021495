//! Properties of the floor, over random walks; its behaviours, one by one, are below.

mod behaviours;
mod callbacks;
mod consult;
mod edges;
mod evidence;
mod owed_calls;
mod places;
mod scene;
mod settling;
mod strategies;
mod transitions;
mod waiting;
mod wrap_up;

use std::collections::{BTreeMap, BTreeSet};

use super::event::EventKind;
use super::invariants;
use super::state::Entity;
use super::walk::Walk;
use super::{Floor, command::Reply};

/// Walks and judges every step: invariants, versions, and that a refusal changes nothing.
fn judge(seed: u64, steps: u32) -> BTreeSet<EventKind> {
    let mut floor = Floor::new();
    let mut walk = Walk::new(seed);
    let mut versions: BTreeMap<Entity, u64> = BTreeMap::new();
    let mut told: BTreeMap<Entity, String> = BTreeMap::new();
    let mut kinds = BTreeSet::new();
    for step in 0..steps {
        let (envelope, command) = walk.next(&floor);
        let before = floor.clone();
        match floor.apply(&envelope, &command) {
            Err(_) => assert_eq!(floor, before, "seed {seed} step {step}: {command:?}"),
            Ok((reply, events)) => {
                if reply == Reply::Duplicate {
                    assert!(events.is_empty(), "seed {seed} step {step}: {command:?}");
                }
                for event in events {
                    let last = versions.entry(event.entity.clone()).or_default();
                    assert_eq!(event.version, *last + 1, "seed {seed} step {step}: {event:?}");
                    *last = event.version;
                    if let Some(state) = event.fields.get("state") {
                        told.insert(event.entity.clone(), state.to_owned());
                    }
                    kinds.insert(event.kind);
                }
            }
        }
        assert_told(&floor, &told, &format!("seed {seed} step {step}: {command:?}"));
        let broken = invariants::check(&floor);
        assert!(broken.is_empty(), "seed {seed} step {step}: {command:?}\n{broken:#?}");
    }
    kinds
}

/// Whoever folds the events knows the state of every contact and agent.
fn assert_told(floor: &Floor, told: &BTreeMap<Entity, String>, place: &str) {
    for (id, contact) in &floor.contacts {
        let entity = Entity::Contact(id.clone());
        assert_eq!(told.get(&entity).map(String::as_str), Some(contact.state.name()), "{place}");
    }
    for (id, agent) in &floor.agents {
        let entity = Entity::Agent(id.clone());
        assert_eq!(told.get(&entity).map(String::as_str), Some(agent.state().name()), "{place}");
    }
}

#[test]
fn every_invariant_holds_after_every_step_of_random_walks() {
    let mut seen = BTreeSet::new();
    for seed in 0..80 {
        seen.extend(judge(seed, 600));
    }

    let never: Vec<_> = EventKind::ALL.iter().filter(|kind| !seen.contains(kind)).collect();
    assert!(never.is_empty(), "no walk saw {never:?}");
}

#[test]
fn a_walk_replays_exactly_from_its_seed() {
    let run = |seed| {
        let mut floor = Floor::new();
        let mut walk = Walk::new(seed);
        for _ in 0..300 {
            let (envelope, command) = walk.next(&floor);
            let _ = floor.apply(&envelope, &command);
        }
        floor
    };

    assert_eq!(run(7), run(7));
}
