//! A leg obeys the newest command, once, and ends each with one result.

use std::time::Duration;

use switchboard_api::call::v1::{Bridge as BridgeCommand, Hangup, Play, Prompt, Query};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::*;

const TOKEN: SessionToken = SessionToken { epoch: 1, number: 1 };

fn leg(script: CallScript) -> (Leg, UnboundedReceiver<CallEvent>, Instant) {
    let (story, told) = unbounded_channel();
    let now = Instant::now();
    let pace = Pace { prompt: Duration::from_secs(1), ..Pace::INSTANT };
    let teller = Teller { call: script.id.clone(), story, witness: Arc::new(()) };
    (Leg::new(script, pace, teller, now), told, now)
}

fn caller() -> CallScript {
    CallScript::new("call-1", "+8613800000001", "+862160000000")
}

fn command(number: u64, command: Command) -> GatewayCommand {
    GatewayCommand {
        command_id: format!("c{number}"),
        token: Some(TOKEN),
        call_id: "call-1".to_owned(),
        call_sequence: number,
        command: Some(command),
    }
}

fn play() -> Command {
    let prompt = Prompt { text: "welcome".to_owned(), ..Prompt::default() };
    Command::Play(Play { prompts: vec![prompt], barge_in: false })
}

fn bridge(offer: &str) -> Command {
    let (agent_id, offer_id) = ("li-wei".to_owned(), offer.to_owned());
    Command::Bridge(BridgeCommand { agent_id, endpoint: String::new(), offer_id })
}

fn outcomes(reports: &[Report]) -> Vec<(String, CommandOutcome)> {
    let outcome = |report: &Report| match report {
        Report::Result(result) => Some((result.command_id.clone(), result.outcome())),
        Report::Event(_) => None,
    };
    reports.iter().filter_map(outcome).collect()
}

fn events(reports: Vec<Report>) -> Vec<Event> {
    let event = |report| match report {
        Report::Event(event) => Some(event),
        Report::Result(_) => None,
    };
    reports.into_iter().filter_map(event).collect()
}

#[tokio::test]
async fn prompts_end_after_they_were_heard() {
    let (mut leg, _told, now) = leg(caller());

    let at_once = leg.obey(command(1, play()), Some(TOKEN), now);
    let later = leg.tick(now + Duration::from_secs(1));

    assert_eq!(at_once, []);
    assert_eq!(outcomes(&later), [("c1".to_owned(), CommandOutcome::Done)]);
    let done = wire::MediaDone { command_id: "c1".to_owned() };
    assert_eq!(events(later), [Event::MediaDone(done)]);
}

#[tokio::test]
async fn a_later_command_takes_the_place_of_the_one_that_plays() {
    let (mut leg, _told, now) = leg(caller());
    leg.obey(command(1, play()), Some(TOKEN), now);

    let reports = leg.obey(command(2, play()), Some(TOKEN), now);

    assert_eq!(outcomes(&reports), [("c1".to_owned(), CommandOutcome::Superseded)]);
}

#[tokio::test]
async fn a_repeat_gets_the_same_answer_and_is_not_done_again() {
    let (mut leg, _told, now) = leg(caller());
    leg.obey(command(1, bridge("o1")), Some(TOKEN), now);
    let first = leg.tick(now);

    let again = leg.obey(command(1, bridge("o1")), Some(TOKEN), now);

    assert_eq!(outcomes(&again), outcomes(&first));
    assert_eq!(events(again), []);
}

#[tokio::test]
async fn a_stale_token_or_sequence_is_not_carried_out() {
    let newer = SessionToken { epoch: 1, number: 2 };
    let (mut leg, _told, now) = leg(caller());
    leg.obey(command(5, play()), Some(TOKEN), now);

    let late = leg.obey(command(4, bridge("o1")), Some(TOKEN), now);
    let old = leg.obey(command(6, bridge("o2")), Some(newer), now);

    assert_eq!(outcomes(&late), [("c4".to_owned(), CommandOutcome::Superseded)]);
    assert_eq!(outcomes(&old), [("c6".to_owned(), CommandOutcome::Superseded)]);
    assert_eq!(leg.inventory(now).bridged_agent_id, None);
}

#[tokio::test]
async fn a_command_that_came_too_late_is_carried_out_when_it_comes_again_in_its_turn() {
    let (mut leg, _told, now) = leg(caller());
    let again = GatewayCommand { call_sequence: 6, ..command(4, bridge("o1")) };
    leg.obey(command(5, Command::Query(Query {})), Some(TOKEN), now);
    leg.obey(command(4, bridge("o1")), Some(TOKEN), now);

    leg.obey(again, Some(TOKEN), now);
    leg.tick(now);

    assert_eq!(leg.inventory(now).bridged_offer_id.as_deref(), Some("o1"));
}

#[tokio::test]
async fn a_bridge_shows_in_the_inventory_until_the_caller_is_taken_back() {
    let (mut leg, _told, now) = leg(caller().talk_for(Duration::from_secs(9)));
    leg.obey(command(1, bridge("o1")), Some(TOKEN), now);

    leg.tick(now);
    let talking = leg.inventory(now);
    leg.obey(command(2, play()), Some(TOKEN), now);
    let taken_back = leg.inventory(now);

    assert_eq!(talking.bridged_agent_id.as_deref(), Some("li-wei"));
    assert_eq!(talking.bridged_offer_id.as_deref(), Some("o1"));
    assert_eq!(taken_back.bridged_agent_id, None);
    assert_eq!(leg.due(), Some(now + Duration::from_secs(1)), "talking time no longer counts");
}

#[tokio::test]
async fn a_failed_bridge_is_told_with_its_side() {
    let mut script = caller();
    let cause = HangupCause::Unreachable;
    script.bridges.push(BridgeOutcome::Fails { side: Side::Agent, cause });
    let (mut leg, _told, now) = leg(script);
    leg.obey(command(1, bridge("o1")), Some(TOKEN), now);

    let reports = leg.tick(now);

    assert_eq!(outcomes(&reports), [("c1".to_owned(), CommandOutcome::Failed)]);
    let [Event::BridgeFailed(failed)] = &events(reports)[..] else { panic!("no failure") };
    assert_eq!((failed.side(), failed.cause()), (Side::Agent, cause));
    assert!(!leg.is_over());
}

#[tokio::test]
async fn hanging_up_cancels_what_is_under_way_and_is_the_last_event() {
    let (mut leg, _told, now) = leg(caller());
    leg.obey(command(1, play()), Some(TOKEN), now);

    let hangup = Hangup { cause: HangupCause::Normal.into(), prompts: Vec::new() };
    let reports = leg.obey(command(2, Command::Hangup(hangup)), Some(TOKEN), now);
    let after = leg.obey(command(3, play()), Some(TOKEN), now);

    let first = ("c1".to_owned(), CommandOutcome::Cancelled);
    assert_eq!(outcomes(&reports), [("c2".to_owned(), CommandOutcome::Done), first]);
    assert!(matches!(events(reports)[..], [Event::HungUp(_)]));
    assert_eq!(outcomes(&after), [("c3".to_owned(), CommandOutcome::Cancelled)]);
    assert_eq!(leg.due(), None);
}

#[tokio::test]
async fn the_last_words_are_spoken_before_the_call_ends() {
    let (mut leg, _told, now) = leg(caller());
    let prompts = vec![Prompt { text: "bye".to_owned(), ..Default::default() }];
    let hangup = Hangup { cause: HangupCause::Normal.into(), prompts };

    leg.obey(command(1, Command::Hangup(hangup)), Some(TOKEN), now);
    let still_up = !leg.is_over();
    let spoken = leg.due().expect("words take time");
    let reports = leg.tick(spoken);

    assert!(still_up);
    assert!(matches!(events(reports)[..], [Event::HungUp(_)]));
}

#[tokio::test]
async fn a_transfer_that_is_answered_ends_the_call_and_another_one_does_not() {
    let transfer = || Command::Transfer(wire::Transfer::default());
    let (mut leg, _told, now) = leg(caller().transfer_fails(HangupCause::Busy));

    leg.obey(command(1, transfer()), Some(TOKEN), now);
    let missed = events(leg.tick(now));
    leg.obey(command(2, transfer()), Some(TOKEN), now);
    let reached = events(leg.tick(now));

    let [Event::TransferEnded(ended)] = &missed[..] else { panic!("{missed:?}") };
    assert_eq!((ended.connected, ended.cause()), (false, HangupCause::Busy));
    let [Event::TransferEnded(answered), Event::HungUp(hung_up)] = &reached[..] else {
        panic!("{reached:?}")
    };
    assert_eq!((answered.connected, hung_up.side()), (true, Side::Center));
}

#[tokio::test]
async fn who_hangs_up_behind_a_message_has_left_it() {
    let order = wire::RecordMessage {
        max_length: Some(prost_types::Duration { seconds: 10, nanos: 0 }),
        ..Default::default()
    };
    let (mut leg, _told, now) = leg(caller().leave_message(Duration::from_mins(1)));
    leg.obey(command(1, Command::RecordMessage(order)), Some(TOKEN), now);
    let mut reports = Vec::new();

    leg.hang_up(HangupCause::Normal, Side::Caller, &mut reports);

    let told = events(reports);
    let [Event::MessageRecorded(message), Event::HungUp(_)] = &told[..] else { panic!("{told:?}") };
    assert_eq!(message.length.map(|length| length.seconds), Some(10));
    assert!(!message.asset.is_empty());
}

#[tokio::test]
async fn a_query_is_answered_with_the_present_truth() {
    let (mut leg, _told, now) = leg(caller());

    let idle = leg.obey(command(1, Command::Query(Query {})), Some(TOKEN), now);
    leg.obey(command(2, bridge("o1")), Some(TOKEN), now);
    leg.tick(now);
    let talking = leg.obey(command(3, Command::Query(Query {})), Some(TOKEN), now);
    leg.hang_up(HangupCause::Normal, Side::Caller, &mut Vec::new());
    let gone = leg.obey(command(4, Command::Query(Query {})), Some(TOKEN), now);

    assert_eq!(events(idle), []);
    assert!(matches!(&events(talking)[..], [Event::Bridged(bridged)] if bridged.offer_id == "o1"));
    assert!(matches!(events(gone)[..], [Event::HungUp(_)]));
}

#[tokio::test]
async fn an_impatient_caller_leaves_the_queue() {
    let (mut leg, _told, now) = leg(caller().give_up_after(Duration::from_secs(3)));
    let treatment = wire::QueueTreatment { queue_id: "booking".to_owned(), ..Default::default() };
    leg.obey(command(1, Command::QueueTreatment(treatment)), Some(TOKEN), now);

    let reports = leg.tick(now + Duration::from_secs(3));

    assert!(leg.is_over());
    assert!(events(reports).iter().any(|event| matches!(event, Event::HungUp(_))));
}
