//! What an estimate promises: honest about ignorance, never negative, growing with the line.

use super::*;

fn minutes(count: u64) -> Duration {
    Duration::from_mins(count)
}

fn staffed(agents: usize) -> Evidence {
    let server = Server { share: 1.0, handle_time: minutes(3) };
    Evidence { position: 1, servers: vec![server; agents], handled: 100, ..Evidence::default() }
}

fn history(seconds: u64) -> Average {
    let mut average = Average::default();
    (0..MIN_SAMPLES).for_each(|_| average.add(Duration::from_secs(seconds)));
    average
}

#[test]
fn without_agents_or_history_nobody_knows() {
    let too_few = Evidence { handled: MIN_SAMPLES - 1, ..staffed(4) };
    let all_elsewhere = Server { share: 0.0, handle_time: minutes(3) };
    let elsewhere = Evidence { servers: vec![all_elsewhere; 2], ..staffed(2) };

    assert_eq!(estimate(&staffed(0)), Err(Unknown::NoAgents));
    assert_eq!(estimate(&elsewhere), Err(Unknown::NoAgents));
    assert_eq!(estimate(&too_few), Err(Unknown::NoHistory));
}

#[test]
fn the_wait_is_the_line_over_the_rate() {
    let wait = estimate(&Evidence { position: 6, ..staffed(6) }).expect("known");

    assert_eq!(wait.estimate, minutes(3));
    assert!(wait.low < wait.estimate && wait.estimate < wait.high, "{wait:?}");
    assert_eq!((wait.sample_size, wait.method), (100, Method::Rate));
}

#[test]
fn agents_who_share_their_time_count_for_less() {
    let half = Server { share: 0.5, handle_time: minutes(3) };
    let shared = Evidence { servers: vec![half; 6], position: 6, ..staffed(0) };

    assert_eq!(estimate(&shared).map(|wait| wait.estimate), Ok(minutes(6)));
}

#[test]
fn those_who_give_up_and_free_agents_shorten_the_wait() {
    let base = Evidence { position: 11, ..staffed(5) };
    let leaving = Evidence { leaving: 0.5, ..base.clone() };
    let free = Evidence { free: 11, ..base.clone() };

    let wait = |evidence: &Evidence| estimate(evidence).expect("known").estimate;

    assert_eq!(wait(&base), Duration::from_secs(396));
    assert_eq!(wait(&leaving), Duration::from_secs(216));
    assert_eq!(wait(&free), Duration::ZERO);
}

#[test]
fn few_agents_let_the_last_waits_have_a_say() {
    let alone = Evidence { last_waits: history(300), ..staffed(1) };
    let overdue = Evidence { waited: minutes(60), ..alone.clone() };

    let wait = estimate(&alone).expect("known");
    let late = estimate(&overdue).expect("known");

    assert_eq!(wait.method, Method::RateAndLastWaits);
    assert_eq!(wait.estimate, Duration::from_secs(260));
    assert_eq!(late.estimate, minutes(1), "an overdue caller never waits less than nothing");
}

#[test]
fn more_measurements_make_it_worth_more() {
    let place = |handled| Evidence { position: 40, handled, ..staffed(10) };
    let worth = |handled| estimate(&place(handled)).expect("known").confidence;

    assert_eq!(worth(5), Confidence::Low);
    assert_eq!(worth(10), Confidence::Medium);
    assert_eq!(worth(100), Confidence::High);
}

#[test]
fn absurd_evidence_gives_the_longest_wait_and_no_panic() {
    let slow = Server { share: f64::MIN_POSITIVE, handle_time: Duration::MAX };
    let evidence = Evidence { servers: vec![slow], position: u32::MAX, ..staffed(0) };

    for odd in [f64::NAN, -1.0, 7.0] {
        let outcome = estimate(&Evidence { leaving: odd, ..evidence.clone() });
        assert!(outcome.is_err_and(|why| why == Unknown::NoAgents) || outcome.is_ok());
    }
}
