//! The call edge: telephony gateways report their calls here and are told what to do with them.
//!
//! Promises: an event is acknowledged as accepted once it is in the live state and as recorded once
//! it is in the durable history; losing a stream is not a hang-up; any replica takes a gateway over;
//! a command carries the newest session's token and an id that is the same however often it is sent.
//!
//! | module | what it does |
//! | --- | --- |
//! | `api` | the gRPC face: the stream and its unary twins |
//! | `session` | one gateway's session: token, calls, what is sent and acknowledged |
//! | `ledger` | how far events are accepted and recorded |
//! | `arrival` | a caller arrives: called number, caller, details |
//! | `menu` | a caller moves through the menu |
//! | `reports` | what the gateway says of calls that were routed |
//! | `inventory` | which legs are up, after every welcome |
//! | `progress` | what waiting callers are told of their wait |
//! | `commands` | from the state of a contact to what its gateway must do |

mod api;
mod arrival;
mod commands;
mod consults;
mod edge;
mod events;
mod inventory;
mod ledger;
mod menu;
mod progress;
mod reports;
mod role;
mod session;
mod watch;

use switchboard_api::call::v1::call_service_server::{CallService, CallServiceServer};

pub use edge::CallParts;
pub use role::mount;

/// Makes the service.
pub fn service(parts: CallParts) -> CallServiceServer<impl CallService> {
    CallServiceServer::new(api::Calls::new(edge::Edge::new(parts)))
}
