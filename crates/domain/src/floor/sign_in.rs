//! An agent's desktop signs in, renews its lease, and says what the agent wants.

use std::time::Duration;

use crate::ids::AgentId;

use super::Due;
use super::command::{Desk, Reply};
use super::event::EventKind;
use super::plan::ProfileKey;
use super::rejection::Rejection;
use super::state::{Agent, AgentState, Token, Want};
use super::step::{Step, fields};

/// What a desktop brings along.
pub(super) struct Wish<'a> {
    pub(super) want: Want,
    pub(super) reason: &'a str,
    pub(super) profile: &'a ProfileKey,
    pub(super) lease: Duration,
}

impl Step<'_> {
    /// Signs a desktop in. Only an agent who was offline, or whose desktop was lost, takes the
    /// wanted presence; any other keeps his state, and his older desktop is replaced.
    pub(super) fn sign_in(
        &mut self,
        id: &AgentId,
        plan_version: u64,
        wish: &Wish<'_>,
    ) -> Result<Reply, Rejection> {
        let current = self.floor.plan.version;
        if current != plan_version {
            return Err(Rejection::StalePlan { current });
        }
        let token = self.next_token();
        if !self.floor.agents.contains_key(id) {
            self.create_agent(id, wish.profile);
        }
        if self.agent(id).state == AgentState::Ready {
            self.leave_ready(id);
        }
        self.take_seat(id, token, wish);
        if self.agent(id).state == AgentState::Ready {
            self.enter_ready(id);
        }
        let agent = self.agent(id);
        let told = [("session", token.to_string()), ("reason", agent.reason.clone())];
        self.agent_changed(id, EventKind::AgentSignedIn, fields(told));
        self.match_agent(id);
        Ok(Reply::Joined { token })
    }

    /// Makes a record of an agent who is offline.
    pub(super) fn create_agent(&mut self, id: &AgentId, profile: &ProfileKey) {
        let agent = Agent {
            state: AgentState::Offline,
            session: None,
            want: Want::SignedOut,
            reason: String::new(),
            profile: profile.clone(),
            detached: false,
            idle_since: self.now,
            misses: 0,
            lease_until: None,
            wrap_up_until: None,
            version: 0,
        };
        self.floor.agents.insert(id.clone(), agent);
    }

    fn take_seat(&mut self, id: &AgentId, token: Token, wish: &Wish<'_>) {
        let now = self.now;
        let offline = self.agent(id).state == AgentState::Offline;
        self.rearm_agent(id, |agent| agent.lease_until = Some(now + wish.lease));
        let agent = self.agent(id);
        agent.session = Some(token);
        agent.profile = wish.profile.clone();
        if offline || agent.detached {
            agent.want = wish.want;
            wish.reason.clone_into(&mut agent.reason);
        }
        agent.detached = false;
        if offline {
            let ready = wish.want == Want::Ready;
            agent.state = if ready { AgentState::Ready } else { AgentState::NotReady };
            agent.idle_since = now;
            agent.misses = 0;
        }
        self.mark_live(Due::Agent(id.clone()));
    }

    /// Checks that a session is the agent's newest.
    pub(super) fn check_desk(&self, desk: &Desk) -> Result<(), Rejection> {
        let agent = self.floor.agents.get(&desk.agent).ok_or(Rejection::UnknownAgent)?;
        if agent.session == Some(desk.session) { Ok(()) } else { Err(Rejection::StaleSession) }
    }

    pub(super) fn renew_agent(&mut self, desk: &Desk, lease: Duration) -> Result<Reply, Rejection> {
        self.check_desk(desk)?;
        let until = self.now + lease;
        self.rearm_agent(&desk.agent, |agent| agent.lease_until = Some(until));
        Ok(Reply::Done { version: self.agent(&desk.agent).version })
    }

    pub(super) fn set_want(
        &mut self,
        desk: &Desk,
        want: Want,
        reason: &str,
    ) -> Result<Reply, Rejection> {
        self.check_desk(desk)?;
        let id = &desk.agent;
        let agent = self.agent(id);
        if agent.want == want && agent.reason == reason {
            return Ok(Reply::Duplicate);
        }
        agent.want = want;
        reason.clone_into(&mut agent.reason);
        match agent.state {
            AgentState::Ready => {
                self.leave_ready(id);
                self.rest_as_before(id, true);
            }
            AgentState::NotReady => {
                self.rest(id);
                self.agent(id).misses = 0;
                self.match_agent(id);
            }
            AgentState::Offered { .. } | AgentState::Busy { .. } | AgentState::WrapUp { .. } => {
                let told = [("want", want.to_string()), ("reason", reason.to_owned())];
                self.agent_changed(id, EventKind::AgentWanted, fields(told));
            }
            AgentState::Offline => {}
        }
        Ok(Reply::Done { version: self.agent(id).version })
    }
}
