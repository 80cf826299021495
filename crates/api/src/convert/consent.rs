//! What customers agreed to, between wire and domain.

use switchboard_domain::consent::{Consent, ConsentState, Purposes};
use switchboard_domain::ids::PurposeId;
use switchboard_domain::time::Timestamp;

use super::ticket::{medium, medium_field};
use super::time::{past_field, timestamp};
use crate::error::ApiError;
use crate::field;
use crate::generated::callerid::v1 as wire;

/// Reads what a customer said. `actor` comes from the credential, and nothing is said later than `now`.
pub fn consent(
    request: wire::SetConsentRequest,
    purposes: &Purposes,
    actor: String,
    now: Timestamp,
) -> Result<Consent, ApiError> {
    let asked = field::known::<wire::ConsentState>("state", request.state)?;
    let named = ConsentState::ALL.iter().copied().find(|known| state(*known) == asked);
    let said = named.ok_or_else(|| ApiError::missing("state"))?;
    Ok(Consent {
        id: field::id("request_id", &request.request_id)?,
        purpose: purpose(&request.purpose, purposes, said)?,
        medium: medium_field("medium", request.medium)?,
        state: said,
        source: field::required_word("source", request.source)?,
        actor,
        at: past_field("time", request.time, now)?,
        recorded_at: now,
    })
}

/// Puts on the wire what a customer said.
pub fn told(consent: &Consent) -> wire::Consent {
    wire::Consent {
        request_id: consent.id.to_string(),
        purpose: consent.purpose.to_string(),
        medium: consent.medium.map(medium).unwrap_or_default().into(),
        state: state(consent.state).into(),
        source: consent.source.clone(),
        actor: consent.actor.clone(),
        time: Some(timestamp(consent.at)),
        record_time: Some(timestamp(consent.recorded_at)),
    }
}

const fn state(state: ConsentState) -> wire::ConsentState {
    match state {
        ConsentState::Given => wire::ConsentState::Given,
        ConsentState::Withdrawn => wire::ConsentState::Withdrawn,
    }
}

/// Reads a purpose. Who says no may do so to what the center does not have, or has no more.
fn purpose(name: &str, purposes: &Purposes, said: ConsentState) -> Result<PurposeId, ApiError> {
    let purpose: PurposeId = field::id("purpose", name)?;
    if said == ConsentState::Given && purposes.rule(&purpose).is_none() {
        let known: Vec<&str> = purposes.ids().map(PurposeId::as_str).collect();
        return Err(ApiError::invalid("purpose", name, format!("one of {}", known.join(", "))));
    }
    Ok(purpose)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000);

    fn request() -> wire::SetConsentRequest {
        wire::SetConsentRequest {
            customer_id: "li".to_owned(),
            request_id: "r-1".to_owned(),
            purpose: "survey".to_owned(),
            state: wire::ConsentState::Withdrawn.into(),
            source: "call".to_owned(),
            ..wire::SetConsentRequest::default()
        }
    }

    fn read(request: wire::SetConsentRequest) -> Result<Consent, ApiError> {
        consent(request, &Purposes::default(), "agent:wang".to_owned(), NOW)
    }

    #[test]
    fn who_says_no_need_not_know_the_purposes() {
        let no = wire::SetConsentRequest { purpose: "newsletter".to_owned(), ..request() };
        let given = wire::ConsentState::Given.into();
        let yes = wire::SetConsentRequest { state: given, ..no.clone() };
        let unreadable = wire::SetConsentRequest { purpose: "a b".to_owned(), ..request() };

        assert_eq!(read(no).expect("a consent").purpose.as_str(), "newsletter");
        for wrong in [yes, unreadable] {
            assert_eq!(read(wrong).expect_err("a refusal").metadata()["field"], "purpose");
        }
    }

    #[test]
    fn what_is_wrong_with_a_consent_is_named() {
        let later = prost_types::Timestamp { seconds: 1, nanos: 1_000_000 };
        let cases = [
            ("request_id", wire::SetConsentRequest { request_id: String::new(), ..request() }),
            ("purpose", wire::SetConsentRequest { purpose: String::new(), ..request() }),
            ("medium", wire::SetConsentRequest { medium: 99, ..request() }),
            ("state", wire::SetConsentRequest { state: 0, ..request() }),
            ("source", wire::SetConsentRequest { source: String::new(), ..request() }),
            ("source", wire::SetConsentRequest { source: "a form".to_owned(), ..request() }),
            ("time", wire::SetConsentRequest { time: Some(later), ..request() }),
        ];

        for (field, wrong) in cases {
            assert_eq!(read(wrong).expect_err("a refusal").metadata()["field"], field);
        }
        let kept = read(request()).expect("a consent");
        assert_eq!((kept.medium, kept.at, kept.recorded_at), (None, NOW, NOW));
        assert_eq!(told(&kept).medium(), crate::ticket::v1::Medium::Unspecified);
    }
}
