//! What customers agreed to: lines that are added once and never changed.

use switchboard_domain::consent::{Consent, ConsentState};
use switchboard_domain::customer::{Customer, Tier};
use switchboard_domain::ids::{ConsentId, CustomerId, PurposeId};
use switchboard_domain::ticket::Medium;
use switchboard_store::consents::Consents;
use switchboard_store::customers::Customers;
use switchboard_store::error::StoreError;
use switchboard_store::subjects::Subjects;

use crate::support::{database, second, tenant};

#[tokio::test]
async fn a_line_is_added_once_however_often_it_is_sent() {
    let store = database().await.store;
    let (demo, li) = (tenant("demo"), id("li"));
    Customers::create(&store, &demo, &customer("li"), "admin").await.unwrap();
    Customers::create(&store, &demo, &customer("wu"), "admin").await.unwrap();
    let said = consent("r-1", 5, ConsentState::Given);
    let again = Consent { at: second(8), recorded_at: second(8), ..said.clone() };
    let another = Consent { state: ConsentState::Withdrawn, ..said.clone() };

    let (one, same) = tokio::join!(store.set(&demo, &li, &said), store.set(&demo, &li, &said));
    let later = store.set(&demo, &li, &again).await;
    let refused = store.set(&demo, &li, &another).await;
    let earlier = Consent { at: second(4), ..said.clone() };
    let at_another_time = store.set(&demo, &li, &earlier).await;
    let of_another = store.set(&demo, &id("wu"), &said).await;
    let elsewhere = store.set(&tenant("other"), &li, &said).await;

    assert_eq!((one.unwrap(), same.unwrap()), (said.clone(), said.clone()));
    assert_eq!(later.unwrap(), said, "as it was written down first");
    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    assert!(matches!(at_another_time, Err(StoreError::Conflict { .. })), "{at_another_time:?}");
    assert!(matches!(of_another, Err(StoreError::Conflict { .. })), "{of_another:?}");
    assert!(matches!(elsewhere, Err(StoreError::NotFound { .. })), "{elsewhere:?}");
    assert_eq!(store.consents(&demo, &li, None).await.unwrap(), [said]);
}

#[tokio::test]
async fn lines_come_in_the_order_in_which_they_were_said_and_go_with_the_customer() {
    let store = database().await.store;
    let (demo, li) = (tenant("demo"), id("li"));
    Customers::create(&store, &demo, &customer("li"), "admin").await.unwrap();
    for (name, at, state) in [("r-1", 7, ConsentState::Withdrawn), ("r-2", 3, ConsentState::Given)]
    {
        store.set(&demo, &li, &consent(name, at, state)).await.unwrap();
    }

    let said = store.consents(&demo, &li, None).await.unwrap();
    store.erase(&demo, &li, "admin", second(9)).await.unwrap();
    let after = store.set(&demo, &li, &consent("r-3", 9, ConsentState::Given)).await;

    let order: Vec<&str> = said.iter().map(|line| line.id.as_str()).collect();
    assert_eq!(order, ["r-2", "r-1"]);
    assert_eq!(store.consents(&demo, &li, None).await.unwrap(), []);
    assert!(matches!(after, Err(StoreError::NotFound { .. })), "{after:?}");
}

#[tokio::test]
async fn the_last_word_on_each_purpose_and_medium_is_read_whatever_came_before() {
    let store = database().await.store;
    let (demo, li) = (tenant("demo"), id("li"));
    Customers::create(&store, &demo, &customer("li"), "admin").await.unwrap();
    let of_any = Consent { medium: None, ..consent("r-3", 1, ConsentState::Withdrawn) };
    let said = [
        consent("r-1", 7, ConsentState::Withdrawn),
        consent("r-2", 3, ConsentState::Given),
        of_any.clone(),
    ];
    for line in &said {
        store.set(&demo, &li, line).await.unwrap();
    }

    let last = store.last_words(&demo, &li).await.unwrap();

    assert_eq!(last, [said[0].clone(), of_any]);
    let latest = store.consents(&demo, &li, Some(2)).await.unwrap();
    assert_eq!(latest, [said[1].clone(), said[0].clone()]);
}

pub(crate) fn consent(name: &str, at: u32, state: ConsentState) -> Consent {
    Consent {
        id: ConsentId::parse(name).unwrap(),
        purpose: PurposeId::CARE,
        medium: Some(Medium::Sms),
        state,
        source: "web".to_owned(),
        actor: "agent:wang".to_owned(),
        at: second(at.into()),
        recorded_at: second(10),
    }
}

pub(crate) fn customer(name: &str) -> Customer {
    Customer::new(id(name), name, Tier::B1, second(0))
}

pub(crate) fn id(name: &str) -> CustomerId {
    CustomerId::parse(name).unwrap()
}
