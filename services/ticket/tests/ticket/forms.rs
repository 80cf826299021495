//! Forms and checklists: filled in, corrected, asked for where a ticket wants to pass.

use std::collections::BTreeMap;

use prost_types::Value;
use prost_types::value::Kind;
use switchboard_api::ticket::v1::{
    CreateTicketRequest, GetTicketFormsRequest, MoveTicketRequest, ReviseTicketRequest, Ticket,
    TicketCheckpoint, TicketFieldType, TicketMove, TicketPriority,
};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::support::{Office, a_move, from, of, order, tenant, told};

const KINDS: &str = "\
repair:
  form:
    plate: {display_name: Plate, type: text, pattern: '[A-Z]{2}[0-9]{4}', required_at: accept}
    amount: {display_name: Amount, type: number, min: 0, required_at: resolve}
    contact: {display_name: Whom to ring, type: phone}
  checklist:
    photo: Take a photo
request: {}
complaint: {}
";

async fn office() -> Office {
    let office = Office::set_up().await;
    office.apply(&[("kinds.yaml", KINDS)]).await;
    office
}

fn text(text: &str) -> Value {
    Value { kind: Some(Kind::StringValue(text.to_owned())) }
}

fn form<const N: usize>(values: [(&str, Value); N]) -> BTreeMap<String, Value> {
    values.map(|(name, value)| (name.to_owned(), value)).into()
}

fn a_revision(ticket: &Ticket) -> ReviseTicketRequest {
    ReviseTicketRequest { ticket_id: ticket.ticket_id.clone(), ..Default::default() }
}

async fn revise(office: &Office, request: ReviseTicketRequest) -> Result<Ticket, Status> {
    let revised = office.forms().revise_ticket(from(Role::Agent, request)).await?;
    Ok(revised.into_inner().ticket.unwrap())
}

fn particular(status: &Status, name: &str) -> String {
    status.get_error_details().error_info().unwrap().metadata[name].clone()
}

#[tokio::test]
async fn a_ticket_passes_once_its_form_is_filled_in_and_its_steps_are_ticked() {
    let office = office().await;
    let ticket = office.create("r-1").await;
    let resolve = || MoveTicketRequest {
        resolution: "mended".to_owned(),
        ..a_move(&ticket, TicketMove::Resolve)
    };

    let unfilled = office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap_err();
    let plate = form([("plate", text("AB1234"))]);
    let revised = revise(&office, ReviseTicketRequest { form: plate, ..a_revision(&ticket) }).await;
    office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();
    office.moves(a_move(&ticket, TicketMove::Start)).await.unwrap();
    let amount = form([("amount", Value { kind: Some(Kind::NumberValue(5.0)) })]);
    revise(&office, ReviseTicketRequest { form: amount, ..a_revision(&ticket) }).await.unwrap();
    let unticked = office.moves(resolve()).await.unwrap_err();
    let tick = vec!["photo".to_owned()];
    revise(&office, ReviseTicketRequest { tick, ..a_revision(&ticket) }).await.unwrap();
    let resolved = office.moves(resolve()).await.unwrap();

    let refusal =
        (Code::FailedPrecondition, "TICKET_FIELD_OPEN".to_owned(), "form.plate".to_owned());
    assert_eq!(told(&unfilled), refusal);
    assert!(particular(&unfilled, "expected").contains("[A-Z]{2}[0-9]{4}"));
    assert_eq!(revised.unwrap().events[1].note, "set plate");
    assert_eq!(told(&unticked).1, "TICKET_STEP_OPEN");
    assert_eq!(particular(&unticked, "step"), "photo");
    assert_eq!(resolved.form["plate"], text("AB1234"));
    assert_eq!(resolved.ticked_steps, ["photo"]);
    let read = office.ticket("r-1").await;
    assert_eq!((read.form, read.ticked_steps), (resolved.form, resolved.ticked_steps));
}

#[tokio::test]
async fn a_new_ticket_brings_its_form_along_and_a_wrong_value_makes_none() {
    let office = office().await;
    let with = |id: &str, form| CreateTicketRequest { form, ..order(id) };

    let made = office.answer(with("r-1", form([("plate", text("AB1234"))]))).await.unwrap();
    let cases = [
        ("form.plate", form([("plate", text("nothing"))])),
        ("form.contact", form([("contact", text("13800000001"))])),
        ("form.amount", form([("amount", Value { kind: Some(Kind::NumberValue(-1.0)) })])),
        ("form.color", form([("color", text("red"))])),
        ("form", form([("No Name", text("red"))])),
    ];

    assert_eq!(made.ticket.unwrap().form["plate"], text("AB1234"));
    for (field, values) in cases {
        let refused = office.answer(with("r-2", values)).await.unwrap_err();
        assert_eq!((refused.code(), told(&refused).2.as_str()), (Code::InvalidArgument, field));
    }
    let unknown = office.answer(with("r-2", form([("color", text("red"))]))).await.unwrap_err();
    assert!(particular(&unknown, "expected").contains("plate, amount, contact"));
}

#[tokio::test]
async fn a_revision_is_made_whole_of_the_version_that_was_read_and_is_on_the_trail() {
    let office = office().await;
    let ticket = office.create("r-1").await;
    let revision = ReviseTicketRequest {
        etag: ticket.etag.clone(),
        category: "trains/late".to_owned(),
        priority: TicketPriority::Urgent.into(),
        note: "she insists".to_owned(),
        ..a_revision(&ticket)
    };
    let half = ReviseTicketRequest { tick: vec!["think".to_owned()], ..revision.clone() };

    let refused = revise(&office, half).await.unwrap_err();
    let revised = revise(&office, revision.clone()).await.unwrap();
    let stale = revise(&office, revision).await.unwrap_err();

    assert_eq!(told(&refused).2, "tick");
    assert_eq!(
        (revised.category.as_str(), revised.priority()),
        ("trains/late", TicketPriority::Urgent)
    );
    assert_eq!(revised.events[1].action(), TicketMove::Revise);
    assert_eq!(revised.events[1].note, "category trains/late; priority urgent\nshe insists");
    assert_eq!(told(&stale).1, "ETAG_STALE");
    let trail = office.store.about(&tenant("demo"), "ticket/r-1").await.unwrap();
    assert!(trail.iter().any(|line| line.detail.as_deref() == Some("revise to version 2")));
}

#[tokio::test]
async fn forms_are_told_as_they_are_in_force_and_only_of_the_own_tenant() {
    let office = office().await;
    let ticket = office.create("r-1").await;

    let request = from(Role::Agent, GetTicketFormsRequest {});
    let forms = office.forms().get_ticket_forms(request).await.unwrap().into_inner().forms;
    let foreign = ReviseTicketRequest { priority: 1, ..a_revision(&ticket) };
    let foreign = office.forms().revise_ticket(of("other", Role::Admin, foreign)).await;

    assert_eq!(forms[0].kind, "repair");
    let fields = &forms[0].fields;
    assert_eq!(fields[0].required_at(), TicketCheckpoint::Accept);
    assert_eq!(fields[2].r#type(), TicketFieldType::Phone);
    assert_eq!(forms[0].steps[0].name, "photo");
    assert_eq!(foreign.unwrap_err().code(), Code::NotFound);
}
