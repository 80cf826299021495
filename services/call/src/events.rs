//! One event of a gateway: checked, applied, acknowledged; kept trying while the floor is away.

use std::time::Duration;

use switchboard_api::call::v1::run_calls_response::Message;
use switchboard_api::call::v1::{Divert, DivertKind, GatewayEvent, gateway_command, gateway_event};
use switchboard_api::{ApiError, field};
use switchboard_center::CacheError;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::ContactId;
use switchboard_routing::RoutingError;
use switchboard_runtime::clock::Stopwatch;
use switchboard_store::live_floor::{Applied, FloorError};
use switchboard_store::outbox::OutboxId;
use tracing::{Instrument, info_span, warn};

use crate::edge::routing_error;
use crate::session::Session;

/// How long a caller may wait for the floor before the gateway's fallback takes over.
const CALLER_PATIENCE: Duration = Duration::from_secs(2);
pub(crate) const RETRY: Duration = Duration::from_millis(200);
/// How often an event is tried while its gateway's inventory or a newer center is on its way.
const INVENTORY_PATIENCE: u32 = 50;

/// What became of an event.
pub(crate) enum Failure {
    /// The event is wrong; it changed nothing and never will.
    Refused(ApiError),
    /// The floor could not say; the event may be tried again.
    Floor(RoutingError),
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

impl From<RoutingError> for Failure {
    fn from(error: RoutingError) -> Self {
        Self::Floor(error)
    }
}

impl From<FloorError> for Failure {
    fn from(error: FloorError) -> Self {
        Self::Floor(error.into())
    }
}

/// Gives the place an event must be recorded through; a repeated one through all there is.
pub(crate) type Place = Option<OutboxId>;

/// Says whether the floor refused a session as not the newest.
pub(crate) fn is_stale(error: &RoutingError) -> bool {
    matches!(error, RoutingError::Floor(FloorError::Rejected(Rejection::StaleSession)))
}

/// Says whether the floor waits for an inventory, or this replica for a newer center.
fn is_passing(error: &RoutingError) -> bool {
    let RoutingError::Floor(FloorError::Rejected(rejection)) = error else { return false };
    matches!(rejection, Rejection::GatewayNotFresh | Rejection::StalePlan { .. })
}

/// Says whether a store is away: what was asked may be asked again.
pub(crate) fn is_away(error: &RoutingError) -> bool {
    match error {
        RoutingError::Floor(FloorError::Unavailable(_)) => true,
        RoutingError::Floor(FloorError::Rejected(rejection)) => {
            matches!(rejection, Rejection::Recovering | Rejection::EpochClosed)
        }
        RoutingError::Store(error) => error.is_transient(),
        RoutingError::Center(CacheError::Store { source, .. }) => source.is_transient(),
        RoutingError::Center(CacheError::Flow { source, .. }) => source.is_transient(),
        RoutingError::Floor(FloorError::Corrupt { .. })
        | RoutingError::Center(CacheError::NoCenter(_) | CacheError::Broken { .. }) => false,
    }
}

impl Session {
    /// Takes one event to its end: accepted, refused, or left for the gateway to resend.
    ///
    /// It belongs to the token under which it began: after another welcome it comes again.
    pub(crate) async fn take(&self, token: Token, event: GatewayEvent) {
        let sequence = event.sequence;
        // Checked first: a span carries only what is known to be an id.
        if let Err(error) = Self::check(&event) {
            self.refuse(token, sequence, &error).await;
            return;
        }
        let span = info_span!("call.event", call.id = %event.call_id, sequence);
        self.apply(token, &event).instrument(span).await;
    }

    fn check(event: &GatewayEvent) -> Result<(), ApiError> {
        if event.sequence == 0 {
            return Err(ApiError::invalid("sequence", "0", "a number from 1"));
        }
        if event.call_sequence == 0 {
            return Err(ApiError::invalid("call_sequence", "0", "a number from 1"));
        }
        field::id::<ContactId>("call_id", &event.call_id)?;
        field::required("event", event.event.as_ref())?;
        Ok(())
    }

    async fn apply(&self, token: Token, event: &GatewayEvent) {
        let waiting = Stopwatch::start();
        // What is said of a call comes after the inventory that may bring the call back.
        if !is_arrival(event) && !self.is_settled(token).await {
            return;
        }
        for attempt in 0.. {
            if self.is_closed() || self.token() != token {
                return;
            }
            let error = match self.dispatch(event).await {
                Ok(place) => return self.accept(token, event.sequence, place).await,
                Err(Failure::Refused(error)) => {
                    return self.refuse(token, event.sequence, &error).await;
                }
                Err(Failure::Floor(error)) => error,
            };
            if is_stale(&error) {
                // After the welcome the gateway resends what is not recorded, this one included.
                self.rejoin_quietly(token).await;
                return;
            }
            let may_wait = is_away(&error) || (is_passing(&error) && attempt < INVENTORY_PATIENCE);
            if !may_wait {
                return self.refuse(token, event.sequence, &routing_error(error)).await;
            }
            let is_new = is_arrival(event) && !self.was_brought(&event.call_id);
            if is_away(&error) && is_new && waiting.elapsed() >= CALLER_PATIENCE {
                return self.fall_back(token, event, error).await;
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    async fn rejoin_quietly(&self, token: Token) {
        if let Err(error) = self.rejoin(token).await {
            warn!(gateway.id = %self.gateway, error = error.reason(), "cannot join anew yet");
        }
    }

    async fn dispatch(&self, event: &GatewayEvent) -> Result<Place, Failure> {
        use gateway_event::Event;
        let call = field::id("call_id", &event.call_id)?;
        let number = event.call_sequence;
        match field::required("event", event.event.clone())? {
            Event::CallOffered(offered) => self.arrive(&call, number, &offered).await,
            Event::DigitsCollected(digits) => self.digits(&call, number, digits).await,
            Event::MediaDone(done) => self.media_done(&call, number, &done.command_id).await,
            Event::Bridged(bridged) => self.bridged(&call, number, &bridged.offer_id).await,
            Event::BridgeFailed(failed) => self.bridge_failed(&call, number, &failed).await,
            Event::AgentLegGone(_) => self.agent_leg_gone(&call, number).await,
            Event::HungUp(ended) => self.hung_up(&call, number, ended.side).await,
            Event::DialFailed(failed) => self.dial_failed(&call, number, &failed).await,
            Event::TransferEnded(ended) => self.transfer_ended(&call, number, &ended).await,
            Event::MessageRecorded(recorded) => {
                self.message_recorded(&call, number, recorded).await
            }
        }
    }

    /// Refuses an event; it counts as done, for it will never be anything else.
    async fn refuse(&self, token: Token, sequence: u64, error: &ApiError) {
        self.send(Message::Rejected(error.to_rejected(sequence))).await;
        self.accept(token, sequence, None).await;
    }

    /// Tells the gateway what to do with a caller the floor cannot take now.
    async fn fall_back(&self, token: Token, event: &GatewayEvent, error: RoutingError) {
        warn!(call.id = %event.call_id, "the floor is away: the gateway's fallback takes the call");
        if let Ok(call) = field::id("call_id", &event.call_id) {
            let divert = Divert {
                kind: DivertKind::Busy.into(),
                target: String::new(),
                prompts: Vec::new(),
            };
            let command = gateway_command::Command::Divert(divert);
            self.order(format!("fallback-{}", event.call_id), &call, 0, command).await;
        }
        self.refuse(token, event.sequence, &routing_error(error)).await;
    }

    /// Gives where an applied command stands; a duplicate stands where the outbox ends now.
    pub(crate) async fn place_of(&self, applied: &Applied) -> Result<Place, Failure> {
        if let Some((_, id)) = applied.position {
            return Ok(Some(id));
        }
        self.place_at_end().await
    }
}

fn is_arrival(event: &GatewayEvent) -> bool {
    matches!(event.event, Some(gateway_event::Event::CallOffered(_)))
}
