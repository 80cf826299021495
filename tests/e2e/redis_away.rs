//! While the live state's server hangs, a new caller is not kept waiting for it.

use switchboard_client::gateway::{CallEvent, CallScript};
use switchboard_tests::{Center, MANDARIN, answered};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_is_diverted_while_redis_hangs_and_served_as_soon_as_it_goes_on() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    center.redis.pause();

    let mut turned_away = gateway.call(CallScript::new("call-1", "+8613800000002", MANDARIN));
    let diverted = turned_away.until(|event| matches!(event, CallEvent::Diverted { .. }));
    answered("the fallback", diverted).await;
    center.redis.resume();
    let script = CallScript::new("call-2", "+8613800000003", MANDARIN).press("2").press("10*25#");
    let mut served = gateway.call(script);
    let queued = served.until(|event| matches!(event, CallEvent::Waits { .. }));
    answered("a place in the queue", queued).await;

    served.hang_up();
    assert_eq!(center.concluded("call-2").await.outcome, "abandoned");
    center.close().await;
}
