//! Events are numbered without gaps and kept until they are recorded.

use tokio::sync::mpsc::unbounded_channel;

use super::*;

fn exchange() -> Exchange {
    Exchange::new(Pace::INSTANT, Arc::new(|| Timestamp::ZERO))
}

fn place(exchange: &mut Exchange, id: &str) -> Vec<RunCallsRequest> {
    let script = CallScript::new(id, "+8613800000001", "+862160000000");
    exchange.place(script, unbounded_channel().0, Instant::now())
}

fn welcome(number: u64, recorded_through: u64) -> Welcome {
    let token = Some(SessionToken { epoch: 1, number });
    Welcome { token, recorded_through, ..Welcome::default() }
}

fn sequences(requests: &[RunCallsRequest]) -> Vec<u64> {
    let sequence = |request: &RunCallsRequest| match &request.message {
        Some(Message::Event(event)) => Some(event.sequence),
        _ => None,
    };
    requests.iter().filter_map(sequence).collect()
}

fn legs(requests: &[RunCallsRequest]) -> usize {
    let count = |request: &RunCallsRequest| match &request.message {
        Some(Message::Inventory(inventory)) => Some(inventory.legs.len()),
        _ => None,
    };
    requests.iter().filter_map(count).sum()
}

#[tokio::test]
async fn without_a_session_events_wait_for_the_next_one() {
    let mut exchange = exchange();

    let early = place(&mut exchange, "a");
    let said = exchange.welcome(&welcome(1, 0), Instant::now());

    assert_eq!(early, []);
    let Some(Message::Inventory(inventory)) = &said[0].message else { panic!("no inventory") };
    assert!(inventory.r#final);
    assert_eq!(inventory.legs.len(), 1);
    assert_eq!(sequences(&said), [1]);
}

#[tokio::test]
async fn events_are_said_again_until_they_are_recorded() {
    let mut exchange = exchange();
    exchange.welcome(&welcome(1, 0), Instant::now());
    for id in ["a", "b", "c"] {
        place(&mut exchange, id);
    }

    exchange.acknowledged(&Acknowledged { accepted_through: 3, recorded_through: 1 });
    let again = exchange.welcome(&welcome(2, 2), Instant::now());

    assert_eq!(sequences(&again), [3]);
}

#[tokio::test]
async fn a_refused_event_is_not_said_again() {
    let mut exchange = exchange();
    exchange.welcome(&welcome(1, 0), Instant::now());
    place(&mut exchange, "a");
    place(&mut exchange, "b");

    exchange.rejected(Rejected { sequence: 1, ..Rejected::default() });
    let again = exchange.welcome(&welcome(2, 0), Instant::now());

    assert_eq!(sequences(&again), [2]);
}

#[tokio::test]
async fn an_ended_call_is_listed_until_its_end_is_recorded() {
    let mut exchange = exchange();
    exchange.welcome(&welcome(1, 0), Instant::now());
    place(&mut exchange, "a");
    exchange.nudge("a", Nudge::CallerHangsUp);

    let unrecorded = exchange.welcome(&welcome(2, 1), Instant::now());
    let recorded = exchange.welcome(&welcome(3, 2), Instant::now());

    assert_eq!(legs(&unrecorded), 1);
    assert_eq!(sequences(&unrecorded), [2]);
    assert_eq!(legs(&recorded), 0);
}

#[tokio::test]
async fn a_command_for_an_unknown_call_fails_with_a_reason() {
    let mut exchange = exchange();
    exchange.welcome(&welcome(1, 0), Instant::now());

    let said = exchange.obey(GatewayCommand::default(), Instant::now());

    let Some(Message::Result(result)) = &said[0].message else { panic!("no result") };
    assert_eq!(result.detail, "no such call");
}
