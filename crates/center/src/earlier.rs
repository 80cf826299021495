//! Versions of flows that are not in force any more, for the calls that began with them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use switchboard_domain::center::Center;
use switchboard_domain::flow::{Flow, FlowVersion};
use switchboard_domain::ids::{FlowId, TenantId};
use switchboard_store::centers::Centers;
use switchboard_store::error::StoreError;

use crate::cache::CacheError;
use crate::versions::read_version;

/// The most versions remembered; others are read again.
const MAX_VERSIONS: u64 = 2_000;
/// How long a version is remembered that no call asks for.
const IDLE: Duration = Duration::from_hours(2);

type Key = (TenantId, FlowId, FlowVersion);

/// Remembers earlier versions; cheap to clone.
#[derive(Clone)]
pub(crate) struct EarlierFlows {
    store: Arc<dyn Centers>,
    known: Cache<Key, Arc<Flow>>,
}

impl EarlierFlows {
    pub(crate) fn new(store: Arc<dyn Centers>) -> Self {
        let known = Cache::builder().max_capacity(MAX_VERSIONS).time_to_idle(IDLE).build();
        Self { store, known }
    }

    /// Gives a version; calls that ask for the same one at the same time read it once.
    pub(crate) async fn get(
        &self,
        tenant: &TenantId,
        id: &FlowId,
        version: FlowVersion,
    ) -> Result<Arc<Flow>, CacheError> {
        let key = (tenant.clone(), id.clone(), version);
        let read = self.known.try_get_with(key, self.read(tenant, id, version));
        read.await.map_err(|source| CacheError::Flow {
            tenant: tenant.clone(),
            flow: id.clone(),
            version,
            source,
        })
    }

    /// Keeps the flows of a center that the next one does not have.
    pub(crate) async fn keep_left(&self, tenant: &TenantId, before: &Center, next: &Center) {
        for flow in before.all_flows() {
            if next.flow_version(flow.id(), flow.version()).is_none() {
                let key = (tenant.clone(), flow.id().clone(), flow.version());
                self.known.insert(key, Arc::clone(flow)).await;
            }
        }
    }

    async fn read(
        &self,
        tenant: &TenantId,
        id: &FlowId,
        version: FlowVersion,
    ) -> Result<Arc<Flow>, StoreError> {
        let stored = self.store.flow_text(tenant, id, version).await?;
        let mut called = BTreeMap::new();
        for (callee, pinned) in stored.calls {
            // Flows that call in a circle were never published, so this ends.
            let flow = Box::pin(self.get(tenant, &callee, pinned)).await;
            called.insert(callee, flow.map_err(StoreError::from)?);
        }
        read_version(id, &stored.text, called).map(Arc::new).map_err(|problems| {
            let what = format!("flow version {id}@{version}");
            match problems.into_iter().next() {
                Some(problem) => StoreError::corrupt(what, problem),
                None => StoreError::not_found(what),
            }
        })
    }
}
