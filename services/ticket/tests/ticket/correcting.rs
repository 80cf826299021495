//! What a ticket is about and whose it is, corrected; further calls linked to it.

use prost_types::Value;
use prost_types::value::Kind;
use switchboard_api::ticket::v1::{
    AttachFileRequest, CreateTicketRequest, LinkInteractionRequest, ListTicketsRequest,
    OpenSideConversationRequest, ReviseTicketRequest, SearchTicketsRequest, Ticket,
    TicketAttachment, TicketMove,
};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use switchboard_store::outbox::{EntityKind, OutboxEntry, OutboxId};
use switchboard_store::projection::{Batch, Projection};
use switchboard_store::subjects::Subjects;
use tonic::{Code, Status};

use crate::support::{MORNING, Office, a_move, from, order, tenant, told};

const KINDS: &str = "\
request:
  form: {plate: {display_name: Plate, type: text}}
complaint:
  form: {train: {display_name: Train, type: text, required_at: accept}}
";
const SLA: &str = "best: {tiers: [B1], resolution: 1h}\nusual: {resolution: 8h}\n";

async fn office() -> Office {
    let office = Office::set_up().await;
    office.apply(&[("kinds.yaml", KINDS), ("sla.yaml", SLA)]).await;
    office.customer("li").await;
    office
}

fn text(text: &str) -> Value {
    Value { kind: Some(Kind::StringValue(text.to_owned())) }
}

/// Makes a ticket of nobody, from a call, with something sealed wherever it can be.
async fn of_nobody(office: &Office) -> Ticket {
    let request = CreateTicketRequest {
        interaction_id: "c-1".to_owned(),
        form: [("plate".to_owned(), text("AB1234"))].into(),
        ..order("r-1")
    };
    office.answer(request).await.unwrap();
    let attachment = TicketAttachment {
        attachment_id: "a-1".to_owned(),
        name: "ticket.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size_bytes: 5,
        sha256: "0a".repeat(32),
        uri: "https://files.example/a.pdf".to_owned(),
        ..TicketAttachment::default()
    };
    let attach = AttachFileRequest {
        ticket_id: "r-1".to_owned(),
        attachment: Some(attachment),
        etag: String::new(),
    };
    office.desk().attach_file(from(Role::Agent, attach)).await.unwrap();
    let side = OpenSideConversationRequest {
        ticket_id: "r-1".to_owned(),
        conversation_id: "s-1".to_owned(),
        subject: "spare part".to_owned(),
        party: "Zhao".to_owned(),
        ..OpenSideConversationRequest::default()
    };
    office.desk().open_side_conversation(from(Role::Agent, side)).await.unwrap();
    office.ticket("r-1").await
}

async fn revise(office: &Office, request: ReviseTicketRequest) -> Result<Ticket, Status> {
    let request = ReviseTicketRequest { ticket_id: "r-1".to_owned(), ..request };
    let revised = office.forms().revise_ticket(from(Role::Agent, request)).await?;
    Ok(revised.into_inner().ticket.unwrap())
}

async fn found(office: &Office, query: &str) -> usize {
    let request = SearchTicketsRequest { query: query.to_owned(), ..Default::default() };
    let found = office.desk().search_tickets(from(Role::Agent, request)).await.unwrap();
    found.into_inner().tickets.len()
}

#[tokio::test]
async fn a_ticket_of_nobody_gets_its_customer_with_all_that_stands_beside_it() {
    let office = office().await;
    let before = of_nobody(&office).await;

    let revision = ReviseTicketRequest {
        customer_id: "li".to_owned(),
        subject: "Platform elevator".to_owned(),
        description: Some(String::new()),
        etag: before.etag.clone(),
        ..ReviseTicketRequest::default()
    };
    revise(&office, revision.clone()).await.unwrap();
    let after = office.ticket("r-1").await;

    assert_eq!((after.customer_id.as_str(), after.subject.as_str()), ("li", "Platform elevator"));
    assert_eq!(after.description, "");
    assert_eq!((before.sla_policy.as_str(), after.sla_policy.as_str()), ("usual", "best"));
    assert_eq!((&after.form, &after.attachments), (&before.form, &before.attachments));
    assert_eq!(after.side_conversations, before.side_conversations);
    assert_eq!((found(&office, "elevator").await, found(&office, "refund").await), (1, 1));
    let line = after.events.last().unwrap();
    assert_eq!(line.action(), TicketMove::Revise);
    assert_eq!(line.note, "customer li\nsubject was: refund\ndescription was: train was late");
    let stale = revise(&office, revision).await.unwrap_err();
    assert_eq!(told(&stale).1, "ETAG_STALE");
    let nobody = ReviseTicketRequest { customer_id: "nobody".to_owned(), ..Default::default() };
    let nobody = revise(&office, nobody).await.unwrap_err();
    assert_eq!((told(&nobody).0, told(&nobody).2.as_str()), (Code::NotFound, "customer_id"));
}

#[tokio::test]
async fn whoever_is_erased_takes_along_what_came_over_with_the_ticket() {
    let office = office().await;
    of_nobody(&office).await;
    let revision = ReviseTicketRequest { customer_id: "li".to_owned(), ..Default::default() };
    let ticket = revise(&office, revision).await.unwrap();
    let customer = ticket.customer_id.parse().unwrap();

    office.store.erase(&tenant("demo"), &customer, "admin:wang", MORNING).await.unwrap();

    let left = office.ticket("r-1").await;
    assert!(left.form.is_empty() && left.attachments.is_empty(), "{left:?}");
    assert_eq!((left.subject.as_str(), left.side_conversations.len()), ("", 0));
}

#[tokio::test]
async fn a_ticket_is_of_another_kind_once_it_has_what_that_kind_asks_for() {
    let office = office().await;
    let ticket = office.create("r-1").await;
    office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();
    let complaint = ReviseTicketRequest { kind: "complaint".to_owned(), ..Default::default() };
    let form = [("train".to_owned(), text("G7"))].into();

    let bare = revise(&office, complaint.clone()).await.unwrap_err();
    let odd = ReviseTicketRequest { kind: "complain".to_owned(), ..Default::default() };
    let odd = revise(&office, odd).await.unwrap_err();
    let filled = ReviseTicketRequest { form, ..complaint };
    let revised = revise(&office, filled).await.unwrap();

    let refusal = (Code::FailedPrecondition, "TICKET_FIELD_OPEN".into(), "form.train".into());
    assert_eq!(told(&bare), refusal);
    assert_eq!(told(&odd).2, "kind");
    assert_eq!((revised.kind.as_str(), &revised.form["train"]), ("complaint", &text("G7")));
    assert_eq!(revised.events.last().unwrap().note, "kind complaint; set train");
}

/// Records a call that began.
async fn record(office: &Office, call: &str) {
    let entry = OutboxEntry {
        epoch: 0,
        id: OutboxId::new(1, 0),
        entity: EntityKind::Contact,
        entity_id: call.to_owned(),
        version: 1,
        at: MORNING,
        wall: MORNING,
        kind: "contact_started".to_owned(),
        fields: [("state".to_owned(), "in_menu".to_owned())].into(),
        trace: None,
    };
    let batch =
        Batch { epoch: 0, expected: None, entries: vec![entry], rules: vec![], now: MORNING };
    office.store.commit(&tenant("demo"), &batch).await.unwrap();
}

async fn link(office: &Office, call: &str, etag: &str) -> Result<Ticket, Status> {
    let request = LinkInteractionRequest {
        ticket_id: "r-1".to_owned(),
        interaction_id: call.to_owned(),
        etag: etag.to_owned(),
        note: "she called again".to_owned(),
    };
    let linked = office.relations().link_interaction(from(Role::Agent, request)).await?;
    Ok(linked.into_inner().ticket.unwrap())
}

#[tokio::test]
async fn a_further_call_is_linked_once_and_leads_to_the_ticket() {
    let office = office().await;
    let ticket = office.create("r-1").await;
    record(&office, "c-9").await;

    let (first, second) = tokio::join!(link(&office, "c-9", ""), link(&office, "c-9", ""));
    let again = link(&office, "c-9", &ticket.etag).await.unwrap();
    let missing = link(&office, "c-8", "").await.unwrap_err();

    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    assert_eq!(again.linked_interaction_ids, ["c-9"]);
    let notes: Vec<&str> = again.events[1..].iter().map(|event| event.note.as_str()).collect();
    assert_eq!(notes, ["linked interaction c-9\nshe called again"]);
    assert_eq!(missing.code(), Code::NotFound);
    let request = ListTicketsRequest { interaction_id: "c-9".to_owned(), ..Default::default() };
    let listed = office.client().list_tickets(from(Role::Agent, request)).await.unwrap();
    assert_eq!(listed.into_inner().tickets.len(), 1);
    let lines = Audit::about(&office.store, &tenant("demo"), "ticket/r-1").await.unwrap();
    assert!(lines.iter().any(|kept| kept.action == "ticket.link_interaction"));
}

#[tokio::test]
async fn a_call_is_linked_to_the_version_that_was_read() {
    let office = office().await;
    let ticket = office.create("r-1").await;
    record(&office, "c-9").await;
    office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();

    let stale = link(&office, "c-9", &ticket.etag).await.unwrap_err();

    assert_eq!((told(&stale).0, told(&stale).1.as_str()), (Code::Aborted, "ETAG_STALE"));
}
