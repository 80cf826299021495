//! What customers may ask for as persons, through the API.

use std::time::Duration;

use switchboard_api::callerid::v1::export_customer_response::Record;
use switchboard_api::callerid::v1::{
    EraseCustomerRequest, EraseCustomerResponse, ErasedFate, ExportCustomerRequest,
    GetCustomerRequest, SetLegalHoldRequest,
};
use switchboard_domain::caller::Role;
use switchboard_domain::customer::value::{Churn, ChurnState};
use switchboard_domain::follow_up::FollowUp;
use switchboard_domain::promise::{Promise, PromiseState};
use switchboard_domain::ticket::{
    Attachment, Direction, MoveDetails, Party, SideConversation, SideMessage, TicketKind,
    TicketMove,
};
use switchboard_domain::touchpoint::{Touchpoint, TouchpointState};
use switchboard_store::audit::Audit;
use switchboard_store::outbox::{EntityKind, OutboxEntry, OutboxId};
use switchboard_store::projection::{Batch, Projection};
use switchboard_store::promises::{PromiseLine, Promises};
use switchboard_store::ticket_surroundings::{Surrounding, TicketSurroundings};
use switchboard_store::tickets::Tickets;
use switchboard_store::touchpoints::{Firing, Touchpoints};
use switchboard_store::values::{CustomerValues, GivenValue, ValueChange};
use tonic::{Code, Response, Status};

use crate::support::{MORNING, Office, of, tenant, told};

const CUSTOMER: &str = "customer-01";

#[tokio::test]
async fn a_customer_gets_everything_that_is_kept() {
    let office = Office::set_up().await;
    office.happened(CUSTOMER, "call-1", "li-wei").await;
    a_day_becomes_a_call(&office).await;
    something_is_promised(&office).await;
    something_stands_beside(&office).await;
    somebody_says_what_they_are_worth(&office).await;
    a_call_without_a_name(&office).await;
    let read = GetCustomerRequest { customer_id: CUSTOMER.to_owned() };
    office.client().get_customer(of("demo", Role::Agent, read)).await.unwrap();

    let records = export(&office).await;

    let Record::Customer(customer) = &records[0] else { panic!("{records:?}") };
    assert_eq!(customer.numbers[0].number, "+8613800000001");
    let (mut calls, mut tickets, mut lines, mut care) = (vec![], vec![], vec![], vec![]);
    for record in &records {
        match record {
            Record::Interaction(call) => {
                calls.push((call.interaction_id.as_str(), call.events.len()));
            }
            Record::Ticket(ticket) => {
                tickets.push(ticket.subject.as_str());
                tickets.extend(ticket.attachments.iter().map(|file| file.name.as_str()));
                let asides = ticket.side_conversations.iter().flat_map(|aside| &aside.messages);
                tickets.extend(asides.map(|message| message.text.as_str()));
            }
            Record::AuditLine(line) => lines.push((line.role.as_str(), line.action.as_str())),
            Record::FollowUp(call) => care.push(call.touchpoint_id.as_str()),
            Record::Touchpoint(day) => care.push(day.date.as_str()),
            Record::Promise(promise) => care.push(promise.what.as_str()),
            Record::Value(value) => care.push(value.churn.as_str()),
            Record::Customer(_)
            | Record::Event(_)
            | Record::NumberRule(_)
            | Record::LegalHold(_)
            | Record::Occurrence(_)
            | Record::Consent(_) => {}
        }
    }
    lines.sort_unstable();
    calls.sort_unstable();
    care.sort_unstable();
    assert_eq!(calls, [("call-1", 2), ("call-2", 1)]);
    assert_eq!(tickets, ["Refund", "receipt", "is it in stock?"]);
    assert_eq!(care, ["2027-02-28", "day-1", "partial", "the money back"]);
    assert_eq!(lines, [("admin", "customer.export"), ("agent", "customer.read")]);
}

#[tokio::test]
async fn an_erasure_is_asked_for_twice_and_reported_place_by_place() {
    let office = Office::set_up().await;
    office.happened(CUSTOMER, "call-1", "li-wei").await;

    let doubted = erase(&office, "customer-02").await.unwrap_err();
    let places = erase(&office, CUSTOMER).await.unwrap().places;
    let again = erase(&office, CUSTOMER).await.unwrap_err();

    assert_eq!(doubted.code(), Code::InvalidArgument);
    assert_eq!(told(&doubted).2, "customer_id_again");
    let place = |name: &str| places.iter().find(|place| place.place == name).unwrap();
    assert_eq!(place("customers").fate(), ErasedFate::Emptied);
    assert_eq!(
        (place("data_keys").fate(), place("data_keys").records),
        (ErasedFate::KeysDestroyed, 2)
    );
    assert_eq!(place("customer_numbers").records, 2);
    assert_eq!(again.code(), Code::NotFound);
    assert!(office.lookup("+8613800000001").await.unwrap().candidates.is_empty());
    let lines = office.store.latest(&tenant("demo"), 5).await.unwrap();
    assert!(lines.iter().any(|line| line.action == "customer.erase"), "{lines:?}");
}

#[tokio::test]
async fn a_hold_needs_a_reason_and_forbids_the_erasure() {
    let office = Office::set_up().await;

    let reasonless = hold(&office, true, "").await.unwrap_err();
    hold(&office, true, "a lawsuit").await.unwrap();
    let refused = erase(&office, CUSTOMER).await.unwrap_err();
    hold(&office, false, "").await.unwrap();

    assert_eq!(
        (reasonless.code(), told(&reasonless).2.as_str()),
        (Code::InvalidArgument, "reason")
    );
    assert_eq!(
        (refused.code(), told(&refused).1.as_str()),
        (Code::FailedPrecondition, "LEGAL_HOLD")
    );
    assert!(!format!("{refused:?}").contains("lawsuit"));
    erase(&office, CUSTOMER).await.unwrap();
}

#[tokio::test]
async fn a_hold_is_seen_by_admins_who_read_the_customer() {
    let office = Office::set_up().await;
    let seen = async |role| {
        let request = GetCustomerRequest { customer_id: CUSTOMER.to_owned() };
        let read = office.client().get_customer(of("demo", role, request)).await.unwrap();
        read.into_inner().legal_hold.map(|hold| hold.reason)
    };
    hold(&office, true, "a lawsuit").await.unwrap();

    let (admin, supervisor) = (seen(Role::Admin).await, seen(Role::Supervisor).await);
    hold(&office, false, "").await.unwrap();
    let lifted = seen(Role::Admin).await;

    assert_eq!((admin.as_deref(), supervisor, lifted), (Some("a lawsuit"), None, None));
}

/// Plans a day of the care calendar that becomes a call at once.
async fn a_day_becomes_a_call(office: &Office) {
    let demo = tenant("demo");
    let day = Touchpoint {
        id: "day-1".parse().unwrap(),
        customer: CUSTOMER.parse().unwrap(),
        plan: "care".to_owned(),
        anchor_on: "2026-11-30".parse().unwrap(),
        month: 3,
        day: "2027-02-28".parse().unwrap(),
        opens_at: MORNING,
        closes_at: MORNING + Duration::from_hours(24),
        state: TouchpointState::Planned,
        reason: None,
        follow_up: None,
        ticket: None,
        version: 1,
    };
    Touchpoints::plan(&office.store, &demo, &day.customer, std::slice::from_ref(&day))
        .await
        .unwrap();
    let queue = "booking".parse().unwrap();
    let call = FollowUp::on_day(&day, (&queue, None), "call-3".parse().unwrap(), MORNING);
    let touchpoint = day.settle(TouchpointState::Fired, None).unwrap();
    let firing = Firing { touchpoint, follow_up: Some(call), ticket: None, successor: None };
    office.store.fire(&demo, &firing).await.unwrap();
}

async fn something_is_promised(office: &Office) {
    let promise = Promise {
        id: "promise-1".parse().unwrap(),
        ticket: "ticket-1".parse().ok(),
        customer: None,
        what: "the money back".to_owned(),
        owner: None,
        due_at: MORNING,
        state: PromiseState::Open,
        made_by: "agent:wang".to_owned(),
        made_at: MORNING,
        ended: None,
        version: 1,
    };
    let (actor, note) = ("agent:wang".to_owned(), "promised".to_owned());
    let line = PromiseLine { applied: TicketMove::Note, actor, note, at: MORNING };
    Promises::make(&office.store, &tenant("demo"), &promise, &line).await.unwrap();
}

/// Attaches a file to the customer's ticket, and asks somebody else on its account.
async fn something_stands_beside(office: &Office) {
    let demo = tenant("demo");
    let id = "ticket-1".parse().unwrap();
    let file = Attachment {
        id: "file-1".parse().unwrap(),
        name: "receipt".to_owned(),
        media_type: "application/pdf".parse().unwrap(),
        size: 7,
        sha256: "0123456789abcdef".repeat(4).parse().unwrap(),
        uri: "https://files.example/receipt.pdf".parse().unwrap(),
        added_by: "agent:wang".to_owned(),
        added_at: MORNING,
    };
    let aside = SideConversation {
        id: "aside-1".parse().unwrap(),
        subject: "spare part".to_owned(),
        party: Party::Other("Zhao".to_owned()),
        medium: None,
        opened_by: "agent:wang".to_owned(),
        opened_at: MORNING,
        closed: None,
        messages: vec![],
    };
    let message = SideMessage {
        id: "message-1".parse().unwrap(),
        direction: Direction::Out,
        text: "is it in stock?".to_owned(),
        noted_by: "agent:wang".to_owned(),
        noted_at: MORNING,
    };
    let (about, said) = (aside.id.clone(), Surrounding::Said(aside.id.clone(), message));
    for change in [Surrounding::Attached(file), Surrounding::Opened(aside), said] {
        let ticket = Tickets::get(&office.store, &demo, &id).await.unwrap();
        let kind = TicketKind::undemanding(ticket.kind.clone());
        let details = MoveDetails { note: Some(about.to_string()), ..MoveDetails::default() };
        let line = ticket.apply(TicketMove::Note, details, &kind, MORNING).unwrap();
        office.store.keep_beside(&demo, &line, &change).await.unwrap();
    }
}

async fn somebody_says_what_they_are_worth(office: &Office) {
    let demo = tenant("demo");
    let value =
        CustomerValues::get(&office.store, &demo, &CUSTOMER.parse().unwrap()).await.unwrap();
    let churn = Churn::new(ChurnState::Partial, None).unwrap();
    let change = ValueChange {
        customer: value.customer,
        before: value.version,
        given: GivenValue { churn, ..value.given },
        computed: value.computed,
        actor: "agent:wang".to_owned(),
        at: MORNING,
    };
    CustomerValues::set(&office.store, &demo, &change).await.unwrap();
}

/// Keeps a call from the customer's number that was recognised as nobody's.
async fn a_call_without_a_name(office: &Office) {
    let fields = [("state", "in_menu"), ("calling_number", "+8613800000001")];
    let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let entry = OutboxEntry {
        epoch: 2,
        id: OutboxId::new(1, 0),
        entity: EntityKind::Contact,
        entity_id: "call-2".to_owned(),
        version: 1,
        at: MORNING,
        wall: MORNING,
        kind: "contact_started".to_owned(),
        fields: fields.into(),
        trace: None,
    };
    let batch =
        Batch { epoch: 2, expected: None, entries: vec![entry], rules: vec![], now: MORNING };
    office.store.commit(&tenant("demo"), &batch).await.unwrap();
}

async fn export(office: &Office) -> Vec<Record> {
    let request = ExportCustomerRequest { customer_id: CUSTOMER.to_owned() };
    let stream = office.client().export_customer(of("demo", Role::Admin, request)).await;
    let (mut stream, mut records) = (stream.unwrap().into_inner(), Vec::new());
    while let Some(response) = stream.message().await.unwrap() {
        records.push(response.record.unwrap());
    }
    records
}

async fn erase(office: &Office, again: &str) -> Result<EraseCustomerResponse, Status> {
    let request = EraseCustomerRequest {
        customer_id: CUSTOMER.to_owned(),
        customer_id_again: again.to_owned(),
    };
    let erased = office.client().erase_customer(of("demo", Role::Admin, request)).await;
    erased.map(Response::into_inner)
}

async fn hold(office: &Office, held: bool, reason: &str) -> Result<(), Status> {
    let request =
        SetLegalHoldRequest { customer_id: CUSTOMER.to_owned(), held, reason: reason.to_owned() };
    office.client().set_legal_hold(of("demo", Role::Admin, request)).await.map(drop)
}
