//! Opens incidents when many tickets are about the same.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use switchboard_center::CacheError;
use switchboard_domain::center::Center;
use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::ticket::{ClusterRule, Ticket};
use switchboard_runtime::clock::Ids;
use switchboard_store::clusters::{ClusterOrder, Clusters, Gathered, MAX_GATHERED};
use switchboard_store::error::StoreError;
use switchboard_store::tenants::Tenants;
use switchboard_store::ticket_feed::TicketFeed;

use crate::TicketParts;
use crate::rounds::each_tenant;

/// How many changes are looked at before others are asked for.
const BATCH: u32 = 200;
/// How often signs that others hold at this moment are looked at anew.
const ATTEMPTS: u32 = 3;

/// What opens incidents works with.
#[derive(Clone)]
pub struct ClusterParts {
    /// What tickets are kept with.
    pub tickets: TicketParts,
    /// What opens them once.
    pub clusters: Arc<dyn Clusters>,
    /// Tells what changes.
    pub feed: Arc<dyn TicketFeed>,
    /// Names of incidents.
    pub ids: Arc<dyn Ids>,
}

/// Opens incidents, and lets tickets become part of them, for ever.
///
/// Any number of processes may do so: whoever looks by a rule holds it, so an incident is opened once.
/// To be dropped at any moment is fine. What it costs depends on how many tickets change, and on how
/// many were made within the time of a rule that one of them is a sign for.
pub async fn keep_gathering(parts: ClusterParts, tenants: Arc<dyn Tenants>) {
    let clusterer = Arc::new(Clusterer::new(parts));
    each_tenant(&*tenants, "incidents cannot be opened", |tenant| {
        let clusterer = Arc::clone(&clusterer);
        async move { clusterer.gather_due(&tenant).await }
    })
    .await;
}

/// Looks for clusters in what changes, and remembers how far it has looked.
///
/// Nobody else needs to remember that: who begins anew looks by every rule once, at everything that was
/// made within its time.
pub struct Clusterer {
    parts: ClusterParts,
    looked: Mutex<BTreeMap<TenantId, Looked>>,
}

/// How far somebody has looked.
#[derive(Clone, Copy)]
struct Looked {
    center: u64,
    change: u64,
}

impl Clusterer {
    /// Makes one that has looked at nothing.
    pub fn new(parts: ClusterParts) -> Self {
        Self { parts, looked: Mutex::default() }
    }

    /// Opens the incidents of a tenant that are due now.
    pub async fn gather_due(&self, tenant: &TenantId) -> Result<(), StoreError> {
        let Some(center) = self.center(tenant).await else { return Ok(()) };
        if center.cluster_rules.is_empty() {
            return Ok(());
        }
        let known = self.looked.lock().unwrap_or_else(PoisonError::into_inner).get(tenant).copied();
        match known.filter(|looked| looked.center == center.version) {
            Some(looked) => self.follow(tenant, &center, looked).await,
            None => self.begin_anew(tenant, &center).await,
        }
    }

    /// Looks by every rule.
    async fn begin_anew(&self, tenant: &TenantId, center: &Center) -> Result<(), StoreError> {
        // What changes meanwhile is looked at afterwards.
        let change = self.parts.feed.last_change(tenant).await?;
        for rule in &center.cluster_rules {
            self.gather_or_tell(tenant, center, rule).await?;
        }
        self.remember(tenant, Looked { center: center.version, change });
        Ok(())
    }

    /// Looks by the rules for which something that changed is a sign.
    async fn follow(
        &self,
        tenant: &TenantId,
        center: &Center,
        mut looked: Looked,
    ) -> Result<(), StoreError> {
        loop {
            let feed = &self.parts.feed;
            let changes = feed.changes_after(tenant, looked.change, BATCH, Duration::ZERO).await?;
            let Some(last) = changes.last().map(|changed| changed.change) else { return Ok(()) };
            let tickets: Vec<Ticket> = changes.into_iter().map(|changed| changed.ticket).collect();
            let is_told =
                |rule: &&ClusterRule| tickets.iter().any(|ticket| self.is_sign(rule, ticket));
            for rule in center.cluster_rules.iter().filter(is_told) {
                self.gather_or_tell(tenant, center, rule).await?;
            }
            looked.change = last;
            self.remember(tenant, looked);
        }
    }

    fn is_sign(&self, rule: &ClusterRule, ticket: &Ticket) -> bool {
        let since = self.parts.tickets.clock.now() - rule.within;
        ticket.created_at >= since && rule.takes(ticket)
    }

    /// Looks by a rule; one that cannot be carried out keeps no other from its turn.
    async fn gather_or_tell(
        &self,
        tenant: &TenantId,
        center: &Center,
        rule: &ClusterRule,
    ) -> Result<(), StoreError> {
        match self.gather(tenant, center, rule).await {
            Err(error) if !error.is_transient() => {
                tracing::error!(tenant.id = %tenant, rule = %rule.id, %error, "no incident is opened");
                Ok(())
            }
            outcome => outcome,
        }
    }

    async fn gather(
        &self,
        tenant: &TenantId,
        center: &Center,
        rule: &ClusterRule,
    ) -> Result<(), StoreError> {
        let mut attempt = 1;
        loop {
            let id = TicketId::parse(self.parts.ids.uuid().to_string())
                .map_err(|error| StoreError::corrupt("the id of an incident", error))?;
            let order = ClusterOrder {
                kind: center.ticket_kinds.of(&rule.incident.kind),
                rule: rule.clone(),
                id,
                at: self.parts.tickets.clock.now(),
            };
            match self.parts.clusters.gather(tenant, &order).await {
                Ok(Gathered::Nothing) => return Ok(()),
                Ok(Gathered::Incident { id: incident, is_opened, joined }) => {
                    if is_opened {
                        tracing::warn!(
                            tenant.id = %tenant, ticket.id = %incident, rule = %rule.id, joined,
                            "a cluster of tickets opened an incident"
                        );
                    }
                    if joined < MAX_GATHERED {
                        return Ok(());
                    }
                }
                // What is changed at this moment is looked at again with its change.
                Err(StoreError::Conflict { .. }) if attempt == ATTEMPTS => return Ok(()),
                Err(StoreError::Conflict { .. }) => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }

    fn remember(&self, tenant: &TenantId, looked: Looked) {
        let mut known = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(tenant.clone(), looked);
    }

    /// Gives the center in force; none while it cannot be read, or was never applied.
    async fn center(&self, tenant: &TenantId) -> Option<Arc<Center>> {
        match self.parts.tickets.centers.get(tenant).await {
            Ok(center) => Some(center),
            Err(CacheError::NoCenter(_)) => None,
            Err(error) => {
                tracing::warn!(tenant.id = %tenant, %error, "clusters wait for the center");
                None
            }
        }
    }
}
