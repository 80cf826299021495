//! What a supervisor decides: who gets a contact, where it waits, how urgent it is, who is ready.

use smol_str::ToSmolStr as _;

use crate::ids::{AgentId, ContactId};

use super::command::Reply;
use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::offers::Choice;
use super::plan::Route;
use super::rejection::Rejection;
use super::route_contact::Wish;
use super::state::{Contact, ContactState, EndReason, OfferOutcome, Want};
use super::step::{Step, fields};

impl Step<'_> {
    pub(super) fn assign_contact(
        &mut self,
        id: &ContactId,
        agent: &AgentId,
        by: &str,
    ) -> Result<Reply, Rejection> {
        self.check_waits(id)?;
        let seat = self.floor.agents.get(agent).ok_or(Rejection::UnknownAgent)?;
        if !self.may_match() {
            return Err(Rejection::Recovering);
        }
        if !self.is_vouched(id) {
            return Err(Rejection::GatewayNotFresh);
        }
        let contact = &self.floor.contacts[id];
        if contact.state != ContactState::Queued || !self.is_due(contact) {
            return Err(Rejection::WrongState { state: contact.state.name().to_owned() });
        }
        let free = self.is_free_for(seat, contact.channel) || is_planted(Mutant::AssignsTheBusy);
        if self.asks_in(contact, agent) || !free {
            return Err(Rejection::AgentNotFree { state: seat.state().name().to_owned() });
        }
        let told = [("agent", agent.into()), ("by", by.into())];
        self.contact_changed(id, EventKind::ContactAssigned, fields(told));
        self.make_offers(id, std::slice::from_ref(agent), &Choice::of_supervisor());
        Ok(Reply::Done { version: self.contact(id).version })
    }

    /// Says whether a contact is a consultation an agent asked for: it is not for himself.
    fn asks_in(&self, contact: &Contact, agent: &AgentId) -> bool {
        let talk = contact.parent.as_ref().and_then(|parent| self.floor.contacts.get(parent));
        talk.is_some_and(|talk| talk.state.agent() == Some(agent))
    }

    pub(super) fn move_contact(
        &mut self,
        id: &ContactId,
        plan_version: u64,
        route: &Route,
        by: &str,
    ) -> Result<Reply, Rejection> {
        self.check_waits(id)?;
        self.check_plan(plan_version, Some(route))?;
        if is_planted(Mutant::MoveRingsOn) {
            self.leave_line(id);
            let spot = self.spot(route);
            self.place(id, spot, 0, 0);
            self.join_with(id, &[]);
            return Ok(Reply::Done { version: 0 });
        }
        if let Some(other) = self.owed_besides(id, &route.queue) {
            self.end_by(id, EndReason::Superseded, &[("by", (&other).into())]);
            return Ok(Reply::Done { version: self.contact(id).version });
        }
        let rung = self.close_offers(id, OfferOutcome::Withdrawn);
        self.leave_line(id);
        let spot = self.spot(route);
        self.place(id, spot, 0, 0);
        self.join_or_close(id, route, &[("cause", "moved".into()), ("by", by.into())]);
        for agent in &rung {
            self.rest_as_before(agent, true);
            self.match_agent(agent);
        }
        Ok(Reply::Done { version: self.contact(id).version })
    }

    /// Checks that a contact waits or rings, within reach of its gateway.
    fn check_waits(&self, id: &ContactId) -> Result<(), Rejection> {
        let contact = self.floor.contacts.get(id).ok_or(Rejection::UnknownContact)?;
        let waits = matches!(contact.state, ContactState::Queued | ContactState::Offered { .. });
        if !waits {
            return Err(Rejection::WrongState { state: contact.state.name().to_owned() });
        }
        if self.is_confirmed(id) { Ok(()) } else { Err(Rejection::GatewayNotFresh) }
    }

    pub(super) fn prioritise_contact(
        &mut self,
        id: &ContactId,
        wish: Wish,
        by: &str,
    ) -> Result<Reply, Rejection> {
        self.check_waits(id)?;
        let in_line = self.contact(id).state == ContactState::Queued;
        self.leave_line(id);
        let place = self.contact(id).place.as_mut().expect("a waiting contact has a place");
        place.priority = wish.priority;
        place.rank = place.enqueued_at.as_millis().saturating_sub(wish.rank_credit());
        let told = [
            ("priority", place.priority.to_smolstr()),
            ("rank", place.rank.to_smolstr()),
            ("by", by.into()),
        ];
        if in_line {
            self.enter_line(id);
        }
        self.contact_changed(id, EventKind::ContactPrioritised, fields(told));
        Ok(Reply::Done { version: self.contact(id).version })
    }

    pub(super) fn force_presence(
        &mut self,
        id: &AgentId,
        want: Want,
        reason: &str,
        by: &str,
    ) -> Result<Reply, Rejection> {
        let agent = self.floor.agents.get(id).ok_or(Rejection::UnknownAgent)?;
        if agent.session.is_none() {
            let state = agent.state().name().to_owned();
            return Err(Rejection::WrongState { state });
        }
        if agent.want == want && agent.reason == reason {
            return Ok(Reply::Duplicate);
        }
        let told = [("want", want.into()), ("reason", reason.into()), ("by", by.into())];
        self.agent_changed(id, EventKind::PresenceForced, fields(told));
        self.change_want(id, want, reason);
        Ok(Reply::Done { version: self.agent(id).version })
    }
}
