//! Incidents that clusters of tickets open.

use std::time::Duration;

use async_trait::async_trait;

use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::ticket::{ClusterRule, TicketKind};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// Asks whether the signs of an incident are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterOrder {
    /// The rule that says what its signs are.
    pub rule: ClusterRule,
    /// What the kind of the incident asks for.
    pub kind: TicketKind,
    /// The id of the incident, if it is opened now.
    pub id: TicketId,
    /// When it is asked.
    pub at: Timestamp,
}

/// What became of the signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gathered {
    /// There are too few.
    Nothing,
    /// They are part of an incident from now on.
    Incident {
        /// The incident.
        id: TicketId,
        /// Whether it was opened now.
        is_opened: bool,
        /// How many tickets became part of it; at most [`MAX_GATHERED`].
        joined: u64,
    },
}

/// How many tickets become part of an incident at once; more of them at the next call.
pub const MAX_GATHERED: u64 = 500;

impl ClusterOrder {
    /// Gives since when tickets count.
    pub fn since(&self) -> Timestamp {
        let within: Duration = self.rule.within;
        self.at - within
    }
}

/// Opens incidents.
#[async_trait]
pub trait Clusters: Send + Sync {
    /// Opens the incident of a rule if the signs are there, and lets tickets become part of the one
    /// that is open. Of a rule one incident is open at a time, however many ask at once.
    ///
    /// A conflict when so few signs can be had at this moment that another look must tell. What it costs
    /// depends on how many tickets were made within the rule's time.
    async fn gather(&self, tenant: &TenantId, order: &ClusterOrder)
    -> Result<Gathered, StoreError>;
}
