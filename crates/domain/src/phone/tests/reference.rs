//! The comparison with the reference implementation: several hundred hard texts, each read as it reads them.

use super::*;

/// What the reference says; the file tells where the facts are from.
const FACTS: &str = include_str!("reference.tsv");

#[test]
fn hard_numbers_are_read_as_the_reference_reads_them() {
    let facts: Vec<Vec<&str>> = FACTS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    assert!(facts.len() >= 200, "only {} facts", facts.len());

    let mut wrong = Vec::new();
    for fact in &facts {
        let [home, raw, said @ ..] = fact.as_slice() else { panic!("{fact:?} is no fact") };
        let home = Country::parse(home).expect("a country");
        let read = told(&PhoneAddress::parse(raw, home));
        if read != said {
            wrong.push(format!("{home} {raw:?}: {read:?}, the reference says {said:?}"));
        }
    }

    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), facts.len(), wrong.join("\n"));
}

/// Writes an answer in the columns of the facts.
fn told(answer: &Result<PhoneAddress, PhoneError>) -> [String; 5] {
    let alone = |word: &str| [word, "", "", "", ""].map(str::to_owned);
    match answer {
        Ok(PhoneAddress::Number(number)) => [
            number.e164().as_str().to_owned(),
            number.extension().unwrap_or_default().to_owned(),
            number.country().map(|country| country.to_string()).unwrap_or_default(),
            kind(number.kind()).to_owned(),
            validity(number.validity()).to_owned(),
        ],
        Ok(PhoneAddress::ShortCode(_)) => alone("short_code"),
        Ok(PhoneAddress::Sip(_)) => alone("sip"),
        Ok(PhoneAddress::Withheld(_)) => alone("withheld"),
        Err(error) => alone(refusal(*error)),
    }
}

const fn kind(kind: PhoneKind) -> &'static str {
    match kind {
        PhoneKind::Fixed => "fixed",
        PhoneKind::Mobile => "mobile",
        PhoneKind::FixedOrMobile => "fixed_or_mobile",
        PhoneKind::TollFree => "toll_free",
        PhoneKind::Premium => "premium",
        PhoneKind::Voip => "voip",
        PhoneKind::Other => "other",
    }
}

const fn validity(validity: Validity) -> &'static str {
    match validity {
        Validity::Impossible => "impossible",
        Validity::Possible => "possible",
        Validity::Valid => "valid",
    }
}

const fn refusal(error: PhoneError) -> &'static str {
    match error {
        PhoneError::NotANumber => "not_a_number",
        PhoneError::UnknownCountryCode => "unknown_country_code",
        PhoneError::TooShort => "too_short",
        PhoneError::TooLong => "too_long",
        PhoneError::TextTooLong(_) => "text_too_long",
        PhoneError::ControlCharacter => "control_character",
        PhoneError::OtherAddress(_) => "other_address",
    }
}
