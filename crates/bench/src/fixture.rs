//! Floors of any size, and the commands that move them.

mod commands;
mod plan;
mod unserved;

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use futures::{StreamExt as _, TryStreamExt as _, stream};

use switchboard_domain::floor::command::{Command, Reply};
use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::{AgentId, ContactId, TenantId};
use switchboard_runtime::clock::{Ids as _, RandomIds};
use switchboard_store::live_floor::{Applied, LiveFloor, Order};
use switchboard_store_redis::{RedisFloor, Settings};

use crate::cycle::{Made, made};

pub use commands::{Commands, desk, waiting};
pub use plan::{agent, class, plan, profile};
pub use unserved::bring_unserved;

/// How long leases hold: longer than any benchmark.
pub const LEASE: Duration = Duration::from_hours(12);
/// How many commands of a preparation are on their way at once.
const IN_FLIGHT: usize = 64;

/// How large a floor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// How many eligible sets a match looks at.
    pub eligible: u32,
    /// How many contacts wait.
    pub waiting: u32,
    /// How many agents are signed in and ready.
    pub idle: u32,
    /// Whether the contacts wait for these agents; otherwise nobody may serve them.
    pub is_backlog: bool,
}

impl Size {
    /// A floor with more idle agents than calls, beside contacts that nobody may serve.
    pub fn idle(eligible: u32, waiting: u32, idle: u32) -> Self {
        Self { eligible, waiting, idle, is_backlog: false }
    }

    /// A floor whose agents are all needed.
    pub fn backlog(eligible: u32, waiting: u32, agents: u32) -> Self {
        Self { eligible, waiting, idle: agents, is_backlog: true }
    }
}

/// Gives the session that a command began.
pub fn token_of(applied: &Applied) -> anyhow::Result<Token> {
    match applied.reply {
        Reply::Joined { token } => Ok(token),
        Reply::Done { .. } | Reply::Duplicate | Reply::More => bail!("no session began"),
    }
}

/// A floor in Redis with its gateway and agents.
pub struct Site {
    floor: RedisFloor,
    tenant: TenantId,
    /// Builds commands in the name of the gateway and the agents.
    pub commands: Commands,
    /// The session of each agent.
    pub sessions: HashMap<AgentId, Token>,
    /// With a backlog, the offers that wait for their agents' answers.
    ringing: Mutex<Vec<Made>>,
    /// How large it is.
    pub size: Size,
    rounds: AtomicU32,
}

impl Site {
    /// Opens a floor of its own on a server and fills it.
    pub async fn fill(url: &str, name: &str, size: Size) -> anyhow::Result<Arc<Self>> {
        let settings = Settings { url: url.to_owned(), timeout: Duration::from_secs(10) };
        let floor = RedisFloor::new(&settings)?;
        let tenant = TenantId::parse(name)?;
        let commands = Commands::new(size);
        let (sessions, ringing) = (HashMap::new(), Mutex::default());
        let mut filled =
            Self { floor, tenant, commands, sessions, ringing, rounds: AtomicU32::new(0), size };
        filled.open().await?;
        filled.bring_waiting().await?;
        filled.sign_in_agents().await?;
        Ok(Arc::new(filled))
    }

    async fn open(&mut self) -> anyhow::Result<()> {
        let gateways = BTreeSet::new();
        self.apply(Command::OpenEpoch { epoch: 1, gateways, lease: LEASE }).await?;
        self.apply(Command::SweepEpoch).await?;
        self.apply(Command::LoadPlan { plan: plan(self.size.eligible) }).await?;
        let joined = self.apply(self.commands.join_gateway()).await?;
        self.commands.set_gateway_session(token_of(&joined)?);
        self.apply(self.commands.finish_inventory()).await?;
        Ok(())
    }

    async fn bring_waiting(&mut self) -> anyhow::Result<()> {
        let ids: Vec<ContactId> = (0..self.size.waiting).map(waiting).collect();
        self.start_contacts(&ids).await?;
        let routes = (0..).zip(&ids).map(|(number, id)| self.commands.wait(id, number)).collect();
        self.apply_all(routes).await?;
        Ok(())
    }

    async fn sign_in_agents(&mut self) -> anyhow::Result<()> {
        let sign_ins = (0..self.size.idle).map(|number| self.commands.sign_in(number)).collect();
        for (number, applied) in self.apply_all(sign_ins).await? {
            self.sessions.insert(agent(number), token_of(&applied)?);
            self.keep(made(&applied));
        }
        Ok(())
    }

    /// Applies one command.
    pub async fn apply(&self, command: Command) -> anyhow::Result<Applied> {
        let name = command.name();
        let order = Order { command, seed: RandomIds.offer(), trace: None };
        self.floor.apply(&self.tenant, order).await.with_context(|| name)
    }

    /// Applies commands that do not depend on each other; gives each answer with its number.
    async fn apply_all(&self, commands: Vec<Command>) -> anyhow::Result<Vec<(u32, Applied)>> {
        let asked = stream::iter((0..).zip(commands));
        let applied = asked.map(async |(number, command)| {
            self.apply(command).await.map(|applied| (number, applied))
        });
        applied.buffer_unordered(IN_FLIGHT).try_collect().await
    }

    /// Begins contacts in the menu, so that they can be routed.
    pub async fn start_contacts(&self, ids: &[ContactId]) -> anyhow::Result<()> {
        let starts = ids.iter().map(|id| self.commands.start(id)).collect();
        self.apply_all(starts).await?;
        Ok(())
    }

    /// Keeps an offer for whoever answers it.
    pub fn keep(&self, made: Option<Made>) {
        self.ringing.lock().unwrap_or_else(PoisonError::into_inner).extend(made);
    }

    /// Takes an offer that waits for an answer.
    pub fn take_ringing(&self) -> Option<Made> {
        self.ringing.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Numbers a round of measuring, so that its contacts have names of their own.
    pub fn next_round(&self) -> u32 {
        self.rounds.fetch_add(1, Ordering::Relaxed)
    }

    /// Gives the port, for reads.
    pub fn floor(&self) -> &RedisFloor {
        &self.floor
    }

    /// Gives the tenant.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Gives the session of an agent.
    pub fn session(&self, agent: &AgentId) -> anyhow::Result<Token> {
        self.sessions.get(agent).copied().with_context(|| format!("{agent} is not signed in"))
    }
}
