//! One process from its start to its end: settings, telemetry, stores, whatever is mounted, drain.
//!
//! What is mounted is the caller's business: nothing here knows a role.

mod arguments;

use std::convert::Infallible;
use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use axum::response::IntoResponse;
use switchboard_api::DESCRIPTORS;
use switchboard_api::policy::{self, Access, PolicyError};
use switchboard_domain::caller::Role;
use thiserror::Error;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::server::NamedService;
use tonic::service::RoutesBuilder;

use crate::auth::{Authenticator, Decision, KeyError};
use crate::clock::{Clock, Ids, RandomIds, SystemClock};
use crate::config::{Config, ConfigError};
use crate::server::{self, App, Running, ServerError};
use crate::shutdown::{Shutdown, run_until_shutdown};
use crate::stores::{Stores, StoresError};
use crate::tasks::Tasks;
use crate::telemetry::{Telemetry, TelemetryError};
use arguments::Asked;

/// Any reason why a part cannot be mounted.
pub type MountError = Box<dyn Error + Send + Sync>;

/// What every part of a process is built on.
pub struct Process {
    /// The settings.
    pub config: Config,
    /// The background tasks, and the signal to end.
    pub tasks: Tasks,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The source of ids.
    pub ids: Arc<dyn Ids>,
    /// Live and durable state.
    pub stores: Stores,
}

/// The parts of a process that clients reach.
#[derive(Default)]
pub struct Mounted {
    routes: RoutesBuilder,
    names: Vec<&'static str>,
}

impl Mounted {
    /// Adds a gRPC service; health probes may ask for it by its name.
    pub fn add<S>(&mut self, service: S)
    where
        S: Service<http::Request<Body>, Error = Infallible>,
        S: NamedService + Clone + Send + Sync + 'static,
        S::Response: IntoResponse,
        S::Future: Send + 'static,
    {
        self.routes.add_service(service);
        self.names.push(S::NAME);
    }
}

/// Says why a process did not start.
#[derive(Debug, Error)]
pub enum ProcessError {
    /// The settings cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// No keys are named, and nothing is open without them.
    #[error("`auth.jwks_file` is not set: without keys nobody can be let in")]
    NoKeys,
    /// The keys cannot be used.
    #[error("the keys of `auth.jwks_file` cannot be used")]
    Keys(#[source] KeyError),
    /// The table of roles does not fit the contract.
    #[error("the table of roles does not fit the contract")]
    Policy(#[from] PolicyError),
    /// The stores cannot be used.
    #[error(transparent)]
    Stores(#[from] StoresError),
    /// Telemetry did not start.
    #[error(transparent)]
    Telemetry(#[from] TelemetryError),
    /// Metrics cannot be served.
    #[error("cannot serve metrics on `telemetry.metrics_listen`")]
    Metrics(#[source] io::Error),
    /// The signals of the operating system cannot be heard.
    #[error("cannot listen for signals")]
    Signals(#[source] io::Error),
    /// A part refused to be mounted.
    #[error("a role cannot start")]
    Mount(#[source] MountError),
    /// The server did not start.
    #[error(transparent)]
    Server(#[from] ServerError),
}

/// Starts serving what is mounted, in the background, until the shutdown.
///
/// Stores connect when they are first used, so a store may be away now: health says so.
pub async fn start(
    config: Config,
    tasks: &Tasks,
    mount: impl AsyncFnOnce(&Process) -> Result<Mounted, MountError>,
) -> Result<Running, ProcessError> {
    policy::verify(DESCRIPTORS)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let authenticator = authenticator(&config, Arc::clone(&clock))?;
    authenticator.watch_keys(tasks);
    let stores = Stores::connect(&config, tasks)?;
    let process = Process { config, tasks: tasks.clone(), clock, ids: Arc::new(RandomIds), stores };
    let mounted = mount(&process).await.map_err(ProcessError::Mount)?;
    let app = App {
        routes: mounted.routes.routes(),
        authenticator,
        policy: Arc::new(decide),
        descriptors: DESCRIPTORS,
    };
    let running = server::serve(&process.config, app, tasks)?;
    for name in mounted.names {
        running.health.set(name, true).await;
    }
    process.stores.watch_health(&running.health, tasks);
    Ok(running)
}

/// Runs a whole process: telemetry, signals, serving, and the orderly end of all of it.
pub async fn serve(
    config: Config,
    mount: impl AsyncFnOnce(&Process) -> Result<Mounted, MountError>,
) -> Result<(), ProcessError> {
    let tasks = Tasks::new(Shutdown::new());
    Shutdown::on_signals(&tasks).map_err(ProcessError::Signals)?;
    let telemetry = Telemetry::start(&config.telemetry)?;
    if let Some(address) = config.telemetry.metrics_address() {
        telemetry.serve_metrics(address, &tasks).await.map_err(ProcessError::Metrics)?;
    }
    let shutdown = config.shutdown.clone();
    let started = start(config, &tasks, mount).await;
    if started.is_err() {
        tasks.shutdown().trigger();
    }
    run_until_shutdown(&tasks, &shutdown).await;
    telemetry.stop();
    started.map(drop)
}

/// Runs a program of its own that serves one role; it understands `--config FILE`.
pub async fn run(
    name: &str,
    mount: impl AsyncFnOnce(&Process) -> Result<Mounted, MountError>,
) -> ExitCode {
    let outcome = match arguments::read(std::env::args_os().skip(1)) {
        Ok(Asked::Words(words)) => return say(name, words),
        Ok(Asked::Serve(file)) => match Config::load(file.as_deref()) {
            Ok(config) => serve(config, mount).await,
            Err(error) => Err(error.into()),
        },
        Err(refusal) => return complain(name, &refusal, 2),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(name, &error, 1),
    }
}

fn authenticator(
    config: &Config,
    clock: Arc<dyn Clock>,
) -> Result<Arc<Authenticator>, ProcessError> {
    if config.auth.jwks_file.as_os_str().is_empty() {
        return Err(ProcessError::NoKeys);
    }
    Authenticator::open(&config.auth, clock).map_err(ProcessError::Keys)
}

/// Answers from the table of the contract.
fn decide(path: &str, role: Role) -> Decision {
    match policy::access(path) {
        None => Decision::Unknown,
        Some(Access::Open) => Decision::Allow,
        Some(access) if access.allows(role) => Decision::Allow,
        Some(Access::Only(_)) => Decision::Deny,
    }
}

fn say(name: &str, words: &str) -> ExitCode {
    // A closed output is the reader's choice, not a failure of ours.
    drop(writeln!(io::stdout(), "{name} {words}"));
    ExitCode::SUCCESS
}

fn complain(name: &str, error: &dyn Error, code: u8) -> ExitCode {
    let mut text = format!("{name}: {error}");
    let mut cause = error.source();
    while let Some(deeper) = cause {
        text.push_str(&format!(": {deeper}"));
        cause = deeper.source();
    }
    drop(writeln!(io::stderr(), "{text}"));
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_contract_decides() {
        let calls = "/switchboard.call.v1.CallService/RunCalls";

        assert_eq!(decide(calls, Role::Gateway), Decision::Allow);
        assert_eq!(decide(calls, Role::Agent), Decision::Deny);
        assert_eq!(
            decide("/switchboard.call.v1.CallService/Sneak", Role::Admin),
            Decision::Unknown
        );
        assert_eq!(decide("/grpc.health.v1.Health/Check", Role::Agent), Decision::Allow);
    }

    #[tokio::test]
    async fn nothing_is_served_without_keys() {
        let tasks = Tasks::new(Shutdown::new());
        let nothing = async |_: &Process| Err(MountError::from("not reached"));

        let refused = start(Config::defaults(), &tasks, nothing).await.unwrap_err();

        assert!(matches!(refused, ProcessError::NoKeys), "{refused}");
    }
}
