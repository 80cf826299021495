//! Centers in versions, and waiting for the next.

use std::time::Duration;

use switchboard_store::centers::{CenterFiles, Centers, NewCenterVersion};
use switchboard_store::error::StoreError;
use switchboard_store_postgres::{PostgresSettings, PostgresStore};

use crate::support::{database, second, tenant};

fn center(based_on: u64, text: &str) -> NewCenterVersion {
    let files = CenterFiles::from([("queues.yaml".to_owned(), text.to_owned())]);
    NewCenterVersion { based_on, files, actor: "admin".to_owned(), at: second(1) }
}

#[tokio::test]
async fn versions_count_up_and_stay_as_they_were() {
    let store = database().await.store;
    assert_eq!(store.current(&tenant("demo")).await.unwrap(), 0);

    let first = Centers::save(&store, &tenant("demo"), &center(0, "one")).await.unwrap();
    let next = Centers::save(&store, &tenant("demo"), &center(1, "two")).await.unwrap();

    assert_eq!((first, next), (1, 2));
    assert_eq!(store.current(&tenant("demo")).await.unwrap(), 2);
    let loaded = store.load(&tenant("demo"), 1).await.unwrap();
    assert_eq!((loaded.files, loaded.at), (center(0, "one").files, second(1)));
}

#[tokio::test]
async fn a_version_made_from_an_old_one_is_a_conflict() {
    let store = database().await.store;
    Centers::save(&store, &tenant("demo"), &center(0, "one")).await.unwrap();

    for based_on in [0, 5] {
        let refused = Centers::save(&store, &tenant("demo"), &center(based_on, "late")).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "based on {based_on}");
    }
}

#[tokio::test]
async fn a_version_that_is_not_there_is_not_found() {
    let store = database().await.store;

    let missing = store.load(&tenant("demo"), 7).await;

    assert_eq!(missing.unwrap_err().to_string(), "there is no center version 7");
}

#[tokio::test]
async fn waiting_ends_with_the_next_version_of_another_process() {
    let database = database().await;
    let elsewhere = PostgresStore::new(&PostgresSettings::parse(&database.url).unwrap());
    let listening = database.store.clone();
    let demo = tenant("demo");

    let heard = tokio::select! {
        () = listening.listen() => unreachable!("listening never ends"),
        heard = async {
            let wait = database.store.watch(&demo, 0, Duration::from_secs(30));
            let center = center(0, "one");
            let (heard, saved) = tokio::join!(wait, Centers::save(&elsewhere, &demo, &center));
            saved.unwrap();
            heard
        } => heard,
    };

    assert_eq!(heard.unwrap(), 1);
}

#[tokio::test]
async fn waiting_in_vain_ends_in_time() {
    let store = database().await.store;

    let unchanged = store.watch(&tenant("demo"), 0, Duration::from_millis(20)).await.unwrap();

    assert_eq!(unchanged, 0);
}
