//! Calls survive the loss of the live state's server: what the gateway holds is true.

use std::time::Duration;

use switchboard_api::agent::v1::WorkState;
use switchboard_client::desk::Diligent;
use switchboard_client::gateway::{Call, CallEvent, CallScript, Gateway};
use switchboard_tests::{Center, MANDARIN, answered};

fn booking(gateway: &Gateway) -> Call {
    let talk = Duration::from_millis(50);
    let script = CallScript::new("call-1", "+8613800000002", MANDARIN);
    gateway.call(script.press("2").press("10*25#").talk_for(talk))
}

async fn waits(call: &mut Call) {
    let queued = call.until(|event| matches!(event, CallEvent::Waits { .. }));
    answered("the caller's place", queued).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiting_caller_reaches_an_agent_after_redis_restarted() {
    let mut center = Center::open().await;
    let gateway = center.gateway().await;
    let mut call = booking(&gateway);
    waits(&mut call).await;
    let before = gateway.session();

    center.redis.restart().await.unwrap();
    let after =
        answered("a new session", async { gateway.session_after(before.welcomes).await.ok() })
            .await;
    let _desk = center.desk("zhang-min", Diligent).await;

    let bridged = call.until(|event| matches!(event, CallEvent::Bridged { .. }));
    answered("the bridge", bridged).await;
    assert!(after.token.unwrap().epoch > before.token.unwrap().epoch);
    assert_eq!(center.concluded("call-1").await.outcome, "answered");
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_goes_on_and_a_talking_pair_stays_together_after_redis_lost_everything() {
    let mut center = Center::open().await;
    let gateway = center.gateway().await;
    let desk = center.desk("zhang-min", Diligent).await;
    let script = CallScript::new("call-1", "+8613800000002", MANDARIN).press("2").press("10*25#");
    let mut call = gateway.call(script);
    let bridged = call.until(|event| matches!(event, CallEvent::Bridged { .. }));
    answered("the bridge", bridged).await;
    let welcomes = gateway.session().welcomes;

    center.redis.restart_empty().await.unwrap();
    answered("a new session", async { gateway.session_after(welcomes).await.ok() }).await;
    answered("the agent's state", async { desk.reaches(WorkState::Busy).await.ok() }).await;
    call.hang_up();

    answered("wrap-up and rest", async { desk.reaches(WorkState::Ready).await.ok() }).await;
    assert_eq!(center.concluded("call-1").await.agent_id, "zhang-min");
    center.close().await;
}
