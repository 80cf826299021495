//! Moves of an agent that several commands share: rest, release, detach.

use std::time::Duration;

use smol_str::ToSmolStr as _;

use crate::ids::{AgentId, ContactId};

use super::Due;
use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::plan::{MissCause, WrapUpMode};
use super::state::{Phase, Want};
use super::step::{Step, fields};

impl Step<'_> {
    /// Brings an agent to rest after something left him: to what he wants to be, or offline when his
    /// desktop is gone. With other work in his hands he goes on with that.
    ///
    /// He joins the end of the idle agents.
    pub(super) fn rest(&mut self, id: &AgentId) {
        self.rest_as_before(id, false);
    }

    /// Brings an agent to rest, keeping his place among the idle when `keep_idle` is set.
    pub(super) fn rest_as_before(&mut self, id: &AgentId, keep_idle: bool) {
        self.leave_ready(id);
        let now = self.now;
        let agent = self.agent(id);
        let idle = agent.is_idle();
        if idle && agent.detached {
            self.sign_out(id, "lost");
            return;
        }
        if idle && agent.want == Want::SignedOut {
            self.sign_out(id, "wanted");
            return;
        }
        self.rearm_agent(id, |_| {});
        let rested = self.agent(id);
        if rested.is_working() {
            rested.reason = String::new();
            if !keep_idle {
                rested.idle_since = now;
            }
            self.enter_ready(id);
            self.agent_changed(id, EventKind::AgentReady, fields([]));
        } else {
            let told = fields([("reason", rested.reason.as_str().into())]);
            self.agent_changed(id, EventKind::AgentNotReady, told);
        }
    }

    /// Takes an agent off the floor.
    pub(super) fn sign_out(&mut self, id: &AgentId, cause: &str) {
        self.leave_ready(id);
        self.rearm_agent(id, |agent| {
            agent.lease_until = None;
            agent.offer = None;
            agent.work.clear();
        });
        let agent = self.agent(id);
        agent.session = None;
        agent.detached = false;
        agent.want = Want::SignedOut;
        agent.reason = String::new();
        agent.wants_wrap_up = false;
        self.unmark_live(&Due::Agent(id.clone()));
        self.restaff(id);
        let told = fields([("cause", cause.into())]);
        self.agent_changed(id, EventKind::AgentSignedOut, told);
    }

    /// Frees an agent from a contact he talked to: to after-call work, or to rest if there is none.
    pub(super) fn release(&mut self, id: &AgentId, contact: &ContactId) {
        let rules = self.wrap_up_rules(contact);
        self.release_by(id, contact, rules);
    }

    /// Gives how after-call work is done in the queue of a contact.
    pub(super) fn wrap_up_rules(&self, contact: &ContactId) -> (WrapUpMode, Duration) {
        let rules = self.rules_of(contact);
        rules.map_or((WrapUpMode::None, Duration::ZERO), |r| (r.wrap_up_mode, r.wrap_up))
    }

    /// Frees an agent from a contact he talked to, by the given rules: the contact may have moved.
    pub(super) fn release_by(
        &mut self,
        id: &AgentId,
        contact: &ContactId,
        (mode, span): (WrapUpMode, Duration),
    ) {
        self.leave_ready(id);
        let now = self.now;
        let agent = self.agent(id);
        let Some(work) = agent.work.get_mut(contact) else { return };
        let talked = now.since(work.since).as_millis();
        agent.talk_time = agent.talk_time.saturating_add(u64::try_from(talked).unwrap_or(0));
        let asked = std::mem::take(&mut agent.wants_wrap_up);
        let until = (mode != WrapUpMode::UntilDone && !span.is_zero()).then(|| now + span);
        let wraps_up = match mode {
            WrapUpMode::None => false,
            WrapUpMode::Optional => asked,
            WrapUpMode::Timed | WrapUpMode::TimedFixed => until.is_some(),
            WrapUpMode::UntilDone => true,
        };
        if !wraps_up || (agent.detached && until.is_none()) {
            agent.work.remove(contact);
            self.rest(id);
            return;
        }
        let until = until.filter(|_| !is_planted(Mutant::EndlessWrapUp));
        work.phase = Phase::WrapUp { until, extension: 0, done: false };
        self.rearm_agent(id, |_| {});
        self.enter_ready(id);
        let until = until.map(|until| until.to_smolstr()).unwrap_or_default();
        let told = [("contact", contact.into()), ("until", until)];
        self.agent_changed(id, EventKind::AgentWrapUp, fields(told));
    }

    /// Takes a contact out of an agent's hands without after-call work.
    pub(super) fn unburden(&mut self, id: &AgentId, contact: &ContactId) {
        self.agent(id).work.remove(contact);
        self.rest(id);
    }

    /// Notes that the desktop of a bound agent is gone. After-call work without an end is dropped.
    pub(super) fn detach(&mut self, id: &AgentId) {
        self.leave_ready(id);
        self.rearm_agent(id, |agent| {
            agent.lease_until = None;
            agent.session = None;
            agent.detached = true;
        });
        self.restaff(id);
        self.agent_changed(id, EventKind::AgentDetached, fields([]));
    }

    /// Counts a missed offer; at the threshold of its cause the agent wants to be not ready.
    pub(super) fn count_miss(&mut self, id: &AgentId, cause: MissCause, threshold: u32) {
        let agent = self.agent(id);
        let misses = agent.misses.entry(cause).or_default();
        *misses += 1;
        if threshold > 0 && *misses >= threshold && !is_planted(Mutant::MissesDoNotCount) {
            self.want_not_ready(id, cause.as_str());
        }
    }

    /// Makes an agent want to be not ready, unless he wants to leave.
    pub(super) fn want_not_ready(&mut self, id: &AgentId, reason: &str) {
        self.leave_ready(id);
        let agent = self.agent(id);
        if agent.want == Want::Ready {
            agent.want = Want::NotReady;
            reason.clone_into(&mut agent.reason);
            self.restaff(id);
        }
    }
}
