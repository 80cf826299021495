//! A state: the live store with its outbox, the recorders, and what is durable.

use switchboard_store::course::{Course, Step};
use switchboard_store::outbox::{OutboxId, OutboxPosition};

use super::catalogue::Configuration;
use super::durable::Durable;

/// How many entities there are.
pub(super) const ENTITIES: usize = 2;

/// One entry of an outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Told {
    pub(super) epoch: u8,
    pub(super) place: u8,
    /// Whom it is about; none tells of the epoch itself.
    pub(super) entity: Option<u8>,
    pub(super) version: u8,
    /// Whether it cannot be kept, until the program is mended.
    pub(super) poison: bool,
}

impl Told {
    pub(super) fn position(self) -> OutboxPosition {
        OutboxPosition { epoch: self.epoch.into(), id: place(self.place) }
    }

    /// Gives where its entity stands after it.
    pub(super) fn standing(self) -> (u64, u64) {
        (self.epoch.into(), self.version.into())
    }
}

/// Gives the id of a place.
pub(super) fn place(place: u8) -> OutboxId {
    OutboxId::new(place.into(), 0)
}

/// A live store, or a picture of it on a disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Server {
    pub(super) epoch: u8,
    /// Whether the epoch was opened since the server began.
    pub(super) open: bool,
    pub(super) stream: Vec<Told>,
    /// The last place taken in the stream, trimmed or not.
    pub(super) last: u8,
    pub(super) versions: [u8; ENTITIES],
}

/// A recorder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Recorder {
    pub(super) course: Course,
    /// What it read and does not know to be kept.
    pub(super) batch: Vec<Told>,
    /// Whether it still speaks to a primary that was replaced.
    pub(super) at_old: bool,
}

impl Recorder {
    /// Forgets what it read, once the course has passed it.
    pub(super) fn settle(&mut self) {
        if matches!(self.course.next(), Step::Read { .. }) {
            self.batch.clear();
        }
    }
}

/// What may still happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Left {
    /// Events of entities.
    pub(super) events: u8,
    /// Times at which the live store falls back to its disk.
    pub(super) crashes: u8,
    /// Crashes after which the old primary goes on.
    pub(super) splits: u8,
    /// Times at which the live store is written to its disk.
    pub(super) saves: u8,
    /// Events that cannot be kept.
    pub(super) poison: u8,
    /// Dead events that are replayed.
    pub(super) replays: u8,
    /// Times at which a stream is trimmed.
    pub(super) trims: u8,
}

/// A state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct World {
    pub(super) server: Server,
    pub(super) disk: Server,
    /// A primary that was replaced and does not know it.
    pub(super) old: Option<Server>,
    pub(super) recorders: Vec<Recorder>,
    pub(super) durable: Durable,
    /// Everything ever told, by any primary.
    pub(super) told: Vec<Told>,
    /// The epochs handed out.
    pub(super) epochs: u8,
    pub(super) left: Left,
}

impl World {
    /// Begins with an empty stream in the first epoch.
    pub(super) fn new(configuration: &Configuration) -> Self {
        let server =
            Server { epoch: 1, open: true, stream: vec![], last: 0, versions: [0; ENTITIES] };
        Self {
            disk: server.clone(),
            server,
            old: None,
            recorders: vec![Recorder::default(); configuration.recorders],
            durable: Durable::default(),
            told: vec![],
            epochs: 1,
            left: configuration.left,
        }
    }

    /// Gives the primary to which a recorder speaks.
    pub(super) fn primary_of(&self, recorder: usize) -> &Server {
        let is_at_old = self.recorders[recorder].at_old;
        self.old.as_ref().filter(|_| is_at_old).unwrap_or(&self.server)
    }
}
