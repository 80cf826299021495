//! Applies commands; opens a new epoch and loads a newer plan when the floor asks for it.

use std::collections::BTreeSet;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Command, Reply};
use switchboard_domain::floor::plan::Route;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::{Agent, Contact};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId};
use switchboard_store::tenants::{epoch_above, epoch_between};

use super::Edge;
use crate::sim::center::GATEWAY_LEASE;
use crate::sim::engine::{Millis, sleep};
use crate::sim::mutants::Mutant;
use crate::sim::store::{Answer, Applied, Question, Row, Status, ask};

/// How often one command is prepared anew because the floor asked for it.
const ATTEMPTS: u32 = 4;
/// How long to wait for a replica that has a newer center.
const PAUSE: Millis = 50;

/// Why a command did not take effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Trouble {
    /// A store is away; the command may have run.
    Away,
    Refused(Rejection),
}

impl Trouble {
    /// Says whether a session was refused as not the newest.
    pub(super) fn is_stale(&self) -> bool {
        *self == Self::Refused(Rejection::StaleSession)
    }

    /// Says whether the same may be asked again.
    pub(super) fn is_away(&self) -> bool {
        matches!(self, Self::Away | Self::Refused(Rejection::Recovering | Rejection::EpochClosed))
    }

    /// Says whether the floor waits for an inventory, or this replica for a newer center.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self, Self::Refused(Rejection::GatewayNotFresh | Rejection::StalePlan { .. }))
    }
}

impl Edge {
    /// Gives a way through a queue as its hours are now.
    pub(in crate::sim) fn route(
        &self,
        number: usize,
        first: Option<usize>,
        channel: Channel,
    ) -> Route {
        self.world.center.route(number, first, channel, self.world.now())
    }

    async fn ask(&self, question: Question) -> Answer {
        ask(&self.world, &self.replica, question).await
    }

    pub(super) async fn contact(&self, id: &ContactId) -> Result<Option<Contact>, Trouble> {
        match self.ask(Question::Contact(id.clone())).await {
            Answer::Contact(contact) => Ok(contact),
            _ => Err(Trouble::Away),
        }
    }

    pub(super) async fn agent(&self, id: &AgentId) -> Result<Option<Agent>, Trouble> {
        match self.ask(Question::Agent(id.clone())).await {
            Answer::Agent(agent) => Ok(agent),
            _ => Err(Trouble::Away),
        }
    }

    pub(super) async fn status(&self) -> Result<Status, Trouble> {
        match self.ask(Question::Status).await {
            Answer::Status(status) => Ok(status),
            _ => Err(Trouble::Away),
        }
    }

    pub(super) async fn tail(&self, after: u64) -> Result<Vec<Row>, Trouble> {
        match self.ask(Question::Tail(after)).await {
            Answer::Tail(rows) => Ok(rows),
            _ => Err(Trouble::Away),
        }
    }

    /// Lists the calls of a gateway that have a leg there, or are to have one.
    pub(super) async fn legs(&self, gateway: &GatewayId) -> Result<Vec<ContactId>, Trouble> {
        match self.ask(Question::Legs(gateway.clone())).await {
            Answer::Legs(legs) => Ok(legs),
            _ => Err(Trouble::Away),
        }
    }

    pub(super) async fn end(&self) -> Result<u64, Trouble> {
        match self.ask(Question::End).await {
            Answer::End(end) => Ok(end),
            _ => Err(Trouble::Away),
        }
    }

    async fn order(&self, command: Command) -> Result<Applied, Trouble> {
        match self.ask(Question::Apply(command)).await {
            Answer::Applied(applied) => {
                self.note_epoch(applied.epoch);
                Ok(applied)
            }
            Answer::Refused(rejection) => Err(Trouble::Refused(rejection)),
            _ => Err(Trouble::Away),
        }
    }

    /// Applies a command that depends on no plan.
    pub(in crate::sim) async fn apply(&self, command: Command) -> Result<Applied, Trouble> {
        for _ in 1..ATTEMPTS {
            match self.order(command.clone()).await {
                Err(Trouble::Refused(Rejection::EpochClosed)) => self.open().await?,
                Err(Trouble::Refused(Rejection::Recovering)) => self.sweep().await?,
                outcome => return outcome,
            }
        }
        self.order(command).await
    }

    /// Applies a command prepared from the version of the center this replica knows.
    pub(in crate::sim) async fn apply_planned(
        &self,
        prepare: impl Fn(u64) -> Command,
    ) -> Result<Applied, Trouble> {
        let mut last = Rejection::Recovering;
        for _ in 0..ATTEMPTS {
            let version = self.replica.center_version.get();
            match self.apply(prepare(version)).await {
                Err(Trouble::Refused(
                    rejection @ (Rejection::StalePlan { .. } | Rejection::NotInPlan { .. }),
                )) => {
                    self.load_plan(version).await?;
                    last = rejection;
                }
                outcome => return outcome,
            }
        }
        Err(Trouble::Refused(last))
    }

    /// Brings a version of the center to the floor, if the floor has an older one.
    pub(super) async fn load_plan(&self, version: u64) -> Result<(), Trouble> {
        let plan = self.world.center.plan(version);
        match self.apply(Command::LoadPlan { plan }).await {
            Err(Trouble::Refused(Rejection::StalePlan { .. })) => {
                sleep(&self.world, PAUSE).await;
                Ok(())
            }
            outcome => outcome.map(drop),
        }
    }

    /// Opens a new epoch for the server process now connected, unless another replica has.
    async fn open(&self) -> Result<(), Trouble> {
        while self.replica.opening.replace(true) {
            sleep(&self.world, 10).await;
        }
        let outcome = self.open_in_turn().await;
        self.replica.opening.set(false);
        outcome?;
        self.sweep().await
    }

    async fn open_in_turn(&self) -> Result<(), Trouble> {
        let status = self.status().await?;
        if !status.is_current {
            let command = self.opening_of(status.epoch)?;
            match self.order(command).await {
                Ok(_) | Err(Trouble::Refused(Rejection::EpochUsed { .. })) => {}
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(())
    }

    /// Numbers a new epoch; while the durable store is away, by one of the numbers it leaves out.
    fn opening_of(&self, stored: u64) -> Result<Command, Trouble> {
        let seen = self.note_epoch(stored);
        let mut durable = self.world.durable.borrow_mut();
        let away = durable.is_down(self.world.now());
        if away && stored == 0 {
            return Err(Trouble::Away);
        }
        let gateways = if away { BTreeSet::new() } else { durable.gateways.clone() };
        let highest = durable.epochs.max(seen);
        let epoch = if self.world.has(Mutant::EpochFromStore) {
            seen + 1
        } else if away {
            let chance = self.world.between(0, u64::MAX);
            epoch_between(seen, chance).ok_or(Trouble::Away)?
        } else {
            epoch_above(highest)
        };
        if away {
            self.world.judge.borrow_mut().blind.insert(epoch);
        } else {
            durable.epochs = epoch;
        }
        Ok(Command::OpenEpoch { epoch, gateways, lease: GATEWAY_LEASE })
    }

    /// Notes an epoch that was met, and gives the highest.
    fn note_epoch(&self, epoch: u64) -> u64 {
        let newest = self.replica.newest_epoch.get().max(epoch);
        self.replica.newest_epoch.set(newest);
        newest
    }

    async fn sweep(&self) -> Result<(), Trouble> {
        while self.order(Command::SweepEpoch).await?.reply == Reply::More {}
        Ok(())
    }
}
