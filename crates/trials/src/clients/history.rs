//! What clients saw and did, and what the center says of it afterwards. Plain words only: nothing
//! here comes from the server's code.

use std::collections::BTreeMap;

/// One thing that a client saw or did.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// When, in microseconds of one clock for all clients.
    pub at: u64,
    /// What.
    pub what: What,
}

/// What a client saw or did. Names of calls, agents and offers are as on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants say what happens, and the fields to whom")]
pub enum What {
    /// A caller arrives at a gateway; the queue is the one that their number leads to.
    Arrives { gateway: String, call: String, queue: String },
    /// A caller is told that they wait.
    Waits { call: String, queue: String },
    /// A gateway is told to connect a caller and an agent.
    Ordered { call: String, agent: String, offer: String, command: String },
    /// An agent's telephone rings for a caller, who is with nobody else from now on.
    Dials { call: String, agent: String },
    /// A caller and an agent hear each other.
    Bridged { call: String, agent: String, offer: String },
    /// The agent's side of a call ends, or cannot be reached; the caller stays.
    Parted { call: String },
    /// A caller is sent away to somewhere else.
    Diverted { call: String },
    /// A call is over.
    Left { call: String, by_caller: bool },
    /// A client loses its stream.
    Cut { client: String },
    /// A desk rings.
    Rings { agent: String, call: String, offer: String },
    /// An agent accepts.
    Accepts { agent: String, offer: String },
    /// An agent hands a caller over, and lets go of them.
    HandsOver { agent: String, call: String },
    /// Handing over is refused: the agent still has the caller.
    Keeps { agent: String, call: String },
    /// A desk is told how an offer ended.
    Closed { agent: String, offer: String, outcome: String },
    /// A request is answered; the same request may be made again.
    Answered { request: String, answer: String },
}

/// What the history keeps of one call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The call.
    pub call: String,
    /// Whether it is over.
    pub is_ended: bool,
    /// Why it ended.
    pub reason: String,
    /// How it ended for the caller.
    pub outcome: String,
    /// Who talked last.
    pub agent: String,
    /// How often an agent was rung.
    pub offers: usize,
    /// How the offers that were made ended, as the history lists them.
    pub closed: Vec<String>,
    /// How many offers the history lists as made.
    pub made: usize,
    /// The numbers of everything that is kept with the call.
    pub numbers: Vec<u64>,
    /// What happened to the call itself, in order.
    pub steps: Vec<Step>,
}

/// One step of a call in the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Counts the steps of the call.
    pub sequence: u64,
    /// Counts the changes of the call.
    pub version: u64,
    /// When, in milliseconds of the center's clock.
    pub at: i64,
    /// What.
    pub kind: String,
    /// The particulars.
    pub fields: BTreeMap<String, String>,
}

impl Step {
    /// Gives one of the particulars; empty when it is not there.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// Says whether it is of a kind.
    pub fn is(&self, kind: &str) -> bool {
        self.kind == kind
    }
}

/// Something that is not at rest although every caller has gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrest {
    /// The agent or the queue.
    pub who: String,
    /// What is wrong.
    pub why: String,
}

/// A queue of the center, as its folder says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueRule {
    /// How many may wait; unset for any number.
    pub limit: Option<usize>,
    /// How long an agent who missed or declined a caller is not offered the same one, in
    /// milliseconds.
    pub cool_down: i64,
}

/// Everything that is known of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// What the clients saw and did, in order.
    pub entries: Vec<Entry>,
    /// What the history keeps.
    pub records: Vec<Record>,
    /// What is not at rest in the end.
    pub unrest: Vec<Unrest>,
    /// The queues.
    pub queues: BTreeMap<String, QueueRule>,
    /// The center's time at microsecond 0 of the entries, in milliseconds.
    pub began: i64,
}
