//! An agent's desktop signs in, renews its lease, and says what the agent wants.

use std::collections::BTreeMap;
use std::time::Duration;

use smol_str::ToSmolStr as _;

use crate::ids::AgentId;

use super::Due;
use super::command::{Desk, Reply};
use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::plan::{ProfileDefinition, ProfileKey};
use super::rejection::Rejection;
use super::state::{Agent, AgentState, Seat, Token, Want};
use super::step::{Step, fields};

/// What a desktop brings along.
pub(super) struct Wish<'a> {
    pub(super) want: Want,
    pub(super) reason: &'a str,
    pub(super) profile: &'a ProfileDefinition,
    pub(super) seat: Seat,
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
        self.check_plan(plan_version, None)?;
        self.floor.plan.define_profile(wish.profile);
        let token = self.next_token();
        if !self.floor.agents.contains_key(id) {
            self.create_agent(id, &wish.profile.key);
        }
        self.take_seat(id, token, wish);
        let agent = self.agent(id);
        let told = [("session", token.to_smolstr()), ("reason", agent.reason.as_str().into())];
        self.agent_changed(id, EventKind::AgentSignedIn, fields(told));
        self.match_agent(id);
        Ok(Reply::Joined { token })
    }

    /// Makes a record of an agent who is offline.
    pub(super) fn create_agent(&mut self, id: &AgentId, profile: &ProfileKey) {
        let agent = Agent {
            session: None,
            want: Want::SignedOut,
            reason: String::new(),
            profile: profile.clone(),
            seat: Seat::default(),
            detached: false,
            offer: None,
            work: BTreeMap::new(),
            wants_wrap_up: false,
            idle_since: self.now,
            last_offered: 0,
            handled: 0,
            talk_time: 0,
            draw: 0,
            misses: BTreeMap::new(),
            lease_until: None,
            version: 0,
        };
        self.floor.agents.insert(id.clone(), agent);
    }

    fn take_seat(&mut self, id: &AgentId, token: Token, wish: &Wish<'_>) {
        let now = self.now;
        let offline = self.agent(id).state() == AgentState::Offline;
        if is_planted(Mutant::HelloResets) {
            self.agent(id).work.clear();
            self.agent(id).offer = None;
        }
        self.leave_ready(id);
        self.change_profile(id, &wish.profile.key);
        self.rearm_agent(id, |agent| agent.lease_until = Some(now + wish.lease));
        let agent = self.agent(id);
        agent.session = Some(token);
        agent.seat = wish.seat;
        if offline || agent.detached {
            agent.want = wish.want;
            wish.reason.clone_into(&mut agent.reason);
        }
        agent.detached = false;
        if offline {
            agent.idle_since = now;
            agent.misses.clear();
            agent.handled = 0;
            agent.talk_time = 0;
        }
        self.mark_live(Due::Agent(id.clone()));
        self.restaff(id);
        self.enter_ready(id);
    }

    /// Gives an agent another profile; the caller has taken him off the lists of the old one.
    fn change_profile(&mut self, id: &AgentId, profile: &ProfileKey) {
        let before = self.agent(id).profile.clone();
        if before == *profile {
            return;
        }
        if let Some(staff) = self.floor.staff.get_mut(&before) {
            staff.remove(id);
            if staff.is_empty() {
                self.floor.staff.remove(&before);
                self.note_unserved(&before);
            }
        }
        self.agent(id).profile = profile.clone();
    }

    pub(super) fn assign_profiles(
        &mut self,
        plan_version: u64,
        profiles: &[(AgentId, ProfileDefinition, Seat)],
    ) -> Result<Reply, Rejection> {
        self.check_plan(plan_version, None)?;
        for (id, profile, seat) in profiles {
            let known = self.floor.agents.get(id);
            let same = known.is_none_or(|agent| {
                agent.session.is_none() || (agent.profile == profile.key && agent.seat == *seat)
            });
            if same {
                continue;
            }
            self.floor.plan.define_profile(profile);
            self.leave_ready(id);
            self.change_profile(id, &profile.key);
            self.agent(id).seat = *seat;
            self.restaff(id);
            self.enter_ready(id);
            let told = [("profile", (&profile.key).into())];
            self.agent_changed(id, EventKind::AgentProfiled, fields(told));
            self.match_agent(id);
        }
        Ok(Reply::Done { version: self.floor.version })
    }

    /// Checks that a session is the agent's newest.
    pub(super) fn check_desk(&self, desk: &Desk) -> Result<(), Rejection> {
        let agent = self.floor.agents.get(&desk.agent).ok_or(Rejection::UnknownAgent)?;
        if agent.session == Some(desk.session) || is_planted(Mutant::AcceptFromAnyDesk) {
            Ok(())
        } else {
            Err(Rejection::StaleSession)
        }
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
        self.change_want(id, want, reason);
        Ok(Reply::Done { version: self.agent(id).version })
    }

    /// Lets an agent want something else: at once at rest, later while a contact is in his hands.
    ///
    /// An offer that rings him is taken back when he does not want contacts any more.
    pub(super) fn change_want(&mut self, id: &AgentId, want: Want, reason: &str) {
        self.leave_ready(id);
        let agent = self.agent(id);
        let was_working = agent.is_working();
        agent.want = want;
        reason.clone_into(&mut agent.reason);
        self.restaff(id);
        let rung = self.agent(id).offer.is_some() && !is_planted(Mutant::BreakRingsOn);
        if want != Want::Ready && rung {
            self.withdraw_offer(id);
            return;
        }
        if self.agent(id).is_idle() {
            if !was_working {
                self.agent(id).misses.clear();
            }
            self.rest_as_before(id, was_working);
            if !was_working {
                self.match_agent(id);
            }
            return;
        }
        let told = [("want", want.into()), ("reason", reason.into())];
        self.enter_ready(id);
        self.agent_changed(id, EventKind::AgentWanted, fields(told));
        self.match_agent(id);
    }
}
