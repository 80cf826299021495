//! Following tickets: what there is, then each change, and on from where one was.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use switchboard_api::ticket::v1::watch_tickets_response::Update;
use switchboard_api::ticket::v1::{
    ListTicketsRequest, MoveTicketRequest, SearchTicketsRequest, Ticket, TicketFilter, TicketMove,
    TicketState, WatchTicketsRequest, WatchTicketsResponse,
};
use switchboard_domain::caller::Role;
use switchboard_runtime::clock::ManualClock;
use switchboard_ticket::{TicketParts, tell_due};
use tokio::time::timeout;
use tonic::{Code, Streaming};

use crate::support::{MORNING, Office, a_move, from, tenant, told};

/// How long to wait for an update.
const LIMIT: Duration = Duration::from_mins(1);

/// So many that the longest texts of all of them are more than a client takes at once.
const COUNT: u32 = 200;

/// More changes than are kept for anybody.
const MANY: u32 = 700;

type Updates = Streaming<WatchTicketsResponse>;

fn unassigned() -> TicketFilter {
    TicketFilter { unassigned: true, ..TicketFilter::default() }
}

async fn watch(office: &Office, filter: TicketFilter, cursor: &str) -> Updates {
    let request = WatchTicketsRequest { filter: Some(filter), cursor: cursor.to_owned() };
    office.desk().watch_tickets(from(Role::Agent, request)).await.unwrap().into_inner()
}

/// Gives the next update that is no heartbeat, with its cursor.
async fn next(updates: &mut Updates) -> (Update, String) {
    loop {
        let message = timeout(LIMIT, updates.message()).await.unwrap();
        let message = message.unwrap().unwrap();
        let update = message.update.unwrap();
        if !matches!(update, Update::Heartbeat(_)) {
            return (update, message.cursor);
        }
    }
}

async fn snapshot(updates: &mut Updates) -> (Vec<String>, bool) {
    let (Update::Snapshot(snapshot), _) = next(updates).await else { panic!("no snapshot") };
    let ids = snapshot.tickets.into_iter().map(|ticket| ticket.ticket_id).collect();
    (ids, snapshot.more)
}

async fn changed(updates: &mut Updates) -> (String, TicketState, String) {
    let (update, cursor) = next(updates).await;
    let Update::Changed(ticket) = update else { panic!("{update:?}") };
    let state = ticket.state();
    (ticket.ticket_id, state, cursor)
}

#[tokio::test]
async fn a_watch_begins_with_what_there_is_and_goes_on_with_each_change() {
    let office = Office::set_up().await;
    office.create("r-1").await;
    let taken = office.create("r-2").await;
    let mut updates = watch(&office, unassigned(), "").await;
    assert_eq!(snapshot(&mut updates).await, (vec!["r-2".into(), "r-1".into()], false));

    office.create("r-3").await;
    let made = changed(&mut updates).await;
    let take = MoveTicketRequest { agent_id: "wang".into(), ..a_move(&taken, TicketMove::Accept) };
    office.moves(take).await.unwrap();
    let gone = next(&mut updates).await.0;

    assert_eq!((made.0.as_str(), made.1), ("r-3", TicketState::New));
    assert_eq!(gone, Update::Gone("r-2".to_owned()));
}

#[tokio::test]
async fn tickets_that_never_fitted_are_not_told() {
    let office = Office::set_up().await;
    let mine = TicketFilter { agent_id: "wang".into(), open: true, ..TicketFilter::default() };
    let mut updates = watch(&office, mine, "").await;
    assert_eq!(snapshot(&mut updates).await, (vec![], false));

    let ticket = office.create("r-1").await;
    office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();
    let start = MoveTicketRequest { agent_id: "wang".into(), ..a_move(&ticket, TicketMove::Start) };
    office.moves(start).await.unwrap();

    assert_eq!(changed(&mut updates).await.1, TicketState::InProgress);
}

#[tokio::test]
async fn a_watch_goes_on_from_its_cursor_with_what_was_missed() {
    let office = Office::set_up().await;
    let mut updates = watch(&office, TicketFilter::default(), "").await;
    snapshot(&mut updates).await;
    let ticket = office.create("r-1").await;
    let (.., cursor) = changed(&mut updates).await;
    drop(updates);
    office.create("r-2").await;
    office.moves(a_move(&ticket, TicketMove::Accept)).await.unwrap();

    let new = TicketFilter { state: TicketState::New.into(), ..TicketFilter::default() };
    let mut resumed = watch(&office, new, &cursor).await;

    assert_eq!(changed(&mut resumed).await.0, "r-2");
    assert_eq!(next(&mut resumed).await.0, Update::Gone("r-1".to_owned()));
    office.create("r-3").await;
    assert_eq!(changed(&mut resumed).await.0, "r-3");
}

#[tokio::test]
async fn a_reader_that_is_too_slow_is_told_and_goes_on_from_its_cursor() {
    let office = Office::set_up().await;
    let mut desk = office.desk();
    let mut begin = async || {
        let request = from(Role::Agent, WatchTicketsRequest::default());
        desk.watch_tickets(request).await.unwrap().into_inner()
    };
    let (mut slow, mut quick) = (begin().await, begin().await);
    snapshot(&mut quick).await;

    // Far more than is kept for anybody; that the quick one has seen all tells that all was told.
    let reading = async {
        for _ in 0..MANY {
            changed(&mut quick).await;
        }
    };
    tokio::join!(office.fill(MANY, ""), reading);
    let mut cursor = String::new();
    let refused = loop {
        match timeout(LIMIT, slow.message()).await.unwrap() {
            Ok(update) => cursor = update.unwrap().cursor,
            Err(refused) => break refused,
        }
    };
    let mut resumed = watch(&office, TicketFilter::default(), &cursor).await;

    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert_eq!(told(&refused).1, "WATCH_TOO_SLOW");
    let (.., next_cursor) = changed(&mut resumed).await;
    assert_eq!(next_cursor.parse::<u64>().unwrap(), cursor.parse::<u64>().unwrap() + 1);
}

#[tokio::test]
async fn what_is_overdue_by_the_clock_of_whoever_tells_it_is_told_by_a_clock_behind() {
    let office = Office::set_up().await;
    office.apply(&[("sla.yaml", "usual:\n  acceptance: 1h\n")]).await;
    office.create("r-1").await;
    let overdue = TicketFilter { overdue: true, ..TicketFilter::default() };
    let mut updates = watch(&office, overdue, "").await;
    assert_eq!(snapshot(&mut updates).await, (vec![], false));

    let ahead = Arc::new(ManualClock::at(MORNING + Duration::from_hours(1)));
    let teller = TicketParts { clock: ahead, ..office.parts() };
    tell_due(&teller, &tenant("demo")).await.unwrap();

    assert_eq!(changed(&mut updates).await.0, "r-1");
}

#[tokio::test]
async fn many_long_tickets_are_answered_in_as_many_parts_as_a_client_takes() {
    let office = Office::set_up().await;
    office.fill(COUNT, &"字".repeat(8_000)).await;
    let ids = |tickets: Vec<Ticket>| {
        tickets.into_iter().map(|ticket| ticket.ticket_id).collect::<BTreeSet<_>>()
    };

    let (mut listed, mut found) = (BTreeSet::new(), BTreeSet::new());
    let (mut list, mut search) = (ListTicketsRequest::default(), SearchTicketsRequest::default());
    (list.page_size, search.page_size) = (200, 200);
    search.query = "字字".to_owned();
    while listed.is_empty() || !list.page_token.is_empty() {
        let answer = office.client().list_tickets(from(Role::Agent, list.clone())).await.unwrap();
        let page = answer.into_inner();
        listed.append(&mut ids(page.tickets));
        list.page_token = page.next_page_token;
    }
    while found.is_empty() || !search.page_token.is_empty() {
        let request = from(Role::Agent, search.clone());
        let page = office.desk().search_tickets(request).await.unwrap().into_inner();
        found.append(&mut ids(page.tickets));
        search.page_token = page.next_page_token;
    }
    let mut updates = watch(&office, TicketFilter::default(), "").await;
    let (shown, more) = snapshot(&mut updates).await;

    assert_eq!((listed.len(), found.len()), (COUNT as usize, COUNT as usize));
    assert!(more && !shown.is_empty() && shown.len() < COUNT as usize, "{}", shown.len());
}

#[tokio::test]
async fn what_only_time_makes_true_is_not_watched() {
    let office = Office::set_up().await;
    let long = Some(prost_types::Duration { seconds: 60, nanos: 0 });
    let untouched = TicketFilter { untouched_for: long, ..TicketFilter::default() };
    let due_today = TicketFilter { due_today: true, ..TicketFilter::default() };
    let cases = [
        ("filter.untouched_for", untouched, ""),
        ("filter.due_today", due_today, ""),
        ("filter.state", TicketFilter { state: 99, ..TicketFilter::default() }, ""),
        ("cursor", TicketFilter::default(), "yesterday"),
    ];

    for (field, filter, cursor) in cases {
        let request = WatchTicketsRequest { filter: Some(filter), cursor: cursor.to_owned() };
        let refused = office.desk().watch_tickets(from(Role::Agent, request)).await;
        let refused = refused.err().unwrap();
        assert_eq!((refused.code(), told(&refused).2.as_str()), (Code::InvalidArgument, field));
    }
}
