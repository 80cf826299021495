//! Random walks over the floor, for tests: commands that are mostly possible in the present state.
//!
//! A walk is replayed exactly by its seed. The same walk drives the model alone (properties) and
//! the model beside a store (parity). A wild walk tries everything at any time; a calm one does what
//! is likely, and so gets to where few wild ones get.

mod calm;
mod plans;
mod requests;

use std::collections::BTreeSet;
use std::time::Duration;

use crate::channel::Channel;
use crate::ids::{AgentId, ContactId, GatewayId, OfferId};

use super::Floor;
use super::command::{Command, Desk, Envelope, Leg, Report};
use super::details::Details;
use super::plan::MissCause;
use super::state::{ContactState, Token, Want};

/// A stream of pseudo-random numbers (`SplitMix64`, Steele, Lea and Flood 2014).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Makes a stream from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Gives a number from zero to below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap_or(1);
        usize::try_from(self.roll() % bound).unwrap_or(0)
    }

    /// Says yes once in `times`.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        from.get(self.below(from.len())).cloned()
    }
}

/// A walk: a small center, its clock, and where it stands.
#[derive(Clone, Debug)]
pub struct Walk {
    dice: Dice,
    is_calm: bool,
    run: u32,
    wall: i64,
    steps: u64,
    contacts: usize,
    sequence: u64,
}

const AGENTS: usize = 4;
const GATEWAYS: usize = 2;
const LEASE: Duration = Duration::from_secs(10);

impl Walk {
    /// Begins a wild walk.
    pub fn new(seed: u64) -> Self {
        let (dice, wall) = (Dice::new(seed), 1_800_000_000_000);
        Self { dice, is_calm: false, run: 1, wall, steps: 0, contacts: 0, sequence: 0 }
    }

    /// Begins a calm walk.
    pub fn calm(seed: u64) -> Self {
        Self { is_calm: true, ..Self::new(seed) }
    }

    /// Gives the next command, chosen by the state of the floor, and what to send it with.
    ///
    /// # Panics
    ///
    /// Never: the numbers it makes ids of are ids.
    pub fn next(&mut self, floor: &Floor) -> (Envelope, Command) {
        self.steps += 1;
        self.wall += match self.dice.below(12) {
            0 => 1_000,
            1 => 700,
            2 => -300,
            _ => 40,
        };
        if self.dice.one_in(if self.is_calm { 500 } else { 150 }) {
            self.run += 1;
        }
        let command = self.choose(floor);
        let seed = format!("{:032x}", self.steps);
        let envelope = Envelope {
            run: format!("run-{}", self.run),
            wall: self.wall,
            seed: OfferId::parse(seed).expect("32 digits are an id"),
        };
        (envelope, command)
    }

    fn choose(&mut self, floor: &Floor) -> Command {
        if floor.run != format!("run-{}", self.run) {
            return self.open(floor);
        }
        if floor.sweeping && !self.dice.one_in(8) {
            return Command::SweepEpoch;
        }
        let often = if self.is_calm { 200 } else { 60 };
        if floor.plan.version == 0 || self.dice.one_in(often) {
            return Command::LoadPlan { plan: plans::plan(&mut self.dice, floor) };
        }
        if self.is_calm
            && !self.dice.one_in(5)
            && let Some(command) = self.likely(floor)
        {
            return command;
        }
        match self.dice.below(100) {
            0..20 => self.gateway_command(floor),
            20..30 => self.start(floor),
            30..55 => self.contact_command(floor),
            55..65 => self.sign_in(floor),
            65..86 => self.desk_command(floor),
            86..92 => self.request(floor),
            _ => Command::FireDeadlines,
        }
    }

    fn open(&mut self, floor: &Floor) -> Command {
        let epoch = floor.epoch + u64::from(!self.dice.one_in(5));
        let gateways = if self.dice.one_in(2) {
            (0..GATEWAYS).map(gateway).collect()
        } else {
            BTreeSet::new()
        };
        Command::OpenEpoch { epoch, gateways, lease: LEASE }
    }

    fn plan_version(&mut self, floor: &Floor) -> u64 {
        if self.dice.one_in(30) { floor.plan.version + 7 } else { floor.plan.version }
    }

    fn token_of(&mut self, floor: &Floor, id: &GatewayId) -> Token {
        let current = floor.gateways.get(id).and_then(|gateway| gateway.token);
        match current {
            Some(token) if !self.dice.one_in(25) => token,
            _ => Token { epoch: floor.epoch, number: 1 },
        }
    }

    fn gateway_command(&mut self, floor: &Floor) -> Command {
        let id = gateway(self.dice.below(GATEWAYS));
        let known = floor.gateways.get(&id).and_then(|gateway| gateway.token).is_some();
        if !known || self.dice.one_in(12) {
            return Command::JoinGateway { gateway: id, lease: LEASE };
        }
        let token = self.token_of(floor, &id);
        let fresh = floor.gateways.get(&id).is_some_and(|gateway| gateway.fresh);
        if fresh && !self.dice.one_in(10) {
            return Command::RenewGateway { gateway: id, token, lease: LEASE };
        }
        if self.dice.one_in(3) {
            return Command::FinishInventory { gateway: id, token };
        }
        let leg = self.leg(floor);
        Command::ReconcileLeg { gateway: id, token, leg }
    }

    fn leg(&mut self, floor: &Floor) -> Leg {
        let contact = self.some_contact(floor);
        let truth = floor.contacts.get(&contact).and_then(|contact| contact.state.agent().cloned());
        let bridged_to = match self.dice.below(4) {
            0 => truth,
            1 => Some(agent(self.dice.below(AGENTS))),
            _ => None,
        };
        let drawn = self.channel();
        let channel = floor.contacts.get(&contact).map_or(drawn, |contact| contact.channel);
        let fallback = self.dice.one_in(2).then(|| plans::route(&mut self.dice, channel));
        let details = Details::new().with("calling_number", "+8613800000001").encode();
        let caller = self.caller();
        let call_sequence = if self.dice.one_in(2) { self.sequence } else { 0 };
        let (age, over) = (Duration::from_secs(7), self.dice.one_in(4));
        Leg { contact, age, bridged_to, over, call_sequence, fallback, channel, caller, details }
    }

    fn channel(&mut self) -> Channel {
        let channels = [Channel::Voice, Channel::Voice, Channel::Chat, Channel::Task];
        self.dice.pick(&channels).unwrap_or(Channel::Voice)
    }

    fn caller(&mut self) -> String {
        let callers = ["", "+8613800000001", "+8613800000002", "+8613800000003"];
        self.dice.pick(&callers).unwrap_or_default().to_owned()
    }

    fn some_contact(&mut self, floor: &Floor) -> ContactId {
        let live: Vec<ContactId> = floor
            .contacts
            .iter()
            .filter(|(_, contact)| !contact.state.is_ended())
            .map(|(id, _)| id.clone())
            .collect();
        match self.dice.pick(&live) {
            Some(id) if !self.dice.one_in(15) => id,
            _ => contact(self.dice.below(self.contacts + 1)),
        }
    }

    fn report(&mut self, floor: &Floor, id: ContactId) -> Report {
        let owner = floor.contacts.get(&id).map(|contact| contact.gateway.clone());
        let gateway = match owner {
            Some(owner) if !self.dice.one_in(30) => owner,
            _ => gateway(self.dice.below(GATEWAYS)),
        };
        let token = self.token_of(floor, &gateway);
        if !self.dice.one_in(10) {
            self.sequence += 1;
        }
        Report { contact: id, gateway, token, call_sequence: self.sequence }
    }

    fn start(&mut self, floor: &Floor) -> Command {
        let id = if self.dice.one_in(10) {
            self.some_contact(floor)
        } else {
            self.contacts += 1;
            contact(self.contacts)
        };
        let report = self.report(floor, id);
        let plan_version = self.plan_version(floor);
        let channel = self.channel();
        let fallback = self.dice.one_in(2).then(|| plans::route(&mut self.dice, channel));
        let details = Details::new().with("language", "en").encode();
        let caller = self.caller();
        Command::StartContact { report, channel, caller, plan_version, fallback, details }
    }

    fn contact_command(&mut self, floor: &Floor) -> Command {
        let id = self.some_contact(floor);
        let report = self.report(floor, id.clone());
        let state = floor.contacts.get(&id).map(|contact| contact.state.clone());
        match state {
            Some(ContactState::InMenu) if !self.dice.one_in(6) => self.menu_command(floor, report),
            Some(ContactState::Connecting { offer, .. }) if !self.dice.one_in(6) => {
                self.bridge_outcome(report, offer)
            }
            Some(ContactState::Connected { .. }) if self.dice.one_in(3) => {
                Command::ReportAgentGone { report }
            }
            Some(ContactState::Queued) if !self.dice.one_in(4) => Command::FireDeadlines,
            _ => self.any_report(floor, report),
        }
    }

    fn bridge_outcome(&mut self, report: Report, offer: OfferId) -> Command {
        match self.dice.below(5) {
            0 => {
                let cause = self.dice.pick(MissCause::ALL).unwrap_or(MissCause::Busy);
                Command::ReportBridgeFailed { report, offer, cause }
            }
            1 => Command::ReportDialFailed { report, offer, outcome: "no_answer".to_owned() },
            _ => Command::ReportBridged { report, offer },
        }
    }

    fn menu_command(&mut self, floor: &Floor, report: Report) -> Command {
        if self.dice.one_in(3) {
            let trail = Details::new().with("node", "welcome").encode();
            return Command::StepMenu { report, menu: "position".to_owned(), trail };
        }
        let priority = i32::try_from(self.dice.below(3)).unwrap_or(0);
        let channel = channel_of(floor, &report.contact);
        Command::RouteContact {
            report,
            plan_version: self.plan_version(floor),
            route: plans::route(&mut self.dice, channel),
            priority,
            credit: Duration::from_secs(5),
            details: Details::new().with("language", "zh-CN").encode(),
        }
    }

    fn any_report(&mut self, floor: &Floor, report: Report) -> Command {
        let offers: Vec<OfferId> = floor.offers.keys().cloned().collect();
        let offer = self.dice.pick(&offers).unwrap_or_else(|| OfferId::parse("0").expect("an id"));
        match self.dice.below(6) {
            0 | 1 => self.bridge_outcome(report, offer),
            2 => Command::ReportAgentGone { report },
            3 => self.menu_command(floor, report),
            _ => Command::HangUp { report, served: self.dice.one_in(2) },
        }
    }

    fn sign_in(&mut self, floor: &Floor) -> Command {
        let number = self.dice.below(AGENTS);
        Command::SignIn {
            agent: agent(number),
            want: if self.dice.one_in(6) { Want::NotReady } else { Want::Ready },
            reason: String::new(),
            profile: plans::profile(if self.dice.one_in(9) { 0 } else { number % 3 }),
            seat: plans::seat(number),
            plan_version: self.plan_version(floor),
            lease: LEASE,
        }
    }

    fn desk_command(&mut self, floor: &Floor) -> Command {
        let id = agent(self.dice.below(AGENTS));
        let session = floor.agents.get(&id).and_then(|agent| agent.session);
        let session = match session {
            Some(session) if !self.dice.one_in(25) => session,
            _ => Token { epoch: floor.epoch, number: 1 },
        };
        let desk = Desk { agent: id.clone(), session };
        let open: Vec<OfferId> = floor
            .offers
            .iter()
            .filter(|(_, offer)| offer.agent == id && offer.outcome.is_none())
            .map(|(offer, _)| offer.clone())
            .collect();
        if let Some(offer) = self.dice.pick(&open)
            && !self.dice.one_in(5)
        {
            return self.answer(desk, offer);
        }
        self.any_desk_command(floor, desk)
    }

    fn answer(&mut self, desk: Desk, offer: OfferId) -> Command {
        if self.dice.one_in(4) {
            Command::DeclineOffer { desk, offer }
        } else {
            Command::AcceptOffer { desk, offer }
        }
    }

    fn any_desk_command(&mut self, floor: &Floor, desk: Desk) -> Command {
        let bound = floor.agents.get(&desk.agent);
        let bound = bound.and_then(|agent| agent.state().contact().cloned());
        let contact = match bound {
            Some(bound) if !self.dice.one_in(8) => bound,
            _ => self.some_contact(floor),
        };
        let offers: Vec<OfferId> = floor.offers.keys().cloned().collect();
        match self.dice.below(15) {
            0..3 => Command::RenewAgent { desk, lease: LEASE },
            12..15 => self.desk_request(floor, desk, contact),
            3 => Command::SetWant { desk, want: Want::Ready, reason: String::new() },
            4 => Command::SetWant { desk, want: Want::NotReady, reason: "lunch".to_owned() },
            5 if self.dice.one_in(4) => {
                Command::SetWant { desk, want: Want::SignedOut, reason: String::new() }
            }
            6 => {
                let plan_version = self.plan_version(floor);
                let route = plans::route(&mut self.dice, channel_of(floor, &contact));
                Command::TransferContact { desk, contact, plan_version, route }
            }
            7 => match self.dice.pick(&offers) {
                Some(offer) => self.answer(desk, offer),
                None => Command::FireDeadlines,
            },
            _ => {
                let notes = Details::new().with("disposition", "sold").encode();
                Command::FinishWrapUp { desk, contact, notes }
            }
        }
    }
}

/// Gives the channel of a contact: the planner never mixes channels in a class.
fn channel_of(floor: &Floor, id: &ContactId) -> Channel {
    floor.contacts.get(id).map_or(Channel::Voice, |contact| contact.channel)
}

fn agent(number: usize) -> AgentId {
    AgentId::parse(format!("agent-{number}")).expect("a word and a number are an id")
}

fn gateway(number: usize) -> GatewayId {
    GatewayId::parse(format!("gateway-{number}")).expect("a word and a number are an id")
}

fn contact(number: usize) -> ContactId {
    ContactId::parse(format!("call-{number}")).expect("a word and a number are an id")
}
