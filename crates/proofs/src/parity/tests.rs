//! A small run of the proof, so that it cannot rot.

use std::time::Duration;

use switchboard_embedded::testing::fresh_redis;
use switchboard_store_redis::{RedisFloor, Settings, snapshot};

use super::hunt::catch;
use super::shrink::{self, shrink};
use super::*;

#[tokio::test]
async fn counted_scripts_do_as_the_floor_does() {
    let server = fresh_redis().await.expect("Redis starts");
    let (counted, branches) = count_branches(&sources());
    let trial = Trial::load(&server.url(), watched(&counted)).await.expect("the library loads");

    for seed in 1..=4 {
        let outcome = walks::play(&trial, "walk", seed, 250).await;
        assert_eq!(outcome.map_err(|failure| failure.wrong), Ok(250), "seed {seed}");
    }

    let taken = trial.taken(branches.len()).await.expect("counts");
    let never = taken.iter().filter(|times| **times == 0).count();
    assert!(taken.len() == branches.len() && never < branches.len() / 2, "{never} never taken");
}

#[tokio::test]
async fn what_happens_rarely_is_the_same_on_both_sides() {
    let server = fresh_redis().await.expect("Redis starts");
    let trial = Trial::load(&server.url(), watched(&sources())).await.expect("the library loads");

    for (scene, sent) in rare::scenes().into_iter().chain(called_back::scenes()) {
        let all = sent.len() as u64;
        let outcome = shrink::replay(&trial, &tenant("rare"), sent).await;
        assert_eq!(outcome.map_err(|failure| failure.wrong), Ok(all), "{scene}");
    }
}

#[tokio::test]
async fn what_is_seen_step_by_step_is_what_is_there() {
    let server = fresh_redis().await.expect("Redis starts");
    let trial = Trial::load(&server.url(), watched(&sources())).await.expect("the library loads");
    let mut pair = Pair::new(&trial, &tenant("whole"));
    let (mut walk, mut floor) = (walk_of(2), switchboard_domain::floor::Floor::new());

    for _ in 0..200 {
        let sent = walk.next(&floor);
        let _ = floor.apply(&sent.0, &sent.1);
        let _ = pair.step(&sent).await.expect("the two agree");
    }

    let settings = Settings { url: server.url(), timeout: Duration::from_secs(9) };
    let whole = RedisFloor::new(&settings).expect("the URL is valid");
    let whole = snapshot::read(&whole, &tenant("whole")).await.expect("it can be read");
    assert_eq!(*pair.seen(), whole);
}

#[tokio::test]
async fn faults_of_one_moment_are_caught_by_their_scenes() {
    let server = fresh_redis().await.expect("Redis starts");
    let scenes = [
        ("the accept comes a millisecond late", "an answer at the last moment"),
        (
            "a callback leaves its name where it waited",
            "a callback on the line takes the place of another",
        ),
        ("a call is owed twice", "a call that is owed is moved to where it is owed already"),
        (
            "who is held for an agent is forgotten",
            "many are held for agents when the barrier opens",
        ),
    ];

    for (name, scene) in scenes {
        let fault = faults::all().into_iter().find(|fault| fault.name == name);
        let found = catch(&server.url(), 0, fault.expect("it is in the table"), 0).await;

        let found = found.expect("the server answers").expect("the fault is caught");
        assert_eq!(found.by, format!("{scene:?}"));
    }
}

#[tokio::test]
async fn a_planted_fault_is_caught_with_fewer_commands_than_the_walk_had() {
    let server = fresh_redis().await.expect("Redis starts");
    let fault =
        faults::all().into_iter().find(|fault| fault.name == "the floor's version is not counted");
    let fault = fault.expect("it is in the table");

    let found = catch(&server.url(), 0, fault, 3).await.expect("the server answers");

    let failure = found.expect("the fault is caught").failure;
    let planted = fault.plant(&sources()).expect("it fits");
    let trial = Trial::load(&server.url(), watched(&planted)).await.expect("the library loads");
    let (long, short) = (failure.sent.len(), shrink(&trial, &tenant("short"), failure).await);
    assert!(short.sent.len() <= long && short.sent.len() <= 2, "{} of {long}", short.sent.len());
    assert!(!short.wrong.is_empty());
}
