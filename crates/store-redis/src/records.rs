//! Records to contacts, agents, gateways and offers.

mod agent;
mod contact;

use std::collections::HashMap;

use switchboard_domain::floor::state::{Gateway, Offer, OfferOutcome, Token};
use switchboard_domain::ids::{AgentId, ContactId};
use switchboard_domain::time::Timestamp;
use switchboard_store::live_floor::FloorError;

use crate::packed;
use crate::replies::corrupt;

/// The fields of one record; an empty one counts as absent.
pub(crate) struct Record(HashMap<String, String>);

impl Record {
    /// Reads the fields of a packed record.
    pub(crate) fn unpack(packed: &[u8]) -> Result<Self, FloorError> {
        let fields = packed::fields(packed).ok_or_else(|| corrupt("a record"))?;
        Ok(Self(fields.into_iter().collect()))
    }

    /// Reads a text that may be missing.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// Reads a text; empty when it is missing.
    pub(crate) fn owned(&self, name: &str) -> String {
        self.text(name).unwrap_or_default().to_owned()
    }

    /// Reads a flag.
    pub(crate) fn flag(&self, name: &str) -> bool {
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

    /// Reads a number; zero when it is missing.
    pub(crate) fn number<T: std::str::FromStr + Default>(
        &self,
        name: &str,
    ) -> Result<T, FloorError> {
        Ok(self.optional(name, |text| text.parse().ok())?.unwrap_or_default())
    }

    /// Reads a time; the beginning of time when it is missing.
    pub(crate) fn time(&self, name: &str) -> Result<Timestamp, FloorError> {
        Ok(Timestamp::from_millis(self.number(name)?))
    }

    fn optional_time(&self, name: &str) -> Result<Option<Timestamp>, FloorError> {
        self.optional(name, |text| text.parse().ok().map(Timestamp::from_millis))
    }

    /// Reads a list of words, each by itself.
    fn words<T, C: FromIterator<T>>(
        &self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<C, FloorError> {
        let line = self.text(name).unwrap_or_default();
        let all: Option<C> = line.split_whitespace().map(parse).collect();
        all.ok_or_else(|| corrupt(&format!("field {name}: {line:?}")))
    }

    /// Reads a gateway.
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
}

/// Reads a time in milliseconds.
fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok().map(Timestamp::from_millis)
}
