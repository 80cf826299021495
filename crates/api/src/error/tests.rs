use std::io;

use tonic::Status;
use tonic_types::StatusExt;

use super::*;

#[test]
fn a_bad_field_names_field_value_and_expectation() {
    let status = Status::from(ApiError::invalid("call_id", "a b", "letters and digits"));

    assert_eq!(status.code(), Code::InvalidArgument);
    let info = status.get_details_error_info().expect("an ErrorInfo");
    assert_eq!((info.reason.as_str(), info.domain.as_str()), ("INVALID_FIELD", "switchboard"));
    assert_eq!(info.metadata["field"], "call_id");
    assert_eq!(info.metadata["value"], "a b");
    assert_eq!(info.metadata["expected"], "letters and digits");
    let bad = status.get_details_bad_request().expect("a BadRequest");
    assert_eq!(bad.field_violations[0].field, "call_id");
    assert_eq!(bad.field_violations[0].description, "expected letters and digits");
}

#[test]
fn the_message_never_repeats_what_the_caller_sent() {
    let error = ApiError::invalid("calling_number", "+8613800000001", "a number");

    assert!(!error.to_string().contains("138"));
    assert!(!ApiError::not_found("customer", "li-wei").to_string().contains("li-wei"));
}

#[test]
fn a_long_value_is_cut_before_it_is_echoed() {
    let error = ApiError::invalid("text", &"号".repeat(1_000), "less");

    assert_eq!(error.metadata()["value"].chars().count(), 64);
}

#[test]
fn an_unseen_value_is_not_echoed() {
    let error = ApiError::invalid_unseen("calling_number", "a number");

    assert!(!error.metadata().contains_key("value"));
}

#[test]
fn a_missing_record_is_named_by_kind_and_id() {
    let status = Status::from(ApiError::not_found("ticket", "t-1"));

    assert_eq!(status.code(), Code::NotFound);
    let info = status.get_details_error_info().expect("an ErrorInfo");
    assert_eq!(info.reason, "TICKET_NOT_FOUND");
    let resource = status.get_details_resource_info().expect("a ResourceInfo");
    assert_eq!(
        (resource.resource_type.as_str(), resource.resource_name.as_str()),
        ("ticket", "t-1")
    );
}

#[test]
fn a_store_that_is_away_says_when_to_come_back() {
    let wait = Duration::from_millis(500);
    let status = Status::from(ApiError::unavailable("STORE_UNAVAILABLE", "away", wait));

    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(status.get_details_retry_info().expect("a RetryInfo").retry_delay, Some(wait));
}

#[test]
fn the_cause_stays_inside() {
    let cause = io::Error::other("row 7 of secret_table");
    let error = ApiError::internal(cause);

    assert!(error.source().is_some_and(|source| source.to_string().contains("row 7")));
    let status = Status::from(error);
    assert_eq!(status.code(), Code::Internal);
    assert!(!status.message().contains("row 7"));
    assert!(Error::source(&status).is_some(), "the log can still see it");
}

#[test]
fn a_field_is_named_with_the_one_around_it() {
    let error = ApiError::missing("call_id").within("events[3]").within("request");

    assert_eq!(error.metadata()["field"], "request.events[3].call_id");
    assert_eq!(error.to_string(), "`request.events[3].call_id` is refused: expected a value");
}

#[test]
fn streams_carry_the_same_reason_as_unary_calls() {
    let error = ApiError::failed_precondition("OFFER_CLOSED", "the offer is over")
        .with("outcome", "expired");

    let reply = error.to_desk_error();
    let rejected = error.to_rejected(7);

    assert_eq!((reply.code, reply.reason.as_str()), (9, "OFFER_CLOSED"));
    assert_eq!((rejected.sequence, rejected.reason.as_str()), (7, "OFFER_CLOSED"));
    assert_eq!(reply.metadata["outcome"], "expired");
    assert_eq!(rejected.metadata, reply.metadata);
}
