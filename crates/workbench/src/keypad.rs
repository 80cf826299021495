//! From what a simulated caller does to what a gateway would report of it.
//!
//! The gateway listens as the flow told it: an entry ends with the terminator, when it is as long as
//! it can be, or when one of the three deadlines passes. Keys that are left go to the next question.

use std::collections::VecDeque;
use std::time::Duration;

use switchboard_center::CallerInput;
use switchboard_domain::flow::{CollectDirective, DigitsEnd, Input, Key};

/// A caller who does one thing after the other.
#[derive(Debug, Default)]
pub(crate) struct Caller {
    inputs: VecDeque<CallerInput>,
    /// Keys that no question took yet.
    keys: VecDeque<Press>,
}

#[derive(Clone, Copy, Debug)]
struct Press {
    key: char,
    /// How long after the question, or the key before.
    gap: Duration,
}

/// What a gateway reports, how it is shown, and how long it took.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Act {
    pub(crate) input: Input,
    pub(crate) shown: String,
    pub(crate) took: Duration,
}

impl Caller {
    /// Lets the caller do something more.
    pub(crate) fn add(&mut self, inputs: impl IntoIterator<Item = CallerInput>) {
        self.inputs.extend(inputs);
    }

    /// Says whether anything is left to do, such as keys that no question asked for.
    pub(crate) fn left(&self) -> bool {
        !self.keys.is_empty() || !self.inputs.is_empty()
    }

    /// Gives what the caller does next; nothing when there is nothing left to do.
    pub(crate) fn act(&mut self, listening: &CollectDirective) -> Option<Act> {
        if self.keys.is_empty() {
            match self.inputs.pop_front()? {
                CallerInput::Keys { keys, after, every } => self.hold(&keys, after, every),
                CallerInput::Text(text) => return Some(write(text, listening)),
                CallerInput::Silence => return Some(silence(listening)),
                CallerInput::HangUp => {
                    let (shown, took) = ("hang_up".to_owned(), Duration::ZERO);
                    return Some(Act { input: Input::HangUp, shown, took });
                }
            }
        }
        let first = self.keys.front_mut()?;
        if first.gap > listening.timers.first_digit {
            first.gap -= listening.timers.first_digit;
            return Some(silence(listening));
        }
        Some(self.press(listening))
    }

    fn hold(&mut self, keys: &str, after: Duration, every: Duration) {
        let gaps = std::iter::once(after).chain(std::iter::repeat(every));
        self.keys.extend(keys.chars().zip(gaps).map(|(key, gap)| Press { key, gap }));
    }

    /// Presses keys until the gateway stops listening.
    fn press(&mut self, listening: &CollectDirective) -> Act {
        let timers = &listening.timers;
        let (mut keys, mut took, mut since_first) = (String::new(), Duration::ZERO, Duration::ZERO);
        let end = loop {
            // The first key was in time; each further one must be before two deadlines.
            let patience = timers.inter_digit.min(timers.overall.saturating_sub(since_first));
            let Some(press) = self.keys.pop_front() else {
                took += patience;
                break DigitsEnd::Timeout;
            };
            if !keys.is_empty() && press.gap > patience {
                took += patience;
                self.keys.push_front(Press { gap: press.gap.saturating_sub(patience), ..press });
                break DigitsEnd::Timeout;
            }
            took += press.gap;
            since_first += if keys.is_empty() { Duration::ZERO } else { press.gap };
            if listening.terminator.map(Key::as_char) == Some(press.key) {
                break DigitsEnd::Terminator;
            }
            keys.push(press.key);
            if keys.len() >= listening.max_digits {
                took += self.swallow(listening);
                break DigitsEnd::Full;
            }
        };
        let ended = listening.terminator.filter(|_| end == DigitsEnd::Terminator);
        let ended = ended.map(|key| key.to_string()).unwrap_or_default();
        let shown = masked(&format!("{keys}{ended}"), listening);
        Act { input: Input::Digits { keys, end }, shown, took }
    }
}

impl Caller {
    /// Swallows the terminator that is pressed out of habit after an entry that is full, as gateways
    /// do which forget keys before they play the next question; gives how long it took.
    fn swallow(&mut self, listening: &CollectDirective) -> Duration {
        let habit = listening.terminator.unwrap_or(Key::POUND).as_char();
        let next = self.keys.front().filter(|press| press.key == habit);
        let Some(gap) = next.map(|press| press.gap) else { return Duration::ZERO };
        if gap > listening.timers.inter_digit {
            return Duration::ZERO;
        }
        self.keys.pop_front();
        gap
    }
}

fn write(text: String, listening: &CollectDirective) -> Act {
    let shown = format!("“{}”", masked(&text, listening));
    Act { input: Input::Text(text), shown, took: Duration::from_secs(1) }
}

fn silence(listening: &CollectDirective) -> Act {
    let took = listening.timers.first_digit;
    Act { input: Input::Silence, shown: "silence".to_owned(), took }
}

// Not even how long a secret is may be seen.
fn masked(keys: &str, listening: &CollectDirective) -> String {
    if listening.sensitive { "••••".to_owned() } else { keys.to_owned() }
}

#[cfg(test)]
mod tests {
    use switchboard_domain::flow::Timers;

    use super::*;

    #[test]
    fn an_entry_ends_with_its_terminator_its_length_or_a_deadline() {
        let cases = [
            ("12#", "12", DigitsEnd::Terminator),
            ("123456", "1234", DigitsEnd::Full),
            ("1234#", "1234", DigitsEnd::Full),
            ("12", "12", DigitsEnd::Timeout),
        ];
        for (pressed, keys, end) in cases {
            let mut caller = caller(pressed, 1, 1);

            let act = caller.act(&listening()).expect("something is done");

            assert_eq!(act.input, Input::Digits { keys: keys.into(), end }, "{pressed}");
        }
    }

    #[test]
    fn what_is_left_of_the_keys_is_for_the_next_question_without_the_terminator() {
        let mut caller = caller("1234#56#", 1, 1);

        caller.act(&listening()).expect("a full entry");
        let rest = caller.act(&listening()).expect("the next entry");

        let end = DigitsEnd::Terminator;
        assert_eq!(rest.input, Input::Digits { keys: "56".into(), end });
        assert!(!caller.left());
    }

    #[test]
    fn keys_that_come_too_late_are_silence_and_then_an_entry() {
        let mut caller = caller("7#", 9, 1);

        let first = caller.act(&listening()).expect("the deadline passes");
        let second = caller.act(&listening()).expect("then the keys come");

        assert_eq!((first.input, first.took), (Input::Silence, Duration::from_secs(5)));
        let end = DigitsEnd::Terminator;
        assert_eq!(second.input, Input::Digits { keys: "7".into(), end });
        assert_eq!(second.took, Duration::from_secs(4 + 1));
        assert!(!caller.left());
    }

    #[test]
    fn the_overall_deadline_ends_what_the_inter_digit_deadline_lets_pass() {
        let mut caller = caller("123", 1, 3);

        let first = caller.act(&listening()).expect("an entry");
        let rest = caller.act(&listening()).expect("what is left of it");

        let end = DigitsEnd::Timeout;
        assert_eq!(first.input, Input::Digits { keys: "12".into(), end });
        assert_eq!(first.took, Duration::from_secs(1 + 5));
        assert_eq!(rest.input, Input::Digits { keys: "3".into(), end });
    }

    #[test]
    fn what_nobody_may_see_is_not_shown_not_even_how_long_it_is() {
        let mut caller = caller("31#", 1, 1);

        let act = caller.act(&CollectDirective { sensitive: true, ..listening() });

        assert_eq!(act.map(|act| act.shown).as_deref(), Some("••••"));
    }

    fn caller(keys: &str, after: u64, every: u64) -> Caller {
        let (after, every) = (Duration::from_secs(after), Duration::from_secs(every));
        let mut caller = Caller::default();
        caller.add([CallerInput::Keys { keys: keys.into(), after, every }]);
        caller
    }

    fn listening() -> CollectDirective {
        let timers = Timers {
            first_digit: Duration::from_secs(5),
            inter_digit: Duration::from_secs(4),
            overall: Duration::from_secs(5),
        };
        CollectDirective {
            prompts: Vec::new(),
            barge_in: true,
            min_digits: 1,
            max_digits: 4,
            terminator: Some(Key::POUND),
            timers,
            sensitive: false,
        }
    }
}
