//! Who is calling: lookups by number, and the customers behind them.
//!
//! Promises: a lookup answers within its budget, if need be in part, and never
//! fails because a store is away; a number is a hint and never a proof; who reads or changes a customer
//! is on the audit trail first, and who looks a caller up at once after. Mount it with [`service`].

mod api;
mod role;
mod transfer;
mod value;

use std::sync::Arc;

use switchboard_api::callerid::v1::caller_id_service_server::{
    CallerIdService, CallerIdServiceServer,
};
use switchboard_center::CenterCache;
use switchboard_lookup::CallerLookup;
use switchboard_runtime::clock::{Clock, Ids};
use switchboard_runtime::read_log::ReadLog;
use switchboard_store::audit::Audit;
use switchboard_store::callers::Callers;
use switchboard_store::consents::Consents;
use switchboard_store::customer_merges::CustomerMerges;
use switchboard_store::customer_search::CustomerFinder;
use switchboard_store::customer_timeline::CustomerTimeline;
use switchboard_store::customers::Customers;
use switchboard_store::follow_ups::FollowUps;
use switchboard_store::history::History;
use switchboard_store::number_rules::NumberRules;
use switchboard_store::occurrences::Occurrences;
use switchboard_store::promises::Promises;
use switchboard_store::subjects::Subjects;
use switchboard_store::tickets::Tickets;
use switchboard_store::touchpoints::Touchpoints;
use switchboard_store::values::CustomerValues;

pub use role::mount;
pub use transfer::{TransferParts, transfer_service};
pub use value::{ValueParts, advance_values, recompute_values, value_service};

/// What the service works with.
#[derive(Clone)]
pub struct CallerIdParts {
    /// The customers.
    pub customers: Arc<dyn Customers>,
    /// Customers by what people know of them.
    pub finder: Arc<dyn CustomerFinder>,
    /// Records of one customer, brought together.
    pub merges: Arc<dyn CustomerMerges>,
    /// What happened with customers.
    pub timeline: Arc<dyn CustomerTimeline>,
    /// Who is calling; the one of the process, which remembers.
    pub lookup: Arc<CallerLookup>,
    /// The centers, for the country of a number.
    pub centers: Arc<CenterCache>,
    /// What the records say of numbers.
    pub callers: Arc<dyn Callers>,
    /// What customers may ask for as persons.
    pub subjects: Arc<dyn Subjects>,
    /// Their calls.
    pub history: Arc<dyn History>,
    /// Their tickets.
    pub tickets: Arc<dyn Tickets>,
    /// What was promised to them.
    pub promises: Arc<dyn Promises>,
    /// What they are worth.
    pub values: Arc<dyn CustomerValues>,
    /// The calls that are owed to them.
    pub follow_ups: Arc<dyn FollowUps>,
    /// The days on which they are to hear of the center.
    pub touchpoints: Arc<dyn Touchpoints>,
    /// What happened to them elsewhere.
    pub occurrences: Arc<dyn Occurrences>,
    /// What they agreed to.
    pub consents: Arc<dyn Consents>,
    /// The lists of numbers.
    pub number_rules: Arc<dyn NumberRules>,
    /// Who changed what.
    pub audit: Arc<dyn Audit>,
    /// Who looked up whom.
    pub reads: ReadLog,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The source of ids.
    pub ids: Arc<dyn Ids>,
}

/// Makes the service.
pub fn service(parts: CallerIdParts) -> CallerIdServiceServer<impl CallerIdService> {
    CallerIdServiceServer::new(api::CallerIdRpcs { parts })
}
