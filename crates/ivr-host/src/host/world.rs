//! What a center answers its flows, from its live state and its records.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use switchboard_domain::center::RouteRequest;
use switchboard_domain::customer::Verification;
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::state::{AgentState, Contact};
use switchboard_domain::flow::{
    Answer, CallbackRequest, CustomerKey, FetchRequest, Position, Question, Staffing,
    TicketRequest, TransferRequest, TransferTarget, VoicemailRequest,
};
use switchboard_domain::ids::{AgentId, ContactId, CustomerId, MAX_ID_LENGTH, QueueId, TicketId};
use switchboard_domain::phone::PhoneAddress;
use switchboard_domain::ticket::NewTicket;
use switchboard_lookup::CallerLookup;
use switchboard_routing::callbacks::{self, Promise};
use switchboard_routing::{Estimates, Floors, RoutingError};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::live_floor::FloorError;
use switchboard_store::tickets::{TicketOrder, Tickets};
use tracing::warn;

use super::{Message, Scene, World};
use crate::arrival::known_as;
use crate::fetch::{Errand, Fetcher};

/// A center as the world of its flows.
pub struct CenterWorld {
    /// Who waits and who works.
    pub floors: Arc<Floors>,
    /// How long contacts will probably wait.
    pub estimates: Arc<Estimates>,
    /// Who has a number.
    pub lookup: Arc<CallerLookup>,
    /// Who has an id.
    pub customers: Arc<dyn Customers>,
    /// Where tickets are made.
    pub tickets: Arc<dyn Tickets>,
    /// Who asks systems outside.
    pub fetcher: Fetcher,
}

#[async_trait]
impl World for CenterWorld {
    async fn answer(&self, scene: Scene<'_>, question: &Question, at: &Position) -> Answer {
        match question {
            Question::Staffing { queue } => self.staffing(scene, queue).await,
            Question::Customer(CustomerKey::Number(number)) => self.holder(scene, number).await,
            Question::Customer(CustomerKey::Id(id)) => self.customer(scene, id).await,
            Question::Ticket(request) => self.ticket(scene, request, at.steps).await,
            Question::Fetch(request) => self.fetch(scene, request, at.steps).await,
            Question::Callback(request) => self.callback(scene, request).await,
            Question::Transfer(TransferRequest { to: TransferTarget::Agent(agent), .. }) => {
                self.reach(scene, agent).await
            }
            // What a survey says is kept with the step, and the rest is the gateway's.
            Question::Survey(_) | Question::Transfer(_) | Question::Voicemail(_) => Answer::Failed,
        }
    }

    async fn keep_message(
        &self,
        scene: Scene<'_>,
        request: &VoicemailRequest,
        message: &Message,
        order: u32,
    ) -> Answer {
        let language = scene.center.default_language.as_str();
        let queue = scene.center.queue(&request.queue);
        let title = queue.and_then(|queue| queue.display_name.get(language));
        let title = title.unwrap_or(request.queue.as_str());
        let kind = scene.center.ticket_kinds.usual();
        let ticket = NewTicket {
            body: format!("Recording: {}\nLength: {} s", message.asset, message.length.as_secs()),
            customer: customer_of(scene),
            interaction: Some(scene.call.clone()),
            ..NewTicket::about(kind, format!("Voicemail for {title}"))
        };
        let made = self.make_ticket(scene, ticket, order).await;
        made.map_or(Answer::Failed, |_| Answer::Done)
    }
}

impl CenterWorld {
    async fn staffing(&self, scene: Scene<'_>, queue: &QueueId) -> Answer {
        match self.count(scene, queue).await {
            Ok(Some(staffing)) => Answer::Staffing(staffing),
            Ok(None) => Answer::Failed,
            Err(error) => {
                warn!(call.id = %scene.call, queue.id = %queue, %error, "a queue was not counted");
                Answer::Failed
            }
        }
    }

    async fn count(
        &self,
        scene: Scene<'_>,
        queue: &QueueId,
    ) -> Result<Option<Staffing>, RoutingError> {
        let Some(found) = scene.center.queue(queue) else { return Ok(None) };
        let floor = self.floors.floor();
        let status = floor.queue(scene.tenant, queue).await?;
        let may_serve = |agent| {
            let agent = scene.center.agent(agent);
            agent.is_some_and(|agent| agent.serves(queue, &found.requirement))
        };
        let mut staffing = Staffing { waiting: status.waiting, ..Staffing::default() };
        for (_, agent) in floor.agents(scene.tenant).await?.iter().filter(|(id, _)| may_serve(id)) {
            let state = agent.state();
            let works = !matches!(state, AgentState::Offline | AgentState::NotReady);
            staffing.staffed += u32::from(works);
            staffing.available += u32::from(state == AgentState::Ready);
        }
        let now = self.floors.clock().now();
        staffing.oldest = status.oldest_enqueued_at.map_or(Duration::ZERO, |at| now.since(at));
        let wait = self.estimates.of_queue(scene.tenant, queue).await?;
        staffing.wait = wait.and_then(|(_, wait)| wait.ok()).map(|wait| wait.estimate);
        Ok(Some(staffing))
    }

    async fn holder(&self, scene: Scene<'_>, number: &str) -> Answer {
        let Ok(address) = PhoneAddress::parse(number, scene.center.default_country) else {
            return Answer::NotFound;
        };
        let (spent, verified) = (Duration::ZERO, Verification::Full);
        let found = self.lookup.recognise(scene.tenant, address, verified, spent).await;
        match (found.lookup.known(), found.partial) {
            (Some(candidate), _) => Answer::Customer(known_as(scene.center, &candidate.evidence)),
            (None, None) => Answer::NotFound,
            (None, Some(_)) => Answer::Failed,
        }
    }

    async fn customer(&self, scene: Scene<'_>, id: &str) -> Answer {
        let Ok(id) = CustomerId::parse(id) else { return Answer::NotFound };
        match self.customers.evidence(scene.tenant, &id).await {
            Ok(evidence) => Answer::Customer(known_as(scene.center, &evidence)),
            Err(StoreError::NotFound { .. }) => Answer::NotFound,
            Err(error) => {
                warn!(call.id = %scene.call, %error, "a customer was not found out");
                Answer::Failed
            }
        }
    }

    async fn fetch(&self, scene: Scene<'_>, request: &FetchRequest, order: u32) -> Answer {
        let Some(endpoint) = scene.center.endpoints.get(&request.endpoint) else {
            return Answer::Failed;
        };
        let key = request_id(scene.call, order);
        let errand = Errand { tenant: scene.tenant, endpoint, key: &key };
        self.fetcher.fetch(errand, request).await
    }

    /// Says whether an agent can be rung now.
    async fn reach(&self, scene: Scene<'_>, agent: &AgentId) -> Answer {
        let serves = scene.center.agent(agent).is_some_and(|agent| !agent.queues.is_empty());
        match self.floors.floor().agent(scene.tenant, agent).await {
            Ok(Some(found)) if serves && found.state() == AgentState::Ready => Answer::Done,
            Ok(_) => Answer::Failed,
            Err(error) => {
                warn!(call.id = %scene.call, agent.id = %agent, %error, "an agent was not found out");
                Answer::Failed
            }
        }
    }

    async fn callback(&self, scene: Scene<'_>, request: &CallbackRequest) -> Answer {
        match self.promise(scene, request).await {
            Ok(true) => Answer::Done,
            // The queue takes none, or the number is none.
            Ok(false) | Err(RoutingError::Floor(FloorError::Rejected(_))) => Answer::Failed,
            Err(error) => {
                warn!(call.id = %scene.call, %error, "no callback was promised");
                Answer::Failed
            }
        }
    }

    /// Promises a callback; a caller who is on no floor, or has no number that fits, cannot get one.
    async fn promise(
        &self,
        scene: Scene<'_>,
        request: &CallbackRequest,
    ) -> Result<bool, RoutingError> {
        let Some(contact) = self.floors.floor().contact(scene.tenant, scene.call).await? else {
            return Ok(false);
        };
        let asked = request.number.as_deref().or(scene.known.calling_number).unwrap_or_default();
        let address = PhoneAddress::parse(asked, scene.center.default_country).ok();
        let Some(number) = address.as_ref().and_then(PhoneAddress::number) else {
            return Ok(false);
        };
        let number = number.e164().as_str();
        let details = details_of(&contact, request, number);
        let segments = details.segments();
        let promise = Promise {
            route: RouteRequest {
                queue: &request.queue,
                language: Some(&request.language),
                tier: details.get("tier").and_then(|tier| tier.parse().ok()),
                segments: &segments,
                skills: &request.skills,
                priority_boost: request.priority_boost,
            },
            number,
            details: &details,
            by: "ivr",
        };
        callbacks::promise(&self.floors, scene.tenant, scene.call, promise).await.map(|_| true)
    }

    async fn ticket(&self, scene: Scene<'_>, request: &TicketRequest, order: u32) -> Answer {
        let fields = request.fields.iter().map(|(name, text)| format!("{name}: {text}"));
        let kind = request.kind.clone().unwrap_or_else(|| scene.center.ticket_kinds.usual());
        let ticket = NewTicket {
            body: fields.collect::<Vec<_>>().join("\n"),
            category: request.category.clone(),
            priority: request.priority,
            customer: customer_of(scene),
            interaction: Some(scene.call.clone()),
            department: request.department.clone(),
            ..NewTicket::about(kind, request.subject.as_str())
        };
        self.make_ticket(scene, ticket, order).await.map_or(Answer::Failed, Answer::Ticket)
    }

    /// Makes a ticket, once for the same question, and gives its number.
    async fn make_ticket(&self, scene: Scene<'_>, new: NewTicket, order: u32) -> Option<u64> {
        let made = self.tickets.create(scene.tenant, &self.order(scene, new, order)?).await;
        let refused = |error: &StoreError| {
            warn!(call.id = %scene.call, %error, "a ticket was not made");
        };
        made.inspect_err(refused).ok().map(|ticket| ticket.number)
    }

    fn order(&self, scene: Scene<'_>, ticket: NewTicket, order: u32) -> Option<TicketOrder> {
        let now = self.floors.clock().now();
        let joins_within = scene.center.ticket_kinds.of(&ticket.kind).joins_within;
        // The same question of the same call makes one ticket, whoever asks it again.
        let request_id = request_id(scene.call, order);
        Some(TicketOrder {
            id: TicketId::parse(request_id.as_str()).ok()?,
            request_id,
            actor: "ivr".to_owned(),
            at: now,
            joins_since: joins_within.map(|within| now - within),
            ticket,
        })
    }
}

fn customer_of(scene: Scene<'_>) -> Option<CustomerId> {
    scene.known.customer.as_ref().and_then(|customer| customer.id.clone())
}

/// Gives what agents see of a callback: what is known of the caller, and what the flow collected.
fn details_of(contact: &Contact, request: &CallbackRequest, number: &str) -> Details {
    let mut details = Details::decode(&contact.details);
    details.set("calling_number", number);
    details.set("language", request.language.as_str());
    for (name, value) in &request.attributes {
        details.set(&format!("field.{name}"), value);
    }
    details
}

/// Names a question of a call; the name of a long call gives way to its hash (FNV-1a), for the
/// whole must be an id.
fn request_id(call: &ContactId, order: u32) -> String {
    let whole = format!("{call}.{order}");
    if whole.len() <= MAX_ID_LENGTH {
        return whole;
    }
    let hash = call.as_str().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{:.32}.{hash:016x}.{order}", call.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_of_every_call_has_an_id_of_its_own() {
        let longest = "c".repeat(MAX_ID_LENGTH - 1);
        let calls = ["gw-1.7".to_owned(), format!("{longest}1"), format!("{longest}2")];
        let orders = [0, 7, u32::MAX];
        let mut ids = Vec::new();

        for call in calls.iter().map(|call| ContactId::parse(call.as_str()).unwrap()) {
            ids.extend(orders.map(|order| request_id(&call, order)));
        }

        for (index, id) in ids.iter().enumerate() {
            assert!(TicketId::parse(id.as_str()).is_ok(), "{id}");
            assert!(!ids[..index].contains(id), "{id}");
        }
        assert_eq!(ids[1], "gw-1.7.7");
    }
}
