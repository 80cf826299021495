//! The worlds that are searched: how many of each there are, and what may go wrong.

use super::world::Left;

/// A small world to be searched to its end.
///
/// In all of them recorders die and begin anew, and transactions fail or end unheard, at any time
/// and any number of times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Configuration {
    pub(super) name: &'static str,
    pub(super) recorders: usize,
    pub(super) left: Left,
}

const NONE: Left =
    Left { events: 0, crashes: 0, splits: 0, saves: 0, poison: 0, replays: 0, trims: 0 };

/// One recorder while the live store falls back to an older picture of itself.
pub(super) const CRASH: Configuration = Configuration {
    name: "a crash",
    recorders: 1,
    left: Left { events: 4, crashes: 1, saves: 2, trims: 2, ..NONE },
};
/// Two recorders at once.
pub(super) const TWO: Configuration = Configuration {
    name: "two recorders",
    recorders: 2,
    left: Left { events: 3, crashes: 1, saves: 1, trims: 1, ..NONE },
};
/// Two recorders, one of which may go on with a primary that was replaced.
pub(super) const SPLIT: Configuration = Configuration {
    name: "an old primary",
    recorders: 2,
    left: Left { events: 2, crashes: 1, splits: 1, saves: 1, trims: 1, ..NONE },
};
/// One recorder while the live store falls back twice.
pub(super) const CRASHES: Configuration = Configuration {
    name: "two crashes",
    recorders: 1,
    left: Left { events: 3, crashes: 2, saves: 2, trims: 1, ..NONE },
};
/// Two recorders with events that cannot be kept, put aside and replayed.
pub(super) const POISON: Configuration = Configuration {
    name: "poison",
    recorders: 2,
    left: Left { events: 3, poison: 2, replays: 2, trims: 1, ..NONE },
};
/// One recorder with an event that cannot be kept, and a crash.
pub(super) const POISON_CRASH: Configuration = Configuration {
    name: "poison and a crash",
    recorders: 1,
    left: Left { events: 3, crashes: 1, saves: 1, poison: 1, replays: 1, trims: 1, ..NONE },
};

/// Gives the worlds; the long form adds larger ones.
pub(super) fn worlds(long: bool) -> Vec<Configuration> {
    let mut worlds = vec![CRASH, TWO, SPLIT, CRASHES, POISON, POISON_CRASH];
    if long {
        worlds.push(Configuration {
            name: "two recorders, long",
            recorders: 2,
            left: Left { events: 4, crashes: 1, saves: 1, trims: 1, ..NONE },
        });
        worlds.push(Configuration {
            name: "an old primary, poison and replay",
            recorders: 2,
            left: Left {
                events: 2,
                crashes: 1,
                splits: 1,
                saves: 1,
                poison: 1,
                replays: 1,
                trims: 1,
            },
        });
    }
    worlds
}
