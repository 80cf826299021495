//! The face of the IVR flows: lists them, shows them, and walks them without a call.
//!
//! Promises: reads only, keeps nothing, and walks a flow with the same stepper as real calls. Mount
//! it with [`service`].

mod api;
mod role;

use std::sync::Arc;

use switchboard_api::ivr::v1::ivr_service_server::{IvrService, IvrServiceServer};
use switchboard_center::CenterCache;
use switchboard_runtime::clock::Clock;
use switchboard_store::customers::Customers;

pub use role::mount;

/// Makes the service: flows from the centers, tiers of simulated callers from the customers.
pub fn service(
    centers: Arc<CenterCache>,
    customers: Arc<dyn Customers>,
    clock: Arc<dyn Clock>,
) -> IvrServiceServer<impl IvrService> {
    IvrServiceServer::new(api::Ivr { centers, customers, clock })
}
