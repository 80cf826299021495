//! The end of what is kept of a customer, everywhere, and what forbids it.

use std::collections::BTreeSet;

use switchboard_domain::consent::ConsentState;
use switchboard_domain::customer::profile::ProfileValue;
use switchboard_domain::customer::{Customer, CustomerNumber, ExternalId, Tier};
use switchboard_domain::ids::{
    AgentId, CustomerId, NumberRuleId, PromiseId, TicketId, TicketKindId,
};
use switchboard_domain::number_rule::{NumberRule, RuleKind};
use switchboard_domain::occurrence::Occurrence;
use switchboard_domain::phone::{Country, E164, PhoneAddress};
use switchboard_domain::promise::{Promise, PromiseEnd, PromiseEnded, PromiseState};
use switchboard_domain::quality::Judged;
use switchboard_domain::ticket::{
    Attachment, Direction, Filled, MoveDetails, NewTicket, Party, SideConversation, SideMessage,
    Ticket, TicketKind, TicketMove,
};
use switchboard_store::audit::{Audit, AuditRecord};
use switchboard_store::callers::Callers;
use switchboard_store::consents::Consents;
use switchboard_store::customer_merges::{CustomerMerges, MergeOrder};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::history::{History, InteractionFilter};
use switchboard_store::number_rules::NumberRules;
use switchboard_store::occurrences::Occurrences;
use switchboard_store::page::PageRequest;
use switchboard_store::projection::{Batch, Projection};
use switchboard_store::promises::{PromiseLine, Promises};
use switchboard_store::subjects::{Erasure, Fate, LegalHold, Subjects};
use switchboard_store::ticket_surroundings::{Surrounding, TicketSurroundings};
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store_postgres::PostgresStore;

use crate::consents::consent;
use crate::evaluations::{judged, judged_again};
use crate::occurrences::occurrence;
use crate::support::{database, dump, second, tenant, told, ways_to_write};

/// Only Li's.
const MOBILE: &str = "+8613800000001";
/// That of the whole family.
const HOME: &str = "+862160000001";
/// What must not be found anywhere once Li is erased.
const CANARIES: [&str; 18] = [
    MOBILE,
    "Canary Li",
    "canary in one ear",
    "canary refund",
    "the canary has paid",
    "canary notes",
    "canary keyed in",
    "canary plate",
    "canary calls at night",
    "canary-4711",
    "canary is called back",
    "canary gets the form",
    "canary asked again",
    "canary receipt",
    "canary.pdf",
    "canary supplier",
    "canary gearbox",
    "canary waited long",
];

#[tokio::test]
async fn whoever_is_erased_is_in_no_row_of_any_table() {
    let database = database().await;
    let store = &database.store;
    furnish(store).await;
    let mut owner = database.owner().await;
    let before = dump(&mut owner).await;
    // The tickets and the record are in clear, the rest was sealed from the beginning.
    assert!(before.contains("Canary Li") && before.contains("canary refund"), "{before}");

    let Erasure::Done(places) = erase(store).await.unwrap() else { panic!("a hold") };

    let after = dump(&mut owner).await;
    for canary in CANARIES {
        assert!(ways_to_write(canary).iter().all(|text| !after.contains(text)), "{canary}");
    }
    let told: Vec<_> =
        places.iter().map(|place| (place.place, place.fate, place.records)).collect();
    assert_eq!(
        told,
        [
            ("data_keys", Fate::KeysDestroyed, 4),
            ("customer_numbers", Fate::Deleted, 2),
            ("customer_words", Fate::Deleted, 2),
            ("customer_external_ids", Fate::Deleted, 1),
            ("customer_values", Fate::Deleted, 0),
            ("customer_consents", Fate::Deleted, 1),
            ("customer_occurrences", Fate::Deleted, 1),
            ("legal_holds", Fate::Deleted, 0),
            ("number_rules", Fate::Deleted, 1),
            ("interactions", Fate::Emptied, 2),
            ("interaction_events", Fate::Unreadable, 3),
            ("interaction_events", Fate::LeftInClear, 0),
            ("dead_events", Fate::Unreadable, 0),
            ("dead_events", Fate::LeftInClear, 0),
            ("ticket_events", Fate::Emptied, 8),
            ("promises", Fate::Emptied, 2),
            ("ticket_words", Fate::Deleted, 20),
            ("ticket_forms", Fate::Deleted, 1),
            ("ticket_attachments", Fate::Deleted, 1),
            ("side_messages", Fate::Deleted, 1),
            ("side_conversations", Fate::Deleted, 1),
            ("tickets", Fate::Emptied, 1),
            ("ticket_joins", Fate::Kept, 0),
            ("call_surveys", Fate::Deleted, 0),
            ("survey_answers", Fate::Emptied, 0),
            ("follow_ups", Fate::Kept, 0),
            ("evaluations", Fate::Emptied, 2),
            ("touchpoints", Fate::Deleted, 0),
            ("customer_events", Fate::Kept, 1),
            ("customer_merges", Fate::Kept, 0),
            ("audit", Fate::Kept, 1),
            ("customers", Fate::Emptied, 1),
            ("live calls", Fate::LeftInClear, 1),
        ]
    );
}

#[tokio::test]
async fn an_erased_customer_is_nowhere_and_the_family_stays() {
    let store = &database().await.store;
    furnish(store).await;
    let demo = tenant("demo");

    erase(store).await.unwrap();

    let gone = Customers::get(store, &demo, &id("li")).await;
    assert!(matches!(gone, Err(StoreError::NotFound { .. })));
    assert!(matches!(erase(store).await, Err(StoreError::NotFound { .. })));
    let listed = Customers::list(store, &demo, &PageRequest::default()).await.unwrap().records;
    assert_eq!(listed, [customer("wu", &[HOME])]);
    assert_eq!(holders(store, MOBILE).await, [""; 0]);
    assert_eq!(holders(store, HOME).await, ["wu"]);
    // What happened to whom stays to be counted.
    let (filter, page) = (InteractionFilter::default(), PageRequest::default());
    let calls = store.interactions(&demo, &filter, &page).await.unwrap().records;
    let numbers: Vec<_> =
        calls.iter().map(|call| (call.id.as_str(), call.calling_number.as_deref())).collect();
    assert_eq!(numbers, [("c-3", Some(HOME)), ("c-2", None), ("c-1", None)]);
    let life = Customers::events(store, &demo, &id("li")).await.unwrap();
    assert_eq!(life.last().unwrap().fields, ["erased"]);
}

#[tokio::test]
async fn what_comes_late_of_an_erased_customer_is_not_kept() {
    let database = database().await;
    let store = &database.store;
    furnish(store).await;
    erase(store).await.unwrap();
    let late = [("notes", "canary notes"), ("disposition", "booked")];
    let entries = vec![told(1, 9, "c-1", "wrap_up_finished", &late)];
    let expected = store.offset(&tenant("demo"), 1).await.unwrap();

    let batch = Batch { epoch: 1, expected, entries, rules: vec![], now: second(9) };
    store.commit(&tenant("demo"), &batch).await.unwrap();

    let after = dump(&mut database.owner().await).await;
    assert!(ways_to_write("canary notes").iter().all(|text| !after.contains(text)));
}

#[tokio::test]
async fn nothing_more_is_said_of_the_calls_and_tickets_of_an_erased_customer() {
    let store = &database().await.store;
    furnish(store).await;
    erase(store).await.unwrap();

    for id in ["e-1", "e-2"] {
        let refused = judged_again(store, id, "canary waited long").await;
        assert!(matches!(refused, Err(StoreError::Refused { .. })), "{refused:?}");
        judged_again(store, id, "").await.unwrap();
    }
}

#[tokio::test]
async fn a_hold_forbids_the_erasure_until_it_is_lifted() {
    let database = database().await;
    let store = &database.store;
    furnish(store).await;
    let (demo, li) = (tenant("demo"), id("li"));
    let hold = LegalHold {
        reason: "a canary lawsuit".to_owned(),
        made_by: "chief".to_owned(),
        made_at: second(5),
    };

    store.set_hold(&demo, &li, Some(&hold)).await.unwrap();

    assert_eq!(store.hold(&demo, &li).await.unwrap().as_ref(), Some(&hold));
    assert_eq!(erase(store).await.unwrap(), Erasure::Held(hold));
    assert_eq!(holders(store, MOBILE).await, ["li"]);
    let rows = dump(&mut database.owner().await).await;
    assert!(ways_to_write("a canary lawsuit").iter().all(|text| !rows.contains(text)));
    store.set_hold(&demo, &li, None).await.unwrap();
    assert_eq!(store.hold(&demo, &li).await.unwrap(), None);
    assert!(matches!(erase(store).await.unwrap(), Erasure::Done(_)));
    let missing = store.set_hold(&demo, &id("nobody"), None).await;
    assert!(matches!(missing, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn a_record_is_erased_with_those_that_were_merged_into_it_and_not_without_them() {
    let store = &database().await.store;
    furnish(store).await;
    let demo = tenant("demo");
    let order = MergeOrder {
        winner: id("wu"),
        winner_version: 1,
        loser: id("li"),
        loser_version: 1,
        actor: "admin".to_owned(),
        at: second(7),
    };
    store.merge(&demo, &order).await.unwrap();

    assert_eq!(erase(store).await.unwrap(), Erasure::Merged(id("wu")));
    let hold =
        LegalHold { reason: "why".to_owned(), made_by: "chief".to_owned(), made_at: second(7) };
    store.set_hold(&demo, &id("li"), Some(&hold)).await.unwrap();
    let refused = store.erase(&demo, &id("wu"), "admin:chief", second(8)).await.unwrap();
    assert_eq!(refused, Erasure::Held(hold));
    store.set_hold(&demo, &id("li"), None).await.unwrap();
    let done = store.erase(&demo, &id("wu"), "admin:chief", second(8)).await.unwrap();

    let Erasure::Done(places) = done else { panic!("{done:?}") };
    let records = places.iter().find(|place| place.place == "customers").unwrap();
    assert_eq!(records.records, 2);
    for gone in ["li", "wu"] {
        let found = Customers::get(store, &demo, &id(gone)).await;
        assert!(matches!(found, Err(StoreError::NotFound { .. })), "{found:?}");
    }
    assert_eq!(holders(store, HOME).await, [""; 0]);
}

#[tokio::test]
async fn every_table_that_names_customers_or_calls_is_in_the_report() {
    let database = database().await;
    furnish(&database.store).await;
    let Erasure::Done(places) = erase(&database.store).await.unwrap() else { panic!("a hold") };
    let known: BTreeSet<&str> = places.iter().map(|place| place.place).collect();

    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT table_name::text
         FROM information_schema.columns
         WHERE table_schema = 'public'
             AND column_name IN (
                 'customer_id', 'loser_id', 'interaction_id', 'sealed', 'note', 'subject'
             )
             -- A partition is part of its table.
             AND NOT EXISTS (
                 SELECT FROM pg_inherits WHERE inhrelid = to_regclass(quote_ident(table_name))
             )",
    )
    .fetch_all(&mut database.owner().await)
    .await
    .unwrap();

    // They tell which calls a ticket took up, and what people noted of flows.
    let harmless = ["ticket_joins", "flow_releases", "flow_versions"];
    let is_known = |table: &str| known.contains(table) || harmless.contains(&table);
    let forgotten: Vec<_> = tables.iter().filter(|table| !is_known(table)).collect();
    assert!(forgotten.is_empty(), "an erasure forgets {forgotten:?}");
}

/// Li, who called twice (once not yet known) and has a ticket, and Wu of the same family.
async fn furnish(store: &PostgresStore) {
    let demo = tenant("demo");
    for customer in [customer("li", &[MOBILE, HOME]), customer("wu", &[HOME])] {
        Customers::create(store, &demo, &customer, "admin").await.unwrap();
    }
    let said = consent("r-1", 1, ConsentState::Withdrawn);
    Consents::set(store, &demo, &id("li"), &said).await.unwrap();
    let order = Occurrence { summary: "canary order".to_owned(), ..occurrence("o-1", 1) };
    store.record(&demo, &id("li"), &order).await.unwrap();
    let rule = NumberRule {
        id: NumberRuleId::parse("r-1").unwrap(),
        number: MOBILE.to_owned(),
        kind: RuleKind::Test,
        reason: "canary calls at night".to_owned(),
        made_by: "wu".to_owned(),
        made_at: second(1),
        expires_at: None,
    };
    NumberRules::set(store, &demo, &rule).await.unwrap();
    let known = [("customer", "li"), ("calling_number", MOBILE), ("customer_name", "Canary Li")];
    let entries = vec![
        told(1, 1, "c-1", "contact_started", &known),
        told(1, 2, "c-1", "contact_ended", &[("notes", "canary notes"), ("reason", "completed")]),
        told(
            1,
            3,
            "c-2",
            "contact_started",
            &[("calling_number", MOBILE), ("field.pin", "canary keyed in")],
        ),
        told(1, 4, "c-3", "contact_started", &[("calling_number", HOME)]),
    ];
    let batch = Batch { epoch: 1, expected: None, entries, rules: vec![], now: second(5) };
    store.commit(&demo, &batch).await.unwrap();
    furnish_ticket(store).await;
    let about_call = Judged::Call("c-1".parse().unwrap());
    judged(store, "e-1", about_call, "canary waited long").await;
    let about_ticket = Judged::Ticket("t-1".parse().unwrap());
    judged(store, "e-2", about_ticket, "canary waited long").await;
    let line = AuditRecord {
        actor: "wu".to_owned(),
        role: "admin".to_owned(),
        action: "customer.read".to_owned(),
        object: "customer/li".to_owned(),
        detail: None,
        at: second(7),
    };
    store.append(&demo, &line).await.unwrap();
}

/// A ticket of Li with a note and two promises.
async fn furnish_ticket(store: &PostgresStore) {
    let demo = tenant("demo");
    let order = TicketOrder {
        id: "t-1".parse().unwrap(),
        request_id: "r-1".to_owned(),
        actor: "zhang".to_owned(),
        at: second(6),
        joins_since: None,
        ticket: NewTicket {
            customer: Some(id("li")),
            body: "the canary has paid".to_owned(),
            filled: Filled {
                values: [("plate".parse().unwrap(), ProfileValue::Text("canary plate".to_owned()))]
                    .into(),
                ..Filled::default()
            },
            ..NewTicket::about(TicketKindId::REQUEST, "canary refund")
        },
    };
    let ticket = Tickets::create(store, &demo, &order).await.unwrap();
    let details = MoveDetails {
        actor: "agent:wang".to_owned(),
        note: Some("canary asked again".to_owned()),
        ..MoveDetails::default()
    };
    let kind = TicketKind::undemanding(TicketKindId::REQUEST);
    let noted = ticket.apply(TicketMove::Note, details, &kind, second(6)).unwrap();
    Tickets::save(store, &demo, &noted).await.unwrap();
    surround(store, &noted.ticket).await;
    promise(store, "canary is called back", PromiseEnd::Keep).await;
    promise(store, "canary gets the form", PromiseEnd::Break).await;
}

/// Lets a ticket refer to a file, and somebody ask a supplier.
async fn surround(store: &PostgresStore, ticket: &Ticket) {
    let file = Attachment {
        id: "a-1".parse().unwrap(),
        name: "canary receipt".to_owned(),
        media_type: "application/pdf".parse().unwrap(),
        size: 7,
        sha256: "0123456789abcdef".repeat(4).parse().unwrap(),
        uri: "https://files.example/canary.pdf".parse().unwrap(),
        added_by: "agent:wang".to_owned(),
        added_at: second(6),
    };
    let side = SideConversation {
        id: "s-1".parse().unwrap(),
        subject: "spare part".to_owned(),
        party: Party::Other("canary supplier".to_owned()),
        medium: None,
        opened_by: "agent:wang".to_owned(),
        opened_at: second(6),
        closed: None,
        messages: vec![],
    };
    let message = SideMessage {
        id: "m-1".parse().unwrap(),
        direction: Direction::In,
        text: "canary gearbox".to_owned(),
        noted_by: "agent:wang".to_owned(),
        noted_at: second(6),
    };
    let said = Surrounding::Said(side.id.clone(), message);
    let kind = TicketKind::undemanding(TicketKindId::REQUEST);
    let mut ticket = ticket.clone();
    for change in [Surrounding::Attached(file), Surrounding::Opened(side), said] {
        let details = MoveDetails { note: Some("changed".to_owned()), ..MoveDetails::default() };
        let line = ticket.apply(TicketMove::Note, details, &kind, second(6)).unwrap();
        store.keep_beside(&tenant("demo"), &line, &change).await.unwrap();
        ticket = line.ticket;
    }
}

/// Promises something to Li, which somebody keeps or time breaks.
async fn promise(store: &PostgresStore, what: &str, end: PromiseEnd) {
    let demo = tenant("demo");
    let promise = Promise {
        id: PromiseId::parse(format!("p-{end:?}")).unwrap(),
        ticket: TicketId::parse("t-1").ok(),
        customer: Some(id("li")),
        what: what.to_owned(),
        owner: None,
        due_at: second(7),
        state: PromiseState::Open,
        made_by: "agent:wang".to_owned(),
        made_at: second(6),
        ended: None,
        version: 1,
    };
    let is_by_time = end == PromiseEnd::Break;
    let actor = if is_by_time { "promise:due" } else { "agent:wang" };
    let ended = PromiseEnded { at: second(7), by: actor.to_owned(), note: None };
    let line = |applied, by: &str, said: &str| PromiseLine {
        applied,
        actor: by.to_owned(),
        note: format!("{said}: {what}"),
        at: second(7),
    };
    let applied = if is_by_time { TicketMove::Alarm } else { TicketMove::Note };
    let made = line(TicketMove::Note, "agent:wang", "promised");
    Promises::make(store, &demo, &promise, &made).await.unwrap();
    let over = promise.ended(end, ended).unwrap();
    Promises::end(store, &demo, &over, &line(applied, actor, "over")).await.unwrap();
}

async fn erase(store: &PostgresStore) -> Result<Erasure, StoreError> {
    store.erase(&tenant("demo"), &id("li"), "admin:chief", second(8)).await
}

async fn holders(store: &PostgresStore, number: &str) -> Vec<String> {
    let address = PhoneAddress::parse(number, Country::parse("CN").unwrap()).unwrap();
    let found = store.lookup(&tenant("demo"), &address).await.unwrap();
    found.evidence.into_iter().map(|one| one.customer.id.to_string()).collect()
}

fn id(name: &str) -> CustomerId {
    CustomerId::parse(name).unwrap()
}

fn customer(name: &str, numbers: &[&str]) -> Customer {
    let number = |text: &&str| CustomerNumber::new(E164::parse(text).unwrap(), "mobile");
    let is_li = name == "li";
    Customer {
        language: Some("zh-CN".to_owned()),
        owner: AgentId::parse("wang").ok(),
        alert: is_li.then(|| "canary in one ear".to_owned()),
        numbers: numbers.iter().map(number).collect(),
        external_ids: is_li
            .then(|| ExternalId::new("crm", "canary-4711").unwrap())
            .into_iter()
            .collect(),
        ..Customer::new(id(name), if is_li { "Canary Li" } else { "Wu" }, Tier::B1, second(1))
    }
}
