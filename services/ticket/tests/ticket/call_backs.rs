//! Calls that tickets ask for: one at a time, on the number that is known, and none once it is needless.

use std::time::Duration;

use switchboard_api::followup::v1::{FollowUp, FollowUpState, RequestCallBackRequest};
use switchboard_api::ticket::v1::{CreateTicketRequest, Ticket};
use switchboard_domain::caller::Role;
use switchboard_domain::floor::state::ContactState;
use tonic::{Code, Status};

use crate::care::Care;
use crate::support::{from, order};

impl Care {
    async fn an_open_ticket(&self, request_id: &str, customer: &str) -> Ticket {
        let customer_id = customer.to_owned();
        let request = CreateTicketRequest { customer_id, ..order(request_id) };
        self.office.answer(request).await.unwrap().ticket.unwrap()
    }

    async fn call_back(&self, ticket: &Ticket, queue: &str) -> Result<FollowUp, Status> {
        let after = Some(prost_types::Duration { seconds: 3_600, nanos: 0 });
        let (ticket_id, queue_id) = (ticket.ticket_id.clone(), queue.to_owned());
        let request = RequestCallBackRequest { ticket_id, queue_id, after };
        let asked = self.client().request_call_back(from(Role::Agent, request)).await;
        asked.map(|kept| kept.into_inner().follow_up.unwrap())
    }
}

#[tokio::test]
async fn a_ticket_asks_for_one_call_at_a_time_and_is_told_of_it() {
    let care = Care::set_up().await;
    let ticket = care.an_open_ticket("r-1", "li").await;

    let (one, another) =
        tokio::join!(care.call_back(&ticket, "rebooking"), care.call_back(&ticket, "rebooking"));
    care.round().await;
    let (one, waits) = (one.unwrap(), care.only().await);
    care.pass(Duration::from_hours(1));
    care.round().await;

    assert_eq!(one.follow_up_id, another.unwrap().follow_up_id);
    assert_eq!((waits.state(), waits.policy.as_str()), (FollowUpState::Due, "call-back"));
    let calling = care.only().await;
    assert_eq!((calling.state(), &calling.ticket_id), (FollowUpState::Calling, &ticket.ticket_id));
    let contact = care.contact(&calling).await.unwrap();
    assert_eq!((contact.state, contact.caller.as_str()), (ContactState::Queued, "+8613800000001"));
    let life = care.office.ticket(&ticket.ticket_id).await.events;
    let told = life.iter().filter(|event| event.note.starts_with("call-back: ")).count();
    assert_eq!(told, 1, "{life:?}");
}

#[tokio::test]
async fn who_is_content_already_is_not_called_and_may_be_called_again_later() {
    let care = Care::set_up().await;
    let ticket = care.an_open_ticket("r-1", "li").await;
    let asked = care.call_back(&ticket, "rebooking").await.unwrap();
    care.close(&ticket).await;
    care.pass(Duration::from_hours(1));

    care.round().await;

    let all = care.all().await;
    let ended = all.iter().find(|it| it.follow_up_id == asked.follow_up_id).unwrap();
    assert_eq!((ended.state(), ended.reason.as_str()), (FollowUpState::Skipped, "ticket-over"));
    assert_eq!(care.open_calls().await, 0);
}

#[tokio::test]
async fn a_call_that_nobody_could_make_is_refused_with_the_reason() {
    let care = Care::set_up().await;
    let (known, unknown) =
        (care.an_open_ticket("r-1", "li").await, care.an_open_ticket("r-2", "").await);
    let closed = care.a_closed_ticket("r-3").await;
    let nowhere = Ticket { ticket_id: "nowhere".to_owned(), ..Ticket::default() };
    let cases = [
        (&known, "nowhere", Code::NotFound, "there is no such queue"),
        (&known, "timetable", Code::FailedPrecondition, "the queue calls nobody"),
        (&unknown, "rebooking", Code::FailedPrecondition, "has a number to call"),
        (&closed, "rebooking", Code::FailedPrecondition, "the ticket is over"),
        (&nowhere, "rebooking", Code::NotFound, "there is no such"),
    ];

    for (ticket, queue, code, message) in cases {
        let refused = care.call_back(ticket, queue).await.unwrap_err();

        assert_eq!(refused.code(), code, "{refused}");
        assert!(refused.message().contains(message), "{refused}");
    }
    assert_eq!(care.open_calls().await, 0);
}
