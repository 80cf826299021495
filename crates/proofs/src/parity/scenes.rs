//! Scenes that no walk gets to: crowds, large plans, the server's own clock, and what must not be.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::plan::{ClassDefinition, ProfileKey, QueueRules, Standing};
use switchboard_domain::ids::GatewayId;
use switchboard_store::live_floor::FloorError;
use switchboard_store_redis::trial::{Observed, Trial};

use super::pair::{Failure, Pair, Sent};
use super::scene::{Scene, agent, class, gateway, plan, profile, rules, to};
use super::shrink::replay;
use super::walks::tenant;
use super::worst;
use super::{called_back, found, held, rare};

/// More than one step changes.
const CROWD: u32 = 70;
/// More lines of a plan than the scripts remember.
const REMEMBERED: u32 = 4_200;

/// Plays every scene; gives what went wrong with its name.
pub(super) async fn play_all(trial: &Trial, name: &str) -> Vec<(&'static str, Failure)> {
    let mut failures = Vec::new();
    for (number, (scene, sent)) in (0..).zip(scenes()) {
        let tenant = tenant(&format!("{name}-scene-{number}"));
        if let Err(failure) = replay(trial, &tenant, sent).await {
            failures.push((scene, failure));
        }
    }
    let special = [
        ("the server's clock", server_clock(trial, name).await),
        ("what no command says", nonsense(trial, name).await),
    ];
    for (scene, wrong) in special {
        if !wrong.is_empty() {
            failures.push((scene, Failure { wrong, sent: Vec::new() }));
        }
    }
    failures
}

/// Gives every scene that is a list of commands.
fn scenes() -> Vec<(&'static str, Vec<Sent>)> {
    let worst = worst::fixtures().into_iter().map(|worst| {
        let sent = worst.prepared.into_iter().chain(worst.measured).collect();
        (worst.what, sent)
    });
    worst
        .chain(crowds())
        .chain(rare::scenes())
        .chain(called_back::scenes())
        .chain(found::scenes())
        .chain(held::scenes())
        .collect()
}

/// Gives the scenes in which there is more to do than one step does.
fn crowds() -> [(&'static str, Vec<Sent>); 4] {
    [
        ("a crowd from before the epoch", crowd_before_epoch()),
        ("more matches than one step makes", many_matches()),
        ("a crowd leaves an empty queue", crowd_leaves()),
        ("more classes than are remembered", many_classes()),
    ]
}

fn crowd_before_epoch() -> Vec<Sent> {
    let mut scene = Scene::open(plan(1, 1, rules()), &[]);
    scene.bring(CROWD, |_| to(class(0, 1)));
    "run-2".clone_into(&mut scene.run);
    let (gateways, lease) = (BTreeSet::new(), Duration::from_hours(12));
    scene.send(Command::OpenEpoch { epoch: 2, gateways, lease });
    scene.send(Command::SweepEpoch);
    scene.send(Command::SweepEpoch);
    scene.join();
    let (gateway, token) = (gateway(), scene.token());
    scene.send(Command::FinishInventory { gateway, token });
    scene.sent
}

fn many_matches() -> Vec<Sent> {
    let other = GatewayId::parse("gateway-9").expect("a word and a number are an id");
    let mut scene = Scene::open(plan(1, 1, rules()), std::slice::from_ref(&other));
    for number in 0..CROWD {
        scene.sign_in(agent(number), profile(0));
    }
    scene.bring(CROWD, |_| to(class(0, 1)));
    let lease = Duration::from_secs(1);
    scene.send(Command::JoinGateway { gateway: other, lease });
    scene.pass(3);
    scene.sent
}

fn crowd_leaves() -> Vec<Sent> {
    let patience = Some(Duration::from_secs(1));
    let rules = QueueRules { leave_when_empty: patience, ..rules() };
    let mut scene = Scene::open(plan(1, 1, rules), &[]);
    scene.bring(CROWD, |_| to(class(0, 1)));
    scene.pass(34);
    scene.sent
}

fn many_classes() -> Vec<Sent> {
    let mut scene = Scene::open(plan(1, 1, rules()), &[]);
    let mut large = plan(2, 1, rules());
    large.classes.extend((1..REMEMBERED).map(|number| {
        let profile = ProfileKey::new(format!("profile-{number}"));
        let profiles = BTreeMap::from([(profile, Standing { rank: 1, preference: 0 })]);
        ClassDefinition { profiles, ..class(number, 1) }
    }));
    scene.send(Command::LoadPlan { plan: large });
    scene.bring(2, |number| to(class(number, 1)));
    scene.sent
}

/// Without a given time a step takes the server's.
async fn server_clock(trial: &Trial, name: &str) -> Vec<String> {
    let scene = Scene::open(plan(1, 1, rules()), &[]);
    let mut pair = Pair::new(trial, &tenant(&format!("{name}-clock")));
    let mut wrong = Vec::new();
    for (envelope, command) in &scene.sent {
        wrong.extend(pair.step_now(&envelope.run, command).await);
    }
    wrong.extend(pair.step_now(&scene.run, &Command::FireDeadlines).await);
    wrong
}

/// Arguments that no command has, and keys that hold what they should not, give a plain error.
async fn nonsense(trial: &Trial, name: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let tenant = tenant(&format!("{name}-nonsense"));
    let mut pair = Pair::new(trial, &tenant);
    let scene = Scene::open(plan(1, 1, rules()), &[]);
    for sent in &scene.sent {
        wrong.extend(pair.step(sent).await.err().into_iter().flatten());
    }
    let answer = trial.call("load_plan", &tenant, &["run-1", "0", "1", "", "x", "", ""]).await;
    wrong.extend(refused(&answer));
    let key = format!("{{{tenant}}}:contact:call-1");
    if let Err(error) = trial.spoil(&key).await {
        wrong.push(error.to_string());
    }
    let arguments = ["run-1", "0", "1", "", "call-1", "chief"];
    wrong.extend(refused(&trial.call("cancel_callback", &tenant, &arguments).await));
    wrong
}

fn refused(answer: &Result<Observed, FloorError>) -> Option<String> {
    // An answer that cannot be read at all is a refusal as well.
    let is_taken = answer.as_ref().is_ok_and(|observed| observed.outcome.is_ok());
    is_taken.then(|| "nonsense was taken for a command".to_owned())
}
