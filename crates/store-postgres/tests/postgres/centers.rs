//! Centers in versions, and waiting for the next.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::flow::FlowVersion;
use switchboard_domain::ids::FlowId;
use switchboard_store::centers::{
    CenterFiles, Centers, FlowChanges, NewCenterVersion, NewFlowText,
};
use switchboard_store::error::StoreError;
use switchboard_store::flows::{FlowStanding, ReleaseCause};
use switchboard_store_postgres::testing::store_at;

use crate::support::{database, second, tenant};

fn center(based_on: u64, text: &str) -> NewCenterVersion {
    let files = CenterFiles::from([("queues.yaml".to_owned(), text.to_owned())]);
    let flows = FlowChanges::default();
    NewCenterVersion { based_on, files, actor: "admin".to_owned(), at: second(1), flows }
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
    let elsewhere = store_at(&database.url).unwrap();
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

#[tokio::test]
async fn texts_and_releases_of_flows_are_kept_with_the_center_and_stay() {
    let store = database().await.store;
    let (old, new) = (FlowVersion(1), FlowVersion(0xfeed));
    let first = flows(&[(old, "one"), (old, "# one, with a comment")], old, None);
    let tried = flows(&[(new, "two")], old, Some((new, 10)));

    for (based_on, flows) in [(0, first), (1, tried)] {
        let center = NewCenterVersion { flows, ..center(based_on, "x") };
        Centers::save(&store, &tenant("demo"), &center).await.unwrap();
    }

    let texts = [(old, "one"), (new, "two")];
    for (version, text) in texts {
        let kept = store.flow_text(&tenant("demo"), &hotline(), version).await.unwrap();
        assert_eq!((kept.text.as_str(), kept.author.as_str()), (text, "admin"));
        assert_eq!(kept.calls.values().collect::<Vec<_>>(), [&FlowVersion(7)]);
    }
    let log = store.flow_releases(&tenant("demo"), &hotline(), None, 10).await.unwrap();
    let told: Vec<_> = log.iter().map(|line| (line.center_version, line.standing)).collect();
    let expected = [
        (2, FlowStanding { version: old, canary: Some((new, 10)) }),
        (1, FlowStanding { version: old, canary: None }),
    ];
    assert_eq!(told, expected);
    assert_eq!((log[0].cause, log[0].note.as_str()), (ReleaseCause::Canary, "a note"));
    let earlier = store.flow_releases(&tenant("demo"), &hotline(), Some(2), 10).await.unwrap();
    assert_eq!(earlier, log[1..]);
}

#[tokio::test]
async fn a_center_that_is_not_kept_leaves_no_version_of_a_flow() {
    let store = database().await.store;
    let flows = flows(&[(FlowVersion(1), "one")], FlowVersion(1), None);

    let late = NewCenterVersion { flows, ..center(5, "late") };
    let refused = Centers::save(&store, &tenant("demo"), &late).await;

    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
    let missing = store.flow_text(&tenant("demo"), &hotline(), FlowVersion(1)).await.unwrap_err();
    assert_eq!(missing.to_string(), "there is no flow version hotline@0000000000000001");
}

#[tokio::test]
async fn a_tenant_never_sees_the_flows_of_another() {
    let store = database().await.store;
    let flows = flows(&[(FlowVersion(1), "one")], FlowVersion(1), None);
    let center = NewCenterVersion { flows, ..center(0, "one") };
    Centers::save(&store, &tenant("demo"), &center).await.unwrap();

    let text = store.flow_text(&tenant("other"), &hotline(), FlowVersion(1)).await;
    let log = store.flow_releases(&tenant("other"), &hotline(), None, 10).await.unwrap();

    assert!(matches!(text, Err(StoreError::NotFound { .. })));
    assert_eq!(log, []);
}

fn flows(
    texts: &[(FlowVersion, &str)],
    version: FlowVersion,
    canary: Option<(FlowVersion, u8)>,
) -> FlowChanges {
    let texts = texts.iter().map(|(kept, text)| NewFlowText {
        flow: hotline(),
        version: *kept,
        text: (*text).to_owned(),
        calls: BTreeMap::from([(FlowId::parse("greeting").unwrap(), FlowVersion(7))]),
    });
    FlowChanges {
        cause: ReleaseCause::Canary,
        note: "a note".to_owned(),
        texts: texts.collect(),
        standings: vec![(hotline(), FlowStanding { version, canary })],
    }
}

fn hotline() -> FlowId {
    FlowId::parse("hotline").unwrap()
}
