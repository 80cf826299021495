//! Who sends a command, and what a gateway says of its legs.

use std::time::Duration;

use crate::channel::Channel;
use crate::floor::plan::Route;
use crate::floor::state::Token;
use crate::ids::{AgentId, ContactId, GatewayId, OfferId};

/// What every command is sent with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The run id of the server process that the sender is connected to.
    pub run: String,
    /// The machine's wall time in milliseconds; the floor turns it into its logical clock.
    pub wall: i64,
    /// 128 random bits from which the ids of offers made in this step are derived.
    pub seed: OfferId,
}

/// What a gateway says of one leg in its inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The contact.
    pub contact: ContactId,
    /// How long the call has been up.
    pub age: Duration,
    /// The agent the caller is bridged to, or was when the call ended, if any.
    pub bridged_to: Option<AgentId>,
    /// Whether the call has ended: its agent may be in another one by now.
    pub over: bool,
    /// The number of the last report of the contact that this picture already includes: while the
    /// caller is bridged, what happened before must not be applied after it.
    pub call_sequence: u64,
    /// Where an unknown or unplaced contact may wait.
    pub fallback: Option<Route>,
    /// The channel, for a contact the floor has lost.
    pub channel: Channel,
    /// Who calls, for a contact the floor has lost; empty when unknown.
    pub caller: String,
    /// What is known of the caller, for a contact the floor has lost.
    pub details: String,
}

/// An event a gateway reports about one of its contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The contact.
    pub contact: ContactId,
    /// The gateway.
    pub gateway: GatewayId,
    /// The gateway's session.
    pub token: Token,
    /// Its number among the events of the contact; a repeated one is a duplicate.
    pub call_sequence: u64,
}

/// What a callback has of its own: what a caller in the menu and the flow agreed on, or whom the
/// center owes a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// Who is called, as a name to find the same caller again by; empty when unknown.
    pub caller: String,
    /// The callback's priority; one whose caller has a place already keeps that.
    pub priority: i32,
    /// By how much the priority moves it ahead.
    pub credit: Duration,
    /// What is known of the caller by now.
    pub details: String,
}

/// Which agent asks, through which desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    /// The agent.
    pub agent: AgentId,
    /// The desktop's session.
    pub session: Token,
}
