//! Calls that are owed, while live state, records or people come in between.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use switchboard_api::followup::v1::FollowUpState;
use switchboard_api::ticket::v1::CreateTicketRequest;
use switchboard_domain::floor::details::Details;
use switchboard_domain::follow_up::{FollowUp, FollowUpMove, FollowUpPolicy};
use switchboard_domain::ids::{CustomerId, FollowUpId, QueueId, TenantId};
use switchboard_store::audit::{Audit, AuditRecord};
use switchboard_store::error::StoreError;
use switchboard_store_postgres::testing::{migrated_database, store_with_other_keys_at};
use switchboard_ticket::{CareParts, call_due, conclude};

use crate::care::{Care, DAY, FOLLOW_UPS, keep};
use crate::support::{order, tenant};

#[tokio::test]
async fn a_call_whose_order_is_not_answered_is_made_once() {
    let care = Care::set_up().await;
    care.a_closed_ticket("r-1").await;
    care.round().await;
    care.pass(Duration::from_hours(2));

    care.floor.lose_answer_to("start_callback");
    care.round().await;
    care.pass(Duration::from_mins(5));
    care.round().await;

    let calling = care.only().await;
    assert_eq!((calling.state(), calling.calls), (FollowUpState::Calling, 1));
    assert!(!care.contact(&calling).await.unwrap().state.is_ended());
}

#[tokio::test]
async fn a_call_that_was_never_ordered_is_ordered_soon_and_is_the_same() {
    let care = Care::set_up().await;
    care.a_closed_ticket("r-1").await;
    care.round().await;
    care.pass(Duration::from_hours(2));
    // Whoever was to order it is gone.
    let due = care.only().await;
    let now = care.parts.clock.now();
    care.change(&due, |due| due.call(now, now + Duration::from_mins(5)).unwrap()).await;

    care.pass(Duration::from_mins(5));
    care.round().await;

    let calling = care.only().await;
    assert_eq!((calling.state(), calling.calls), (FollowUpState::Calling, 1));
    assert_eq!(care.open_calls().await, 1);
}

#[tokio::test]
async fn a_call_is_as_urgent_as_the_segment_of_the_customer_makes_it() {
    let urgency = async |care: &Care| {
        let contact = care.contact(&care.a_call().await).await.unwrap();
        let segments = Details::decode(&contact.details).segments();
        (contact.place.unwrap().priority, segments)
    };
    let usual = urgency(&Care::set_up().await).await;
    let care = Care::set_up().await;
    let waits = "service: [{segment: waits, when: customer.open_tickets > 0, priority: 70}]";
    let files =
        [("segments.yaml", waits), ("touchpoints.yaml", ""), ("follow_ups.yaml", FOLLOW_UPS)];
    care.office.apply(&files).await;
    let open = CreateTicketRequest { customer_id: "li".to_owned(), ..order("r-open") };
    care.office.answer(open).await.unwrap();

    let raised = urgency(&care).await;

    assert_eq!((usual.1, raised.1), (vec![], vec!["waits".to_owned()]));
    assert_eq!(raised.0, usual.0 + 70);
}

#[tokio::test]
async fn a_call_that_goes_on_is_not_made_again() {
    let care = Care::set_up().await;
    care.a_call().await;

    care.pass(3 * DAY);
    care.round().await;

    let calling = care.only().await;
    assert_eq!((calling.state(), calling.calls), (FollowUpState::Calling, 1));
}

#[tokio::test]
async fn a_call_that_live_state_forgot_is_made_again_and_in_the_end_given_up() {
    let care = Care::set_up().await;
    let first = care.a_call().await;
    care.record().await;
    care.floor.forget(&tenant("demo")).await;

    care.pass(Duration::from_mins(5));
    care.round().await;
    assert_eq!(care.only().await.state(), FollowUpState::Due);
    care.pass(Duration::from_hours(1));
    care.round().await;

    let second = care.only().await;
    assert_eq!((second.state(), second.calls), (FollowUpState::Calling, 2));
    assert_eq!(first.contact_id, format!("{}.1", first.follow_up_id));
    assert_eq!(second.contact_id, format!("{}.2", first.follow_up_id));

    care.floor.forget(&tenant("demo")).await;
    care.pass(15 * DAY);
    care.round().await;
    let given_up = care.only().await;
    assert_eq!((given_up.state(), given_up.reason.as_str()), (FollowUpState::Unreached, "expired"));
}

#[tokio::test]
async fn an_order_that_is_refused_is_no_call() {
    let care = Care::set_up().await;
    care.a_closed_ticket("r-1").await;
    care.a_closed_ticket("r-2").await;
    care.round().await;
    care.pass(Duration::from_hours(2));

    care.round().await;

    // The queue calls one number once at a time.
    let mut calls: Vec<_> = care.all().await.iter().map(|it| (it.state(), it.calls)).collect();
    calls.sort_by_key(|(_, calls)| *calls);
    assert_eq!(calls, [(FollowUpState::Due, 0), (FollowUpState::Calling, 1)]);
}

#[tokio::test]
async fn a_call_that_waits_is_taken_back_when_it_is_skipped_declined_or_answered() {
    for ending in ["skip", "decline", "answer"] {
        let care = Care::set_up().await;
        let calling = care.a_call().await;
        let id = calling.follow_up_id.as_str();
        let end = async || match ending {
            "skip" => care.skip(id, "talked-yesterday").await.unwrap(),
            "decline" => care.decline(id, "no-time").await.unwrap(),
            _ => care.answer(id, 5).await.unwrap(),
        };

        let first = end().await;
        let again = end().await;

        assert_eq!((first.state(), &first.etag), (again.state(), &again.etag));
        assert!(care.contact(&calling).await.unwrap().state.is_ended(), "{ending}");
    }
}

#[tokio::test]
async fn a_call_that_is_ordered_while_its_follow_up_ends_is_taken_back() {
    let care = Care::set_up().await;
    care.a_closed_ticket("r-1").await;
    care.round().await;
    care.pass(Duration::from_hours(2));
    let halted = care.floor.halt().await;
    let meanwhile = async {
        // Nextest ends a test that waits for ever.
        while care.only().await.state() != FollowUpState::Calling {}
        let now = care.parts.clock.now();
        let skip = |it: FollowUp| it.apply(FollowUpMove::Skip, now).unwrap().because("moved-away");
        care.change(&care.only().await, skip).await;
        drop(halted);
    };

    let demo = tenant("demo");
    let (called, ()) = tokio::join!(call_due(&care.parts, &demo), meanwhile);

    called.unwrap();
    assert_eq!(care.open_calls().await, 0);
}

#[tokio::test]
async fn without_a_line_on_the_trail_no_call_is_taken_back() {
    let care = Care::set_up().await;
    let calling = care.a_call().await;
    let parts = CareParts { audit: Arc::new(NoTrail), ..care.parts.clone() };
    let care = Care { parts, ..care };

    let skipped = care.skip(&calling.follow_up_id, "talked-yesterday").await;

    assert_eq!(skipped.unwrap_err().code(), tonic::Code::Unavailable);
    assert_eq!(care.open_calls().await, 1);
}

#[tokio::test]
async fn what_cannot_be_called_keeps_nobody_else_from_being_called() {
    let url = migrated_database().await.unwrap();
    let care = Care::on(&url, FOLLOW_UPS).await;
    let sealed = store_with_other_keys_at(&url).unwrap();
    keep(&sealed, "wu: {name: Wu, tier: B1, numbers: {}}").await;
    care.a_closed_ticket("r-1").await;
    care.a_closed_ticket("r-2").await;
    let demo = tenant("demo");
    let closings = care.parts.follow_ups.closings(&demo, 10).await.unwrap();
    // One whose customer cannot be read, and one whose queue the center does not have any more.
    for (closing, (customer, queue)) in closings.iter().zip([("wu", "rebooking"), ("li", "gone")]) {
        let id = FollowUpId::parse(queue).unwrap();
        let ticket = (&closing.ticket, closing.version);
        let owed = FollowUp::after(ticket, &policy(queue), id, closing.at);
        let owed = FollowUp { customer: CustomerId::parse(customer).ok(), ..owed };
        care.parts.follow_ups.decide(&demo, closing, Some(&owed)).await.unwrap();
    }

    call_due(&care.parts, &demo).await.unwrap();
    conclude(&care.parts, &demo).await.unwrap();

    let waiting = care.parts.follow_ups.due(&demo, care.parts.clock.now(), 10).await.unwrap();
    assert_eq!(waiting, [], "they stand in nobody's way");
    let all = care.all().await;
    assert!(all.iter().all(|it| (it.state(), it.calls) == (FollowUpState::Due, 0)), "{all:?}");
}

fn policy(queue: &str) -> FollowUpPolicy {
    FollowUpPolicy {
        purpose: None,
        id: "usual".to_owned(),
        kinds: [].into(),
        categories: [].into(),
        priorities: [].into(),
        percent: 100,
        after: Duration::ZERO,
        queue: QueueId::parse(queue).unwrap(),
        survey: None,
    }
}

/// A trail that takes no line.
struct NoTrail;

fn away() -> StoreError {
    StoreError::Unavailable("for this test".into())
}

#[async_trait]
impl Audit for NoTrail {
    async fn append(&self, _: &TenantId, _: &AuditRecord) -> Result<(), StoreError> {
        Err(away())
    }

    async fn append_all(&self, _: &TenantId, _: &[AuditRecord]) -> Result<(), StoreError> {
        Err(away())
    }

    async fn about(&self, _: &TenantId, _: &str) -> Result<Vec<AuditRecord>, StoreError> {
        Err(away())
    }

    async fn latest(&self, _: &TenantId, _: u32) -> Result<Vec<AuditRecord>, StoreError> {
        Err(away())
    }
}
