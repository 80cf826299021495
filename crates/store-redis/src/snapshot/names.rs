//! Members of sets and parts of key names, read back.

use std::collections::BTreeSet;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::plan::{ClassKey, ProfileKey, ReadyOrder};
use switchboard_domain::floor::{Due, ReadyKey, WaitingKey};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, QueueId};
use switchboard_store::live_floor::FloorError;

use crate::entries::timestamp;
use crate::replies::corrupt;

use super::Scored;

/// Reads the name of a list of ready agents.
pub(super) fn ready_key(text: &str) -> Result<ReadyKey, FloorError> {
    let key = || {
        let mut parts = text.rsplitn(3, ':');
        let order = ReadyOrder::parse(parts.next()?)?;
        let channel = Channel::parse(parts.next()?)?;
        Some((ProfileKey::new(parts.next()?), channel, order))
    };
    key().ok_or_else(|| corrupt(text))
}

/// Reads a line of waiting contacts.
pub(super) fn line(entries: &Scored) -> Result<BTreeSet<WaitingKey>, FloorError> {
    let keys = entries.iter().map(|(member, rank)| {
        let (sequence, id) = member.split_once(':').ok_or_else(|| corrupt(member))?;
        let sequence = sequence.parse().map_err(|_| corrupt(member))?;
        Ok((timestamp(*rank).as_millis(), sequence, contact_id(id)?))
    });
    keys.collect()
}

/// Reads what a deadline is for.
pub(super) fn due(member: &str) -> Result<Due, FloorError> {
    match member.split_once(':') {
        Some(("a", id)) => Ok(Due::Agent(agent_id(id)?)),
        Some(("c", id)) => Ok(Due::Contact(contact_id(id)?)),
        Some(("g", id)) => Ok(Due::Gateway(gateway_id(id)?)),
        Some(("k", class)) => Ok(Due::Class(ClassKey::new(class))),
        Some(("p", key)) => Ok(Due::Place(key.to_owned())),
        _ => Err(corrupt(member)),
    }
}

/// Reads an agent's id.
pub(super) fn agent_id(text: impl AsRef<str>) -> Result<AgentId, FloorError> {
    AgentId::parse(text.as_ref()).map_err(|_| corrupt(text.as_ref()))
}

/// Reads a contact's id.
pub(super) fn contact_id(text: impl AsRef<str>) -> Result<ContactId, FloorError> {
    ContactId::parse(text.as_ref()).map_err(|_| corrupt(text.as_ref()))
}

/// Reads a gateway's id.
pub(super) fn gateway_id(text: impl AsRef<str>) -> Result<GatewayId, FloorError> {
    GatewayId::parse(text.as_ref()).map_err(|_| corrupt(text.as_ref()))
}

/// Reads a queue's id.
pub(super) fn queue_id(text: impl AsRef<str>) -> Result<QueueId, FloorError> {
    QueueId::parse(text.as_ref()).map_err(|_| corrupt(text.as_ref()))
}

/// Reads a whole number from a score.
pub(super) fn whole(score: f64) -> u64 {
    u64::try_from(timestamp(score).as_millis()).unwrap_or(0)
}
