//! How much the recorder does at once, and how long it waits.

use std::time::Duration;

/// How much the recorder does at once, and how long it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecorderSettings {
    /// The most events of one transaction.
    pub batch: u32,
    /// How long one look at an empty stream waits for events.
    pub wait: Duration,
    /// The shortest time from one transaction to the next while events are few: those that come
    /// meanwhile share one, and with it all that a transaction costs besides its rows.
    pub gather: Duration,
    /// How often new tenants are looked for.
    pub tenant_refresh: Duration,
    /// How often an event that cannot be kept is tried before it is put aside.
    pub attempts: u32,
    /// The wait before trying again; doubles up to [`RecorderSettings::longest_pause`].
    pub pause: Duration,
    /// The longest wait before trying again.
    pub longest_pause: Duration,
    /// How long kept events stay in the stream, for whoever else follows it.
    pub keep: Duration,
    /// How often the stream is trimmed.
    pub trim_every: Duration,
}

impl Default for RecorderSettings {
    fn default() -> Self {
        Self {
            batch: 256,
            wait: Duration::from_secs(1),
            gather: Duration::from_millis(25),
            tenant_refresh: Duration::from_secs(2),
            attempts: 5,
            pause: Duration::from_millis(100),
            longest_pause: Duration::from_secs(5),
            keep: Duration::from_mins(1),
            trim_every: Duration::from_secs(5),
        }
    }
}
