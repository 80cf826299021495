//! Consultations that became the call they were about.

use switchboard_domain::floor::event::EventKind;
use switchboard_domain::floor::state::{Contact, ContactState, EndReason};
use switchboard_domain::ids::ContactId;

use super::facts::Failure;
use super::session::Session;
use crate::sim::mutants::Mutant;

impl Session {
    /// Ends the leg of a call that is over; that of a consultation which became the call it was about
    /// only once that call is past being connected.
    pub(super) async fn end_leg(&self, call: &ContactId, contact: &Contact) -> Result<(), Failure> {
        let reason = EndReason::Merged;
        let joined =
            contact.parent.as_ref().filter(|_| contact.state == ContactState::Ended { reason });
        let Some(about) = joined else {
            self.hang_up(call, contact.version);
            return Ok(());
        };
        self.forget(call);
        if self.edge.world.has(Mutant::JoinedTalkStays) {
            return Ok(());
        }
        self.joins.borrow_mut().insert(about.clone(), (call.clone(), contact.version));
        self.part_late(about).await
    }

    /// Ends the consultation that became a call, after a change of the call.
    pub(super) fn part(&self, call: &ContactId, change: EventKind) {
        match change {
            EventKind::ContactConnected
            | EventKind::ContactQueued
            | EventKind::ContactRequeued
            | EventKind::ContactEnded => self.part_now(call),
            _ => {}
        }
    }

    /// Ends the consultation that became a call unless the call is still to be connected.
    pub(super) async fn part_late(&self, call: &ContactId) -> Result<(), Failure> {
        if !self.joins.borrow().contains_key(call) {
            return Ok(());
        }
        let contact = self.edge.contact(call).await?;
        if !contact.is_some_and(|found| matches!(found.state, ContactState::Connecting { .. })) {
            self.part_now(call);
        }
        Ok(())
    }

    fn part_now(&self, call: &ContactId) {
        let joined = self.joins.borrow_mut().remove(call);
        if let Some((consult, version)) = joined {
            self.hang_up(&consult, version);
        }
    }

    /// Lists the calls that a consultation became whose leg may still be up.
    pub(super) fn joined(&self) -> Vec<ContactId> {
        self.joins.borrow().keys().cloned().collect()
    }
}
