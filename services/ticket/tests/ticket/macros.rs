//! Macros: all of their steps or none, once per request, by whom and on what they are for.

use switchboard_api::ticket::v1::move_ticket_result::Outcome;
use switchboard_api::ticket::v1::{
    ApplyMacroRequest, ApplyMacroResponse, CreateTicketRequest, ListMacrosRequest,
    MoveTicketRequest, MoveTicketsRequest, MovedTicket, Ticket, TicketEvent, TicketMove,
    TicketPriority, TicketState,
};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::support::{Office, a_move, by, from, of, order, tenant, told};

const MACROS: &str = "\
take:
  display_name: {zh-CN: Take, en: Take up}
  steps:
    - {move: accept, note: 'taken up by {agent}'}
    - {move: revise, priority: urgent, category: trains/late}
    - {move: dispatch, department: refunds}
grant:
  display_name: {zh-CN: Grant, en: Grant}
  departments: [refunds]
  roles: [agent]
  steps:
    - {move: start}
    - {move: note, note: 'granted'}
    - {move: resolve, resolution: '{customer}: {number} is paid by {department}'}
complain:
  display_name: {zh-CN: Complain, en: Complain}
  kinds: [complaint]
  roles: [supervisor]
  steps: [{move: note, note: looked at}]
";

async fn office() -> Office {
    let office = Office::set_up().await;
    office.apply(&[("macros.yaml", MACROS)]).await;
    office
}

fn an_application(request_id: &str, ticket: &str, applied: &str) -> ApplyMacroRequest {
    ApplyMacroRequest {
        request_id: request_id.to_owned(),
        ticket_id: ticket.to_owned(),
        macro_id: applied.to_owned(),
        ..ApplyMacroRequest::default()
    }
}

async fn apply(office: &Office, asked: ApplyMacroRequest) -> Result<ApplyMacroResponse, Status> {
    Ok(office.desk().apply_macro(by("li-wei", asked)).await?.into_inner())
}

fn particular(status: &Status, name: &str) -> String {
    status.get_error_details().error_info().unwrap().metadata[name].clone()
}

async fn listed(office: &Office, role: Role, asked: ListMacrosRequest) -> Vec<String> {
    let listed = office.desk().list_macros(from(role, asked)).await.unwrap().into_inner();
    listed.macros.into_iter().map(|prepared| prepared.macro_id).collect()
}

fn moves(ticket: &Ticket) -> Vec<TicketMove> {
    ticket.events.iter().skip(1).map(TicketEvent::action).collect()
}

#[tokio::test]
async fn a_macro_makes_all_of_its_moves_once_per_request_and_is_on_the_trail() {
    let office = office().await;
    office.create("r-1").await;
    let asked = ApplyMacroRequest { etag: "1".into(), ..an_application("m-1", "r-1", "take") };
    let preview = ApplyMacroRequest { validate_only: true, ..asked.clone() };

    let previewed = apply(&office, preview).await.unwrap().ticket.unwrap();
    let untouched = office.ticket("r-1").await;
    let applied = apply(&office, asked.clone()).await.unwrap();
    let again = apply(&office, asked).await.unwrap();
    let other = apply(&office, an_application("m-1", "r-1", "grant")).await.unwrap_err();
    let stale = ApplyMacroRequest { etag: "1".into(), ..an_application("m-2", "r-1", "take") };
    let stale = apply(&office, stale).await.unwrap_err();

    let ticket = applied.ticket.unwrap();
    assert_eq!((previewed.state(), untouched.etag.as_str()), (TicketState::Dispatched, "1"));
    assert_eq!(moves(&ticket), [TicketMove::Accept, TicketMove::Revise, TicketMove::Dispatch]);
    assert_eq!(
        (ticket.priority(), ticket.department.as_str()),
        (TicketPriority::Urgent, "refunds")
    );
    assert_eq!(ticket.events[1].note, "taken up by 李伟");
    assert_eq!((again.repeated_request, again.ticket.unwrap()), (true, ticket));
    assert_eq!(told(&other).1, "REQUEST_ID_REUSED");
    assert_eq!(told(&stale).1, "ETAG_STALE");
    let trail = office.store.about(&tenant("demo"), "ticket/r-1").await.unwrap();
    let lines = trail.iter().filter(|line| line.action == "ticket.apply_macro");
    let lines: Vec<_> = lines.filter_map(|line| line.detail.as_deref()).collect();
    assert_eq!(lines, ["take: accept, revise, dispatch to version 4"]);
}

#[tokio::test]
async fn a_step_that_is_refused_leaves_the_ticket_as_it_was_and_is_named() {
    let office = office().await;
    office.customer("li").await;
    let of_li = CreateTicketRequest { customer_id: "li".into(), ..order("r-1") };
    office.answer(of_li).await.unwrap();
    office.create("r-2").await;
    for id in ["r-1", "r-2"] {
        apply(&office, an_application(&format!("take-{id}"), id, "take")).await.unwrap();
    }

    let granted = apply(&office, an_application("g-1", "r-1", "grant")).await.unwrap();
    let nobody = apply(&office, an_application("g-2", "r-2", "grant")).await.unwrap_err();
    let twice = apply(&office, an_application("t-1", "r-1", "take")).await.unwrap_err();

    assert_eq!(granted.ticket.unwrap().resolution, "li: 1 is paid by refunds");
    assert_eq!(told(&nobody).1, "MACRO_BLANK");
    assert_eq!(
        (particular(&nobody, "macro_step"), particular(&nobody, "placeholder")),
        ("3".into(), "customer".into())
    );
    assert_eq!(office.ticket("r-2").await.state(), TicketState::Dispatched);
    assert_eq!(told(&twice).1, "TICKET_MOVE_NOT_ALLOWED");
    assert_eq!(
        (particular(&twice, "macro_step"), particular(&twice, "macro_action")),
        ("1".into(), "accept".into())
    );
    assert!(twice.message().starts_with("step 1 of the macro `take` (accept)"), "{twice}");
}

#[tokio::test]
async fn macros_are_listed_and_applied_by_whom_and_on_what_they_are_for() {
    let office = office().await;
    office.create("r-1").await;
    let on = |id: &str| ListMacrosRequest { ticket_id: id.into(), ..Default::default() };
    let of_refunds = ListMacrosRequest { department: "refunds".into(), ..Default::default() };

    assert_eq!(listed(&office, Role::Agent, ListMacrosRequest::default()).await, ["take", "grant"]);
    assert_eq!(listed(&office, Role::Agent, of_refunds).await, ["take", "grant"]);
    assert_eq!(listed(&office, Role::Agent, on("r-1")).await, ["take"]);
    assert_eq!(listed(&office, Role::Supervisor, on("r-1")).await, ["take"]);

    let misfit = apply(&office, an_application("m-1", "r-1", "grant")).await.unwrap_err();
    let unknown = apply(&office, an_application("m-1", "r-1", "nothing")).await.unwrap_err();
    let unnamed = apply(&office, an_application("", "r-1", "take")).await.unwrap_err();
    let foreign = of("other", Role::Agent, an_application("m-1", "r-1", "take"));
    let foreign = office.desk().apply_macro(foreign).await.unwrap_err();
    assert_eq!(
        (told(&misfit).1, particular(&misfit, "misfit")),
        ("MACRO_MISFIT".into(), "department".into())
    );
    assert_eq!((unknown.code(), told(&unknown).1), (Code::NotFound, "MACRO_NOT_FOUND".into()));
    assert_eq!(told(&unnamed).2, "request_id");
    assert_eq!(foreign.code(), Code::NotFound);
}

#[tokio::test]
async fn a_macro_is_applied_to_many_tickets_each_by_itself() {
    let office = office().await;
    for id in ["r-1", "r-2"] {
        office.create(id).await;
    }
    office.moves(a_move(&office.ticket("r-2").await, TicketMove::Accept)).await.unwrap();
    let named = |id: &str| MovedTicket { ticket_id: id.to_owned(), etag: String::new() };
    let request = MoveTicketsRequest {
        tickets: vec![named("r-1"), named("r-2")],
        macro_id: "take".to_owned(),
        ..MoveTicketsRequest::default()
    };
    let both = MoveTicketsRequest { r#move: Some(MoveTicketRequest::default()), ..request.clone() };

    let refused = office.desk().move_tickets(from(Role::Agent, both)).await.unwrap_err();
    let done = office.desk().move_tickets(from(Role::Agent, request)).await.unwrap().into_inner();

    assert_eq!(told(&refused).2, "macro_id");
    let Some(Outcome::Moved(moved)) = &done.results[0].outcome else { panic!("{done:?}") };
    assert_eq!(moved.state(), TicketState::Dispatched);
    let Some(Outcome::Refused(refusal)) = &done.results[1].outcome else { panic!("{done:?}") };
    assert_eq!(refusal.particulars["macro_step"], "1");
}
