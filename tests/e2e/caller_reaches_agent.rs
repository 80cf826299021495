//! A known caller goes through the menu, reaches an agent, and leaves with one ticket.

use std::time::Duration;

use switchboard_api::agent::v1::WorkState;
use switchboard_client::desk::{DeskEvent, Diligent, Manner, WrapUp};
use switchboard_client::gateway::{CallEvent, CallScript};
use switchboard_tests::stories::connected;
use switchboard_tests::{Center, ENGLISH, MANDARIN, answered, eventually};

/// Accepts at once, and files what the demo's agents file.
struct Clerk;

impl Manner for Clerk {
    fn wrap_up(&self, _: &str) -> Option<WrapUp> {
        let disposition = "booked".to_owned();
        Some(WrapUp { disposition, notes: "window seat".to_owned(), ..WrapUp::default() })
    }
}

/// Accepts at once, and takes all the time there is for filing.
struct Slow;

impl Manner for Slow {
    fn wrap_up(&self, _: &str) -> Option<WrapUp> {
        None
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_caller_reaches_an_agent_who_sees_them_and_leaves_one_ticket() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut desk = center.desk("zhang-min", Clerk).await;
    let script = CallScript::new("call-1", "13800000002", MANDARIN)
        .press("2")
        .press("10*25#")
        .talk_for(Duration::from_millis(50));

    let mut call = gateway.call(script);
    let offered = desk.until(|event| matches!(event, DeskEvent::Offered(_)));
    let Some(DeskEvent::Offered(offer)) = Some(answered("an offer", offered).await) else {
        unreachable!("it was asked for an offer")
    };
    let ended = call.until(|event| matches!(event, CallEvent::Ended { .. }));
    answered("the end of the call", ended).await;

    let card = offer.contact.unwrap();
    assert_eq!(card.queue_id, "booking");
    assert_eq!(card.calling_number, "+8613800000002");
    assert_eq!(card.language, "zh-CN");
    assert_eq!(card.customers[0].customer_id, "customer-02");
    assert_eq!(card.customers[0].tier, "A1");
    assert_eq!(card.inputs["origin"], "10");
    let record = eventually(async || {
        center.recorded("call-1").await.filter(|record| !record.disposition.is_empty())
    })
    .await;
    assert_eq!(record.outcome, "answered");
    assert_eq!(record.customer_id, "customer-02");
    assert_eq!(record.agent_id, "zhang-min");
    assert_eq!(record.disposition, "booked");
    assert_eq!(record.notes, "window seat");
    let sequences: Vec<u64> = record.events.iter().map(|event| event.sequence).collect();
    assert!(sequences.iter().copied().eq(1..=sequences.len() as u64), "{sequences:?}");
    let tickets = center.tickets("call-1").await;
    assert_eq!(tickets.len(), 1, "{tickets:?}");
    assert_eq!(tickets[0].rule, "booking-request");
    assert_eq!(record.ticket_ids, [tickets[0].ticket_id.clone()]);
    answered("readiness", async { desk.reaches(WorkState::Ready).await.ok() }).await;
    answered("recording", async { gateway.all_recorded().await.ok() }).await;
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_gets_an_agent_of_their_language_though_another_is_idle_longer() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let _mandarin_only = center.desk("zhang-min", Diligent).await;
    let _english_too = center.desk("emma-lin", Diligent).await;
    let script = CallScript::new("call-1", "+8613800000003", ENGLISH).press("2").press("10*25#");

    let mut call = gateway.call(script);

    let bridged = call.until(|event| matches!(event, CallEvent::Bridged { .. }));
    let bridged = answered("the bridge", bridged).await;
    assert!(matches!(bridged, CallEvent::Bridged { agent, .. } if agent == "emma-lin"));
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_is_handed_over_to_another_queue() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let mut first = center.desk("wang-fang", Diligent).await;
    let script =
        CallScript::new("call-1", "+8613800000007", MANDARIN).press("4").press("20261122#");
    let mut call = gateway.call(script);
    connected(&mut first).await;
    let _second = center.desk("chen-jie", Diligent).await;

    first.transfer("call-1", "rebooking");

    let to_second = |event: &CallEvent| matches!(event, CallEvent::Bridged { agent, .. } if agent == "chen-jie");
    answered("the second agent", call.until(to_second)).await;
    call.hang_up();
    let record = center.concluded("call-1").await;
    assert_eq!((record.queue_id.as_str(), record.agent_id.as_str()), ("rebooking", "chen-jie"));
    center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_whose_agents_telephone_drops_gets_another_agent() {
    let center = Center::open().await;
    let gateway = center.gateway().await;
    let _first = center.desk("zhang-min", Slow).await;
    let script = CallScript::new("call-1", "", MANDARIN).press("2").press("10*25#");
    let mut call = gateway.call(script);
    let bridged = call.until(|event| matches!(event, CallEvent::Bridged { .. }));
    answered("the bridge", bridged).await;

    call.agent_hangs_up();
    let waits = call.until(|event| matches!(event, CallEvent::Waits { .. }));
    answered("a place in the queue", waits).await;
    let _second = center.desk("li-wei", Diligent).await;

    let again = call.until(|event| matches!(event, CallEvent::Bridged { .. }));
    let again = answered("the second bridge", again).await;
    assert!(matches!(again, CallEvent::Bridged { agent, .. } if agent == "li-wei"));
    center.close().await;
}
