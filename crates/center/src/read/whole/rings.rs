//! Rings that never act or change nothing.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::center::{Level, Queue, Ring, RingChange};
use switchboard_domain::ids::{QueueId, SkillId};

use super::{Whole, needs};
use crate::duration;
use crate::item::Item;

/// Reports rings that never act or change nothing.
pub(super) fn check(whole: &Whole<'_>) {
    for (queue, item) in whole.queues().filter(|(queue, _)| !queue.draining) {
        let rings = item.below(&["rings"]);
        let mut relaxed = Relaxed {
            needs: needs::possible(whole.center, queue),
            dropped: BTreeSet::new(),
            queues: BTreeSet::from([&queue.id]),
        };
        for ring in &queue.rings {
            if let Some(fault) = never_acts(queue, ring).or_else(|| relaxed.take(&ring.change)) {
                let after = duration::format(ring.after);
                place(&rings, ring).report(format!("the ring after {after} {fault}"));
            }
        }
    }
}

fn never_acts(queue: &Queue, ring: &Ring) -> Option<String> {
    let most = queue.max_wait.filter(|most| ring.after >= *most && !ring.when_empty)?;
    Some(format!("never acts: max_wait is {}", duration::format(most)))
}

/// What is left of the needs as rings act.
struct Relaxed<'a> {
    needs: BTreeMap<SkillId, Level>,
    dropped: BTreeSet<&'a SkillId>,
    queues: BTreeSet<&'a QueueId>,
}

impl<'a> Relaxed<'a> {
    /// Takes a ring, and says what is wrong when it changes nothing.
    fn take(&mut self, change: &'a RingChange) -> Option<String> {
        match change {
            RingChange::Lower { skill, level } => self.lower(skill, *level),
            RingChange::Drop { skill } => {
                let fault = self.absent(skill);
                self.needs.remove(skill);
                self.dropped.insert(skill);
                fault
            }
            RingChange::AddQueue(added) => {
                let is_new = self.queues.insert(added);
                let added = added.as_str();
                (!is_new).then(|| format!("adds queue {added:?}, whose agents serve it already"))
            }
        }
    }

    fn lower(&mut self, skill: &SkillId, level: Level) -> Option<String> {
        let Some(needed) = self.needs.get_mut(skill) else { return self.absent(skill) };
        if *needed <= level {
            let skill = skill.as_str();
            return Some(format!(
                "changes nothing: skill {skill:?} is needed at level {needed} at most by then"
            ));
        }
        *needed = level;
        None
    }

    fn absent(&self, skill: &SkillId) -> Option<String> {
        let name = skill.as_str();
        match self.needs.contains_key(skill) {
            true => None,
            false if self.dropped.contains(skill) => {
                Some(format!("changes nothing: skill {name:?} is dropped by then"))
            }
            false => Some(format!("changes nothing: no contact of the queue needs skill {name:?}")),
        }
    }
}

/// Finds the ring in the file, where rings may stand in any order.
fn place<'a>(rings: &Item<'a>, ring: &Ring) -> Item<'a> {
    let is_it = |item: &Item<'_>| {
        let after = item.below(&["after"]).scalar().and_then(duration::parse);
        let says = |name: &str, text: &str| {
            item.child(name).is_some_and(|value| value.scalar() == Some(text))
        };
        let is_same = match &ring.change {
            RingChange::Lower { skill, .. } => {
                item.child("lower").is_some_and(|value| value.child(skill.as_str()).is_some())
            }
            RingChange::Drop { skill } => says("drop", skill.as_str()),
            RingChange::AddQueue(queue) => says("add_queue", queue.as_str()),
        };
        after == Some(ring.after) && is_same
    };
    let found = rings.each().into_iter().find(is_it);
    found.map_or_else(|| rings.clone(), |item| item.called(rings.name().to_owned()))
}
