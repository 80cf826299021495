//! A supervisor steps in: gives callers to agents, moves them, asks why they wait.

use switchboard_api::agent::v1::{Presence, PresenceKind, WorkState};
use switchboard_api::queue::v1::{ExplainAgentRequest, ExplainWaitRequest, Obstacle, ObstacleKind};
use switchboard_api::supervisor::v1::{
    AssignContactRequest, ForcePresenceRequest, MoveContactRequest, PrioritiseContactRequest,
};
use switchboard_client::desk::{Away, DeskEvent};
use switchboard_client::gateway::{Call, CallEvent, CallScript, Gateway};
use switchboard_domain::caller::Role;
use switchboard_tests::{Center, MANDARIN, answered, eventually};

async fn waiting(gateway: &Gateway, id: &str) -> Call {
    let mut call = gateway.call(CallScript::new(id, "", MANDARIN).press("2").press("10*25#"));
    let waits = call.until(|event| matches!(event, CallEvent::Waits { .. }));
    answered("a place", waits).await;
    call
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_supervisor_decides_about_a_caller_is_kept_under_their_name() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let _first = waiting(&gateway, "call-1").await;
    let call = waiting(&gateway, "call-2").await;
    let mut boards = center.office().boards();
    let contact_id = "call-2".to_owned();

    let urgent = PrioritiseContactRequest { contact_id: contact_id.clone(), priority: 900 };
    let urgent = boards.prioritise_contact(urgent).await.unwrap().into_inner().contact.unwrap();
    let queue_id = "rebooking".to_owned();
    let moved = MoveContactRequest { contact_id: contact_id.clone(), queue_id };
    let moved = boards.move_contact(moved).await.unwrap().into_inner().contact.unwrap();
    let mut desk = center.desk("zhang-min", Away).await;
    answered("the first caller", desk.until(|event| matches!(event, DeskEvent::Offered(_)))).await;
    let agent_id = "zhang-min".to_owned();
    let taken = AssignContactRequest { contact_id, agent_id };
    let taken = boards.assign_contact(taken).await;
    call.hang_up();

    assert_eq!((urgent.position, urgent.priority), (1, 900));
    assert_eq!((moved.queue_id.as_str(), moved.position), ("rebooking", 1));
    let refused = taken.unwrap_err();
    assert!(refused.message().contains("not free"), "{refused}");
    let record = center.concluded("call-2").await;
    let by: Vec<&str> = record
        .events
        .iter()
        .filter(|event| event.fields.get("by").is_some_and(|by| by == "boss"))
        .map(|event| event.r#type.as_str())
        .collect();
    assert_eq!(by, ["contact_prioritised", "contact_queued"]);
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_gives_a_caller_to_an_agent_and_sees_why_nobody_else_came() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut desk = center.desk("wang-fang", Away).await;
    let _call = waiting(&gateway, "call-1").await;
    let mut queues = center.office().queues();

    let request = ExplainWaitRequest { contact_id: "call-1".to_owned() };
    let told = queues.explain_wait(request).await.unwrap().into_inner().explanation.unwrap();
    let (contact_id, agent_id) = ("call-1".to_owned(), "wang-fang".to_owned());
    let assign = AssignContactRequest { contact_id, agent_id };
    center.office().boards().assign_contact(assign).await.unwrap();

    assert_eq!((told.queue_id.as_str(), told.position), ("booking", 1));
    let absent = told.agents.iter().find(|group| group.agent_ids.iter().any(|id| id == "li-wei"));
    let kinds: Vec<_> = absent.unwrap().obstacles.iter().map(Obstacle::kind).collect();
    assert_eq!(kinds, [ObstacleKind::SignedOut]);
    let ringing = desk.until(|event| matches!(event, DeskEvent::Offered(_)));
    answered("the offer", ringing).await;
    let offered = eventually(async || {
        let record = center.recorded("call-1").await?;
        record.events.into_iter().find(|event| event.r#type == "offer_made")
    })
    .await;
    assert_eq!(offered.fields["chosen_by"], "supervisor");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forced_break_reaches_the_agent_who_can_ask_what_keeps_callers_away() {
    let center = Center::open().await;
    let mut desk = center.desk("zhang-min", Away).await;
    let wanted = Presence { kind: PresenceKind::NotReady.into(), reason: "meeting".to_owned() };
    let agent_id = "zhang-min".to_owned();
    let force = ForcePresenceRequest { agent_id, wanted: Some(wanted) };

    center.office().boards().force_presence(force).await.unwrap();

    let forced = desk.until(|event| matches!(event, DeskEvent::PresenceForced { .. }));
    let forced = answered("the supervisor's word", forced).await;
    let by = "boss".to_owned();
    assert_eq!(forced, DeskEvent::PresenceForced { kind: PresenceKind::NotReady, by });
    answered("the break", async { desk.reaches(WorkState::NotReady).await.ok() }).await;
    let mut queues = center.connect(Role::Agent, "zhang-min").queues();
    let own = ExplainAgentRequest { agent_id: String::new() };
    let told = queues.explain_agent(own).await.unwrap().into_inner().explanation.unwrap();
    assert_eq!(told.obstacles[0].kind(), ObstacleKind::NotReady);
    assert_eq!(told.obstacles[0].text, "not ready: meeting");
    let other = ExplainAgentRequest { agent_id: "li-wei".to_owned() };
    assert!(queues.explain_agent(other).await.is_err());
    center.close().await;
}
