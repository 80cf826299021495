//! What supervisors decide, and what they are told of why things are as they are.

use switchboard_api::agent::v1::{Presence, PresenceKind, WorkState};
use switchboard_api::queue::v1::{
    ExplainAgentRequest, ExplainWaitRequest, Obstacle, ObstacleKind, WaitExplanation,
};
use switchboard_api::supervisor::v1::{
    AssignContactRequest, ContactStatus, ForcePresenceRequest, MoveContactRequest,
    PrioritiseContactRequest,
};
use tonic::{Code, Status};

use crate::support::Center;

async fn assign(center: &Center, call: &str, agent: &str) -> Result<ContactStatus, Status> {
    let (contact_id, agent_id) = (call.to_owned(), agent.to_owned());
    let request = AssignContactRequest { contact_id, agent_id };
    let answer = center.supervisor().assign_contact(request).await?.into_inner();
    Ok(answer.contact.unwrap())
}

async fn prioritise(center: &Center, call: &str, priority: u32) -> Result<ContactStatus, Status> {
    let request = PrioritiseContactRequest { contact_id: call.to_owned(), priority };
    let answer = center.supervisor().prioritise_contact(request).await?.into_inner();
    Ok(answer.contact.unwrap())
}

async fn move_to(center: &Center, call: &str, queue: &str) -> Result<ContactStatus, Status> {
    let (contact_id, queue_id) = (call.to_owned(), queue.to_owned());
    let request = MoveContactRequest { contact_id, queue_id };
    let answer = center.supervisor().move_contact(request).await?.into_inner();
    Ok(answer.contact.unwrap())
}

async fn explain(center: &Center, call: &str) -> WaitExplanation {
    let request = ExplainWaitRequest { contact_id: call.to_owned() };
    let answer = center.queues().explain_wait(request).await.unwrap().into_inner();
    answer.explanation.unwrap()
}

fn kinds(obstacles: &[Obstacle]) -> Vec<ObstacleKind> {
    obstacles.iter().map(Obstacle::kind).collect()
}

#[tokio::test]
async fn an_assigned_contact_rings_the_agent_whatever_his_skills() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let (mut desktop, _) = center.desktop("zhang-min").await;
    center.call(&gateway, "call-1", "refund").await;

    let status = assign(&center, "call-1", "zhang-min").await.unwrap();

    assert_eq!((status.state.as_str(), status.agent_id.as_str()), ("offered", "zhang-min"));
    assert_eq!(desktop.offer().await.contact.unwrap().contact_id, "call-1");
    let again = assign(&center, "call-1", "zhang-min").await.unwrap_err();
    assert_eq!(again.code(), Code::FailedPrecondition);
    let nobody = assign(&center, "call-1", "nobody").await.unwrap_err();
    assert_eq!(nobody.code(), Code::NotFound);
}

#[tokio::test]
async fn a_moved_contact_keeps_its_age_and_an_unknown_queue_is_refused() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    center.call(&gateway, "call-1", "refund").await;
    center.pass(5).await;

    let moved = move_to(&center, "call-1", "rebooking").await.unwrap();
    let refused = move_to(&center, "call-1", "nowhere").await.unwrap_err();

    assert_eq!((moved.state.as_str(), moved.queue_id.as_str()), ("queued", "rebooking"));
    assert_eq!(moved.waited.unwrap().seconds, 5);
    assert_eq!(refused.code(), Code::NotFound);
}

#[tokio::test]
async fn another_priority_takes_effect_at_once() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    center.call(&gateway, "call-1", "refund").await;
    center.pass(1).await;
    center.call(&gateway, "call-2", "refund").await;

    let status = prioritise(&center, "call-2", 50).await.unwrap();

    assert_eq!((status.position, status.priority), (1, 50));
    let refused = prioritise(&center, "call-2", 1_001).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn a_forced_presence_reaches_the_agent_with_the_name_of_who_decided_it() {
    let center = Center::open().await;
    let (mut desktop, _) = center.desktop("wang-fang").await;
    let wanted = Presence { kind: PresenceKind::NotReady.into(), reason: "meeting".to_owned() };
    let agent_id = "wang-fang".to_owned();
    let request = ForcePresenceRequest { agent_id, wanted: Some(wanted) };

    let answer = center.supervisor().force_presence(request).await.unwrap().into_inner();

    assert_eq!(answer.agent.unwrap().state(), WorkState::NotReady);
    let forced = desktop.until(|update| match update {
        switchboard_api::agent::v1::desk_update::Update::PresenceForced(forced) => {
            Some(forced.clone())
        }
        _ => None,
    });
    assert_eq!(forced.await.by, "wu");
}

#[tokio::test]
async fn a_wait_is_explained_agent_by_agent() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let (_desktop, _) = center.desktop("zhang-min").await;
    center.call(&gateway, "call-1", "refund").await;

    let told = explain(&center, "call-1").await;

    assert_eq!((told.state.as_str(), told.position), ("queued", 1));
    assert_eq!(told.required_skills[0].skill_id, "mandarin");
    assert!(told.obstacles.is_empty(), "{:?}", told.obstacles);
    let group = |agent: &str| {
        let found = told.agents.iter().find(|group| group.agent_ids.iter().any(|id| id == agent));
        found.map(|group| kinds(&group.obstacles))
    };
    assert_eq!(group("wang-fang"), Some(vec![ObstacleKind::SignedOut]));
    assert_eq!(group("zhang-min"), None, "he serves another queue");
}

#[tokio::test]
async fn an_agent_learns_why_nothing_rings() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let (mut desktop, _) = center.desktop("wang-fang").await;
    center.call(&gateway, "call-1", "refund").await;
    desktop.accept().await;
    center.call(&gateway, "call-2", "refund").await;
    let request = ExplainAgentRequest { agent_id: "wang-fang".to_owned() };

    let answer = center.queues().explain_agent(request).await.unwrap().into_inner();

    let told = answer.explanation.unwrap();
    assert_eq!(told.state, "busy");
    let line = told.lines.iter().find(|line| line.queue_id == "refund").unwrap();
    assert_eq!((line.waiting, line.contacts[0].contact_id.as_str()), (1, "call-2"));
    assert_eq!(kinds(&line.contacts[0].obstacles), [ObstacleKind::Capacity]);
    assert_eq!(told.free_slots["voice"], 0);
}
