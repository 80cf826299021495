//! An agent ends his after-call work, or puts its end off.

use std::time::Duration;

use smol_str::{SmolStr, ToSmolStr as _};

use crate::ids::{AgentId, ContactId};

use super::command::{Desk, Reply};
use super::event::EventKind;
use super::plan::WrapUpMode;
use super::rejection::Rejection;
use super::state::{Agent, EndReason, Phase};
use super::step::{Step, fields, with_details};

impl Step<'_> {
    pub(super) fn finish_wrap_up(
        &mut self,
        desk: &Desk,
        contact: &ContactId,
        notes: &str,
    ) -> Result<Reply, Rejection> {
        self.check_desk(desk)?;
        let agent = &desk.agent;
        let seat = &self.floor.agents[agent];
        let mut phase = seat.work.get(contact).map(|work| work.phase.clone());
        if phase == Some(Phase::Talking) && self.contact(contact).orphaned {
            self.lose_leg(contact, EndReason::GatewayLost);
            phase = self.agent(agent).work.get(contact).map(|work| work.phase.clone());
            if phase.is_none() {
                return Ok(Reply::Done { version: self.agent(agent).version });
            }
        }
        let Some(Phase::WrapUp { until, extension, done }) = phase else {
            return Err(wrong_state(self.agent(agent)));
        };
        if done {
            return Ok(Reply::Duplicate);
        }
        let rules = self.rules_of(contact);
        let fixed = rules.is_some_and(|rules| rules.wrap_up_mode == WrapUpMode::TimedFixed);
        if fixed && until.is_some() {
            let rest = Phase::WrapUp { until, extension, done: true };
            if let Some(work) = self.agent(agent).work.get_mut(contact) {
                work.phase = rest;
            }
            self.tell_wrapped_up(agent, contact, notes);
        } else {
            self.tell_wrapped_up(agent, contact, notes);
            self.unburden(agent, contact);
            self.match_agent(agent);
        }
        Ok(Reply::Done { version: self.agent(agent).version })
    }

    /// Tells what was noted; the move to rest is told apart.
    pub(super) fn tell_wrapped_up(&mut self, agent: &AgentId, contact: &ContactId, notes: &str) {
        let told = with_details(fields([("contact", contact.into())]), notes);
        self.agent_changed(agent, EventKind::WrapUpFinished, told);
    }

    /// Tells what counts as noted where nobody noted anything in time.
    fn tell_unnoted(&mut self, agent: &AgentId, contact: &ContactId) {
        let rules = self.rules_of(contact);
        let default = rules.map(|rules| rules.default_disposition.to_smolstr()).unwrap_or_default();
        let mut told = with_details(fields([("contact", contact.into())]), "");
        if !default.is_empty() {
            told.set("default_disposition", default);
        }
        self.agent_changed(agent, EventKind::WrapUpFinished, told);
    }

    /// Ends after-call work whose time is over.
    pub(super) fn fire_wrap_up(&mut self, id: &AgentId) {
        let now = self.now;
        let over = self.agent(id).work.iter().find_map(|(contact, work)| match work.phase {
            Phase::WrapUp { until: Some(until), done, .. } if until <= now => {
                Some((contact.clone(), done))
            }
            Phase::WrapUp { .. } | Phase::Talking => None,
        });
        let Some((contact, done)) = over else { return };
        if !done {
            self.tell_unnoted(id, &contact);
        }
        self.unburden(id, &contact);
        self.match_agent(id);
    }

    pub(super) fn extend_wrap_up(
        &mut self,
        desk: &Desk,
        contact: &ContactId,
        extension: Duration,
    ) -> Result<Reply, Rejection> {
        self.check_desk(desk)?;
        let longest = self.rules_of(contact).map(|rules| rules.wrap_up_extension);
        let limit = u64::try_from(longest.unwrap_or_default().as_millis()).unwrap_or(u64::MAX);
        let wanted = u64::try_from(extension.as_millis()).unwrap_or(u64::MAX);
        let id = &desk.agent;
        let seat = self.agent(id);
        let Some(work) = seat.work.get_mut(contact) else { return Err(wrong_state(seat)) };
        let mut ends = SmolStr::default();
        match &mut work.phase {
            Phase::Talking if seat.wants_wrap_up => return Ok(Reply::Duplicate),
            Phase::Talking => seat.wants_wrap_up = true,
            Phase::WrapUp { extension: before, .. } if wanted <= *before => {
                return Ok(Reply::Duplicate);
            }
            Phase::WrapUp { until: None, .. } => return Ok(Reply::Duplicate),
            Phase::WrapUp { .. } if wanted > limit => {
                return Err(Rejection::ExtensionTooLong { limit });
            }
            Phase::WrapUp { until: Some(until), extension: before, .. } => {
                let later = *until + Duration::from_millis(wanted - *before);
                (*until, *before) = (later, wanted);
                ends = later.to_smolstr();
                self.rearm_agent(id, |_| {});
            }
        }
        let told = [("contact", contact.into()), ("until", ends)];
        self.agent_changed(id, EventKind::WrapUpExtended, fields(told));
        Ok(Reply::Done { version: self.agent(id).version })
    }
}

fn wrong_state(agent: &Agent) -> Rejection {
    Rejection::WrongState { state: agent.state().name().to_owned() }
}
