//! Callbacks: places kept for callers who are to be called back.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::channel::Channel;
use crate::ids::{ContactId, GatewayId, OfferId};

use super::command::{Agreed, Command, Reply, Report};
use super::plan::Route;
use super::rejection::Rejection;
use super::route_contact::rank_credit;
use super::state::{Callback, Contact, ContactState, EndReason, Place};
use super::step::Step;
use super::{Due, FOR_GOOD, caller_key};

impl Step<'_> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "called with this command only")]
    pub(super) fn request_callback(
        &mut self,
        id: &ContactId,
        callback: &ContactId,
        (plan_version, route): (u64, &Route),
        command: &Command,
    ) -> Result<Reply, Rejection> {
        let (opens_in, closes_in, by, agreed) = match command {
            Command::RequestCallback { opens_in, closes_in, by, agreed, .. } => {
                (*opens_in, *closes_in, by, agreed.as_ref())
            }
            _ => return Ok(Reply::Duplicate),
        };
        if self.floor.contacts.contains_key(callback) {
            return Ok(Reply::Duplicate);
        }
        self.check_plan(plan_version, Some(route))?;
        let attempts = self.floor.plan.queues.get(&route.queue).map_or(0, |r| r.callback_attempts);
        let caller = self.check_callback(id, attempts, agreed)?;
        let lifetime = self.floor.plan.queues[&route.queue].callback_lifetime;
        let latest = self.now + closes_in.unwrap_or(lifetime).min(lifetime);
        let opens_at = self.now + opens_in;
        let times = Callback { opens_at, closes_at: latest, attempts: 0, reached: false };
        let key = caller_key(&route.queue, &caller);
        if !matches!(self.contact(id).state, ContactState::Ended { .. } | ContactState::InMenu) {
            self.end_by(id, EndReason::CallbackBooked, &[("by", by.into())]);
        }
        if let Some(open) = self.floor.callbacks.get(&key).cloned() {
            return Ok(Reply::Done { version: self.contact(&open).version });
        }
        self.create_callback(id, callback, times);
        let (priority, rank_credit) = self.agree(callback, caller, agreed);
        let spot = self.spot(route);
        self.place(callback, spot, rank_credit, priority);
        self.wait_in_line(callback, &[("cause", "callback".into()), ("by", by.into())]);
        self.match_contact(callback);
        Ok(Reply::Done { version: self.contact(callback).version })
    }

    /// Makes a callback without a call before it: a call that is owed.
    pub(super) fn start_callback(
        &mut self,
        id: &ContactId,
        (plan_version, route): (u64, &Route),
        command: &Command,
    ) -> Result<Reply, Rejection> {
        let Command::StartCallback { gateway, opens_in, closes_in, by, agreed, spared, .. } =
            command
        else {
            return Ok(Reply::Duplicate);
        };
        if self.floor.contacts.contains_key(id) {
            return Ok(Reply::Duplicate);
        }
        self.check_plan(plan_version, Some(route))?;
        let rules = self.floor.plan.queues.get(&route.queue);
        let lifetime = rules.map(|rules| rules.callback_lifetime).unwrap_or_default();
        let key = caller_key(&route.queue, &agreed.caller);
        let why = if rules.is_none_or(|rules| rules.callback_attempts == 0) {
            "queue"
        } else if agreed.caller.is_empty() {
            "caller"
        } else if self.floor.callbacks.contains_key(&key) {
            "open"
        } else {
            ""
        };
        if !why.is_empty() {
            return Err(Rejection::NoCallback { why: why.to_owned() });
        }
        let opens_at = self.now + *opens_in;
        let closes_at = (opens_at + lifetime).min(self.now + *closes_in);
        let times = Callback { opens_at, closes_at, attempts: 0, reached: false };
        let mut contact = self.callback_by(gateway.clone(), times);
        let until = self.now + FOR_GOOD;
        contact.tried = spared.iter().map(|agent| (agent.clone(), until)).collect();
        self.floor.contacts.insert(id.clone(), contact);
        self.mark_live(Due::Contact(id.clone()));
        let caller = agreed.caller.as_str().into();
        let (priority, rank_credit) = self.agree(id, caller, Some(agreed));
        let spot = self.spot(route);
        self.place(id, spot, rank_credit, priority);
        self.wait_in_line(id, &[("cause", "owed".into()), ("by", by.into())]);
        self.match_contact(id);
        Ok(Reply::Done { version: self.contact(id).version })
    }

    /// Checks that a contact may have a callback, and gives who is to be called.
    fn check_callback(
        &self,
        id: &ContactId,
        attempts: u32,
        agreed: Option<&Agreed>,
    ) -> Result<SmolStr, Rejection> {
        let contact = self.floor.contacts.get(id).ok_or(Rejection::UnknownContact)?;
        let fits = match contact.state {
            ContactState::Queued | ContactState::Offered { .. } | ContactState::InMenu => {
                contact.callback.is_none()
            }
            ContactState::Ended { reason } => reason == EndReason::Overflow,
            ContactState::Connecting { .. } | ContactState::Connected { .. } => false,
        };
        if !fits {
            return Err(Rejection::WrongState { state: contact.state.name().to_owned() });
        }
        let caller = agreed.map_or(contact.caller.as_str(), |agreed| &agreed.caller);
        let why = if attempts == 0 {
            "queue"
        } else if caller.is_empty() {
            "caller"
        } else {
            return Ok(caller.into());
        };
        Err(Rejection::NoCallback { why: why.to_owned() })
    }

    /// Gives a callback what was agreed; returns its priority and by how much that moves it ahead.
    fn agree(&mut self, id: &ContactId, caller: SmolStr, agreed: Option<&Agreed>) -> (i32, i64) {
        let contact = self.contact(id);
        contact.caller = caller;
        let Some(agreed) = agreed else { return (0, 0) };
        contact.details = agreed.details.as_str().into();
        (agreed.priority, rank_credit(agreed.priority, agreed.credit))
    }

    /// Makes a contact without a leg that has the place of another.
    fn create_callback(&mut self, from: &ContactId, id: &ContactId, times: Callback) {
        let origin = self.contact(from).clone();
        let place = origin.place.map(|place| Place { rings: Vec::new(), ..place });
        let contact = Contact {
            place,
            caller: origin.caller,
            details: origin.details,
            ..self.callback_by(origin.gateway, times)
        };
        self.floor.contacts.insert(id.clone(), contact);
        self.mark_live(Due::Contact(id.clone()));
    }

    /// Gives a contact without a leg that a gateway is to dial.
    fn callback_by(&self, gateway: GatewayId, times: Callback) -> Contact {
        Contact {
            state: ContactState::Queued,
            channel: Channel::Callback,
            token: None,
            orphaned: false,
            call_sequence: 0,
            started_at: self.now,
            fallback: None,
            place: None,
            hops: 0,
            tried: BTreeMap::new(),
            callback: Some(times),
            parent: None,
            consult: None,
            menu: String::new(),
            deadline: None,
            version: 0,
            gateway,
            caller: SmolStr::default(),
            details: SmolStr::default(),
        }
    }

    pub(super) fn cancel_callback(&mut self, id: &ContactId, by: &str) -> Result<Reply, Rejection> {
        let contact = self.floor.contacts.get(id).ok_or(Rejection::UnknownContact)?;
        let state = ContactState::Ended { reason: EndReason::Cancelled };
        if contact.state == state {
            return Ok(Reply::Duplicate);
        }
        let waits = matches!(contact.state, ContactState::Queued | ContactState::Offered { .. });
        if contact.callback.is_none() || contact.token.is_some() || !waits {
            return Err(Rejection::WrongState { state: contact.state.name().to_owned() });
        }
        self.end_by(id, EndReason::Cancelled, &[("by", by.into())]);
        Ok(Reply::Done { version: self.contact(id).version })
    }

    pub(super) fn report_dial_failed(
        &mut self,
        report: &Report,
        offer: &OfferId,
        outcome: &str,
    ) -> Result<Reply, Rejection> {
        if !self.admit(report)? {
            return Ok(Reply::Duplicate);
        }
        let id = &report.contact;
        self.connecting_agent(id, offer)?;
        if self.contact(id).callback.is_none() {
            let state = self.contact(id).state.name().to_owned();
            return Err(Rejection::WrongState { state });
        }
        self.admitted(report);
        self.miss_caller(id, outcome, EndReason::Unreached);
        Ok(Reply::Done { version: self.contact(id).version })
    }
}
