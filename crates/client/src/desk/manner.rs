//! How an agent behaves.

use std::time::Duration;

use switchboard_api::agent::v1::Offer;

/// What an agent does with an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Accepts it after some time.
    Accept(Duration),
    /// Lets it ring until it is taken back.
    Ignore,
    /// Declines it at once.
    Decline,
}

/// How an agent files a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrapUp {
    /// How long the agent takes.
    pub after: Duration,
    /// The result, a word of the center's list.
    pub disposition: String,
    /// Notes for the ticket.
    pub notes: String,
}

/// How an agent behaves; what is not said is done at once and well.
pub trait Manner: Send + Sync + 'static {
    /// Says what the agent does with an offer.
    fn answer(&self, offer: &Offer) -> Answer {
        let _ = offer;
        Answer::Accept(Duration::ZERO)
    }

    /// Says after how much talk the agent hands the caller over, and to which queue; unset for
    /// never.
    fn transfer(&self, contact: &str) -> Option<(Duration, String)> {
        let _ = contact;
        None
    }

    /// Says how the agent files a contact; unset to let the time for it run out.
    fn wrap_up(&self, contact: &str) -> Option<WrapUp> {
        let _ = contact;
        Some(WrapUp::default())
    }
}

/// An agent who accepts everything at once and files it without a word.
#[derive(Clone, Copy, Debug, Default)]
pub struct Diligent;

impl Manner for Diligent {}

/// An agent who lets everything ring.
#[derive(Clone, Copy, Debug, Default)]
pub struct Away;

impl Manner for Away {
    fn answer(&self, _: &Offer) -> Answer {
        Answer::Ignore
    }
}

/// An agent who declines everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choosy;

impl Manner for Choosy {
    fn answer(&self, _: &Offer) -> Answer {
        Answer::Decline
    }
}
