//! The model: what each input weighs, how it is measured, and what follows from the score.

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use super::{Grading, LevelBounds, Measure, Scale, ScaleError, Share, ValueInput, ValueInputs};
use crate::floor::state::words;

words!(
    /// Whether more of an input makes a customer worth more or less.
    #[derive(Default)]
    Sign {
        /// The more, the better.
        #[default]
        Plus = "plus",
        /// The more, the worse: a cost.
        Minus = "minus",
    }
);

words!(
    /// What side of a customer an input tells of.
    #[derive(Default)]
    Axis {
        /// What the customer brings today.
        #[default]
        Value = "value",
        /// What the customer may bring.
        Potential = "potential",
        /// Whether the customer will stay.
        Loyalty = "loyalty",
    }
);

words!(
    /// Where a customer stands on an axis.
    Level {
        /// Among the best.
        High = "high",
        /// In the middle.
        Mid = "mid",
        /// Below.
        Low = "low",
    }
);

words!(
    /// Where the tier of a customer comes from.
    #[derive(Default)]
    TierSource {
        /// It follows from the score.
        #[default]
        Computed = "computed",
        /// Somebody set it, and it stays.
        Manual = "manual",
    }
);

words!(
    /// What an input that is not known does to the score.
    #[derive(Default)]
    Missing {
        /// The other inputs share its weight.
        #[default]
        LeaveOut = "leave_out",
        /// It counts as the worst possible.
        Worst = "worst",
    }
);

/// How one input counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputRule {
    /// How much it counts beside the others, from 1 on.
    pub weight: u32,
    /// Whether more is better.
    pub sign: Sign,
    /// What side of the customer it tells of.
    pub axis: Axis,
    /// How it is measured.
    pub scale: Scale,
}

impl InputRule {
    /// Gives the share of the best possible; nothing for what the scale does not understand.
    pub fn share(&self, measure: &Measure) -> Option<Share> {
        let share = self.scale.share(measure)?;
        Some(match self.sign {
            Sign::Plus => share,
            Sign::Minus => share.rest(),
        })
    }
}

/// How a center values its customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueModel {
    /// How each input counts; one that is not there does not count.
    pub rules: BTreeMap<ValueInput, InputRule>,
    /// What an input that is not known does.
    pub missing: Missing,
    /// Without this much of the weight known there is no score, in percent.
    pub known_at_least: u8,
    /// Which tier follows.
    pub grading: Grading,
    /// Which level follows on each axis.
    pub levels: LevelBounds,
    /// When every score is recomputed, in minutes of the center's day; never by itself without.
    pub recompute_at: Option<u16>,
}

/// Says why inputs do not fit a model.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ModelError {
    /// The model does not ask for it.
    #[error("the model does not ask for {0}")]
    NotAsked(ValueInput),
    /// The model does not understand it.
    #[error("{input} takes {takes}")]
    NotUnderstood {
        /// The input.
        input: ValueInput,
        /// What it takes.
        takes: String,
    },
    /// A scale measures nothing.
    #[error(transparent)]
    Scale(#[from] ScaleError),
}

impl ModelError {
    /// Gives the input, where it is about one.
    pub const fn input(&self) -> Option<ValueInput> {
        match self {
            Self::NotAsked(input) | Self::NotUnderstood { input, .. } => Some(*input),
            Self::Scale(_) => None,
        }
    }
}

impl ValueModel {
    /// Refuses inputs that the model does not ask for or does not understand.
    pub fn check(&self, inputs: &ValueInputs) -> Result<(), ModelError> {
        for (input, measure) in inputs {
            let rule = self.rules.get(input).ok_or(ModelError::NotAsked(*input))?;
            if rule.share(measure).is_none() {
                let takes = rule.scale.takes();
                return Err(ModelError::NotUnderstood { input: *input, takes });
            }
        }
        Ok(())
    }
}
