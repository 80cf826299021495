//! Events are numbered without gaps and kept until they are recorded.

use tokio::sync::mpsc::unbounded_channel;

use switchboard_api::call::v1::{Bridge, Consult, Dial};

use super::*;
use crate::gateway::BridgeOutcome;

fn exchange() -> Exchange {
    Exchange::new(Pace::INSTANT, Arc::new(|| Timestamp::ZERO), Arc::new(()))
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
async fn a_refused_event_leaves_no_hole_in_what_is_said_again() {
    let mut exchange = exchange();
    exchange.welcome(&welcome(1, 0), Instant::now());
    for id in ["a", "b", "c"] {
        place(&mut exchange, id);
    }

    exchange.rejected(Rejected { sequence: 2, ..Rejected::default() });
    let again = exchange.welcome(&welcome(2, 0), Instant::now());
    exchange.acknowledged(&Acknowledged { accepted_through: 3, recorded_through: 2 });
    let later = exchange.welcome(&welcome(3, 0), Instant::now());

    assert_eq!(sequences(&again), [1, 2, 3]);
    assert_eq!(sequences(&later), [3]);
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

fn ordered(call: &str, call_sequence: u64, command: Command) -> GatewayCommand {
    GatewayCommand {
        command_id: format!("{call}-{call_sequence}"),
        token: Some(SessionToken { epoch: 1, number: 1 }),
        call_id: call.to_owned(),
        call_sequence,
        command: Some(command),
    }
}

fn dial(last_call_sequence: u64) -> Command {
    let (agent_id, offer_id) = ("li-wei".to_owned(), "o-1".to_owned());
    Command::Dial(Dial { agent_id, offer_id, last_call_sequence, ..Dial::default() })
}

#[tokio::test]
async fn a_callback_is_a_call_of_the_gateway_from_its_dial_on() {
    let mut exchange = exchange();
    exchange.welcome(&welcome(1, 0), Instant::now());

    exchange.obey(ordered("cb", 1, dial(4)), Instant::now());
    let said = exchange.tick(Instant::now());

    let Some(Message::Event(event)) = &said[0].message else { panic!("{said:?}") };
    assert_eq!((event.call_id.as_str(), event.call_sequence), ("cb", 5));
    assert!(matches!(event.event, Some(Event::Bridged(_))), "{event:?}");
    assert_eq!(legs(&exchange.welcome(&welcome(2, 0), Instant::now())), 1);
}

#[tokio::test]
async fn a_customer_who_is_not_reached_leaves_no_call_behind() {
    let mut exchange = exchange();
    exchange.welcome(&welcome(1, 0), Instant::now());
    let cause = HangupCause::Busy;
    let mut script = CallScript::new("cb", "", "");
    script.bridges = vec![BridgeOutcome::Fails { side: Side::Caller, cause }];
    exchange.expect(script, unbounded_channel().0);

    exchange.obey(ordered("cb", 1, dial(0)), Instant::now());
    let said = exchange.tick(Instant::now());

    let Some(Message::Event(event)) = &said[0].message else { panic!("{said:?}") };
    let Some(Event::DialFailed(failed)) = &event.event else { panic!("{event:?}") };
    assert_eq!(failed.cause(), cause);
    assert_eq!(legs(&exchange.welcome(&welcome(2, 0), Instant::now())), 0);
}

#[tokio::test]
async fn a_consultation_ends_when_its_agent_gets_the_caller() {
    let mut exchange = exchange();
    exchange.welcome(&welcome(1, 0), Instant::now());
    place(&mut exchange, "a");
    let consult = Consult { parent_call_id: "a".to_owned(), ..Consult::default() };
    exchange.obey(ordered("consult", 1, Command::Consult(consult)), Instant::now());
    exchange.tick(Instant::now());

    exchange.obey(ordered("a", 1, Command::Bridge(Bridge::default())), Instant::now());
    exchange.tick(Instant::now());
    exchange.acknowledged(&Acknowledged { accepted_through: 9, recorded_through: 9 });

    assert_eq!(legs(&exchange.welcome(&welcome(2, 0), Instant::now())), 1);
}

#[tokio::test]
async fn a_consultation_about_a_callback_ends_when_its_agent_gets_the_customer() {
    let mut exchange = exchange();
    exchange.welcome(&welcome(1, 0), Instant::now());
    exchange.obey(ordered("cb", 1, dial(0)), Instant::now());
    exchange.tick(Instant::now());
    let consult = Consult { parent_call_id: "cb".to_owned(), ..Consult::default() };
    exchange.obey(ordered("consult", 1, Command::Consult(consult)), Instant::now());
    exchange.tick(Instant::now());

    exchange.obey(ordered("cb", 2, dial(1)), Instant::now());
    exchange.tick(Instant::now());
    exchange.acknowledged(&Acknowledged { accepted_through: 9, recorded_through: 9 });

    assert_eq!(legs(&exchange.welcome(&welcome(2, 0), Instant::now())), 1);
}
