//! The judge: looks at every step of the store, and reads the outbox as a stranger would.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::event::{Event, EventKind};
use switchboard_domain::floor::invariants;
use switchboard_domain::floor::state::Entity;
use switchboard_domain::ids::{ContactId, OfferId};

use super::engine::Millis;

/// How many violations of one run are kept.
const KEPT: usize = 20;
/// Of the steps that tell nothing, such as a renewed lease, one in so many is looked at.
const SILENT: u64 = 16;

/// What the outbox has told so far. It rewinds with the store.
#[derive(Clone, Default)]
pub(super) struct Record {
    versions: BTreeMap<Entity, u64>,
    states: BTreeMap<Entity, String>,
    ringing: BTreeSet<OfferId>,
    ended: BTreeSet<ContactId>,
}

/// Figures of one run.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Figures {
    pub(super) steps: u64,
    pub(super) events: u64,
    pub(super) calls: u64,
    pub(super) chats: u64,
    pub(super) callbacks: u64,
    pub(super) consults: u64,
    pub(super) faults: u64,
    pub(super) bridges: u64,
    /// Epochs below an earlier one, as ADR 0016 names them.
    pub(super) lowered: u64,
}

/// Judges one run.
pub(super) struct Judge {
    pub(super) record: Record,
    pub(super) figures: Figures,
    /// When each offer was accepted first.
    pub(super) accepted: BTreeMap<OfferId, Millis>,
    /// When the floor last parted each contact from whomever it was with, or ended it.
    parted: BTreeMap<ContactId, Millis>,
    /// The highest epoch opened so far, whatever the store remembers.
    epoch: u64,
    /// Epochs numbered while the durable store was away.
    pub(super) blind: BTreeSet<u64>,
    /// When calls last passed from whoever talked, or was to, or ended: until the gateway is told, it
    /// knows nothing of it.
    pub(super) handed_over: BTreeMap<ContactId, Millis>,
    /// Calls whose gateway died and forgot them.
    pub(super) forgotten: BTreeSet<ContactId>,
    violations: Vec<String>,
    trace: Vec<String>,
    tracing: bool,
}

impl Judge {
    pub(super) fn new(tracing: bool) -> Self {
        Self {
            record: Record::default(),
            figures: Figures::default(),
            accepted: BTreeMap::new(),
            parted: BTreeMap::new(),
            epoch: 0,
            blind: BTreeSet::new(),
            handed_over: BTreeMap::new(),
            forgotten: BTreeSet::new(),
            violations: Vec::new(),
            trace: Vec::new(),
            tracing,
        }
    }

    pub(super) fn has_failed(&self) -> bool {
        !self.violations.is_empty()
    }

    pub(super) fn violations(&self) -> &[String] {
        &self.violations
    }

    pub(super) fn trace(&self) -> &[String] {
        &self.trace
    }

    pub(super) fn note(&mut self, now: Millis, line: String) {
        self.trace.push(format!("{:>9.3} {line}", seconds(now)));
    }

    pub(super) fn fail(&mut self, now: Millis, what: String) {
        if self.tracing {
            self.note(now, format!("VIOLATION {what}"));
        }
        if self.violations.len() < KEPT {
            self.violations.push(format!("at {:.3} s: {what}", seconds(now)));
        }
    }

    /// Looks at the floor after a step, and reads what the step told.
    pub(super) fn step(&mut self, now: Millis, floor: &Floor, events: &[Event]) {
        self.figures.steps += 1;
        self.figures.events += u64::try_from(events.len()).unwrap_or(0);
        for event in events {
            if self.tracing {
                self.note(now, told(event));
            }
            self.note_handover(now, event);
            if let Err(what) = self.read(now, event) {
                self.fail(now, what);
            }
        }
        if events.is_empty() && !self.figures.steps.is_multiple_of(SILENT) {
            return;
        }
        for broken in invariants::check(floor) {
            self.fail(now, broken);
        }
        for event in events {
            if let Err(what) = self.compare(floor, &event.entity) {
                self.fail(now, what);
            }
        }
    }

    /// Caller and agent hear each other at a gateway: somebody must have accepted.
    pub(super) fn bridged(&mut self, now: Millis, offer: &OfferId) {
        self.figures.bridges += 1;
        if !self.accepted.contains_key(offer) {
            self.fail(now, format!("bridge: nobody accepted {offer}"));
        }
    }

    /// An order takes the caller from an agent: the floor must have parted them. An order drawn from
    /// rewound memory follows from what was before the talk.
    pub(super) fn torn(&mut self, now: Millis, call: &ContactId, offer: &OfferId) {
        let accepted = self.accepted.get(offer);
        if self.parted.get(call) < accepted {
            self.fail(now, format!("torn: an order ends the talk of {call} by {offer}"));
        }
    }

    fn note_handover(&mut self, now: Millis, event: &Event) {
        let Entity::Contact(id) = &event.entity else { return };
        if matches!(
            event.kind,
            EventKind::ContactQueued | EventKind::ContactRequeued | EventKind::ContactEnded
        ) {
            self.parted.insert(id.clone(), now);
        }
        let state = self.record.states.get(&event.entity).map(String::as_str);
        let passes = match event.kind {
            EventKind::ContactQueued | EventKind::ContactConnecting => state == Some("connected"),
            EventKind::ContactEnded => matches!(state, Some("connecting" | "connected")),
            _ => false,
        };
        if passes {
            self.handed_over.insert(id.clone(), now);
        }
    }

    fn read(&mut self, now: Millis, event: &Event) -> Result<(), String> {
        let version = self.record.versions.entry(event.entity.clone()).or_default();
        if event.version != *version + 1 {
            return Err(format!("order: {:?} follows version {version}", told(event)));
        }
        *version = event.version;
        if let Some(state) = event.fields.get("state") {
            self.record.states.insert(event.entity.clone(), state.to_owned());
        }
        match &event.entity {
            Entity::Offer(id) => self.read_offer(now, id, event),
            Entity::Contact(id) => self.read_contact(id, event),
            Entity::Floor => self.read_epoch(event),
            Entity::Agent(_) | Entity::Gateway(_) => Ok(()),
        }
    }

    /// No epoch has a number that was used before, or one below it; but one numbered blindly by a replica
    /// that never met what the store had forgotten, which ADR 0016 takes for its price.
    fn read_epoch(&mut self, event: &Event) -> Result<(), String> {
        if event.kind != EventKind::EpochOpened {
            return Ok(());
        }
        let number = event.fields.get("epoch").and_then(|epoch| epoch.parse().ok()).unwrap_or(0);
        let before = self.epoch;
        self.epoch = before.max(number);
        if number > before {
            Ok(())
        } else if number < before && self.blind.contains(&number) {
            self.figures.lowered += 1;
            Ok(())
        } else {
            Err(format!("epoch: {number} after {before}"))
        }
    }

    fn read_offer(&mut self, now: Millis, id: &OfferId, event: &Event) -> Result<(), String> {
        if event.kind == EventKind::OfferMade {
            self.record.ringing.insert(id.clone());
            return Ok(());
        }
        if event.fields.get("outcome").is_some_and(|outcome| outcome == "accepted") {
            self.accepted.entry(id.clone()).or_insert(now);
        }
        if self.record.ringing.remove(id) {
            return Ok(());
        }
        Err(format!("offer: {id} ended twice"))
    }

    fn read_contact(&mut self, id: &ContactId, event: &Event) -> Result<(), String> {
        let was_over = match event.kind {
            EventKind::ContactEnded => !self.record.ended.insert(id.clone()),
            EventKind::ContactReopened => !self.record.ended.remove(id),
            _ => self.record.ended.contains(id),
        };
        if was_over { Err(format!("end: {} of an ended contact", told(event))) } else { Ok(()) }
    }

    /// Whoever folds the events knows the state.
    fn compare(&self, floor: &Floor, entity: &Entity) -> Result<(), String> {
        let told = self.record.states.get(entity).map(String::as_str);
        let real = match entity {
            Entity::Contact(id) => floor.contacts.get(id).map(|contact| contact.state.name()),
            Entity::Agent(id) => floor.agents.get(id).map(|agent| agent.state().name()),
            Entity::Gateway(_) | Entity::Offer(_) | Entity::Floor => return Ok(()),
        };
        if told == real {
            return Ok(());
        }
        Err(format!("outbox: {entity:?} is told to be {told:?} and is {real:?}"))
    }
}

/// Gives a time in seconds, for people.
#[expect(clippy::cast_precision_loss, reason = "ten minutes are few milliseconds")]
fn seconds(at: Millis) -> f64 {
    at as f64 / 1_000.0
}

fn told(event: &Event) -> String {
    let Event { entity, version, kind, fields } = event;
    let fields: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("  {} {} v{version} {kind}: {}", entity.kind(), entity.id(), fields.join(" "))
}
