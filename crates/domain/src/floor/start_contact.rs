//! A contact begins, and moves through the menu.

use std::collections::BTreeMap;

use crate::channel::Channel;
use crate::ids::ContactId;

use super::command::{Reply, Report};
use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::plan::Route;
use super::rejection::Rejection;
use super::state::{Contact, ContactState};
use super::step::{Step, fields, with_details};
use super::{Due, MENU_LIMIT};

/// Who comes, and how.
#[derive(Clone, Copy)]
pub(super) struct Arrival<'a> {
    pub(super) channel: Channel,
    pub(super) caller: &'a str,
    pub(super) details: &'a str,
}

impl Step<'_> {
    pub(super) fn start_contact(
        &mut self,
        report: &Report,
        plan_version: u64,
        fallback: Option<&Route>,
        arrival: Arrival<'_>,
    ) -> Result<Reply, Rejection> {
        self.check_gateway(&report.gateway, report.token)?;
        if let Some(contact) = self.floor.contacts.get(&report.contact) {
            let same = contact.gateway == report.gateway;
            return if same { Ok(Reply::Duplicate) } else { Err(Rejection::OtherGateway) };
        }
        if !self.gateway(&report.gateway).fresh {
            return Err(Rejection::GatewayNotFresh);
        }
        if fallback.is_some() {
            self.check_plan(plan_version, fallback)?;
        }
        self.create_contact(report, fallback, arrival);
        let id = &report.contact;
        let told = [("gateway", (&report.gateway).into()), ("channel", arrival.channel.into())];
        let details = self.contact(id).details.clone();
        self.contact_changed(id, EventKind::ContactStarted, with_details(fields(told), details));
        Ok(Reply::Done { version: 1 })
    }

    /// Makes a contact in the menu; the caller tells of it.
    pub(super) fn create_contact(
        &mut self,
        report: &Report,
        fallback: Option<&Route>,
        arrival: Arrival<'_>,
    ) {
        let id = report.contact.clone();
        let fallback = fallback.and_then(|route| {
            let class = &route.steps.first()?.class;
            self.floor.plan.define_class(class);
            Some((route.queue.clone(), class.key.clone()))
        });
        let contact = Contact {
            state: ContactState::InMenu,
            channel: arrival.channel,
            gateway: report.gateway.clone(),
            token: Some(report.token),
            orphaned: false,
            call_sequence: report.call_sequence,
            started_at: self.now,
            caller: arrival.caller.into(),
            fallback,
            place: None,
            hops: 0,
            tried: BTreeMap::new(),
            callback: None,
            parent: None,
            consult: None,
            menu: String::new(),
            details: arrival.details.into(),
            deadline: None,
            version: 0,
        };
        self.floor.contacts.insert(id.clone(), contact);
        self.arm_contact(&id, Some(self.now + MENU_LIMIT));
        self.mark_leg(&id, report.token.number);
        self.mark_live(Due::Contact(id));
    }

    /// Checks that a command was computed from the plan in use, and that its queue is in it.
    pub(super) fn check_plan(
        &self,
        plan_version: u64,
        route: Option<&Route>,
    ) -> Result<(), Rejection> {
        let plan = &self.floor.plan;
        if plan.version != plan_version {
            return Err(Rejection::StalePlan { current: plan.version });
        }
        match route {
            Some(route) if !plan.queues.contains_key(&route.queue) => {
                Err(Rejection::NotInPlan { name: route.queue.to_string() })
            }
            _ => Ok(()),
        }
    }

    /// Checks a report against the contact; gives false when it was applied before.
    pub(super) fn admit(&mut self, report: &Report) -> Result<bool, Rejection> {
        self.check_gateway(&report.gateway, report.token)?;
        let contact = self.floor.contacts.get(&report.contact).ok_or(Rejection::UnknownContact)?;
        if contact.gateway != report.gateway {
            return Err(Rejection::OtherGateway);
        }
        if report.call_sequence <= contact.call_sequence && !is_planted(Mutant::AppliedTwice) {
            return Ok(false);
        }
        if contact.token != Some(report.token) && !contact.state.is_ended() {
            return Err(Rejection::GatewayNotFresh);
        }
        Ok(true)
    }

    /// Notes that a report is being applied.
    pub(super) fn admitted(&mut self, report: &Report) {
        self.contact(&report.contact).call_sequence = report.call_sequence;
    }

    /// Checks that the caller listens to the menu.
    pub(super) fn check_in_menu(&mut self, id: &ContactId) -> Result<(), Rejection> {
        let state = &self.contact(id).state;
        if *state == ContactState::InMenu {
            return Ok(());
        }
        Err(Rejection::WrongState { state: state.name().to_owned() })
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
        self.check_in_menu(id)?;
        self.admitted(report);
        menu.clone_into(&mut self.contact(id).menu);
        self.arm_contact(id, Some(self.now + MENU_LIMIT));
        self.contact_changed(id, EventKind::MenuStepped, with_details(fields([]), trail));
        Ok(Reply::Done { version: self.contact(id).version })
    }
}
