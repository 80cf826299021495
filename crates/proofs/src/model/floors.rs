//! Every different floor met so far, and every step taken from it: each is computed once.
//!
//! A state of the world names its floors by number. The production reducer runs only when a step is
//! new to a floor, so the search over the world costs little more than looking numbers up.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::command::{Envelope, Reply};
use switchboard_domain::floor::plan::Plan;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::time::Timestamp;

use super::checks::{self, Taken};
use super::names::{self, Names};
use super::normal::{self, Mixer, NOW};
use super::packed::Packed;
use super::plan::House;
use super::step::Step;
use super::timer;
use super::view::View;

type Map<K, V> = HashMap<K, V, BuildHasherDefault<Mixer>>;

/// The number of a floor; zero stands for none.
pub(super) type FloorId = u32;

/// What the reducer answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It was done.
    Done,
    /// It had been done before.
    Duplicate,
    /// A session began.
    Joined(u8),
    /// There is more to do.
    More,
    /// The sender must try again later.
    Later,
    /// The sender's session is void.
    Stale,
    /// It is not possible.
    Refused,
}

/// What came of a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    /// The floor afterwards.
    pub(super) floor: FloorId,
    pub(super) answer: Answer,
    /// Whether it made offers, which need ids.
    pub(super) offers: bool,
    /// Whether reports of a call that were sent before this one come too late from now on.
    pub(super) outdates: bool,
    /// The rule it broke, by number from 1.
    pub(super) fault: u32,
}

/// All floors and steps of a search.
pub(super) struct Floors {
    pub(super) names: Names,
    packed: Vec<Packed>,
    views: Vec<View>,
    known: Map<u128, FloorId>,
    taken: Map<(FloorId, Step, u8), Outcome>,
    plan: Plan,
    house: House,
    faults: Vec<String>,
}

impl Outcome {
    /// Says whether the sender tries again, now or in another session.
    pub(super) fn is_passing(self) -> bool {
        matches!(self.answer, Answer::Later | Answer::Stale)
    }
}

impl Floors {
    pub(super) fn new(house: House) -> Self {
        let mut plan = Plan::default();
        plan.load(&house.plan());
        (0..names::AGENTS).for_each(|agent| plan.define_profile(&house.profile(agent)));
        Self {
            names: Names::new(),
            packed: vec![Packed::of(Floor::new())],
            views: vec![View::default()],
            known: Map::default(),
            taken: Map::default(),
            plan,
            house,
            faults: Vec::new(),
        }
    }

    /// Gives a closed floor on which nothing has happened yet.
    pub(super) fn first(&mut self) -> FloorId {
        let mut floor = Floor::new();
        (floor.now, floor.wall) = (Timestamp::from_millis(NOW), NOW);
        self.intern(floor)
    }

    pub(super) fn view(&self, floor: FloorId) -> &View {
        &self.views[floor as usize]
    }

    /// Gives how many different floors, and steps from them, were computed.
    pub(super) fn figures(&self) -> (usize, usize) {
        (self.packed.len() - 1, self.taken.len())
    }

    pub(super) fn fault(&self, number: u32) -> &str {
        &self.faults[number as usize - 1]
    }

    /// Takes a step; one that makes offers must be taken again with a name for them.
    pub(super) fn take(&mut self, floor: FloorId, step: Step) -> Outcome {
        self.take_named(floor, step, 0)
    }

    /// Takes a step; `seed` names the offers it makes.
    pub(super) fn take_named(&mut self, floor: FloorId, step: Step, seed: u8) -> Outcome {
        match self.taken.get(&(floor, step, seed)) {
            Some(outcome) => *outcome,
            None => self.compute(floor, step, seed),
        }
    }

    fn compute(&mut self, id: FloorId, step: Step, seed: u8) -> Outcome {
        let outcome = if let Step::Forget { keep } = step {
            self.forget(id, keep)
        } else {
            self.run(id, step, seed)
        };
        self.taken.insert((id, step, seed), outcome);
        outcome
    }

    fn forget(&mut self, id: FloorId, keep: u32) -> Outcome {
        let mut floor = self.packed[id as usize].unpack();
        floor.offers.retain(|offer, record| {
            record.outcome.is_none() || keep & (1 << names::offer_code(offer)) != 0
        });
        Outcome {
            floor: self.intern(floor),
            answer: Answer::Done,
            offers: false,
            outdates: false,
            fault: 0,
        }
    }

    fn run(&mut self, id: FloorId, step: Step, seed: u8) -> Outcome {
        let mut before = self.packed[id as usize].unpack();
        std::mem::swap(&mut before.plan, &mut self.plan);
        if let Step::Fire(timer) = step {
            timer::expire(&mut before, timer, &self.names);
        }
        if let Some(count) = step.count() {
            before.tokens = u64::from(count);
        }
        let envelope = self.envelope(&before, step, seed);
        let mut after = before.clone();
        let outcome = after.apply(&envelope, &step.command(&self.names, self.house));
        let taken =
            Taken { before: &before, after: &after, step, envelope: &envelope, outcome: &outcome };
        let fault =
            checks::check(&taken, &self.names, self.house).map_or(0, |fault| self.note(fault));
        std::mem::swap(&mut before.plan, &mut self.plan);
        let offers = match &outcome {
            Ok((_, events)) => events
                .iter()
                .any(|event| event.kind == switchboard_domain::floor::event::EventKind::OfferMade),
            Err(_) => false,
        };
        let numbered = |floor: &Floor| {
            floor.contacts.values().map(|contact| contact.call_sequence).sum::<u64>()
        };
        let outdates = numbered(&after) > 0;
        let floor = if outcome.is_err() || (offers && seed == 0) { id } else { self.keep(after) };
        Outcome { floor, answer: answer(&outcome), offers, outdates, fault }
    }

    fn envelope(&self, floor: &Floor, step: Step, seed: u8) -> Envelope {
        let run =
            if let Step::Open { epoch } = step { format!("r{epoch}") } else { floor.run.clone() };
        let seed = self.names.seeds[usize::from(seed)].clone();
        Envelope { run, wall: NOW + 1, seed }
    }

    fn keep(&mut self, mut floor: Floor) -> FloorId {
        floor.plan = Plan::default();
        normal::normalise(&mut floor, self.house.miss_threshold > 0);
        self.intern(floor)
    }

    fn intern(&mut self, floor: Floor) -> FloorId {
        let print = normal::fingerprint(&floor);
        let next = u32::try_from(self.packed.len()).expect("a search meets few floors");
        let id = *self.known.entry(print).or_insert(next);
        if id == next {
            self.views.push(View::of(&floor));
            self.packed.push(Packed::of(floor));
        }
        id
    }

    fn note(&mut self, fault: String) -> u32 {
        self.faults.push(fault);
        u32::try_from(self.faults.len()).expect("the first fault ends a search")
    }
}

fn answer(
    outcome: &Result<(Reply, Vec<switchboard_domain::floor::event::Event>), Rejection>,
) -> Answer {
    match outcome {
        Ok((Reply::Done { .. }, _)) => Answer::Done,
        Ok((Reply::Duplicate, _)) => Answer::Duplicate,
        Ok((Reply::Joined { token }, _)) => Answer::Joined(names::token_code(*token)),
        Ok((Reply::More, _)) => Answer::More,
        Err(
            Rejection::GatewayNotFresh
            | Rejection::Recovering
            | Rejection::EpochClosed
            | Rejection::StalePlan { .. },
        ) => Answer::Later,
        Err(Rejection::StaleSession) => Answer::Stale,
        Err(_) => Answer::Refused,
    }
}
