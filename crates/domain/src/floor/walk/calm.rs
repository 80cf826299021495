//! The steps of a calm walk: what people and gateways mostly do, so that it gets far.

use std::time::Duration;

use crate::floor::Floor;
use crate::floor::command::{Command, Desk, Report};
use crate::floor::details::Details;
use crate::floor::plan::MissCause;
use crate::floor::state::{Contact, ContactState, EndReason, Phase, Want};
use crate::ids::{AgentId, ContactId, OfferId};
use crate::time::Timestamp;

use super::{AGENTS, LEASE, Walk, agent, plans};

/// How many contacts a calm walk keeps going.
const CONTACTS: usize = 9;

impl Walk {
    /// Gives what is likely to be done next; nothing if nothing is.
    pub(super) fn likely(&mut self, floor: &Floor) -> Option<Command> {
        if let Some(command) = self.keep_alive(floor) {
            return Some(command);
        }
        match self.dice.below(20) {
            0..4 => Some(Command::FireDeadlines),
            4..6 => self.likely_arrival(floor),
            6..10 => self.likely_desk(floor),
            _ => self.likely_move(floor),
        }
    }

    /// Renews what would end soon, and ends inventories.
    fn keep_alive(&mut self, floor: &Floor) -> Option<Command> {
        let is_near =
            |at: Timestamp, span: i64| at.as_millis() < floor.now.as_millis().saturating_add(span);
        for (id, gateway) in &floor.gateways {
            let Some(token) = gateway.token else { continue };
            if !gateway.fresh {
                return Some(Command::FinishInventory { gateway: id.clone(), token });
            }
            if gateway.deadline.is_some_and(|at| is_near(at, 4_000)) && !self.dice.one_in(8) {
                return Some(Command::RenewGateway { gateway: id.clone(), token, lease: LEASE });
            }
        }
        for (id, agent) in &floor.agents {
            let Some(session) = agent.session else { continue };
            if agent.lease_until.is_some_and(|at| is_near(at, 3_000)) && !self.dice.one_in(3) {
                let desk = Desk { agent: id.clone(), session };
                return Some(Command::RenewAgent { desk, lease: LEASE });
            }
        }
        None
    }

    /// Brings a contact, or an agent who is away.
    fn likely_arrival(&mut self, floor: &Floor) -> Option<Command> {
        let away = (0..AGENTS).find(|number| {
            floor.agents.get(&agent(*number)).is_none_or(|agent| agent.session.is_none())
        });
        if away.is_some() && !self.dice.one_in(3) {
            return Some(self.sign_in(floor));
        }
        let live = floor.contacts.values().filter(|contact| !contact.state.is_ended()).count();
        (live < CONTACTS).then(|| self.start(floor))
    }

    /// Lets an agent end or extend after-call work, come back, or be told what to be.
    fn likely_desk(&mut self, floor: &Floor) -> Option<Command> {
        let seats: Vec<(AgentId, Desk)> = floor
            .agents
            .iter()
            .filter_map(|(id, agent)| {
                let desk = Desk { agent: id.clone(), session: agent.session? };
                Some((id.clone(), desk))
            })
            .collect();
        let (id, desk) = self.dice.pick(&seats)?;
        let seat = floor.agents.get(&id)?;
        let working = seat.work.iter().find(|(_, work)| work.phase != Phase::Talking);
        if let Some((contact, _)) = working {
            return Some(self.wrap_up(desk, contact.clone()));
        }
        if self.dice.one_in(5) {
            let want = self.dice.pick(Want::ALL)?;
            let reason = if self.dice.one_in(2) { String::new() } else { "training".to_owned() };
            return Some(Command::ForcePresence {
                agent: id,
                want,
                reason,
                by: "chief".to_owned(),
            });
        }
        (seat.want != Want::Ready).then(|| Command::SetWant {
            desk,
            want: Want::Ready,
            reason: String::new(),
        })
    }

    fn wrap_up(&mut self, desk: Desk, contact: ContactId) -> Command {
        if self.dice.one_in(2) {
            let notes = Details::new().with("disposition", "sold").encode();
            return Command::FinishWrapUp { desk, contact, notes };
        }
        let steps = u64::try_from(self.dice.below(9)).unwrap_or(0);
        Command::ExtendWrapUp { desk, contact, extension: Duration::from_millis(500 * steps) }
    }

    /// Moves one contact on.
    fn likely_move(&mut self, floor: &Floor) -> Option<Command> {
        let is_open = |contact: &Contact| {
            let overflowed = ContactState::Ended { reason: EndReason::Overflow };
            !contact.state.is_ended() || contact.state == overflowed
        };
        let open: Vec<ContactId> =
            floor.contacts.iter().filter(|(_, it)| is_open(it)).map(|(id, _)| id.clone()).collect();
        let id = self.dice.pick(&open)?;
        let contact = floor.contacts.get(&id)?;
        match &contact.state {
            ContactState::InMenu => {
                let report = self.report(floor, id);
                Some(self.menu_command(floor, report))
            }
            ContactState::Queued => Some(self.move_waiting(floor, id)),
            ContactState::Offered { offers } => self.answer_one(floor, &id, offers),
            ContactState::Connecting { offer, .. } => {
                Some(self.connect(floor, id, offer.clone(), contact.callback.is_some()))
            }
            ContactState::Connected { agent } => self.talk(floor, id, agent),
            ContactState::Ended { .. } => {
                self.dice.one_in(6).then(|| self.request_callback(floor, id))
            }
        }
    }

    fn move_waiting(&mut self, floor: &Floor, contact: ContactId) -> Command {
        let by = "chief".to_owned();
        match self.dice.below(12) {
            0 => {
                let priority = i32::try_from(self.dice.below(5)).unwrap_or(0) - 2;
                Command::PrioritiseContact { contact, priority, credit: Duration::from_secs(2), by }
            }
            1 => {
                let route = plans::route(&mut self.dice, super::channel_of(floor, &contact));
                let plan_version = self.plan_version(floor);
                Command::MoveContact { contact, plan_version, route, by }
            }
            2 | 3 => {
                let agent = agent(self.dice.below(AGENTS));
                Command::AssignContact { contact, agent, by }
            }
            4 | 5 => self.request_callback(floor, contact),
            6 => Command::CancelCallback { contact, by },
            7 => Command::HangUp { report: self.report(floor, contact), served: false },
            _ => Command::FireDeadlines,
        }
    }

    fn answer_one(
        &mut self,
        floor: &Floor,
        id: &ContactId,
        offers: &[(OfferId, AgentId)],
    ) -> Option<Command> {
        if self.dice.one_in(10) {
            return Some(self.move_waiting(floor, id.clone()));
        }
        let (offer, agent) = self.dice.pick(offers)?;
        let session = floor.agents.get(&agent)?.session?;
        let desk = Desk { agent, session };
        if self.dice.one_in(6) {
            return Some(Command::DeclineOffer { desk, offer });
        }
        Some(Command::AcceptOffer { desk, offer })
    }

    fn connect(
        &mut self,
        floor: &Floor,
        id: ContactId,
        offer: OfferId,
        is_callback: bool,
    ) -> Command {
        let report = self.report(floor, id);
        match self.dice.below(if is_callback { 16 } else { 10 }) {
            0 => {
                let cause = self.dice.pick(MissCause::ALL).unwrap_or(MissCause::Busy);
                Command::ReportBridgeFailed { report, offer, cause }
            }
            1 => Command::HangUp { report, served: false },
            10.. => Command::ReportDialFailed { report, offer, outcome: "busy".to_owned() },
            _ => Command::ReportBridged { report, offer },
        }
    }

    fn talk(&mut self, floor: &Floor, contact: ContactId, agent: &AgentId) -> Option<Command> {
        if self.dice.one_in(4) {
            let report: Report = self.report(floor, contact);
            return Some(if self.dice.one_in(2) {
                Command::ReportAgentGone { report }
            } else {
                Command::HangUp { report, served: false }
            });
        }
        let session = floor.agents.get(agent)?.session?;
        let desk = Desk { agent: agent.clone(), session };
        let consult = floor.contacts.get(&contact)?.consult.as_ref();
        let is_answered = consult.and_then(|id| floor.contacts.get(id));
        let is_answered =
            is_answered.is_some_and(|it| matches!(it.state, ContactState::Connected { .. }));
        if is_answered && !self.dice.one_in(5) {
            return Some(Command::CompleteConsult { desk, contact });
        }
        Some(match self.dice.below(10) {
            0 => {
                let route = plans::route(&mut self.dice, super::channel_of(floor, &contact));
                let plan_version = self.plan_version(floor);
                Command::TransferContact { desk, contact, plan_version, route }
            }
            1 => Command::ExtendWrapUp { desk, contact, extension: Duration::from_secs(1) },
            2..7 => self.desk_request(floor, desk, contact),
            _ => Command::FireDeadlines,
        })
    }
}
