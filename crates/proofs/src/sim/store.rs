//! The live store: the floor behind a network, with an outbox, and a memory that may rewind.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::command::{Command, Envelope, Reply};
use switchboard_domain::floor::event::Event;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::{Agent, Contact};
use switchboard_domain::ids::{AgentId, ContactId, OfferId};

use super::edge::Replica;
use super::engine::Millis;
use super::judge::Record;
use super::world::World;

/// The wall time at which a simulation begins.
const BEGINNING: i64 = 1_800_000_000_000;
/// How long a replica waits for an answer.
const TIMEOUT: Millis = 1_000;

/// One entry of the outbox.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) epoch: u64,
    pub(super) id: u64,
    pub(super) wall: i64,
    pub(super) event: Rc<Event>,
}

/// What an accepted command did.
#[derive(Clone)]
pub(super) struct Applied {
    pub(super) reply: Reply,
    /// Where its last event stands in the outbox, if it had one.
    pub(super) place: Option<u64>,
}

/// How far the floor is open.
#[derive(Clone, Copy)]
pub(super) struct Status {
    pub(super) epoch: u64,
    pub(super) is_current: bool,
}

/// What a replica asks.
#[derive(Clone)]
pub(super) enum Question {
    Apply(Command),
    Contact(ContactId),
    Agent(AgentId),
    Status,
    Tail(u64),
    End,
}

/// What the store answers.
#[derive(Clone)]
pub(super) enum Answer {
    Applied(Applied),
    Refused(Rejection),
    Contact(Option<Contact>),
    Agent(Option<Agent>),
    Status(Status),
    Tail(Vec<Row>),
    End(u64),
    /// Nothing came back in time; what was asked may have been done.
    Away,
}

struct Snapshot {
    floor: Floor,
    rows: usize,
    record: Record,
}

/// The live store.
pub(super) struct Store {
    pub(super) floor: Floor,
    runs: u64,
    skew: i64,
    outbox: Vec<Row>,
    paused_until: Millis,
    snapshot: Option<Snapshot>,
}

impl Store {
    pub(super) fn new() -> Self {
        Self {
            floor: Floor::new(),
            runs: 1,
            skew: 0,
            outbox: Vec::new(),
            paused_until: 0,
            snapshot: None,
        }
    }

    /// Names the server process.
    pub(super) fn run(&self) -> String {
        format!("run-{}", self.runs)
    }

    pub(super) fn is_paused(&self, now: Millis) -> bool {
        now < self.paused_until
    }

    pub(super) fn last_id(&self) -> u64 {
        self.outbox.last().map_or(0, |row| row.id)
    }

    pub(super) fn rows_after(&self, id: u64) -> &[Row] {
        let first = self.outbox.partition_point(|row| row.id <= id);
        &self.outbox[first..]
    }

    /// Stops answering for a while; what arrives is answered afterwards.
    pub(super) fn pause(&mut self, until: Millis) {
        self.paused_until = self.paused_until.max(until);
    }

    /// Lets the machine's clock jump.
    pub(super) fn jump(&mut self, by: i64) {
        self.skew += by;
    }

    /// Remembers what a crash will bring back.
    pub(super) fn remember(&mut self, record: Record) {
        let floor = self.floor.clone();
        self.snapshot = Some(Snapshot { floor, rows: self.outbox.len(), record });
    }

    /// Restarts the server from what it remembered, or from nothing; gives what was told by then.
    pub(super) fn rewind(&mut self, to_nothing: bool) -> Record {
        self.runs += 1;
        let snapshot = self.snapshot.take().filter(|_| !to_nothing);
        let Some(snapshot) = snapshot else {
            self.floor = Floor::new();
            self.outbox.clear();
            return Record::default();
        };
        self.floor = snapshot.floor;
        self.outbox.truncate(snapshot.rows);
        snapshot.record
    }

    /// Restarts the server without a loss.
    pub(super) fn restart(&mut self) {
        self.runs += 1;
    }

    fn apply(&mut self, world: &World, command: &Command) -> Answer {
        let now = i64::try_from(world.now()).unwrap_or(0);
        let wall = BEGINNING + now + self.skew;
        let seed = OfferId::parse(world.bits()).expect("32 digits are an id");
        let envelope = Envelope { run: self.run(), wall, seed };
        match self.floor.apply(&envelope, command) {
            Err(rejection) => Answer::Refused(rejection),
            Ok((reply, events)) => {
                world.judge.borrow_mut().step(world.now(), &self.floor, &events);
                let told = !events.is_empty();
                for event in events {
                    // As a stream does it: by the clock, and never back.
                    let clock = u64::try_from(wall).unwrap_or(0) * 1_000;
                    let (epoch, id) = (self.floor.epoch, clock.max(self.last_id() + 1));
                    self.outbox.push(Row { epoch, id, wall, event: Rc::new(event) });
                }
                let place = told.then(|| self.last_id());
                Answer::Applied(Applied { reply, place })
            }
        }
    }

    fn answer(&mut self, world: &World, question: &Question) -> Answer {
        match question {
            Question::Apply(command) => {
                let answer = self.apply(world, command);
                world.trace(|| format!("store {}", told(command, &answer)));
                answer
            }
            Question::Contact(id) => Answer::Contact(self.floor.contacts.get(id).cloned()),
            Question::Agent(id) => Answer::Agent(self.floor.agents.get(id).cloned()),
            Question::Status => Answer::Status(Status {
                epoch: self.floor.epoch,
                is_current: self.floor.run == self.run(),
            }),
            Question::Tail(after) => Answer::Tail(self.rows_after(*after).to_vec()),
            Question::End => Answer::End(self.last_id()),
        }
    }
}

fn told(command: &Command, answer: &Answer) -> String {
    match answer {
        Answer::Applied(applied) => format!("{command:?} -> {:?}", applied.reply),
        Answer::Refused(rejection) => format!("{command:?} -> refused: {rejection}"),
        Answer::Contact(_)
        | Answer::Agent(_)
        | Answer::Status(_)
        | Answer::Tail(_)
        | Answer::End(_)
        | Answer::Away => format!("{command:?}"),
    }
}

type Slot = Rc<RefCell<Option<Answer>>>;

/// Asks the store over a network that may delay, lose and repeat.
pub(super) async fn ask(world: &Rc<World>, replica: &Rc<Replica>, question: Question) -> Answer {
    let slot: Slot = Slot::default();
    let task = world.current();
    let patience = world.now() + TIMEOUT;
    let rough = !world.calm.get();
    let copies = 1 + u64::from(rough && world.chance(2));
    let run = world.store.borrow().runs;
    if matches!(question, Question::Tail(_)) && replica.notices(run) {
        // The reader waits on a connection of its own, which broke with the process.
        return Answer::Away;
    }
    for copy in 0..copies {
        if replica.is_cut(world.now()) || (rough && world.between(0, 200) == 0) {
            continue;
        }
        // One connection keeps the order; what is stuck holds up what comes behind it.
        let at = replica.arrival(world.now() + delay(world, rough) + copy);
        let (sent, answered) = (question.clone(), Rc::clone(&slot));
        world.at(at, move |world| arrive(world, run, sent, (task, answered)));
    }
    let expired = Rc::clone(&slot);
    world.at(patience, move |world| fill(world, task, &expired, Answer::Away));
    poll_fn(|_| slot.borrow_mut().take().map_or(Poll::Pending, Poll::Ready)).await
}

fn delay(world: &World, rough: bool) -> Millis {
    if rough && world.chance(1) { world.between(5, 1_500) } else { world.between(1, 4) }
}

fn fill(world: &World, task: u64, slot: &Slot, answer: Answer) {
    // The one who asked may have got another copy of the answer, or be gone: then nobody looks.
    slot.borrow_mut().get_or_insert(answer);
    world.wake(task);
}

fn arrive(world: &Rc<World>, run: u64, question: Question, (task, slot): (u64, Slot)) {
    let mut store = world.store.borrow_mut();
    if store.is_paused(world.now()) {
        // Jobs of one time run in the order they were planned.
        let until = store.paused_until;
        world.at(until, move |world| arrive(world, run, question, (task, slot)));
        return;
    }
    if run != store.runs {
        // The connection broke with the process it led to.
        fill(world, task, &slot, Answer::Away);
        return;
    }
    let before = store.last_id();
    let answer = store.answer(world, &question);
    let is_news = store.last_id() != before;
    drop(store);
    if is_news {
        super::edge::feed::notify(world);
    }
    let rough = !world.calm.get();
    if !(rough && world.between(0, 200) == 0) {
        world.after(delay(world, rough), move |world| fill(world, task, &slot, answer));
    }
}
