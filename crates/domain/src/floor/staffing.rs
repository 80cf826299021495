//! Who works: contacts may not join, may leave or may look further when nobody eligible does.

use std::collections::BTreeSet;

use crate::ids::{AgentId, ContactId};
use crate::time::Timestamp;

use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::plan::{ClassKey, ProfileKey};
use super::step::{Step, fields};
use super::{BATCH, Due, GATEWAY_GRACE};

impl Step<'_> {
    /// Counts an agent among those who work, or no longer; contacts of classes that lose their last
    /// one are looked at when the deadline fires.
    pub(super) fn restaff(&mut self, id: &AgentId) {
        let agent = &self.floor.agents[id];
        let (works, profile) = (agent.is_working(), agent.profile.clone());
        let staff = self.floor.staff.entry(profile.clone()).or_default();
        let changed = if works { staff.insert(id.clone()) } else { staff.remove(id) };
        let alone = staff.is_empty();
        if alone {
            self.floor.staff.remove(&profile);
        }
        if !changed {
            return;
        }
        let served = self.floor.plan.profiles.get(&profile).cloned().unwrap_or_default();
        let served = served.into_iter().map(|(_, class)| class);
        for class in served.chain([ClassKey::personal(id)]) {
            if works {
                self.forget_empty(&class);
            } else {
                self.note_empty(&class);
            }
        }
    }

    /// Notes the classes a profile served, once nobody of it works any more.
    pub(super) fn note_unserved(&mut self, profile: &ProfileKey) {
        let served = self.floor.plan.profiles.get(profile).cloned().unwrap_or_default();
        for (_, class) in served {
            self.note_empty(&class);
        }
    }

    /// Says whether somebody works who is eligible for a class.
    pub(super) fn is_staffed(&self, class: &ClassKey) -> bool {
        if let Some(agent) = class.agent() {
            return self.floor.agents.get(&agent).is_some_and(super::state::Agent::is_working);
        }
        let Some(plan) = self.floor.plan.classes.get(class) else { return false };
        plan.profiles.keys().any(|profile| self.floor.staff.contains_key(profile))
    }

    /// Says whether nobody works for a class, and did not only lose the desktop to a new epoch.
    pub(super) fn is_empty(&self, class: &ClassKey) -> bool {
        self.now >= self.floor.opened_at + GATEWAY_GRACE && !self.is_staffed(class)
    }

    /// Notes that contacts wait in a class though nobody works for it.
    pub(super) fn note_empty(&mut self, class: &ClassKey) {
        let waits = self.floor.waiting.contains_key(class);
        if !waits || self.floor.empty.contains_key(class) || self.is_staffed(class) {
            return;
        }
        let since = self.now.max(self.floor.opened_at + GATEWAY_GRACE);
        self.floor.empty.insert(class.clone(), since);
        self.arm_class(class, Some(since));
    }

    pub(super) fn forget_empty(&mut self, class: &ClassKey) {
        if self.floor.empty.remove(class).is_some() {
            self.arm_class(class, None);
        }
    }

    fn arm_class(&mut self, class: &ClassKey, at: Option<Timestamp>) {
        self.arm(Due::Class(class.clone()), at);
    }

    /// Looks at the first 8 contacts of a class nobody works for: each looks further if its way
    /// says so, or leaves once its queue's patience is over.
    pub(super) fn fire_class(&mut self, class: &ClassKey) {
        self.arm_class(class, None);
        if self.is_staffed(class) || !self.floor.waiting.contains_key(class) {
            self.floor.empty.remove(class);
            return;
        }
        let since = self.floor.empty.get(class).copied().unwrap_or(self.now);
        let heads: Vec<ContactId> =
            self.floor.waiting[class].iter().take(BATCH).map(|(_, _, id)| id.clone()).collect();
        let (mut moved, mut next) = (0, None);
        for id in &heads {
            match self.look_further(id, since) {
                Patience::Moved => moved += 1,
                Patience::Until(at) => next = Some(next.map_or(at, |next: Timestamp| next.min(at))),
                Patience::Endless => {}
            }
        }
        let waits = self.floor.waiting.contains_key(class);
        if moved > 0 && heads.len() == BATCH && waits {
            next = Some(self.now);
        }
        if !waits {
            self.floor.empty.remove(class);
        } else if self.floor.empty.contains_key(class) {
            self.arm_class(class, next);
        }
    }

    fn look_further(&mut self, id: &ContactId, since: Timestamp) -> Patience {
        // An agent whom an earlier one freed may be ringing for this one.
        if !self.is_in_line(id) {
            return Patience::Endless;
        }
        let place = self.contact(id).place.clone().expect("a waiting contact has a place");
        if place.rings.first().is_some_and(|ring| ring.when_empty)
            && !is_planted(Mutant::EmptyIsIgnored)
        {
            self.widen(id, "empty");
            self.arm_wait(id);
            self.match_contact(id);
            return Patience::Moved;
        }
        let rules = self.rules_of(id).filter(|_| !self.floor.contacts[id].is_owed());
        let Some(patience) = rules.and_then(|rules| rules.leave_when_empty) else {
            return Patience::Endless;
        };
        if since + patience > self.now {
            return Patience::Until(since + patience);
        }
        self.overflow(id, "empty");
        Patience::Moved
    }

    /// Moves a waiting contact to the next class on its way.
    pub(super) fn widen(&mut self, id: &ContactId, cause: &str) {
        let waits = self.is_in_line(id);
        self.leave_line(id);
        let Some(place) = self.contact(id).place.as_mut() else { return };
        let ring = place.rings.remove(0);
        place.class = ring.class.clone();
        if waits {
            self.enter_line(id);
        }
        let told = [("class", (&ring.class).into()), ("cause", cause.into())];
        self.contact_changed(id, EventKind::ContactWidened, fields(told));
    }

    fn is_in_line(&self, id: &ContactId) -> bool {
        let place = self.floor.contacts.get(id).and_then(|contact| contact.place.as_ref());
        let line = place.and_then(|place| Some((place, self.floor.waiting.get(&place.class)?)));
        line.is_some_and(|(own, all): (_, &BTreeSet<_>)| {
            all.contains(&(own.rank, own.sequence, id.clone()))
        })
    }
}

/// How long a contact waits on though nobody works for it.
enum Patience {
    Moved,
    Until(Timestamp),
    Endless,
}
