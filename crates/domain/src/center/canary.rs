//! A version of a flow on trial: a share of new calls hears it.

use std::sync::Arc;

use crate::flow::Flow;

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
        let hash = flow
            .chain([0xff])
            .chain(version)
            .chain(call.bytes())
            .fold(BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
        mixed(hash) % 100 < u64::from(self.percent)
    }
}

const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

// FNV leaves the last bytes of similar ids in the low bits; this spreads them over all.
const fn mixed(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}
