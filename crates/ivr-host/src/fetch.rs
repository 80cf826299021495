//! Asks systems outside over HTTP for the `fetch` nodes of flows.
//!
//! A request has a deadline for all its attempts, each attempt one of its own, and each endpoint of
//! each tenant a circuit breaker. What is sent and what comes back is in no log: what was asked, how
//! often and how it ended is.

mod attempt;
mod breaker;
mod hosts;
mod reply;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{HeaderValue, Uri};
use switchboard_domain::center::Endpoint;
use switchboard_domain::flow::{Answer, FetchRequest};
use switchboard_domain::ids::{EndpointId, TenantId};
use switchboard_runtime::clock::Stopwatch;
use switchboard_runtime::config::FetchConfig;
use switchboard_runtime::telemetry::metrics::{Counter, Durations, counter, durations};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::{Instrument as _, info_span, warn};

use attempt::{Asked, Attempt, Client};
use breaker::Breaker;
use hosts::Hosts;

/// How long to wait before the first repetition; twice as long before each further one.
const PAUSE: Duration = Duration::from_millis(50);

/// Asks systems outside.
pub struct Fetcher {
    hosts: Hosts,
    credentials: PathBuf,
    client: Client,
    breakers: Mutex<BTreeMap<(TenantId, EndpointId), Breaker>>,
    metrics: Metrics,
}

/// Who asks whom, and under which name.
#[derive(Clone, Copy)]
pub(crate) struct Errand<'a> {
    pub(crate) tenant: &'a TenantId,
    pub(crate) endpoint: &'a Endpoint,
    /// The same when the same question of a call is asked again.
    pub(crate) key: &'a str,
}

impl Fetcher {
    /// Makes one by the settings.
    pub fn new(config: &FetchConfig) -> Self {
        let hosts = Hosts::new(&config.hosts);
        Self {
            client: Client::new(hosts.clone()),
            hosts,
            credentials: config.credentials_dir.clone(),
            breakers: Mutex::default(),
            metrics: Metrics::new(),
        }
    }

    /// Asks, again if that may help, and gives the answer by the request's deadline.
    pub(crate) async fn fetch(&self, errand: Errand<'_>, request: &FetchRequest) -> Answer {
        let span = info_span!(
            "flow.fetch",
            endpoint.id = %errand.endpoint.id,
            attempts = tracing::field::Empty,
            outcome = tracing::field::Empty,
        );
        let spent = Stopwatch::start();
        let (answer, outcome) = self.ask(errand, request).instrument(span.clone()).await;
        span.record("outcome", outcome);
        self.metrics.ended(errand, outcome, spent.elapsed());
        answer
    }

    async fn ask(&self, errand: Errand<'_>, request: &FetchRequest) -> (Answer, &'static str) {
        let ends_at = Instant::now() + request.deadline;
        let Some(uri) = self.address(errand) else { return (Answer::Failed, "not_allowed") };
        let Some(credential) = self.credential(errand).await else {
            return (Answer::Failed, "no_credential");
        };
        let asked = Asked {
            uri: &uri,
            method: errand.endpoint.method,
            values: &request.values,
            credential,
            key: errand.key,
        };
        let mut pause = PAUSE;
        for left in (0..=request.retries).rev() {
            if !self
                .breaker(errand, |breaker| breaker.admits(errand.endpoint.breaker, Instant::now()))
            {
                return (Answer::Failed, "left_alone");
            }
            tracing::Span::current().record("attempts", request.retries - left + 1);
            let attempt = self.attempt(errand, &asked, ends_at).await;
            match attempt {
                Attempt::Answered(body) => return self.read(errand, &body, request),
                Attempt::Refused => {
                    self.breaker(errand, Breaker::answered);
                    return (Answer::Refused, "refused");
                }
                Attempt::Failed { why, may_pass } => {
                    self.note_failure(errand, why);
                    if Instant::now() >= ends_at {
                        return (Answer::Late, "late");
                    }
                    if left == 0 || !may_pass {
                        return (Answer::Failed, why);
                    }
                }
            }
            if timeout_at(ends_at, sleep(pause)).await.is_err() {
                return (Answer::Late, "late");
            }
            pause *= 2;
        }
        (Answer::Failed, "failed")
    }

    /// Asks once, within the bounds of the attempt and of the whole.
    async fn attempt(&self, errand: Errand<'_>, asked: &Asked<'_>, ends_at: Instant) -> Attempt {
        let left = ends_at.saturating_duration_since(Instant::now());
        let attempt = timeout(left.min(errand.endpoint.attempt), self.client.send(asked)).await;
        attempt.unwrap_or(Attempt::passing("late"))
    }

    fn read(
        &self,
        errand: Errand<'_>,
        body: &[u8],
        request: &FetchRequest,
    ) -> (Answer, &'static str) {
        if let Some(values) = reply::read(body, &request.fields) {
            self.breaker(errand, Breaker::answered);
            return (Answer::Fetched(values), "answered");
        }
        self.note_failure(errand, "reply");
        (Answer::Failed, "reply")
    }

    /// Gives where an endpoint is, if it may be asked.
    fn address(&self, Errand { tenant, endpoint, .. }: Errand<'_>) -> Option<Uri> {
        let uri = endpoint.url.parse::<Uri>().ok().filter(|uri| self.hosts.allow(uri));
        if uri.is_none() {
            warn!(tenant.id = %tenant, endpoint.id = %endpoint.id, "`fetch.hosts` does not allow an endpoint");
        }
        uri
    }

    /// Gives what proves who asks; nothing when what the endpoint names is not there.
    async fn credential(&self, errand: Errand<'_>) -> Option<Option<HeaderValue>> {
        let Errand { tenant, endpoint, .. } = errand;
        let Some(name) = &endpoint.credential else { return Some(None) };
        let found = read_credential(&self.credentials, tenant, name).await;
        if found.is_none() {
            warn!(tenant.id = %tenant, endpoint.id = %endpoint.id, "the credential of an endpoint is missing");
        }
        found.map(Some)
    }

    fn note_failure(&self, errand: Errand<'_>, why: &'static str) {
        let (rules, now) = (errand.endpoint.breaker, Instant::now());
        if self.breaker(errand, |breaker| breaker.failed(rules, now)) {
            let Errand { tenant, endpoint, .. } = errand;
            warn!(tenant.id = %tenant, endpoint.id = %endpoint.id, why, "a system outside is left alone for a while");
        }
    }

    fn breaker<T>(&self, errand: Errand<'_>, with: impl FnOnce(&mut Breaker) -> T) -> T {
        let key = (errand.tenant.clone(), errand.endpoint.id.clone());
        with(lock(&self.breakers).entry(key).or_default())
    }
}

/// Reads a credential from the file of its name in the tenant's folder, anew each time: secrets
/// change while programs run.
async fn read_credential(folder: &Path, tenant: &TenantId, name: &str) -> Option<HeaderValue> {
    // An id, so that it names a file of the folder and no other.
    let name = EndpointId::parse(name).ok()?;
    let is_hidden = [tenant.as_str(), name.as_str()].iter().any(|part| part.starts_with('.'));
    if folder.as_os_str().is_empty() || is_hidden {
        return None;
    }
    let path = folder.join(tenant.as_str()).join(name.as_str());
    let text = zeroize::Zeroizing::new(tokio::fs::read_to_string(path).await.ok()?);
    let mut value = HeaderValue::from_str(text.trim()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is told of data dips.
struct Metrics {
    fetches: Counter,
    spent: Durations,
}

impl Metrics {
    fn new() -> Self {
        Self {
            fetches: counter("switchboard_flow_fetches", "Data dips of flows, by how they ended."),
            spent: durations(
                "switchboard_flow_fetch",
                "How long data dips took with all attempts.",
            ),
        }
    }

    fn ended(&self, errand: Errand<'_>, outcome: &str, spent: Duration) {
        let (tenant, endpoint) = (errand.tenant.as_str(), errand.endpoint.id.as_str());
        self.fetches.add(1, &[("tenant", tenant), ("endpoint", endpoint), ("outcome", outcome)]);
        self.spent.record(spent, &[("tenant", tenant), ("endpoint", endpoint)]);
    }
}

#[cfg(test)]
mod tests;
