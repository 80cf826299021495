//! What supervisors decide, callers and agents ask for, and administrators change during a walk.

use std::time::Duration;

use crate::channel::Channel;
use crate::floor::Floor;
use crate::floor::command::{Agreed, Command, Desk};
use crate::floor::state::Want;
use crate::ids::ContactId;

use super::{AGENTS, GATEWAYS, Walk, agent, channel_of, contact, gateway, plans};

impl Walk {
    /// Gives a decision of a supervisor, a callback, or profiles after a change of plan.
    pub(super) fn request(&mut self, floor: &Floor) -> Command {
        let contact = self.some_contact(floor);
        let by = "chief".to_owned();
        match self.dice.below(8) {
            0 => Command::AssignContact { contact, agent: agent(self.dice.below(AGENTS)), by },
            1 => {
                let plan_version = self.plan_version(floor);
                let route = plans::route(&mut self.dice, channel_of(floor, &contact));
                Command::MoveContact { contact, plan_version, route, by }
            }
            2 => {
                let priority = i32::try_from(self.dice.below(4)).unwrap_or(0);
                Command::PrioritiseContact { contact, priority, credit: Duration::from_secs(9), by }
            }
            3 => {
                let want = self.dice.pick(Want::ALL).unwrap_or(Want::Ready);
                let agent = agent(self.dice.below(AGENTS));
                Command::ForcePresence { agent, want, reason: String::new(), by }
            }
            4 => self.assign_profiles(floor),
            5 => Command::CancelCallback { contact: self.some_callback(floor), by },
            _ => self.request_callback(floor, contact),
        }
    }

    fn assign_profiles(&mut self, floor: &Floor) -> Command {
        let all = (0..AGENTS).map(|number| {
            let profile = plans::profile(self.dice.below(3));
            (agent(number), profile, plans::seat(number))
        });
        let profiles = all.collect();
        Command::AssignProfiles { plan_version: self.plan_version(floor), profiles }
    }

    fn some_callback(&mut self, floor: &Floor) -> ContactId {
        let open: Vec<ContactId> = floor.callbacks.values().cloned().collect();
        self.dice.pick(&open).unwrap_or_else(|| self.some_contact(floor))
    }

    pub(super) fn request_callback(&mut self, floor: &Floor, contact: ContactId) -> Command {
        let callback = self.new_contact();
        let mut route = plans::route(&mut self.dice, Channel::Callback);
        let place = floor.contacts.get(&contact).and_then(|contact| contact.place.as_ref());
        if let Some(place) = place {
            route.queue = place.queue.clone();
        }
        let opens_in = Duration::from_secs(if self.dice.one_in(3) { 2 } else { 0 });
        let closes_in = self.dice.one_in(3).then(|| Duration::from_secs(5));
        let plan_version = self.plan_version(floor);
        let agreed = self.agreed();
        match agreed {
            // Every sixth is owed, not asked for.
            Some(agreed) if self.contacts.is_multiple_of(2) => Command::StartCallback {
                callback,
                gateway: gateway(self.contacts % GATEWAYS),
                plan_version,
                route,
                opens_in,
                closes_in: closes_in.unwrap_or(Duration::from_secs(20)),
                by: "chief".to_owned(),
                agreed,
                spared: [agent(self.contacts % AGENTS)].into(),
            },
            agreed => Command::RequestCallback {
                contact,
                callback,
                plan_version,
                route,
                opens_in,
                closes_in,
                by: "caller".to_owned(),
                agreed,
            },
        }
    }

    /// Gives what was agreed on every third callback: by their numbers, so that the rest of the walk
    /// is the same without it.
    fn agreed(&self) -> Option<Agreed> {
        let (kind, turn) = (self.contacts % 3, self.contacts / 3);
        let caller = ["", "+8613800000001", "+8613800000002"][turn % 3];
        let details = if turn.is_multiple_of(2) { "" } else { "calling_number=+8613800000001" };
        (kind == 0).then(|| Agreed {
            caller: caller.to_owned(),
            priority: i32::from(turn.is_multiple_of(4)),
            credit: Duration::from_secs(1),
            details: details.to_owned(),
        })
    }

    fn new_contact(&mut self) -> ContactId {
        self.contacts += 1;
        contact(self.contacts)
    }

    /// Gives a consultation, or more after-call work.
    pub(super) fn desk_request(
        &mut self,
        floor: &Floor,
        desk: Desk,
        contact: ContactId,
    ) -> Command {
        match self.dice.below(5) {
            0 | 1 => {
                let consult = self.new_contact();
                let plan_version = self.plan_version(floor);
                let route = plans::route(&mut self.dice, channel_of(floor, &contact));
                Command::StartConsult { desk, contact, consult, plan_version, route }
            }
            2 => Command::CompleteConsult { desk, contact },
            3 => Command::CancelConsult { desk, contact },
            _ => {
                let seconds = u64::try_from(self.dice.below(4)).unwrap_or(0);
                let extension = Duration::from_secs(seconds);
                Command::ExtendWrapUp { desk, contact, extension }
            }
        }
    }
}
