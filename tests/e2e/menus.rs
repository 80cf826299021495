//! Callers who say nothing, or what the menu does not know, are asked again, each counted apart.

use switchboard_client::gateway::{CallEvent, CallScript};
use switchboard_tests::{Center, MANDARIN, answered};

async fn queue_of(center: &Center, script: CallScript) -> (String, Vec<String>) {
    let gateway = center.gateway().await;
    let mut call = gateway.call(script);
    let mut pressed = Vec::new();
    loop {
        let event = answered("the next step", call.next()).await;
        if let CallEvent::Pressed { keys } = event {
            pressed.push(keys);
        } else if let CallEvent::Waits { queue, .. } = event {
            return (queue, pressed);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silence_and_wrong_keys_are_counted_apart() {
    let center = Center::open().await;
    // Two of each are forgiven; the third of one kind leads to a person.
    let script = CallScript::new("call-1", "", MANDARIN);
    let script = script.stay_silent().press("9").stay_silent().press("9");

    let reached = queue_of(&center, script.press("2").press("10*25#")).await;

    let keys = ["", "9", "", "9", "2", "10*25"].map(str::to_owned).to_vec();
    assert_eq!(reached, ("booking".to_owned(), keys));
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stays_silent_reaches_a_person() {
    let center = Center::open().await;

    let (queue, pressed) = queue_of(&center, CallScript::new("call-1", "", MANDARIN)).await;

    assert_eq!((queue.as_str(), pressed.len()), ("timetable", 3));
    center.close().await;
}
