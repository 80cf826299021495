//! What happened to customers elsewhere, between wire and domain.

use switchboard_domain::customer::ExternalId;
use switchboard_domain::ids::CustomerId;
use switchboard_domain::occurrence::Occurrence;
use switchboard_domain::time::Timestamp;

use super::customer::external_ids::external_id;
use super::time::{past_field, timestamp};
use crate::error::ApiError;
use crate::field;
use crate::generated::callerid::v1 as wire;
use crate::generated::callerid::v1::record_occurrence_request::Who;

/// The longest summary, in characters.
const MAX_SUMMARY: usize = 500;

/// A customer, as whoever tells of one knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// By the id of the record.
    Here(CustomerId),
    /// By what another system calls them.
    Elsewhere(ExternalId),
}

/// Reads to whom something happened.
pub fn known(who: Option<&Who>) -> Result<Known, ApiError> {
    match who {
        Some(Who::CustomerId(id)) => field::id("customer_id", id).map(Known::Here),
        Some(Who::ExternalId(id)) => {
            external_id(id).map(Known::Elsewhere).map_err(|error| error.within("external_id"))
        }
        None => Err(ApiError::missing("customer_id")),
    }
}

/// Reads what happened. `actor` comes from the credential, and nothing happened later than `now`.
pub fn occurrence(
    request: wire::RecordOccurrenceRequest,
    actor: String,
    now: Timestamp,
) -> Result<Occurrence, ApiError> {
    Ok(Occurrence {
        id: field::id("request_id", &request.request_id)?,
        kind: field::id("kind", &request.kind)?,
        summary: field::required_text("summary", request.summary, MAX_SUMMARY)?,
        source: field::required_word("source", request.source)?,
        actor,
        at: past_field("time", request.time, now)?,
        recorded_at: now,
    })
}

/// Puts on the wire what happened.
pub fn told(occurrence: &Occurrence) -> wire::Occurrence {
    wire::Occurrence {
        request_id: occurrence.id.to_string(),
        kind: occurrence.kind.to_string(),
        summary: occurrence.summary.clone(),
        source: occurrence.source.clone(),
        actor: occurrence.actor.clone(),
        time: Some(timestamp(occurrence.at)),
        record_time: Some(timestamp(occurrence.recorded_at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000);

    fn request() -> wire::RecordOccurrenceRequest {
        wire::RecordOccurrenceRequest {
            who: Some(Who::CustomerId("li".to_owned())),
            request_id: "order-17".to_owned(),
            kind: "order".to_owned(),
            summary: "two chairs, 1,200 yuan".to_owned(),
            source: "shop".to_owned(),
            time: None,
        }
    }

    #[test]
    fn what_is_wrong_with_an_occurrence_is_named() {
        let later = prost_types::Timestamp { seconds: 1, nanos: 1_000_000 };
        let long = "x".repeat(MAX_SUMMARY + 1);
        let cases = [
            (
                "request_id",
                wire::RecordOccurrenceRequest { request_id: String::new(), ..request() },
            ),
            ("kind", wire::RecordOccurrenceRequest { kind: "an order".to_owned(), ..request() }),
            ("summary", wire::RecordOccurrenceRequest { summary: " ".to_owned(), ..request() }),
            ("summary", wire::RecordOccurrenceRequest { summary: long, ..request() }),
            ("source", wire::RecordOccurrenceRequest { source: String::new(), ..request() }),
            ("time", wire::RecordOccurrenceRequest { time: Some(later), ..request() }),
        ];

        for (field, wrong) in cases {
            let refusal = occurrence(wrong, "agent:wang".to_owned(), NOW).expect_err("a refusal");
            assert_eq!(refusal.metadata()["field"], field);
        }
        let kept = occurrence(request(), "agent:wang".to_owned(), NOW).expect("an occurrence");
        assert_eq!((kept.at, kept.recorded_at), (NOW, NOW));
    }

    #[test]
    fn a_customer_is_known_here_or_elsewhere() {
        let of_shop = wire::ExternalId { system: "shop".to_owned(), id: "17".to_owned() };
        let unnamed = wire::ExternalId::default();
        let field = |who: Option<Who>| {
            known(who.as_ref()).expect_err("a refusal").metadata()["field"].clone()
        };

        assert!(matches!(known(request().who.as_ref()), Ok(Known::Here(_))));
        assert!(matches!(known(Some(&Who::ExternalId(of_shop))), Ok(Known::Elsewhere(_))));
        assert_eq!(field(None), "customer_id");
        assert_eq!(field(Some(Who::CustomerId("a b".to_owned()))), "customer_id");
        assert_eq!(field(Some(Who::ExternalId(unnamed))), "external_id.system");
    }
}
