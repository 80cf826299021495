//! Up to where each tenant's stream is recorded, as far as this process has heard: from its own
//! commits directly, from those of others by `NOTIFY`.
//!
//! What was heard is true, for only a transaction that is kept tells it. What was not heard is read
//! from the database: at first, after an interruption, and whenever a wait ends.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use switchboard_store::outbox::OutboxId;
use tokio::sync::watch;

/// Up to where one epoch is recorded; none when nothing of it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The epoch.
    pub(crate) epoch: u64,
    /// Its last recorded entry.
    pub(crate) upto: Option<OutboxId>,
}

/// The newest place of a tenant; none when something may have been missed.
pub(crate) type News = watch::Receiver<Option<Place>>;

/// The newest place of every tenant.
#[derive(Default)]
pub(crate) struct Recorded {
    heard: Mutex<HashMap<String, watch::Sender<Option<Place>>>>,
}

impl Recorded {
    /// Notes a place, unless a newer one is known.
    pub(crate) fn note(&self, tenant: &str, place: Place) {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(sender) = heard.get(tenant) else { return };
        sender.send_if_modified(|newest| {
            let is_newer = Some(place) > *newest;
            if is_newer {
                *newest = Some(place);
            }
            is_newer
        });
    }

    /// Gives the newest place of a tenant, and every later one.
    pub(crate) fn follow(&self, tenant: &str) -> News {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.entry(tenant.to_owned()).or_default().subscribe()
    }

    /// Forgets everything: something may have been missed.
    pub(crate) fn forget(&self) {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        for sender in heard.values() {
            sender.send_replace(None);
        }
    }

    /// Takes in what another process told.
    pub(crate) fn hear(&self, told: &str) {
        match read(told) {
            Some((tenant, place)) => self.note(tenant, place),
            None => self.forget(),
        }
    }
}

/// Writes a place of a tenant for other processes.
pub(crate) fn tell(tenant: &str, epoch: u64, upto: OutboxId) -> String {
    format!("{tenant} {epoch} {upto}")
}

fn read(told: &str) -> Option<(&str, Place)> {
    let mut words = told.split(' ');
    let (tenant, epoch, upto) = (words.next()?, words.next()?, words.next()?);
    let place = Place { epoch: epoch.parse().ok()?, upto: Some(upto.parse().ok()?) };
    Some((tenant, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(epoch: u64, millis: u64) -> Place {
        Place { epoch, upto: Some(OutboxId::new(millis, 7)) }
    }

    #[test]
    fn what_another_process_tells_is_heard() {
        let recorded = Recorded::default();
        let news = recorded.follow("demo");

        recorded.hear(&tell("demo", 2, OutboxId::new(5, 7)));

        assert_eq!(*news.borrow(), Some(place(2, 5)));
    }

    #[test]
    fn old_news_wakes_nobody() {
        let recorded = Recorded::default();
        let mut news = recorded.follow("demo");
        recorded.note("demo", place(2, 5));
        news.mark_unchanged();

        for old in [place(1, 9), place(2, 4), place(2, 5)] {
            recorded.note("demo", old);
        }

        assert!(!news.has_changed().expect("the sender lives"));
    }

    #[test]
    fn what_cannot_be_understood_brings_doubt() {
        let recorded = Recorded::default();
        let news = recorded.follow("demo");
        recorded.note("demo", place(2, 5));

        recorded.hear("demo");

        assert_eq!(*news.borrow(), None);
    }
}
