//! How a queue served its callers in some time, by the definitions that service levels are agreed on.
//!
//! | figure | definition |
//! | --- | --- |
//! | offered | contacts whose last queue it is and that first began to wait in the time |
//! | short abandon | the caller left within five seconds of waiting |
//! | service level | answered in time / (offered − short abandons − callbacks booked − unreached) |
//! | abandon rate | (abandoned − short) / the same |
//! | speed of answer | the mean wait of those who were answered |
//!
//! Contacts that are not over yet are counted apart, and are not among the offered; nor are those that
//! were withdrawn, for nobody waited for them. Who asks to be called back has not left, and is counted
//! as offered once more with the call back. What agents ask each other and the center's own tests count
//! for nothing.

use std::time::Duration;

use super::{Interaction, Origin};
use crate::center::Queue;
use crate::ratio::{mean, ratio};
use crate::ticket::Outcome;

/// A caller who leaves sooner than this did not come to wait.
pub const SHORT_ABANDON: Duration = Duration::from_secs(5);
/// The time within which contacts of a queue are to be answered that the center no longer has.
pub const USUAL_TARGET: Duration = Duration::from_secs(20);

/// What a queue did; counts and sums, so that the figures of two times can be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueFigures {
    /// Contacts that are over.
    pub offered: u64,
    /// Those that an agent answered.
    pub answered: u64,
    /// Those that an agent answered within the target.
    pub answered_in_time: u64,
    /// Those whose caller left, short ones included.
    pub abandoned: u64,
    /// Those whose caller left almost at once.
    pub short_abandoned: u64,
    /// Those that the queue could not take or keep.
    pub overflowed: u64,
    /// Those that the center lost.
    pub lost: u64,
    /// Those whose caller asked to be called back instead.
    pub callbacks_booked: u64,
    /// Those that were to be called and were not reached.
    pub unreached: u64,
    /// Contacts that are not over.
    pub open: u64,
    /// How long those waited who were answered, together.
    pub waited: Duration,
    /// How long they talked, together.
    pub talked: Duration,
    /// The longest wait of a contact that is over.
    pub longest_wait: Duration,
}

impl QueueFigures {
    /// Adds a contact that waited; `target` is the time within which it was to be answered.
    pub fn add(&mut self, contact: &Interaction, target: Duration) {
        let Some(queued_at) = contact.queued_at else { return };
        if contact.origin == Origin::Consult || contact.is_uncounted() {
            return;
        }
        let Some((outcome, ended_at)) = contact.outcome().zip(contact.ended_at) else {
            self.open += 1;
            return;
        };
        if outcome == Outcome::Withdrawn {
            return;
        }
        let waited = contact.answered_at.unwrap_or(ended_at).since(queued_at);
        self.offered += 1;
        self.longest_wait = self.longest_wait.max(waited);
        match outcome {
            Outcome::Answered => {
                self.answered += 1;
                self.answered_in_time += u64::from(waited <= target);
                self.waited += waited;
                self.talked += contact.answered_at.map_or(Duration::ZERO, |at| ended_at.since(at));
            }
            Outcome::Abandoned => {
                self.abandoned += 1;
                self.short_abandoned += u64::from(waited < SHORT_ABANDON);
            }
            Outcome::Overflowed => self.overflowed += 1,
            Outcome::Lost => self.lost += 1,
            Outcome::CallbackBooked => self.callbacks_booked += 1,
            Outcome::Unreached => self.unreached += 1,
            Outcome::LeftMenu | Outcome::SelfServed | Outcome::Refused | Outcome::Withdrawn => {}
        }
    }

    /// Gives the share of contacts that were answered in time, from 0 to 1; none without contacts.
    pub fn service_level(&self) -> Option<f64> {
        ratio(self.answered_in_time, self.counted())
    }

    /// Gives the share of callers who left, from 0 to 1; none without contacts.
    pub fn abandon_rate(&self) -> Option<f64> {
        ratio(self.abandoned - self.short_abandoned, self.counted())
    }

    /// Gives the mean wait of those who were answered; none without answers.
    pub fn speed_of_answer(&self) -> Option<Duration> {
        mean(self.waited, self.answered)
    }

    /// Gives the mean talk; none without answers.
    pub fn mean_talk(&self) -> Option<Duration> {
        mean(self.talked, self.answered)
    }

    const fn counted(&self) -> u64 {
        self.offered - self.short_abandoned - self.callbacks_booked - self.unreached
    }
}

/// Gives the time within which a queue is to answer; none is one that the center no longer has.
pub fn target_of(queue: Option<&Queue>) -> Duration {
    queue.map_or(USUAL_TARGET, |queue| queue.service_level.within)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ContactId;
    use crate::interaction::InteractionState;
    use crate::time::Timestamp;

    const fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn contact(answered: Option<i64>, ended: Option<i64>, reason: &str) -> Interaction {
        let mut contact = Interaction::begin(ContactId::parse("c-1").expect("an id"), at(0));
        contact.queued_at = Some(at(100));
        contact.answered_at = answered.map(at);
        contact.ended_at = ended.map(at);
        contact.end_reason = Some(reason.to_owned());
        if ended.is_some() {
            contact.state = InteractionState::Ended;
        }
        contact
    }

    fn figures(contacts: &[Interaction]) -> QueueFigures {
        let mut figures = QueueFigures::default();
        for contact in contacts {
            figures.add(contact, USUAL_TARGET);
        }
        figures
    }

    #[test]
    fn a_service_level_leaves_short_abandons_aside() {
        let figures = figures(&[
            contact(Some(120), Some(180), "completed"),
            contact(Some(121), Some(200), "completed"),
            contact(None, Some(104), "abandoned"),
            contact(None, Some(160), "abandoned"),
            contact(None, Some(130), "overflow"),
            contact(None, None, ""),
        ]);

        assert_eq!((figures.offered, figures.open), (5, 1));
        assert_eq!((figures.answered, figures.answered_in_time), (2, 1));
        assert_eq!((figures.abandoned, figures.short_abandoned, figures.overflowed), (2, 1, 1));
        assert_eq!(figures.service_level(), Some(0.25));
        assert_eq!(figures.abandon_rate(), Some(0.25));
        assert_eq!(figures.speed_of_answer(), Some(Duration::from_millis(20_500)));
        assert_eq!(figures.mean_talk(), Some(Duration::from_millis(69_500)));
        assert_eq!(figures.longest_wait, Duration::from_mins(1));
    }

    #[test]
    fn without_contacts_there_are_no_figures() {
        let nothing = QueueFigures::default();

        assert_eq!((nothing.service_level(), nothing.abandon_rate()), (None, None));
        assert_eq!((nothing.speed_of_answer(), nothing.mean_talk()), (None, None));
    }
}
