//! One step of a floor: a command of the production reducer, or a deadline that comes.

use std::collections::BTreeSet;
use std::time::Duration;

use switchboard_domain::floor::command::{Command, Desk, Leg, Report};
use switchboard_domain::floor::plan::MissCause;
use switchboard_domain::floor::state::{Seat, Want};

use super::names::{self, Names};
use super::plan::{self, House};
use super::timer::Timer;

/// One step; tokens and offers are codes, everything else counts from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    Open {
        epoch: u8,
    },
    Sweep,
    Join {
        gateway: u8,
        count: u8,
    },
    Reconcile {
        gateway: u8,
        token: u8,
        contact: u8,
        bridged: u8,
    },
    FinishInventory {
        gateway: u8,
        token: u8,
    },
    Start {
        contact: u8,
        gateway: u8,
        token: u8,
    },
    Route {
        contact: u8,
        gateway: u8,
        token: u8,
    },
    Bridged {
        contact: u8,
        gateway: u8,
        token: u8,
        offer: u8,
    },
    BridgeFailed {
        contact: u8,
        gateway: u8,
        token: u8,
        offer: u8,
    },
    AgentGone {
        contact: u8,
        gateway: u8,
        token: u8,
    },
    HangUp {
        contact: u8,
        gateway: u8,
        token: u8,
    },
    SignIn {
        agent: u8,
        count: u8,
        ready: bool,
    },
    SetWant {
        agent: u8,
        session: u8,
        want: Want,
    },
    Accept {
        agent: u8,
        session: u8,
        offer: u8,
    },
    Decline {
        agent: u8,
        session: u8,
        offer: u8,
    },
    FinishWrapUp {
        agent: u8,
        session: u8,
        contact: u8,
    },
    Transfer {
        agent: u8,
        session: u8,
        contact: u8,
    },
    Move {
        contact: u8,
    },
    Assign {
        contact: u8,
        agent: u8,
    },
    Fire(Timer),
    /// Forgets closed offers that nobody can mention any more, all but these.
    Forget {
        keep: u32,
    },
}

impl Step {
    /// Gives how many sessions its agent or gateway has begun before it begins another.
    pub(super) fn count(self) -> Option<u8> {
        if let Self::Join { count, .. } | Self::SignIn { count, .. } = self {
            return Some(count);
        }
        None
    }

    /// Gives the command of the reducer.
    pub(super) fn command(self, names: &Names, house: House) -> Command {
        match self {
            Self::Open { epoch } => Command::OpenEpoch {
                epoch: u64::from(epoch),
                gateways: BTreeSet::new(),
                lease: plan::LEASE,
            },
            Self::Sweep => Command::SweepEpoch,
            Self::Join { .. } | Self::Reconcile { .. } | Self::FinishInventory { .. } => {
                self.gateway_command(names, house)
            }
            Self::Start { .. }
            | Self::Route { .. }
            | Self::Bridged { .. }
            | Self::BridgeFailed { .. }
            | Self::AgentGone { .. }
            | Self::HangUp { .. } => self.report_command(names, house),
            Self::SignIn { .. }
            | Self::SetWant { .. }
            | Self::Accept { .. }
            | Self::Decline { .. }
            | Self::FinishWrapUp { .. }
            | Self::Transfer { .. } => self.desk_command(names, house),
            Self::Move { contact } => Command::MoveContact {
                contact: names.contacts[usize::from(contact)].clone(),
                plan_version: plan::VERSION,
                route: house.route(1),
                by: String::new(),
            },
            Self::Assign { contact, agent } => Command::AssignContact {
                contact: names.contacts[usize::from(contact)].clone(),
                agent: names.agents[usize::from(agent)].clone(),
                by: String::new(),
            },
            Self::Fire(_) | Self::Forget { .. } => Command::FireDeadlines,
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "`command` sends only these here")]
    fn gateway_command(self, names: &Names, house: House) -> Command {
        let id = |gateway: u8| names.gateways[usize::from(gateway)].clone();
        match self {
            Self::Reconcile { gateway, token, contact, bridged } => Command::ReconcileLeg {
                gateway: id(gateway),
                token: names::token(token),
                leg: Leg {
                    contact: names.contacts[usize::from(contact)].clone(),
                    age: Duration::from_secs(7),
                    bridged_to: (bridged > 0)
                        .then(|| names.agents[usize::from(bridged) - 1].clone()),
                    over: false,
                    call_sequence: 1,
                    fallback: Some(house.route(0)),
                    channel: house.channel(),
                    caller: String::new(),
                    details: String::new(),
                },
            },
            Self::FinishInventory { gateway, token } => {
                Command::FinishInventory { gateway: id(gateway), token: names::token(token) }
            }
            Self::Join { gateway, .. } => {
                Command::JoinGateway { gateway: id(gateway), lease: plan::LEASE }
            }
            _ => Command::FireDeadlines,
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "`command` sends only these here")]
    fn report_command(self, names: &Names, house: House) -> Command {
        let report = |contact: u8, gateway: u8, token: u8| Report {
            contact: names.contacts[usize::from(contact)].clone(),
            gateway: names.gateways[usize::from(gateway)].clone(),
            token: names::token(token),
            call_sequence: 1,
        };
        let offer = |code: u8| names.offers[usize::from(code)].clone();
        match self {
            Self::Start { contact, gateway, token } => Command::StartContact {
                report: report(contact, gateway, token),
                channel: house.channel(),
                caller: String::new(),
                plan_version: plan::VERSION,
                fallback: Some(house.route(0)),
                details: String::new(),
            },
            Self::Route { contact, gateway, token } => Command::RouteContact {
                report: report(contact, gateway, token),
                plan_version: plan::VERSION,
                route: house.route(0),
                priority: 0,
                credit: Duration::ZERO,
                details: String::new(),
            },
            Self::Bridged { contact, gateway, token, offer: code } => Command::ReportBridged {
                report: report(contact, gateway, token),
                offer: offer(code),
            },
            Self::BridgeFailed { contact, gateway, token, offer: code } => {
                Command::ReportBridgeFailed {
                    report: report(contact, gateway, token),
                    offer: offer(code),
                    cause: MissCause::Unreachable,
                }
            }
            Self::AgentGone { contact, gateway, token } => {
                Command::ReportAgentGone { report: report(contact, gateway, token) }
            }
            Self::HangUp { contact, gateway, token } => {
                Command::HangUp { report: report(contact, gateway, token), served: false }
            }
            _ => Command::FireDeadlines,
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "`command` sends only these here")]
    fn desk_command(self, names: &Names, house: House) -> Command {
        let desk = |agent: u8, session: u8| Desk {
            agent: names.agents[usize::from(agent)].clone(),
            session: names::token(session),
        };
        let contact = |number: u8| names.contacts[usize::from(number)].clone();
        match self {
            Self::SignIn { agent, ready, .. } => Command::SignIn {
                agent: names.agents[usize::from(agent)].clone(),
                want: if ready { Want::Ready } else { Want::NotReady },
                reason: String::new(),
                profile: house.profile(usize::from(agent)),
                seat: Seat::default(),
                plan_version: plan::VERSION,
                lease: plan::LEASE,
            },
            Self::SetWant { agent, session, want } => {
                Command::SetWant { desk: desk(agent, session), want, reason: String::new() }
            }
            Self::Accept { agent, session, offer } => Command::AcceptOffer {
                desk: desk(agent, session),
                offer: names.offers[usize::from(offer)].clone(),
            },
            Self::Decline { agent, session, offer } => Command::DeclineOffer {
                desk: desk(agent, session),
                offer: names.offers[usize::from(offer)].clone(),
            },
            Self::FinishWrapUp { agent, session, contact: number } => Command::FinishWrapUp {
                desk: desk(agent, session),
                contact: contact(number),
                notes: String::new(),
            },
            Self::Transfer { agent, session, contact: number } => Command::TransferContact {
                desk: desk(agent, session),
                contact: contact(number),
                plan_version: plan::VERSION,
                route: house.route(1),
            },
            _ => Command::FireDeadlines,
        }
    }
}
