//! Which legs are up at a gateway: what it holds is true, whatever the floor remembers.

use std::time::Duration;

use switchboard_api::call::v1::run_calls_response::Message;
use switchboard_api::call::v1::{Inventory, Leg as WireLeg, Side};
use switchboard_api::convert::channel::channel_field;
use switchboard_api::convert::session::token_field;
use switchboard_api::convert::time::duration_field;
use switchboard_api::{ApiError, field};
use switchboard_domain::floor::command::{Command, Leg, Reply};
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::planner::Wish;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::{ContactState, Token};
use switchboard_domain::ids::ContactId;
use switchboard_ivr_host::admit;
use switchboard_routing::RoutingError;
use switchboard_runtime::clock::Stopwatch;
use switchboard_store::live_floor::FloorError;
use tracing::warn;

use crate::arrival::{Arrival, called_number, caller_name, fallback};
use crate::edge::routing_error;
use crate::events::{Failure, RETRY, is_away, is_stale};
use crate::menu::Walk;
use crate::session::{FOUND, PARTS, Session};

const MAX_LEGS: usize = 200;
const MAX_AGE: Duration = Duration::from_hours(24 * 30);

/// What an inventory asks for one call.
#[derive(Clone, Copy)]
enum Step<'a> {
    /// To believe what the gateway says of it.
    Take(Token, &'a WireLeg),
    /// To do what follows from its state.
    Resume(&'a ContactId),
}

impl Session {
    /// Takes one chunk of an inventory; says whether it was the last.
    pub(crate) async fn take_inventory(&self, inventory: Inventory) -> Result<bool, Failure> {
        let token = token_field("token", inventory.token)?;
        if !self.answer_welcome(token) {
            return Err(ApiError::aborted("STALE_SESSION", "answer the newest welcome").into());
        }
        self.bring(&inventory.legs);
        let mut renewed = Stopwatch::start();
        for leg in field::list("legs", inventory.legs, MAX_LEGS)? {
            self.stay_alive(token, &mut renewed).await?;
            self.settle(&leg.call_id, Step::Take(token, &leg)).await?;
        }
        if !inventory.r#final {
            return Ok(false);
        }
        self.finish(token).await?;
        self.settle_inventory(token);
        for call in self.calls() {
            self.stay_alive(token, &mut renewed).await?;
            self.settle(call.as_str(), Step::Resume(&call)).await?;
        }
        Ok(true)
    }

    async fn finish(&self, token: Token) -> Result<(), Failure> {
        loop {
            let command = Command::FinishInventory { gateway: self.gateway.clone(), token };
            match self.edge.floors().apply(&self.tenant, command).await {
                Ok(applied) if applied.reply == Reply::More => {}
                Ok(_) => return Ok(()),
                Err(error) => self.wait_out(error.into()).await?,
            }
        }
    }

    /// Waits for a store that is away: a gateway says only once what it holds.
    async fn wait_out(&self, failure: Failure) -> Result<(), Failure> {
        match failure {
            Failure::Floor(error) if is_away(&error) && !self.is_closed() => {
                tokio::time::sleep(RETRY).await;
                Ok(())
            }
            failure @ (Failure::Refused(_) | Failure::Floor(_)) => Err(failure),
        }
    }

    /// A long inventory is a sign of life too.
    async fn stay_alive(&self, token: Token, renewed: &mut Stopwatch) -> Result<(), Failure> {
        let lease = self.edge.parts.gateway_lease;
        if renewed.elapsed() < lease / 4 {
            return Ok(());
        }
        *renewed = Stopwatch::start();
        let gateway = self.gateway.clone();
        let command = Command::RenewGateway { gateway, token, lease };
        match self.edge.floors().apply(&self.tenant, command).await {
            // While the floor is away no lease ends; the next step waits for it.
            Err(error) if !is_away(&error) => Err(error.into()),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Takes one call to its end. One that is refused is told and keeps no other from its turn: the
    /// whole tenant waits for the inventory.
    async fn settle(&self, call: &str, step: Step<'_>) -> Result<(), Failure> {
        let error = loop {
            let outcome = match step {
                Step::Take(token, leg) => self.take_leg(token, leg).await,
                Step::Resume(contact) => self.resume_or_begin(contact).await,
            };
            let Err(failure) = outcome else { return Ok(()) };
            match self.wait_out(failure).await {
                Ok(()) => {}
                Err(Failure::Floor(error)) if is_stale(&error) || is_away(&error) => {
                    return Err(error.into());
                }
                Err(Failure::Floor(error)) => {
                    self.end_stray(step, &error).await?;
                    break routing_error(error);
                }
                Err(Failure::Refused(error)) => break error,
            }
        };
        warn!(call.id = %call, error = error.reason(), "a call of an inventory is left out");
        self.send(Message::Rejected(error.with("call_id", call).to_rejected(0))).await;
        Ok(())
    }

    /// Ends a leg that another gateway has as well, as after a callback was dialled a second time
    /// because memory was set back: nobody would ever come for it. Who talks, talks on.
    async fn end_stray(&self, step: Step<'_>, error: &RoutingError) -> Result<(), Failure> {
        let Step::Take(_, leg) = step else { return Ok(()) };
        let talks = leg.bridged_agent_id.as_ref().is_some_and(|agent| !agent.is_empty());
        if talks || is_over(leg) || !is_of_another(error) {
            return Ok(());
        }
        let call: ContactId = field::id("legs.call_id", &leg.call_id)?;
        let contact = self.edge.floor().contact(&self.tenant, &call).await?;
        if let Some(contact) = contact {
            self.hang_up(&call, contact.version).await;
        }
        Ok(())
    }

    async fn take_leg(&self, token: Token, wire: &WireLeg) -> Result<(), Failure> {
        let call: ContactId = field::id("legs.call_id", &wire.call_id)?;
        let age = duration_field("legs.age", wire.age, MAX_AGE)?;
        let bridged_to = field::optional_id(
            "legs.bridged_agent_id",
            wire.bridged_agent_id.as_deref().unwrap_or_default(),
        )?;
        let arrival = Arrival::of_leg(&wire.calling_number, &wire.called_number);
        let details = self.details_of_leg(&arrival).await?;
        let now = self.edge.parts.floors.clock().now();
        let channel = channel_field("legs.channel", wire.channel)?;
        let wish = Wish { channel, known: None, now };
        let command = self.edge.floors().apply_planned(&self.tenant, |planned| {
            let called = called_number(planned.center(), &wire.called_number).ok();
            let flow = called
                .and_then(|called| planned.center().flow_for(&called.entry.flow, call.as_str()));
            let leg = Leg {
                contact: call.clone(),
                age,
                bridged_to: bridged_to.clone(),
                over: is_over(wire),
                call_sequence: pictured(wire),
                fallback: flow.and_then(|flow| fallback(planned, flow, wish)),
                channel: wish.channel,
                caller: caller_name(&details),
                details: details.encode(),
            };
            Some(Command::ReconcileLeg { gateway: self.gateway.clone(), token, leg })
        });
        command.await?;
        self.adopt(&call);
        self.end_if_over(&call, wire.ended_by, wire.last_call_sequence).await
    }

    /// A call that ended while nobody listened ends now, with all that is known of it.
    async fn end_if_over(
        &self,
        call: &ContactId,
        ended_by: i32,
        number: u64,
    ) -> Result<(), Failure> {
        if field::known::<Side>("legs.ended_by", ended_by)? == Side::Unspecified {
            return Ok(());
        }
        self.hung_up(call, number, ended_by).await.map(|_| ())
    }

    /// A leg on a number the center no longer answers is kept all the same, and so is a caller whose
    /// number was blocked during the call.
    async fn details_of_leg(&self, arrival: &Arrival) -> Result<Details, Failure> {
        let planned = self.edge.floors().planned(&self.tenant).await?;
        let mut details = self.identify(&planned, arrival).await.unwrap_or_default();
        admit(&mut details);
        Ok(details)
    }

    /// Sends what follows from a call's state, or starts the flow of one the floor had lost.
    async fn resume_or_begin(&self, call: &ContactId) -> Result<(), Failure> {
        let contact = self.edge.floor().contact(&self.tenant, call).await?;
        let Some(contact) = contact else { return Ok(()) };
        if contact.state == ContactState::InMenu && contact.menu.is_empty() {
            let planned = self.edge.floors().planned(&self.tenant).await?;
            let details = Details::decode(&contact.details);
            self.begin_flow(&planned, Walk::found(call, &contact), &details).await?;
            return Ok(());
        }
        self.resume(call).await
    }
}

/// Gives the number of the last report that an inventory already includes. The end of a call that is
/// over is told apart, as its last event.
fn pictured(leg: &WireLeg) -> u64 {
    let after = leg.last_call_sequence.saturating_mul(PARTS);
    if is_over(leg) { after.saturating_sub(1) } else { after.saturating_add(FOUND) }
}

fn is_of_another(error: &RoutingError) -> bool {
    matches!(error, RoutingError::Floor(FloorError::Rejected(Rejection::OtherGateway)))
}

fn is_over(leg: &WireLeg) -> bool {
    leg.ended_by != i32::from(Side::Unspecified)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_for_a_call_that_was_found_never_looks_like_its_next_event() {
        let leg = WireLeg { last_call_sequence: 3, ..WireLeg::default() };
        let (steps, next) = (PARTS / 2, 4 * PARTS + 1);

        assert!(pictured(&leg) + steps < next, "there is room for {steps} steps");
        assert!(pictured(&leg) > 3 * PARTS, "the event itself is included");
    }

    #[test]
    fn the_end_of_a_call_is_told_apart_from_the_inventory() {
        let ended_by = Side::Caller.into();
        let leg = WireLeg { last_call_sequence: 3, ended_by, ..WireLeg::default() };

        assert!(pictured(&leg) < 3 * PARTS);
    }
}
