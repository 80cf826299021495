//! A complaint of a good customer, from acceptance to resolution: sent by rule, offered by skill,
//! accepted at the desk like a call, and queued again after the live store lost everything.

use switchboard_api::agent::v1::WorkState;
use switchboard_api::call::v1::Channel;
use switchboard_api::queue::v1::ExplainWaitRequest;
use switchboard_api::ticket::v1::{
    CreateTicketRequest, ExplainDispatchRequest, GetTicketRequest, MoveTicketRequest,
    TakeTicketRequest, Ticket, TicketMove, TicketState,
};
use switchboard_client::desk::Diligent;
use switchboard_domain::caller::Role;
use switchboard_tests::stories::rung;
use switchboard_tests::{Center, answered, eventually};
use tonic::Code;

const AGENT: &str = "li-wei";
const RULES: &str = "\
best:
  when: ticket.kind == \"complaint\" && customer.tier == \"A1\"
  department: care
  queue: booking
";

/// A center whose complaints of the best customers are work for one agent who books.
async fn center() -> Center {
    let seat = "endpoint: sip:li-wei@desks.example";
    let works = format!("capacity: {{voice: 1, callback: 1, task: 1}}\n  {seat}");
    let rules = "  wrap_up: {time: 30s, extension: 30s}\n";
    Center::builder()
        .with("agents.yaml", seat, &works)
        .with("queues.yaml", rules, "  wrap_up: 0s\n")
        .with_file("dispatch.yaml", RULES)
        .open()
        .await
}

fn a_move(id: &str, action: TicketMove) -> MoveTicketRequest {
    MoveTicketRequest {
        ticket_id: id.to_owned(),
        action: action.into(),
        resolution: "paid back".to_owned(),
        ..MoveTicketRequest::default()
    }
}

/// Makes a complaint of the best customer, and accepts it.
async fn a_complaint(center: &Center, id: &str) {
    let request = CreateTicketRequest {
        request_id: id.to_owned(),
        subject: "The train was late".to_owned(),
        kind: "complaint".to_owned(),
        customer_id: "customer-01".to_owned(),
        ..CreateTicketRequest::default()
    };
    let mut office = center.office().tickets();
    office.create_ticket(request).await.expect("a ticket");
    office.move_ticket(a_move(id, TicketMove::Accept)).await.expect("it is accepted");
}

/// Waits until a ticket is in a state.
async fn in_state(center: &Center, id: &str, state: TicketState) -> Ticket {
    let mut office = center.office().tickets();
    eventually(async || {
        let request = GetTicketRequest { ticket_id: id.to_owned() };
        let ticket = office.get_ticket(request).await.expect("it is there").into_inner().ticket;
        ticket.filter(|ticket| ticket.state() == state)
    })
    .await
}

/// Waits until a contact waits.
async fn waits(center: &Center, contact: &str) {
    let mut queues = center.office().queues();
    eventually(async || {
        let request = ExplainWaitRequest { contact_id: contact.to_owned() };
        queues.explain_wait(request).await.ok()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_complaint_goes_by_rule_to_the_agent_with_the_skill_who_is_free_again_afterwards() {
    let center = center().await;
    let mut desk = center.desk(AGENT, Diligent).await;
    a_complaint(&center, "c-1").await;

    let card = rung(&mut desk).await.contact.expect("what it is about");
    let first = in_state(&center, "c-1", TicketState::InProgress).await;
    a_complaint(&center, "c-2").await;
    let second = in_state(&center, "c-2", TicketState::Dispatched).await;
    let waiting = format!("ticket-{}.3", second.number);
    waits(&center, &waiting).await;

    assert_eq!((card.channel(), card.queue_id.as_str()), (Channel::Task, "booking"));
    assert_eq!(card.inputs["ticket"], "c-1");
    assert_eq!(card.inputs["ticket_number"], first.number.to_string());
    assert_eq!((first.agent_id.as_str(), first.department.as_str()), (AGENT, "care"));
    let actors: Vec<&str> = first.events.iter().map(|event| event.actor.as_str()).collect();
    assert_eq!(actors[2..], ["dispatch:best", "agent:li-wei"]);
    // There is room for one; whoever resolves it has room for the next.
    let mut agent = center.connect(Role::Agent, AGENT).tickets();
    agent.move_ticket(a_move("c-1", TicketMove::Resolve)).await.expect("it is resolved");
    let next = in_state(&center, "c-2", TicketState::InProgress).await;
    assert_eq!(next.agent_id, AGENT);
    let contact = format!("ticket-{}.3", first.number);
    let done = center.concluded(&contact).await;
    assert_eq!((done.outcome.as_str(), done.agent_id.as_str()), ("answered", AGENT));
    assert!(center.tickets(&contact).await.is_empty(), "work leaves no further tickets");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_is_offered_once_more_after_the_live_store_lost_everything() {
    let mut center = center().await;
    a_complaint(&center, "c-1").await;
    let sent = in_state(&center, "c-1", TicketState::Dispatched).await;
    let contact = format!("ticket-{}.3", sent.number);
    waits(&center, &contact).await;

    center.redis.restart_empty().await.unwrap();
    let desk = center.desk(AGENT, Diligent).await;

    let begun = in_state(&center, "c-1", TicketState::InProgress).await;
    answered("work", async { desk.reaches(WorkState::Busy).await.ok() }).await;
    let starts = begun.events.iter().filter(|event| event.action() == TicketMove::Start);
    assert_eq!((starts.count(), begun.agent_id.as_str()), (1, AGENT));
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_agents_race_for_a_ticket_of_the_list_and_a_supervisor_knew_where_it_goes() {
    let center = center().await;
    a_complaint(&center, "c-1").await;
    in_state(&center, "c-1", TicketState::Dispatched).await;
    let question = ExplainDispatchRequest { ticket_id: "c-1".to_owned() };
    let explained = center.office().ticket_dispatch().explain_dispatch(question).await.unwrap();
    let take = async |agent: &str| {
        let request = TakeTicketRequest { ticket_id: "c-1".to_owned(), ..Default::default() };
        center.connect(Role::Agent, agent).ticket_dispatch().take_ticket(request).await
    };

    let (one, other) = tokio::join!(take("li-wei"), take("zhang-min"));

    let (won, lost) = if one.is_ok() { (one, other) } else { (other, one) };
    assert_eq!(won.unwrap().into_inner().ticket.unwrap().state(), TicketState::InProgress);
    assert_eq!(lost.unwrap_err().code(), Code::FailedPrecondition);
    assert_eq!(explained.into_inner().findings[0].rule, "best");
    center.close().await;
}
