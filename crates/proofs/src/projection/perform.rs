//! What comes of an action.

use std::time::Duration;

use switchboard_store::course::Step;
use switchboard_store::outbox::{OutboxId, OutboxPosition};

use super::action::{Action, Primary};
use super::durable::Outcome;
use super::mutants::Mutant;
use super::world::{Recorder, Server, Told, World, place};

/// How many entries one reading gives at most.
const BATCH: usize = 2;
/// How often an entry by itself is tried.
const ATTEMPTS: u32 = 2;

/// An end that no cursor is beyond.
const NOWHERE: OutboxPosition =
    OutboxPosition { epoch: 0, id: OutboxId { millis: u64::MAX, sequence: 0 } };

/// Whether a recorder hears how its step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ear {
    Hears,
    Deaf,
}

impl World {
    /// Does what happens; says which rule it breaks, if it does.
    pub(super) fn perform(
        &mut self,
        action: Action,
        mutant: Option<Mutant>,
    ) -> Result<(), &'static str> {
        match action {
            Action::Tell { by, entity, at, poison } => self.tell(by, entity, at, poison),
            Action::Save => {
                self.left.saves -= 1;
                self.disk = self.server.clone();
            }
            Action::Crash { splits } => self.crash(splits),
            Action::Open { at } => self.open(at),
            Action::Reconnect(who) => self.recorders[who].at_old = false,
            Action::Proceed(who) => return self.proceed(who, Ear::Hears, mutant),
            Action::Unheard(who) => return self.proceed(who, Ear::Deaf, mutant),
            Action::Fail(who) => self.interrupt(who),
            Action::Die(who) => {
                self.recorders[who] =
                    Recorder { at_old: self.recorders[who].at_old, ..Recorder::default() };
            }
            Action::Trim(who) => return self.trim(who, mutant),
            Action::Torn(who) => self.tear(who),
            Action::Replay(which) => {
                self.left.replays -= 1;
                let dead = self.durable.dead[which];
                self.durable.replay(dead, mutant);
            }
        }
        Ok(())
    }

    fn tell(&mut self, by: Primary, entity: u8, at: u8, poison: bool) {
        self.left.events -= 1;
        self.left.poison -= u8::from(poison);
        let server = match (by, &mut self.old) {
            (Primary::Old, Some(old)) => old,
            (Primary::Old | Primary::Present, _) => &mut self.server,
        };
        let version = &mut server.versions[usize::from(entity)];
        *version += 1;
        let (epoch, entity) = (server.epoch, Some(entity));
        let told = Told { epoch, place: at, entity, version: *version, poison };
        server.append(told);
        self.note(told);
    }

    fn crash(&mut self, splits: bool) {
        self.left.crashes -= 1;
        let back = Server { open: false, ..self.disk.clone() };
        let replaced = std::mem::replace(&mut self.server, back);
        if splits {
            self.left.splits -= 1;
            self.old = Some(replaced);
            self.recorders.iter_mut().for_each(|recorder| recorder.at_old = true);
        }
    }

    fn open(&mut self, at: u8) {
        self.epochs += 1;
        self.server.epoch = self.epochs;
        self.server.open = true;
        let told = Told { epoch: self.epochs, place: at, entity: None, version: 0, poison: false };
        self.server.append(told);
        self.note(told);
    }

    fn note(&mut self, told: Told) {
        self.told.push(told);
        self.told.sort_unstable();
    }

    fn interrupt(&mut self, who: usize) {
        self.recorders[who].course.interrupted();
        self.recorders[who].settle();
    }

    fn proceed(
        &mut self,
        who: usize,
        ear: Ear,
        mutant: Option<Mutant>,
    ) -> Result<(), &'static str> {
        match self.recorders[who].course.next() {
            Step::Read { after } => {
                let stream = &self.primary_of(who).stream;
                let new = stream.iter().filter(|told| place(told.place) > after);
                let batch: Vec<Told> = new.take(BATCH).copied().collect();
                let recorder = &mut self.recorders[who];
                recorder.course.read(batch.iter().map(|told| told.position()).collect());
                let last = batch.last().map(|told| told.place);
                recorder.batch = batch;
                if let Some(last) = last.filter(|_| mutant == Some(Mutant::TrimBeforeCommit)) {
                    self.drop_upto(who, last)?;
                }
            }
            Step::FindEnd => {
                let last = self.primary_of(who).stream.last();
                let end = last.map_or(OutboxPosition::START, |told| told.position());
                let end = if mutant == Some(Mutant::NoLookBack) { NOWHERE } else { end };
                self.recorders[who].course.ends(end);
            }
            Step::FindOffset { epoch } => {
                // Epochs of a small world are small.
                let number = u8::try_from(epoch).unwrap_or(u8::MAX);
                let offset = self.durable.offset(number, mutant).map(place);
                self.recorders[who].course.stands(epoch, offset);
            }
            Step::Keep { entries, expected } => {
                let entries = self.recorders[who].batch[entries].to_vec();
                let outcome = self.durable.commit(&entries, expected.map(number_of), mutant);
                self.hear(who, outcome, ear, mutant);
            }
            Step::Bury { entry, expected, .. } => {
                let dead = self.recorders[who].batch[entry];
                let outcome = self.durable.bury(dead, expected.map(number_of), mutant);
                self.hear(who, outcome, ear, mutant);
            }
        }
        self.recorders[who].settle();
        Ok(())
    }

    fn hear(&mut self, who: usize, outcome: Outcome, ear: Ear, mutant: Option<Mutant>) {
        let course = &mut self.recorders[who].course;
        let attempts = if mutant == Some(Mutant::PoisonBlocks) { u32::MAX } else { ATTEMPTS };
        match (ear, outcome) {
            (Ear::Hears, Outcome::Done) => course.kept(),
            (Ear::Hears, Outcome::Poison) => course.poisoned(attempts),
            (Ear::Hears, Outcome::Moved) | (Ear::Deaf, _) => course.interrupted(),
        }
    }

    fn tear(&mut self, who: usize) {
        if let Step::Keep { entries, expected } = self.recorders[who].course.next() {
            let entries = self.recorders[who].batch[entries].to_vec();
            self.durable.move_only(&entries, expected.map(number_of));
        }
        self.interrupt(who);
    }

    fn trim(&mut self, who: usize, mutant: Option<Mutant>) -> Result<(), &'static str> {
        self.left.trims -= 1;
        let Some(trim) = self.recorders[who].course.trim(Duration::ZERO) else { return Ok(()) };
        let is_fenced = mutant != Some(Mutant::TrimInAnyEpoch);
        if is_fenced && u64::from(self.primary_of(who).epoch) != trim.epoch {
            return Ok(());
        }
        self.drop_upto(who, number_of(trim.upto))
    }

    fn drop_upto(&mut self, who: usize, last: u8) -> Result<(), &'static str> {
        let stream = &self.primary_of(who).stream;
        let unknown = |told: &Told| told.place <= last && !self.durable.is_known(*told);
        let is_loss = stream.iter().any(unknown);
        let server = match &mut self.old {
            Some(old) if self.recorders[who].at_old => old,
            _ => &mut self.server,
        };
        server.stream.retain(|told| told.place > last);
        if is_loss { Err("what is not recorded went from the stream") } else { Ok(()) }
    }
}

impl Server {
    fn append(&mut self, told: Told) {
        self.stream.push(told);
        self.last = told.place;
    }
}

/// Gives the place of an id: places of a small world are small.
fn number_of(id: OutboxId) -> u8 {
    u8::try_from(id.millis).unwrap_or(u8::MAX)
}
