//! Signals that something changed: from this process directly, from others by `NOTIFY`.
//!
//! A lost signal costs time, never truth: whoever waits looks again when the wait ends. That of a
//! center or of tickets says "look again" and nothing else; that of the recorder, of which there are
//! many, says what there is to see; those of callers are counted, for nobody waits for them.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::time::sleep;
use tracing::{debug, warn};

use crate::bells::Bells;
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
    /// Tickets.
    Tickets,
}

impl Topic {
    const ALL: [Self; 4] = [Self::Recorded, Self::Center, Self::Callers, Self::Tickets];

    /// Gives the name of the channel.
    pub(crate) const fn channel(self) -> &'static str {
        match self {
            Self::Recorded => "switchboard_recorded",
            Self::Center => "switchboard_center",
            Self::Callers => "switchboard_callers",
            Self::Tickets => "switchboard_tickets",
        }
    }
}

/// The signals of every tenant, for whoever waits.
#[derive(Default)]
pub(crate) struct Signals {
    /// Up to where events are kept.
    pub(crate) recorded: Recorded,
    /// Who waits for a center.
    pub(crate) centers: Bells,
    /// Who waits for changes of tickets.
    pub(crate) tickets: Bells,
    /// How often something about the callers of each tenant has changed.
    callers: Mutex<HashMap<String, u64>>,
    /// How often something may have changed for every tenant.
    doubts: AtomicU64,
}

impl Signals {
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
            Some(Topic::Center) => self.centers.ring(told),
            Some(Topic::Tickets) => self.tickets.ring(told),
            // The owner of the database changes the rows of every tenant.
            Some(Topic::Callers) if told.is_empty() => self.doubt_callers(),
            Some(Topic::Callers) => self.note_caller_change(told),
            None => {}
        }
    }

    fn doubt_callers(&self) {
        self.doubts.fetch_add(1, Ordering::Relaxed);
    }

    fn signal_all(&self) {
        self.recorded.forget();
        self.doubt_callers();
        self.centers.ring_all();
        self.tickets.ring_all();
    }
}
