//! What gateways, desktops and replicas say to each other.

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::state::{AgentState, Token, Want};
use switchboard_domain::ids::{AgentId, ContactId, OfferId};

use super::engine::Millis;

/// What a gateway says.
#[derive(Clone, Debug)]
pub(super) enum ToCenter {
    Hello,
    Inventory {
        token: Token,
        legs: Vec<LegReport>,
    },
    Fact(Fact),
    /// Facts of a gateway that asks: one request, answered when all are done with.
    Batch {
        number: u64,
        facts: Vec<Fact>,
    },
    Result {
        order: String,
    },
    Heartbeat,
    /// The stream ended.
    Closed,
}

/// What an inventory says of a leg.
#[derive(Clone, Debug)]
pub(super) struct LegReport {
    pub(super) call: ContactId,
    pub(super) age: Millis,
    pub(super) bridged_to: Option<AgentId>,
    /// Whether the call has ended, and whether the center ended it.
    pub(super) ended: Option<bool>,
    pub(super) call_sequence: u64,
    pub(super) wish: Wish,
}

/// What a caller is going to want: stands for the numbers and the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    pub(super) class: usize,
    pub(super) questions: u64,
    pub(super) priority: i32,
    /// Who calls; nobody knows of zero.
    pub(super) caller: u64,
    /// The agent he asks for.
    pub(super) agent: Option<usize>,
    /// Whether he writes instead of calling.
    pub(super) writes: bool,
}

impl Wish {
    /// Names who calls, as far as it is known.
    pub(super) fn caller(self) -> String {
        if self.caller == 0 { String::new() } else { format!("+86{}", self.caller) }
    }

    /// Gives the channel he comes through.
    pub(super) fn channel(self) -> Channel {
        if self.writes { Channel::Chat } else { Channel::Voice }
    }

    pub(super) fn encode(self) -> String {
        let agent = self.agent.map_or(String::new(), |agent| agent.to_string());
        let Self { class, questions, priority, caller, .. } = self;
        format!("{class}.{questions}.{priority}.{caller}.{agent}.{}", u8::from(self.writes))
    }

    pub(super) fn decode(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        Some(Self {
            class: parts.next()?.parse().ok()?,
            questions: parts.next()?.parse().ok()?,
            priority: parts.next()?.parse().ok()?,
            caller: parts.next()?.parse().ok()?,
            agent: parts.next()?.parse().ok(),
            writes: parts.next()? == "1",
        })
    }
}

/// A fact about a call, kept by its gateway until it is recorded.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) sequence: u64,
    pub(super) call: ContactId,
    pub(super) call_sequence: u64,
    pub(super) what: What,
}

/// What happened to a call.
#[derive(Clone, Debug)]
pub(super) enum What {
    Offered(Wish),
    Digits { question: String },
    Bridged { offer: OfferId },
    BridgeFailed { offer: OfferId, by_caller: bool },
    DialFailed { offer: OfferId },
    AgentGone,
    HungUp { by_center: bool },
}

/// What a replica says to a gateway.
#[derive(Clone, Debug)]
pub(super) enum ToGateway {
    Welcome { token: Token },
    Acknowledged { accepted: u64, recorded: u64 },
    Order(Order),
    Rejected { sequence: u64 },
    Gap { expected: u64 },
    Heartbeat,
    Reconciled,
    BatchDone { number: u64 },
    Closed,
}

/// Something a gateway is to do with a call.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) token: Token,
    pub(super) call: ContactId,
    pub(super) sequence: u64,
    pub(super) deed: Deed,
}

/// What to do with a call.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    Ask,
    Treat,
    Bridge {
        agent: AgentId,
        offer: OfferId,
    },
    /// Calls somebody back who asked for it.
    Dial {
        agent: AgentId,
        offer: OfferId,
        wish: Wish,
        call_sequence: u64,
    },
    /// Has one agent talk to another about a call.
    Consult {
        about: ContactId,
        agent: AgentId,
        offer: OfferId,
        wish: Wish,
        call_sequence: u64,
    },
    Query,
    HangUp,
}

/// What a desktop says.
#[derive(Clone, Debug)]
pub(super) enum FromDesk {
    Hello { session: Option<Token>, want: Want },
    Act { number: u64, action: Action },
}

/// What an agent does.
#[derive(Clone, Debug)]
pub(super) enum Action {
    Beat,
    Want(Want),
    Accept(OfferId),
    Decline(OfferId),
    Finish(ContactId),
    Transfer(ContactId, usize),
    /// Asks another agent about a call, under an id of its own.
    Consult(ContactId, ContactId, usize),
    /// Joins the caller and whoever was asked.
    Join(ContactId),
    /// Asks no more.
    StopConsult(ContactId),
    Extend(ContactId),
}

/// What a replica says to a desktop.
#[derive(Clone, Debug)]
pub(super) enum ToDesk {
    /// Everything shown before is void.
    Welcome {
        session: Token,
        view: View,
    },
    Shows(View),
    Answer {
        number: u64,
        done: bool,
    },
    Replaced,
    Closed,
}

/// An agent as his desktop shows him.
#[derive(Clone, Debug)]
pub(super) struct View {
    pub(super) state: AgentState,
    pub(super) version: u64,
}
