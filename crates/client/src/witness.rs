//! Onlookers who see what a client says, hears and does, at the moment it does.
//!
//! A story or an event reaches its listener a little later; whoever compares the histories of
//! several clients needs the moment itself.

use switchboard_api::agent::v1::{DeskRequest, DeskUpdate};
use switchboard_api::call::v1::{RunCallsRequest, run_calls_response::Message};

use crate::gateway::CallEvent;

/// Sees what a gateway does.
pub trait GatewayWitness: Send + Sync {
    /// The gateway says something on its stream.
    fn says(&self, request: &RunCallsRequest) {
        let _ = request;
    }

    /// The gateway hears something, before it does anything about it.
    fn hears(&self, message: &Message) {
        let _ = message;
    }

    /// Something happens on a call, before the gateway says so.
    fn happens(&self, call: &str, event: &CallEvent) {
        let _ = (call, event);
    }

    /// The stream is gone.
    fn loses_stream(&self) {}
}

/// Sees what a desk does.
pub trait DeskWitness: Send + Sync {
    /// The desk says something on its stream.
    fn says(&self, request: &DeskRequest) {
        let _ = request;
    }

    /// The desk hears something, before it does anything about it.
    fn hears(&self, update: &DeskUpdate) {
        let _ = update;
    }

    /// The stream is gone.
    fn loses_stream(&self) {}
}

/// Nobody looks.
impl GatewayWitness for () {}

/// Nobody looks.
impl DeskWitness for () {}
