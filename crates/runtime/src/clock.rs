//! Time and ids: the only place that asks the machine for either.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use switchboard_domain::ids::OfferId;
use switchboard_domain::time::Timestamp;
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Gives the current wall time.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn now(&self) -> Timestamp {
        // A machine set before 1970 reads as 1970: no rule of ours gets better by failing here.
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that moves only when told to, for tests.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Makes a clock that stands at `now`.
    pub fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.as_millis()))
    }

    /// Moves the clock on.
    pub fn advance(&self, span: Duration) {
        self.set(self.now() + span);
    }

    /// Moves the clock to a point in time.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_millis(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Measures how long something takes; not affected by changes of the wall clock.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Gives the time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Makes identifiers that nobody else makes.
pub trait Ids: Send + Sync + 'static {
    /// Makes an id that sorts by the time it was made: for records.
    fn uuid(&self) -> Uuid;

    /// Makes an id that nobody can guess: 128 random bits, as 32 hexadecimal digits.
    fn secret(&self) -> String;

    /// Draws a number.
    fn chance(&self) -> u64 {
        let digits = self.secret();
        u64::from_str_radix(&digits[16..], 16).expect("a secret is hexadecimal digits")
    }

    /// Makes the id of an offer.
    fn offer(&self) -> OfferId {
        OfferId::parse(self.secret()).expect("hexadecimal digits make an id")
    }
}

/// Ids from the machine's clock and its source of randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that makes ids")]
    fn uuid(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn secret(&self) -> String {
        format!("{:032x}", u128::from_be_bytes(random_bytes()))
    }
}

/// Ids that count from one, so that a test can foretell them.
#[derive(Debug, Default)]
pub struct CountingIds(AtomicU64);

impl CountingIds {
    fn next(&self) -> u128 {
        u128::from(self.0.fetch_add(1, Ordering::SeqCst)) + 1
    }
}

impl Ids for CountingIds {
    fn uuid(&self) -> Uuid {
        Uuid::from_u128(self.next())
    }

    fn secret(&self) -> String {
        format!("{:032x}", self.next())
    }
}

/// Draws bytes fit for keys.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has a source of randomness");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = ManualClock::at(Timestamp::from_millis(1_000));

        let before = (clock.now(), clock.now());
        clock.advance(Duration::from_secs(2));

        assert_eq!(before, (Timestamp::from_millis(1_000), Timestamp::from_millis(1_000)));
        assert_eq!(clock.now(), Timestamp::from_millis(3_000));
    }

    #[test]
    fn the_system_clock_is_past_the_year_2020() {
        assert!(SystemClock.now().as_millis() > 1_577_836_800_000);
    }

    #[test]
    fn secrets_are_32_digits_and_differ() {
        let (first, second) = (RandomIds.secret(), RandomIds.secret());

        assert_eq!(first.len(), 32);
        assert!(first.bytes().all(|digit| digit.is_ascii_hexdigit()));
        assert_ne!(first, second);
    }

    #[test]
    fn record_ids_sort_by_time() {
        let ids: Vec<Uuid> = (0..100).map(|_| RandomIds.uuid()).collect();

        assert!(ids.is_sorted());
    }

    #[test]
    fn counted_ids_can_be_foretold() {
        let ids = CountingIds::default();

        assert_eq!(ids.offer().as_str(), "00000000000000000000000000000001");
        assert_eq!(ids.uuid(), Uuid::from_u128(2));
    }
}
