//! What may happen next in the world, in words.

use std::fmt;

use super::timer::Timer;

/// One thing that happens; everything counts from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    CallerArrives(u8),
    CallerHangsUp(u8),
    CenterHangsUp(u8),
    CallerUsesMenu(u8),
    AgentLegDrops(u8),
    FactArrives(u8),
    TruthRepeated(u8),
    DiskKeeps,
    Crash { old_stays: bool },
    GatewayDies(u8),
    GatewayJoins(u8),
    WelcomeArrives(u8),
    InventoryArrives(u8),
    LateInventoryArrives(u8),
    OrderSent { contact: u8, old: bool },
    OrderObeyed { contact: u8, slot: u8, connects: bool },
    SignsIn(u8),
    DesktopReplaced(u8),
    WantsReady(u8),
    WantsBreak(u8),
    ClicksAccept(u8),
    AcceptArrives(u8),
    Declines(u8),
    FinishesWrapUp(u8),
    Transfers(u8),
    GivesUp(u8),
    Moved(u8),
    Assigned { contact: u8, agent: u8 },
    Comes { timer: Timer, old: bool },
}

impl Action {
    /// Gives the order in which a fault-free world does things on its way to rest; none for what it
    /// does not do by itself.
    pub(super) fn rank(self) -> Option<u8> {
        Some(match self {
            Self::FactArrives(_)
            | Self::GatewayJoins(_)
            | Self::WelcomeArrives(_)
            | Self::InventoryArrives(_)
            | Self::LateInventoryArrives(_) => 0,
            Self::SignsIn(_) => 1,
            Self::WantsReady(_) => 2,
            Self::CallerUsesMenu(_)
            | Self::TruthRepeated(_)
            | Self::OrderSent { .. }
            | Self::OrderObeyed { connects: true, .. } => 3,
            Self::AcceptArrives(_) => 4,
            Self::ClicksAccept(_) => 5,
            Self::CenterHangsUp(_) => 6,
            Self::Comes {
                timer: Timer::WrapUp(_) | Timer::CoolDown(..) | Timer::Ring(_) | Timer::Due,
                ..
            } => 7,
            Self::CallerHangsUp(_) => 8,
            Self::GivesUp(_)
            | Self::Comes { timer: Timer::Barrier | Timer::GatewayLease(_), .. } => 9,
            Self::Comes { timer: Timer::Contact(_), .. } => 10,
            Self::CallerArrives(_)
            | Self::AgentLegDrops(_)
            | Self::DiskKeeps
            | Self::Crash { .. }
            | Self::GatewayDies(_)
            | Self::OrderObeyed { connects: false, .. }
            | Self::DesktopReplaced(_)
            | Self::WantsBreak(_)
            | Self::Declines(_)
            | Self::FinishesWrapUp(_)
            | Self::Transfers(_)
            | Self::Moved(_)
            | Self::Assigned { .. }
            | Self::Comes { .. } => return None,
        })
    }
}

impl fmt::Display for Action {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CallerArrives(contact) => write!(out, "caller {contact} arrives"),
            Self::CallerHangsUp(contact) => write!(out, "caller {contact} hangs up"),
            Self::CenterHangsUp(contact) => write!(out, "the center ends call {contact}"),
            Self::CallerUsesMenu(contact) => write!(out, "caller {contact} finishes the menu"),
            Self::AgentLegDrops(contact) => write!(out, "the agent's leg of call {contact} drops"),
            Self::FactArrives(contact) => write!(out, "the next fact of call {contact} arrives"),
            Self::TruthRepeated(contact) => {
                write!(out, "asked, the gateway repeats what became of call {contact}")
            }
            Self::DiskKeeps => write!(out, "the disk has everything up to here"),
            Self::Crash { old_stays: false } => {
                write!(out, "Redis crashes, comes back as the disk has it, a new epoch opens")
            }
            Self::Crash { old_stays: true } => {
                write!(out, "a stale replica takes over in a new epoch, the old primary stays")
            }
            Self::GatewayDies(gateway) => {
                write!(out, "gateway {gateway} dies with its calls and starts anew")
            }
            Self::GatewayJoins(gateway) => write!(out, "gateway {gateway} gets a new session"),
            Self::WelcomeArrives(gateway) => {
                write!(out, "gateway {gateway} takes the session and sends its inventory")
            }
            Self::InventoryArrives(gateway) => {
                write!(out, "the next part of gateway {gateway}'s inventory arrives")
            }
            Self::LateInventoryArrives(gateway) => {
                write!(out, "an inventory of an earlier session of gateway {gateway} arrives")
            }
            Self::OrderSent { contact, old } => {
                write!(out, "{} sends the order to connect call {contact}", primary(*old))
            }
            Self::OrderObeyed { contact, connects: true, .. } => {
                write!(out, "the gateway connects call {contact}")
            }
            Self::OrderObeyed { contact, connects: false, .. } => {
                write!(out, "the gateway cannot connect call {contact}")
            }
            Self::SignsIn(agent) => write!(out, "agent {agent} signs in"),
            Self::DesktopReplaced(agent) => {
                write!(out, "another desktop of agent {agent} signs in")
            }
            Self::WantsReady(agent) => write!(out, "agent {agent} wants to be ready"),
            Self::WantsBreak(agent) => write!(out, "agent {agent} wants a break"),
            Self::ClicksAccept(agent) => write!(out, "agent {agent} clicks accept"),
            Self::AcceptArrives(agent) => write!(out, "agent {agent}'s accept arrives"),
            Self::Declines(agent) => write!(out, "agent {agent} declines"),
            Self::FinishesWrapUp(agent) => write!(out, "agent {agent} finishes after-call work"),
            Self::Transfers(agent) => write!(out, "agent {agent} transfers the call"),
            Self::GivesUp(agent) => {
                write!(out, "agent {agent} leaves a call whose gateway is gone")
            }
            Self::Moved(contact) => write!(out, "a supervisor moves call {contact}"),
            Self::Assigned { contact, agent } => {
                write!(out, "a supervisor gives call {contact} to agent {agent}")
            }
            Self::Comes { timer, old } => write!(out, "at {}: {}", primary(*old), deadline(*timer)),
        }
    }
}

fn primary(old: bool) -> &'static str {
    if old { "the old primary" } else { "the floor" }
}

fn deadline(timer: Timer) -> String {
    match timer {
        Timer::Contact(contact) => format!("the time of call {contact}'s state is over"),
        Timer::CoolDown(contact, agent) => {
            format!("call {contact} may ring agent {agent} again")
        }
        Timer::LongestWait(contact) => format!("call {contact} has waited too long"),
        Timer::AgentLease(agent) => format!("agent {agent}'s heartbeats are missing"),
        Timer::WrapUp(agent) => format!("agent {agent}'s after-call work is over"),
        Timer::GatewayLease(gateway) => format!("gateway {gateway}'s heartbeats are missing"),
        Timer::Ring(contact) => format!("call {contact} looks further"),
        Timer::Due => "what is due is done".to_owned(),
        Timer::Barrier => "the barrier waits no longer".to_owned(),
    }
}
