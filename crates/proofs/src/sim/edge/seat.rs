//! One desktop's session: its requests, and its standing among the sessions of its agent.

mod standing;

use std::rc::Rc;
use std::time::Duration;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Command, Desk, Reply};
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::{Token, Want};
use switchboard_domain::ids::AgentId;

use super::feed::News;
use super::floors::Trouble;
use super::{Edge, Replica};
use crate::sim::center::{AGENT_LEASE, agent_id, profile, route, seat};
use crate::sim::desk;
use crate::sim::engine::Millis;
use crate::sim::inbox::Inbox;
use crate::sim::link::Link;
use crate::sim::wire::{Action, FromDesk, ToDesk};
use crate::sim::world::World;

const RETRY: Millis = 1_000;

/// What reaches a seat.
pub(in crate::sim) enum ToSeat {
    Desk(FromDesk),
    News(News),
    Closed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Current,
    Lost,
    Over,
}

/// Serves a desktop's link until it ends.
pub(in crate::sim) fn open(
    world: &Rc<World>,
    replica: &Rc<Replica>,
    index: usize,
    link: &Rc<Link>,
) -> Inbox<ToSeat> {
    let inbox = Inbox::new();
    let edge = Edge { world: Rc::clone(world), replica: Rc::clone(replica) };
    replica.links.borrow_mut().push(Rc::clone(link));
    let (link, given) = (Rc::clone(link), inbox.clone());
    world.spawn(replica.owner, async move {
        let ToSeat::Desk(FromDesk::Hello { session, want }) = given.next(&edge.world).await else {
            return link.cut();
        };
        // First listen, then sign in: so nothing is missed in between.
        edge.replica.seats.borrow_mut().push(given.clone());
        let mut seat = Seat {
            agent: agent_id(index),
            index,
            link,
            token: Token { epoch: 0, number: 0 },
            began: 0,
            standing: Standing::Current,
            wanted: want,
            unsure: false,
            heard: edge.world.now(),
            edge,
        };
        if seat.join(session).await.is_ok() {
            let outcome = seat.welcome().await;
            seat.note(&outcome);
            seat.attend(&given).await;
        }
        seat.tell(ToDesk::Closed);
        seat.edge.replica.seats.borrow_mut().retain(|kept| !kept.is(&given));
    });
    inbox
}

struct Seat {
    edge: Edge,
    agent: AgentId,
    index: usize,
    link: Rc<Link>,
    token: Token,
    /// The version of the agent that the last welcome showed.
    began: u64,
    standing: Standing,
    wanted: Want,
    /// The floor did not answer: what is shown may be wrong.
    unsure: bool,
    heard: Millis,
}

impl Seat {
    async fn join(&mut self, session: Option<Token>) -> Result<(), Trouble> {
        if let Some(token) = session {
            self.token = token;
            match self.act(&Action::Beat).await {
                Err(trouble) if is_stale(&trouble) => {}
                outcome => return outcome,
            }
        }
        self.sign_in().await
    }

    async fn sign_in(&mut self) -> Result<(), Trouble> {
        let applied = self.edge.apply_planned(|plan_version| Command::SignIn {
            agent: self.agent.clone(),
            want: self.wanted,
            reason: String::new(),
            profile: profile(self.index, plan_version),
            seat: seat(self.index),
            plan_version,
            lease: AGENT_LEASE,
        });
        if let Reply::Joined { token } = applied.await?.reply {
            self.token = token;
        }
        Ok(())
    }

    async fn attend(&mut self, inbox: &Inbox<ToSeat>) {
        let world = Rc::clone(&self.edge.world);
        while self.standing != Standing::Over && self.link.is_open() {
            match inbox.next_within(&world, RETRY).await {
                None if self.unsure => self.refresh().await,
                None => {}
                Some(ToSeat::Closed) => return,
                Some(ToSeat::News(news)) => self.hear(news).await,
                Some(ToSeat::Desk(FromDesk::Hello { .. })) => {}
                Some(ToSeat::Desk(FromDesk::Act { number, action })) => {
                    self.heard = world.now();
                    let done = self.perform(&action).await.is_ok();
                    self.tell(ToDesk::Answer { number, done });
                }
            }
        }
        if self.standing == Standing::Over {
            self.tell(ToDesk::Replaced);
        }
    }

    /// Carries out an action; a session that ended without a successor is begun anew first.
    async fn perform(&mut self, action: &Action) -> Result<(), Trouble> {
        if self.standing == Standing::Lost {
            self.begin_anew().await?;
        }
        let outcome = match self.act(action).await {
            Err(trouble) if is_stale(&trouble) => {
                self.begin_anew().await?;
                self.act(action).await
            }
            outcome => outcome,
        };
        if let (Ok(()), Action::Want(want)) = (&outcome, action) {
            self.wanted = *want;
        }
        outcome
    }

    async fn act(&self, action: &Action) -> Result<(), Trouble> {
        let desk = Desk { agent: self.agent.clone(), session: self.token };
        let command = match action.clone() {
            Action::Beat => Command::RenewAgent { desk, lease: AGENT_LEASE },
            Action::Want(want) => Command::SetWant { desk, want, reason: String::new() },
            Action::Accept(offer) => Command::AcceptOffer { desk, offer },
            Action::Decline(offer) => Command::DeclineOffer { desk, offer },
            Action::Finish(contact) => {
                Command::FinishWrapUp { desk, contact, notes: String::new() }
            }
            Action::Extend(contact) => {
                let extension = Duration::from_secs(7);
                Command::ExtendWrapUp { desk, contact, extension }
            }
            Action::Join(contact) => Command::CompleteConsult { desk, contact },
            Action::StopConsult(contact) => Command::CancelConsult { desk, contact },
            Action::Consult(contact, consult, number) => {
                let found = self.edge.contact(&contact).await?;
                let channel = found.map_or(Channel::Voice, |contact| contact.channel);
                let applied = self.edge.apply_planned(|plan_version| Command::StartConsult {
                    desk: desk.clone(),
                    contact: contact.clone(),
                    consult: consult.clone(),
                    plan_version,
                    route: route(number, None, channel),
                });
                applied.await?;
                self.edge.world.judge.borrow_mut().figures.consults += 1;
                return Ok(());
            }
            Action::Transfer(contact, number) => {
                let found = self.edge.contact(&contact).await?;
                let channel = found.map_or(Channel::Voice, |contact| contact.channel);
                let applied = self.edge.apply_planned(|plan_version| Command::TransferContact {
                    desk: desk.clone(),
                    contact: contact.clone(),
                    plan_version,
                    route: self.edge.route(number, None, channel),
                });
                return applied.await.map(drop);
            }
        };
        self.edge.apply(command).await.map(drop)
    }

    fn is_alive(&self) -> bool {
        let lease = u64::try_from(AGENT_LEASE.as_millis()).unwrap_or(0);
        self.edge.world.now() - self.heard <= lease
    }

    fn tell(&self, message: ToDesk) {
        desk::deliver(&self.edge.world, self.index, &self.link, message);
    }
}

fn is_stale(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Refused(Rejection::StaleSession | Rejection::UnknownAgent))
}
