//! Consultations that became the call they were about.
//!
//! The gateway ends such a consultation itself as it connects the call with the agent who was asked, so
//! that he need not be rung again. Where that does not come to pass, because the caller hangs up first
//! or the agent's leg is gone, nobody else would end it: two agents would be left talking.

use switchboard_domain::floor::event::EventKind;
use switchboard_domain::floor::state::{Contact, ContactState, EndReason};
use switchboard_domain::ids::ContactId;

use crate::events::Failure;
use crate::session::Session;

impl Session {
    /// Ends the leg of a call that is over; that of a consultation which became the call it was about
    /// only once that call is past being connected.
    pub(crate) async fn end_leg(&self, call: &ContactId, contact: &Contact) -> Result<(), Failure> {
        let reason = EndReason::Merged;
        let joined =
            contact.parent.as_ref().filter(|_| contact.state == ContactState::Ended { reason });
        let Some(about) = joined else {
            self.hang_up(call, contact.version).await;
            return Ok(());
        };
        self.forget(call);
        // Noted before looking: a change that comes meanwhile finds it.
        self.note_join(about, call, contact.version);
        self.part_late(about).await
    }

    /// Ends the consultation that became a call, after a change of the call.
    pub(crate) async fn part(&self, call: &ContactId, change: &str) {
        if is_past(change) {
            self.part_now(call).await;
        }
    }

    /// Ends the consultation that became a call unless the call is still to be connected, as far as is
    /// known by now.
    pub(crate) async fn part_late(&self, call: &ContactId) -> Result<(), Failure> {
        if !self.is_joined(call) {
            return Ok(());
        }
        let contact = self.edge.floor().contact(&self.tenant, call).await?;
        if !contact.is_some_and(|found| matches!(found.state, ContactState::Connecting { .. })) {
            self.part_now(call).await;
        }
        Ok(())
    }

    async fn part_now(&self, call: &ContactId) {
        if let Some((consult, version)) = self.take_join(call) {
            self.hang_up(&consult, version).await;
        }
    }
}

/// Says whether a call that was to be connected is connected by a change, or will not be.
fn is_past(change: &str) -> bool {
    const PAST: [EventKind; 4] = [
        EventKind::ContactConnected,
        EventKind::ContactQueued,
        EventKind::ContactRequeued,
        EventKind::ContactEnded,
    ];
    PAST.iter().any(|kind| kind.as_str() == change)
}
