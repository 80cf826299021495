//! What is asked about a customer's worth, and what is known of it.

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use crate::floor::state::words;

/// The longest word of an input, in characters.
pub const MAX_WORD: usize = 32;

words!(
    /// Something that a customer's worth depends on.
    ValueInput {
        /// What the customer buys in a year.
        Purchases = "purchases",
        /// What is given off the price in a year.
        Discount = "discount",
        /// What the contact with the customer costs in a year.
        ContactCost = "contact_cost",
        /// What remains of a year's business.
        NetProfit = "net_profit",
        /// What the customer has brought so far.
        History = "history",
        /// How long, or how well, both have worked together.
        Cooperation = "cooperation",
        /// What the customer has to spend.
        Budget = "budget",
        /// Which means stand behind the customer.
        Background = "background",
        /// What the customer may become.
        Potential = "potential",
        /// Whether others follow the customer's advice.
        Influence = "influence",
    }
);

/// What is known of one input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A whole number: an amount in minor units of the center's currency, years, points.
    Number(i64),
    /// A word that a table of the model knows.
    Word(String),
}

/// What is known of a customer's inputs; whatever is not there is not known.
pub type ValueInputs = BTreeMap<ValueInput, Measure>;

/// Says why a text is no word of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a word has 1 to {MAX_WORD} characters, none of them a control character")]
pub struct MeasureError;

impl Measure {
    /// Reads a whole number, or else a word.
    pub fn parse(text: &str) -> Result<Self, MeasureError> {
        text.parse().map_or_else(|_| Self::word(text), |number| Ok(Self::Number(number)))
    }

    /// Takes a word.
    pub fn word(text: &str) -> Result<Self, MeasureError> {
        let fits = !text.trim().is_empty()
            && text.chars().count() <= MAX_WORD
            && !text.chars().any(char::is_control);
        if fits { Ok(Self::Word(text.to_owned())) } else { Err(MeasureError) }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(formatter),
            Self::Word(word) => formatter.write_str(word),
        }
    }
}
