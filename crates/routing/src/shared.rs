//! What the roles of one process share: centers, the live floor, its news.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use switchboard_center::CenterCache;
use switchboard_lookup::CallerLookup;
use switchboard_runtime::process::{self, Mounted, Process};
use switchboard_runtime::read_log::ReadLog;

use crate::estimates::Estimates;
use crate::feed::Feeds;
use crate::floors::{Floors, FloorsParts};

/// How long a gateway's heartbeat holds: three missed ones in a row mean that it is gone.
pub const GATEWAY_LEASE: Duration = Duration::from_secs(10);

/// What the roles of one process share, so that each center is parsed and each outbox read once.
#[derive(Clone)]
pub struct Shared {
    /// Parsed centers.
    pub centers: Arc<CenterCache>,
    /// The way to change live state.
    pub floors: Arc<Floors>,
    /// The news of every tenant.
    pub feeds: Arc<Feeds>,
    /// How long contacts will probably wait.
    pub estimates: Arc<Estimates>,
    /// Who is calling.
    pub lookup: Arc<CallerLookup>,
    /// Who read what.
    pub reads: ReadLog,
}

impl Shared {
    /// Puts the parts together over a process's stores.
    pub fn new(process: &Process) -> Self {
        let durable = &process.stores.durable;
        let centers = CenterCache::new(Arc::clone(&durable.centers));
        let floors = Floors::new(FloorsParts {
            floor: Arc::clone(&process.stores.floor),
            epochs: Arc::clone(&durable.epochs),
            gateways: Arc::clone(&durable.gateways),
            centers: Arc::clone(&centers),
            ids: Arc::clone(&process.ids),
            clock: Arc::clone(&process.clock),
            gateway_lease: GATEWAY_LEASE,
        });
        let feeds = Feeds::new(Arc::clone(&process.stores.floor), process.tasks.clone());
        let (kept, news, tasks) = (Arc::clone(&floors), Arc::clone(&feeds), process.tasks.clone());
        let estimates = Estimates::new(kept, news, tasks);
        let budget = process.config.lookup.budget;
        let (callers, clock) = (Arc::clone(&durable.callers), Arc::clone(&process.clock));
        let lookup = CallerLookup::new(budget, callers, clock);
        let reads = ReadLog::start(Arc::clone(&durable.audit), &process.tasks);
        Self { centers, floors, feeds, estimates, lookup, reads }
    }
}

/// Runs a program of its own that serves one role.
pub async fn run_alone(
    name: &str,
    mount: impl FnOnce(&Process, &Shared, &mut Mounted),
) -> ExitCode {
    let mount = async |process: &Process| {
        let mut mounted = Mounted::default();
        mount(process, &Shared::new(process), &mut mounted);
        Ok(mounted)
    };
    process::run(name, mount).await
}
