//! Faults planted around the recorder. Each must be caught, or the search shows nothing.

use super::catalogue::{CRASH, Configuration, POISON, POISON_CRASH, SPLIT, TWO};
use super::world::Left;

/// A planted fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mutant {
    /// The offset is written before the events, in a transaction of its own.
    OffsetBeforeEvents,
    /// Events and offset are written apart, and a place in the stream may be taken twice.
    AtLeastOnce,
    /// The offset is set without a look at where it stands.
    BlindOffset,
    /// All epochs share one offset.
    OneOffset,
    /// The stream is trimmed whatever epoch is in use.
    TrimInAnyEpoch,
    /// The stream is trimmed up to what was read, before it is kept.
    TrimBeforeCommit,
    /// An event that cannot be kept is tried for ever.
    PoisonBlocks,
    /// An event that cannot be kept is passed over and nowhere to be found.
    PoisonSkipped,
    /// What an old epoch tells late goes over what a newer one told.
    StaleFold,
    /// Nobody looks whether the stream ends before the cursor.
    NoLookBack,
    /// A replayed event is added after all that came since.
    ReplayAtTheEnd,
    /// A replayed event stays among the dead.
    ReplayLeavesTheGrave,
}

impl Mutant {
    pub(super) const ALL: &[Self] = &[
        Self::OffsetBeforeEvents,
        Self::AtLeastOnce,
        Self::BlindOffset,
        Self::OneOffset,
        Self::TrimInAnyEpoch,
        Self::TrimBeforeCommit,
        Self::PoisonBlocks,
        Self::PoisonSkipped,
        Self::StaleFold,
        Self::NoLookBack,
        Self::ReplayAtTheEnd,
        Self::ReplayLeavesTheGrave,
    ];

    /// Gives the world where the fault must show.
    pub(super) const fn ground(self) -> Configuration {
        match self {
            Self::AtLeastOnce | Self::BlindOffset => without_crash(TWO),
            Self::OffsetBeforeEvents
            | Self::OneOffset
            | Self::TrimInAnyEpoch
            | Self::TrimBeforeCommit
            | Self::NoLookBack => CRASH,
            Self::StaleFold => without_saves(SPLIT),
            Self::PoisonBlocks | Self::PoisonSkipped | Self::ReplayLeavesTheGrave => POISON_CRASH,
            Self::ReplayAtTheEnd => Configuration { recorders: 1, ..POISON },
        }
    }
}

/// Leaves crashes out, which the fault does not need.
const fn without_crash(world: Configuration) -> Configuration {
    Configuration { left: Left { events: 2, crashes: 0, saves: 0, ..world.left }, ..world }
}

/// Leaves out what the fault does not need besides a crash.
const fn without_saves(world: Configuration) -> Configuration {
    Configuration { left: Left { saves: 0, trims: 0, ..world.left }, ..world }
}
