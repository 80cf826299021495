//! Places kept for callers who left, for a while, to ring in again.

use smol_str::SmolStr;

use crate::ids::{ContactId, QueueId};

use super::plan::ClassKey;
use super::state::{ContactState, EndReason, Place};
use super::step::Step;
use super::{Due, KeptPlace, caller_key};

impl Step<'_> {
    /// Keeps the place of a caller who leaves while waiting, if his queue does that.
    pub(super) fn keep_place(&mut self, id: &ContactId) {
        let span = self.rules_of(id).map(|rules| rules.redial_window).unwrap_or_default();
        let contact = self.contact(id);
        let waits = matches!(contact.state, ContactState::Queued | ContactState::Offered { .. });
        if !waits || contact.caller.is_empty() || span.is_zero() || contact.parent.is_some() {
            return;
        }
        let Some(place) = contact.place.clone() else { return };
        let key = caller_key(&place.queue, &contact.caller);
        let until = self.now + span;
        let kept = KeptPlace {
            rank: place.rank,
            sequence: place.sequence,
            enqueued_at: place.enqueued_at,
            priority: place.priority,
            until,
        };
        self.floor.kept.insert(key.clone(), kept);
        self.arm(Due::Place(key), Some(until));
    }

    pub(super) fn forget_place(&mut self, key: &str) {
        self.floor.kept.remove(key);
        self.arm(Due::Place(key.to_owned()), None);
    }

    /// Gives a caller who rings in again the place that was kept for him, by an open callback or
    /// since he left; says whose place it was.
    pub(super) fn resume_place(&mut self, id: &ContactId, queue: &QueueId) -> SmolStr {
        let caller = self.contact(id).caller.clone();
        if caller.is_empty() {
            return SmolStr::default();
        }
        let key = caller_key(queue, &caller);
        if let Some(callback) = self.floor.callbacks.get(&key).cloned()
            && self.floor.contacts[&callback].token.is_none()
        {
            if let Some(place) = self.contact(&callback).place.clone() {
                self.take_place(id, Place { rings: Vec::new(), ..place });
            }
            self.end_by(&callback, EndReason::Superseded, &[("by", id.into())]);
            return SmolStr::from(&callback);
        }
        let Some(kept) = self.floor.kept.get(&key).copied() else { return SmolStr::default() };
        self.forget_place(&key);
        if kept.until <= self.now {
            return SmolStr::default();
        }
        let place = Place {
            queue: queue.clone(),
            class: ClassKey::new(""),
            rank: kept.rank,
            sequence: kept.sequence,
            enqueued_at: kept.enqueued_at,
            priority: kept.priority,
            overflows_at: self.now,
            rings: Vec::new(),
        };
        self.take_place(id, place);
        SmolStr::new_static("1")
    }

    /// Gives a contact a place, unless it has one further ahead.
    fn take_place(&mut self, id: &ContactId, place: Place) {
        let contact = self.contact(id);
        let is_ahead = |own: &Place| (own.rank, own.sequence) < (place.rank, place.sequence);
        if !contact.place.as_ref().is_some_and(is_ahead) {
            contact.place = Some(place);
        }
    }
}
