//! What happened to customers elsewhere: lines that are added once and never changed.

use switchboard_domain::ids::{OccurrenceId, OccurrenceKindId};
use switchboard_domain::occurrence::Occurrence;
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::occurrences::Occurrences;
use switchboard_store::subjects::Subjects;

use crate::consents::{customer, id};
use crate::support::{database, second, tenant};

#[tokio::test]
async fn a_line_is_added_once_however_often_it_is_told() {
    let store = database().await.store;
    let (demo, li) = (tenant("demo"), id("li"));
    Customers::create(&store, &demo, &customer("li"), "admin").await.unwrap();
    Customers::create(&store, &demo, &customer("wu"), "admin").await.unwrap();
    let order = occurrence("o-1", 5);
    let again = Occurrence { at: second(8), recorded_at: second(8), ..order.clone() };
    let another = Occurrence { summary: "three chairs".to_owned(), ..order.clone() };

    let both = tokio::join!(store.record(&demo, &li, &order), store.record(&demo, &li, &order));
    let later = store.record(&demo, &li, &again).await;
    let refused = store.record(&demo, &li, &another).await;
    let of_another = store.record(&demo, &id("wu"), &order).await;
    let elsewhere = store.record(&tenant("other"), &li, &order).await;

    assert_eq!((both.0.unwrap(), both.1.unwrap()), (order.clone(), order.clone()));
    assert_eq!(later.unwrap(), order, "as it was written down first");
    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    assert!(matches!(of_another, Err(StoreError::Conflict { .. })), "{of_another:?}");
    assert!(matches!(elsewhere, Err(StoreError::NotFound { .. })), "{elsewhere:?}");
    assert_eq!(store.occurrences(&demo, &li).await.unwrap(), [order]);
}

#[tokio::test]
async fn lines_come_in_the_order_in_which_it_happened_and_go_with_the_customer() {
    let store = database().await.store;
    let (demo, li) = (tenant("demo"), id("li"));
    Customers::create(&store, &demo, &customer("li"), "admin").await.unwrap();
    for (name, at) in [("o-1", 7), ("o-2", 3)] {
        store.record(&demo, &li, &occurrence(name, at)).await.unwrap();
    }

    let told = store.occurrences(&demo, &li).await.unwrap();
    store.erase(&demo, &li, "admin", second(9)).await.unwrap();
    let late = store.record(&demo, &li, &occurrence("o-3", 9)).await;

    let order: Vec<&str> = told.iter().map(|line| line.id.as_str()).collect();
    assert_eq!(order, ["o-2", "o-1"]);
    assert_eq!(store.occurrences(&demo, &li).await.unwrap(), []);
    assert!(matches!(late, Err(StoreError::NotFound { .. })), "{late:?}");
}

pub(crate) fn occurrence(name: &str, at: i64) -> Occurrence {
    Occurrence {
        id: OccurrenceId::parse(name).unwrap(),
        kind: OccurrenceKindId::parse("order").unwrap(),
        summary: "two chairs".to_owned(),
        source: "shop".to_owned(),
        actor: "agent:wang".to_owned(),
        at: second(at),
        recorded_at: second(at),
    }
}
