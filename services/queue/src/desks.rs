//! What agents do on the floor, for streams and unary requests alike.

use std::sync::Arc;

use switchboard_api::convert::agent::{WantedPresence, session_id};
use switchboard_api::convert::time::duration;
use switchboard_api::{ApiError, agent::v1 as wire};
use switchboard_domain::center::Center;
use switchboard_domain::floor::command::{Command, Desk, Reply};
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::plan::Route;
use switchboard_domain::floor::planner::Wish;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::{Contact, Token};
use switchboard_domain::ids::ContactId;
use switchboard_domain::time::Timestamp;
use switchboard_routing::{Planned, RoutingError};
use switchboard_store::live_floor::{FloorError, LiveFloor};

use crate::QueueParts;
use crate::decode::{Hello, Move, Target};
use crate::desk::news::Newsroom;
use crate::refusal::{Refusal, routing_error};
use crate::view::{View, Who};

/// What agents do on the floor.
pub(crate) struct Desks {
    pub(crate) parts: Arc<QueueParts>,
    pub(crate) newsroom: Arc<Newsroom>,
}

impl Desks {
    pub(crate) fn new(parts: Arc<QueueParts>) -> Arc<Self> {
        let newsroom = Newsroom::new(Arc::clone(&parts.feeds), parts.tasks.clone());
        Arc::new(Self { parts, newsroom })
    }

    /// Gives the port, for reads.
    pub(crate) fn floor(&self) -> &dyn LiveFloor {
        &**self.parts.floors.floor()
    }

    /// Gives the tenant's center.
    pub(crate) async fn planned(&self, who: &Who) -> Result<Planned, ApiError> {
        self.parts.floors.planned(&who.tenant).await.map_err(routing_error)
    }

    /// Goes on with a session that is still the agent's newest, or signs in anew.
    ///
    /// A session that goes on keeps what the floor knows the agent to want.
    pub(crate) async fn join(&self, who: &Who, hello: &Hello) -> Result<Token, ApiError> {
        if let Some(session) = hello.session {
            match self.act(who, session, &Move::Renew).await {
                Ok(()) => return Ok(session),
                Err(Refusal::Stale) => {}
                Err(Refusal::Other(error)) => return Err(error),
            }
        }
        self.sign_in(who, &hello.wanted).await
    }

    /// Signs an agent's desktop in, in place of an older one.
    pub(crate) async fn sign_in(
        &self,
        who: &Who,
        wanted: &WantedPresence,
    ) -> Result<Token, ApiError> {
        let prepare = |planned: &Planned| {
            let (profile, seat) = planned.ability(&who.agent)?;
            Some(Command::SignIn {
                agent: who.agent.clone(),
                want: wanted.want,
                reason: wanted.reason.clone(),
                profile,
                seat,
                plan_version: planned.version(),
                lease: self.parts.agent_lease,
            })
        };
        let applied = self.parts.floors.apply_planned(&who.tenant, prepare).await;
        match applied.map_err(routing_error)?.map(|applied| applied.reply) {
            Some(Reply::Joined { token }) => Ok(token),
            Some(Reply::Done { .. } | Reply::Duplicate | Reply::More) => {
                let answer = "a sign-in without a session".to_owned();
                Err(FloorError::Corrupt { answer }.into())
            }
            None => Err(ApiError::not_found("agent", who.agent.as_str())),
        }
    }

    /// Carries out what a signed-in agent does.
    pub(crate) async fn act(
        &self,
        who: &Who,
        session: Token,
        action: &Move,
    ) -> Result<(), Refusal> {
        let desk = Desk { agent: who.agent.clone(), session };
        let command = match action.clone() {
            Move::Renew => Command::RenewAgent { desk, lease: self.parts.agent_lease },
            Move::Want(WantedPresence { want, reason }) => Command::SetWant { desk, want, reason },
            Move::Accept(offer) => Command::AcceptOffer { desk, offer },
            Move::Decline(offer) => Command::DeclineOffer { desk, offer },
            Move::Finish { contact, disposition, notes } => {
                self.check_disposition(who, &contact, &disposition).await?;
                let notes = wrap_up_notes(&disposition, &notes);
                Command::FinishWrapUp { desk, contact, notes }
            }
            Move::ExtendWrapUp { contact, extension } => {
                Command::ExtendWrapUp { desk, contact, extension }
            }
            Move::CompleteConsult(contact) => Command::CompleteConsult { desk, contact },
            Move::CancelConsult(contact) => Command::CancelConsult { desk, contact },
            Move::Transfer { contact, target } => {
                let hand_over = |plan_version, route| Command::TransferContact {
                    desk: desk.clone(),
                    contact: contact.clone(),
                    plan_version,
                    route,
                };
                return self.send(who, &contact, &target, hand_over).await;
            }
            Move::StartConsult { contact, consult, target } => {
                let ask = |plan_version, route| Command::StartConsult {
                    desk: desk.clone(),
                    contact: contact.clone(),
                    consult: consult.clone(),
                    plan_version,
                    route,
                };
                return self.send(who, &contact, &target, ask).await;
            }
        };
        self.parts.floors.apply(&who.tenant, command).await?;
        Ok(())
    }

    /// Sends a contact, or a question about it, to a queue or an agent.
    async fn send(
        &self,
        who: &Who,
        contact: &ContactId,
        target: &Target,
        command: impl Fn(u64, Route) -> Command + Send + Sync,
    ) -> Result<(), Refusal> {
        let known = self.floor().contact(&who.tenant, contact).await?;
        let known = known.ok_or_else(|| ApiError::from(Rejection::UnknownContact))?;
        let now = self.parts.floors.clock().now();
        let prepare = |planned: &Planned| {
            let route = way(planned, &known, target, now)?;
            Some(command(planned.version(), route))
        };
        let applied = self.parts.floors.apply_planned(&who.tenant, prepare).await?;
        applied.ok_or_else(|| match target {
            Target::Queue(queue) => ApiError::not_found("queue", queue.as_str()),
            Target::Agent(agent) => ApiError::not_found("agent", agent.as_str()),
        })?;
        Ok(())
    }

    /// Reads an agent and puts him on the wire.
    pub(crate) async fn state(&self, who: &Who) -> Result<wire::AgentState, ApiError> {
        let (view, planned) = (View::read(self.floor(), who).await?, self.planned(who).await?);
        Ok(view.agent_state(who, planned.center(), None))
    }

    /// Makes the start of a session for the wire.
    pub(crate) fn welcome(
        &self,
        who: &Who,
        session: Token,
        view: &View,
        center: &Center,
    ) -> wire::DeskWelcome {
        wire::DeskWelcome {
            epoch: session.epoch,
            agent: Some(view.agent_state(who, center, None)),
            lease: Some(duration(self.parts.agent_lease)),
            heartbeat: Some(duration(self.parts.heartbeat)),
            session_id: session_id(session),
        }
    }

    /// Says whether the center has changed what an agent can serve since he signed in: then he gets
    /// no offers until he signs in again.
    pub(crate) async fn has_outdated_profile(&self, who: &Who) -> Result<bool, ApiError> {
        let agent = self.floor().agent(&who.tenant, &who.agent).await?;
        let planned = self.planned(who).await?;
        let profile = planned.ability(&who.agent);
        Ok(agent.is_some_and(|agent| profile.is_some_and(|(it, _)| it.key != agent.profile)))
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        RoutingError::Floor(rejection.into()).into()
    }
}

/// Gives the way of a contact to a queue, where it waits like any other of its caller's language and
/// tier, or to an agent; nothing for one that the center does not have.
pub(crate) fn way(
    planned: &Planned,
    contact: &Contact,
    target: &Target,
    now: Timestamp,
) -> Option<Route> {
    let wish = Wish { channel: contact.channel, known: None, now };
    match target {
        Target::Queue(queue) => {
            let details = Details::decode(&contact.details);
            planned.route_known(queue, &details, wish).map(|(_, route)| route)
        }
        Target::Agent(agent) => {
            let own = contact.place.as_ref().map(|place| place.queue.clone());
            let any = || planned.center().agent(agent)?.queues.keys().next().cloned();
            planned.agent_route(&own.or_else(any)?, agent, contact.channel)
        }
    }
}

fn wrap_up_notes(disposition: &str, notes: &str) -> String {
    let mut details = Details::new();
    for (name, text) in [("disposition", disposition), ("notes", notes)] {
        if !text.is_empty() {
            details.set(name, text);
        }
    }
    details.encode()
}
