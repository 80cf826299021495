//! Tasks below a ticket, which waits for them.

use switchboard_api::ticket::v1::{
    CreateTicketRequest, ListTicketsRequest, MoveTicketRequest, Ticket, TicketMove, TicketState,
};
use switchboard_domain::caller::Role;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::support::{Office, a_move, from, order, told};

async fn task(office: &Office, id: &str, parent: &str) -> Result<Ticket, Status> {
    let request = CreateTicketRequest {
        parent_id: parent.into(),
        department: "workshop".into(),
        ..order(id)
    };
    office.answer(request).await.map(|made| made.ticket.unwrap())
}

async fn step(office: &Office, ticket: &Ticket, action: TicketMove) -> Result<Ticket, Status> {
    let said = MoveTicketRequest { note: "n".into(), resolution: "done".into(), ..<_>::default() };
    let request = MoveTicketRequest {
        note: said.note,
        resolution: said.resolution,
        agent_id: "li-wei".into(),
        ..a_move(ticket, action)
    };
    office.moves(request).await
}

async fn begun(office: &Office, ticket: &Ticket) -> Ticket {
    step(office, ticket, TicketMove::Accept).await.unwrap();
    step(office, ticket, TicketMove::Start).await.unwrap()
}

#[tokio::test]
async fn a_ticket_waits_for_its_tasks_and_hears_of_the_last() {
    let office = Office::set_up().await;
    office.customer("li").await;
    let of_li = CreateTicketRequest { customer_id: "li".into(), ..order("repair") };
    let parent = office.answer(of_li).await.unwrap().ticket.unwrap();
    begun(&office, &parent).await;

    let first = task(&office, "parts", "repair").await.unwrap();
    let second = task(&office, "invoice", "repair").await.unwrap();
    let refused = step(&office, &parent, TicketMove::Resolve).await.unwrap_err();

    assert_eq!((first.parent_id.as_str(), first.customer_id.as_str()), ("repair", "li"));
    assert_eq!(told(&refused).0, Code::FailedPrecondition);
    assert_eq!(told(&refused).1, "TICKET_CHILDREN_OPEN");
    let details = refused.get_error_details();
    assert_eq!(details.error_info().unwrap().metadata["children"], "2,3");
    let shown: Vec<(u64, TicketState, String)> = office
        .ticket("repair")
        .await
        .children
        .into_iter()
        .map(|child| (child.number, child.state(), child.department))
        .collect();
    let new = |number| (number, TicketState::New, "workshop".to_owned());
    assert_eq!(shown, [new(2), new(3)]);

    begun(&office, &first).await;
    step(&office, &first, TicketMove::Resolve).await.unwrap();
    step(&office, &second, TicketMove::Cancel).await.unwrap();
    let heard = office.ticket("repair").await;
    let resolved = step(&office, &parent, TicketMove::Resolve).await.unwrap();

    let notes: Vec<&str> = heard.events[3..].iter().map(|event| event.note.as_str()).collect();
    let last = "no task is open any more: #3 is cancelled";
    assert_eq!(notes, ["task #2 is new", "task #3 is new", last]);
    assert_eq!(resolved.state(), TicketState::Resolved);
    assert_eq!(resolved.children.len(), 2);
    let back = step(&office, &first, TicketMove::Reopen).await.unwrap();
    assert_eq!(back.state(), TicketState::Reopened);
    let at_last = office.ticket("repair").await;
    assert_eq!(at_last.state(), TicketState::Resolved);
    assert_eq!(at_last.events.last().unwrap().note, "task #2 is reopened");
}

#[tokio::test]
async fn a_parent_is_neither_merged_nor_cancelled_while_a_task_is_open() {
    let office = Office::set_up().await;
    for id in ["repair", "other"] {
        office.create(id).await;
    }
    let parent = office.ticket("repair").await;
    task(&office, "parts", "repair").await.unwrap();
    let merge =
        MoveTicketRequest { merged_into_id: "other".into(), ..a_move(&parent, TicketMove::Merge) };

    let merged = office.moves(merge).await.unwrap_err();
    let cancelled = step(&office, &parent, TicketMove::Cancel).await.unwrap_err();

    for refused in [merged, cancelled] {
        assert_eq!(told(&refused).1, "TICKET_CHILDREN_OPEN");
    }
    assert_eq!(office.ticket("repair").await.state(), TicketState::New);
}

#[tokio::test]
async fn a_task_needs_a_parent_that_is_there_open_and_no_task_itself() {
    let office = Office::set_up().await;
    let over = office.create("over").await;
    step(&office, &over, TicketMove::Cancel).await.unwrap();
    office.create("repair").await;
    task(&office, "parts", "repair").await.unwrap();

    for (parent, code, reason) in [
        ("nobody", Code::NotFound, "TICKET_NOT_FOUND"),
        ("over", Code::FailedPrecondition, "TICKET_PARENT_NOT_OPEN"),
        ("parts", Code::FailedPrecondition, "TICKET_PARENT_IS_TASK"),
        ("a b", Code::InvalidArgument, "INVALID_FIELD"),
    ] {
        let refused = task(&office, "t-9", parent).await.unwrap_err();
        assert_eq!((told(&refused).0, told(&refused).1.as_str()), (code, reason));
    }
    let missing = task(&office, "t-9", "nobody").await.unwrap_err();
    assert_eq!(told(&missing).2, "parent_id");
    for number in 1..50 {
        task(&office, &format!("more-{number}"), "repair").await.unwrap();
    }
    let full = task(&office, "t-9", "repair").await.unwrap_err();
    let reason = told(&full).1;
    assert_eq!((full.code(), reason.as_str()), (Code::ResourceExhausted, "TICKET_CHILDREN_FULL"));
}

#[tokio::test]
async fn the_same_order_makes_one_task_also_after_its_parent_is_over() {
    let office = Office::set_up().await;
    let parent = office.create("repair").await;
    let first = task(&office, "parts", "repair").await.unwrap();
    step(&office, &first, TicketMove::Cancel).await.unwrap();
    step(&office, &parent, TicketMove::Cancel).await.unwrap();

    let again = task(&office, "parts", "repair").await.unwrap();

    assert_eq!((again.number, again.state()), (first.number, TicketState::Cancelled));
    let below = ListTicketsRequest { parent_id: "repair".into(), ..<_>::default() };
    let listed = office.client().list_tickets(from(Role::Agent, below)).await.unwrap();
    assert_eq!(listed.into_inner().tickets.len(), 1);
}
