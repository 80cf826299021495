//! Who is with a ticket: a hash for each ticket, by person, of what they do and until when.
//!
//! Each entry ends by the time of whoever asks; the whole hash goes when nobody has touched it for long,
//! by the server's own clock.

use std::collections::BTreeMap;

use async_trait::async_trait;
use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_presence::{Doing, LEASE, MAX_PRESENT, Present, TicketPresence};

use crate::connection::ConnectError;
use crate::floor::Settings;
use crate::keys;
use crate::pipes::Pipes;

/// Who is with tickets, of all tenants in one Redis.
pub struct RedisTicketPresence {
    pipes: Pipes,
}

impl RedisTicketPresence {
    /// Prepares the store; connects at the first use.
    pub fn new(settings: &Settings) -> Result<Self, ConnectError> {
        Ok(Self { pipes: Pipes::new(settings)? })
    }
}

#[async_trait]
impl TicketPresence for RedisTicketPresence {
    async fn touch(
        &self,
        tenant: &TenantId,
        ticket: &TicketId,
        (actor, doing): (&str, Option<Doing>),
        now: Timestamp,
    ) -> Result<Vec<Present>, StoreError> {
        let key = keys::ticket_presence(tenant, ticket.as_str());
        let (entries,): (BTreeMap<String, String>,) =
            self.pipes.send(redis::pipe().hgetall(&key)).await?;
        let (mut others, mut over) = (Vec::new(), Vec::new());
        for (name, entry) in entries {
            match read(&name, &entry).filter(|present| present.until > now) {
                Some(present) if present.actor != actor => others.push(present),
                Some(_) => {}
                None => over.push(name),
            }
        }
        let mut pipeline = redis::pipe();
        pipeline.atomic();
        if !over.is_empty() {
            pipeline.hdel(&key, over).ignore();
        }
        match doing {
            Some(doing) if others.len() < MAX_PRESENT => {
                pipeline.hset(&key, actor, written(doing, now + LEASE)).ignore();
            }
            Some(_) => {}
            None => drop(pipeline.hdel(&key, actor).ignore()),
        }
        let idle = i64::try_from((LEASE * 2).as_millis()).unwrap_or(i64::MAX);
        pipeline.pexpire(&key, idle).ignore();
        self.pipes.send::<()>(&pipeline).await?;
        Ok(others)
    }
}

/// Writes `writing 1800000030000`.
fn written(doing: Doing, until: Timestamp) -> String {
    format!("{} {}", doing.as_str(), until.as_millis())
}

/// Reads an entry; none for one of another release, which is over soon.
fn read(actor: &str, entry: &str) -> Option<Present> {
    let (word, until) = entry.split_once(' ')?;
    let doing = Doing::ALL.into_iter().find(|known| known.as_str() == word)?;
    let until = Timestamp::from_millis(until.parse().ok()?);
    Some(Present { actor: actor.to_owned(), doing, until })
}
