//! A contact's hash.

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::plan::ClassKey;
use switchboard_domain::floor::state::{
    Callback, Contact, ContactState, EndReason, Place, Ring, Token,
};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, OfferId, QueueId};
use switchboard_domain::time::Timestamp;
use switchboard_store::live_floor::FloorError;

use crate::replies::corrupt;

use super::{Record, time};

impl Record {
    /// Reads a contact.
    pub(crate) fn contact(&self) -> Result<Contact, FloorError> {
        let contact_id = |text: &str| ContactId::parse(text).ok();
        Ok(Contact {
            state: self.contact_state()?,
            channel: self.parsed("channel", Channel::parse)?,
            gateway: self.parsed("gateway", |text| GatewayId::parse(text).ok())?,
            token: self.optional("token", Token::parse)?,
            orphaned: self.flag("orphaned"),
            call_sequence: self.number("call_sequence")?,
            started_at: self.time("started_at")?,
            caller: self.owned("caller").into(),
            fallback: self.optional("fallback", fallback)?,
            place: self.place()?,
            hops: self.number("hops")?,
            tried: self.words("tried", tried)?,
            callback: self.callback()?,
            parent: self.optional("parent", contact_id)?,
            consult: self.optional("consult", contact_id)?,
            menu: self.owned("menu"),
            details: self.owned("details").into(),
            deadline: self.optional_time("deadline")?,
            version: self.number("version")?,
        })
    }

    fn contact_state(&self) -> Result<ContactState, FloorError> {
        let agent = || self.parsed("agent", |text| AgentId::parse(text).ok());
        Ok(match self.text("state").unwrap_or_default() {
            "in_menu" => ContactState::InMenu,
            "queued" => ContactState::Queued,
            "offered" => ContactState::Offered { offers: self.words("offers", offer)? },
            "connecting" => ContactState::Connecting {
                offer: self.parsed("offer", |text| OfferId::parse(text).ok())?,
                agent: agent()?,
            },
            "connected" => ContactState::Connected { agent: agent()? },
            "ended" => ContactState::Ended { reason: self.parsed("end_reason", EndReason::parse)? },
            other => return Err(corrupt(&format!("contact state {other:?}"))),
        })
    }

    fn place(&self) -> Result<Option<Place>, FloorError> {
        let Some(class) = self.text("class") else { return Ok(None) };
        Ok(Some(Place {
            queue: self.parsed("queue", |text| QueueId::parse(text).ok())?,
            class: ClassKey::new(class),
            rank: self.number("rank")?,
            sequence: self.number("sequence")?,
            enqueued_at: self.time("enqueued_at")?,
            priority: self.number("priority")?,
            overflows_at: self.time("overflows_at")?,
            rings: self.words("rings", ring)?,
        }))
    }

    fn callback(&self) -> Result<Option<Callback>, FloorError> {
        let Some(closes_at) = self.optional_time("closes_at")? else { return Ok(None) };
        let (opens_at, attempts) = (self.time("opens_at")?, self.number("attempts")?);
        Ok(Some(Callback { opens_at, closes_at, attempts, reached: self.flag("reached") }))
    }
}

fn fallback(text: &str) -> Option<(QueueId, ClassKey)> {
    let (queue, class) = text.split_once(' ')?;
    Some((QueueId::parse(queue).ok()?, ClassKey::new(class)))
}

fn tried(pair: &str) -> Option<(AgentId, Timestamp)> {
    let (agent, until) = pair.split_once('=')?;
    Some((AgentId::parse(agent).ok()?, time(until)?))
}

fn offer(pair: &str) -> Option<(OfferId, AgentId)> {
    let (offer, agent) = pair.split_once('=')?;
    Some((OfferId::parse(offer).ok()?, AgentId::parse(agent).ok()?))
}

fn ring(word: &str) -> Option<Ring> {
    let mut parts = word.splitn(3, ':');
    let (at, when_empty) = (time(parts.next()?)?, parts.next()? == "1");
    Some(Ring { at, when_empty, class: ClassKey::new(parts.next()?) })
}
