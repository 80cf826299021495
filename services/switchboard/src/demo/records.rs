//! What the API has recorded about a call.

use std::time::Duration;

use switchboard_api::call::v1::{
    GetInteractionRequest, Interaction, InteractionState, ListInteractionsRequest,
};
use switchboard_api::callerid::v1::LookupCallerRequest;
use switchboard_api::queue::v1::{ListQueuesRequest, Queue};
use switchboard_api::ticket::v1::{ListTicketsRequest, Ticket};
use switchboard_client::Connection;
use tokio::time::{sleep, timeout};

use super::stories::Story;

/// The history follows within moments; this is for a busy machine.
const LIMIT: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(100);
/// The records of one table.
const PAGE: i32 = 50;

/// A supervisor's view of the center.
#[derive(Clone)]
pub(crate) struct Office {
    connection: Connection,
}

impl Office {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// Says who is calling, as everybody may ask.
    pub(crate) async fn caller(&self, story: &Story) -> String {
        let request = LookupCallerRequest {
            calling_number: story.script.calling_number.clone(),
            called_number: story.script.called_number.clone(),
            ..LookupCallerRequest::default()
        };
        let found = self.connection.callers().lookup_caller(request).await;
        match found.map(|found| found.into_inner().candidates) {
            Ok(candidates) => match candidates.first() {
                Some(caller) => format!("{}, tier {}", caller.display_name, caller.tier),
                None => "nobody we know".to_owned(),
            },
            Err(status) => format!("not looked up: {}", status.message()),
        }
    }

    /// Gives a call's record once it is complete, or as it is when that takes too long.
    pub(crate) async fn complete(&self, story: &Story) -> Option<Interaction> {
        let complete = async {
            loop {
                if let Some(record) = self.interaction(&story.script.id).await
                    && is_complete(&record, story)
                {
                    return record;
                }
                sleep(PAUSE).await;
            }
        };
        match timeout(LIMIT, complete).await {
            Ok(record) => Some(record),
            Err(_) => self.interaction(&story.script.id).await,
        }
    }

    async fn interaction(&self, call: &str) -> Option<Interaction> {
        let request = GetInteractionRequest { call_id: call.to_owned() };
        let found = self.connection.history().get_interaction(request).await;
        found.ok().and_then(|found| found.into_inner().interaction)
    }

    /// Gives the tickets of a call.
    pub(crate) async fn tickets_of(&self, call: &str) -> Result<Vec<Ticket>, tonic::Status> {
        self.tickets(ListTicketsRequest {
            interaction_id: call.to_owned(),
            ..ListTicketsRequest::default()
        })
        .await
    }

    /// Gives the newest tickets.
    pub(crate) async fn tickets(
        &self,
        request: ListTicketsRequest,
    ) -> Result<Vec<Ticket>, tonic::Status> {
        let request = ListTicketsRequest { page_size: PAGE, ..request };
        let listed = self.connection.tickets().list_tickets(request).await?;
        Ok(listed.into_inner().tickets)
    }

    /// Gives the queues.
    pub(crate) async fn queues(&self) -> Result<Vec<Queue>, tonic::Status> {
        let request = ListQueuesRequest { page_size: PAGE, ..ListQueuesRequest::default() };
        Ok(self.connection.queues().list_queues(request).await?.into_inner().queues)
    }

    /// Gives the newest calls.
    pub(crate) async fn interactions(&self) -> Result<Vec<Interaction>, tonic::Status> {
        let request =
            ListInteractionsRequest { page_size: PAGE, ..ListInteractionsRequest::default() };
        let listed = self.connection.history().list_interactions(request).await?;
        Ok(listed.into_inner().interactions)
    }
}

/// A call is over when it has ended and its agent has filed it.
fn is_complete(record: &Interaction, story: &Story) -> bool {
    record.state() == InteractionState::Ended && record.disposition == story.ending.disposition
}
