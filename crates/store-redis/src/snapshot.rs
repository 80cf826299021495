//! Reads a tenant's whole floor back, to compare it with the model.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use switchboard_domain::floor::plan::{ClassKey, ClassPlan, Plan, ProfileKey, QueueRules};
use switchboard_domain::floor::{Due, Floor, WaitingKey};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, OfferId, QueueId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::live_floor::FloorError;

use crate::entries::timestamp;
use crate::floor::RedisFloor;
use crate::keys;
use crate::replies::corrupt;

type Scored = Vec<(String, f64)>;

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

async fn read_single(
    floor: &RedisFloor,
    found: &mut Floor,
    tenant: &TenantId,
    name: &str,
) -> Result<(), FloorError> {
    let key = format!("{}{name}", keys::prefix(tenant));
    match name {
        "floor" => read_floor(floor, found, &key).await?,
        "plan" => read_plan(floor, &mut found.plan, &key).await?,
        "deadlines" => {
            for (member, at) in scored(floor, &key).await? {
                found.deadlines.insert((timestamp(at), due(&member)?));
            }
        }
        "live" => {
            for (member, epoch) in scored(floor, &key).await? {
                found.live.insert(due(&member)?, whole(epoch));
            }
        }
        "pending" => {
            let members: Vec<String> = floor.read(redis::cmd("SMEMBERS").arg(&key)).await?;
            found.pending = members.iter().map(gateway_id).collect::<Result<_, _>>()?;
        }
        // What the floor says elsewhere, kept for speed.
        "outbox" | "profiles" | "gateways" => {}
        other => return Err(corrupt(other)),
    }
    Ok(())
}

async fn read_floor(floor: &RedisFloor, found: &mut Floor, key: &str) -> Result<(), FloorError> {
    let Some(record) = floor.hash(key).await? else { return Ok(()) };
    found.epoch = record.number("epoch")?;
    found.run = record.floor_text("run");
    found.sweeping = record.floor_flag("sweeping");
    found.barrier_open = record.floor_flag("barrier_open");
    found.barrier_until = Timestamp::from_millis(record.number("barrier_until")?);
    found.settled = record.floor_flag("settled");
    found.now = Timestamp::from_millis(record.number("now")?);
    found.wall = record.number("wall")?;
    found.tokens = record.number("tokens")?;
    found.sequence = record.number("sequence")?;
    found.version = record.number("version")?;
    found.plan.version = record.number("plan")?;
    Ok(())
}

async fn read_plan(floor: &RedisFloor, plan: &mut Plan, key: &str) -> Result<(), FloorError> {
    let fields: BTreeMap<String, String> = floor.read(redis::cmd("HGETALL").arg(key)).await?;
    for (name, value) in fields {
        if let Some(queue) = name.strip_prefix("queue:") {
            let rules = rules(&value).ok_or_else(|| corrupt(&value))?;
            plan.queues.insert(queue_id(queue)?, rules);
        } else if let Some(class) = name.strip_prefix("class:") {
            class_plan(plan, class).queue = queue_id(&value)?;
        }
    }
    Ok(())
}

fn class_plan<'a>(plan: &'a mut Plan, class: &str) -> &'a mut ClassPlan {
    plan.classes.entry(ClassKey::new(class)).or_insert_with(|| ClassPlan {
        queue: QueueId::parse("unknown").expect("a word is an id"),
        profiles: BTreeMap::new(),
    })
}

fn rules(line: &str) -> Option<QueueRules> {
    let words: Vec<&str> = line.split(' ').collect();
    let number = |index: usize| words.get(index)?.parse::<u64>().ok();
    let span = |index: usize| number(index).map(Duration::from_millis);
    Some(QueueRules {
        ring_timeout: span(0)?,
        max_wait: span(1)?,
        max_waiting: u32::try_from(number(2)?).ok()?,
        wrap_up: span(3)?,
        cool_down: span(4)?,
        miss_threshold: u32::try_from(number(5)?).ok()?,
        decline_makes_not_ready: number(6)? == 1,
        overflow: words.get(7).copied().unwrap_or_default().to_owned(),
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
        _ => read_index(floor, found, tenant, (kind, id)).await,
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

async fn read_index(
    floor: &RedisFloor,
    found: &mut Floor,
    tenant: &TenantId,
    (kind, id): (&str, &str),
) -> Result<(), FloorError> {
    let entries = scored(floor, &keys::record(tenant, kind, id)).await?;
    match kind {
        "waiting" => {
            found.waiting.insert(ClassKey::new(id), line(&entries)?);
        }
        "queued" => {
            found.queued.insert(queue_id(id)?, line(&entries)?);
        }
        "ready" => {
            let agents = entries.iter().map(|(name, at)| Ok((timestamp(*at), agent_id(name)?)));
            found.ready.insert(ProfileKey::new(id), agents.collect::<Result<_, FloorError>>()?);
        }
        "legs" => {
            let legs = entries.iter().map(|(name, number)| Ok((contact_id(name)?, whole(*number))));
            found.legs.insert(gateway_id(id)?, legs.collect::<Result<_, FloorError>>()?);
        }
        "served" => {
            let profiles = entries.iter().map(|(name, rank)| (ProfileKey::new(name), small(*rank)));
            class_plan(&mut found.plan, id).profiles = profiles.collect();
        }
        "serves" => {
            let classes = entries.iter().map(|(name, rank)| (small(*rank), ClassKey::new(name)));
            found.plan.profiles.insert(ProfileKey::new(id), classes.collect());
        }
        other => return Err(corrupt(other)),
    }
    Ok(())
}

fn line(entries: &Scored) -> Result<BTreeSet<WaitingKey>, FloorError> {
    let keys = entries.iter().map(|(member, rank)| {
        let (sequence, id) = member.split_once(':').ok_or_else(|| corrupt(member))?;
        let sequence = sequence.parse().map_err(|_| corrupt(member))?;
        Ok((timestamp(*rank).as_millis(), sequence, contact_id(id)?))
    });
    keys.collect()
}

fn due(member: &str) -> Result<Due, FloorError> {
    match member.split_once(':') {
        Some(("a", id)) => Ok(Due::Agent(agent_id(id)?)),
        Some(("c", id)) => Ok(Due::Contact(contact_id(id)?)),
        Some(("g", id)) => Ok(Due::Gateway(gateway_id(id)?)),
        _ => Err(corrupt(member)),
    }
}

fn agent_id(text: impl AsRef<str>) -> Result<AgentId, FloorError> {
    AgentId::parse(text.as_ref()).map_err(|_| corrupt(text.as_ref()))
}

fn contact_id(text: impl AsRef<str>) -> Result<ContactId, FloorError> {
    ContactId::parse(text.as_ref()).map_err(|_| corrupt(text.as_ref()))
}

fn gateway_id(text: impl AsRef<str>) -> Result<GatewayId, FloorError> {
    GatewayId::parse(text.as_ref()).map_err(|_| corrupt(text.as_ref()))
}

fn queue_id(text: impl AsRef<str>) -> Result<QueueId, FloorError> {
    QueueId::parse(text.as_ref()).map_err(|_| corrupt(text.as_ref()))
}

fn whole(score: f64) -> u64 {
    u64::try_from(timestamp(score).as_millis()).unwrap_or(0)
}

fn small(score: f64) -> u32 {
    u32::try_from(whole(score)).unwrap_or(0)
}
