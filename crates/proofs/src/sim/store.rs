//! The live store: the floor with an outbox, behind a network, and a memory that may rewind.

mod network;

use std::rc::Rc;

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::command::{Command, Envelope, Reply};
use switchboard_domain::floor::event::Event;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::{Agent, Contact};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, OfferId};

use super::engine::Millis;
use super::judge::Record;
use super::world::World;

pub(super) use network::ask;

/// The wall time at which a simulation begins.
const BEGINNING: i64 = 1_800_000_000_000;

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
    /// The epoch it belongs to.
    pub(super) epoch: u64,
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
    Legs(GatewayId),
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
    Legs(Vec<ContactId>),
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
                super::truth::torn(world, &self.floor, &events);
                let told = !events.is_empty();
                for event in events {
                    // As a stream does it: by the clock, and never back.
                    let clock = u64::try_from(wall).unwrap_or(0) * 1_000;
                    let (epoch, id) = (self.floor.epoch, clock.max(self.last_id() + 1));
                    self.outbox.push(Row { epoch, id, wall, event: Rc::new(event) });
                }
                let place = told.then(|| self.last_id());
                Answer::Applied(Applied { reply, place, epoch: self.floor.epoch })
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
            Question::Legs(id) => {
                let legs = self.floor.legs.get(id).into_iter().flatten();
                Answer::Legs(legs.map(|(contact, _)| contact.clone()).collect())
            }
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
        | Answer::Legs(_)
        | Answer::Status(_)
        | Answer::Tail(_)
        | Answer::End(_)
        | Answer::Away => format!("{command:?}"),
    }
}
