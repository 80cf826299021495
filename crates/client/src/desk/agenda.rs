//! What an agent sees, and what the agent is about to do about it. Neither waits nor sends.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use switchboard_api::agent::v1::{
    self as wire, AgentState, DeskAcceptOffer, DeskDeclineOffer, DeskFinishWrapUp, DeskHello,
    DeskRequest, DeskTransfer, DeskUpdate, DeskWelcome, Offer, Presence, PresenceKind, WorkState,
    desk_request::Action, desk_update::Update,
};

use super::{Answer, DeskEvent, DeskView, Manner};

/// The desk of one agent.
pub(super) struct Agenda {
    pub(super) manner: Arc<dyn Manner>,
    pub(super) wanted: Presence,
    pub(super) events: mpsc::UnboundedSender<DeskEvent>,
    pub(super) view: watch::Sender<DeskView>,
    session: String,
    /// The highest version shown, within the epoch.
    version: u64,
    last_sequence: u64,
    /// Requests that are not answered yet.
    asked: BTreeMap<u64, &'static str>,
    offer: Option<String>,
    talking_to: Option<String>,
    filing: Option<String>,
    plans: Vec<(Instant, Action)>,
}

impl Agenda {
    pub(super) fn new(
        manner: Arc<dyn Manner>,
        wanted: Presence,
        events: mpsc::UnboundedSender<DeskEvent>,
        view: watch::Sender<DeskView>,
    ) -> Self {
        Self {
            manner,
            wanted,
            events,
            view,
            session: String::new(),
            version: 0,
            last_sequence: 0,
            asked: BTreeMap::new(),
            offer: None,
            talking_to: None,
            filing: None,
            plans: Vec::new(),
        }
    }

    /// Starts a stream: says who is here, and what the desk still shows.
    pub(super) fn hello(&mut self) -> DeskRequest {
        self.last_sequence = 0;
        self.asked.clear();
        let hello = DeskHello {
            session_id: self.session.clone(),
            wanted: Some(self.wanted.clone()),
            believed_offer_id: self.offer.clone(),
            believed_contact_id: self.talking_to.clone(),
        };
        self.request(Action::Hello(hello))
    }

    /// Forgets the session, so that the next hello signs in anew.
    pub(super) fn forget_session(&mut self) {
        self.session.clear();
    }

    /// Puts an action on the wire.
    pub(super) fn request(&mut self, action: Action) -> DeskRequest {
        self.last_sequence += 1;
        self.asked.insert(self.last_sequence, name_of(&action));
        DeskRequest { sequence: self.last_sequence, action: Some(action) }
    }

    /// Says when the agent acts next.
    pub(super) fn due(&self) -> Option<Instant> {
        self.plans.iter().map(|(at, _)| *at).min()
    }

    /// Does what the agent planned to do by now.
    pub(super) fn tick(&mut self, now: Instant) -> Vec<DeskRequest> {
        let (due, later) =
            std::mem::take(&mut self.plans).into_iter().partition(|(at, _)| *at <= now);
        self.plans = later;
        due.into_iter().map(|(_, action): (_, Action)| self.request(action)).collect()
    }

    /// Takes an update in, and plans what to do about it.
    pub(super) fn hear(&mut self, update: DeskUpdate, now: Instant) {
        match update.update {
            Some(Update::Welcome(welcome)) => self.welcomed(welcome, now),
            Some(Update::Agent(agent)) => self.see(agent, now),
            Some(Update::OfferMade(made)) => {
                if let Some(offer) = made.offer {
                    self.ring(offer, now);
                }
            }
            Some(Update::OfferClosed(closed)) => self.stop_ringing(closed),
            Some(Update::Connected(connected)) => self.talk(connected.contact_id, now),
            Some(Update::ContactEnded(ended)) => {
                self.talking_to = None;
                self.drop_plans(|action| matches!(action, Action::Transfer(_)));
                let (contact, reason) = (ended.contact_id, ended.reason);
                self.tell(DeskEvent::ContactEnded { contact, reason });
            }
            Some(Update::WrapUpStarted(started)) => self.file(started.contact_id, now),
            Some(Update::Reply(reply)) => self.answered(reply),
            Some(Update::PresenceForced(forced)) => self.obey(forced),
            Some(Update::ConsultStarted(started)) => {
                let (contact, consult) = (started.contact_id, started.consult_id);
                self.tell(DeskEvent::ConsultStarted { contact, consult });
            }
            Some(Update::ConsultEnded(ended)) => {
                let (contact, outcome) = (ended.contact_id, ended.outcome);
                self.tell(DeskEvent::ConsultEnded { contact, outcome });
            }
            Some(Update::Replaced(_)) => self.tell(DeskEvent::Replaced),
            Some(Update::StillHere(_) | Update::Reconnect(_)) | None => {}
        }
    }

    /// A supervisor's word holds until the agent says something else.
    fn obey(&mut self, forced: wire::PresenceForced) {
        if let Some(wanted) = forced.wanted {
            self.wanted = wanted;
        }
        let kind = self.wanted.kind();
        self.tell(DeskEvent::PresenceForced { kind, by: forced.by });
    }

    fn welcomed(&mut self, welcome: DeskWelcome, now: Instant) {
        self.session.clone_from(&welcome.session_id);
        self.version = 0;
        // What was sent on the stream before may not have arrived, so it is decided again.
        (self.offer, self.filing) = (None, None);
        self.drop_plans(|action| !matches!(action, Action::Transfer(_)));
        let agent = welcome.agent.unwrap_or_default();
        self.tell(DeskEvent::SignedIn { session: welcome.session_id, state: agent.state() });
        self.view.send_modify(|view| view.welcomes += 1);
        self.see(agent, now);
    }

    /// The state is the truth, whatever single updates were missed.
    fn see(&mut self, agent: AgentState, now: Instant) {
        if agent.version < self.version {
            return;
        }
        self.version = agent.version;
        let state = agent.state();
        let changed =
            self.view.send_if_modified(|view| std::mem::replace(&mut view.state, state) != state);
        if changed {
            self.tell(DeskEvent::State(state));
        }
        if state != WorkState::WrapUp {
            self.filing = None;
        }
        match (state, agent.offer) {
            (WorkState::Offered, Some(offer)) => self.ring(offer, now),
            (WorkState::WrapUp, _) => self.file(agent.contact_id, now),
            _ => {}
        }
    }

    fn ring(&mut self, offer: Offer, now: Instant) {
        if self.offer.as_ref() == Some(&offer.offer_id) {
            return;
        }
        let offer_id = offer.offer_id.clone();
        self.offer = Some(offer_id.clone());
        match self.manner.answer(&offer) {
            Answer::Accept(after) => {
                self.plan(now + after, Action::AcceptOffer(DeskAcceptOffer { offer_id }));
            }
            Answer::Decline => {
                self.plan(now, Action::DeclineOffer(DeskDeclineOffer { offer_id }));
            }
            Answer::Ignore => {}
        }
        self.tell(DeskEvent::Offered(Box::new(offer)));
    }

    fn stop_ringing(&mut self, closed: wire::OfferClosed) {
        if self.offer.as_ref() == Some(&closed.offer_id) {
            self.offer = None;
        }
        self.drop_plans(|action| {
            matches!(action, Action::AcceptOffer(accept) if accept.offer_id == closed.offer_id)
        });
        let outcome = closed.outcome();
        self.tell(DeskEvent::OfferClosed { offer: closed.offer_id, outcome, cause: closed.cause });
    }

    fn talk(&mut self, contact: String, now: Instant) {
        self.talking_to = Some(contact.clone());
        if let Some((after, queue)) = self.manner.transfer(&contact) {
            let transfer = transfer(&contact, &queue);
            self.plan(now + after, Action::Transfer(transfer));
        }
        self.tell(DeskEvent::Connected { contact });
    }

    fn file(&mut self, contact: String, now: Instant) {
        if self.filing.as_ref() == Some(&contact) {
            return;
        }
        self.filing = Some(contact.clone());
        self.talking_to = None;
        if let Some(wrap_up) = self.manner.wrap_up(&contact) {
            let finish = DeskFinishWrapUp {
                contact_id: contact.clone(),
                disposition: wrap_up.disposition,
                notes: wrap_up.notes,
            };
            self.plan(now + wrap_up.after, Action::FinishWrapUp(finish));
        }
        self.tell(DeskEvent::WrapUp { contact });
    }

    fn answered(&mut self, reply: wire::Reply) {
        let action = self.asked.remove(&reply.sequence).unwrap_or("unknown");
        if let Some(error) = reply.error {
            let (reason, message) = (error.reason, error.message);
            self.tell(DeskEvent::Refused { action, reason, message });
        }
    }

    fn plan(&mut self, at: Instant, action: Action) {
        self.plans.push((at, action));
    }

    fn drop_plans(&mut self, fits: impl Fn(&Action) -> bool) {
        self.plans.retain(|(_, action)| !fits(action));
    }

    /// Tells the listener, who may have gone.
    fn tell(&self, event: DeskEvent) {
        drop(self.events.send(event));
    }
}

/// What an agent wants to be.
pub(super) fn presence(kind: PresenceKind, reason: &str) -> Presence {
    Presence { kind: kind.into(), reason: reason.to_owned() }
}

/// Hands a contact to a queue.
pub(super) fn transfer(contact: &str, queue: &str) -> DeskTransfer {
    let (contact_id, queue_id) = (contact.to_owned(), queue.to_owned());
    DeskTransfer { contact_id, queue_id, agent_id: String::new() }
}

fn name_of(action: &Action) -> &'static str {
    match action {
        Action::Hello(_) => "sign in",
        Action::Heartbeat(_) => "heartbeat",
        Action::SetPresence(_) => "set presence",
        Action::AcceptOffer(_) => "accept",
        Action::DeclineOffer(_) => "decline",
        Action::FinishWrapUp(_) => "finish wrap-up",
        Action::Transfer(_) => "transfer",
        Action::SignOut(_) => "sign out",
        Action::ExtendWrapUp(_) => "extend wrap-up",
        Action::StartConsult(_) => "start consult",
        Action::CompleteConsult(_) => "complete consult",
        Action::CancelConsult(_) => "cancel consult",
    }
}

/// Gives how often the session wants to hear from the desk.
pub(super) fn heartbeat_of(welcome: &DeskWelcome) -> Option<Duration> {
    let span = welcome.heartbeat.and_then(|span| Duration::try_from(span).ok());
    span.filter(|span| !span.is_zero())
}

#[cfg(test)]
mod tests;
