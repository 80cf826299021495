//! Many real clients on several replicas, with cut wires and killed replicas; judged afterwards.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `center.rs` | the center that is tried, and who is in it |
//! | `traffic.rs` | gateways, and callers in bursts |
//! | `desks.rs` | agents who accept, decline, ignore, hand over and come and go |
//! | `clerk.rs` | the same request made again and again, at several replicas at once |
//! | `faults.rs` | lost replies, cut wires, killed replicas |
//! | `journal.rs` | the onlookers who write down what each client sees |
//! | `collect.rs` | what the center says of it afterwards, through its API |
//! | [`history`] | all of that in plain words |
//! | [`judge`] | what must hold; shares nothing with the server |
//! | [`mutants`] | lies that the judge must expose |

mod center;
mod clerk;
mod collect;
mod desks;
mod faults;
pub mod history;
mod journal;
pub mod judge;
pub mod mutants;
mod traffic;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::Size;
use crate::chance::Chance;
use crate::site::{Replica, Site, say};
use crate::wire::Wire;
use history::{History, What};
use journal::Journal;
use judge::Violation;
use mutants::Trial;

/// Names a file that the whole history is written to, to see how a violation came about.
const DUMP: &str = "TRIALS_DUMP";
/// How many violations are told one by one.
const TOLD: usize = 20;

/// What is run.
#[derive(Clone, Debug)]
pub struct Plan {
    seed: u64,
    replicas: usize,
    gateways: usize,
    agents: usize,
    /// How long callers come.
    lasts: Duration,
    /// How many replicas are killed meanwhile.
    kills: u32,
}

impl Plan {
    /// Chooses a size.
    pub fn sized(size: Size, seed: u64) -> Self {
        let (replicas, gateways, agents) = (3, 8, 60);
        match size {
            Size::Smoke => {
                let lasts = Duration::from_secs(6);
                Self { seed, replicas: 2, gateways: 3, agents: 8, lasts, kills: 1 }
            }
            Size::Short => {
                let lasts = Duration::from_secs(90);
                Self { seed, replicas, gateways, agents, lasts, kills: 3 }
            }
            Size::Long => {
                let lasts = Duration::from_mins(30);
                Self { seed, replicas, gateways, agents, lasts, kills: 60 }
            }
        }
    }

    /// Gives the random numbers for one purpose.
    fn chance(&self, purpose: u64) -> Chance {
        Chance::for_purpose(self.seed, purpose)
    }

    /// Changes how long callers come.
    #[must_use]
    pub fn lasting(mut self, lasts: Option<Duration>) -> Self {
        self.lasts = lasts.unwrap_or(self.lasts);
        self
    }
}

/// What came out.
#[derive(Debug)]
pub struct Verdict {
    figures: String,
    /// What must not be.
    pub violations: Vec<Violation>,
    /// How the judge did.
    pub trial: Trial,
}

impl Verdict {
    /// Says whether nothing was wrong, and every lie was exposed.
    pub fn holds(&self) -> bool {
        self.violations.is_empty() && self.trial.caught == self.trial.total
    }

    /// Says it in one line.
    pub fn summary(&self) -> String {
        let Self { figures, violations, trial } = self;
        format!(
            "clients: {figures}, {} violations, {}/{} mutants caught",
            violations.len(),
            trial.caught,
            trial.total
        )
    }

    fn tell(&self) -> anyhow::Result<()> {
        for violation in self.violations.iter().take(TOLD) {
            say(&format!("  violation of {violation}"))?;
        }
        for missed in &self.trial.missed {
            say(&format!("  not exposed: {missed}"))?;
        }
        Ok(())
    }
}

/// A center with its clients' wires.
struct Stage {
    site: Site,
    plan: Plan,
    journal: Journal,
    /// The wires of gateways and desks, by the client's name.
    wires: Vec<(String, Wire)>,
}

/// Lets everybody do what they do, then judges.
pub async fn run(program: PathBuf, plan: &Plan) -> anyhow::Result<Verdict> {
    let site = Site::open(program).await?;
    site.furnish(center::TENANT, center::files(plan.agents)).await?;
    let mut replicas = Vec::new();
    for _ in 0..plan.replicas {
        replicas.push(site.replica().await?);
    }
    let (lasts, seed) = (plan.lasts, plan.seed);
    say(&format!("clients: {} replicas, {lasts:?} of traffic, seed {seed}", plan.replicas))?;
    let stage = Stage::set(site, plan.clone()).await?;
    let history = perform(Arc::new(stage), replicas).await?;
    say(&format!("judging {} entries", history.entries.len()))?;
    let figures = figures(plan, &history);
    let violations = judge::judge(&history);
    if let Ok(path) = std::env::var(DUMP) {
        std::fs::write(path, format!("{history:#?}"))?;
    }
    let verdict = Verdict { figures, violations, trial: mutants::try_all(&history) };
    verdict.tell()?;
    Ok(verdict)
}

impl Stage {
    async fn set(site: Site, plan: Plan) -> anyhow::Result<Self> {
        let mut wires = Vec::new();
        let gateways = (0..plan.gateways).map(center::gateway);
        for (number, name) in gateways.chain((0..plan.agents).map(center::agent)).enumerate() {
            let chance = plan.chance(1_000 + u64::try_from(number)?);
            wires.push((name, Wire::lay(site.serving(), chance).await?));
        }
        Ok(Self { site, plan, journal: Journal::begin(), wires })
    }

    fn wire(&self, client: &str) -> &Wire {
        let wire = self.wires.iter().find(|(name, _)| name == client);
        &wire.expect("every client has a wire").1
    }
}

async fn perform(stage: Arc<Stage>, replicas: Vec<Replica>) -> anyhow::Result<History> {
    let gateways = Arc::new(traffic::connect(&stage).await?);
    let desks = desks::sign_in(&stage).await?;
    let mut background = JoinSet::new();
    background.spawn(desks::live(Arc::clone(&stage), desks));
    background.spawn(clerk::work(Arc::clone(&stage)));
    background.spawn(faults::happen(Arc::clone(&stage)));
    let mut crashes = JoinSet::new();
    crashes.spawn(faults::kill(Arc::clone(&stage), replicas));
    let callers = traffic::run(&stage, &gateways).await;
    let left = crashes.join_next().await.transpose()?.transpose()?;
    let waited = traffic::wait_for_all(callers, &gateways).await;
    say(&format!("{waited}; asking for the records"))?;
    let (records, unrest) = collect::all(&stage).await?;
    drop((background, left));
    let (entries, began) = stage.journal.read();
    Ok(History { entries, records, unrest, queues: center::queues(), began })
}

fn figures(plan: &Plan, history: &History) -> String {
    let count = |fits: fn(&What) -> bool| history.entries.iter().filter(|e| fits(&e.what)).count();
    let offers: usize = history.records.iter().map(|record| record.offers).sum();
    format!(
        "{} replicas ({} killed), {} gateways, {} agents, {} calls, {offers} offers, {} bridges, \
         {} lost streams, {} repeated requests",
        plan.replicas,
        plan.kills,
        plan.gateways,
        plan.agents,
        count(|what| matches!(what, What::Arrives { .. })),
        count(|what| matches!(what, What::Bridged { .. })),
        count(|what| matches!(what, What::Cut { .. })),
        count(|what| matches!(what, What::Answered { .. })),
    )
}
