//! The audit trail, read back page by page.

use switchboard_domain::customer::{Customer, Tier};
use switchboard_domain::ids::{CustomerId, TicketId, TicketKindId};
use switchboard_domain::ticket::NewTicket;
use switchboard_store::audit::{Audit, AuditFilter, AuditRecord, AuditTrail};
use switchboard_store::customers::Customers;
use switchboard_store::page::PageRequest;
use switchboard_store::tickets::{TicketOrder, Tickets};
use switchboard_store_postgres::PostgresStore;

use crate::support::{database, second, tenant};

/// A store with the customer `li`, whose ticket is `t-1`, and a line of each second.
async fn furnished() -> PostgresStore {
    let store = database().await.store;
    let li = Customer::new(CustomerId::parse("li").unwrap(), "Li", Tier::B1, second(0));
    Customers::create(&store, &tenant("demo"), &li, "samples").await.unwrap();
    let order = TicketOrder {
        id: TicketId::parse("t-1").unwrap(),
        request_id: "t-1".to_owned(),
        actor: "agent:wang".to_owned(),
        at: second(1),
        joins_since: None,
        ticket: NewTicket {
            customer: Some(li.id),
            ..NewTicket::about(TicketKindId::REQUEST, "refund")
        },
    };
    Tickets::create(&store, &tenant("demo"), &order).await.unwrap();
    let lines = [
        line(1, "wang", "customer/li"),
        line(2, "wang", "ticket/t-1"),
        line(3, "zhang", "customer/wu"),
        line(3, "zhang", "ticket/t-1"),
        line(4, "wang", "tickets"),
    ];
    store.append_all(&tenant("demo"), &lines).await.unwrap();
    store.append(&tenant("other"), &line(5, "wang", "customer/li")).await.unwrap();
    store
}

fn line(at: i64, actor: &str, object: &str) -> AuditRecord {
    AuditRecord {
        actor: actor.to_owned(),
        role: "agent".to_owned(),
        action: "a.read".to_owned(),
        object: object.to_owned(),
        detail: None,
        at: second(at),
    }
}

#[tokio::test]
async fn pages_of_the_trail_show_every_line_once_the_latest_first() {
    let store = furnished().await;
    let (all, mut told, mut next) = (AuditFilter::default(), Vec::new(), String::new());

    loop {
        let wanted = PageRequest::parse(2, &next).unwrap();
        let page = store.lines(&tenant("demo"), &all, &wanted).await.unwrap();
        told.extend(page.records.into_iter().map(|line| (line.at, line.object)));
        if page.next.is_empty() {
            break;
        }
        next = page.next;
    }

    assert_eq!(told.len(), 5);
    assert!(told.is_sorted_by(|(one, _), (other, _)| one >= other), "{told:?}");
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 5, "{told:?}");
}

#[tokio::test]
async fn the_trail_of_a_customer_tells_of_their_tickets_too() {
    let store = furnished().await;
    let of = |filter: AuditFilter| {
        let store = &store;
        async move {
            let page = store.lines(&tenant("demo"), &filter, &PageRequest::default()).await;
            page.unwrap().records.into_iter().map(|line| line.object).collect::<Vec<_>>()
        }
    };
    let li = || AuditFilter { customer: CustomerId::parse("li").ok(), ..AuditFilter::default() };

    let whole = of(li()).await;
    let by_wang = of(AuditFilter { actor: Some("wang".to_owned()), ..li() }).await;
    let before = of(AuditFilter { until: Some(second(2)), ..li() }).await;
    let since = of(AuditFilter { from: Some(second(3)), ..li() }).await;
    let object = Some("tickets".to_owned());
    let lists = of(AuditFilter { object, ..AuditFilter::default() }).await;

    assert_eq!(whole, ["ticket/t-1", "ticket/t-1", "customer/li"]);
    assert_eq!(by_wang, ["ticket/t-1", "customer/li"]);
    assert_eq!((before, since), (vec!["customer/li".to_owned()], vec!["ticket/t-1".to_owned()]));
    assert_eq!(lists, ["tickets"]);
}
