//! The outbox: one entry per change of live state, in the order of one tenant's stream.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use switchboard_domain::time::Timestamp;

/// Where an entry stands in the stream of one epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutboxId {
    /// The milliseconds part.
    pub millis: u64,
    /// Tells entries of one millisecond apart.
    pub sequence: u64,
}

impl OutboxId {
    /// Stands before every entry.
    pub const START: Self = Self { millis: 0, sequence: 0 };

    /// Makes an id from its two parts.
    pub const fn new(millis: u64, sequence: u64) -> Self {
        Self { millis, sequence }
    }
}

impl fmt::Display for OutboxId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.millis, self.sequence)
    }
}

/// Says that a text is not `<millis>-<sequence>`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("an outbox id is `<milliseconds>-<sequence>`, not {0:?}")]
pub struct OutboxIdError(pub String);

impl FromStr for OutboxId {
    type Err = OutboxIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || OutboxIdError(text.to_owned());
        let (millis, sequence) = text.split_once('-').ok_or_else(refuse)?;
        Ok(Self {
            millis: millis.parse().map_err(|_| refuse())?,
            sequence: sequence.parse().map_err(|_| refuse())?,
        })
    }
}

/// Where an entry stands over all epochs of one tenant; later epochs come later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutboxPosition {
    /// The epoch that wrote the entry.
    pub epoch: u64,
    /// The place in that epoch's stream.
    pub id: OutboxId,
}

impl OutboxPosition {
    /// Stands before every entry.
    pub const START: Self = Self { epoch: 0, id: OutboxId::START };
}

impl fmt::Display for OutboxPosition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.epoch, self.id)
    }
}

impl FromStr for OutboxPosition {
    type Err = OutboxIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || OutboxIdError(text.to_owned());
        let (epoch, id) = text.split_once('.').ok_or_else(refuse)?;
        Ok(Self {
            epoch: epoch.parse().map_err(|_| refuse())?,
            id: id.parse().map_err(|_| refuse())?,
        })
    }
}

/// What may go from the stream: entries that are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Trim {
    /// The newest entry that may go.
    pub upto: OutboxId,
    /// The epoch that must still be in use: a stream that lost its end has grown anew in another,
    /// and what stands there up to the same place was never read.
    pub epoch: u64,
}

/// What kind of thing an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityKind {
    /// A contact, which is an interaction in the history.
    Contact,
    /// An agent.
    Agent,
    /// A gateway.
    Gateway,
    /// An offer.
    Offer,
    /// The tenant itself: epochs, the barrier.
    Tenant,
}

impl EntityKind {
    /// Every kind, in the order of declaration.
    pub const ALL: [Self; 5] =
        [Self::Contact, Self::Agent, Self::Gateway, Self::Offer, Self::Tenant];

    /// Gives the word used in the stream and in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Agent => "agent",
            Self::Gateway => "gateway",
            Self::Offer => "offer",
            Self::Tenant => "tenant",
        }
    }
}

impl fmt::Display for EntityKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Says that a text names no kind of entity.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("an entity is contact, agent, gateway, offer or tenant, not {0:?}")]
pub struct EntityKindError(pub String);

impl FromStr for EntityKind {
    type Err = EntityKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| EntityKindError(text.to_owned()))
    }
}

/// One change of live state, as the stream carries it and the history keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// The epoch that wrote the entry.
    pub epoch: u64,
    /// The place in that epoch's stream.
    pub id: OutboxId,
    /// What kind of thing changed.
    pub entity: EntityKind,
    /// Which one changed; for the tenant, its own id.
    pub entity_id: String,
    /// The version of the entity after the change; grows by one per change.
    pub version: u64,
    /// When, on the tenant's logical clock.
    pub at: Timestamp,
    /// When, on the wall.
    pub wall: Timestamp,
    /// What happened, in the past tense and `snake_case`: `contact_queued`.
    pub kind: String,
    /// The particulars.
    pub fields: BTreeMap<String, String>,
    /// The `traceparent` of the command that caused the change.
    pub trace: Option<String>,
}

impl OutboxEntry {
    /// Gives the position over all epochs.
    pub const fn position(&self) -> OutboxPosition {
        OutboxPosition { epoch: self.epoch, id: self.id }
    }

    /// Gives the contact an entry is about: its own, or the one that an agent's event names.
    pub fn contact(&self) -> Option<&str> {
        match self.entity {
            EntityKind::Contact => Some(&self.entity_id),
            EntityKind::Agent | EntityKind::Gateway | EntityKind::Offer | EntityKind::Tenant => {
                self.field("contact").filter(|contact| !contact.is_empty())
            }
        }
    }

    /// Gives one of the particulars.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back_as_they_were_written() {
        let id = OutboxId::new(1_700_000_000_000, 7);

        let read: Result<OutboxId, _> = id.to_string().parse();

        assert_eq!(read, Ok(id));
    }

    #[test]
    fn positions_read_back_as_they_were_written() {
        let position = OutboxPosition { epoch: 3, id: OutboxId::new(1_700_000_000_000, 7) };

        assert_eq!(position.to_string().parse(), Ok(position));
        assert!("3".parse::<OutboxPosition>().is_err());
    }

    #[test]
    fn half_an_id_is_refused() {
        for text in ["", "1", "1-", "-1", "1-2-3", "a-b"] {
            assert!(text.parse::<OutboxId>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_later_epoch_comes_later_whatever_its_clock_says() {
        let old = OutboxPosition { epoch: 1, id: OutboxId::new(9_000, 0) };
        let new = OutboxPosition { epoch: 2, id: OutboxId::new(10, 0) };

        assert!(old < new);
    }

    #[test]
    fn every_kind_reads_back() {
        for kind in EntityKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
    }
}
