//! How verbs reach a server: address, credential, and lists longer than one page.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use switchboard_client::Connection;
use tonic::{Response, Status};

use crate::cli::failure::{Exit, told};
use crate::cli::output::{Format, message};
use crate::site::{default_state_dir, token_file};

/// Where servers are found when nothing else is said.
pub(crate) const DEFAULT_ADDRESS: &str = "http://127.0.0.1:7400";
/// The most records of one page.
const PAGE: usize = 200;

/// How to reach a server, and how to write what it says.
#[derive(Args, Debug)]
pub(crate) struct ClientArgs {
    #[command(flatten)]
    server: ServerArgs,
    /// How data is written
    #[arg(short, long, value_enum, default_value_t)]
    output: Format,
}

/// How to reach a server.
#[derive(Args, Debug)]
pub(crate) struct ServerArgs {
    /// The server
    #[arg(long, env = "SWITCHBOARD_ADDRESS", default_value = DEFAULT_ADDRESS, value_name = "URL")]
    address: String,
    /// A file that holds the credential [default: one that `up` and `demo` wrote, the supervisor's
    /// where no other role is needed]
    #[arg(long, env = "SWITCHBOARD_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
}

impl ClientArgs {
    /// Gives how data is written.
    pub(crate) fn format(&self) -> Format {
        self.output
    }

    /// Prepares the connection; it is made with the first call.
    pub(crate) fn connect(&self) -> anyhow::Result<Connection> {
        self.connect_as("supervisor")
    }

    /// Prepares the connection, with the credential of a role unless another one was given.
    pub(crate) fn connect_as(&self, role: &str) -> anyhow::Result<Connection> {
        self.server.connect_as(role)
    }
}

impl ServerArgs {
    /// Prepares the connection, with the credential of a role unless another one was given.
    pub(crate) fn connect_as(&self, role: &str) -> anyhow::Result<Connection> {
        let file = match &self.token_file {
            Some(file) => file.clone(),
            None => token_file(&default_state_dir(), role),
        };
        let token = fs::read_to_string(&file).map_err(|error| {
            let file = file.display();
            told(
                Exit::NotUnderstood,
                format!("cannot read the credential in `{file}` ({error}); give --token-file"),
            )
        })?;
        Ok(Connection::new(&self.address, token.trim())?)
    }
}

/// How much of a list is wanted.
#[derive(Args, Debug)]
pub(crate) struct LimitArgs {
    /// The most records to show
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
}

impl LimitArgs {
    /// Gets pages until there is enough; says so when there is more.
    pub(crate) async fn collect<P: Paged>(
        &self,
        mut page: impl AsyncFnMut(i32, String) -> Result<Response<P>, Status>,
    ) -> anyhow::Result<Vec<P::Record>> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let (mut records, mut token) = (Vec::new(), String::new());
        loop {
            let size = PAGE.min(limit - records.len());
            let size = i32::try_from(size).expect("a page is small");
            let (more, next) = page(size, token).await?.into_inner().into_parts();
            records.extend(more);
            if next.is_empty() {
                return Ok(records);
            }
            if records.len() >= limit {
                message("there is more; --limit shows it");
                return Ok(records);
            }
            token = next;
        }
    }
}

/// One page of a list.
pub(crate) trait Paged {
    /// What is listed.
    type Record;

    /// Gives the records, and the token of the next page.
    fn into_parts(self) -> (Vec<Self::Record>, String);
}

macro_rules! paged {
    ($($package:ident :: $page:ident { $records:ident: $record:ident })*) => {
        $(impl Paged for switchboard_api::$package::v1::$page {
            type Record = switchboard_api::$package::v1::$record;

            fn into_parts(self) -> (Vec<Self::Record>, String) {
                (self.$records, self.next_page_token)
            }
        })*
    };
}

paged! {
    call::ListInteractionsResponse { interactions: Interaction }
    queue::ListQueuesResponse { queues: Queue }
    queue::ListCallbacksResponse { callbacks: Callback }
    agent::ListAgentsResponse { agents: AgentSummary }
    ticket::ListTicketsResponse { tickets: Ticket }
    followup::ListFollowUpsResponse { follow_ups: FollowUp }
    quality::ListEvaluationsResponse { evaluations: Evaluation }
    touchpoint::ListTouchpointsResponse { touchpoints: Touchpoint }
    ticket::SearchTicketsResponse { tickets: Ticket }
    ticket::ListPromisesResponse { promises: Promise }
    callerid::ListCustomersResponse { customers: Customer }
    callerid::SearchCustomersResponse { customers: Customer }
    callerid::ListDuplicatesResponse { duplicates: Duplicate }
    callerid::ListTimelineResponse { entries: TimelineEntry }
    callerid::ListNumberRulesResponse { rules: NumberRule }
    recorder::ListAuditRecordsResponse { records: AuditRecord }
    recorder::ListDeadEventsResponse { dead_events: DeadEvent }
    ivr::ListFlowsResponse { flows: Flow }
    ivr::ListFlowVersionsResponse { releases: FlowRelease }
}

#[cfg(test)]
mod tests {
    use switchboard_api::queue::v1::{ListQueuesResponse, Queue};

    use super::*;

    async fn served(limit: u32, available: usize) -> (usize, Vec<i32>) {
        let mut sizes = Vec::new();
        let mut given = 0;
        let page = async |size: i32, _token: String| {
            sizes.push(size);
            let count = usize::try_from(size).unwrap().min(available - given);
            given += count;
            let next_page_token = if given < available { "more".to_owned() } else { String::new() };
            Ok(Response::new(ListQueuesResponse {
                queues: vec![Queue::default(); count],
                next_page_token,
            }))
        };
        let records = LimitArgs { limit }.collect(page).await.unwrap();
        (records.len(), sizes)
    }

    #[tokio::test]
    async fn a_list_is_read_page_by_page_up_to_the_limit() {
        assert_eq!(served(450, 1_000).await, (450, vec![200, 200, 50]));
        assert_eq!(served(50, 7).await, (7, vec![50]));
    }
}
