//! Signals that something changed: from this process directly, from others by `NOTIFY`.
//!
//! A lost signal costs time, never truth: whoever waits looks again when the wait ends. That of a
//! center says "look again" and nothing else; that of the recorder, of which there are many, says
//! what there is to see; those of callers are counted, for nobody waits for them.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{debug, warn};

use switchboard_domain::ids::TenantId;
use switchboard_store::error::StoreError;

use crate::recorded::Recorded;

/// How long to wait before asking for notifications again.
const RETRY: Duration = Duration::from_secs(1);

/// What may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// The offset up to which events are kept.
    Recorded,
    /// The configuration in force.
    Center,
    /// Customers, their numbers, the lists of numbers.
    Callers,
}

impl Topic {
    const ALL: [Self; 3] = [Self::Recorded, Self::Center, Self::Callers];

    /// Gives the name of the channel.
    pub(crate) const fn channel(self) -> &'static str {
        match self {
            Self::Recorded => "switchboard_recorded",
            Self::Center => "switchboard_center",
            Self::Callers => "switchboard_callers",
        }
    }
}

/// The signals of every tenant, for whoever waits.
#[derive(Default)]
pub(crate) struct Signals {
    /// Up to where events are kept.
    pub(crate) recorded: Recorded,
    centers: Mutex<HashMap<String, watch::Sender<()>>>,
    /// How often something about the callers of each tenant has changed.
    callers: Mutex<HashMap<String, u64>>,
    /// How often something may have changed for every tenant.
    doubts: AtomicU64,
}

impl Signals {
    /// Tells everyone in this process who waits for a tenant's center to look again.
    pub(crate) fn signal_center(&self, tenant: &str) {
        let centers = self.centers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = centers.get(tenant) {
            sender.send_replace(());
        }
    }

    /// Notes that customers, numbers or lists of a tenant have changed.
    pub(crate) fn note_caller_change(&self, tenant: &str) {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        *callers.entry(tenant.to_owned()).or_default() += 1;
    }

    /// Counts what was noted for a tenant; grows also when something may have been missed.
    pub(crate) fn caller_changes(&self, tenant: &str) -> u64 {
        let callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        callers.get(tenant).copied().unwrap_or(0) + self.doubts.load(Ordering::Relaxed)
    }

    /// Looks at a tenant's center until `is_new` holds, again at each signal, and once more when
    /// `wait` is over.
    pub(crate) async fn look_until<Value, Look, Looking>(
        &self,
        tenant: &TenantId,
        wait: Duration,
        mut look: Look,
        is_new: impl Fn(&Value) -> bool + Send,
    ) -> Result<Value, StoreError>
    where
        Look: FnMut() -> Looking + Send,
        Looking: Future<Output = Result<Value, StoreError>> + Send,
        Value: Send,
    {
        let deadline = Instant::now() + wait;
        // Subscribing before looking loses no signal in between.
        let mut signal = self.subscribe(tenant);
        loop {
            let value = look().await?;
            if is_new(&value) {
                return Ok(value);
            }
            match timeout_at(deadline, signal.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return look().await,
            }
        }
    }

    /// Passes on what other processes signal, for ever.
    pub(crate) async fn listen(&self, pool: &PgPool) {
        loop {
            let Err(error) = self.pass_on(pool).await;
            warn!(%error, "notifications are interrupted, waiting calls notice late");
            sleep(RETRY).await;
        }
    }

    async fn pass_on(&self, pool: &PgPool) -> Result<Infallible, sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen_all(Topic::ALL.map(Topic::channel)).await?;
        debug!("listening for notifications");
        self.signal_all();
        loop {
            match listener.try_recv().await? {
                Some(heard) => self.hear(heard.channel(), heard.payload()),
                // The connection was lost and is back; anything may have been missed.
                None => self.signal_all(),
            }
        }
    }

    fn hear(&self, channel: &str, told: &str) {
        match Topic::ALL.into_iter().find(|topic| topic.channel() == channel) {
            Some(Topic::Recorded) => self.recorded.hear(told),
            Some(Topic::Center) => self.signal_center(told),
            // The owner of the database changes the rows of every tenant.
            Some(Topic::Callers) if told.is_empty() => self.doubt_callers(),
            Some(Topic::Callers) => self.note_caller_change(told),
            None => {}
        }
    }

    fn subscribe(&self, tenant: &TenantId) -> watch::Receiver<()> {
        let mut centers = self.centers.lock().unwrap_or_else(PoisonError::into_inner);
        centers.entry(tenant.as_str().to_owned()).or_default().subscribe()
    }

    fn doubt_callers(&self) {
        self.doubts.fetch_add(1, Ordering::Relaxed);
    }

    fn signal_all(&self) {
        self.recorded.forget();
        self.doubt_callers();
        let centers = self.centers.lock().unwrap_or_else(PoisonError::into_inner);
        for sender in centers.values() {
            sender.send_replace(());
        }
    }
}
