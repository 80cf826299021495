//! Parsed centers, kept in memory and replaced when a new version comes into force.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use switchboard_domain::center::Center;
use switchboard_domain::flow::{Flow, FlowVersion};
use switchboard_domain::ids::{ContactId, FlowId, TenantId};
use switchboard_store::centers::Centers;
use switchboard_store::error::StoreError;
use thiserror::Error;
use tokio::sync::{OnceCell, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::earlier::EarlierFlows;
use crate::problem::Problem;

/// How long one wait for a new version lasts; a change is noticed at once as a rule.
const WATCH: Duration = Duration::from_secs(30);
/// How long to leave a store alone that had no news.
const BREATH: Duration = Duration::from_millis(100);
/// How long to leave a store alone that did not answer.
const PAUSE: Duration = Duration::from_secs(1);

/// Says why a tenant's center cannot be had.
#[derive(Debug, Error)]
pub enum CacheError {
    /// No center was ever applied for the tenant.
    #[error("tenant `{0}` has no center yet")]
    NoCenter(TenantId),
    /// The store did not give it.
    #[error("the center of tenant `{tenant}` cannot be loaded")]
    Store {
        /// Whose center.
        tenant: TenantId,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// The stored version does not pass the checks of this program.
    #[error("version {version} of the center of tenant `{tenant}` has {count} problems: {first}")]
    Broken {
        /// Whose center.
        tenant: TenantId,
        /// Which version.
        version: u64,
        /// How many problems it has.
        count: usize,
        /// The first one.
        first: Box<Problem>,
    },
    /// An earlier version of a flow cannot be had.
    #[error("version {version} of flow `{flow}` of tenant `{tenant}` cannot be loaded")]
    Flow {
        /// Whose flow.
        tenant: TenantId,
        /// Which flow.
        flow: FlowId,
        /// Which version.
        version: FlowVersion,
        /// Why.
        #[source]
        source: Arc<StoreError>,
    },
}

impl From<CacheError> for StoreError {
    fn from(error: CacheError) -> Self {
        match error {
            CacheError::NoCenter(tenant) => Self::not_found(format!("center {tenant}")),
            CacheError::Store { source, .. } => source,
            CacheError::Flow { ref source, .. } if source.is_transient() => {
                Self::Unavailable(error.into())
            }
            CacheError::Flow { ref flow, version, .. } => {
                Self::not_found(format!("flow version {flow}@{version}"))
            }
            CacheError::Broken { ref tenant, .. } => {
                Self::corrupt(format!("center {tenant}"), error)
            }
        }
    }
}

type Slot = Arc<OnceCell<watch::Sender<Arc<Center>>>>;

/// Parsed centers by tenant.
///
/// The first request for a tenant loads its center; from then on a task follows its versions until
/// the cache is dropped. While the store is away the last center stays in force.
pub struct CenterCache {
    store: Arc<dyn Centers>,
    earlier: EarlierFlows,
    slots: Mutex<BTreeMap<TenantId, Slot>>,
    followers: Mutex<JoinSet<()>>,
}

impl CenterCache {
    /// Makes an empty cache over a store.
    pub fn new(store: Arc<dyn Centers>) -> Arc<Self> {
        let earlier = EarlierFlows::new(Arc::clone(&store));
        Arc::new(Self { store, earlier, slots: Mutex::default(), followers: Mutex::default() })
    }

    /// Gives the version of a flow that a call began with, whatever is in force meanwhile.
    ///
    /// One that is neither in force nor on trial is remembered, or else read from the store.
    pub async fn flow(
        &self,
        tenant: &TenantId,
        center: &Center,
        id: &FlowId,
        version: FlowVersion,
    ) -> Result<Arc<Flow>, CacheError> {
        match center.flow_version(id, version) {
            Some(flow) => Ok(Arc::clone(flow)),
            None => self.earlier.get(tenant, id, version).await,
        }
    }

    /// Gives the version of a flow that a call began with; when nobody has it any more, the one that a
    /// new call would begin with, in which the caller is led to a person. Nothing if that is gone too.
    pub async fn flow_or_other(
        &self,
        tenant: &TenantId,
        center: &Center,
        (id, version): (&FlowId, FlowVersion),
        call: &ContactId,
    ) -> Option<Arc<Flow>> {
        match self.flow(tenant, center, id, version).await {
            Ok(found) => Some(found),
            Err(error) => {
                tracing::warn!(call.id = %call, flow = %id, %version, %error, "a flow is lost");
                center.flow_for(id, call.as_str()).map(Arc::clone)
            }
        }
    }

    /// Gives the store of the versions.
    pub fn store(&self) -> &Arc<dyn Centers> {
        &self.store
    }

    /// Gives the center in force.
    pub async fn get(&self, tenant: &TenantId) -> Result<Arc<Center>, CacheError> {
        Ok(Arc::clone(&self.subscribe(tenant).await?.borrow()))
    }

    /// Gives the center in force and every later one.
    pub async fn subscribe(
        &self,
        tenant: &TenantId,
    ) -> Result<watch::Receiver<Arc<Center>>, CacheError> {
        let slot = self.slot(tenant);
        let sender = slot.get_or_try_init(|| self.open(tenant)).await?;
        Ok(sender.subscribe())
    }

    async fn open(&self, tenant: &TenantId) -> Result<watch::Sender<Arc<Center>>, CacheError> {
        let version = current(&*self.store, tenant).await?;
        let center = load(&*self.store, tenant, version).await?;
        let sender = watch::Sender::new(Arc::new(center));
        let follower = Follower {
            store: Arc::clone(&self.store),
            tenant: tenant.clone(),
            known: version,
            sender: sender.clone(),
            earlier: self.earlier.clone(),
        };
        let mut followers = self.followers.lock().unwrap_or_else(PoisonError::into_inner);
        followers.spawn(follower.run());
        Ok(sender)
    }

    fn slot(&self, tenant: &TenantId) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(tenant.clone()).or_default())
    }
}

async fn current(store: &dyn Centers, tenant: &TenantId) -> Result<u64, CacheError> {
    let version = store.current(tenant).await.map_err(|source| from_store(tenant, source))?;
    if version == 0 { Err(CacheError::NoCenter(tenant.clone())) } else { Ok(version) }
}

async fn load(store: &dyn Centers, tenant: &TenantId, version: u64) -> Result<Center, CacheError> {
    let stored = store.load(tenant, version).await.map_err(|source| from_store(tenant, source))?;
    // Thousands of flows take a while, and calls must not wait for them.
    let read = tokio::task::spawn_blocking(move || crate::parse(&stored.files)).await;
    let read = read.map_err(|ended| from_store(tenant, StoreError::Unavailable(ended.into())))?;
    match read {
        Ok(center) => Ok(Center { version, ..center }),
        Err(problems) => Err(broken(tenant, version, problems)),
    }
}

/// Follows the versions of one tenant's center.
struct Follower {
    store: Arc<dyn Centers>,
    tenant: TenantId,
    known: u64,
    sender: watch::Sender<Arc<Center>>,
    earlier: EarlierFlows,
}

impl Follower {
    async fn run(mut self) {
        loop {
            match self.store.watch(&self.tenant, self.known, WATCH).await {
                Ok(version) if version != self.known && version != 0 => {
                    self.replace(version).await;
                }
                // A store that returns at once without news must not keep this loop busy.
                Ok(_) => sleep(BREATH).await,
                Err(error) => {
                    let tenant = self.tenant.as_str();
                    tracing::warn!(tenant.id = tenant, %error, "cannot watch the center");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    async fn replace(&mut self, version: u64) {
        match load(&*self.store, &self.tenant, version).await {
            Ok(center) => self.put(center).await,
            Err(error @ CacheError::Broken { .. }) => self.pass_over(version, &error),
            Err(error) => {
                tracing::warn!(tenant.id = %self.tenant, version, %error, "cannot load the center");
                sleep(PAUSE).await;
            }
        }
    }

    async fn put(&mut self, center: Center) {
        self.known = center.version;
        tracing::info!(tenant.id = %self.tenant, version = self.known, "a new center is in force");
        let center = Arc::new(center);
        let before = Arc::clone(&self.sender.borrow());
        // Before the new center is seen, so that no call misses the flow it began with.
        self.earlier.keep_left(&self.tenant, &before, &center).await;
        self.sender.send_replace(center);
    }

    fn pass_over(&mut self, version: u64, error: &CacheError) {
        self.known = version;
        tracing::error!(tenant.id = %self.tenant, version, %error, "keeping the center before");
    }
}

fn from_store(tenant: &TenantId, source: StoreError) -> CacheError {
    CacheError::Store { tenant: tenant.clone(), source }
}

fn broken(tenant: &TenantId, version: u64, problems: Vec<Problem>) -> CacheError {
    let count = problems.len();
    let unnamed =
        || Problem { file: "?".into(), place: None, message: "unknown".into(), code: None };
    let first = Box::new(problems.into_iter().next().unwrap_or_else(unnamed));
    CacheError::Broken { tenant: tenant.clone(), version, count, first }
}
