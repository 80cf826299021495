//! A version of a flow on trial: a share of new calls hears it.

use std::sync::Arc;

use crate::flow::Flow;
use crate::share;

/// A flow that a share of new calls begins with, beside the one in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canary {
    /// The flow on trial.
    pub flow: Arc<Flow>,
    /// How many calls of a hundred begin with it.
    pub percent: u8,
}

impl Canary {
    /// Says whether a call begins with the flow on trial.
    ///
    /// The same call always gets the same answer, on every replica. A greater share keeps everybody
    /// of a smaller one, and another version tries other calls.
    pub fn takes(&self, call: &str) -> bool {
        let flow = self.flow.id().as_str().bytes();
        let version = self.flow.version().0.to_be_bytes();
        let name = flow.chain([0xff]).chain(version).chain(call.bytes());
        share::takes(self.percent, name)
    }
}
