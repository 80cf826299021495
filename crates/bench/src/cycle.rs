//! One contact from its arrival to the free agent, through the floor: four commands.
//!
//! Route (which makes the offer, or waits), accept, bridged, hang up (which frees the agent, who takes
//! the next). Contacts are in the menu already: what comes before is not routing.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::task::JoinSet;
use tokio::time::Instant;

use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::event::{Event, EventKind};
use switchboard_domain::floor::state::Entity;
use switchboard_domain::ids::{AgentId, ContactId, OfferId};
use switchboard_store::live_floor::Applied;

use crate::fixture::{Site, desk};
use crate::latency::Latency;

/// The commands of a cycle, in order.
pub const COMMANDS: [&str; 4] = ["route_contact", "accept_offer", "report_bridged", "hang_up"];

/// What some cycles took.
#[derive(Debug, Default)]
pub struct Cycles {
    /// From the first command to the last answer.
    pub took: Duration,
    /// Each command of [`COMMANDS`], as its sender sees it.
    pub commands: [Latency; 4],
}

impl Cycles {
    /// Adds what other cycles took.
    pub fn merge(&mut self, other: &Self) {
        self.took += other.took;
        for (sum, part) in self.commands.iter_mut().zip(&other.commands) {
            sum.merge(part);
        }
    }
}

/// An offer that somebody must answer.
#[derive(Clone, Debug)]
pub struct Made {
    /// The offer.
    pub offer: OfferId,
    /// Who rings.
    pub contact: ContactId,
    /// Who is rung.
    pub agent: AgentId,
}

/// Clients whose contacts are in the menu already.
pub struct Prepared(Vec<Worker>);

/// Begins the contacts of some clients.
pub async fn prepare(site: &Arc<Site>, count: u32, clients: u32) -> anyhow::Result<Prepared> {
    let (mut workers, round) = (Vec::new(), site.next_round());
    for client in 0..clients {
        let name = format!("call-{round}-{client}");
        workers.push(Worker::prepare(site, &name, count / clients).await?);
    }
    Ok(Prepared(workers))
}

impl Prepared {
    /// Makes the assignments; each client waits for its answers.
    pub async fn assign(self) -> anyhow::Result<Cycles> {
        let started = Instant::now();
        let mut tasks = JoinSet::new();
        for worker in self.0 {
            tasks.spawn(worker.run());
        }
        let mut cycles = Cycles::default();
        while let Some(ended) = tasks.join_next().await {
            for (sum, part) in cycles.commands.iter_mut().zip(&ended??) {
                sum.merge(part);
            }
        }
        cycles.took = started.elapsed();
        Ok(cycles)
    }
}

/// One client.
struct Worker {
    site: Arc<Site>,
    contacts: Vec<ContactId>,
    /// With a backlog, the offer that this client's agent was made when he became free.
    ringing: Option<Made>,
    took: [Latency; 4],
}

impl Worker {
    async fn prepare(site: &Arc<Site>, name: &str, count: u32) -> anyhow::Result<Self> {
        let name = |number| ContactId::parse(format!("{name}-{number}"));
        let contacts = (0..count).map(name).collect::<Result<Vec<_>, _>>()?;
        site.start_contacts(&contacts).await?;
        let ringing = site.take_ringing();
        Ok(Self { site: Arc::clone(site), contacts, ringing, took: Default::default() })
    }

    async fn run(mut self) -> anyhow::Result<[Latency; 4]> {
        for (number, contact) in (0..).zip(std::mem::take(&mut self.contacts)) {
            let routed = self.site.commands.route(&contact, number);
            let routed = self.timed(0, routed).await?;
            let ringing = match self.ringing.take() {
                Some(ringing) => ringing,
                None => made(&routed).context("an idle agent is rung")?,
            };
            let freed = self.serve(ringing).await?;
            if self.site.size.is_backlog {
                self.ringing = Some(made(&freed).context("a free agent is rung")?);
            }
        }
        self.site.keep(self.ringing);
        Ok(self.took)
    }

    /// Accepts, bridges and hangs up.
    async fn serve(&mut self, made: Made) -> anyhow::Result<Applied> {
        let session = self.site.session(&made.agent)?;
        let accept =
            Command::AcceptOffer { desk: desk(made.agent, session), offer: made.offer.clone() };
        self.timed(1, accept).await?;
        let bridged = self.site.commands.bridged(&made.contact, made.offer);
        self.timed(2, bridged).await?;
        let hang_up = self.site.commands.hang_up(&made.contact);
        self.timed(3, hang_up).await
    }

    async fn timed(&mut self, index: usize, command: Command) -> anyhow::Result<Applied> {
        let sent = Instant::now();
        let applied = self.site.apply(command).await?;
        self.took[index].add(sent.elapsed());
        Ok(applied)
    }
}

/// Many cycles side by side, one command at a time, so that each can be looked at by itself.
pub struct Phases {
    site: Arc<Site>,
    contacts: Vec<ContactId>,
    made: Vec<Made>,
    next: usize,
}

impl Phases {
    /// Names the commands of all phases: the start of the contacts, then [`COMMANDS`].
    const NAMES: [&str; 5] = ["start_contact", COMMANDS[0], COMMANDS[1], COMMANDS[2], COMMANDS[3]];

    /// Prepares some contacts; there must be as many idle agents.
    pub fn new(site: &Arc<Site>, count: u32) -> anyhow::Result<Self> {
        let round = site.next_round();
        let name = |number| ContactId::parse(format!("phase-{round}-{number}"));
        let contacts = (0..count).map(name).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { site: Arc::clone(site), contacts, made: Vec::new(), next: 0 })
    }

    /// Names the command of the next phase.
    pub fn name(&self) -> Option<&'static str> {
        Self::NAMES.get(self.next).copied()
    }

    /// Sends the command of the next phase for each contact.
    pub async fn play(&mut self) -> anyhow::Result<()> {
        let (phase, commands) = (self.next, &self.site.commands);
        self.next += 1;
        match phase {
            0 => self.site.start_contacts(&self.contacts).await?,
            1 => {
                for (number, contact) in (0..).zip(&self.contacts) {
                    let applied = self.site.apply(commands.route(contact, number)).await?;
                    self.made.push(made(&applied).context("an idle agent is rung")?);
                }
            }
            _ => {
                for made in &self.made {
                    let session = self.site.session(&made.agent)?;
                    let desk = desk(made.agent.clone(), session);
                    self.site
                        .apply(match phase {
                            2 => Command::AcceptOffer { desk, offer: made.offer.clone() },
                            3 => commands.bridged(&made.contact, made.offer.clone()),
                            _ => commands.hang_up(&made.contact),
                        })
                        .await?;
                }
            }
        }
        Ok(())
    }
}

/// Finds the offer that a command made.
pub fn made(applied: &Applied) -> Option<Made> {
    made_by(&applied.events)
}

/// Finds the offer among events.
pub fn made_by(events: &[Event]) -> Option<Made> {
    let event = events.iter().find(|event| event.kind == EventKind::OfferMade)?;
    let Entity::Offer(offer) = &event.entity else { return None };
    let field = |name: &str| event.fields.get(name);
    let contact = ContactId::parse(field("contact")?).ok()?;
    let agent = AgentId::parse(field("agent")?).ok()?;
    Some(Made { offer: offer.clone(), contact, agent })
}
