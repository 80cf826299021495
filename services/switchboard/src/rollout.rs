//! Brings a folder into force without stranding anybody: a queue that is removed takes no new
//! contacts first, and goes when nobody is left in it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use switchboard_center::{Change, changes, keep_draining, keep_trials};
use switchboard_domain::center::Center;
use switchboard_domain::floor::state::{Agent, ContactState};
use switchboard_domain::ids::{ContactId, QueueId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_runtime::stores::{DurableStores, Stores};
use switchboard_store::centers::{CenterFiles, Centers};
use switchboard_store::error::StoreError;
use switchboard_store::live_floor::{FloorError, LiveFloor};
use thiserror::Error;
use tokio::time::{Instant, sleep};

use crate::tenant::{self, Applied};

/// How long to wait for a server to take a version over.
const TAKE_OVER: Duration = Duration::from_secs(5);
/// How often to look whether one has.
const LOOK: Duration = Duration::from_millis(50);

/// Why a folder is not brought into force.
#[derive(Debug, Error)]
pub enum RolloutError {
    /// Contacts wait in queues that the folder does not have.
    #[error("{}", in_the_way(.0))]
    Occupied(BTreeMap<QueueId, Occupancy>),
    /// The configuration cannot be read or kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It cannot be told who waits.
    #[error("it cannot be told who waits in the queues that are removed")]
    Floor(#[from] FloorError),
}

/// Who is in a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occupancy {
    /// Contacts that wait or ring.
    pub waiting: u32,
    /// Contacts that an agent serves, who may come back to the queue.
    pub served: u32,
}

impl Occupancy {
    /// Says whether nobody is there.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// What a folder would change.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The version in force; 0 when there is none.
    pub based_on: u64,
    /// What differs, key by key.
    pub changes: Vec<Change>,
    /// The queues that the folder does not have.
    pub removed: BTreeSet<QueueId>,
    before: CenterFiles,
    draining: BTreeSet<QueueId>,
}

impl Plan {
    /// Compares a folder that was checked with the version in force.
    pub async fn new(
        centers: &dyn Centers,
        tenant: &TenantId,
        files: &CenterFiles,
        center: &Center,
    ) -> Result<Self, StoreError> {
        let based_on = centers.current(tenant).await?;
        let before = match based_on {
            0 => CenterFiles::new(),
            version => centers.load(tenant, version).await?.files,
        };
        // What is on trial stays on trial, so it is no difference.
        let files = &keep_trials(&before, files);
        // A version that an older program stored and this one refuses has no queues to be kept.
        let old = switchboard_center::parse(&before).ok().map(|old| old.queues).unwrap_or_default();
        let gone = old.values().filter(|queue| !center.queues.contains_key(&queue.id));
        let draining = gone.clone().filter(|queue| queue.draining);
        Ok(Self {
            based_on,
            changes: changes(&before, files),
            removed: gone.clone().map(|queue| queue.id.clone()).collect(),
            draining: draining.map(|queue| queue.id.clone()).collect(),
            before,
        })
    }
}

/// A folder on its way into force.
pub struct Rollout<'a> {
    /// The stores.
    pub stores: &'a Stores,
    /// Whose center.
    pub tenant: &'a TenantId,
    /// Who brings it into force, for the audit trail.
    pub actor: &'a str,
    /// When.
    pub at: Timestamp,
}

/// What became of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The version in force, and whether it is new.
    pub applied: Applied,
    /// Queues that were removed.
    pub removed: BTreeSet<QueueId>,
    /// Queues that are kept until nobody is left in them.
    pub kept: BTreeMap<QueueId, Occupancy>,
}

impl Rollout<'_> {
    /// Brings the files of a plan into force; `drain` keeps removed queues in which contacts wait.
    pub async fn apply(
        &self,
        plan: &Plan,
        files: &CenterFiles,
        drain: bool,
    ) -> Result<Outcome, RolloutError> {
        let status = self.stores.floor.status(self.tenant);
        // Without removed queues the live state does not matter, and need not be there.
        if plan.removed.is_empty() || status.await?.epoch == 0 {
            return self.finish(plan, files, BTreeMap::new()).await;
        }
        let occupied = self.occupied(&plan.removed).await?;
        let in_the_way: BTreeMap<QueueId, Occupancy> = occupied
            .into_iter()
            .filter(|(queue, found)| found.waiting > 0 && !plan.draining.contains(queue))
            .collect();
        if !drain && !in_the_way.is_empty() {
            return Err(RolloutError::Occupied(in_the_way));
        }
        let kept = self.empty_first(plan, files).await?;
        self.finish(plan, files, kept).await
    }

    /// Lets the removed queues take no new contacts, and tells who is left in them then.
    async fn empty_first(
        &self,
        plan: &Plan,
        files: &CenterFiles,
    ) -> Result<BTreeMap<QueueId, Occupancy>, RolloutError> {
        let draining = keep_draining(&plan.before, files, &plan.removed);
        let version = match self.keep(draining).await? {
            Applied::Version(version) | Applied::Unchanged(version) => version,
        };
        if self.is_taken_over(version).await? {
            return Ok(self.occupied(&plan.removed).await?);
        }
        // Nobody can say who joined meanwhile, so all of them stay.
        let found = occupancy(&*self.stores.floor, self.tenant, &plan.removed).await?;
        Ok(found)
    }

    async fn finish(
        &self,
        plan: &Plan,
        files: &CenterFiles,
        kept: BTreeMap<QueueId, Occupancy>,
    ) -> Result<Outcome, RolloutError> {
        let names: BTreeSet<QueueId> = kept.keys().cloned().collect();
        let applied = match self.keep(keep_draining(&plan.before, files, &names)).await? {
            // The version that let nobody in any more is the one that stays.
            Applied::Unchanged(version) if version > plan.based_on => Applied::Version(version),
            applied @ (Applied::Version(_) | Applied::Unchanged(_)) => applied,
        };
        let removed = plan.removed.difference(&names).cloned().collect();
        Ok(Outcome { applied, removed, kept })
    }

    async fn keep(&self, files: CenterFiles) -> Result<Applied, StoreError> {
        let durable: &DurableStores = &self.stores.durable;
        tenant::apply(durable, self.tenant, files, self.actor, self.at).await
    }

    async fn is_taken_over(&self, version: u64) -> Result<bool, FloorError> {
        let deadline = Instant::now() + TAKE_OVER;
        while Instant::now() < deadline {
            if self.stores.floor.status(self.tenant).await?.plan_version >= version {
                return Ok(true);
            }
            sleep(LOOK).await;
        }
        Ok(false)
    }

    async fn occupied(
        &self,
        queues: &BTreeSet<QueueId>,
    ) -> Result<BTreeMap<QueueId, Occupancy>, FloorError> {
        let mut found = occupancy(&*self.stores.floor, self.tenant, queues).await?;
        found.retain(|_, occupancy| !occupancy.is_empty());
        Ok(found)
    }
}

/// Counts who is in queues: those who wait, and those with an agent.
pub async fn occupancy(
    floor: &dyn LiveFloor,
    tenant: &TenantId,
    queues: &BTreeSet<QueueId>,
) -> Result<BTreeMap<QueueId, Occupancy>, FloorError> {
    let mut found = BTreeMap::new();
    if queues.is_empty() {
        return Ok(found);
    }
    for queue in queues {
        let waiting = floor.queue(tenant, queue).await?.waiting;
        found.insert(queue.clone(), Occupancy { waiting, served: 0 });
    }
    let held: BTreeSet<ContactId> =
        floor.agents(tenant).await?.iter().flat_map(|(_, agent)| held(agent)).collect();
    for contact in held {
        let Some(contact) = floor.contact(tenant, &contact).await? else { continue };
        let queue = contact.place.as_ref().and_then(|place| found.get_mut(&place.queue));
        match (queue, contact.state) {
            (Some(occupancy), ContactState::Offered { .. }) => occupancy.waiting += 1,
            (Some(occupancy), ContactState::Connecting { .. } | ContactState::Connected { .. }) => {
                occupancy.served += 1;
            }
            (Some(_), ContactState::InMenu | ContactState::Queued | ContactState::Ended { .. })
            | (None, _) => {}
        }
    }
    Ok(found)
}

fn held(agent: &Agent) -> Vec<ContactId> {
    let rung = agent.offer.iter().map(|ringing| ringing.contact.clone());
    agent.work.keys().cloned().chain(rung).collect()
}

fn in_the_way(queues: &BTreeMap<QueueId, Occupancy>) -> String {
    let told =
        queues.iter().map(|(queue, found)| format!("`{queue}` with {} waiting", found.waiting));
    let told: Vec<String> = told.collect();
    let (noun, they) = if told.len() == 1 { ("queue", "it") } else { ("queues", "them") };
    format!(
        "the folder removes {noun} {}; --drain lets {they} take no new contacts and goes on serving \
         those that wait",
        told.join(", ")
    )
}
