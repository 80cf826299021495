//! One server and one credential.

use std::fmt;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::oneshot;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

use switchboard_api::agent::v1::agent_service_client::AgentServiceClient;
use switchboard_api::call::v1::call_service_client::CallServiceClient;
use switchboard_api::call::v1::history_service_client::HistoryServiceClient;
use switchboard_api::callerid::v1::caller_id_service_client::CallerIdServiceClient;
use switchboard_api::callerid::v1::customer_transfer_service_client::CustomerTransferServiceClient;
use switchboard_api::callerid::v1::customer_value_service_client::CustomerValueServiceClient;
use switchboard_api::followup::v1::follow_up_service_client::FollowUpServiceClient;
use switchboard_api::ivr::v1::ivr_service_client::IvrServiceClient;
use switchboard_api::quality::v1::quality_service_client::QualityServiceClient;
use switchboard_api::queue::v1::queue_service_client::QueueServiceClient;
use switchboard_api::recorder::v1::audit_service_client::AuditServiceClient;
use switchboard_api::recorder::v1::dead_event_service_client::DeadEventServiceClient;
use switchboard_api::recorder::v1::retention_service_client::RetentionServiceClient;
use switchboard_api::report::v1::report_service_client::ReportServiceClient;
use switchboard_api::supervisor::v1::supervisor_service_client::SupervisorServiceClient;
use switchboard_api::ticket::v1::promise_service_client::PromiseServiceClient;
use switchboard_api::ticket::v1::ticket_desk_service_client::TicketDeskServiceClient;
use switchboard_api::ticket::v1::ticket_dispatch_service_client::TicketDispatchServiceClient;
use switchboard_api::ticket::v1::ticket_form_service_client::TicketFormServiceClient;
use switchboard_api::ticket::v1::ticket_relation_service_client::TicketRelationServiceClient;
use switchboard_api::ticket::v1::ticket_service_client::TicketServiceClient;
use switchboard_api::ticket::v1::ticket_transfer_service_client::TicketTransferServiceClient;
use switchboard_api::touchpoint::v1::touchpoint_service_client::TouchpointServiceClient;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const KEEPALIVE: Duration = Duration::from_secs(10);

/// A channel that sends a credential with each request.
pub type Authorized = InterceptedService<Channel, Bearer>;

/// Says why a server cannot be used.
#[derive(Debug, Error)]
pub enum ConnectionError {
    /// The address is no URL.
    #[error("`{address}` is no server address, such as http://127.0.0.1:7400")]
    BadAddress {
        /// The address.
        address: String,
        /// Why.
        source: tonic::transport::Error,
    },
    /// The credential holds characters that no header may hold.
    #[error("the token holds characters that a header cannot")]
    BadToken,
    /// The server refused the session for good.
    #[error("the server refused the session: {0}")]
    Refused(#[source] Box<Status>),
    /// The client was stopped before the session began.
    #[error("the client was stopped")]
    Stopped,
}

/// Sends a credential with each request.
#[derive(Clone)]
pub struct Bearer(Option<MetadataValue<Ascii>>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(header) = &self.0 {
            request.metadata_mut().insert("authorization", header.clone());
        }
        Ok(request)
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Bearer(…)")
    }
}

/// One server and one credential; connects when it is first used, and again when it must.
#[derive(Clone, Debug)]
pub struct Connection {
    channel: Channel,
    bearer: Bearer,
}

impl Connection {
    /// Takes the address of a server and a token. Call it within a runtime.
    pub fn new(address: &str, token: &str) -> Result<Self, ConnectionError> {
        let header = format!("Bearer {token}").parse::<MetadataValue<Ascii>>();
        let mut header = header.map_err(|_| ConnectionError::BadToken)?;
        header.set_sensitive(true);
        Ok(Self { channel: channel(address)?, bearer: Bearer(Some(header)) })
    }

    /// Takes the address of a server and no credential: every call of the contract is refused.
    pub fn anonymous(address: &str) -> Result<Self, ConnectionError> {
        Ok(Self { channel: channel(address)?, bearer: Bearer(None) })
    }

    fn authorized(&self) -> Authorized {
        InterceptedService::new(self.channel.clone(), self.bearer.clone())
    }

    /// Gives the client for gateways.
    pub fn calls(&self) -> CallServiceClient<Authorized> {
        CallServiceClient::new(self.authorized())
    }

    /// Gives the client for the history.
    pub fn history(&self) -> HistoryServiceClient<Authorized> {
        HistoryServiceClient::new(self.authorized())
    }

    /// Gives the client for what could not be recorded.
    pub fn dead_events(&self) -> DeadEventServiceClient<Authorized> {
        DeadEventServiceClient::new(self.authorized())
    }

    /// Gives the client for the audit trail.
    pub fn audit(&self) -> AuditServiceClient<Authorized> {
        AuditServiceClient::new(self.authorized())
    }

    /// Gives the client for what is past its time.
    pub fn retention(&self) -> RetentionServiceClient<Authorized> {
        RetentionServiceClient::new(self.authorized())
    }

    /// Gives the client for agents.
    pub fn agents(&self) -> AgentServiceClient<Authorized> {
        AgentServiceClient::new(self.authorized())
    }

    /// Gives the client for queues.
    pub fn queues(&self) -> QueueServiceClient<Authorized> {
        QueueServiceClient::new(self.authorized())
    }

    /// Gives the client for supervisors' boards.
    pub fn boards(&self) -> SupervisorServiceClient<Authorized> {
        SupervisorServiceClient::new(self.authorized())
    }

    /// Gives the client for tickets.
    pub fn tickets(&self) -> TicketServiceClient<Authorized> {
        TicketServiceClient::new(self.authorized())
    }

    /// Gives the client for what tickets have to do with each other.
    pub fn ticket_relations(&self) -> TicketRelationServiceClient<Authorized> {
        TicketRelationServiceClient::new(self.authorized())
    }

    /// Gives the client for reports.
    pub fn reports(&self) -> ReportServiceClient<Authorized> {
        ReportServiceClient::new(self.authorized())
    }

    /// Gives the client for follow-ups and surveys.
    pub fn follow_ups(&self) -> FollowUpServiceClient<Authorized> {
        FollowUpServiceClient::new(self.authorized())
    }

    /// Gives the client for scorecards and evaluations.
    pub fn quality(&self) -> QualityServiceClient<Authorized> {
        QualityServiceClient::new(self.authorized())
    }

    /// Gives the client for the care calendar.
    pub fn touchpoints(&self) -> TouchpointServiceClient<Authorized> {
        TouchpointServiceClient::new(self.authorized())
    }

    /// Gives the client for the work surface of tickets.
    pub fn ticket_desk(&self) -> TicketDeskServiceClient<Authorized> {
        TicketDeskServiceClient::new(self.authorized())
    }

    /// Gives the client for where tickets go.
    pub fn ticket_dispatch(&self) -> TicketDispatchServiceClient<Authorized> {
        TicketDispatchServiceClient::new(self.authorized())
    }

    /// Gives the client for the forms of tickets.
    pub fn ticket_forms(&self) -> TicketFormServiceClient<Authorized> {
        TicketFormServiceClient::new(self.authorized())
    }

    /// Gives the client for many tickets at once.
    pub fn ticket_transfers(&self) -> TicketTransferServiceClient<Authorized> {
        TicketTransferServiceClient::new(self.authorized())
    }

    /// Gives the client for promises.
    pub fn promises(&self) -> PromiseServiceClient<Authorized> {
        PromiseServiceClient::new(self.authorized())
    }

    /// Gives the client for callers and customers.
    pub fn callers(&self) -> CallerIdServiceClient<Authorized> {
        CallerIdServiceClient::new(self.authorized())
    }

    /// Gives the client for many customers at once.
    pub fn transfers(&self) -> CustomerTransferServiceClient<Authorized> {
        CustomerTransferServiceClient::new(self.authorized())
    }

    /// Gives the client for what customers are worth.
    pub fn values(&self) -> CustomerValueServiceClient<Authorized> {
        CustomerValueServiceClient::new(self.authorized())
    }

    /// Gives the client for flows.
    pub fn flows(&self) -> IvrServiceClient<Authorized> {
        IvrServiceClient::new(self.authorized())
    }
}

fn channel(address: &str) -> Result<Channel, ConnectionError> {
    let endpoint = Endpoint::from_shared(address.to_owned())
        .map_err(|source| ConnectionError::BadAddress { address: address.to_owned(), source })?;
    Ok(endpoint
        .connect_timeout(CONNECT_TIMEOUT)
        .http2_keep_alive_interval(KEEPALIVE)
        .keep_alive_while_idle(true)
        .connect_lazy())
}

/// Tells whether trying again cannot help.
pub(crate) fn is_final(status: &Status) -> bool {
    matches!(
        status.code(),
        tonic::Code::Unauthenticated
            | tonic::Code::PermissionDenied
            | tonic::Code::InvalidArgument
            | tonic::Code::Unimplemented
            | tonic::Code::NotFound
    )
}

/// Says why a session never began.
pub(crate) fn refused_with(answer: Result<Status, oneshot::error::RecvError>) -> ConnectionError {
    answer.map_or(ConnectionError::Stopped, |status| ConnectionError::Refused(Box::new(status)))
}
