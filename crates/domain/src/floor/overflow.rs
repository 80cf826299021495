//! A contact that cannot wait on: it goes to the queue or the flow the rules name, or to its end.

use smol_str::SmolStr;

use crate::ids::{ContactId, QueueId};

use super::contact_moves::{Spot, is_legless};
use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::plan::ClassKey;
use super::state::{ContactState, EndReason};
use super::step::{Step, fields};
use super::{MAX_HOPS, MENU_LIMIT};

impl Step<'_> {
    /// Sends a contact that cannot wait on: to the queue or the flow the rules name, or to its end.
    ///
    /// A contact moves on at most three times for this, so that two full queues do not pass it to
    /// and fro.
    pub(super) fn overflow(&mut self, id: &ContactId, cause: &str) {
        if self.contact(id).is_owed() {
            self.end_contact(id, EndReason::WindowClosed);
            return;
        }
        let action = self.overflow_action(id, cause);
        let may_move = self.contact(id).hops < MAX_HOPS;
        let spot = action.strip_prefix("queue:").and_then(|rest| self.overflow_spot(id, rest));
        let flow = action.strip_prefix("flow:").filter(|_| self.can_be_asked(id));
        match (spot, flow) {
            (Some(spot), _) if may_move => {
                self.contact(id).hops += 1;
                if !is_planted(Mutant::TwoLines) {
                    self.leave_line(id);
                }
                self.place(id, spot, 0, 0);
                self.join_queue(id, "overflowed");
            }
            (None, Some(flow)) if may_move => self.ask_by(id, flow, cause),
            _ => {
                self.end_by(
                    id,
                    EndReason::Overflow,
                    &[("action", action.into()), ("cause", cause.into())],
                );
            }
        }
    }

    /// Says whether somebody is on the line whom a flow can ask.
    fn can_be_asked(&self, id: &ContactId) -> bool {
        let contact = &self.floor.contacts[id];
        contact.parent.is_none() && !is_legless(contact)
    }

    /// Has a caller who cannot wait on asked by a flow; wherever that leads, the age is kept.
    fn ask_by(&mut self, id: &ContactId, flow: &str, cause: &str) {
        self.leave_line(id);
        self.set_state(id, ContactState::InMenu);
        self.arm_contact(id, Some(self.now + MENU_LIMIT));
        let contact = self.contact(id);
        contact.hops += 1;
        contact.menu = format!("flow:{flow}");
        let told = [
            ("queue", SmolStr::default()),
            ("cause", cause.into()),
            ("agent", SmolStr::default()),
            ("flow", flow.into()),
        ];
        self.contact_changed(id, EventKind::ContactRequeued, fields(told));
    }

    fn overflow_action(&self, id: &ContactId, cause: &str) -> String {
        let Some(rules) = self.rules_of(id) else { return String::new() };
        if cause == "closed" { rules.when_closed.clone() } else { rules.overflow.clone() }
    }

    /// Reads `queue:booking:english:1` as the class of the contact's channel in that queue.
    fn overflow_spot(&self, id: &ContactId, rest: &str) -> Option<Spot> {
        let (queue, skills) = rest.split_once(':')?;
        let channel = self.floor.contacts.get(id)?.channel;
        let class = ClassKey::new(format!("{channel}:{queue}/{skills}"));
        let queue = QueueId::parse(queue).ok()?;
        self.floor.plan.classes.contains_key(&class).then_some(())?;
        self.floor.plan.queues.contains_key(&queue).then_some(())?;
        Some(Spot { queue, class, rings: Vec::new(), closes_at: None })
    }
}
