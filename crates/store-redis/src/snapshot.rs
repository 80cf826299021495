//! Reads a tenant's whole floor back, to compare it with the model.

mod names;
mod plan;

use std::collections::BTreeMap;

use switchboard_domain::floor::plan::{ClassKey, ProfileKey};
use switchboard_domain::floor::{Floor, KeptPlace};
use switchboard_domain::ids::{OfferId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::live_floor::FloorError;

use crate::entries::timestamp;
use crate::floor::RedisFloor;
use crate::keys;
use crate::replies::corrupt;

use self::names::{agent_id, contact_id, due, gateway_id, line, queue_id, ready_key, whole};

type Scored = Vec<(String, f64)>;
type Fields = BTreeMap<String, String>;

/// Reads everything; slow, and only right while nothing changes.
pub async fn read(floor: &RedisFloor, tenant: &TenantId) -> Result<Floor, FloorError> {
    let mut found = Floor::new();
    let prefix = keys::prefix(tenant);
    let pattern = format!("{}*", prefix.replace('[', "\\["));
    let mut names: Vec<String> = floor.read(redis::cmd("KEYS").arg(pattern)).await?;
    names.sort();
    for name in &names {
        let rest = name.strip_prefix(&prefix).ok_or_else(|| corrupt(name))?;
        match rest.split_once(':') {
            Some((kind, id)) => read_named(floor, &mut found, tenant, (kind, id)).await?,
            None => read_single(floor, &mut found, tenant, rest).await?,
        }
    }
    Ok(found)
}

async fn scored(floor: &RedisFloor, key: &str) -> Result<Scored, FloorError> {
    floor.read(redis::cmd("ZRANGE").arg(key).arg(0).arg(-1).arg("WITHSCORES")).await
}

async fn members(floor: &RedisFloor, key: &str) -> Result<Vec<String>, FloorError> {
    floor.read(redis::cmd("SMEMBERS").arg(key)).await
}

async fn fields(floor: &RedisFloor, key: &str) -> Result<Fields, FloorError> {
    floor.read(redis::cmd("HGETALL").arg(key)).await
}

async fn read_single(
    floor: &RedisFloor,
    found: &mut Floor,
    tenant: &TenantId,
    name: &str,
) -> Result<(), FloorError> {
    let key = format!("{}{name}", keys::prefix(tenant));
    match name {
        "floor" => read_floor(floor, found, &key).await?,
        "plan" => plan::read(&fields(floor, &key).await?, &mut found.plan)?,
        "deadlines" => {
            for (member, at) in scored(floor, &key).await? {
                let due = due(&member)?;
                found.armed.insert(due.clone(), timestamp(at));
                found.deadlines.insert((timestamp(at), due));
            }
        }
        "live" => {
            for (member, epoch) in scored(floor, &key).await? {
                found.live.insert(due(&member)?, whole(epoch));
            }
        }
        "pending" => {
            found.pending =
                members(floor, &key).await?.iter().map(gateway_id).collect::<Result<_, _>>()?;
        }
        "callbacks" | "kept" | "empty" => read_places(found, name, fields(floor, &key).await?)?,
        // What the floor says elsewhere, kept for speed.
        "outbox" | "idle_lists" | "gateways" => {}
        other => return Err(corrupt(other)),
    }
    Ok(())
}

async fn read_floor(floor: &RedisFloor, found: &mut Floor, key: &str) -> Result<(), FloorError> {
    let Some(record) = floor.hash(key).await? else { return Ok(()) };
    found.epoch = record.number("epoch")?;
    found.run = record.owned("run");
    found.sweeping = record.flag("sweeping");
    found.barrier_open = record.flag("barrier_open");
    found.barrier_until = record.time("barrier_until")?;
    found.settled = record.flag("settled");
    found.now = record.time("now")?;
    found.wall = record.number("wall")?;
    found.tokens = record.number("tokens")?;
    found.sequence = record.number("sequence")?;
    found.version = record.number("version")?;
    found.offered = record.number("offered")?;
    found.opened_at = record.time("opened_at")?;
    found.plan.version = record.number("plan")?;
    Ok(())
}

fn read_places(found: &mut Floor, name: &str, fields: Fields) -> Result<(), FloorError> {
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

async fn read_named(
    floor: &RedisFloor,
    found: &mut Floor,
    tenant: &TenantId,
    (kind, id): (&str, &str),
) -> Result<(), FloorError> {
    match kind {
        "contact" | "agent" | "gateway" | "offer" => {
            read_record(floor, found, tenant, (kind, id)).await
        }
        "staff" | "active" => {
            let members = members(floor, &keys::record(tenant, kind, id)).await?;
            read_set(found, (kind, id), &members)
        }
        _ => {
            let entries = scored(floor, &keys::record(tenant, kind, id)).await?;
            read_index(found, (kind, id), &entries)
        }
    }
}

async fn read_record(
    floor: &RedisFloor,
    found: &mut Floor,
    tenant: &TenantId,
    (kind, id): (&str, &str),
) -> Result<(), FloorError> {
    let Some(record) = floor.record(tenant, kind, id).await? else { return Ok(()) };
    match kind {
        "contact" => {
            found.contacts.insert(contact_id(id)?, record.contact()?);
        }
        "agent" => {
            found.agents.insert(agent_id(id)?, record.agent()?);
        }
        "gateway" => {
            found.gateways.insert(gateway_id(id)?, record.gateway()?);
        }
        _ => {
            let id = OfferId::parse(id).map_err(|_| corrupt(id))?;
            found.offers.insert(id, record.offer()?);
        }
    }
    Ok(())
}

fn read_set(
    found: &mut Floor,
    (kind, id): (&str, &str),
    members: &[String],
) -> Result<(), FloorError> {
    if kind == "staff" {
        let agents = members.iter().map(agent_id).collect::<Result<_, _>>()?;
        found.staff.insert(ProfileKey::new(id), agents);
    } else {
        let contacts = members.iter().map(contact_id).collect::<Result<_, _>>()?;
        found.active.insert(queue_id(id)?, contacts);
    }
    Ok(())
}

fn read_index(
    found: &mut Floor,
    (kind, id): (&str, &str),
    entries: &Scored,
) -> Result<(), FloorError> {
    match kind {
        "waiting" => {
            found.waiting.insert(ClassKey::new(id), line(entries)?);
        }
        "queued" => {
            found.queued.insert(queue_id(id)?, line(entries)?);
        }
        "ready" => {
            let agents =
                entries.iter().map(|(name, at)| Ok((timestamp(*at).as_millis(), agent_id(name)?)));
            found.ready.insert(ready_key(id)?, agents.collect::<Result<_, FloorError>>()?);
        }
        "legs" => {
            let legs = entries.iter().map(|(name, number)| Ok((contact_id(name)?, whole(*number))));
            found.legs.insert(gateway_id(id)?, legs.collect::<Result<_, FloorError>>()?);
        }
        "serves" => plan::read_serves(&mut found.plan, id, entries),
        other => return Err(corrupt(other)),
    }
    Ok(())
}
