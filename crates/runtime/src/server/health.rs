//! What health probes are told, for the whole process and for each service.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

/// The whole process, in the protocol's words.
const PROCESS: &str = "";
/// The name under which a process that runs is alive, whatever its stores do: restarting it would
/// not bring them back.
const LIVE: &str = "live";

/// The health of this process and its services. Clones share the same state.
#[derive(Clone)]
pub struct Health {
    reporter: HealthReporter,
    services: Arc<Mutex<Vec<String>>>,
    ended: Arc<AtomicBool>,
}

impl Health {
    pub(crate) fn new() -> Self {
        Self {
            reporter: HealthReporter::new(),
            services: Arc::new(Mutex::new(vec![PROCESS.to_owned()])),
            ended: Arc::default(),
        }
    }

    pub(crate) fn service(&self) -> HealthServer<HealthService> {
        HealthServer::new(self.prober())
    }

    pub(crate) fn prober(&self) -> HealthService {
        HealthService::from_health_reporter(self.reporter.clone())
    }

    /// Says whether a service, by its full name such as `switchboard.call.v1.CallService`, serves.
    pub async fn set(&self, service: &str, serving: bool) {
        self.remember(service);
        self.tell(service, serving).await;
    }

    /// Says the same of the process and of every service named so far.
    pub async fn set_all(&self, serving: bool) {
        let services = self.services.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for service in services {
            self.tell(&service, serving).await;
        }
    }

    /// Says that nothing serves any more, whatever is said later.
    pub(crate) async fn end(&self) {
        self.ended.store(true, Ordering::SeqCst);
        self.set_all(false).await;
    }

    async fn tell(&self, service: &str, serving: bool) {
        let serving = serving && !self.ended.load(Ordering::SeqCst);
        let status = if serving { ServingStatus::Serving } else { ServingStatus::NotServing };
        self.reporter.set_service_status(service, status).await;
        self.reporter.set_service_status(LIVE, ServingStatus::Serving).await;
    }

    fn remember(&self, service: &str) {
        let mut services = self.services.lock().unwrap_or_else(PoisonError::into_inner);
        if !services.iter().any(|known| known == service) {
            services.push(service.to_owned());
        }
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Health").field("services", &self.services).finish_non_exhaustive()
    }
}
