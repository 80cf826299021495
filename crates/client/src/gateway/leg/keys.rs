//! How pressed keys become an answer.

use switchboard_api::call::v1::{Collect, CollectEnd, DigitsCollected};

use crate::gateway::Keys;

/// Collects as a gateway does: up to the terminator, or as many keys as are allowed.
pub(super) fn collect(command: &str, keys: &Keys, collect: &Collect) -> DigitsCollected {
    let pressed = match keys {
        Keys::Press(pressed) => pressed.as_str(),
        Keys::Silence => "",
    };
    let most = usize::try_from(collect.max_digits).unwrap_or(usize::MAX);
    let is_terminator = |key: char| collect.terminators.contains(key);
    let digits: String =
        pressed.chars().take_while(|key| !is_terminator(*key)).take(most).collect();
    let reason = if pressed.is_empty() {
        CollectEnd::NoInput
    } else if digits.chars().count() >= most {
        CollectEnd::Complete
    } else if pressed.contains(is_terminator) {
        CollectEnd::Terminator
    } else {
        CollectEnd::Timeout
    };
    DigitsCollected { command_id: command.to_owned(), digits, reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(most: u32) -> Collect {
        Collect { max_digits: most, terminators: "#".to_owned(), ..Collect::default() }
    }

    fn pressed(keys: &str, most: u32) -> (String, CollectEnd) {
        let collected = collect("c", &Keys::Press(keys.to_owned()), &asked(most));
        let reason = collected.reason();
        (collected.digits, reason)
    }

    #[test]
    fn a_terminator_ends_the_answer_and_is_no_part_of_it() {
        assert_eq!(pressed("0571*0755#", 20), ("0571*0755".to_owned(), CollectEnd::Terminator));
    }

    #[test]
    fn the_most_keys_end_the_answer() {
        assert_eq!(pressed("234", 1), ("2".to_owned(), CollectEnd::Complete));
    }

    #[test]
    fn keys_without_an_end_run_into_the_timeout() {
        assert_eq!(pressed("12", 20), ("12".to_owned(), CollectEnd::Timeout));
    }

    #[test]
    fn silence_is_no_input() {
        let collected = collect("c", &Keys::Silence, &asked(5));

        assert_eq!(collected.reason(), CollectEnd::NoInput);
        assert_eq!(collected.digits, "");
    }
}
