//! Tickets: made by people, moved through their life, read back.
//!
//! Promises: the same request makes one ticket for ever; a move is refused before anything is kept,
//! or kept whole; every change is on the audit trail. While Postgres is away, orders for tickets are
//! accepted into Redis and recorded when it is back. What is owed to customers by when is told in a
//! ticket's life, each deadline once. Who follows tickets hears of every change, whichever process made
//! it. What the rules of a center say where tickets go is done as soon as somebody accepts one. What was
//! promised to customers is kept in time or broken, and told once. Tickets that hang together say so at
//! both ends; one waits for its tasks, and many about the same become one incident, opened once. Each closing of a ticket
//! is followed up at most once, by a call of somebody who had no hand in it; each day of the care
//! calendar fires once. Mount it with [`service`], [`form_service`], [`desk_service`],
//! [`relation_service`], [`promise_service`], [`dispatch_service`], [`follow_up_service`],
//! [`touchpoint_service`] and [`quality_service`], and run [`record_held_orders`], [`watch_deadlines`],
//! [`watch_promises`], [`keep_dispatching`], [`keep_gathering`], [`keep_in_touch`] and
//! [`keep_counting`] beside it.

mod api;
mod clusters;
mod deadlines;
mod desk;
mod dispatch;
mod due_promises;
mod evaluations;
mod feeds;
mod follow_ups;
mod forms;
mod held;
mod metrics;
mod policy;
mod promises;
mod relations;
mod reports;
mod role;
mod rounds;
mod segments;
mod touchpoints;
mod transfer;
mod work;

use std::sync::Arc;

use switchboard_api::report::v1::report_service_server::{ReportService, ReportServiceServer};
use switchboard_api::ticket::v1::ticket_service_server::{TicketService, TicketServiceServer};
use switchboard_center::CenterCache;
use switchboard_runtime::clock::Clock;
use switchboard_runtime::read_log::ReadLog;
use switchboard_store::audit::Audit;
use switchboard_store::customers::Customers;
use switchboard_store::ticket_relations::TicketRelations;
use switchboard_store::ticket_views::TicketViews;
use switchboard_store::tickets::{TicketInbox, Tickets};

pub use clusters::{ClusterParts, Clusterer, keep_gathering};
pub use deadlines::{tell_due, watch_deadlines};
pub use desk::{DeskParts, desk_service};
pub use dispatch::{DispatchParts, dispatch_due, dispatch_service, keep_dispatching};
pub use due_promises::{break_due, watch_promises};
pub use evaluations::{QualityParts, quality_service};
pub use follow_ups::{
    CareParts, call_due, conclude, decide, follow_up_service, hear, keep_in_touch,
};
pub use forms::form_service;
pub use held::record_held_orders;
pub use metrics::keep_counting;
pub use promises::{PromiseParts, promise_service};
pub use relations::relation_service;
pub use reports::ReportParts;
pub use role::mount;
pub use touchpoints::{fire_due, touchpoint_service};
pub use transfer::{TransferParts, transfer_service};
pub use work::{WorkParts, keep_offering, work_due, work_on};

/// What the service works with.
#[derive(Clone)]
pub struct TicketParts {
    /// The tickets.
    pub tickets: Arc<dyn Tickets>,
    /// What they have to do with each other.
    pub relations: Arc<dyn TicketRelations>,
    /// Orders that wait for the tickets' store to come back.
    pub inbox: Arc<dyn TicketInbox>,
    /// Lists of them under a name.
    pub views: Arc<dyn TicketViews>,
    /// Whose issues they are.
    pub customers: Arc<dyn Customers>,
    /// What the kinds of tickets ask for.
    pub centers: Arc<CenterCache>,
    /// Who changed what.
    pub audit: Arc<dyn Audit>,
    /// Who read what.
    pub reads: ReadLog,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Makes the service that counts what became of tickets.
pub fn report_service(parts: ReportParts) -> ReportServiceServer<impl ReportService> {
    ReportServiceServer::new(reports::ReportRpcs { parts })
}

/// Makes the service.
pub fn service(parts: TicketParts) -> TicketServiceServer<impl TicketService> {
    TicketServiceServer::new(api::TicketRpcs { parts })
}
