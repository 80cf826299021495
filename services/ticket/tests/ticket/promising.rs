//! What customers were told would be done: kept, broken by people or by time, withdrawn.

use std::time::Duration;

use switchboard_api::ticket::v1::{
    CreateTicketRequest, EndPromiseRequest, ListPromisesRequest, MakePromiseRequest, Promise,
    PromiseEnd, PromiseState, TicketMove,
};
use switchboard_domain::caller::Role;
use switchboard_domain::time::Timestamp;
use switchboard_store::audit::Audit;
use switchboard_ticket::break_due;
use tonic::{Code, Status};

use crate::support::{MORNING, Office, from, of, order, tenant, told};

const HOUR: Duration = Duration::from_hours(1);

fn at(time: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: time.as_millis() / 1_000, nanos: 0 }
}

fn a_promise(id: &str) -> MakePromiseRequest {
    MakePromiseRequest {
        promise_id: id.to_owned(),
        ticket_id: "r-1".to_owned(),
        what: "call back".to_owned(),
        due_time: Some(at(MORNING + HOUR)),
        ..MakePromiseRequest::default()
    }
}

/// An office with the ticket `r-1` of the customer `li`.
async fn office() -> Office {
    let office = Office::set_up().await;
    office.customer("li").await;
    let ticket = CreateTicketRequest { customer_id: "li".to_owned(), ..order("r-1") };
    office.answer(ticket).await.unwrap();
    office
}

async fn make(office: &Office, request: MakePromiseRequest) -> Result<Promise, Status> {
    let made = office.promises().make_promise(from(Role::Agent, request)).await?;
    Ok(made.into_inner().promise.unwrap())
}

async fn end(office: &Office, id: &str, end: PromiseEnd, note: &str) -> Result<Promise, Status> {
    let (promise_id, note) = (id.to_owned(), note.to_owned());
    let request = EndPromiseRequest { promise_id, end: end.into(), note, etag: String::new() };
    let ended = office.promises().end_promise(from(Role::Agent, request)).await?;
    Ok(ended.into_inner().promise.unwrap())
}

async fn lines(office: &Office) -> Vec<(TicketMove, String, String)> {
    let ticket = office.ticket("r-1").await;
    let lines = ticket.events.into_iter().skip(1);
    lines.map(|event| (event.action(), event.actor.clone(), event.note)).collect()
}

#[tokio::test]
async fn a_promise_is_made_and_kept_and_its_ticket_tells_of_both() {
    let office = office().await;

    let made = make(&office, a_promise("p-1")).await.unwrap();
    let again = make(&office, a_promise("p-1")).await.unwrap();
    let kept = end(&office, "p-1", PromiseEnd::Keep, "").await.unwrap();
    let over = end(&office, "p-1", PromiseEnd::Withdraw, "no need").await.unwrap_err();

    assert_eq!(made, again);
    assert_eq!((made.customer_id.as_str(), made.owner_agent_id.as_str()), ("li", "wang"));
    assert_eq!((made.state(), kept.state()), (PromiseState::Open, PromiseState::Kept));
    assert_eq!(told(&over).1, "PROMISE_OVER");
    let note = |text: &str| (TicketMove::Note, "agent:wang".to_owned(), text.to_owned());
    assert_eq!(
        lines(&office).await,
        [note("promised: call back"), note("promise \"call back\" is kept")]
    );
    let trail = office.store.about(&tenant("demo"), "promise/p-1").await.unwrap();
    assert!(trail.len() >= 2 && trail.iter().all(|line| line.detail.is_none()));
}

#[tokio::test]
async fn a_promise_may_name_any_record_of_its_tickets_customer() {
    let office = office().await;
    office.customer("wu").await;
    office.merge("li", "wu").await;
    let to = |customer: &str, id: &str| MakePromiseRequest {
        customer_id: customer.to_owned(),
        ..a_promise(id)
    };

    let to_the_leading_one = make(&office, to("wu", "p-1")).await.unwrap();
    let to_the_other = make(&office, to("li", "p-2")).await.unwrap();

    assert_eq!((&*to_the_leading_one.customer_id, &*to_the_other.customer_id), ("li", "li"));
}

#[tokio::test]
async fn a_promise_that_nobody_kept_is_broken_and_told_once_however_many_look() {
    let office = office().await;
    make(&office, a_promise("p-1")).await.unwrap();
    let (parts, demo) = (office.promise_parts(), tenant("demo"));

    office.clock.advance(HOUR);
    break_due(&parts, &demo).await.unwrap();
    assert_eq!(lines(&office).await.len(), 1);
    office.clock.advance(Duration::from_secs(1));
    let late = end(&office, "p-1", PromiseEnd::Keep, "").await.unwrap_err();
    let (first, second) = tokio::join!(break_due(&parts, &demo), break_due(&parts, &demo));
    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    break_due(&parts, &demo).await.unwrap();

    assert_eq!(told(&late).1, "PROMISE_TOO_LATE");
    let alarm =
        (TicketMove::Alarm, "promise:due".to_owned(), "promise \"call back\" is broken".to_owned());
    assert_eq!(lines(&office).await[1..], [alarm]);
    let broken = ListPromisesRequest { state: PromiseState::Broken.into(), ..Default::default() };
    let listed = office.promises().list_promises(from(Role::Supervisor, broken)).await.unwrap();
    assert_eq!(listed.into_inner().promises[0].ended_by, "promise:due");
}

#[tokio::test]
async fn what_cannot_be_promised_or_ended_is_refused_by_its_field() {
    let office = office().await;
    office.customer("wu").await;
    let made = make(&office, a_promise("p-1")).await.unwrap();
    let to_nobody = MakePromiseRequest { ticket_id: String::new(), ..a_promise("p-2") };
    let to_another = MakePromiseRequest { customer_id: "wu".into(), ..a_promise("p-2") };
    let yesterday = MakePromiseRequest { due_time: Some(at(MORNING)), ..a_promise("p-2") };
    let some_time =
        MakePromiseRequest { due_time: Some(at(MORNING + 9_000 * HOUR)), ..a_promise("p-2") };
    let cases = [
        ("promise_id", a_promise("")),
        ("what", MakePromiseRequest { what: " ".into(), ..a_promise("p-2") }),
        ("due_time", MakePromiseRequest { due_time: None, ..a_promise("p-2") }),
        ("due_time", yesterday),
        ("due_time", some_time),
        ("customer_id", to_nobody),
        ("customer_id", to_another),
    ];

    for (field, request) in cases {
        let refused = make(&office, request).await.unwrap_err();
        assert_eq!((refused.code(), told(&refused).2.as_str()), (Code::InvalidArgument, field));
    }
    let other = MakePromiseRequest { what: "something else".into(), ..a_promise("p-1") };
    assert_eq!(make(&office, other).await.unwrap_err().code(), Code::Aborted);
    let unexplained = end(&office, "p-1", PromiseEnd::Break, "").await.unwrap_err();
    assert_eq!(told(&unexplained).2, "note");
    let stale = EndPromiseRequest {
        promise_id: made.promise_id,
        etag: "9".to_owned(),
        end: PromiseEnd::Keep.into(),
        note: String::new(),
    };
    let of_other = office.promises().end_promise(of("other", Role::Admin, stale.clone())).await;
    assert_eq!(of_other.unwrap_err().code(), Code::NotFound);
    let stale = office.promises().end_promise(from(Role::Agent, stale)).await.unwrap_err();
    assert_eq!(told(&stale).1, "ETAG_STALE");
}
