//! A contact begins, and moves through the menu.

use std::collections::BTreeMap;

use crate::ids::ContactId;

use super::command::{Reply, Report};
use super::event::EventKind;
use super::plan::ClassDefinition;
use super::rejection::Rejection;
use super::state::{Contact, ContactState};
use super::step::{Step, fields, with_details};
use super::{Due, MENU_LIMIT};

impl Step<'_> {
    pub(super) fn start_contact(
        &mut self,
        report: &Report,
        plan_version: u64,
        fallback: Option<&ClassDefinition>,
        details: &str,
    ) -> Result<Reply, Rejection> {
        self.check_gateway(&report.gateway, report.token)?;
        if let Some(contact) = self.floor.contacts.get(&report.contact) {
            let same = contact.gateway == report.gateway;
            return if same { Ok(Reply::Duplicate) } else { Err(Rejection::OtherGateway) };
        }
        if !self.gateway(&report.gateway).fresh {
            return Err(Rejection::GatewayNotFresh);
        }
        if let Some(class) = fallback {
            self.check_plan(plan_version, class)?;
            self.floor.plan.define_class(class);
        }
        self.create_contact(report, fallback, details);
        let id = &report.contact;
        let told = with_details(fields([("gateway", report.gateway.to_string())]), details);
        self.contact_changed(id, EventKind::ContactStarted, told);
        Ok(Reply::Done { version: 1 })
    }

    /// Makes a contact in the menu; the caller tells of it.
    pub(super) fn create_contact(
        &mut self,
        report: &Report,
        fallback: Option<&ClassDefinition>,
        details: &str,
    ) {
        let id = report.contact.clone();
        let contact = Contact {
            state: ContactState::InMenu,
            gateway: report.gateway.clone(),
            token: report.token,
            orphaned: false,
            call_sequence: report.call_sequence,
            started_at: self.now,
            fallback: fallback.map(|class| class.key.clone()),
            place: None,
            hops: 0,
            tried: BTreeMap::new(),
            menu: String::new(),
            details: details.to_owned(),
            deadline: None,
            version: 0,
        };
        self.floor.contacts.insert(id.clone(), contact);
        self.arm_contact(&id, Some(self.now + MENU_LIMIT));
        self.mark_leg(&id, report.token.number);
        self.mark_live(Due::Contact(id));
    }

    /// Checks that a class was computed from the plan in use.
    pub(super) fn check_plan(
        &self,
        plan_version: u64,
        class: &ClassDefinition,
    ) -> Result<(), Rejection> {
        let plan = &self.floor.plan;
        if plan.version != plan_version {
            return Err(Rejection::StalePlan { current: plan.version });
        }
        if plan.queues.contains_key(&class.queue) {
            return Ok(());
        }
        Err(Rejection::NotInPlan { name: class.queue.to_string() })
    }

    /// Checks a report against the contact; gives false when it was applied before.
    pub(super) fn admit(&mut self, report: &Report) -> Result<bool, Rejection> {
        self.check_gateway(&report.gateway, report.token)?;
        let contact = self.floor.contacts.get(&report.contact).ok_or(Rejection::UnknownContact)?;
        if contact.gateway != report.gateway {
            return Err(Rejection::OtherGateway);
        }
        if report.call_sequence <= contact.call_sequence {
            return Ok(false);
        }
        if contact.token != report.token && !contact.state.is_ended() {
            return Err(Rejection::GatewayNotFresh);
        }
        Ok(true)
    }

    /// Notes that a report is being applied.
    pub(super) fn admitted(&mut self, report: &Report) {
        self.contact(&report.contact).call_sequence = report.call_sequence;
    }

    pub(super) fn step_menu(
        &mut self,
        report: &Report,
        menu: &str,
        trail: &str,
    ) -> Result<Reply, Rejection> {
        if !self.admit(report)? {
            return Ok(Reply::Duplicate);
        }
        let id: &ContactId = &report.contact;
        if self.contact(id).state != ContactState::InMenu {
            let state = self.contact(id).state.name().to_owned();
            return Err(Rejection::WrongState { state });
        }
        self.admitted(report);
        menu.clone_into(&mut self.contact(id).menu);
        self.contact_changed(id, EventKind::MenuStepped, with_details(fields([]), trail));
        Ok(Reply::Done { version: self.contact(id).version })
    }
}
