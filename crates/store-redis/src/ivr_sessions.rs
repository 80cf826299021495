//! Sessions of the IVR: a hash for each, whose fields are the bodies after the last inputs.
//!
//! A field is written once (`HSETNX`), so of several replicas that answer the same input one wins.
//! The field before the last stays, as the proof that a writer follows what is there. Another field
//! names the call that a session has become.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use async_trait::async_trait;
use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::ivr_sessions::{IvrSession, IvrSessions, Keeping, Kept, OverSession};

use crate::connection::ConnectError;
use crate::floor::Settings;
use crate::keys;
use crate::pipes::Pipes;

/// How long what is forgotten is kept for whoever records it.
const RETAINED: Duration = Duration::from_hours(1);
/// The field with the call that a session has become.
const CALL: &str = "call";

/// The sessions of all tenants in one Redis.
pub struct RedisIvrSessions {
    pipes: Pipes,
}

type Fields = HashMap<String, Vec<u8>>;

impl RedisIvrSessions {
    /// Prepares the store; connects at the first use.
    pub fn new(settings: &Settings) -> Result<Self, ConnectError> {
        Ok(Self { pipes: Pipes::new(settings)? })
    }

    /// Writes the first body, unless another writer was first.
    async fn write_first(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        session: &IvrSession,
        keeping: Keeping,
    ) -> Result<bool, StoreError> {
        let key = keys::ivr_session(tenant, id.as_str());
        let mut pipeline = redis::pipe();
        pipeline.atomic();
        pipeline.hset_nx(&key, session.seq, &session.body);
        pipeline.pexpire(&key, millis(keeping.idle + RETAINED)).ignore();
        let expires_at = (keeping.now + keeping.idle).as_millis();
        pipeline.zadd(keys::ivr_sessions(tenant), id.as_str(), expires_at).ignore();
        let (is_new,): (bool,) = self.pipes.send(&pipeline).await?;
        Ok(is_new)
    }

    /// Deletes what is left of a session that is forgotten.
    async fn drop_rest(&self, tenant: &TenantId, id: &ContactId) -> Result<(), StoreError> {
        let mut pipeline = redis::pipe();
        pipeline.atomic().del(keys::ivr_session(tenant, id.as_str())).ignore();
        pipeline.zrem(keys::ivr_sessions(tenant), id.as_str()).ignore();
        pipeline.zrem(keys::ivr_over(tenant), id.as_str()).ignore();
        self.pipes.send(&pipeline).await
    }

    /// Gives which sessions are over, and since when.
    async fn over_since(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        limit: usize,
    ) -> Result<BTreeMap<String, i64>, StoreError> {
        let (now, most) = (now.as_millis(), isize::try_from(limit).unwrap_or(isize::MAX));
        let mut pipeline = redis::pipe();
        for index in [keys::ivr_sessions(tenant), keys::ivr_over(tenant)] {
            pipeline.zrangebyscore_limit_withscores(index, "-inf", now, 0, most);
        }
        let found: [Vec<(String, i64)>; 2] = self.pipes.send(&pipeline).await?;
        Ok(found.into_iter().flatten().take(limit).collect())
    }
}

#[async_trait]
impl IvrSessions for RedisIvrSessions {
    async fn begin(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        session: &IvrSession,
        keeping: Keeping,
    ) -> Result<Kept, StoreError> {
        let index = keys::ivr_sessions(tenant);
        let mut pipeline = redis::pipe();
        pipeline.zscore(&index, id.as_str());
        pipeline.zcount(&index, format!("({}", keeping.now.as_millis()), "+inf");
        pipeline.hgetall(keys::ivr_session(tenant, id.as_str()));
        let (expires_at, count, fields): (Option<i64>, u64, Fields) =
            self.pipes.send(&pipeline).await?;
        let is_alive = is_ahead(expires_at, keeping.now);
        if let Some(present) = newest(&fields).filter(|_| is_alive) {
            return Ok(Kept::Taken(Some(present)));
        }
        if count >= keeping.limit {
            return Ok(Kept::Full);
        }
        if !is_alive && !fields.is_empty() {
            self.drop_rest(tenant, id).await?;
        }
        if self.write_first(tenant, id, session, keeping).await? {
            return Ok(Kept::New);
        }
        Ok(Kept::Taken(self.get(tenant, id, keeping.now).await?))
    }

    async fn get(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        now: Timestamp,
    ) -> Result<Option<IvrSession>, StoreError> {
        let mut pipeline = redis::pipe();
        pipeline.zscore(keys::ivr_sessions(tenant), id.as_str());
        pipeline.hgetall(keys::ivr_session(tenant, id.as_str()));
        let (expires_at, fields): (Option<i64>, Fields) = self.pipes.send(&pipeline).await?;
        Ok(newest(&fields).filter(|_| is_ahead(expires_at, now)))
    }

    async fn advance(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        next: &IvrSession,
        keeping: Keeping,
    ) -> Result<Kept, StoreError> {
        let (index, key) = (keys::ivr_sessions(tenant), keys::ivr_session(tenant, id.as_str()));
        let expires_at = (keeping.now + keeping.idle).as_millis();
        let mut pipeline = redis::pipe();
        pipeline.atomic().zscore(&index, id.as_str());
        pipeline.hexists(&key, next.seq.saturating_sub(1));
        pipeline.hset_nx(&key, next.seq, &next.body);
        pipeline.hdel(&key, next.seq.saturating_sub(2)).ignore();
        pipeline.pexpire(&key, millis(keeping.idle + RETAINED)).ignore();
        pipeline.cmd("ZADD").arg(&index).arg("XX").arg(expires_at).arg(id.as_str()).ignore();
        let (known, follows, is_new): (Option<i64>, bool, bool) =
            self.pipes.send(&pipeline).await?;
        match (is_ahead(known, keeping.now), follows, is_new) {
            (true, true, true) => return Ok(Kept::New),
            // It follows nothing that is there, so it must not stay.
            (_, false, true) | (false, _, true) => {
                self.pipes.send::<()>(redis::pipe().hdel(&key, next.seq).ignore()).await?;
            }
            (_, _, false) => {}
        }
        Ok(Kept::Taken(self.get(tenant, id, keeping.now).await?))
    }

    async fn end(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut pipeline = redis::pipe();
        pipeline.atomic().zrem(keys::ivr_sessions(tenant), id.as_str()).ignore();
        pipeline.zadd(keys::ivr_over(tenant), id.as_str(), now.as_millis()).ignore();
        self.pipes.send(&pipeline).await
    }

    async fn hand_over(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        call: &ContactId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let key = keys::ivr_session(tenant, id.as_str());
        let mut pipeline = redis::pipe();
        pipeline.atomic().hset(&key, CALL, call.as_str()).ignore();
        // Should it have been forgotten just now, nothing else would ever take it away.
        pipeline.cmd("PEXPIRE").arg(&key).arg(millis(RETAINED)).arg("NX").ignore();
        pipeline.zadd(keys::ivr_over(tenant), id.as_str(), now.as_millis()).ignore();
        self.pipes.send(&pipeline).await
    }

    async fn over(
        &self,
        tenant: &TenantId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<OverSession>, StoreError> {
        let since = self.over_since(tenant, now, limit).await?;
        let mut pipeline = redis::pipe();
        for id in since.keys() {
            pipeline.hgetall(keys::ivr_session(tenant, id));
        }
        let found: Vec<Fields> =
            if since.is_empty() { vec![] } else { self.pipes.send(&pipeline).await? };
        let mut over = Vec::with_capacity(found.len());
        for ((name, at), fields) in since.into_iter().zip(found) {
            let id = ContactId::parse(name)
                .map_err(|error| StoreError::corrupt("the id of an IVR session", error))?;
            match newest(&fields) {
                Some(session) => over.push(OverSession {
                    call: call_of(&id, &fields)?,
                    id,
                    session,
                    since: Timestamp::from_millis(at),
                }),
                None => self.drop_rest(tenant, &id).await?,
            }
        }
        Ok(over)
    }

    async fn recorded(
        &self,
        tenant: &TenantId,
        id: &ContactId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut pipeline = redis::pipe();
        pipeline.zrem(keys::ivr_over(tenant), id.as_str()).ignore();
        pipeline.zscore(keys::ivr_sessions(tenant), id.as_str());
        let (expires_at,): (Option<i64>,) = self.pipes.send(&pipeline).await?;
        if is_ahead(expires_at, now) { Ok(()) } else { self.drop_rest(tenant, id).await }
    }
}

fn newest(fields: &Fields) -> Option<IvrSession> {
    let bodies = fields.iter().filter_map(|(name, body)| Some((name.parse().ok()?, body)));
    let (seq, body) = bodies.max_by_key(|(seq, _)| *seq)?;
    Some(IvrSession { seq, body: body.clone() })
}

fn call_of(id: &ContactId, fields: &Fields) -> Result<Option<ContactId>, StoreError> {
    let Some(call) = fields.get(CALL) else { return Ok(None) };
    let call = ContactId::parse(String::from_utf8_lossy(call).into_owned());
    call.map(Some).map_err(|error| StoreError::corrupt(format!("the call of session {id}"), error))
}

fn is_ahead(expires_at: Option<i64>, now: Timestamp) -> bool {
    expires_at.is_some_and(|expires_at| expires_at > now.as_millis())
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
