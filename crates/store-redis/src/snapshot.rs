//! Reads a tenant's whole floor back, to compare it with the model.

mod names;
mod plan;

use std::collections::{BTreeMap, BTreeSet};

use redis::{FromRedisValue, Value};

use switchboard_domain::floor::plan::{ClassKey, ProfileKey};
use switchboard_domain::floor::{Floor, KeptPlace};
use switchboard_domain::ids::{OfferId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::live_floor::FloorError;

use crate::entries::timestamp;
use crate::floor::RedisFloor;
use crate::keys;
use crate::records::Record;
use crate::replies::corrupt;

use self::names::{agent_id, contact_id, due, gateway_id, line, queue_id, ready_key, whole};

type Scored = Vec<(String, f64)>;
type Fields = BTreeMap<String, String>;

/// What a key holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Nothing: there is no such key.
    Nothing,
    /// A text: here a packed record.
    Packed(Vec<u8>),
    /// A hash.
    Hash(BTreeMap<String, Vec<u8>>),
    /// A set.
    Set(Vec<String>),
    /// A sorted set.
    Scored(Vec<(String, f64)>),
}

impl Content {
    /// Reads what a key of a kind holds, as the server gives it.
    pub(crate) fn read(kind: &str, held: &Value) -> Result<Self, FloorError> {
        Ok(match kind {
            "none" => Self::Nothing,
            "string" => Self::Packed(held_as(held)?),
            "hash" => Self::Hash(held_as(held)?),
            "set" => Self::Set(held_as(held)?),
            "zset" => Self::Scored(held_as(held)?),
            other => return Err(corrupt(other)),
        })
    }

    fn fields(self) -> Result<Fields, FloorError> {
        let Self::Hash(fields) = self else { return Ok(Fields::new()) };
        let text = |bytes| String::from_utf8(bytes).map_err(|_| corrupt("a field"));
        fields.into_iter().map(|(name, value)| Ok((name, text(value)?))).collect()
    }

    fn record(&self) -> Result<Option<Record>, FloorError> {
        let Self::Packed(packed) = self else { return Ok(None) };
        Record::unpack(packed).map(Some)
    }

    fn members(self) -> Vec<String> {
        if let Self::Set(members) = self { members } else { Vec::new() }
    }

    fn scored(self) -> Scored {
        if let Self::Scored(entries) = self { entries } else { Scored::new() }
    }
}

fn held_as<T: FromRedisValue>(held: &Value) -> Result<T, FloorError> {
    redis::from_redis_value_ref(held).map_err(|_| corrupt("what a key holds"))
}

/// A floor put together from what the keys of a tenant hold.
#[derive(Clone, Debug)]
pub struct Mirror {
    prefix: String,
    floor: Floor,
}

impl Mirror {
    /// Begins without any key.
    pub fn new(tenant: &TenantId) -> Self {
        Self { prefix: keys::prefix(tenant), floor: Floor::new() }
    }

    /// Gives the floor as it is now.
    pub fn floor(&self) -> &Floor {
        &self.floor
    }

    /// Takes note of what a key holds now.
    pub fn put(&mut self, key: &str, content: Content) -> Result<(), FloorError> {
        let rest = key.strip_prefix(&self.prefix).ok_or_else(|| corrupt(key))?;
        match rest.split_once(':') {
            Some((kind, id)) => put_named(&mut self.floor, (kind, id), content),
            None => put_single(&mut self.floor, rest, content),
        }
    }
}

/// Reads everything; slow, and only right while nothing changes.
pub async fn read(floor: &RedisFloor, tenant: &TenantId) -> Result<Floor, FloorError> {
    let mut mirror = Mirror::new(tenant);
    let pattern = format!("{}*", keys::prefix(tenant).replace('[', "\\["));
    let names: Vec<String> = floor.read(redis::cmd("KEYS").arg(pattern)).await?;
    let mut commands = redis::pipe();
    let mut asked = Vec::new();
    for name in &names {
        let kind = keys::declared(tenant, name).ok_or_else(|| corrupt(name))?;
        match kind {
            "string" => commands.cmd("GET").arg(name),
            "hash" => commands.cmd("HGETALL").arg(name),
            "set" => commands.cmd("SMEMBERS").arg(name),
            "zset" => commands.cmd("ZRANGE").arg(name).arg(0).arg(-1).arg("WITHSCORES"),
            // The outbox tells of changes; what it says is compared with the events.
            _ => continue,
        };
        asked.push((name, kind));
    }
    if asked.is_empty() {
        return Ok(mirror.floor);
    }
    let answers: Vec<Value> = floor.read_all(&commands).await?;
    for ((name, kind), held) in asked.into_iter().zip(&answers) {
        mirror.put(name, Content::read(kind, held)?)?;
    }
    Ok(mirror.floor)
}

fn put_single(found: &mut Floor, name: &str, content: Content) -> Result<(), FloorError> {
    match name {
        "floor" => read_floor(found, content.record()?)?,
        "clock" => read_clock(found, content.record()?)?,
        "plan" => {
            found.plan.queues.clear();
            found.plan.classes.clear();
            found.plan.abilities.clear();
            found.plan.profiles.clear();
            plan::read(&content.fields()?, &mut found.plan)?;
        }
        "deadlines" => {
            let armed = content.scored();
            let armed = armed.iter().map(|(member, at)| Ok((due(member)?, timestamp(*at))));
            found.armed = armed.collect::<Result<_, FloorError>>()?;
            found.deadlines = found.armed.iter().map(|(due, at)| (*at, due.clone())).collect();
        }
        "live" => {
            let live = content.scored();
            let live = live.iter().map(|(member, epoch)| Ok((due(member)?, whole(*epoch))));
            found.live = live.collect::<Result<_, FloorError>>()?;
        }
        "pending" => {
            found.pending = content.members().iter().map(gateway_id).collect::<Result<_, _>>()?;
        }
        "callbacks" | "kept" | "empty" => read_places(found, name, content.fields()?)?,
        // What the floor says elsewhere, kept for speed.
        "outbox" | "idle_lists" | "own_lines" | "gateways" => {}
        other => return Err(corrupt(other)),
    }
    Ok(())
}

fn read_floor(found: &mut Floor, record: Option<Record>) -> Result<(), FloorError> {
    let Some(record) = record else { return Ok(()) };
    found.epoch = record.number("epoch")?;
    found.run = record.owned("run");
    found.sweeping = record.flag("sweeping");
    found.barrier_open = record.flag("barrier_open");
    found.barrier_until = record.time("barrier_until")?;
    found.settled = record.flag("settled");
    found.own_after = record.text("own_after").map(ClassKey::new);
    found.tokens = record.number("tokens")?;
    found.version = record.number("version")?;
    found.opened_at = record.time("opened_at")?;
    found.plan.version = record.number("plan")?;
    Ok(())
}

fn read_clock(found: &mut Floor, record: Option<Record>) -> Result<(), FloorError> {
    let Some(record) = record else { return Ok(()) };
    found.now = record.time("now")?;
    found.wall = record.number("wall")?;
    found.sequence = record.number("sequence")?;
    found.offered = record.number("offered")?;
    Ok(())
}

fn read_places(found: &mut Floor, name: &str, fields: Fields) -> Result<(), FloorError> {
    match name {
        "callbacks" => found.callbacks.clear(),
        "kept" => found.kept.clear(),
        _ => found.empty.clear(),
    }
    for (key, value) in fields {
        match name {
            "callbacks" => {
                found.callbacks.insert(key, contact_id(value)?);
            }
            "kept" => {
                let place = kept_place(&value).ok_or_else(|| corrupt(&value))?;
                found.kept.insert(key, place);
            }
            _ => {
                let since = value.parse().map_err(|_| corrupt(&value))?;
                found.empty.insert(ClassKey::new(key), Timestamp::from_millis(since));
            }
        }
    }
    Ok(())
}

fn kept_place(line: &str) -> Option<KeptPlace> {
    let numbers: Option<Vec<i64>> = line.split(' ').map(|word| word.parse().ok()).collect();
    let numbers = numbers?;
    let [rank, sequence, enqueued_at, priority, until] = numbers.as_slice() else { return None };
    Some(KeptPlace {
        rank: *rank,
        sequence: u64::try_from(*sequence).ok()?,
        enqueued_at: Timestamp::from_millis(*enqueued_at),
        priority: i32::try_from(*priority).ok()?,
        until: Timestamp::from_millis(*until),
    })
}

fn put_named(
    found: &mut Floor,
    (kind, id): (&str, &str),
    content: Content,
) -> Result<(), FloorError> {
    match kind {
        "contact" | "agent" | "gateway" | "offer" => put_record(found, (kind, id), &content),
        "staff" | "active" => put_set(found, (kind, id), &content.members()),
        _ => put_index(found, (kind, id), &content.scored()),
    }
}

/// Keeps a value by its key, or forgets what is there.
fn keep<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => drop(map.insert(key, value)),
        None => drop(map.remove(&key)),
    }
}

fn put_record(
    found: &mut Floor,
    (kind, id): (&str, &str),
    content: &Content,
) -> Result<(), FloorError> {
    let record = content.record()?;
    let record = record.as_ref();
    match kind {
        "contact" => {
            keep(&mut found.contacts, contact_id(id)?, record.map(Record::contact).transpose()?);
        }
        "agent" => keep(&mut found.agents, agent_id(id)?, record.map(Record::agent).transpose()?),
        "gateway" => {
            keep(&mut found.gateways, gateway_id(id)?, record.map(Record::gateway).transpose()?);
        }
        _ => {
            let id = OfferId::parse(id).map_err(|_| corrupt(id))?;
            keep(&mut found.offers, id, record.map(Record::offer).transpose()?);
        }
    }
    Ok(())
}

fn put_set(
    found: &mut Floor,
    (kind, id): (&str, &str),
    members: &[String],
) -> Result<(), FloorError> {
    if kind == "staff" {
        let agents = members.iter().map(agent_id).collect::<Result<BTreeSet<_>, _>>()?;
        keep(&mut found.staff, ProfileKey::new(id), some(agents, BTreeSet::is_empty));
    } else {
        let contacts = members.iter().map(contact_id).collect::<Result<BTreeSet<_>, _>>()?;
        keep(&mut found.active, queue_id(id)?, some(contacts, BTreeSet::is_empty));
    }
    Ok(())
}

/// Gives nothing for what is empty: a server keeps no empty keys.
fn some<T>(value: T, is_empty: impl Fn(&T) -> bool) -> Option<T> {
    if is_empty(&value) { None } else { Some(value) }
}

fn put_index(
    found: &mut Floor,
    (kind, id): (&str, &str),
    entries: &Scored,
) -> Result<(), FloorError> {
    match kind {
        "waiting" => {
            let line = some(line(entries)?, BTreeSet::is_empty);
            keep(&mut found.waiting, ClassKey::new(id), line);
        }
        "queued" => {
            let line = some(line(entries)?, BTreeSet::is_empty);
            keep(&mut found.queued, queue_id(id)?, line);
        }
        "ready" => {
            let agents =
                entries.iter().map(|(name, at)| Ok((timestamp(*at).as_millis(), agent_id(name)?)));
            let agents = agents.collect::<Result<BTreeSet<_>, FloorError>>()?;
            keep(&mut found.ready, ready_key(id)?, some(agents, BTreeSet::is_empty));
        }
        "legs" => {
            let legs = entries.iter().map(|(name, number)| Ok((contact_id(name)?, whole(*number))));
            let legs = legs.collect::<Result<BTreeMap<_, _>, FloorError>>()?;
            keep(&mut found.legs, gateway_id(id)?, some(legs, BTreeMap::is_empty));
        }
        other => return Err(corrupt(other)),
    }
    Ok(())
}
