//! An agent's hash.

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::plan::{MissCause, ProfileKey};
use switchboard_domain::floor::state::{Agent, Assignment, Phase, Ringing, Seat, Token, Want};
use switchboard_domain::ids::{ContactId, OfferId};
use switchboard_store::live_floor::FloorError;

use super::{Record, time};

impl Record {
    /// Reads an agent.
    pub(crate) fn agent(&self) -> Result<Agent, FloorError> {
        Ok(Agent {
            session: self.optional("session", Token::parse)?,
            want: self.parsed("want", Want::parse)?,
            reason: self.owned("reason"),
            profile: ProfileKey::new(self.owned("profile")),
            seat: Seat { weight: self.number("weight")?, order: self.number("seat_order")? },
            detached: self.flag("detached"),
            offer: self.ringing()?,
            work: self.words("work", assignment)?,
            wants_wrap_up: self.flag("wants_wrap_up"),
            idle_since: self.time("idle_since")?,
            last_offered: self.number("last_offered")?,
            handled: self.number("handled")?,
            talk_time: self.number("talk_time")?,
            draw: self.number("draw")?,
            misses: self.words("misses", miss)?,
            lease_until: self.optional_time("lease_until")?,
            version: self.number("version")?,
        })
    }

    fn ringing(&self) -> Result<Option<Ringing>, FloorError> {
        let Some(offer) = self.optional("offer", |text| OfferId::parse(text).ok())? else {
            return Ok(None);
        };
        let contact = self.parsed("offer_contact", |text| ContactId::parse(text).ok())?;
        Ok(Some(Ringing { offer, contact }))
    }
}

fn assignment(word: &str) -> Option<(ContactId, Assignment)> {
    let (contact, rest) = word.split_once('=')?;
    let parts: Vec<&str> = rest.split(':').collect();
    let [channel, since, phase, until, extension, done] = parts.as_slice() else { return None };
    let phase = match *phase {
        "t" => Phase::Talking,
        "w" => Phase::WrapUp {
            until: if until.is_empty() { None } else { Some(time(until)?) },
            extension: if extension.is_empty() { 0 } else { extension.parse().ok()? },
            done: *done == "1",
        },
        _ => return None,
    };
    let assignment = Assignment { channel: Channel::parse(channel)?, since: time(since)?, phase };
    Some((ContactId::parse(contact).ok()?, assignment))
}

fn miss(pair: &str) -> Option<(MissCause, u32)> {
    let (cause, count) = pair.split_once('=')?;
    Some((MissCause::parse(cause)?, count.parse().ok()?))
}
