//! From the state of a contact to what its gateway must do now.
//!
//! A command follows from the state alone and is named by it, so any replica can send it, and a
//! gateway that gets it twice does it once.

use switchboard_api::call::v1::gateway_command::Command as Wire;
use switchboard_api::call::v1::{
    Bridge, Divert, DivertKind, GatewayCommand, Hangup, HangupCause, Query, QueueTreatment,
};
use switchboard_domain::floor::state::{Contact, ContactState};
use switchboard_domain::ids::{AgentId, ContactId, OfferId};
use switchboard_store::outbox::OutboxEntry;

use crate::events::Failure;
use crate::session::Session;

impl Session {
    /// Sends what follows from the present state of a call.
    pub(crate) async fn resume(&self, call: &ContactId) -> Result<(), Failure> {
        let floor = self.edge.floor();
        let Some(contact) = floor.contact(&self.tenant, call).await? else { return Ok(()) };
        match &contact.state {
            ContactState::InMenu => self.ask_again(call, &contact).await,
            ContactState::Queued | ContactState::Offered { .. } => self.treat(call, &contact).await,
            ContactState::Connecting { offer, agent } => {
                self.bridge(call, &contact, offer, agent).await
            }
            ContactState::Connected { .. } => Ok(()),
            ContactState::Ended { .. } => {
                self.hang_up(call, contact.version).await;
                Ok(())
            }
        }
    }

    /// Tells the gateway where a waiting caller stands.
    pub(crate) async fn treat(&self, call: &ContactId, contact: &Contact) -> Result<(), Failure> {
        let Some(place) = &contact.place else { return Ok(()) };
        let floor = self.edge.floor();
        let position = floor.position(&self.tenant, call).await?;
        let treatment = QueueTreatment {
            queue_id: place.queue.to_string(),
            // A caller who is being offered is ahead of all others.
            position: position.unwrap_or(1),
            estimated_wait: None,
            prompts: self.farewell(call),
        };
        let id = format!("queue-{}", contact.version);
        self.order(id, call, contact.version * 16, Wire::QueueTreatment(treatment)).await;
        Ok(())
    }

    /// Has caller and agent connected, by the session that vouched for the caller when he was
    /// offered and by no later one: that one's inventory decides anew.
    async fn bridge(
        &self,
        call: &ContactId,
        contact: &Contact,
        offer: &OfferId,
        agent: &AgentId,
    ) -> Result<(), Failure> {
        if contact.token != self.token() {
            return Ok(());
        }
        let planned = self.edge.floors().planned(&self.tenant).await?;
        let endpoint = planned.center().agents.get(agent).map(|agent| agent.endpoint.clone());
        let bridge = Bridge {
            agent_id: agent.to_string(),
            endpoint: endpoint.unwrap_or_default(),
            offer_id: offer.to_string(),
        };
        let command = GatewayCommand {
            command_id: format!("bridge-{offer}"),
            token: None,
            call_id: call.to_string(),
            call_sequence: contact.version * 16,
            command: Some(Wire::Bridge(bridge)),
        };
        self.order_under(contact.token, command).await;
        Ok(())
    }

    async fn hang_up(&self, call: &ContactId, version: u64) {
        let hangup = Hangup { cause: HangupCause::Normal.into() };
        self.order(format!("hangup-{version}"), call, version * 16, Wire::Hangup(hangup)).await;
    }

    /// Sends what follows from a change of one of this gateway's calls.
    pub(crate) async fn tell(&self, call: &ContactId, entry: &OutboxEntry) -> Result<(), Failure> {
        match entry.kind.as_str() {
            "contact_queued" | "contact_requeued" => {
                let contact = self.edge.floor().contact(&self.tenant, call).await?;
                match contact {
                    Some(contact) if is_waiting(&contact.state) => self.treat(call, &contact).await,
                    _ => Ok(()),
                }
            }
            "contact_connecting" => {
                // The change may be old news: only what still holds may be done.
                let contact = self.edge.floor().contact(&self.tenant, call).await?;
                let Some(contact) = contact else { return Ok(()) };
                let ContactState::Connecting { offer, agent } = &contact.state else {
                    return Ok(());
                };
                self.bridge(call, &contact, offer, agent).await
            }
            "contact_queried" => {
                let id = format!("query-{}", entry.version);
                self.order(id, call, entry.version * 16 + 1, Wire::Query(Query {})).await;
                Ok(())
            }
            "contact_ended" => {
                self.conclude(call, entry).await;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn conclude(&self, call: &ContactId, entry: &OutboxEntry) {
        let divert = match entry.field("action") {
            Some("busy") => Some(DivertKind::Busy),
            Some("voicemail") => Some(DivertKind::Voicemail),
            _ => None,
        };
        self.forget(call);
        match divert {
            Some(kind) => {
                let command =
                    Divert { kind: kind.into(), target: String::new(), prompts: Vec::new() };
                let id = format!("divert-{}", entry.version);
                self.order(id, call, entry.version * 16, Wire::Divert(command)).await;
            }
            None => self.hang_up(call, entry.version).await,
        }
    }
}

fn is_waiting(state: &ContactState) -> bool {
    matches!(state, ContactState::Queued | ContactState::Offered { .. })
}
