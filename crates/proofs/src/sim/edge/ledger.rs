//! How far the facts of a gateway are accepted and recorded, under one token.

use std::collections::BTreeMap;

use switchboard_domain::floor::state::Token;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Running,
    Accepted(u64),
    Recorded,
}

/// The token a gateway works under, and how far its facts have got under it.
pub(super) struct Account {
    pub(super) token: Token,
    answered: bool,
    last_seen: u64,
    accepted: u64,
    recorded: u64,
    open: BTreeMap<u64, Progress>,
}

impl Account {
    /// Begins with the token of a welcome; after a first one nothing can be older.
    pub(super) fn new(token: Token, first: bool) -> Self {
        let open = BTreeMap::new();
        Self { token, answered: first, last_seen: 0, accepted: 0, recorded: 0, open }
    }

    /// Notes that the gateway answers a welcome; says whether it is the newest.
    pub(super) fn answer(&mut self, token: Token) -> bool {
        self.answered |= self.token == token;
        self.token == token
    }

    /// Begins a fact and gives the token it belongs to; none for one that will come again. A gap
    /// gives the number that is expected.
    pub(super) fn begin(&mut self, sequence: u64) -> Result<Option<Token>, u64> {
        if !self.answered {
            return Ok(None);
        }
        if self.last_seen == 0 {
            self.accepted = sequence - 1;
            self.recorded = sequence - 1;
        } else if sequence > self.last_seen + 1 {
            return Err(self.last_seen + 1);
        }
        self.last_seen = self.last_seen.max(sequence);
        if sequence > self.recorded {
            self.open.entry(sequence).or_insert(Progress::Running);
        }
        Ok(Some(self.token))
    }

    /// Notes that a fact is in the live state, unless it began under another token.
    pub(super) fn accept(&mut self, token: Token, sequence: u64, place: Option<u64>) -> bool {
        if self.token == token {
            let progress = place.map_or(Progress::Recorded, Progress::Accepted);
            if let Some(entry) = self.open.get_mut(&sequence) {
                *entry = progress;
            }
            self.move_on();
        }
        self.token == token
    }

    /// Notes how far the history has got.
    pub(super) fn record(&mut self, upto: u64) -> bool {
        let before = self.standing();
        for progress in self.open.values_mut() {
            if matches!(progress, Progress::Accepted(place) if *place <= upto) {
                *progress = Progress::Recorded;
            }
        }
        self.move_on();
        self.standing() != before
    }

    fn move_on(&mut self) {
        while self.open.get(&(self.recorded + 1)) == Some(&Progress::Recorded) {
            self.recorded += 1;
            self.open.remove(&self.recorded);
        }
        self.accepted = self.accepted.max(self.recorded);
        while self.open.get(&(self.accepted + 1)).is_some_and(|it| *it != Progress::Running) {
            self.accepted += 1;
        }
    }

    /// Gives how far facts are accepted, and how far recorded.
    pub(super) fn standing(&self) -> (u64, u64) {
        (self.accepted, self.recorded)
    }
}
