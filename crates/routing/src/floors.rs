//! Applies commands; opens a new epoch and loads a newer plan when the floor asks for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use std::time::Duration;

use switchboard_center::CenterCache;
use switchboard_domain::floor;
use switchboard_domain::floor::command::{Command, Reply};
use switchboard_domain::floor::planner;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::ids::{GatewayId, TenantId};
use switchboard_runtime::clock::{Clock, Ids};
use switchboard_runtime::telemetry::current_traceparent;
use switchboard_store::error::StoreError;
use switchboard_store::live_floor::{Applied, FloorError, LiveFloor, Order};
use switchboard_store::tenants::{Epochs, Gateways, epoch_between};
use tokio::sync::Mutex;
use tracing::{Instrument, info, info_span};

use crate::error::RoutingError;
use crate::planned::Planned;

/// How often one command is prepared anew because the floor asked for it.
const ATTEMPTS: u32 = 4;
/// How long to wait for a replica that has a newer center, or is opening the epoch.
const PAUSE: Duration = Duration::from_millis(50);

/// What [`Floors`] is made of.
pub struct FloorsParts {
    /// Live state.
    pub floor: Arc<dyn LiveFloor>,
    /// The source of epoch numbers.
    pub epochs: Arc<dyn Epochs>,
    /// The gateways known to each tenant.
    pub gateways: Arc<dyn Gateways>,
    /// Parsed centers.
    pub centers: Arc<CenterCache>,
    /// The source of ids.
    pub ids: Arc<dyn Ids>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// How long a gateway's heartbeat holds.
    pub gateway_lease: Duration,
}

/// The live floors of all tenants, kept open.
pub struct Floors {
    parts: FloorsParts,
    openings: StdMutex<BTreeMap<TenantId, Opening>>,
    plans: StdMutex<BTreeMap<TenantId, Planned>>,
}

/// What a process keeps of a tenant's epochs.
#[derive(Default)]
struct Opening {
    /// One at a time opens the next.
    turn: Arc<Mutex<()>>,
    /// The highest number met.
    newest: u64,
}

impl Floors {
    /// Takes the parts.
    pub fn new(parts: FloorsParts) -> Arc<Self> {
        Arc::new(Self { parts, openings: StdMutex::default(), plans: StdMutex::default() })
    }

    /// Gives the port, for reads.
    pub fn floor(&self) -> &Arc<dyn LiveFloor> {
        &self.parts.floor
    }

    /// Gives the source of ids.
    pub fn ids(&self) -> &Arc<dyn Ids> {
        &self.parts.ids
    }

    /// Gives the clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.parts.clock
    }

    /// Gives a gateway that may be asked to dial; nothing before the first was there.
    pub async fn any_gateway(&self, tenant: &TenantId) -> Result<Option<GatewayId>, RoutingError> {
        Ok(self.parts.gateways.known(tenant).await?.into_iter().find(GatewayId::dials))
    }

    /// Gives the tenant's center with the names of its plan.
    pub async fn planned(&self, tenant: &TenantId) -> Result<Planned, RoutingError> {
        let center = self.parts.centers.get(tenant).await?;
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(planned) = plans.get(tenant).filter(|planned| planned.is_of(&center)) {
            return Ok(planned.clone());
        }
        let planned = Planned::new(center);
        plans.insert(tenant.clone(), planned.clone());
        Ok(planned)
    }

    /// Applies a command that depends on no plan.
    pub async fn apply(
        &self,
        tenant: &TenantId,
        command: Command,
    ) -> Result<Applied, RoutingError> {
        for _ in 1..ATTEMPTS {
            match self.order(tenant, command.clone()).await {
                Err(FloorError::Rejected(Rejection::EpochClosed)) => self.open(tenant).await?,
                Err(FloorError::Rejected(Rejection::Recovering)) => self.sweep(tenant).await?,
                outcome => return Ok(outcome?),
            }
        }
        Ok(self.order(tenant, command).await?)
    }

    /// Applies a command prepared from the plan; prepares it anew when the plan has changed.
    ///
    /// `prepare` gives nothing when the plan makes the command pointless, such as for a queue that
    /// is gone; then nothing is applied.
    pub async fn apply_planned(
        &self,
        tenant: &TenantId,
        prepare: impl Fn(&Planned) -> Option<Command> + Send + Sync,
    ) -> Result<Option<Applied>, RoutingError> {
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let planned = self.planned(tenant).await?;
            let Some(command) = prepare(&planned) else { return Ok(None) };
            match self.apply(tenant, command).await {
                Err(RoutingError::Floor(FloorError::Rejected(
                    rejection @ (Rejection::StalePlan { .. } | Rejection::NotInPlan { .. }),
                ))) => {
                    self.load_plan(tenant, &planned).await?;
                    last = Some(rejection);
                }
                outcome => return outcome.map(Some),
            }
        }
        let rejection = last.unwrap_or(Rejection::Recovering);
        Err(RoutingError::Floor(FloorError::Rejected(rejection)))
    }

    /// Brings the plan of the center in force to the floor, if the floor has an older one.
    pub async fn load_plan(
        &self,
        tenant: &TenantId,
        planned: &Planned,
    ) -> Result<(), RoutingError> {
        let known = self.parts.floor.classes(tenant).await?;
        let plan = planner::plan(planned.center(), &known);
        match self.apply(tenant, Command::LoadPlan { plan }).await {
            // Another replica has a newer center already; this one's cache is about to follow.
            Err(RoutingError::Floor(FloorError::Rejected(Rejection::StalePlan { .. }))) => {
                tokio::time::sleep(PAUSE).await;
                return Ok(());
            }
            outcome => outcome.map(|_| ())?,
        }
        self.assign_profiles(tenant, planned).await
    }

    /// Brings the agents who are signed in to the profiles of a plan, in batches.
    async fn assign_profiles(
        &self,
        tenant: &TenantId,
        planned: &Planned,
    ) -> Result<(), RoutingError> {
        let agents = self.parts.floor.agents(tenant).await?;
        let changed = agents.into_iter().filter(|(_, agent)| agent.session.is_some());
        let changed = changed.filter_map(|(id, agent)| {
            let (profile, seat) = planned.ability(&id)?;
            let same = agent.profile == profile.key && agent.seat == seat;
            (!same).then_some((id, profile, seat))
        });
        let changed: Vec<_> = changed.collect();
        for batch in changed.chunks(floor::BATCH) {
            let plan_version = planned.version();
            let profiles = batch.to_vec();
            match self.apply(tenant, Command::AssignProfiles { plan_version, profiles }).await {
                // A newer plan came meanwhile; whoever loaded it assigns its profiles.
                Err(RoutingError::Floor(FloorError::Rejected(Rejection::StalePlan { .. }))) => {
                    return Ok(());
                }
                outcome => outcome.map(|_| ())?,
            }
        }
        Ok(())
    }

    async fn order(&self, tenant: &TenantId, command: Command) -> Result<Applied, FloorError> {
        let name = command.name();
        let span = info_span!("floor.apply", floor.command = name);
        async {
            let order =
                Order { command, seed: self.parts.ids.offer(), trace: current_traceparent() };
            self.parts.floor.apply(tenant, order).await
        }
        .instrument(span)
        .await
        .inspect(|applied| {
            if let Some((epoch, _)) = applied.position {
                self.note_epoch(tenant, epoch);
            }
        })
    }

    /// Opens a new epoch for the server process now connected, unless another replica has.
    async fn open(&self, tenant: &TenantId) -> Result<(), RoutingError> {
        let turn = self.turn(tenant);
        let _turn = turn.lock().await;
        let status = self.parts.floor.status(tenant).await?;
        if !status.is_current {
            let command = self.opening_of(tenant, status.epoch).await?;
            match self.order(tenant, command).await {
                Ok(_) => info!(tenant.id = %tenant, "opened an epoch"),
                Err(FloorError::Rejected(Rejection::EpochUsed { .. })) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.sweep(tenant).await
    }

    /// Numbers a new epoch and names the gateways its barrier waits for.
    ///
    /// While Postgres is away the number is one of those it leaves out, above any met, and the
    /// floor's own gateways must do. A floor that has forgotten everything waits for Postgres.
    async fn opening_of(&self, tenant: &TenantId, stored: u64) -> Result<Command, RoutingError> {
        let does_without = |error: &StoreError| error.is_transient() && stored > 0;
        let seen = self.note_epoch(tenant, stored);
        let gateways = match self.parts.gateways.known(tenant).await {
            Err(error) if does_without(&error) => BTreeSet::new(),
            outcome => outcome?.into_iter().collect(),
        };
        let now = self.parts.clock.now();
        let epoch = match self.parts.epochs.next(tenant, seen, "", now).await {
            Err(error) if does_without(&error) => {
                epoch_between(seen, self.parts.ids.chance()).ok_or(error)?
            }
            outcome => outcome?,
        };
        Ok(Command::OpenEpoch { epoch, gateways, lease: self.parts.gateway_lease })
    }

    /// Gives a tenant's turn to open epochs.
    fn turn(&self, tenant: &TenantId) -> Arc<Mutex<()>> {
        let mut openings = self.openings.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&openings.entry(tenant.clone()).or_default().turn)
    }

    /// Notes an epoch that was met, and gives the highest: one opened without Postgres must be above.
    fn note_epoch(&self, tenant: &TenantId, epoch: u64) -> u64 {
        let mut openings = self.openings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opening) = openings.get_mut(tenant) {
            opening.newest = opening.newest.max(epoch);
            return opening.newest;
        }
        openings.insert(tenant.clone(), Opening { newest: epoch, ..Opening::default() });
        epoch
    }

    async fn sweep(&self, tenant: &TenantId) -> Result<(), RoutingError> {
        while self.order(tenant, Command::SweepEpoch).await?.reply == Reply::More {}
        Ok(())
    }
}
