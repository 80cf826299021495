//! The six agents at their desks, behaving as each story needs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use switchboard_api::agent::v1::{ContactCard, Offer, OfferOutcome, WorkState};
use switchboard_client::desk::{Answer, Desk, DeskEvent, Manner, WrapUp};
use switchboard_domain::caller::Role;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::narrator::Narrator;
use super::{Stage, stories::Story};
use crate::cli::format;

/// How long an agent takes to answer.
const REACTION: Duration = Duration::from_millis(600);
/// How long an agent listens before handing a caller over.
const LISTENS: Duration = Duration::from_millis(900);
/// How long filing takes.
const FILING: Duration = Duration::from_millis(500);
/// How long agents may take to get ready for the next chapter.
const PATIENCE: Duration = Duration::from_secs(40);

/// The agents, signed in.
pub(crate) struct Cast {
    desks: BTreeMap<String, Desk>,
}

impl Cast {
    /// Signs every agent of the center in.
    pub(crate) async fn sign_in(
        stage: &Stage,
        stories: &[Story],
        narrator: &Arc<Narrator>,
    ) -> anyhow::Result<Self> {
        let script = Arc::new(Script::new(stories));
        let mut desks = BTreeMap::new();
        for (id, agent) in &stage.center.agents {
            let connection = stage.connect(Role::Agent, id.as_str())?;
            let mut desk = Desk::sign_in(connection, Arc::clone(&script) as _).await?;
            let teller = Teller {
                name: agent.display_name.clone(),
                script: Arc::clone(&script),
                narrator: Arc::clone(narrator),
                ringing: BTreeMap::new(),
            };
            let events = desk.take_events();
            stage.site.tasks.spawn("demo.desk", teller.follow(events));
            desks.insert(id.to_string(), desk);
        }
        Ok(Self { desks })
    }

    /// Brings everybody back to their desks, and waits until all are ready.
    pub(crate) async fn everyone_ready(&self) -> anyhow::Result<()> {
        for desk in self.desks.values() {
            desk.ready();
        }
        for (agent, desk) in &self.desks {
            let ready = timeout(PATIENCE, desk.reaches(WorkState::Ready)).await;
            ready.map_err(|_| anyhow::anyhow!("{agent} did not get ready"))??;
        }
        Ok(())
    }

    /// Lets an agent leave the desk for lunch.
    pub(crate) async fn to_lunch(&self, agent: &str) -> anyhow::Result<()> {
        if let Some(desk) = self.desks.get(agent) {
            desk.not_ready("lunch");
            timeout(PATIENCE, desk.reaches(WorkState::NotReady)).await??;
        }
        Ok(())
    }

    /// Lets an agent come back.
    pub(crate) fn back(&self, agent: &str) {
        if let Some(desk) = self.desks.get(agent) {
            desk.ready();
        }
    }
}

/// What agents do in each story, whoever of them gets the caller.
struct Script {
    stories: BTreeMap<String, (&'static str, &'static str)>,
    /// What happens only once in a story, and has happened.
    done: Mutex<BTreeSet<String>>,
}

impl Script {
    fn new(stories: &[Story]) -> Self {
        let line =
            |story: &Story| (story.script.id.clone(), (story.slug, story.ending.disposition));
        Self { stories: stories.iter().map(line).collect(), done: Mutex::default() }
    }

    fn slug(&self, contact: &str) -> &'static str {
        self.stories.get(contact).map_or("", |(slug, _)| slug)
    }

    /// Says whether this is the first time for a contact.
    fn is_first(&self, contact: &str) -> bool {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).insert(contact.to_owned())
    }
}

impl Manner for Script {
    fn answer(&self, offer: &Offer) -> Answer {
        let contact = offer.contact.as_ref().map_or("", |card| card.contact_id.as_str());
        match self.slug(contact) {
            "unanswered" if self.is_first(contact) => Answer::Ignore,
            "declined" if self.is_first(contact) => Answer::Decline,
            _ => Answer::Accept(REACTION),
        }
    }

    fn transfer(&self, contact: &str) -> Option<(Duration, String)> {
        let hands_over = self.slug(contact) == "transfer" && self.is_first(contact);
        hands_over.then(|| (LISTENS, "rebooking".to_owned()))
    }

    fn wrap_up(&self, contact: &str) -> Option<WrapUp> {
        let disposition = self.stories.get(contact).map_or("done", |(_, disposition)| disposition);
        Some(WrapUp {
            after: FILING,
            disposition: disposition.to_owned(),
            notes: "told by the demo".to_owned(),
        })
    }
}

/// Tells what one agent sees.
struct Teller {
    name: String,
    script: Arc<Script>,
    narrator: Arc<Narrator>,
    /// The contact of each offer that rings.
    ringing: BTreeMap<String, String>,
}

impl Teller {
    async fn follow(mut self, mut events: mpsc::UnboundedReceiver<DeskEvent>) {
        while let Some(event) = events.recv().await {
            self.tell(event);
        }
    }

    fn tell(&mut self, event: DeskEvent) {
        let name = self.name.clone();
        match event {
            DeskEvent::Offered(offer) => {
                let card = offer.contact.unwrap_or_default();
                self.ringing.insert(offer.offer_id, card.contact_id.clone());
                self.say(&card.contact_id, &format!("rings {name}, who sees: {}", seen(&card)));
            }
            DeskEvent::OfferClosed { offer, outcome, cause } => {
                let Some(contact) = self.ringing.remove(&offer) else { return };
                self.say(&contact, &format!("{name} {}", ended(outcome, &cause)));
            }
            DeskEvent::WrapUp { contact } => self.say(&contact, &format!("{name} wraps up")),
            DeskEvent::Refused { action, reason, message } => {
                self.narrator.tell("desk", &format!("{name}: {action}: {message} ({reason})"));
            }
            DeskEvent::ConsultStarted { contact, .. } => {
                self.say(&contact, &format!("{name} asks a colleague"));
            }
            DeskEvent::ConsultEnded { contact, outcome } => {
                self.say(&contact, &format!("{name} has asked a colleague: {outcome}"));
            }
            DeskEvent::PresenceForced { by, .. } => {
                self.narrator.tell("desk", &format!("{name}: {by} changed the presence"));
            }
            DeskEvent::SignedIn { .. }
            | DeskEvent::State(_)
            | DeskEvent::Connected { .. }
            | DeskEvent::ContactEnded { .. }
            | DeskEvent::Replaced => {}
        }
    }

    fn say(&self, contact: &str, text: &str) {
        self.narrator.tell(self.script.slug(contact), text);
    }
}

fn ended(outcome: OfferOutcome, cause: &str) -> String {
    match outcome {
        OfferOutcome::Accepted => "accepts".to_owned(),
        OfferOutcome::Declined => "declines; the caller keeps their place".to_owned(),
        OfferOutcome::Expired => "does not answer; the caller keeps their place".to_owned(),
        OfferOutcome::Revoked | OfferOutcome::Unspecified => format!("is no longer rung: {cause}"),
    }
}

/// What an agent sees before answering.
fn seen(card: &ContactCard) -> String {
    let who = match card.customers.first() {
        Some(customer) => {
            let open = match customer.open_tickets {
                0 => String::new(),
                count => format!(", {count} open tickets"),
            };
            format!("{} ({}{open})", customer.display_name, customer.tier)
        }
        None => "nobody we know".to_owned(),
    };
    let waited = card.waited.as_ref().map(|span| format!("waited {}", format::span(Some(span))));
    let inputs = card.inputs.iter().map(|(name, value)| format!("{name} {value}"));
    let alert = card.customers.first().map(|customer| customer.alert.clone());
    let path = (!card.menu_path.is_empty()).then(|| card.menu_path.join(" > "));
    let parts = [Some(who), Some(card.language.clone()), path]
        .into_iter()
        .flatten()
        .chain(inputs)
        .chain(waited)
        .chain(alert.filter(|alert| !alert.is_empty()).map(|alert| format!("note: {alert}")));
    parts.collect::<Vec<_>>().join(" · ")
}
