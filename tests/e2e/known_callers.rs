//! Callers come back to whoever knows them: the agent they talked to last.

use switchboard_client::desk::Diligent;
use switchboard_client::gateway::CallScript;
use switchboard_tests::stories::bridged;
use switchboard_tests::{Center, MANDARIN};

/// A number of no customer.
const STRANGER: &str = "+8613999990001";

fn booking(id: &str, from: &str) -> CallScript {
    CallScript::new(id, from, MANDARIN).press("2").press("10*25#")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_returning_caller_gets_the_agent_of_the_last_talk_though_another_is_idle_longer() {
    let hold = "  preferred_agent_hold: 5s\n";
    let center = Center::builder()
        .with("queues.yaml", hold, &format!("{hold}  prefer: [owner, last_agent]\n"))
        .open()
        .await;
    let gateway = center.gateway().await;
    let _first = center.desk("li-wei", Diligent).await;
    let _second = center.desk("zhang-min", Diligent).await;
    let mut call = gateway.call(booking("call-1", STRANGER));
    assert_eq!(bridged(&mut call).await, "li-wei");
    call.hang_up();
    // The history is where the next call looks.
    assert_eq!(center.concluded("call-1").await.agent_id, "li-wei");

    // By now the other one is idle longer.
    let mut again = gateway.call(booking("call-2", STRANGER));

    assert_eq!(bridged(&mut again).await, "li-wei");
    again.hang_up();
    center.concluded("call-2").await;
    let mut other = gateway.call(booking("call-3", "+8613999990002"));
    assert_eq!(bridged(&mut other).await, "zhang-min");
    center.close().await;
}
