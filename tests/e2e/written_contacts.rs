//! Those who write: no menu, several at once for one agent, and calls beside them as the center says.

use switchboard_api::call::v1::Channel;
use switchboard_api::queue::v1::ObstacleKind;
use switchboard_client::desk::Diligent;
use switchboard_client::gateway::CallScript;
use switchboard_tests::stories::{booking, bridged, waiting};
use switchboard_tests::{Center, MANDARIN, answered, eventually};

/// A center with one agent who writes with two customers at once.
async fn with_a_writer() -> Center {
    let seat = "endpoint: sip:zhang-min@desks.example";
    let writes = format!("capacity: {{voice: 1, callback: 1, chat: 2}}\n  {seat}");
    Center::builder().with("agents.yaml", seat, &writes).open().await
}

fn chat(id: &str) -> CallScript {
    CallScript::new(id, "", MANDARIN).over(Channel::Chat)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_writes_with_as_many_as_the_center_says_and_takes_a_call_beside_them() {
    let center = with_a_writer().await;
    let gateway = center.gateway().await;
    let _desk = center.desk("zhang-min", Diligent).await;
    let mut first = gateway.call(chat("chat-1"));
    let mut second = gateway.call(chat("chat-2"));
    assert_eq!(bridged(&mut first).await, "zhang-min");
    assert_eq!(bridged(&mut second).await, "zhang-min");

    let (mut third, position) = waiting(&gateway, chat("chat-3")).await;
    let full = center.obstacles("chat-3", "zhang-min").await;
    let mut call = gateway.call(booking("call-1"));
    assert_eq!(bridged(&mut call).await, "zhang-min");

    assert_eq!((position, full), (1, vec![ObstacleKind::Capacity]));
    let told = center.explained("chat-3").await;
    assert_eq!((told.channel(), told.queue_id.as_str()), (Channel::Chat, "timetable"));
    // There is room for the third now, but while the agent talks nobody new is written with.
    first.hang_up();
    center.concluded("chat-1").await;
    let why = eventually(async || {
        let now = center.explained("chat-3").await;
        let mut obstacles = now.agents.into_iter().flat_map(|group| group.obstacles);
        obstacles.find(|obstacle| obstacle.text.contains("voice"))
    });
    assert_eq!(why.await.kind(), ObstacleKind::Capacity);
    call.hang_up();
    assert_eq!(bridged(&mut third).await, "zhang-min");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_who_takes_no_chats_is_not_rung_for_one() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let _desk = center.desk("zhang-min", Diligent).await;

    let (_chat, _) = waiting(&gateway, chat("chat-1")).await;
    let mut call = gateway.call(booking("call-1"));

    assert_eq!(bridged(&mut call).await, "zhang-min");
    assert_eq!(center.position("chat-1").await, 1);
    let told = center.explained("chat-1").await;
    let texts = told.agents.iter().flat_map(|group| &group.obstacles).map(|it| it.text.as_str());
    assert!(texts.into_iter().any(|text| text == "takes no chat"), "{told:?}");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_writes_still_writes_after_the_live_store_lost_everything() {
    let mut center = with_a_writer().await;
    let gateway = center.gateway().await;
    let (mut first, _) = waiting(&gateway, chat("chat-1")).await;
    let (mut second, _) = waiting(&gateway, chat("chat-2")).await;
    let welcomes = gateway.session().welcomes;

    center.redis.restart_empty().await.unwrap();
    answered("a new session", async { gateway.session_after(welcomes).await.ok() }).await;
    let _desk = center.desk("zhang-min", Diligent).await;

    // Only as chats can both be with one agent at once.
    assert_eq!(bridged(&mut first).await, "zhang-min");
    assert_eq!(bridged(&mut second).await, "zhang-min");
    center.close().await;
}
