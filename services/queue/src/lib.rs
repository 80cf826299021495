//! Agents, queues and supervisors: who answers, who waits, and what both look like right now.
//!
//! Promises: an agent's id comes from the credential alone; a lost stream signs nobody out, only the
//! lease does; a desktop that falls behind gets a snapshot; deadlines fire on time while any replica
//! of this service runs.
//!
//! | module | what it does |
//! | --- | --- |
//! | `api` | the gRPC faces: decode, call, encode |
//! | `decode` | from requests to what an agent does |
//! | `desks` | what agents do on the floor, and the desktops of this replica |
//! | `desk` | one open desktop: requests in, news out |
//! | `dispositions` | what agents note as the result of a talk |
//! | `view` | one agent as a desktop shows it |
//! | `board` | the live counts of each queue, kept from the events |
//! | `workers` | deadlines, plans, and the boards of every tenant |

mod api;
mod board;
mod decode;
mod desk;
mod desks;
mod dispositions;
mod metrics;
mod refusal;
mod role;
mod view;
mod workers;

use std::sync::Arc;
use std::time::Duration;

use switchboard_api::agent::v1::agent_service_server::{AgentService, AgentServiceServer};
use switchboard_api::queue::v1::queue_service_server::{QueueService, QueueServiceServer};
use switchboard_api::supervisor::v1::supervisor_service_server::{
    SupervisorService, SupervisorServiceServer,
};
use switchboard_center::CenterCache;
use switchboard_routing::feed::Feeds;
use switchboard_routing::{Estimates, Floors};
use switchboard_runtime::read_log::ReadLog;
use switchboard_runtime::tasks::Tasks;
use switchboard_store::tenants::Tenants;

use crate::board::Boards;
use crate::desks::Desks;

pub use role::mount;

/// What the service is made of.
#[derive(Clone)]
pub struct QueueParts {
    /// Live state, kept open.
    pub floors: Arc<Floors>,
    /// The news of every tenant.
    pub feeds: Arc<Feeds>,
    /// How long contacts will probably wait.
    pub estimates: Arc<Estimates>,
    /// Parsed centers.
    pub centers: Arc<CenterCache>,
    /// The tenants whose deadlines and plans are looked after.
    pub tenants: Arc<dyn Tenants>,
    /// Who read what.
    pub reads: ReadLog,
    /// Where background work runs.
    pub tasks: Tasks,
    /// How long agents stay signed in without a sign of life of the desktop.
    pub agent_lease: Duration,
    /// How often desktops are asked for a sign of life.
    pub heartbeat: Duration,
    /// How long streams go on after the signal to end.
    pub stream_grace: Duration,
}

/// The service, before it is mounted.
pub struct Queue {
    parts: Arc<QueueParts>,
    desks: Arc<Desks>,
    boards: Arc<Boards>,
}

impl Queue {
    /// Takes the parts; nothing runs yet.
    pub fn new(parts: QueueParts) -> Self {
        let parts = Arc::new(parts);
        let desks = Desks::new(Arc::clone(&parts));
        let boards = Boards::new(Arc::clone(&parts));
        Self { parts, desks, boards }
    }

    /// Makes the service of agents.
    pub fn agent_service(&self) -> AgentServiceServer<impl AgentService> {
        AgentServiceServer::new(api::Agents { desks: Arc::clone(&self.desks) })
    }

    /// Makes the service that reads queues.
    pub fn queue_service(&self) -> QueueServiceServer<impl QueueService> {
        let (parts, boards) = (Arc::clone(&self.parts), Arc::clone(&self.boards));
        QueueServiceServer::new(api::Queues { parts, boards })
    }

    /// Makes the service of supervisors.
    pub fn supervisor_service(&self) -> SupervisorServiceServer<impl SupervisorService> {
        let (parts, boards) = (Arc::clone(&self.parts), Arc::clone(&self.boards));
        SupervisorServiceServer::new(api::Supervisors { parts, boards })
    }

    /// Looks after the deadlines, plans and boards of every tenant, until the shutdown.
    pub fn start_workers(&self) {
        workers::start(Arc::clone(&self.parts), Arc::clone(&self.boards));
    }
}
