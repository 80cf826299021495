//! The floors on which one step does as much as a step may, and how long its script takes there.

use std::time::Duration;

use switchboard_domain::floor::command::{Command, Reply};
use switchboard_domain::ids::GatewayId;
use switchboard_store::live_floor::{FloorError, Order};
use switchboard_store_redis::trial::{Trial, plain};

use super::pair::Sent;
use super::scene::{Scene, agent, class, gateway, plan, profile, rules, to};
use super::walks::tenant;

/// The longest a script may keep Redis from everybody else while calls go on, in microseconds.
const LIMIT: u64 = 2_000;
/// The longest for loading a plan, in microseconds: nobody's call causes it, but a changed center.
const PLAN_LIMIT: u64 = 10_000;
/// How many contacts are concerned at once: more than one step changes.
const BATCH: u32 = 64;
/// How many classes and profiles the usual fixture has.
const KINDS: u32 = 4;

/// A floor, and the steps on it that are measured.
pub(super) struct Worst {
    pub(super) step: &'static str,
    pub(super) what: &'static str,
    pub(super) prepared: Vec<Sent>,
    pub(super) measured: Vec<Sent>,
}

/// What the longest step of a fixture costs.
#[derive(Clone, Debug)]
pub struct Cost {
    /// The script.
    pub step: &'static str,
    /// The fixture.
    pub what: &'static str,
    /// The time in Redis of each round, in microseconds, the shortest first.
    pub micros: Vec<u64>,
}

impl Cost {
    /// Gives what the script may take, in microseconds.
    pub fn limit(&self) -> u64 {
        if self.step == "load_plan" { PLAN_LIMIT } else { LIMIT }
    }

    /// Gives the time without what else runs on the machine: that of the quickest round.
    pub fn least(&self) -> u64 {
        self.micros.first().copied().unwrap_or_default()
    }

    /// Gives the time of the slowest round.
    pub fn most(&self) -> u64 {
        self.micros.last().copied().unwrap_or_default()
    }

    /// Gives the time of the round in the middle.
    pub fn median(&self) -> u64 {
        self.micros.get(self.micros.len() / 2).copied().unwrap_or_default()
    }
}

/// Measures every fixture on a server of its own, some times each; tells which is next.
pub async fn measure(
    url: &str,
    rounds: u32,
    mut tell: impl FnMut(&str),
) -> Result<Vec<Cost>, FloorError> {
    let trial = Trial::load(url, plain()).await?;
    let mut costs = Vec::new();
    for worst in fixtures() {
        tell(worst.what);
        let mut micros = Vec::new();
        for _ in 0..rounds {
            trial.clear().await?;
            micros.push(play(&trial, &worst).await?);
        }
        micros.sort_unstable();
        costs.push(Cost { step: worst.step, what: worst.what, micros });
    }
    trial.clear().await?;
    Ok(costs)
}

/// Plays a fixture; gives the time of the longest of the scripts it is about.
async fn play(trial: &Trial, worst: &Worst) -> Result<u64, FloorError> {
    let tenant = tenant("budget");
    let order = |(envelope, command): &Sent| Order {
        command: command.clone(),
        seed: envelope.seed.clone(),
        trace: None,
    };
    for sent in &worst.prepared {
        trial.send(&tenant, &order(sent), (&sent.0.run, Some(sent.0.wall))).await?;
    }
    let mut longest = 0;
    for sent in &worst.measured {
        let at = (sent.0.run.as_str(), Some(sent.0.wall));
        longest = longest.max(trial.time(&tenant, &order(sent), at).await?);
    }
    Ok(longest)
}

/// Gives every fixture.
pub(super) fn fixtures() -> Vec<Worst> {
    vec![expired_offers(), opened_barrier(), lost_gateway(), large_plan()]
}

fn expired_offers() -> Worst {
    let mut scene = ringing(2 * BATCH);
    scene.pass(19);
    let prepared = std::mem::take(&mut scene.sent);
    scene.pass(2);
    let what = "64 offers expire at once, each contact rings the next agent";
    Worst { step: "fire_deadlines", what, prepared, measured: scene.sent }
}

fn opened_barrier() -> Worst {
    let other = GatewayId::parse("gateway-9").expect("a word and a number are an id");
    let mut scene = Scene::open(plan(1, KINDS, rules()), std::slice::from_ref(&other));
    fill(&mut scene, BATCH);
    let lease = Duration::from_hours(12);
    let joined = scene.send(Command::JoinGateway { gateway: other.clone(), lease });
    let prepared = std::mem::take(&mut scene.sent);
    if let Some(Reply::Joined { token }) = joined {
        scene.send(Command::FinishInventory { gateway: other, token });
    }
    let what = "the barrier opens: 64 matches are made";
    Worst { step: "finish_inventory", what, prepared, measured: scene.sent }
}

fn lost_gateway() -> Worst {
    let mut scene = ringing(BATCH);
    let (gateway, token) = (gateway(), scene.token());
    scene.send(Command::RenewGateway { gateway, token, lease: Duration::from_millis(10) });
    let prepared = std::mem::take(&mut scene.sent);
    scene.pass(2);
    let what = "a gateway is lost with 64 ringing contacts";
    Worst { step: "fire_deadlines", what, prepared, measured: scene.sent }
}

fn large_plan() -> Worst {
    let mut scene = ringing(BATCH);
    let prepared = std::mem::take(&mut scene.sent);
    scene.send(Command::LoadPlan { plan: plan(2, BATCH, rules()) });
    let what = "64 classes of 64 profiles each";
    Worst { step: "load_plan", what, prepared, measured: scene.sent }
}

/// Gives a floor on which 64 contacts ring as many of the agents.
fn ringing(agents: u32) -> Scene {
    let mut scene = Scene::open(plan(1, KINDS, rules()), &[]);
    fill(&mut scene, agents);
    scene
}

fn fill(scene: &mut Scene, agents: u32) {
    for number in 0..agents {
        scene.sign_in(agent(number), profile(number % KINDS));
    }
    scene.bring(BATCH, |number| to(class(number % KINDS, KINDS)));
}
