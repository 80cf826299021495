//! What may happen next.

use std::fmt;

use switchboard_store::course::{Course, Step};

use super::mutants::Mutant;
use super::world::{ENTITIES, Server, World};

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// A primary tells of an entity.
    Tell { by: Primary, entity: u8, at: u8, poison: bool },
    /// The live store is written to its disk.
    Save,
    /// The live store falls back to its disk; the old primary may go on.
    Crash { splits: bool },
    /// A new epoch is opened.
    Open { at: u8 },
    /// A recorder turns to the new primary.
    Reconnect(usize),
    /// A recorder does its next step.
    Proceed(usize),
    /// A recorder does its next step and does not hear how it ended.
    Unheard(usize),
    /// A recorder's next step fails.
    Fail(usize),
    /// A recorder dies and begins anew.
    Die(usize),
    /// A recorder trims its stream.
    Trim(usize),
    /// A recorder moves the offset and dies before it writes the events.
    Torn(usize),
    /// Somebody replays a dead event, in the order of their places.
    Replay(usize),
}

/// Which primary does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primary {
    Present,
    Old,
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tell { by, entity, at, poison } => {
                let of = if *poison { " what cannot be kept" } else { "" };
                write!(formatter, "{by:?} primary tells{of} of entity {entity} at place {at}")
            }
            Self::Save => formatter.write_str("the live store is saved"),
            Self::Crash { splits: false } => formatter.write_str("the live store falls back"),
            Self::Crash { splits: true } => {
                formatter.write_str("the live store falls back, the old primary goes on")
            }
            Self::Open { at } => write!(formatter, "a new epoch is opened at place {at}"),
            Self::Reconnect(who) => write!(formatter, "recorder {who} finds the new primary"),
            Self::Proceed(who) => write!(formatter, "recorder {who} does its next step"),
            Self::Unheard(who) => write!(formatter, "recorder {who} does not hear of its step"),
            Self::Fail(who) => write!(formatter, "recorder {who} is interrupted"),
            Self::Die(who) => write!(formatter, "recorder {who} begins anew"),
            Self::Trim(who) => write!(formatter, "recorder {who} trims"),
            Self::Torn(who) => write!(formatter, "recorder {who} dies after the offset"),
            Self::Replay(which) => write!(formatter, "dead event {which} is replayed"),
        }
    }
}

/// Gives everything that may happen next.
pub(super) fn possible(world: &World, mutant: Option<Mutant>) -> Vec<Action> {
    let mut actions = of_primaries(world);
    for who in 0..world.recorders.len() {
        of_recorder(world, who, mutant, &mut actions);
    }
    if world.left.replays > 0 {
        actions.extend((0..world.durable.dead.len()).map(Action::Replay));
    }
    actions
}

fn of_primaries(world: &World) -> Vec<Action> {
    let (left, mut actions) = (&world.left, vec![]);
    if !world.server.open {
        actions.extend(places(world, &world.server).map(|at| Action::Open { at }));
    } else if left.events > 0 {
        tells(world, &world.server, Primary::Present, &mut actions);
    }
    if let Some(old) = world.old.as_ref().filter(|_| left.events > 0) {
        tells(world, old, Primary::Old, &mut actions);
    }
    if world.server.open && left.saves > 0 && world.disk != world.server {
        actions.push(Action::Save);
    }
    if world.server.open && left.crashes > 0 {
        actions.push(Action::Crash { splits: false });
        if left.splits > 0 {
            actions.push(Action::Crash { splits: true });
        }
    }
    actions
}

fn tells(world: &World, server: &Server, by: Primary, actions: &mut Vec<Action>) {
    // The second entity differs from the first only by coming second.
    let met = world.told.iter().filter_map(|told| told.entity).max().map_or(0, |last| last + 1);
    for at in places(world, server) {
        for entity in (0..=met).filter(|entity| usize::from(*entity) < ENTITIES) {
            actions.push(Action::Tell { by, entity, at, poison: false });
            if world.left.poison > 0 {
                actions.push(Action::Tell { by, entity, at, poison: true });
            }
        }
    }
}

/// Gives the places a stream may take next: by a slow clock, and by one that is ahead of all.
fn places(world: &World, server: &Server) -> impl Iterator<Item = u8> + use<> {
    let slow = server.last + 1;
    let ahead = world.told.iter().map(|told| told.place + 1).max().unwrap_or(slow).max(slow);
    [slow, ahead].into_iter().take(if slow == ahead { 1 } else { 2 })
}

fn of_recorder(world: &World, who: usize, mutant: Option<Mutant>, actions: &mut Vec<Action>) {
    let recorder = &world.recorders[who];
    actions.push(Action::Proceed(who));
    if recorder.course != Course::default() {
        actions.extend([Action::Fail(who), Action::Die(who)]);
    }
    if matches!(recorder.course.next(), Step::Keep { .. } | Step::Bury { .. }) {
        actions.push(Action::Unheard(who));
        if mutant == Some(Mutant::OffsetBeforeEvents) {
            actions.push(Action::Torn(who));
        }
    }
    if recorder.at_old {
        actions.push(Action::Reconnect(who));
    }
    if world.left.trims > 0 && recorder.course.trim(std::time::Duration::ZERO).is_some() {
        actions.push(Action::Trim(who));
    }
}
