//! What the gateway says of calls that were routed.

use switchboard_api::call::v1::{BridgeFailed, DialFailed, Side};
use switchboard_api::convert::session::{hangup_cause, miss_cause};
use switchboard_api::field;
use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::ids::{ContactId, OfferId};
use switchboard_routing::RoutingError;
use switchboard_store::live_floor::FloorError;

use crate::events::{Failure, Place};
use crate::session::Session;

impl Session {
    pub(crate) async fn bridged(
        &self,
        call: &ContactId,
        number: u64,
        offer: &str,
    ) -> Result<Place, Failure> {
        let offer: OfferId = field::id("offer_id", offer)?;
        let report = self.report(call, number, 0);
        match self.report_to_floor(Command::ReportBridged { report, offer }).await {
            // Whoever was connected though the floor has let them go is told so once more.
            Err(Failure::Floor(error)) if is_elsewhere(&error) => {
                self.resume(call).await?;
                Err(error.into())
            }
            outcome => outcome,
        }
    }

    pub(crate) async fn bridge_failed(
        &self,
        call: &ContactId,
        number: u64,
        failed: &BridgeFailed,
    ) -> Result<Place, Failure> {
        let offer: OfferId = field::id("offer_id", &failed.offer_id)?;
        let report = self.report(call, number, 0);
        let command = match field::known::<Side>("side", failed.side)? {
            Side::Caller => Command::HangUp { report, served: false },
            Side::Unspecified | Side::Agent | Side::Center => {
                let cause = miss_cause("cause", failed.cause)?;
                Command::ReportBridgeFailed { report, offer, cause }
            }
        };
        self.report_to_floor(command).await
    }

    /// The customer of a callback was not reached.
    pub(crate) async fn dial_failed(
        &self,
        call: &ContactId,
        number: u64,
        failed: &DialFailed,
    ) -> Result<Place, Failure> {
        let offer: OfferId = field::id("offer_id", &failed.offer_id)?;
        let outcome = hangup_cause("cause", failed.cause)?.to_owned();
        let report = self.report(call, number, 0);
        // Until the next attempt nobody is on the call. What the floor has known for long, or has lost,
        // is said again after a welcome, when the next attempt may have been answered.
        if self.is_dialled_for(call, &offer).await? {
            self.forget(call);
        }
        self.report_to_floor(Command::ReportDialFailed { report, offer, outcome }).await
    }

    /// Says whether a callback is being dialled for this very offer.
    async fn is_dialled_for(&self, call: &ContactId, offer: &OfferId) -> Result<bool, Failure> {
        let contact = self.edge.floor().contact(&self.tenant, call).await?;
        Ok(contact.is_some_and(|found| found.state.connecting_offer() == Some(offer)))
    }

    pub(crate) async fn agent_leg_gone(
        &self,
        call: &ContactId,
        number: u64,
    ) -> Result<Place, Failure> {
        let report = self.report(call, number, 0);
        self.report_to_floor(Command::ReportAgentGone { report }).await
    }

    pub(crate) async fn hung_up(
        &self,
        call: &ContactId,
        number: u64,
        side: i32,
    ) -> Result<Place, Failure> {
        let served = field::known::<Side>("side", side)? == Side::Center;
        let report = self.report(call, number, 0);
        // Nothing that follows from the end is for this gateway: it has no leg any more.
        self.forget(call);
        // Noted first, so that a start which takes effect right after a refusal is not missed.
        self.note_gone(call, number);
        let outcome = self.report_to_floor(Command::HangUp { report, served }).await;
        if !outcome.as_ref().is_err_and(is_unknown) {
            self.forget_gone(call);
        }
        outcome
    }

    /// Ends a call whose start took effect only after its end had been refused: a start that got no
    /// answer in time may still be carried out.
    pub(crate) async fn end_if_gone(&self, call: &ContactId) -> Result<(), Failure> {
        let Some(number) = self.gone(call) else { return Ok(()) };
        match self.hung_up(call, number, Side::Unspecified.into()).await {
            // It has not started yet.
            Err(failure) if is_unknown(&failure) => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    async fn report_to_floor(&self, command: Command) -> Result<Place, Failure> {
        let applied = self.edge.floors().apply(&self.tenant, command).await?;
        self.place_of(&applied).await
    }
}

/// Says whether the floor knows no such call.
fn is_unknown(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Floor(RoutingError::Floor(FloorError::Rejected(Rejection::UnknownContact)))
    )
}

/// Says whether the floor refused a move because the contact is elsewhere by now.
pub(crate) fn is_elsewhere(error: &RoutingError) -> bool {
    matches!(error, RoutingError::Floor(FloorError::Rejected(Rejection::WrongState { .. })))
}
