//! A contact enters a queue: from the menu, by transfer, or because the menu took too long.

use std::time::Duration;

use smol_str::{SmolStr, ToSmolStr as _};

use crate::ids::ContactId;

use super::command::{Desk, Reply, Report};
use super::contact_moves::Spot;
use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::plan::{ClassKey, MissCause, Route};
use super::rejection::Rejection;
use super::state::{ContactState, Ring};
use super::step::{Step, fields};

/// How urgent a contact is.
#[derive(Clone, Copy)]
pub(super) struct Wish {
    pub(super) plan_version: u64,
    pub(super) priority: i32,
    pub(super) credit: Duration,
}

impl Wish {
    pub(super) fn rank_credit(self) -> i64 {
        rank_credit(self.priority, self.credit)
    }
}

/// Computes by how many milliseconds a priority moves a contact ahead.
pub(super) fn rank_credit(priority: i32, credit: Duration) -> i64 {
    let credit = i64::try_from(credit.as_millis()).unwrap_or(i64::MAX);
    i64::from(priority).saturating_mul(credit)
}

impl Step<'_> {
    pub(super) fn route_contact(
        &mut self,
        report: &Report,
        route: &Route,
        wish: Wish,
        details: &str,
    ) -> Result<Reply, Rejection> {
        if !self.admit(report)? {
            return Ok(Reply::Duplicate);
        }
        let id = &report.contact;
        self.check_in_menu(id)?;
        self.check_plan(wish.plan_version, Some(route))?;
        self.admitted(report);
        self.contact(id).details = details.into();
        let spot = self.spot(route);
        let resumed = self.resume_place(id, &spot.queue);
        self.place(id, spot, wish.rank_credit(), wish.priority);
        self.join_or_close(id, route, &[("cause", "routed".into()), ("resumed", resumed)]);
        Ok(Reply::Done { version: self.contact(id).version })
    }

    /// Turns a route into where the contact waits from now on; its classes become known.
    pub(super) fn spot(&mut self, route: &Route) -> Spot {
        let now = self.now;
        for step in &route.steps {
            self.floor.plan.define_class(&step.class);
        }
        let mut classes = route.steps.iter();
        let first = classes.next().map(|step| step.class.key.clone());
        let rings = classes.map(|step| Ring {
            at: now + step.after,
            when_empty: step.when_empty,
            class: step.class.key.clone(),
        });
        Spot {
            queue: route.queue.clone(),
            class: first.unwrap_or_else(|| ClassKey::new("")),
            rings: rings.collect(),
            closes_at: route.closes_in.map(|span| now + span),
        }
    }

    /// Says whether the plan has a class; personal classes are always there.
    pub(super) fn is_known(&self, class: &ClassKey) -> bool {
        self.floor.plan.classes.contains_key(class)
    }

    /// Lets a placed contact join its queue, or overflow when it may not.
    pub(super) fn join_queue(&mut self, id: &ContactId, cause: &str) {
        self.join_with(id, &[("cause", cause.into())]);
    }

    /// Lets a placed contact join its queue, unless that is closed; who is owed a call waits for it to open.
    pub(super) fn join_or_close(
        &mut self,
        id: &ContactId,
        route: &Route,
        why: &[(&'static str, SmolStr)],
    ) {
        if is_closed(route) && !self.floor.contacts[id].is_owed() {
            self.overflow(id, "closed");
        } else {
            self.join_with(id, why);
        }
    }

    /// Lets a placed contact join its queue, and tells more of it.
    pub(super) fn join_with(&mut self, id: &ContactId, why: &[(&'static str, SmolStr)]) {
        if let Some(cause) = self.refusal(id) {
            self.overflow(id, cause);
            return;
        }
        self.wait_in_line(id, why);
        self.match_contact(id);
    }

    /// Says why a placed contact may not join its queue; who is owed a call always may.
    fn refusal(&self, id: &ContactId) -> Option<&'static str> {
        let contact = &self.floor.contacts[id];
        let place = contact.place.as_ref().filter(|_| !contact.is_owed())?;
        let Some(rules) = self.floor.plan.queues.get(&place.queue) else { return Some("full") };
        if rules.draining {
            return Some("draining");
        }
        let waiting =
            self.floor.queued.get(&place.queue).map_or(0, std::collections::BTreeSet::len);
        let waiting = waiting - usize::from(waiting > 0 && is_planted(Mutant::QueueOverfull));
        if waiting >= usize::try_from(rules.max_waiting).unwrap_or(usize::MAX) {
            return Some("full");
        }
        (!rules.join_when_empty && self.is_empty(&place.class)).then_some("empty")
    }

    pub(super) fn wait_in_line(&mut self, id: &ContactId, why: &[(&'static str, SmolStr)]) {
        self.set_state(id, ContactState::Queued);
        self.arm_wait(id);
        self.enter_line(id);
        let contact = &self.floor.contacts[id];
        let place = contact.place.as_ref().expect("the contact was placed just now");
        let mut told = fields([
            ("queue", (&place.queue).into()),
            ("class", (&place.class).into()),
            ("priority", place.priority.to_smolstr()),
            ("rank", place.rank.to_smolstr()),
            ("details", contact.details.clone()),
        ]);
        told.extend(why.iter().cloned());
        self.contact_changed(id, EventKind::ContactQueued, told);
    }

    pub(super) fn transfer_contact(
        &mut self,
        desk: &Desk,
        id: &ContactId,
        plan_version: u64,
        route: &Route,
    ) -> Result<Reply, Rejection> {
        self.check_talk(desk, id)?;
        self.check_plan(plan_version, Some(route))?;
        if !self.is_vouched(id) {
            return Err(Rejection::GatewayNotFresh);
        }
        let agent = &desk.agent;
        self.drop_consult(id);
        let rules_before = self.wrap_up_rules(id);
        let spot = self.spot(route);
        self.place(id, spot, 0, 0);
        if !is_planted(Mutant::TransferRingsBack) {
            self.cool_down(id, agent, MissCause::NoAnswer);
        }
        if is_closed(route) {
            self.set_state(id, ContactState::Queued);
            self.overflow(id, "closed");
        } else {
            self.wait_in_line(id, &[("cause", "transferred".into()), ("by", agent.into())]);
            self.match_contact(id);
        }
        if !is_planted(Mutant::TransferKeepsAgent) {
            self.release_by(agent, id, rules_before);
        }
        self.match_agent(agent);
        Ok(Reply::Done { version: self.contact(id).version })
    }

    /// Checks that the agent at a desktop talks to a contact.
    pub(super) fn check_talk(&self, desk: &Desk, id: &ContactId) -> Result<(), Rejection> {
        self.check_desk(desk)?;
        let contact = self.floor.contacts.get(id).ok_or(Rejection::UnknownContact)?;
        let talks = contact.state == (ContactState::Connected { agent: desk.agent.clone() });
        if talks && !contact.orphaned {
            return Ok(());
        }
        Err(Rejection::WrongState { state: contact.state.name().to_owned() })
    }
}

fn is_closed(route: &Route) -> bool {
    route.closes_in.is_some_and(|span| span.is_zero())
}
