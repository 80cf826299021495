//! Hashes to contacts, agents, gateways and offers.

use std::collections::{BTreeMap, HashMap};

use switchboard_domain::floor::plan::{ClassKey, ProfileKey};
use switchboard_domain::floor::state::{
    Agent, AgentState, Contact, ContactState, EndReason, Gateway, Offer, OfferOutcome, Place,
    Token, Want,
};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, OfferId, QueueId};
use switchboard_domain::time::Timestamp;
use switchboard_store::live_floor::FloorError;

use crate::replies::corrupt;

/// The fields of one hash; an empty one counts as absent.
pub(crate) struct Record(HashMap<String, String>);

impl Record {
    /// Takes the fields; nothing when there is no such hash.
    pub(crate) fn new(fields: HashMap<String, String>) -> Option<Self> {
        if fields.is_empty() { None } else { Some(Self(fields)) }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    fn owned(&self, name: &str) -> String {
        self.text(name).unwrap_or_default().to_owned()
    }

    fn flag(&self, name: &str) -> bool {
        self.text(name).is_some()
    }

    fn parsed<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, FloorError> {
        let found = self.text(name).and_then(parse);
        found.ok_or_else(|| corrupt(&format!("field {name}: {:?}", self.0.get(name))))
    }

    fn optional<T>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, FloorError> {
        if self.flag(name) { self.parsed(name, parse).map(Some) } else { Ok(None) }
    }

    pub(crate) fn number<T: std::str::FromStr + Default>(
        &self,
        name: &str,
    ) -> Result<T, FloorError> {
        Ok(self.optional(name, |text| text.parse().ok())?.unwrap_or_default())
    }

    fn time(&self, name: &str) -> Result<Timestamp, FloorError> {
        Ok(Timestamp::from_millis(self.number(name)?))
    }

    fn optional_time(&self, name: &str) -> Result<Option<Timestamp>, FloorError> {
        self.optional(name, |text| text.parse().ok().map(Timestamp::from_millis))
    }

    /// Reads a contact.
    pub(crate) fn contact(&self) -> Result<Contact, FloorError> {
        Ok(Contact {
            state: self.contact_state()?,
            gateway: self.parsed("gateway", |text| GatewayId::parse(text).ok())?,
            token: self.parsed("token", Token::parse)?,
            orphaned: self.flag("orphaned"),
            call_sequence: self.number("call_sequence")?,
            started_at: self.time("started_at")?,
            fallback: self.text("fallback").map(ClassKey::new),
            place: self.place()?,
            hops: self.number("hops")?,
            tried: self.tried()?,
            menu: self.owned("menu"),
            details: self.owned("details"),
            deadline: self.optional_time("deadline")?,
            version: self.number("version")?,
        })
    }

    fn contact_state(&self) -> Result<ContactState, FloorError> {
        let offer = || self.parsed("offer", |text| OfferId::parse(text).ok());
        let agent = || self.parsed("agent", |text| AgentId::parse(text).ok());
        Ok(match self.text("state").unwrap_or_default() {
            "in_menu" => ContactState::InMenu,
            "queued" => ContactState::Queued,
            "offered" => ContactState::Offered { offer: offer()?, agent: agent()? },
            "connecting" => ContactState::Connecting { offer: offer()?, agent: agent()? },
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
        }))
    }

    fn tried(&self) -> Result<BTreeMap<AgentId, Timestamp>, FloorError> {
        let line = self.text("tried").unwrap_or_default();
        let pairs = line.split_whitespace().map(|pair| {
            let (agent, until) = pair.split_once('=')?;
            Some((AgentId::parse(agent).ok()?, Timestamp::from_millis(until.parse().ok()?)))
        });
        let tried: Option<BTreeMap<_, _>> = pairs.collect();
        tried.ok_or_else(|| corrupt(&format!("tried {line:?}")))
    }

    /// Reads an agent.
    pub(crate) fn agent(&self) -> Result<Agent, FloorError> {
        Ok(Agent {
            state: self.agent_state()?,
            session: self.optional("session", Token::parse)?,
            want: self.parsed("want", Want::parse)?,
            reason: self.owned("reason"),
            profile: ProfileKey::new(self.owned("profile")),
            detached: self.flag("detached"),
            idle_since: self.time("idle_since")?,
            misses: self.number("misses")?,
            lease_until: self.optional_time("lease_until")?,
            wrap_up_until: self.optional_time("wrap_up_until")?,
            version: self.number("version")?,
        })
    }

    fn agent_state(&self) -> Result<AgentState, FloorError> {
        let offer = || self.parsed("offer", |text| OfferId::parse(text).ok());
        let contact = || self.parsed("contact", |text| ContactId::parse(text).ok());
        Ok(match self.text("state").unwrap_or_default() {
            "offline" => AgentState::Offline,
            "not_ready" => AgentState::NotReady,
            "ready" => AgentState::Ready,
            "offered" => AgentState::Offered { offer: offer()?, contact: contact()? },
            "busy" => AgentState::Busy { contact: contact()? },
            "wrap_up" => AgentState::WrapUp { contact: contact()? },
            other => return Err(corrupt(&format!("agent state {other:?}"))),
        })
    }

    /// Reads a gateway.
    #[cfg_attr(not(any(test, feature = "test-util")), expect(dead_code, reason = "for tests"))]
    pub(crate) fn gateway(&self) -> Result<Gateway, FloorError> {
        Ok(Gateway {
            token: self.optional("token", Token::parse)?,
            fresh: self.flag("fresh"),
            lost: self.flag("lost"),
            deadline: self.optional_time("deadline")?,
            version: self.number("version")?,
        })
    }

    /// Reads an offer.
    #[cfg_attr(not(any(test, feature = "test-util")), expect(dead_code, reason = "for tests"))]
    pub(crate) fn offer(&self) -> Result<Offer, FloorError> {
        Ok(Offer {
            contact: self.parsed("contact", |text| ContactId::parse(text).ok())?,
            agent: self.parsed("agent", |text| AgentId::parse(text).ok())?,
            outcome: self.optional("outcome", OfferOutcome::parse)?,
            expires_at: self.time("expires_at")?,
        })
    }

    /// Reads a flag of the floor.
    pub(crate) fn floor_flag(&self, name: &str) -> bool {
        self.flag(name)
    }

    /// Reads a text of the floor.
    pub(crate) fn floor_text(&self, name: &str) -> String {
        self.owned(name)
    }
}
