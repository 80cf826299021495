//! The mutants: each takes one rule away, and must be found in a small world that needs the rule.

use switchboard_domain::floor::mutants::Mutant;
#[cfg(feature = "mutants")]
use switchboard_domain::floor::mutants::plant;

use super::configuration::{Configuration, Edge};
use super::plan::House;
use super::search::{Finding, Search};
use super::world::Left;

/// A rule that is taken away, and the world where it is missed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hunt {
    pub(super) name: &'static str,
    /// The rule of the floor, if it is one.
    pub(super) mutant: Option<Mutant>,
    pub(super) ground: Configuration,
}

impl Hunt {
    /// Searches with the rule taken away; nothing where faults cannot be planted.
    #[cfg(feature = "mutants")]
    #[expect(clippy::unnecessary_wraps, reason = "without the feature there is nothing to find")]
    pub(super) fn run(&self) -> Option<Finding> {
        plant(self.mutant);
        let finding = Search::new(self.ground, true).run();
        plant(None);
        Some(finding)
    }

    /// Searches with the rule taken away; nothing where faults cannot be planted.
    #[cfg(not(feature = "mutants"))]
    pub(super) fn run(&self) -> Option<Finding> {
        self.mutant.is_none().then(|| Search::new(self.ground, true).run())
    }
}

/// No hunt may take longer.
const LIMIT: usize = 3_000_000;

const NONE: Left = Left {
    crashes: 0,
    gateway_leases: 0,
    gateway_crashes: 0,
    agent_leases: 0,
    replacements: 0,
    leg_drops: 0,
    transfers: 0,
    long_waits: 0,
    breaks: 0,
    failures: 0,
    supervisions: 0,
};

/// One caller, two agents, one crash.
const CRASH: Configuration =
    Configuration::new("crash", 1, 2, 1).with(Left { crashes: 1, leg_drops: 1, ..NONE });
/// One caller, two agents, two crashes.
const CRASHES: Configuration =
    Configuration::new("crashes", 1, 2, 1).with(Left { crashes: 2, leg_drops: 1, ..NONE });
/// Two gateways and one agent who may be thought to be at either.
const GATEWAYS: Configuration =
    Configuration::new("gateways", 2, 1, 2).with(Left { crashes: 1, ..NONE });
/// One gateway that loses its lease and comes back.
const PARTITION: Configuration = Configuration::new("partition", 1, 2, 1).with(Left {
    gateway_leases: 1,
    agent_leases: 1,
    ..NONE
});
/// Two gateways, one of which is out of reach while its agent talks.
const TORN: Configuration =
    Configuration::new("torn", 2, 1, 2).with(Left { gateway_leases: 1, ..NONE });
/// A gateway that dies and starts anew.
const REBOOT: Configuration = Configuration::new("reboot", 1, 1, 1).with(Left {
    gateway_crashes: 1,
    gateway_leases: 1,
    ..NONE
});
/// Desktops come and go.
const DESKTOPS: Configuration = Configuration::new("desktops", 1, 2, 1).with(Left {
    agent_leases: 1,
    replacements: 1,
    breaks: 1,
    ..NONE
});
/// Calls move on.
const MOVES: Configuration = Configuration::new("moves", 1, 2, 1).with(Left {
    leg_drops: 1,
    transfers: 1,
    failures: 1,
    ..NONE
});
/// More callers than agents.
const LINE: Configuration = Configuration::new("line", 2, 1, 1).with(NONE);

const fn floor(name: &'static str, mutant: Mutant, ground: Configuration) -> Hunt {
    Hunt { name, mutant: Some(mutant), ground }
}

const fn edge(name: &'static str, edge: Edge, mut ground: Configuration) -> Hunt {
    ground.edge = Some(edge);
    Hunt { name, mutant: None, ground }
}

/// Gives every hunt.
pub(super) fn hunts() -> Vec<Hunt> {
    let mut declining = LINE;
    declining.declines = true;
    let mut short = LINE;
    short.house = House { max_waiting: 1, overflow: true, ..House::USUAL };
    short.left.long_waits = 1;
    short.left.breaks = 1;
    let mut tokens = edge("redistok", Edge::TokensFromRedis, CRASH);
    tokens.mutant = Some(Mutant::TokenWithoutEpoch);
    let mut silent = Configuration::new("silent", 1, 1, 2).with(Left { crashes: 1, ..NONE });
    silent.silent_gateway = true;
    let mut away = Configuration::new("away", 1, 1, 1).with(Left { gateway_leases: 1, ..NONE });
    away.gateways_stay_away = true;
    let mut hunts = vec![
        floor("noquarantine", Mutant::NoQuarantine, CRASH),
        edge("redisoffer", Edge::OffersFromRedis, CRASH),
        tokens,
        edge("redisepoch", Edge::EpochFromRedis, CRASHES),
        edge("nogwfence", Edge::NoGatewayFence, CRASH),
        edge("noepoch", Edge::NoEpoch, CRASH),
        floor("noofferid", Mutant::NoOfferId, declining),
        floor("acceptany", Mutant::AcceptClosed, DESKTOPS),
        floor("lateaccept", Mutant::AcceptLate, DESKTOPS),
        floor("anydesk", Mutant::AcceptFromAnyDesk, DESKTOPS),
        floor("blindrequeue", Mutant::BlindRequeue, DESKTOPS),
        floor("staleinv", Mutant::StaleInventory, CRASHES),
        floor("helloreset", Mutant::HelloResets, DESKTOPS),
        floor("nonatomic", Mutant::HalfAccept, DESKTOPS),
        floor("nobarrier", Mutant::NoBarrier, GATEWAYS),
        floor("nobarrierend", Mutant::EndlessBarrier, silent),
        floor("noevidence", Mutant::NoEvidence, GATEWAYS),
        floor("nooutdating", Mutant::NoOutdating, CRASH),
        floor("invendsnothing", Mutant::InventoryEndsNothing, REBOOT),
        floor("lostdesktoprings", Mutant::LostDesktopRings, DESKTOPS),
        floor("transferkeepsagent", Mutant::TransferKeepsAgent, MOVES),
        floor("transferringsback", Mutant::TransferRingsBack, MOVES),
        floor("droppedlegkeepsagent", Mutant::DroppedLegKeepsAgent, MOVES),
        floor("droppedleglosescall", Mutant::DroppedLegLosesCall, MOVES),
        floor("orphansforgotten", Mutant::OrphansForgotten, away),
        floor("nograce", Mutant::NoGrace, TORN),
        floor("noreopening", Mutant::NoReopening, PARTITION),
        floor("queueoverfull", Mutant::QueueOverfull, short),
        floor("twolines", Mutant::TwoLines, short),
        floor("requeuelosesplace", Mutant::RequeueLosesPlace, declining),
        floor("endlesswrapup", Mutant::EndlessWrapUp, LINE),
        floor("forgottencooldown", Mutant::ForgottenCoolDown, declining),
        floor("nomatchwhenfree", Mutant::NoMatchWhenFree, LINE),
        floor("appliedtwice", Mutant::AppliedTwice, MOVES),
        floor("refusedtoolate", Mutant::RefusedTooLate, PARTITION),
    ];
    hunts.extend(house_hunts());
    for hunt in &mut hunts {
        hunt.ground.limit = LIMIT;
    }
    hunts
}

/// The hunts for rules of queues, groups, capacity and supervisors.
fn house_hunts() -> Vec<Hunt> {
    let mut group = Configuration::new("group", 1, 2, 1).with(Left { breaks: 1, ..NONE });
    group.house.ring_count = 2;
    let mut misses = Configuration::new("misses", 1, 1, 1);
    misses.house.miss_threshold = 1;
    let mut chats = Configuration::new("chats", 3, 1, 1);
    chats.house.capacity = 2;
    let mut active = Configuration::new("active", 2, 2, 1);
    active.house.max_active = 1;
    let mut rings = Configuration::new("rings", 1, 2, 1).with(Left { breaks: 1, ..NONE });
    rings.house.rings = true;
    let supervised =
        Configuration::new("supervised", 2, 1, 1).with(Left { supervisions: 1, ..NONE });
    vec![
        floor("losersring", Mutant::LosersRing, group),
        floor("loserslosetheirturn", Mutant::LosersLoseTheirTurn, group),
        floor("breakringson", Mutant::BreakRingsOn, group),
        floor("missesdonotcount", Mutant::MissesDoNotCount, misses),
        floor("overcapacity", Mutant::OverCapacity, chats),
        floor("queueoveractive", Mutant::QueueOverActive, active),
        floor("roomforgotten", Mutant::RoomForgotten, active),
        floor("ringsneverwiden", Mutant::RingsNeverWiden, rings),
        floor("emptyisignored", Mutant::EmptyIsIgnored, rings),
        floor("moveringson", Mutant::MoveRingsOn, supervised),
        floor("assignsthebusy", Mutant::AssignsTheBusy, supervised),
    ]
}
