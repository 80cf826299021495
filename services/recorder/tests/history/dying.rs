//! Dead events through the service: listed, read, replayed, dropped, each on the audit trail.

use switchboard_api::recorder::v1::{
    DropDeadEventRequest, GetDeadEventRequest, ListDeadEventsRequest, ReplayDeadEventRequest,
};
use switchboard_domain::caller::Role;
use tonic::Code;

use crate::support::{Archive, of, reason};

#[tokio::test]
async fn a_dead_event_is_found_read_and_replayed_once() {
    let archive = Archive::set_up().await;
    archive.bury_beginning_of_missed_call().await;
    let mut dead = archive.dead_events();

    let list = of("demo", Role::Admin, ListDeadEventsRequest::default());
    let listed = dead.list_dead_events(list).await.unwrap().into_inner().dead_events;
    let [event] = listed.as_slice() else { panic!("one event: {listed:?}") };
    assert_eq!((event.r#type.as_str(), event.entity_id.as_str()), ("contact_started", "c-1"));
    assert!(event.fields.is_empty() && event.reason.contains("an older version"), "{event:?}");

    let dead_event_id = event.dead_event_id.clone();
    let get = GetDeadEventRequest { dead_event_id: dead_event_id.clone() };
    let read = dead.get_dead_event(of("demo", Role::Admin, get)).await.unwrap().into_inner();
    assert_eq!(read.dead_event.unwrap().fields["calling_number"], "+8613800000001");

    let replay = ReplayDeadEventRequest { dead_event_id };
    let kept = dead.replay_dead_event(of("demo", Role::Admin, replay.clone())).await.unwrap();
    let again = dead.replay_dead_event(of("demo", Role::Admin, replay)).await.unwrap_err();

    assert_eq!(kept.into_inner().call_id, "c-1");
    assert_eq!((again.code(), reason(&again).1.as_str()), (Code::NotFound, "DEAD_EVENT_NOT_FOUND"));
    assert_eq!(
        archive.trail("dead_event/1.10-0").await,
        ["dead_event.read", "dead_event.replay", "dead_event.replay"]
    );
}

#[tokio::test]
async fn a_dead_event_is_given_up() {
    let archive = Archive::set_up().await;
    archive.bury_beginning_of_missed_call().await;
    let mut dead = archive.dead_events();

    let drop = DropDeadEventRequest { dead_event_id: "1.10-0".to_owned() };
    let gone = dead.drop_dead_event(of("demo", Role::Admin, drop)).await.unwrap().into_inner();

    assert!(gone.dead_event.unwrap().fields.is_empty());
    let list = of("demo", Role::Admin, ListDeadEventsRequest::default());
    let listed = dead.list_dead_events(list).await.unwrap().into_inner();
    assert_eq!(listed.dead_events, []);
    assert_eq!(archive.trail("dead_event/1.10-0").await, ["dead_event.drop"]);
}

#[tokio::test]
async fn an_id_that_is_none_is_refused() {
    let archive = Archive::set_up().await;

    for id in ["", "1", "10-0", "one.10-0"] {
        let replay = ReplayDeadEventRequest { dead_event_id: id.to_owned() };
        let mut dead = archive.dead_events();
        let refused = dead.replay_dead_event(of("demo", Role::Admin, replay)).await.unwrap_err();

        let (code, _, field) = reason(&refused);
        assert_eq!((code, field.as_str()), (Code::InvalidArgument, "dead_event_id"), "{id}");
    }
}
