//! Sessions of the IVR: a hash for each, whose fields are the bodies after the last inputs.
//!
//! A field is written once (`HSETNX`), so of several replicas that answer the same input one wins.
//! The field before the last stays, as the proof that a writer follows what is there.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use switchboard_domain::ids::{ContactId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::ivr_sessions::{IvrSession, IvrSessions, Keeping, Kept};

use crate::connection::ConnectError;
use crate::floor::Settings;
use crate::keys;
use crate::pipes::Pipes;

/// The sessions of all tenants in one Redis.
pub struct RedisIvrSessions {
    pipes: Pipes,
}

type Bodies = HashMap<u64, Vec<u8>>;

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
        pipeline.pexpire(&key, millis(keeping.idle)).ignore();
        let expires_at = (keeping.now + keeping.idle).as_millis();
        pipeline.zadd(keys::ivr_sessions(tenant), id.as_str(), expires_at).ignore();
        let (is_new,): (bool,) = self.pipes.send(&pipeline).await?;
        Ok(is_new)
    }

    /// Deletes what is left of a session that is forgotten.
    async fn drop_bodies(&self, tenant: &TenantId, id: &ContactId) -> Result<(), StoreError> {
        self.pipes.send(redis::pipe().del(keys::ivr_session(tenant, id.as_str())).ignore()).await
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
        pipeline.zrembyscore(&index, "-inf", keeping.now.as_millis()).ignore();
        pipeline.zscore(&index, id.as_str()).zcard(&index);
        pipeline.hgetall(keys::ivr_session(tenant, id.as_str()));
        let (expires_at, count, bodies): (Option<i64>, u64, Bodies) =
            self.pipes.send(&pipeline).await?;
        let is_forgotten = expires_at.is_none() && !bodies.is_empty();
        if let Some(present) = newest(bodies).filter(|_| expires_at.is_some()) {
            return Ok(Kept::Taken(Some(present)));
        }
        if count >= keeping.limit {
            return Ok(Kept::Full);
        }
        if is_forgotten {
            self.drop_bodies(tenant, id).await?;
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
        let (expires_at, bodies): (Option<i64>, Bodies) = self.pipes.send(&pipeline).await?;
        Ok(newest(bodies).filter(|_| is_ahead(expires_at, now)))
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
        pipeline.pexpire(&key, millis(keeping.idle)).ignore();
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

    async fn end(&self, tenant: &TenantId, id: &ContactId) -> Result<(), StoreError> {
        let mut pipeline = redis::pipe();
        pipeline.atomic().zrem(keys::ivr_sessions(tenant), id.as_str()).ignore();
        pipeline.del(keys::ivr_session(tenant, id.as_str())).ignore();
        self.pipes.send(&pipeline).await
    }
}

fn newest(bodies: Bodies) -> Option<IvrSession> {
    let (seq, body) = bodies.into_iter().max_by_key(|(seq, _)| *seq)?;
    Some(IvrSession { seq, body })
}

fn is_ahead(expires_at: Option<i64>, now: Timestamp) -> bool {
    expires_at.is_some_and(|expires_at| expires_at > now.as_millis())
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
