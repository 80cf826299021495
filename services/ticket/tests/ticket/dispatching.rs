//! Where tickets go: by the rules of the center, or to the agent who takes them.

use switchboard_api::ticket::v1::{
    CreateTicketRequest, DispatchOutcome, ExplainDispatchRequest, ListTicketsRequest,
    MoveTicketRequest, TakeTicketRequest, Ticket, TicketMove, TicketPriority, TicketState,
};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use switchboard_ticket::dispatch_due;
use tonic::Code;

use crate::support::{Office, a_move, by, from, order, tenant, told};

const RULES: &str = "\
best: {when: 'customer.tier == \"A1\"', agent: li-wei}
complaints: {when: 'ticket.kind == \"complaint\"', department: care, queue: booking}
";

async fn office(rules: &str) -> Office {
    let office = Office::set_up().await;
    office.apply(&[("dispatch.yaml", rules)]).await;
    office
}

async fn a_complaint(office: &Office, id: &str) -> Ticket {
    let request = CreateTicketRequest { kind: "complaint".into(), ..order(id) };
    office.answer(request).await.unwrap().ticket.unwrap()
}

async fn dispatched(office: &Office, id: &str) -> Ticket {
    dispatch_due(&office.dispatch_parts(), &tenant("demo")).await.unwrap();
    office.ticket(id).await
}

async fn take(office: &Office, agent: &str, id: &str) -> Result<Ticket, (Code, String, String)> {
    let request = TakeTicketRequest { ticket_id: id.to_owned(), ..TakeTicketRequest::default() };
    let taken = office.dispatch().take_ticket(by(agent, request)).await;
    taken.map(|taken| taken.into_inner().ticket.unwrap()).map_err(|status| told(&status))
}

#[tokio::test]
async fn an_accepted_ticket_goes_where_the_first_rule_that_holds_says() {
    let office = office(RULES).await;
    let ticket = a_complaint(&office, "c-1").await;
    assert_eq!(dispatched(&office, "c-1").await.state(), TicketState::New);
    office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();

    let sent = dispatched(&office, "c-1").await;

    assert_eq!(sent.state(), TicketState::Dispatched);
    let to = (sent.department.as_str(), sent.queue_id.as_str(), sent.agent_id.as_str());
    assert_eq!(to, ("care", "booking", ""));
    let line = sent.events.last().unwrap();
    assert_eq!((line.action(), line.actor.as_str()), (TicketMove::Dispatch, "dispatch:complaints"));
    assert!(line.note.contains("ticket.kind is \"complaint\""), "{}", line.note);
    assert_eq!(dispatched(&office, "c-1").await.etag, sent.etag, "it goes once");
}

#[tokio::test]
async fn a_ticket_that_no_rule_takes_stays_and_shows_among_the_unassigned() {
    let office = office(RULES).await;
    let ticket = office.create("r-1").await;
    office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();

    let left = dispatched(&office, "r-1").await;

    assert_eq!(left.state(), TicketState::Accepted);
    let unassigned = ListTicketsRequest { unassigned: true, ..ListTicketsRequest::default() };
    let listed = office.client().list_tickets(from(Role::Agent, unassigned)).await.unwrap();
    assert_eq!(listed.into_inner().tickets[0].ticket_id, "r-1");
}

#[tokio::test]
async fn rules_that_are_new_take_what_waits_already_and_what_came_back() {
    let office = office(RULES).await;
    let waiting = office.create("r-1").await;
    office.moves(a_move(&waiting, TicketMove::Accept)).await.unwrap();
    let back = office.create("r-2").await;
    let words = MoveTicketRequest { note: "n".into(), resolution: "r".into(), ..<_>::default() };
    for action in [TicketMove::Accept, TicketMove::Start, TicketMove::Resolve, TicketMove::Reopen] {
        let said = MoveTicketRequest { ..words.clone() };
        let request = MoveTicketRequest {
            note: said.note,
            resolution: said.resolution,
            agent_id: "wang-fang".into(),
            ..a_move(&back, action)
        };
        office.moves(request).await.unwrap();
    }
    assert_eq!(dispatched(&office, "r-1").await.state(), TicketState::Accepted);

    let rest = format!("{RULES}rest: {{when: 'true', agent: zhang-min}}\n");
    office.apply(&[("dispatch.yaml", &rest)]).await;

    for id in ["r-1", "r-2"] {
        let sent = dispatched(&office, id).await;
        assert_eq!((sent.state(), sent.agent_id.as_str()), (TicketState::Dispatched, "zhang-min"));
    }
}

#[tokio::test]
async fn a_rule_that_accepts_takes_new_tickets_once_and_what_another_takes_waits_for_people() {
    let rules = "complaints: {when: 'ticket.kind == \"complaint\"', department: care}\n\
                 rest: {when: 'true', accept: true, department: visits, queue: booking}\n";
    let office = office(rules).await;
    a_complaint(&office, "c-1").await;
    office.create("r-1").await;

    let (demo, parts) = (tenant("demo"), office.dispatch_parts());
    let (first, second) = tokio::join!(dispatch_due(&parts, &demo), dispatch_due(&parts, &demo));

    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    assert_eq!(office.ticket("c-1").await.state(), TicketState::New);
    let sent = office.ticket("r-1").await;
    assert_eq!((sent.state(), sent.queue_id.as_str()), (TicketState::Dispatched, "booking"));
    let told = sent.events.iter().map(|event| (event.action(), event.actor.as_str()));
    let by_rule = [TicketMove::Accept, TicketMove::Dispatch].map(|it| (it, "dispatch:rest"));
    assert_eq!(told.skip(1).collect::<Vec<_>>(), by_rule);
    let question = ExplainDispatchRequest { ticket_id: "c-1".into() };
    let asked = office.dispatch().explain_dispatch(from(Role::Supervisor, question)).await;
    let explained = asked.unwrap().into_inner();
    assert!(!explained.awaits_dispatch && !explained.findings[0].accepts, "{explained:?}");
}

#[tokio::test]
async fn no_rule_accepts_what_asks_for_a_field_first_and_tickets_it_did_not_know_follow_it() {
    let kinds = "request: {form: {plate: {display_name: P, type: text, required_at: accept}}}\n\
                 complaint: {}\n";
    let office = Office::set_up().await;
    office.apply(&[("kinds.yaml", kinds)]).await;
    office.create("r-1").await;
    a_complaint(&office, "c-1").await;
    assert_eq!(dispatched(&office, "c-1").await.state(), TicketState::New);

    let all = "all: {when: 'true', accept: true, department: visits}\n";
    office.apply(&[("kinds.yaml", kinds), ("dispatch.yaml", all)]).await;

    assert_eq!(dispatched(&office, "c-1").await.state(), TicketState::Dispatched);
    assert_eq!(office.ticket("r-1").await.state(), TicketState::New);
}

#[tokio::test]
async fn two_processes_that_look_at_once_send_a_ticket_once() {
    let office = office(RULES).await;
    let ticket = a_complaint(&office, "c-1").await;
    office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();

    let (demo, parts) = (tenant("demo"), office.dispatch_parts());
    let (first, second) = tokio::join!(dispatch_due(&parts, &demo), dispatch_due(&parts, &demo));

    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    let events = office.ticket("c-1").await.events;
    let sent = events.iter().filter(|event| event.action() == TicketMove::Dispatch);
    assert_eq!(sent.count(), 1);
}

#[tokio::test]
async fn a_supervisor_is_told_which_rule_would_take_a_ticket_and_why_not_the_others() {
    let office = office(RULES).await;
    office.customer("li").await;
    let request =
        CreateTicketRequest { kind: "complaint".into(), customer_id: "li".into(), ..order("c-1") };
    office.answer(request).await.unwrap();

    let question = ExplainDispatchRequest { ticket_id: "c-1".into() };
    let asked = from(Role::Supervisor, question);
    let explained = office.dispatch().explain_dispatch(asked).await.unwrap().into_inner();

    assert!(!explained.awaits_dispatch);
    let [best, complaints] = &explained.findings[..] else { panic!("{explained:?}") };
    assert_eq!(best.outcome(), DispatchOutcome::DoesNotHold);
    assert_eq!(best.readings[0].name, "customer.tier");
    assert_eq!(best.readings[0].value, "\"B1\"");
    assert_eq!(complaints.outcome(), DispatchOutcome::Holds);
    assert_eq!((complaints.department.as_str(), complaints.queue_id.as_str()), ("care", "booking"));
    assert_eq!(office.ticket("c-1").await.state(), TicketState::New);
    let lines = Audit::about(&office.store, &tenant("demo"), "ticket/c-1").await.unwrap();
    assert_eq!(lines.last().unwrap().action, "ticket.explain_dispatch");
}

#[tokio::test]
async fn two_agents_race_for_a_ticket_and_one_has_it() {
    let office = office(RULES).await;
    office.create("r-1").await;

    let (first, second) =
        tokio::join!(take(&office, "li-wei", "r-1"), take(&office, "zhang-min", "r-1"));

    let (won, lost) = if first.is_ok() { (first, second) } else { (second, first) };
    let won = won.unwrap();
    assert_eq!(won.state(), TicketState::Accepted);
    let (code, reason, _) = lost.unwrap_err();
    assert_eq!((code, reason.as_str()), (Code::FailedPrecondition, "TICKET_TAKEN"));
    let started = take(&office, &won.agent_id, "r-1").await.unwrap();
    assert_eq!(started.state(), TicketState::InProgress);
    let again = take(&office, &won.agent_id, "r-1").await.unwrap();
    assert_eq!(again.etag, started.etag, "what the agent has is not taken twice");
}

#[tokio::test]
async fn a_stale_list_takes_nothing() {
    let office = office(RULES).await;
    let ticket = office.create("r-1").await;
    office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();
    let request = TakeTicketRequest { ticket_id: "r-1".into(), etag: ticket.etag };

    let refused = office.dispatch().take_ticket(by("li-wei", request)).await.unwrap_err();

    assert_eq!((told(&refused).0, told(&refused).1.as_str()), (Code::Aborted, "ETAG_STALE"));
}

#[tokio::test]
async fn an_escalation_says_why_and_goes_to_a_queue_that_there_is() {
    let office = office(RULES).await;
    let ticket = office.create("r-1").await;
    take(&office, "li-wei", "r-1").await.unwrap();
    let escalate = |queue: &str, note: &str| MoveTicketRequest {
        queue_id: queue.into(),
        note: note.into(),
        ..a_move(&ticket, TicketMove::Escalate)
    };

    let silent = office.moves(escalate("booking", "")).await.unwrap_err();
    let nowhere = office.moves(escalate("", "too much")).await.unwrap_err();
    let unknown = office.moves(escalate("experts", "too much")).await.unwrap_err();
    let both = MoveTicketRequest { agent_id: "li-wei".into(), ..escalate("booking", "x") };
    let both = office.moves(both).await.unwrap_err();
    let raised = office.moves(escalate("booking", "too much")).await.unwrap();

    assert_eq!(told(&silent).2, "note");
    assert_eq!(told(&nowhere).2, "department");
    assert_eq!(told(&unknown).2, "queue_id");
    assert_eq!(told(&both).2, "queue_id");
    assert_eq!(raised.priority(), TicketPriority::High);
    assert_eq!((raised.queue_id.as_str(), raised.agent_id.as_str()), ("booking", ""));
}
