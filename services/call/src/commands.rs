//! From the state of a contact to what its gateway must do now.
//!
//! A command follows from the state alone and is named by it, so any replica can send it, and a
//! gateway that gets it twice does it once.

use switchboard_api::call::v1::gateway_command::Command as Wire;
use switchboard_api::call::v1::{
    Bridge, Consult, Dial, Divert, DivertKind, GatewayCommand, Hangup, HangupCause, Query,
    QueueTreatment,
};
use switchboard_api::convert::estimate;
use switchboard_domain::floor::command::{Command, Report};
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::state::{Contact, ContactState, EndReason};
use switchboard_domain::ids::{AgentId, ContactId, OfferId};
use switchboard_routing::callbacks::{self, Wanted};
use switchboard_routing::{RoutingError, Standing};
use switchboard_store::live_floor::FloorError;
use switchboard_store::outbox::OutboxEntry;
use tracing::debug;

use crate::events::Failure;
use crate::session::{PARTS, Session};

impl Session {
    /// Sends what follows from the present state of a call.
    ///
    /// Nothing does before the gateway's inventory is taken, which does this once it is.
    pub(crate) async fn resume(&self, call: &ContactId) -> Result<(), Failure> {
        if self.settled_token().is_none() {
            return Ok(());
        }
        let floor = self.edge.floor();
        let Some(contact) = floor.contact(&self.tenant, call).await? else { return Ok(()) };
        match &contact.state {
            ContactState::InMenu => self.ask_again(call, &contact).await,
            ContactState::Queued | ContactState::Offered { .. } => self.treat(call, &contact).await,
            ContactState::Connecting { offer, agent } => {
                self.connect(call, &contact, offer, agent).await
            }
            ContactState::Connected { .. } => Ok(()),
            ContactState::Ended { .. } => self.end_leg(call, &contact).await,
        }
    }

    /// Tells the gateway where a waiting caller stands.
    pub(crate) async fn treat(&self, call: &ContactId, contact: &Contact) -> Result<(), Failure> {
        let Some(place) = &contact.place else { return Ok(()) };
        // A caller of an older session may talk by now: that one's place says nothing any more.
        if contact.token != Some(self.token()) {
            return Ok(());
        }
        let estimates = &self.edge.parts.estimates;
        let standing = estimates.of_contact(&self.tenant, call, contact).await?;
        let wait = standing.as_ref().and_then(|standing| standing.wait.as_ref().ok());
        let wait = wait.map(estimate::wait);
        let treatment = QueueTreatment {
            queue_id: place.queue.to_string(),
            // A caller who is being offered is ahead of all others.
            position: standing.as_ref().map_or(1, |standing| standing.position),
            estimated_wait: wait.as_ref().and_then(|wait| wait.estimate),
            prompts: self.farewell(call),
            wait,
        };
        self.follow_wait(call, standing).await?;
        let id = format!("queue-{}", contact.version);
        self.order(id, call, contact.version * 16, Wire::QueueTreatment(treatment)).await;
        Ok(())
    }

    /// Has a caller told how the wait gets on, where the queue does so.
    async fn follow_wait(
        &self,
        call: &ContactId,
        standing: Option<Standing>,
    ) -> Result<(), Failure> {
        let Some(standing) = standing else { return Ok(()) };
        let planned = self.edge.floors().planned(&self.tenant).await?;
        let queue = planned.center().queue(&standing.queue);
        match queue.and_then(|queue| queue.position_announcements) {
            Some(every) => self.waits.begin(call, every, &standing),
            None => self.waits.end(call),
        }
        Ok(())
    }

    /// Has an agent connected with whom the contact is for, by the session that vouched for the caller when he was
    /// offered and by no later one: that one's inventory decides anew.
    async fn connect(
        &self,
        call: &ContactId,
        contact: &Contact,
        offer: &OfferId,
        agent: &AgentId,
    ) -> Result<(), Failure> {
        let token = self.token();
        if contact.token != Some(token) {
            return Ok(());
        }
        let planned = self.edge.floors().planned(&self.tenant).await?;
        let found = planned.center().agents.get(agent);
        let endpoint = found.map(|seat| seat.endpoint.clone()).unwrap_or_default();
        let (name, command) = connection(contact, offer, agent, endpoint);
        let command = GatewayCommand {
            command_id: format!("{name}-{offer}"),
            token: None,
            call_id: call.to_string(),
            call_sequence: contact.version * 16,
            command: Some(command),
        };
        self.order_under(token, command).await;
        Ok(())
    }

    /// Has a callback made later if nobody may be called now; says whether it did. The customer must
    /// not be on the line.
    pub(crate) async fn calls_later(
        &self,
        call: &ContactId,
        contact: &Contact,
    ) -> Result<bool, Failure> {
        let ContactState::Connecting { offer, .. } = &contact.state else { return Ok(false) };
        let planned = self.edge.floors().planned(&self.tenant).await?;
        let now = self.edge.floors().clock().now();
        if callbacks::opens_at(planned.center(), contact, now).is_none_or(|at| at <= now) {
            return Ok(false);
        }
        let report = Report {
            contact: call.clone(),
            gateway: self.gateway.clone(),
            token: self.token(),
            // The gateway has nothing to report yet; its first event comes after this.
            call_sequence: contact.call_sequence + 1,
        };
        let outcome = "outside_hours".to_owned();
        let command = Command::ReportDialFailed { report, offer: offer.clone(), outcome };
        self.edge.floors().apply(&self.tenant, command).await?;
        Ok(true)
    }

    pub(crate) async fn hang_up(&self, call: &ContactId, version: u64) {
        let hangup = Hangup { cause: HangupCause::Normal.into(), prompts: Vec::new() };
        self.order(format!("hangup-{version}"), call, version * 16, Wire::Hangup(hangup)).await;
    }

    /// Sends what follows from a change of one of this gateway's calls.
    pub(crate) async fn tell(&self, call: &ContactId, entry: &OutboxEntry) -> Result<(), Failure> {
        let settled = self.settled_token();
        if settled.is_none_or(|token| token.epoch != entry.epoch) {
            return Ok(());
        }
        match entry.kind.as_str() {
            "contact_queued" | "contact_requeued" => {
                let contact = self.edge.floor().contact(&self.tenant, call).await?;
                match contact {
                    Some(contact) if is_waiting(&contact.state) => self.treat(call, &contact).await,
                    // A queue that could not take the caller has them asked again.
                    Some(contact) if contact.state == ContactState::InMenu => {
                        self.ask_again(call, &contact).await
                    }
                    _ => Ok(()),
                }
            }
            "contact_connecting" => {
                // The change may be old news: only what still holds may be done.
                let contact = self.edge.floor().contact(&self.tenant, call).await?;
                let Some(contact) = contact else { return Ok(()) };
                self.waits.end(call);
                let ContactState::Connecting { offer, agent } = &contact.state else {
                    return Ok(());
                };
                self.connect(call, &contact, offer, agent).await
            }
            "contact_queried" => {
                // The order to connect may never have gone out; the gateway takes a repeat for one.
                // The question has the lower number: it must not make the order look overtaken.
                let id = format!("query-{}", entry.version);
                self.order(id, call, entry.version * 16 - 1, Wire::Query(Query {})).await;
                self.resume(call).await
            }
            "contact_ended" => self.conclude(call, entry).await,
            _ => Ok(()),
        }
    }

    async fn conclude(&self, call: &ContactId, entry: &OutboxEntry) -> Result<(), Failure> {
        if entry.field("reason") == Some(EndReason::Merged.as_str()) {
            return self.resume(call).await;
        }
        self.forget(call);
        let action = entry.field("action").unwrap_or_default();
        let divert = match action.split_once(':') {
            None if action == "busy" => Some((DivertKind::Busy, String::new())),
            None if action == "voicemail" => Some((DivertKind::Voicemail, String::new())),
            _ => None,
        };
        if action == "callback" {
            self.promise_callback(call).await?;
        }
        let Some((kind, target)) = divert else {
            self.hang_up(call, entry.version).await;
            return Ok(());
        };
        let command = Divert { kind: kind.into(), target, prompts: Vec::new() };
        let id = format!("divert-{}", entry.version);
        self.order(id, call, entry.version * 16, Wire::Divert(command)).await;
        Ok(())
    }

    /// Keeps the place of a caller whom the queue could not take by a callback, where one is possible.
    async fn promise_callback(&self, call: &ContactId) -> Result<(), Failure> {
        let Some(contact) = self.edge.floor().contact(&self.tenant, call).await? else {
            return Ok(());
        };
        let wanted = Wanted { by: "overflow", ..Wanted::default() };
        let booked = callbacks::request(self.edge.floors(), &self.tenant, call, &contact, wanted);
        match booked.await {
            Ok(_) => Ok(()),
            Err(RoutingError::Floor(FloorError::Rejected(rejection))) => {
                debug!(call.id = %call, reason = rejection.code(), "no callback was promised");
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Gives what connects an agent with whom a contact is for, and the word in the command's id.
fn connection(
    contact: &Contact,
    offer: &OfferId,
    agent: &AgentId,
    endpoint: String,
) -> (&'static str, Wire) {
    let (agent_id, offer_id) = (agent.to_string(), offer.to_string());
    let last_call_sequence = contact.call_sequence / PARTS;
    if let Some(parent) = &contact.parent {
        let parent_call_id = parent.to_string();
        let consult = Consult { parent_call_id, agent_id, endpoint, offer_id, last_call_sequence };
        return ("consult", Wire::Consult(consult));
    }
    // Once the customer is on the line this is a call like any other, and never to be dialled again.
    let Some(callback) = contact.callback.filter(|callback| !callback.reached) else {
        return ("bridge", Wire::Bridge(Bridge { agent_id, endpoint, offer_id }));
    };
    let details = Details::decode(&contact.details);
    let number = details.get("calling_number").or_else(|| details.get("calling_raw"));
    let dial = Dial {
        agent_id,
        endpoint,
        offer_id,
        number: number.unwrap_or_default().to_owned(),
        shown_number: details.get("called_number").unwrap_or_default().to_owned(),
        attempts: callback.attempts,
        last_call_sequence,
    };
    ("dial", Wire::Dial(dial))
}

fn is_waiting(state: &ContactState) -> bool {
    matches!(state, ContactState::Queued | ContactState::Offered { .. })
}
