//! Checks on single fields: text, ids, lists, keys, enums. Each names field, value and expectation.

use std::str::FromStr;

use switchboard_domain::ids::IdError;

use crate::error::ApiError;

/// The largest request accepted, encoded, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 64 * 1024;

/// The longest telephone number accepted in any notation, in characters.
pub const MAX_NUMBER: usize = 64;

/// The most keys accepted in one input.
pub const MAX_DIGITS: usize = 128;

/// Checks a text that may be empty: at most `max` characters, no control characters but
/// line breaks and tabs.
pub fn text(field: &str, value: String, max: usize) -> Result<String, ApiError> {
    let expected = || format!("at most {max} characters, none of them a control character");
    let is_odd = |character: char| character.is_control() && !matches!(character, '\n' | '\t');
    if value.chars().count() > max || value.chars().any(is_odd) {
        // A text may be personal, so only its length is told.
        let length = value.chars().count().to_string();
        return Err(ApiError::invalid_unseen(field, expected()).with("length", length));
    }
    Ok(value)
}

/// Checks a text that must not be blank.
pub fn required_text(field: &str, value: String, max: usize) -> Result<String, ApiError> {
    if value.trim().is_empty() {
        return Err(ApiError::missing(field));
    }
    text(field, value, max)
}

/// Checks a short word, such as a reason or a disposition: empty, or shaped like an id.
pub fn word(field: &str, value: String) -> Result<String, ApiError> {
    match switchboard_domain::ids::check_id(&value) {
        Ok(()) | Err(IdError::Empty) => Ok(value),
        Err(error @ (IdError::TooLong(_) | IdError::BadCharacter(_))) => {
            Err(bad_id(field, &value, &error))
        }
    }
}

/// Checks a short word that must not be empty.
pub fn required_word(field: &str, value: String) -> Result<String, ApiError> {
    if value.is_empty() {
        return Err(ApiError::missing(field));
    }
    word(field, value)
}

/// Checks an id.
pub fn id<T: FromStr<Err = IdError>>(field: &str, value: &str) -> Result<T, ApiError> {
    if value.is_empty() {
        return Err(ApiError::missing(field));
    }
    value.parse().map_err(|error| bad_id(field, value, &error))
}

/// Checks an id that may be empty.
pub fn optional_id<T: FromStr<Err = IdError>>(
    field: &str,
    value: &str,
) -> Result<Option<T>, ApiError> {
    if value.is_empty() { Ok(None) } else { id(field, value).map(Some) }
}

/// Checks telephone keys: at most `max`, of `0-9 * #`.
pub fn digits(field: &str, value: String, max: usize) -> Result<String, ApiError> {
    let is_key = |key: char| key.is_ascii_digit() || matches!(key, '*' | '#');
    if value.len() > max || !value.chars().all(is_key) {
        let expected = format!("at most {max} keys of `0-9 * #`");
        // Keys may be a secret, such as a PIN.
        return Err(ApiError::invalid_unseen(field, expected));
    }
    Ok(value)
}

/// Checks the length of a list.
pub fn list<T>(field: &str, values: Vec<T>, max: usize) -> Result<Vec<T>, ApiError> {
    if values.len() > max {
        let count = format!("{} elements", values.len());
        return Err(ApiError::invalid(field, &count, format!("at most {max} elements")));
    }
    Ok(values)
}

/// Checks that a message or a oneof is set.
pub fn required<T>(field: &str, value: Option<T>) -> Result<T, ApiError> {
    value.ok_or_else(|| ApiError::missing(field))
}

/// Checks an enum: a known value. Zero passes; its meaning is the field's to say.
pub fn known<E: TryFrom<i32>>(field: &str, value: i32) -> Result<E, ApiError> {
    E::try_from(value)
        .map_err(|_| ApiError::invalid(field, &value.to_string(), "a value of the enum"))
}

/// Reads an etag; an empty one is none.
pub fn etag(field: &str, value: &str) -> Result<Option<u64>, ApiError> {
    if value.is_empty() {
        return Ok(None);
    }
    value.parse().map(Some).map_err(|_| ApiError::invalid(field, value, "an etag as last read"))
}

fn bad_id(field: &str, value: &str, error: &IdError) -> ApiError {
    ApiError::invalid(field, value, error.to_string())
}

#[cfg(test)]
mod tests {
    use switchboard_domain::ids::AgentId;

    use super::*;
    use crate::generated::call::v1::Side;

    #[test]
    fn text_is_measured_in_characters() {
        assert!(text("notes", "订票".repeat(2), 4).is_ok());
        assert!(text("notes", "订票".repeat(2), 3).is_err());
    }

    #[test]
    fn control_characters_are_refused() {
        assert!(text("notes", "one\n\ttwo".to_owned(), 20).is_ok());
        for odd in ["\0", "\u{1b}[31m", "a\rb", "\u{85}"] {
            assert!(text("notes", odd.to_owned(), 20).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn a_refused_text_is_not_echoed() {
        let error = text("caller_name", "\0Li Wei".to_owned(), 20).expect_err("a refusal");

        assert!(!format!("{:?}", error.metadata()).contains("Li Wei"));
        assert_eq!(error.metadata()["length"], "7");
    }

    #[test]
    fn a_blank_text_counts_as_missing() {
        let error = required_text("subject", "  ".to_owned(), 20).expect_err("a refusal");

        assert_eq!(error.reason(), "MISSING_FIELD");
    }

    #[test]
    fn ids_are_checked_once_and_typed() {
        let agent: AgentId = id("agent_id", "li-wei").expect("a valid id");
        let none: Option<AgentId> = optional_id("agent_id", "").expect("none");

        assert_eq!(agent.as_str(), "li-wei");
        assert_eq!(none, None);
        assert_eq!(reason(id::<AgentId>("agent_id", "")), "MISSING_FIELD");
        assert_eq!(reason(id::<AgentId>("agent_id", "李")), "INVALID_FIELD");
        assert_eq!(reason(optional_id::<AgentId>("agent_id", &"a".repeat(65))), "INVALID_FIELD");
    }

    #[test]
    fn words_are_empty_or_shaped_like_ids() {
        assert!(word("reason", String::new()).is_ok());
        assert!(word("reason", "lunch".to_owned()).is_ok());
        assert!(word("reason", "long lunch".to_owned()).is_err());
    }

    #[test]
    fn keys_are_those_of_a_telephone() {
        assert!(digits("digits", "010*021*1225#".to_owned(), 128).is_ok());
        assert!(digits("digits", "12a".to_owned(), 128).is_err());
        assert!(digits("digits", "123".to_owned(), 2).is_err());
    }

    #[test]
    fn lists_and_enums_are_bounded() {
        assert!(list("events", vec![0; 100], 100).is_ok());
        assert!(list("events", vec![0; 101], 100).is_err());
        assert_eq!(known::<Side>("side", 2).expect("a side"), Side::Agent);
        assert_eq!(reason(known::<Side>("side", 99)), "INVALID_FIELD");
        assert_eq!(reason(required::<()>("event", None)), "MISSING_FIELD");
    }

    #[test]
    fn an_etag_is_a_version_or_nothing() {
        assert_eq!(etag("etag", "3").expect("a version"), Some(3));
        assert_eq!(etag("etag", "").expect("none"), None);
        assert!(etag("etag", "W/3").is_err());
    }

    fn reason<T: std::fmt::Debug>(result: Result<T, ApiError>) -> String {
        result.expect_err("a refusal").reason().to_owned()
    }
}
