use std::io;

use switchboard_domain::floor::state::OfferOutcome;
use switchboard_domain::ids::TicketId;
use switchboard_domain::ticket::{TicketMove, TicketRejection, TicketState};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::*;

#[test]
fn each_rejection_of_the_floor_has_its_code_and_reason() {
    let table = [
        (Rejection::EpochClosed, Code::Unavailable, "EPOCH_CLOSED"),
        (Rejection::EpochUsed { current: 3 }, Code::Unavailable, "EPOCH_USED"),
        (Rejection::Recovering, Code::Unavailable, "RECOVERING"),
        (Rejection::StalePlan { current: 3 }, Code::Unavailable, "STALE_PLAN"),
        (Rejection::NotInPlan { name: "q".to_owned() }, Code::FailedPrecondition, "NOT_IN_PLAN"),
        (Rejection::UnknownContact, Code::NotFound, "CONTACT_NOT_FOUND"),
        (Rejection::UnknownAgent, Code::NotFound, "AGENT_NOT_FOUND"),
        (Rejection::UnknownGateway, Code::NotFound, "GATEWAY_NOT_FOUND"),
        (Rejection::UnknownOffer, Code::NotFound, "OFFER_NOT_FOUND"),
        (Rejection::OtherGateway, Code::PermissionDenied, "OTHER_GATEWAY"),
        (Rejection::StaleSession, Code::Aborted, "STALE_SESSION"),
        (Rejection::GatewayNotFresh, Code::FailedPrecondition, "GATEWAY_NOT_FRESH"),
        (
            Rejection::OfferClosed { outcome: OfferOutcome::Expired },
            Code::FailedPrecondition,
            "OFFER_CLOSED",
        ),
        (Rejection::OtherAgent, Code::PermissionDenied, "OTHER_AGENT"),
        (
            Rejection::WrongState { state: "ended".to_owned() },
            Code::FailedPrecondition,
            "WRONG_STATE",
        ),
    ];

    for (rejection, code, reason) in table {
        check(ApiError::from(FloorError::Rejected(rejection)), code, reason);
    }
}

#[test]
fn each_failure_of_a_store_has_its_code_and_reason() {
    let cause = || Box::new(io::Error::other("secret"));
    let table = [
        (StoreError::Unavailable(cause()), Code::Unavailable, "STORE_UNAVAILABLE"),
        (StoreError::conflict("ticket t-1"), Code::Aborted, "CONFLICT"),
        (
            StoreError::Taken { kind: "external id", name: "crm/4711".to_owned() },
            Code::AlreadyExists,
            "EXTERNAL_ID_ALREADY_EXISTS",
        ),
        (StoreError::not_found("ticket t-1"), Code::NotFound, "TICKET_NOT_FOUND"),
        (StoreError::not_found("such tenant"), Code::NotFound, "TENANT_NOT_FOUND"),
        (
            StoreError::Refused { what: "tickets_subject_check".to_owned(), source: cause() },
            Code::FailedPrecondition,
            "REFUSED",
        ),
        (StoreError::corrupt("ticket t-1", cause()), Code::Internal, "INTERNAL"),
    ];

    for (error, code, reason) in table {
        check(ApiError::from(error), code, reason);
    }
}

#[test]
fn each_failure_of_the_live_store_has_its_code_and_reason() {
    let away = FloorError::Unavailable(Box::new(io::Error::other("secret")));
    let broken = FloorError::Corrupt { answer: "secret".to_owned() };

    check(away.into(), Code::Unavailable, "LIVE_STORE_UNAVAILABLE");
    check(broken.into(), Code::Internal, "INTERNAL");
}

#[test]
fn each_failure_of_the_recorder_has_its_code_and_reason() {
    let poison = ProjectionError::Poison(Box::new(io::Error::other("secret")));

    check(ProjectionError::OffsetMoved.into(), Code::Aborted, "OFFSET_MOVED");
    check(poison.into(), Code::Internal, "INTERNAL");
    let store = ProjectionError::Store(StoreError::not_found("the center"));
    check(store.into(), Code::NotFound, "CENTER_NOT_FOUND");
}

#[test]
fn each_failure_of_a_replay_has_its_code_and_reason() {
    let poison = ReplayError::StillPoison(Box::new(io::Error::other("secret")));
    let gone = ReplayError::Store(StoreError::not_found("dead_event 1.2-3"));

    check(poison.into(), Code::FailedPrecondition, "STILL_UNREADABLE");
    check(gone.into(), Code::NotFound, "DEAD_EVENT_NOT_FOUND");
}

#[test]
fn each_refusal_of_a_ticket_has_its_code_and_reason() {
    let rejection = TicketRejection { state: TicketState::Closed, attempted: TicketMove::Resolve };
    let missing = TicketError::Missing { attempted: TicketMove::Resolve, field: "resolution" };

    let refused = ApiError::from(TicketError::Rejected(rejection));
    assert_eq!(refused.metadata()["state"], "closed");
    assert_eq!(refused.metadata()["action"], "resolve");
    check(refused, Code::FailedPrecondition, "TICKET_MOVE_NOT_ALLOWED");
    check(missing.into(), Code::InvalidArgument, "MISSING_FIELD");
    check(TicketError::MergedIntoItself.into(), Code::InvalidArgument, "INVALID_FIELD");
    let target = TicketId::parse("t-2").expect("an id");
    let over = ApiError::from(TicketError::TargetNotOpen { target, state: TicketState::Merged });
    assert_eq!(
        (&*over.metadata()["merged_into_id"], &*over.metadata()["state"]),
        ("t-2", "merged")
    );
    check(over, Code::FailedPrecondition, "TICKET_TARGET_NOT_OPEN");
    check(PageTokenError.into(), Code::InvalidArgument, "INVALID_FIELD");
}

#[test]
fn each_refusal_of_what_tickets_are_to_each_other_has_its_code_and_reason() {
    let id = || TicketId::parse("t-1").unwrap();
    let failed = Code::FailedPrecondition;
    let attempted = TicketMove::Resolve;
    let waits = ApiError::from(TicketError::ChildrenOpen { attempted, children: vec![2, 3] });
    assert_eq!(waits.metadata()["children"], "2,3");

    check(waits, failed, "TICKET_CHILDREN_OPEN");
    check(TicketError::IncidentMerged.into(), failed, "TICKET_IS_INCIDENT");
    check(LinkError::ToItself.into(), Code::InvalidArgument, "INVALID_FIELD");
    check(LinkError::Erased { ticket: id() }.into(), failed, "TICKET_ERASED");
    let full = LinkError::TooMany { ticket: id() };
    check(full.into(), Code::ResourceExhausted, "TICKET_LINKS_FULL");
    check(MembershipError::NotIncident { ticket: id() }.into(), failed, "TICKET_NOT_INCIDENT");
    check(MembershipError::IsIncident.into(), failed, "TICKET_IS_INCIDENT");
    let merged = MembershipError::Over { ticket: id(), state: TicketState::Merged };
    check(merged.into(), failed, "TICKET_OVER");
    let over = ParentError::NotOpen { parent: id(), state: TicketState::Closed };
    check(over.into(), failed, "TICKET_PARENT_NOT_OPEN");
    check(ParentError::IsChild { parent: id() }.into(), failed, "TICKET_PARENT_IS_TASK");
    let most = ParentError::TooMany { parent: id() };
    check(most.into(), Code::ResourceExhausted, "TICKET_CHILDREN_FULL");
}

#[test]
fn what_a_move_lacks_is_named_as_in_the_request() {
    for (field, expected) in [("merged_into", "merged_into_id"), ("note", "note")] {
        let error = TicketError::Missing { attempted: TicketMove::Merge, field };

        assert_eq!(ApiError::from(error).metadata()["field"], expected);
    }
}

#[test]
fn a_lost_offer_says_how_it_ended() {
    let error = ApiError::from(Rejection::OfferClosed { outcome: OfferOutcome::CallerGone });

    assert_eq!(error.metadata()["outcome"], "caller_gone");
}

#[test]
fn what_may_be_retried_says_when() {
    let status = Status::from(ApiError::from(Rejection::Recovering));

    let retry = status.get_details_retry_info().expect("a RetryInfo");
    assert_eq!(retry.retry_delay, Some(FLOOR_RETRY));
}

#[test]
fn a_missing_record_is_named() {
    let status = Status::from(ApiError::from(StoreError::not_found("ticket t-1")));

    let resource = status.get_details_resource_info().expect("a ResourceInfo");
    assert_eq!(resource.resource_type, "ticket");
    assert_eq!(resource.resource_name, "t-1");
}

fn check(error: ApiError, code: Code, reason: &str) {
    let status = Status::from(error);
    let info = status.get_details_error_info().expect("an ErrorInfo");

    assert_eq!((status.code(), info.reason.as_str()), (code, reason), "{status}");
    assert_eq!(info.domain, "switchboard");
    let is_upper_snake = |it: char| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_';
    assert!(reason.len() <= 63 && reason.chars().all(is_upper_snake), "{reason}");
    assert!(!status.message().contains("secret"), "{status}");
    assert_eq!(code == Code::Unavailable, status.get_details_retry_info().is_some());
}
