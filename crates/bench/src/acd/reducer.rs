//! The pure reducer: what a step costs without any store.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::time::Instant;

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::command::{Command, Envelope, Reply};
use switchboard_domain::floor::event::Event;
use switchboard_domain::ids::{ContactId, OfferId};

use super::AcdOptions;
use crate::cycle::{Made, made_by};
use crate::fixture::{Commands, LEASE, Size, agent, desk, plan, waiting};
use crate::table::{Table, progress};

/// Measures a step on floors of growing size.
pub(super) fn measure(options: &AcdOptions) -> anyhow::Result<Table> {
    let cycles = if options.quick { 20_000 } else { 200_000 };
    let columns = ["k", "waiting", "agents", "µs per step", "steps"];
    let mut table = Table::new("The reducer alone, in memory", &columns);
    for size in [Size::idle(4, 10, 10), Size::idle(4, 100_000, 10), Size::idle(4, 100_000, 10_000)]
    {
        progress(&format!("reducer: W {}, I {}", size.waiting, size.idle));
        let mut pure = Pure::fill(size)?;
        let took = pure.cycle(cycles)?;
        table.row([
            size.eligible.to_string(),
            size.waiting.to_string(),
            size.idle.to_string(),
            format!("{:.2}", took.as_secs_f64() * 1e6 / f64::from(cycles * STEPS)),
            (cycles * STEPS).to_string(),
        ]);
    }
    table.note(
        "A step is a command: start, route, accept, bridged or hang up, with its events. Times are of \
         the clock: what else runs on the machine makes them longer.",
    );
    Ok(table)
}

/// How many commands a cycle has here.
const STEPS: u32 = 5;

/// A floor in memory.
struct Pure {
    floor: Floor,
    commands: Commands,
    sessions: Vec<switchboard_domain::floor::state::Token>,
    envelope: Envelope,
}

impl Pure {
    fn fill(size: Size) -> anyhow::Result<Self> {
        let seed = OfferId::parse("0123456789abcdef0123456789abcdef")?;
        let envelope = Envelope { run: "run".to_owned(), wall: 1_795_262_400_000, seed };
        let (floor, commands) = (Floor::new(), Commands::new(size));
        let mut pure = Self { floor, commands, sessions: Vec::new(), envelope };
        let gateways = BTreeSet::new();
        pure.apply(&Command::OpenEpoch { epoch: 1, gateways, lease: LEASE })?;
        pure.apply(&Command::SweepEpoch)?;
        pure.apply(&Command::LoadPlan { plan: plan(size.eligible) })?;
        let token = pure.join(&pure.commands.join_gateway())?;
        pure.commands.set_gateway_session(token);
        pure.apply(&pure.commands.finish_inventory())?;
        for number in 0..size.waiting {
            let contact = waiting(number);
            pure.apply(&pure.commands.start(&contact))?;
            pure.apply(&pure.commands.wait(&contact, number))?;
        }
        for number in 0..size.idle {
            let session = pure.join(&pure.commands.sign_in(number))?;
            pure.sessions.push(session);
        }
        Ok(pure)
    }

    /// Plays whole calls; gives how long their commands took.
    fn cycle(&mut self, count: u32) -> anyhow::Result<Duration> {
        let mut took = Duration::ZERO;
        for number in 0..count {
            let contact = ContactId::parse(format!("call-{number}"))?;
            let commands = [self.commands.start(&contact), self.commands.route(&contact, number)];
            self.envelope.seed = OfferId::parse(format!("{number:032x}"))?;
            let started = Instant::now();
            self.apply(&commands[0])?;
            let (_, events) = self.apply(&commands[1])?;
            took += started.elapsed();
            let made = made_by(&events).context("an idle agent is rung")?;
            took += self.serve(made)?;
        }
        Ok(took)
    }

    fn serve(&mut self, made: Made) -> anyhow::Result<Duration> {
        let number: usize = made.agent.as_str().trim_start_matches("agent-").parse()?;
        let desk = desk(agent(u32::try_from(number)?), self.sessions[number]);
        let commands = [
            Command::AcceptOffer { desk, offer: made.offer.clone() },
            self.commands.bridged(&made.contact, made.offer),
            self.commands.hang_up(&made.contact),
        ];
        let started = Instant::now();
        for command in &commands {
            self.apply(command)?;
        }
        let took = started.elapsed();
        // The store forgets ended contacts after a day; here they would only fill the machine.
        self.floor.contacts.remove(&made.contact);
        Ok(took)
    }

    fn apply(&mut self, command: &Command) -> anyhow::Result<(Reply, Vec<Event>)> {
        self.envelope.wall += 1;
        Ok(self.floor.apply(&self.envelope, command)?)
    }

    fn join(
        &mut self,
        command: &Command,
    ) -> anyhow::Result<switchboard_domain::floor::state::Token> {
        let (reply, _) = self.apply(command)?;
        let Reply::Joined { token } = reply else { bail!("no session began") };
        Ok(token)
    }
}
