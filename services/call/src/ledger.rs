//! How far the events of a gateway are accepted and recorded.

use std::collections::BTreeMap;

use switchboard_domain::floor::state::Token;
use switchboard_store::outbox::OutboxId;

/// Where an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    Running,
    /// In the live state; recorded once the history has reached the place in the outbox.
    Accepted(OutboxId),
    Recorded,
}

/// The token a gateway works under, and how far its events have got under that token.
#[derive(Debug)]
pub(crate) struct Account {
    token: Token,
    /// Whether the gateway has answered the welcome that brought the token. What comes before the
    /// answer may be older than the welcome, and comes again after it.
    answered: bool,
    ledger: Ledger,
}

impl Account {
    /// Begins with the token of a first welcome: nothing can be older.
    pub(crate) fn new(token: Token) -> Self {
        Self { token, answered: true, ledger: Ledger::default() }
    }

    pub(crate) fn token(&self) -> Token {
        self.token
    }

    /// Goes on where another replica was when the outbox ended there.
    pub(crate) fn inherit(&mut self, end: OutboxId) {
        self.ledger = Ledger { inherited: Some(end), ..Ledger::default() };
    }

    /// Begins anew after an epoch change: whatever was accepted may be lost.
    pub(crate) fn renew(&mut self, token: Token) {
        *self = Self { token, answered: false, ledger: Ledger::default() };
    }

    /// Notes that the gateway answers a welcome; says whether it is the newest.
    pub(crate) fn answer(&mut self, token: Token) -> bool {
        self.answered |= self.token == token;
        self.token == token
    }

    /// Begins an event and gives the token it belongs to; none for one that will come again.
    pub(crate) fn begin(&mut self, sequence: u64) -> Result<Option<Token>, Gap> {
        if !self.answered {
            return Ok(None);
        }
        if sequence > 0 {
            self.ledger.begin(sequence)?;
        }
        Ok(Some(self.token))
    }

    /// Notes that an event is in the live state, unless it began under another token.
    pub(crate) fn accept(&mut self, token: Token, sequence: u64, place: Option<OutboxId>) -> bool {
        if self.token == token {
            self.ledger.accept(sequence, place);
        }
        self.token == token
    }

    /// Notes how far the history has got; says whether more is recorded now.
    pub(crate) fn record(&mut self, upto: OutboxId) -> bool {
        let before = self.ledger.standing();
        self.ledger.record(upto);
        self.ledger.standing() != before
    }

    /// Gives how far events are accepted, and how far recorded.
    pub(crate) fn standing(&self) -> (u64, u64) {
        self.ledger.standing()
    }

    /// Says whether something accepted waits for the history.
    pub(crate) fn is_waiting(&self) -> bool {
        self.ledger.is_waiting()
    }
}

/// The account of one session's events.
#[derive(Debug, Default)]
struct Ledger {
    /// Where the outbox ended when the session was taken over: what another replica accepted is
    /// recorded once the history has got there.
    inherited: Option<OutboxId>,
    last_seen: u64,
    accepted_through: u64,
    recorded_through: u64,
    open: BTreeMap<u64, Progress>,
}

/// Says that events are missing before one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) expected: u64,
}

impl Ledger {
    /// Begins an event; one that skips numbers is refused. The first one may have any number.
    fn begin(&mut self, sequence: u64) -> Result<(), Gap> {
        if self.last_seen == 0 {
            self.accepted_through = sequence - 1;
            self.recorded_through = sequence - 1;
        } else if sequence > self.last_seen + 1 {
            return Err(Gap { expected: self.last_seen + 1 });
        }
        self.last_seen = self.last_seen.max(sequence);
        if sequence > self.recorded_through {
            self.open.entry(sequence).or_insert(Progress::Running);
        }
        Ok(())
    }

    /// Notes that an event is in the live state; `place` is the last entry it depends on.
    fn accept(&mut self, sequence: u64, place: Option<OutboxId>) {
        let progress = place.map_or(Progress::Recorded, Progress::Accepted);
        if let Some(entry) = self.open.get_mut(&sequence) {
            *entry = progress;
        }
        self.move_on();
    }

    /// Notes how far the history has got.
    fn record(&mut self, upto: OutboxId) {
        self.inherited = self.inherited.filter(|end| *end > upto);
        for progress in self.open.values_mut() {
            if matches!(progress, Progress::Accepted(place) if *place <= upto) {
                *progress = Progress::Recorded;
            }
        }
        self.move_on();
    }

    fn move_on(&mut self) {
        while let Some(progress) = self.open.get(&(self.recorded_through + 1)) {
            if *progress != Progress::Recorded {
                break;
            }
            self.recorded_through += 1;
            self.open.remove(&self.recorded_through);
        }
        self.accepted_through = self.accepted_through.max(self.recorded_through);
        while let Some(progress) = self.open.get(&(self.accepted_through + 1)) {
            if *progress == Progress::Running {
                break;
            }
            self.accepted_through += 1;
        }
    }

    /// Gives how far events are accepted, and how far recorded.
    fn standing(&self) -> (u64, u64) {
        let recorded = if self.inherited.is_some() { 0 } else { self.recorded_through };
        (self.accepted_through, recorded)
    }

    /// Says whether an accepted event waits for the history.
    fn is_waiting(&self) -> bool {
        self.inherited.is_some()
            || self.open.values().any(|progress| matches!(progress, Progress::Accepted(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(epoch: u64) -> Token {
        Token { epoch, number: 1 }
    }

    #[test]
    fn events_are_accepted_in_order_however_they_finish() {
        let mut ledger = Ledger::default();
        for sequence in 4..=6 {
            assert_eq!(ledger.begin(sequence), Ok(()));
        }

        ledger.accept(5, Some(OutboxId::new(2, 0)));
        assert_eq!(ledger.standing(), (3, 3));
        ledger.accept(4, Some(OutboxId::new(1, 0)));
        assert_eq!(ledger.standing(), (5, 3));
        ledger.record(OutboxId::new(1, 0));
        assert_eq!(ledger.standing(), (5, 4));
        ledger.accept(6, None);
        ledger.record(OutboxId::new(2, 0));

        assert_eq!(ledger.standing(), (6, 6));
        assert!(!ledger.is_waiting());
    }

    #[test]
    fn a_skipped_event_is_named() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.begin(1), Ok(()));

        assert_eq!(ledger.begin(3), Err(Gap { expected: 2 }));
    }

    #[test]
    fn what_another_replica_accepted_is_not_recorded_before_the_history_says_so() {
        let mut ledger = Account::new(token(1));
        ledger.inherit(OutboxId::new(7, 0));
        assert_eq!(ledger.begin(16), Ok(Some(token(1))));
        ledger.accept(token(1), 16, Some(OutboxId::new(8, 0)));

        ledger.record(OutboxId::new(6, 0));
        assert_eq!(ledger.standing(), (16, 0));
        assert!(ledger.is_waiting());
        ledger.record(OutboxId::new(8, 0));

        assert_eq!(ledger.standing(), (16, 16));
    }

    #[test]
    fn a_resent_event_is_no_gap() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.begin(1), Ok(()));
        ledger.accept(1, None);

        assert_eq!(ledger.begin(1), Ok(()));
        assert_eq!(ledger.begin(2), Ok(()));
    }

    #[test]
    fn events_from_before_a_new_epoch_count_for_nothing() {
        let mut account = Account::new(token(1));
        assert_eq!(account.begin(10), Ok(Some(token(1))));

        account.renew(token(2));
        let late = account.accept(token(1), 10, Some(OutboxId::new(1, 0)));
        let unanswered = account.begin(11);
        let stale = account.answer(token(1));
        let answered = account.answer(token(2));

        assert!(!late && !stale && answered);
        assert_eq!((unanswered, account.standing()), (Ok(None), (0, 0)));
        assert_eq!(account.begin(10), Ok(Some(token(2))));
    }
}
