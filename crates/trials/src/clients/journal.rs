//! The onlookers who write down what each client sees, all with one clock.

#![expect(clippy::wildcard_enum_match_arm, reason = "only some kinds of events matter here")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use switchboard_api::agent::v1::{
    DeskRequest, DeskUpdate, OfferOutcome, Reply, desk_request::Action, desk_update::Update,
};
use switchboard_api::call::v1::{Side, gateway_command::Command, run_calls_response::Message};
use switchboard_client::gateway::CallEvent;
use switchboard_client::witness::{DeskWitness, GatewayWitness};
use switchboard_runtime::clock::{Clock, SystemClock};
use tokio::time::Instant;

use super::history::{Entry, What};

/// What every client saw, in order; clones share it.
#[derive(Clone, Debug)]
pub(super) struct Journal {
    began: Instant,
    /// The time of day when it began, in milliseconds.
    time: i64,
    entries: Arc<Mutex<Vec<Entry>>>,
}

impl Journal {
    pub(super) fn begin() -> Self {
        let time = SystemClock.now().as_millis();
        Self { began: Instant::now(), time, entries: Arc::default() }
    }

    /// Writes something down. The time is taken under the lock, so entries are in order.
    pub(super) fn note(&self, what: What) {
        let mut entries = self.entries();
        let at = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        entries.push(Entry { at, what });
    }

    /// Gives all of it, and when it began.
    pub(super) fn read(&self) -> (Vec<Entry>, i64) {
        (self.entries().clone(), self.time)
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks at a gateway.
pub(super) struct Trunk {
    pub(super) name: String,
    pub(super) journal: Journal,
}

impl GatewayWitness for Trunk {
    fn hears(&self, message: &Message) {
        if let Message::Command(command) = message
            && let Some(Command::Bridge(bridge)) = &command.command
        {
            self.journal.note(What::Ordered {
                call: command.call_id.clone(),
                agent: bridge.agent_id.clone(),
                offer: bridge.offer_id.clone(),
                command: command.command_id.clone(),
            });
        }
    }

    fn happens(&self, call: &str, event: &CallEvent) {
        let call = call.to_owned();
        let what = match event.clone() {
            CallEvent::Waits { queue, .. } => What::Waits { call, queue },
            CallEvent::Connecting { agent } => What::Dials { call, agent },
            CallEvent::Bridged { agent, offer } => What::Bridged { call, agent, offer },
            CallEvent::AgentGone { .. } | CallEvent::BridgeFailed { .. } => What::Parted { call },
            CallEvent::Diverted { .. } => What::Diverted { call },
            CallEvent::Ended { side, .. } => What::Left { call, by_caller: side == Side::Caller },
            _ => return,
        };
        self.journal.note(what);
    }

    fn loses_stream(&self) {
        self.journal.note(What::Cut { client: self.name.clone() });
    }
}

/// Looks at a desk.
pub(super) struct Seat {
    pub(super) agent: String,
    pub(super) journal: Journal,
    /// What was asked on the present stream, by its number.
    pub(super) asked: Mutex<BTreeMap<u64, Action>>,
}

impl DeskWitness for Seat {
    fn says(&self, request: &DeskRequest) {
        let Some(action) = &request.action else { return };
        let agent = self.agent.clone();
        match action {
            Action::AcceptOffer(accept) => {
                self.journal.note(What::Accepts { agent, offer: accept.offer_id.clone() });
            }
            Action::Transfer(transfer) => {
                self.journal.note(What::HandsOver { agent, call: transfer.contact_id.clone() });
            }
            _ => {}
        }
        self.asked().insert(request.sequence, action.clone());
    }

    fn hears(&self, update: &DeskUpdate) {
        let agent = self.agent.clone();
        match &update.update {
            Some(Update::OfferMade(made)) => {
                let Some(offer) = &made.offer else { return };
                let call = offer.contact.as_ref().map(|contact| contact.contact_id.clone());
                let offer = offer.offer_id.clone();
                self.journal.note(What::Rings { agent, call: call.unwrap_or_default(), offer });
            }
            Some(Update::OfferClosed(closed)) => {
                let outcome = word(closed.outcome()).to_owned();
                self.journal.note(What::Closed { agent, offer: closed.offer_id.clone(), outcome });
            }
            Some(Update::Reply(reply)) => self.answered(reply),
            _ => {}
        }
    }

    fn loses_stream(&self) {
        self.asked().clear();
        self.journal.note(What::Cut { client: self.agent.clone() });
    }
}

impl Seat {
    fn asked(&self) -> MutexGuard<'_, BTreeMap<u64, Action>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An acceptance is final when it was carried out, or came too late; other refusals change
    /// nothing, so a repeat may well be carried out.
    fn answered(&self, reply: &Reply) {
        let asked = self.asked().remove(&reply.sequence);
        let reason = reply.error.as_ref().map(|error| error.reason.as_str());
        match asked {
            Some(Action::AcceptOffer(accept)) if matches!(reason, None | Some("OFFER_CLOSED")) => {
                let request = format!("accept {} as {}", accept.offer_id, self.agent);
                let answer = reason.unwrap_or("done").to_owned();
                self.journal.note(What::Answered { request, answer });
            }
            Some(Action::Transfer(transfer)) if reason.is_some() => {
                let (agent, call) = (self.agent.clone(), transfer.contact_id);
                self.journal.note(What::Keeps { agent, call });
            }
            _ => {}
        }
    }
}

const fn word(outcome: OfferOutcome) -> &'static str {
    match outcome {
        OfferOutcome::Accepted => "accepted",
        OfferOutcome::Declined => "declined",
        OfferOutcome::Expired => "expired",
        OfferOutcome::Revoked => "revoked",
        OfferOutcome::Unspecified => "unspecified",
    }
}
