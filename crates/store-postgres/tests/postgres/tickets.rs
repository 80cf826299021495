//! Tickets made and moved by people.

use sqlx::Connection;
use sqlx::postgres::PgConnection;
use switchboard_domain::customer::{Customer, Tier};
use switchboard_domain::ids::{CustomerId, TicketId, TicketKindId};
use switchboard_domain::ticket::{
    MoveDetails, NewTicket, Ticket, TicketKind, TicketMove, TicketPriority, TicketState,
};
use switchboard_embedded::testing::eventually;
use switchboard_store::customer_merges::{CustomerMerges, MergeOrder};
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::page::PageRequest;
use switchboard_store::tickets::{TicketFilter, TicketOrder, Tickets};
use switchboard_store_postgres::PostgresStore;

use crate::support::{contact, database, second, tenant};

fn order(id: &str, request_id: &str) -> TicketOrder {
    TicketOrder {
        id: TicketId::parse(id).unwrap(),
        request_id: request_id.to_owned(),
        actor: "wang".to_owned(),
        at: second(1),
        joins_since: None,
        ticket: NewTicket {
            body: "train was late".to_owned(),
            priority: TicketPriority::High,
            interaction: Some(contact("c-1")),
            department: Some("refunds".to_owned()),
            ..NewTicket::about(TicketKindId::REQUEST, "refund")
        },
    }
}

async fn make(store: &PostgresStore, id: &str, request_id: &str) -> Ticket {
    Tickets::create(store, &tenant("demo"), &order(id, request_id)).await.unwrap()
}

fn kind() -> TicketKind {
    TicketKind::undemanding(TicketKindId::REQUEST)
}

fn by_wang() -> MoveDetails {
    MoveDetails { actor: "wang".to_owned(), ..MoveDetails::default() }
}

#[tokio::test]
async fn a_ticket_reads_back_and_numbers_count_up_per_tenant() {
    let store = database().await.store;

    let first = make(&store, "t-1", "r-1").await;
    let second_one = make(&store, "t-2", "r-2").await;
    let of_other = Tickets::create(&store, &tenant("other"), &order("t-1", "r-1")).await.unwrap();

    assert_eq!((first.number, second_one.number, of_other.number), (1, 2, 1));
    assert_eq!(first.state, TicketState::New);
    assert_eq!(Tickets::get(&store, &tenant("demo"), &first.id).await.unwrap(), first);
}

#[tokio::test]
async fn the_same_order_twice_makes_one_ticket() {
    let store = database().await.store;

    let first = make(&store, "t-1", "r-1").await;
    let again = make(&store, "t-2", "r-1").await;

    assert_eq!(again, first);
    let absent = Tickets::get(&store, &tenant("demo"), &TicketId::parse("t-2").unwrap()).await;
    assert!(matches!(absent, Err(StoreError::NotFound { .. })));
    assert_eq!(make(&store, "t-3", "r-3").await.number, 2);
}

#[tokio::test]
async fn a_new_ticket_waits_for_no_other_one_that_is_still_being_made() {
    let database = database().await;
    let store = &database.store;
    make(store, "t-1", "r-1").await;
    let mut owner = database.owner().await;
    let mut holding = owner.begin().await.unwrap();
    // Whoever orders the same must wait what becomes of this.
    let rename = "UPDATE tickets SET request_id = 'r-2'";
    sqlx::query(rename).execute(&mut *holding).await.unwrap();
    let meanwhile = async {
        eventually(async || is_waiting(&mut holding).await.then_some(())).await;
        let other = make(store, "t-3", "r-3").await;
        holding.rollback().await.unwrap();
        other
    };

    let (waited, other) = tokio::join!(make(store, "t-2", "r-2"), meanwhile);

    assert_eq!((waited.number, other.number), (2, 3));
}

async fn is_waiting(connection: &mut PgConnection) -> bool {
    let asked = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)";
    sqlx::query_scalar(asked).fetch_one(connection).await.unwrap()
}

#[tokio::test]
async fn the_same_order_ten_times_at_once_makes_one_ticket() {
    let store = database().await.store;
    let mut asking = tokio::task::JoinSet::new();
    for index in 0..10 {
        let store = store.clone();
        asking.spawn(async move { make(&store, &format!("t-{index}"), "r-1").await.id });
    }

    let mut ids = asking.join_all().await;
    ids.dedup();

    assert_eq!(ids.len(), 1);
}

#[tokio::test]
async fn an_open_ticket_of_the_same_customer_kind_and_category_takes_up_an_order() {
    let store = database().await.store;
    let about = |id: &str, at: i64, category: &str| {
        let mut order = order(id, id);
        order.ticket.customer = CustomerId::parse("li").ok();
        order.ticket.category = category.parse().ok();
        TicketOrder { at: second(at), joins_since: Some(second(at - 60)), ..order }
    };
    let tenant = tenant("demo");
    let create = async |order: TicketOrder| Tickets::create(&store, &tenant, &order).await.unwrap();

    let first = create(about("t-1", 100, "trains/late")).await;
    let joined = create(about("t-2", 120, "trains/late")).await;
    let again = create(about("t-2", 120, "trains/late")).await;
    let held = create(about("t-5", 110, "trains/late")).await;
    let filed_elsewhere = create(about("t-3", 130, "trains/full")).await;
    let too_late = create(about("t-4", 161, "trains/late")).await;

    assert_eq!((&joined.id, &again), (&first.id, &joined));
    assert_eq!((joined.version, joined.changed_at), (2, second(120)));
    // One that waited to be recorded does not turn the time back.
    assert_eq!((held.version, held.changed_at), (3, second(120)));
    assert_eq!((filed_elsewhere.number, too_late.number), (2, 3));
    let events = Tickets::events(&store, &tenant, &first.id).await.unwrap();
    assert_eq!(events.len(), 3);
    assert_eq!(events[1].applied, Some(TicketMove::Note));
    assert_eq!(events[1].note.as_deref(), Some("refund (c-1)\ntrain was late"));
    assert_eq!(events[2].at, second(120));
}

#[tokio::test]
async fn whichever_record_of_a_customer_is_named_the_issue_and_the_tier_are_the_same() {
    let store = database().await.store;
    let demo = tenant("demo");
    for (id, tier) in [("li", Tier::B1), ("wu", Tier::A1)] {
        let customer = Customer::new(CustomerId::parse(id).unwrap(), id, tier, second(0));
        Customers::create(&store, &demo, &customer, "samples").await.unwrap();
    }
    let of = |customer: &str, id: &str| {
        let mut order = order(id, id);
        order.ticket.customer = CustomerId::parse(customer).ok();
        TicketOrder { joins_since: Some(second(0)), ..order }
    };
    let create = async |order: TicketOrder| Tickets::create(&store, &demo, &order).await.unwrap();
    let important = async || {
        let filter = TicketFilter { is_important: true, ..TicketFilter::default() };
        let page = PageRequest::default();
        Tickets::list(&store, &demo, &filter, &page).await.unwrap().records.len()
    };
    let merge = MergeOrder {
        winner: CustomerId::parse("wu").unwrap(),
        winner_version: 1,
        loser: CustomerId::parse("li").unwrap(),
        loser_version: 1,
        actor: "admin".to_owned(),
        at: second(2),
    };

    let made = create(of("li", "t-1")).await;
    assert_eq!(important().await, 0);
    store.merge(&demo, &merge).await.unwrap();
    assert_eq!(important().await, 1);
    let by_the_leading_record = create(of("wu", "t-2")).await;
    let by_the_other = create(of("li", "t-3")).await;

    assert_eq!((&by_the_leading_record.id, &by_the_other.id), (&made.id, &made.id));
    let waiting = store.to_alarm(&demo, second(9), 9).await.unwrap();
    assert_eq!(waiting[0].tier, Some(Tier::A1));
    assert_eq!(important().await, 1);
    store.unmerge(&demo, &merge.loser, "admin", second(3)).await.unwrap();
    assert_eq!(important().await, 0);
}

#[tokio::test]
async fn a_closed_ticket_takes_up_nothing() {
    let store = database().await.store;
    let mut first = order("t-1", "r-1");
    first.ticket.customer = CustomerId::parse("li").ok();
    let first = TicketOrder { joins_since: Some(second(0)), ..first };
    let again = TicketOrder {
        id: TicketId::parse("t-2").unwrap(),
        request_id: "r-2".to_owned(),
        ..first.clone()
    };
    let ticket = Tickets::create(&store, &tenant("demo"), &first).await.unwrap();
    let details = MoveDetails { note: Some("a slip".to_owned()), ..by_wang() };
    let cancelled = ticket.apply(TicketMove::Cancel, details, &kind(), second(2)).unwrap();
    Tickets::save(&store, &tenant("demo"), &cancelled).await.unwrap();

    let second_one = Tickets::create(&store, &tenant("demo"), &again).await.unwrap();

    assert_eq!(second_one.id, again.id);
}

#[tokio::test]
async fn tickets_are_found_by_kind_category_and_department() {
    let store = database().await.store;
    let mut complaint = order("t-1", "r-1");
    complaint.ticket.kind = TicketKindId::parse("complaint").unwrap();
    complaint.ticket.category = "trains/late".parse().ok();
    Tickets::create(&store, &tenant("demo"), &complaint).await.unwrap();
    make(&store, "t-2", "r-2").await;
    let found = async |filter: TicketFilter| {
        let page = PageRequest::default();
        let listed = Tickets::list(&store, &tenant("demo"), &filter, &page).await.unwrap();
        listed.records.len()
    };

    let kind = Some(TicketKindId::REQUEST);
    assert_eq!(found(TicketFilter { kind, ..TicketFilter::default() }).await, 1);
    for (category, count) in [("trains", 1), ("trains/late", 1), ("train", 0), ("trains/full", 0)] {
        let category = category.parse().ok();
        assert_eq!(found(TicketFilter { category, ..TicketFilter::default() }).await, count);
    }
    let department = Some("refunds".to_owned());
    assert_eq!(found(TicketFilter { department, ..TicketFilter::default() }).await, 2);
}

#[tokio::test]
async fn a_request_id_used_for_something_else_is_a_conflict() {
    let store = database().await.store;
    make(&store, "t-1", "r-1").await;
    let mut other = order("t-2", "r-1");
    other.ticket.subject = "lost luggage".to_owned();

    let refused = Tickets::create(&store, &tenant("demo"), &other).await;

    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
}

#[tokio::test]
async fn a_request_id_that_was_taken_up_and_is_used_for_something_else_is_a_conflict() {
    let store = database().await.store;
    let of_li = |id: &str, request_id: &str| {
        let mut order = order(id, request_id);
        order.ticket.customer = CustomerId::parse("li").ok();
        TicketOrder { joins_since: Some(second(0)), ..order }
    };
    let create = async |order| Tickets::create(&store, &tenant("demo"), &order).await;
    let first = create(of_li("t-1", "r-1")).await.unwrap();
    create(of_li("t-2", "r-2")).await.unwrap();

    let mut other = of_li("t-2", "r-2");
    other.ticket.subject = "luggage".to_owned();
    let refused = create(other).await;

    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    assert_eq!(create(of_li("t-2", "r-2")).await.unwrap().id, first.id);
}

#[tokio::test]
async fn a_move_is_kept_with_its_line_of_life() {
    let store = database().await.store;
    let ticket = make(&store, "t-1", "r-1").await;

    let change = ticket.apply(TicketMove::Accept, by_wang(), &kind(), second(2)).unwrap();
    Tickets::save(&store, &tenant("demo"), &change).await.unwrap();

    assert_eq!(Tickets::get(&store, &tenant("demo"), &ticket.id).await.unwrap(), change.ticket);
    let life = Tickets::events(&store, &tenant("demo"), &ticket.id).await.unwrap();
    let told: Vec<_> = life.iter().map(|event| (event.version, event.applied)).collect();
    assert_eq!(told, [(1, None), (2, Some(TicketMove::Accept))]);
    assert_eq!((life[1].actor.as_str(), life[1].at), ("wang", second(2)));
}

#[tokio::test]
async fn a_ticket_is_read_with_its_life_up_to_there() {
    let store = database().await.store;
    let ticket = make(&store, "t-1", "r-1").await;

    let (read, life) = store.life(&tenant("demo"), &ticket.id).await.unwrap();
    let absent = store.life(&tenant("other"), &ticket.id).await;

    assert_eq!((read, life.len()), (ticket, 1));
    assert!(matches!(absent, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn what_was_closed_last_comes_first_whatever_is_noted_later() {
    let store = database().await.store;
    let demo = tenant("demo");
    let moved = async |id: &str, applied: TicketMove, at: i64| {
        let ticket = Tickets::get(&store, &demo, &TicketId::parse(id).unwrap()).await.unwrap();
        let details = MoveDetails {
            note: Some("why".to_owned()),
            resolution: Some("done".to_owned()),
            ..by_wang()
        };
        let change = ticket.apply(applied, details, &kind(), second(at)).unwrap();
        Tickets::save(&store, &demo, &change).await.unwrap();
    };
    for (id, at) in [("t-1", 10), ("t-2", 20)] {
        make(&store, id, id).await;
        for applied in
            [TicketMove::Accept, TicketMove::Start, TicketMove::Resolve, TicketMove::Close]
        {
            moved(id, applied, at).await;
        }
    }
    let closed = async || {
        let filter = TicketFilter { state: Some(TicketState::Closed), ..TicketFilter::default() };
        let (mut ids, mut token) = (Vec::new(), String::new());
        loop {
            let page = PageRequest::parse(1, &token).unwrap();
            let found = Tickets::list(&store, &demo, &filter, &page).await.unwrap();
            ids.extend(found.records.into_iter().map(|ticket| ticket.id.to_string()));
            token = found.next;
            if token.is_empty() {
                return ids;
            }
        }
    };

    moved("t-1", TicketMove::Note, 30).await;
    assert_eq!(closed().await, ["t-2", "t-1"]);
    moved("t-1", TicketMove::Reopen, 40).await;
    for applied in [TicketMove::Accept, TicketMove::Start, TicketMove::Resolve, TicketMove::Close] {
        moved("t-1", applied, 50).await;
    }
    assert_eq!(closed().await, ["t-1", "t-2"]);
}

#[tokio::test]
async fn of_two_moves_from_one_version_the_later_is_a_conflict() {
    let store = database().await.store;
    let ticket = make(&store, "t-1", "r-1").await;
    let accepted = ticket.apply(TicketMove::Accept, by_wang(), &kind(), second(2)).unwrap();
    let details = MoveDetails { note: Some("double".to_owned()), ..by_wang() };
    let cancelled = ticket.apply(TicketMove::Cancel, details, &kind(), second(3)).unwrap();

    Tickets::save(&store, &tenant("demo"), &accepted).await.unwrap();
    let refused = Tickets::save(&store, &tenant("demo"), &cancelled).await;

    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
    let kept = Tickets::get(&store, &tenant("demo"), &ticket.id).await.unwrap();
    assert_eq!(kept, accepted.ticket);
}

#[tokio::test]
async fn a_ticket_is_not_merged_into_one_that_is_not_there() {
    let store = database().await.store;
    let ticket = make(&store, "t-1", "r-1").await;
    let details = MoveDetails { merged_into: TicketId::parse("t-9").ok(), ..by_wang() };
    let change = ticket.apply(TicketMove::Merge, details, &kind(), second(2)).unwrap();

    let refused = Tickets::save(&store, &tenant("demo"), &change).await;

    assert_eq!(refused.unwrap_err().to_string(), "there is no ticket to merge into");
}

#[tokio::test]
async fn two_tickets_are_not_merged_into_each_other() {
    let store = database().await.store;
    let (first, other) = (make(&store, "t-1", "r-1").await, make(&store, "t-2", "r-2").await);
    let into = |ticket: &Ticket, target: &Ticket| {
        let details = MoveDetails { merged_into: Some(target.id.clone()), ..by_wang() };
        ticket.apply(TicketMove::Merge, details, &kind(), second(2)).unwrap()
    };
    let (there, back) = (into(&first, &other), into(&other, &first));
    let demo = tenant("demo");

    let (there, back) =
        tokio::join!(Tickets::save(&store, &demo, &there), Tickets::save(&store, &demo, &back));

    let refused = [there, back].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    assert!(matches!(refused[..], [StoreError::Conflict { .. }]), "{refused:?}");
}

#[tokio::test]
async fn a_filter_lets_through_what_it_names() {
    let store = database().await.store;
    let first = make(&store, "t-1", "r-1").await;
    make(&store, "t-2", "r-2").await;
    let change = first.apply(TicketMove::Accept, by_wang(), &kind(), second(2)).unwrap();
    Tickets::save(&store, &tenant("demo"), &change).await.unwrap();
    let page = PageRequest::default();

    let accepted = TicketFilter { state: Some(TicketState::Accepted), ..TicketFilter::default() };
    let of_call = TicketFilter { interaction: Some(contact("c-1")), ..TicketFilter::default() };
    let of_nobody = TicketFilter { assignee: "li".parse().ok(), ..TicketFilter::default() };

    for (filter, count) in [(accepted, 1), (of_call, 2), (of_nobody, 0)] {
        let listed = Tickets::list(&store, &tenant("demo"), &filter, &page).await.unwrap();
        assert_eq!(listed.records.len(), count, "{filter:?}");
    }
}
