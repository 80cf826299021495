//! Leaves a system alone for a while after it failed too often in a row.

use switchboard_domain::center::Breaker as Rules;
use tokio::time::Instant;

/// The circuit breaker of one endpoint.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    failures: u32,
    /// Nothing is asked before; then one request tries.
    open_until: Option<Instant>,
}

impl Breaker {
    /// Says whether the system may be asked now. While it is left alone one request at a time is let
    /// through after each pause, and the next pause begins with it.
    pub(super) fn admits(&mut self, rules: Rules, now: Instant) -> bool {
        match self.open_until {
            Some(until) if now < until => false,
            Some(_) => {
                self.open_until = Some(now + rules.pause);
                true
            }
            None => true,
        }
    }

    /// Notes that the system answered, whatever it said.
    pub(super) fn answered(&mut self) {
        *self = Self::default();
    }

    /// Notes that it did not; says whether it is left alone from now on.
    pub(super) fn failed(&mut self, rules: Rules, now: Instant) -> bool {
        self.failures = self.failures.saturating_add(1);
        let opens = self.failures >= rules.failures;
        let is_new = opens && self.open_until.is_none();
        if opens {
            self.open_until = Some(now + rules.pause);
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const RULES: Rules = Rules { failures: 2, pause: Duration::from_secs(30) };

    #[test]
    fn failures_in_a_row_open_it_and_an_answer_between_them_does_not() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());

        assert!(!breaker.failed(RULES, now));
        breaker.answered();
        assert!(!breaker.failed(RULES, now));
        assert!(breaker.admits(RULES, now));
        assert!(breaker.failed(RULES, now));

        assert!(!breaker.admits(RULES, now + Duration::from_secs(29)));
    }

    #[test]
    fn after_the_pause_one_request_tries_and_its_answer_closes_it() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        breaker.failed(RULES, now);
        breaker.failed(RULES, now);
        let later = now + RULES.pause;

        assert!(breaker.admits(RULES, later));
        assert!(!breaker.admits(RULES, later), "one at a time");
        assert!(!breaker.failed(RULES, later), "it is open already");
        assert!(!breaker.admits(RULES, later + Duration::from_secs(29)));
        assert!(breaker.admits(RULES, later + RULES.pause));
        breaker.answered();

        assert!(breaker.admits(RULES, later + RULES.pause));
    }
}
