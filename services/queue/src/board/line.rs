//! What happens in one queue at one moment.

use std::time::Duration;

use switchboard_api::convert::time::duration;
use switchboard_api::queue::v1::QueueCounts;
use switchboard_api::supervisor::v1::QueueStatus;
use switchboard_domain::ids::QueueId;
use switchboard_domain::time::Timestamp;

/// What happens in one queue at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// The queue's name.
    pub(crate) display_name: String,
    /// Contacts that wait.
    pub(crate) waiting: u32,
    /// When the first of them entered.
    pub(crate) oldest: Option<Timestamp>,
    /// Contacts that ring an agent.
    pub(crate) offered: u32,
    /// Contacts that are connecting or connected.
    pub(crate) connected: u32,
    /// Agents who wait for a contact.
    pub(crate) ready: u32,
    /// Agents who are offered or bound to a contact.
    pub(crate) busy: u32,
    /// Agents in wrap-up.
    pub(crate) wrap_up: u32,
    /// Agents who are not ready.
    pub(crate) not_ready: u32,
}

impl Line {
    /// Gives how long the first contact has waited.
    pub(crate) fn oldest_wait(&self, now: Timestamp) -> Option<Duration> {
        self.oldest.map(|entered| now.since(entered))
    }

    /// Puts the line on the wire for supervisors.
    pub(crate) fn status(&self, queue: &QueueId, now: Timestamp) -> QueueStatus {
        QueueStatus {
            queue_id: queue.to_string(),
            display_name: self.display_name.clone(),
            waiting: self.waiting,
            oldest_wait: self.oldest_wait(now).map(duration),
            offered: self.offered,
            connected: self.connected,
            agents_ready: self.ready,
            agents_busy: self.busy,
            agents_wrap_up: self.wrap_up,
            agents_not_ready: self.not_ready,
        }
    }

    /// Puts the line on the wire as part of its queue.
    pub(crate) fn counts(&self, now: Timestamp) -> QueueCounts {
        QueueCounts {
            waiting: self.waiting,
            oldest_wait: self.oldest_wait(now).map(duration),
            offered: self.offered,
            connected: self.connected,
            agents_ready: self.ready,
            agents_busy: self.busy,
            agents_wrap_up: self.wrap_up,
            agents_not_ready: self.not_ready,
        }
    }
}
