//! The worlds that are searched to their end.

use super::configuration::Configuration;
use super::plan::House;
use super::world::Left;

/// Gives every world of the short form, or of the long one, which goes to the end of most and adds
/// larger ones. A limit bounds the memory of a world with many different floors, about 12 KB each.
pub(super) fn catalogue(long: bool) -> Vec<Configuration> {
    let mut worlds = vec![
        crash_and_lease(),
        two_crashes(),
        two_gateways(),
        two_calls(),
        old_primary(),
        desktops(),
        moves(),
        silent_gateway(),
        gateway_dies(),
        gateways_stay_away(),
        out_of_reach(),
        group(),
        full_queue(),
        busy_queue(),
        rings(),
        chats(),
        supervised(),
    ];
    if long {
        for world in &mut worlds {
            world.limit = world.long_limit;
        }
        worlds.extend(long_worlds());
    }
    worlds
}

/// One caller, two agents; a crash, a gateway out of reach, an agent's leg that drops.
fn crash_and_lease() -> Configuration {
    let left = Left { crashes: 1, gateway_leases: 1, leg_drops: 1, ..Left::default() };
    Configuration::new("crash and lease", 1, 2, 1).with(left)
}

/// One caller, two agents; two crashes.
fn two_crashes() -> Configuration {
    let left = Left { crashes: 2, leg_drops: 1, ..Left::default() };
    Configuration::new("two crashes", 1, 2, 1).with(left)
}

/// Two gateways with a caller each, and one agent.
fn two_gateways() -> Configuration {
    let left = Left { crashes: 1, failures: 1, leg_drops: 1, ..Left::default() };
    Configuration::new("two gateways", 2, 1, 2).with(left).up_to(8_000_000, 0)
}

/// Two callers and two agents at one gateway.
fn two_calls() -> Configuration {
    let left = Left { crashes: 1, ..Left::default() };
    Configuration::new("two calls", 2, 2, 1).with(left).up_to(4_000_000, 8_000_000)
}

/// A stale replica takes over while the old primary goes on.
fn old_primary() -> Configuration {
    let left = Left { crashes: 1, leg_drops: 1, ..Left::default() };
    Configuration::new("old primary", 1, 2, 1).with(left).split()
}

/// Desktops that fall asleep and are replaced; breaks; declined offers; a crash.
fn desktops() -> Configuration {
    let left = Left { crashes: 1, agent_leases: 1, replacements: 1, ..Left::default() };
    let mut world = Configuration::new("desktops", 1, 2, 1).with(left);
    world.declines = true;
    world
}

/// Calls that are transferred, lose their agent, or cannot be connected; a crash.
fn moves() -> Configuration {
    let left = Left { crashes: 1, leg_drops: 1, transfers: 1, failures: 1, ..Left::default() };
    Configuration::new("moves", 1, 2, 1).with(left).up_to(6_000_000, 0)
}

/// A gateway that keeps its lease after a crash and never tells its legs.
fn silent_gateway() -> Configuration {
    let left = Left { crashes: 1, agent_leases: 1, leg_drops: 1, ..Left::default() };
    let mut world = Configuration::new("silent gateway", 1, 2, 2).with(left);
    world.silent_gateway = true;
    world
}

/// Gateways that die with their calls.
fn gateway_dies() -> Configuration {
    let left = Left { gateway_crashes: 2, gateway_leases: 1, ..Left::default() };
    let mut world = Configuration::new("gateway dies", 2, 1, 2).with(left);
    world.busy_phones = true;
    world
}

/// Gateways that never come back.
fn gateways_stay_away() -> Configuration {
    let left = Left { gateway_leases: 1, agent_leases: 1, ..Left::default() };
    let mut world = Configuration::new("gateways stay away", 2, 2, 1).with(left);
    world.gateways_stay_away = true;
    world.up_to(400_000, 1_000_000)
}

/// Two gateways, one of them out of reach while its agent talks.
fn out_of_reach() -> Configuration {
    let left = Left { gateway_leases: 2, leg_drops: 1, ..Left::default() };
    Configuration::new("out of reach", 2, 1, 2).with(left).up_to(2_000_000, 8_000_000)
}

/// Two agents rung at once; a crash, a break, a desktop asleep.
fn group() -> Configuration {
    let left = Left { crashes: 1, breaks: 1, agent_leases: 1, ..Left::default() };
    let mut world = Configuration::new("ring group", 1, 2, 1).with(left);
    world.house.ring_count = 2;
    world.declines = true;
    world.up_to(2_000_000, 16_000_000)
}

/// A queue with room for one, which overflows into another; misses that count.
fn full_queue() -> Configuration {
    let left = Left { long_waits: 2, breaks: 1, transfers: 1, ..Left::default() };
    let mut world = Configuration::new("full queue", 2, 1, 1).with(left);
    world.house = House { max_waiting: 1, overflow: true, miss_threshold: 2, ..House::USUAL };
    world.declines = true;
    world.menu_ends = true;
    world.up_to(2_000_000, 8_000_000)
}

/// A queue that serves one contact at a time, with two agents for it.
fn busy_queue() -> Configuration {
    let left = Left { leg_drops: 1, breaks: 1, failures: 1, ..Left::default() };
    let mut world = Configuration::new("busy queue", 2, 2, 1).with(left);
    world.house = House { max_active: 1, wrap_up: false, ..House::USUAL };
    world.up_to(1_000_000, 4_000_000)
}

/// Contacts that look further as they age, or when nobody works for them.
fn rings() -> Configuration {
    let left = Left { crashes: 1, breaks: 1, ..Left::default() };
    let mut world = Configuration::new("rings", 1, 2, 1).with(left);
    world.house.rings = true;
    world.declines = true;
    world
}

/// Conversations in writing, two at a time for one agent.
fn chats() -> Configuration {
    let left = Left { leg_drops: 1, transfers: 1, ..Left::default() };
    let mut world = Configuration::new("chats", 3, 1, 1).with(left);
    world.house.capacity = 2;
    world.up_to(1_000_000, 4_000_000)
}

/// A supervisor who moves and gives away calls.
fn supervised() -> Configuration {
    let left = Left { supervisions: 2, breaks: 1, replacements: 1, ..Left::default() };
    Configuration::new("supervised", 2, 1, 1).with(left)
}

/// The larger worlds of the long form.
fn long_worlds() -> Vec<Configuration> {
    let drops = Left { leg_drops: 1, ..Left::default() };
    let torn = Left { crashes: 2, gateway_leases: 1, ..drops };
    let twice = Left { crashes: 2, ..drops };
    let once = Left { crashes: 1, ..drops };
    let mut gateways = Configuration::new("old primary, two gateways", 2, 1, 2);
    gateways = gateways.with(Left { crashes: 1, ..Left::default() }).split();
    let mut both = Configuration::new("two of each", 2, 2, 2).with(once);
    both.drains = false;
    vec![
        Configuration::new("two crashes and lease", 1, 2, 1).with(torn).up_to(30_000_000, 0),
        Configuration::new("old primary, two crashes", 1, 2, 1)
            .with(twice)
            .split()
            .up_to(40_000_000, 0),
        gateways.up_to(20_000_000, 0),
        both.up_to(10_000_000, 0),
    ]
}
