//! A contact enters a queue: from the menu, by transfer, or because the menu took too long.

use std::time::Duration;

use crate::ids::ContactId;

use super::command::{Desk, Reply, Report};
use super::event::EventKind;
use super::plan::ClassDefinition;
use super::rejection::Rejection;
use super::state::ContactState;
use super::step::{Step, fields, with_details};

/// How urgent a contact is.
#[derive(Clone, Copy)]
pub(super) struct Wish {
    pub(super) plan_version: u64,
    pub(super) priority: i32,
    pub(super) credit: Duration,
}

impl Wish {
    fn rank_credit(self) -> i64 {
        let credit = i64::try_from(self.credit.as_millis()).unwrap_or(i64::MAX);
        i64::from(self.priority).saturating_mul(credit)
    }
}

impl Step<'_> {
    pub(super) fn route_contact(
        &mut self,
        report: &Report,
        class: &ClassDefinition,
        wish: Wish,
        details: &str,
    ) -> Result<Reply, Rejection> {
        if !self.admit(report)? {
            return Ok(Reply::Duplicate);
        }
        let id = &report.contact;
        if self.contact(id).state != ContactState::InMenu {
            let state = self.contact(id).state.name().to_owned();
            return Err(Rejection::WrongState { state });
        }
        self.check_plan(wish.plan_version, class)?;
        self.admitted(report);
        details.clone_into(&mut self.contact(id).details);
        self.floor.plan.define_class(class);
        self.place(id, &class.key, wish.rank_credit(), wish.priority);
        self.join_queue(id, "routed");
        Ok(Reply::Done { version: self.contact(id).version })
    }

    /// Lets a placed contact join its queue, or overflow when the queue is full.
    pub(super) fn join_queue(&mut self, id: &ContactId, cause: &str) {
        let place = self.contact(id).place.clone().expect("the contact was placed just now");
        let limit = self.rules_of(id).map_or(0, |rules| rules.max_waiting);
        let waiting =
            self.floor.queued.get(&place.queue).map_or(0, std::collections::BTreeSet::len);
        if waiting >= usize::try_from(limit).unwrap_or(usize::MAX) {
            self.overflow(id);
            return;
        }
        self.wait_in_line(id, cause);
        self.match_contact(id);
    }

    fn wait_in_line(&mut self, id: &ContactId, cause: &str) {
        self.contact(id).state = ContactState::Queued;
        let deadline = self.wait_deadline(id);
        self.arm_contact(id, Some(deadline));
        self.enter_line(id);
        let contact = self.contact(id);
        let place = contact.place.clone().expect("the contact was placed just now");
        let details = contact.details.clone();
        let told = fields([
            ("queue", place.queue.to_string()),
            ("class", place.class.to_string()),
            ("priority", place.priority.to_string()),
            ("rank", place.rank.to_string()),
            ("cause", cause.to_owned()),
        ]);
        self.contact_changed(id, EventKind::ContactQueued, with_details(told, &details));
    }

    pub(super) fn transfer_contact(
        &mut self,
        desk: &Desk,
        id: &ContactId,
        plan_version: u64,
        class: &ClassDefinition,
    ) -> Result<Reply, Rejection> {
        self.check_desk(desk)?;
        let contact = self.floor.contacts.get(id).ok_or(Rejection::UnknownContact)?;
        let agent = desk.agent.clone();
        if contact.state != (ContactState::Connected { agent: agent.clone() }) || contact.orphaned {
            return Err(Rejection::WrongState { state: contact.state.name().to_owned() });
        }
        self.check_plan(plan_version, class)?;
        if !self.is_vouched(id) {
            return Err(Rejection::GatewayNotFresh);
        }
        self.floor.plan.define_class(class);
        self.place(id, &class.key, 0, 0);
        self.cool_down(id, &agent);
        self.wait_in_line(id, "transferred");
        self.release(&agent, id);
        self.match_contact(id);
        self.match_agent(&agent);
        Ok(Reply::Done { version: self.contact(id).version })
    }
}
