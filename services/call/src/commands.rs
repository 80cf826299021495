//! From the state of a contact to what its gateway must do now.
//!
//! A command follows from the state alone and is named by it, so any replica can send it, and a
//! gateway that gets it twice does it once.

use switchboard_api::ApiError;
use switchboard_api::call::v1::gateway_command::Command as Wire;
use switchboard_api::call::v1::{
    Bridge, Divert, DivertKind, Hangup, HangupCause, Query, QueueTreatment,
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
        let contact = floor.contact(&self.tenant, call).await.map_err(ApiError::from)?;
        let Some(contact) = contact else { return Ok(()) };
        match &contact.state {
            ContactState::InMenu => self.ask_again(call, &contact).await,
            ContactState::Queued | ContactState::Offered { .. } => self.treat(call, &contact).await,
            ContactState::Connecting { offer, agent } => {
                self.bridge(call, offer, agent, contact.version).await
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
        let position = floor.position(&self.tenant, call).await.map_err(ApiError::from)?;
        let treatment = QueueTreatment {
            queue_id: place.queue.to_string(),
            // A caller who is being offered is ahead of all others.
            position: position.unwrap_or(1),
            estimated_wait: None,
            prompts: Vec::new(),
        };
        let id = format!("queue-{}", contact.version);
        self.order(id, call, contact.version * 16, Wire::QueueTreatment(treatment)).await;
        Ok(())
    }

    pub(crate) async fn bridge(
        &self,
        call: &ContactId,
        offer: &OfferId,
        agent: &AgentId,
        version: u64,
    ) -> Result<(), Failure> {
        let planned = self.edge.floors().planned(&self.tenant).await?;
        let endpoint = planned.center().agents.get(agent).map(|agent| agent.endpoint.clone());
        let bridge = Bridge {
            agent_id: agent.to_string(),
            endpoint: endpoint.unwrap_or_default(),
            offer_id: offer.to_string(),
        };
        self.order(format!("bridge-{offer}"), call, version * 16, Wire::Bridge(bridge)).await;
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
                let floor = self.edge.floor();
                let contact = floor.contact(&self.tenant, call).await.map_err(ApiError::from)?;
                match contact {
                    Some(contact) if !contact.state.is_ended() => self.treat(call, &contact).await,
                    _ => Ok(()),
                }
            }
            "contact_connecting" => {
                let offer = entry.field("offer").and_then(|id| OfferId::parse(id).ok());
                let agent = entry.field("agent").and_then(|id| AgentId::parse(id).ok());
                match offer.zip(agent) {
                    Some((offer, agent)) => self.bridge(call, &offer, &agent, entry.version).await,
                    None => Ok(()),
                }
            }
            "contact_queried" => {
                let id = format!("query-{}", entry.version);
                self.order(id, call, entry.version * 16, Wire::Query(Query {})).await;
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
