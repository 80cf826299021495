//! What every session shares: the floor, the feeds, the stores, and the sessions of this replica.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use switchboard_api::ApiError;
use switchboard_center::CenterCache;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::ids::{GatewayId, TenantId};
use switchboard_ivr_host::IvrHost;
use switchboard_lookup::CallerLookup;
use switchboard_routing::feed::Feeds;
use switchboard_routing::{Estimates, Floors, RoutingError};
use switchboard_runtime::tasks::Tasks;
use switchboard_store::error::StoreError;
use switchboard_store::ivr_sessions::IvrSessions;
use switchboard_store::live_floor::LiveFloor;
use switchboard_store::outbox::OutboxId;
use switchboard_store::projection::Projection;
use switchboard_store::tenants::Gateways;

use crate::session::Session;

/// What the service is made of.
pub struct CallParts {
    /// Live state, kept open.
    pub floors: Arc<Floors>,
    /// The outbox, for commands that follow from changes.
    pub feeds: Arc<Feeds>,
    /// How long callers will probably wait.
    pub estimates: Arc<Estimates>,
    /// Who is calling.
    pub lookup: Arc<CallerLookup>,
    /// The versions of flows that calls began with.
    pub centers: Arc<CenterCache>,
    /// What runs flows.
    pub host: Arc<IvrHost>,
    /// Callers whose flow ran step by step.
    pub sessions: Arc<dyn IvrSessions>,
    /// The gateways known to each tenant.
    pub gateways: Arc<dyn Gateways>,
    /// How far the outbox is recorded.
    pub projection: Arc<dyn Projection>,
    /// Where background work runs.
    pub tasks: Tasks,
    /// How long a gateway's heartbeat holds.
    pub gateway_lease: Duration,
}

/// One run of a gateway, from its start to its end.
pub(crate) struct Run {
    pub(crate) tenant: TenantId,
    pub(crate) gateway: GatewayId,
    /// Names the run among those of the gateway; empty where another replica was told the name.
    pub(crate) boot: String,
}

impl Run {
    fn owner(&self) -> (TenantId, GatewayId) {
        (self.tenant.clone(), self.gateway.clone())
    }
}

/// The parts, and the sessions of this replica.
pub(crate) struct Edge {
    pub(crate) parts: CallParts,
    known: Mutex<BTreeSet<(TenantId, GatewayId)>>,
    sessions: Mutex<BTreeMap<(TenantId, GatewayId), Arc<Session>>>,
    /// Which run of each gateway was here last, and how far its events were recorded by then.
    recorded: Mutex<BTreeMap<(TenantId, GatewayId), (String, u64)>>,
}

impl Edge {
    pub(crate) fn new(parts: CallParts) -> Arc<Self> {
        Arc::new(Self {
            parts,
            known: Mutex::default(),
            sessions: Mutex::default(),
            recorded: Mutex::default(),
        })
    }

    pub(crate) fn floors(&self) -> &Floors {
        &self.parts.floors
    }

    pub(crate) fn floor(&self) -> &dyn LiveFloor {
        &**self.parts.floors.floor()
    }

    /// Gives where the outbox ends in the epoch of a session.
    ///
    /// The floor is looked at afterwards: one that has lost what it told since would say that nothing
    /// is left to record.
    pub(crate) async fn outbox_end(
        &self,
        tenant: &TenantId,
        epoch: u64,
    ) -> Result<OutboxId, RoutingError> {
        let end = self.floor().outbox_end(tenant).await.map_err(RoutingError::Floor)?;
        let status = self.floor().status(tenant).await.map_err(RoutingError::Floor)?;
        if status.is_current && status.epoch == epoch {
            return Ok(end.id);
        }
        Err(RoutingError::Floor(Rejection::EpochClosed.into()))
    }

    /// Makes sure that no crash can forget the gateway; one seen before needs no database.
    pub(crate) async fn register(
        &self,
        tenant: &TenantId,
        gateway: &GatewayId,
    ) -> Result<(), ApiError> {
        let planned = self.floors().planned(tenant).await.map_err(routing_error)?;
        if !gateway.dials() || !planned.center().admits_gateway(gateway) {
            return Err(ApiError::permission_denied(
                "GATEWAY_NOT_ADMITTED",
                "the center does not list this gateway",
            )
            .with("gateway", gateway.as_str()));
        }
        let key = (tenant.clone(), gateway.clone());
        if self.known.lock().unwrap_or_else(PoisonError::into_inner).contains(&key) {
            return Ok(());
        }
        let now = self.parts.floors.clock().now();
        match self.parts.gateways.register(tenant, gateway, now).await {
            Ok(_) | Err(StoreError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
        Ok(())
    }

    /// Gives how far the events of a gateway's run are recorded, as far as this replica knows.
    pub(crate) fn recorded_through(&self, run: &Run) -> u64 {
        let recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let of_run = recorded.get(&run.owner()).filter(|(boot, _)| *boot == run.boot);
        of_run.map_or(0, |(_, through)| *through)
    }

    /// Notes how far the events of a gateway's run are recorded.
    pub(crate) fn note_recorded(&self, run: &Run, through: u64) {
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let known = recorded.entry(run.owner()).or_default();
        let before = if known.0 == run.boot { known.1 } else { 0 };
        *known = (run.boot.clone(), through.max(before));
    }

    /// Keeps a session for unary requests; an older one of the same gateway is closed.
    pub(crate) fn keep(&self, session: &Arc<Session>) {
        let key = (session.tenant.clone(), session.gateway.clone());
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.get(&key).is_some_and(|kept| kept.token() > session.token()) {
            session.close();
            return;
        }
        if let Some(older) = sessions.insert(key, Arc::clone(session))
            && !Arc::ptr_eq(&older, session)
        {
            older.close();
        }
    }

    /// Lets go of a session whose stream has ended, so that nothing keeps its answers open.
    pub(crate) fn release(&self, session: &Arc<Session>) {
        let key = (session.tenant.clone(), session.gateway.clone());
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.get(&key).is_some_and(|kept| Arc::ptr_eq(kept, session)) {
            sessions.remove(&key);
        }
    }

    /// Gives the kept session of a gateway.
    pub(crate) fn kept(&self, tenant: &TenantId, gateway: &GatewayId) -> Option<Arc<Session>> {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.get(&(tenant.clone(), gateway.clone())).cloned()
    }
}

/// Puts an error on the wire.
pub(crate) fn routing_error(error: RoutingError) -> ApiError {
    match error {
        RoutingError::Floor(error) => error.into(),
        RoutingError::Center(error) => StoreError::from(error).into(),
        RoutingError::Store(error) => error.into(),
    }
}
