//! Routing goes on without the durable store; ticket and history follow when it is back.

use std::time::Duration;

use switchboard_client::desk::Diligent;
use switchboard_client::gateway::{CallEvent, CallScript};
use switchboard_tests::{Center, MANDARIN, answered};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_reaches_an_agent_while_postgres_is_away_and_the_history_follows() {
    let mut center = Center::builder().with_own_postgres().open().await;
    let gateway = center.gateway().await;
    let _desk = center.desk("zhang-min", Diligent).await;
    let talk = Duration::from_millis(50);
    let script = |id: &str| {
        let script = CallScript::new(id, "+8613800000002", MANDARIN);
        script.press("2").press("10*25#").talk_for(talk)
    };
    let mut before = gateway.call(script("before"));
    answered("the end", before.until(|event| matches!(event, CallEvent::Ended { .. }))).await;
    center.concluded("before").await;

    center.postgres.as_ref().unwrap().kill();
    let mut during = gateway.call(script("during"));
    let bridged = during.until(|event| matches!(event, CallEvent::Bridged { .. }));
    answered("the bridge", bridged).await;
    answered("the end", during.until(|event| matches!(event, CallEvent::Ended { .. }))).await;
    let unrecorded = gateway.session().unrecorded;
    center.postgres.as_mut().unwrap().restart().await.unwrap();

    assert!(unrecorded > 0, "nothing may count as recorded while Postgres is away");
    let record = center.concluded("during").await;
    assert_eq!(record.outcome, "answered");
    assert_eq!(center.tickets("during").await.len(), 1);
    answered("recording", async { gateway.all_recorded().await.ok() }).await;
    center.close().await;
}
