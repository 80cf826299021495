//! What a script answered.

use redis::Value;

use switchboard_domain::floor::command::Reply;
use switchboard_domain::floor::event::Event;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::{Entity, Token};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, OfferId};
use switchboard_store::live_floor::{Applied, FloorError};

use crate::entries::Told;

/// Reads the answer of a script.
pub(crate) fn decode(answer: &Value) -> Result<Applied, FloorError> {
    let parts = list(answer)?;
    match text(parts.first())?.as_str() {
        "ok" => accepted(parts),
        "rejected" => {
            let (code, detail) = (text(parts.get(1))?, text(parts.get(2))?);
            let rejection = Rejection::parse(&code, &detail);
            Err(rejection
                .map_or_else(|| corrupt(&format!("rejected {code}")), FloorError::Rejected))
        }
        other => Err(corrupt(other)),
    }
}

fn accepted(parts: &[Value]) -> Result<Applied, FloorError> {
    let value = text(parts.get(2))?;
    let kind = text(parts.get(1))?;
    let reply = reply(&kind, &value).ok_or_else(|| corrupt(&format!("{kind} {value}")))?;
    let epoch = text(parts.get(3))?.parse().map_err(|_| corrupt("epoch"))?;
    let last = text(parts.get(4))?.parse().ok();
    let events = events(parts.get(5).unwrap_or(&Value::Nil))?;
    Ok(Applied { reply, events, position: last.map(|id| (epoch, id)) })
}

fn reply(kind: &str, value: &str) -> Option<Reply> {
    match kind {
        "done" => Some(Reply::Done { version: value.parse().ok()? }),
        "duplicate" => Some(Reply::Duplicate),
        "joined" => Some(Reply::Joined { token: Token::parse(value)? }),
        "more" => Some(Reply::More),
        _ => None,
    }
}

/// Reads the events of the step; nothing when it told none.
fn events(value: &Value) -> Result<Vec<Event>, FloorError> {
    let Value::BulkString(packed) = value else { return Err(corrupt(&format!("{value:?}"))) };
    if packed.is_empty() {
        return Ok(Vec::new());
    }
    Told::read(packed).map(|told| told.events).ok_or_else(|| corrupt("events"))
}

/// Reads the entity an event is about.
pub(crate) fn entity_of(kind: &str, id: &str) -> Option<Entity> {
    Some(match kind {
        "agent" => Entity::Agent(AgentId::parse(id).ok()?),
        "contact" => Entity::Contact(ContactId::parse(id).ok()?),
        "gateway" => Entity::Gateway(GatewayId::parse(id).ok()?),
        "offer" => Entity::Offer(OfferId::parse(id).ok()?),
        "floor" => Entity::Floor,
        _ => return None,
    })
}

pub(crate) fn list(value: &Value) -> Result<&[Value], FloorError> {
    let Value::Array(items) = value else { return Err(corrupt(&format!("{value:?}"))) };
    Ok(items)
}

pub(crate) fn text(value: Option<&Value>) -> Result<String, FloorError> {
    let value = value.ok_or_else(|| corrupt("a short answer"))?;
    redis::from_redis_value_ref(value).map_err(|_| corrupt(&format!("{value:?}")))
}

pub(crate) fn corrupt(answer: &str) -> FloorError {
    FloorError::Corrupt { answer: answer.to_owned() }
}
