//! Whether a customer is leaving, why, and how such customers come and go.

use std::fmt;

use crate::floor::state::words;

words!(
    /// How far a customer has left.
    #[derive(Default)]
    ChurnState {
        /// Not at all.
        #[default]
        None = "none",
        /// A growing share of the business goes elsewhere.
        Partial = "partial",
        /// All of it went elsewhere.
        Full = "full",
    }
);

words!(
    /// Why a customer leaves.
    ChurnReason {
        /// Another is cheaper.
        Price = "price",
        /// Another's product is better.
        Product = "product",
        /// Another's service is better.
        Service = "service",
        /// Another advertises better.
        Promotion = "promotion",
        /// The customer left the market.
        Market = "market",
        /// Another technique does it.
        Technology = "technology",
    }
);

words!(
    /// The shape of a customer's life with the center.
    LifeCycle {
        /// Left soon after the beginning.
        EarlyExit = "early_exit",
        /// Was lost in the best years.
        MidLoss = "mid_loss",
        /// Stays.
        Lasting = "lasting",
    }
);

/// How far a customer has left, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Churn {
    state: ChurnState,
    reason: Option<ChurnReason>,
}

impl Churn {
    /// Takes how far and why; nothing for a reason without leaving. Why may not be known yet.
    pub fn new(state: ChurnState, reason: Option<ChurnReason>) -> Option<Self> {
        let is_odd = state == ChurnState::None && reason.is_some();
        (!is_odd).then_some(Self { state, reason })
    }

    /// Gives how far.
    pub const fn state(self) -> ChurnState {
        self.state
    }

    /// Gives why, if that is known.
    pub const fn reason(self) -> Option<ChurnReason> {
        self.reason
    }
}
