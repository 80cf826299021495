//! Faults planted at the edges and in the floor. Each must be caught, or the simulation shows nothing.

use switchboard_domain::floor::mutants::Mutant as Rule;

/// A planted fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// A rule of the floor taken away.
    Floor(Rule),
    /// A report that is tried again carries another number.
    RetryWithNewNumber,
    /// A gateway forgets its facts once they are accepted, and does not wait for `recorded`.
    ForgetAtAccepted,
    /// A gateway obeys orders of any session.
    IgnoreToken,
    /// An inventory is taken as empty.
    NoInventory,
    /// The number of an epoch is taken from the store, which may rewind.
    EpochFromStore,
    /// A gateway forgets a refused fact before all earlier ones are recorded.
    ForgetRefused,
    /// A replica sends what follows from a call before the gateway's inventory is taken.
    OrderBeforeInventory,
    /// A replica takes up a call that the center makes at its first word only.
    TakeUpOnce,
    /// The leg of a consultation that became its call is left to the gateway, whatever becomes of it.
    JoinedTalkStays,
}

impl Mutant {
    /// Every fault planted at the edges.
    pub const EDGES: &[Self] = &[
        Self::RetryWithNewNumber,
        Self::ForgetAtAccepted,
        Self::IgnoreToken,
        Self::NoInventory,
        Self::EpochFromStore,
        Self::ForgetRefused,
        Self::OrderBeforeInventory,
        Self::TakeUpOnce,
        Self::JoinedTalkStays,
    ];

    /// The rules of the floor that a simulation misses soon; the others are the model's to miss.
    pub const RULES: &[Rule] = &[
        Rule::NoQuarantine,
        Rule::TokenWithoutEpoch,
        Rule::AcceptClosed,
        Rule::AcceptFromAnyDesk,
        Rule::BlindRequeue,
        Rule::HelloResets,
        Rule::HalfAccept,
        Rule::NoEvidence,
        Rule::OverTakes,
        Rule::InventoryEndsNothing,
        Rule::LostDesktopRings,
        Rule::TransferKeepsAgent,
        Rule::DroppedLegKeepsAgent,
        Rule::TwoLines,
        Rule::EndlessWrapUp,
        Rule::ForgottenCoolDown,
        Rule::NoMatchWhenFree,
    ];

    /// Gives every fault that can be planted; the floor keeps its rules without the feature.
    pub fn all() -> Vec<Self> {
        let edges = Self::EDGES.iter().copied();
        if !cfg!(feature = "mutants") {
            return edges.collect();
        }
        edges.chain(Self::RULES.iter().map(|rule| Self::Floor(*rule))).collect()
    }

    /// Gives the rule of the floor that is taken away.
    pub fn rule(self) -> Option<Rule> {
        if let Self::Floor(rule) = self { Some(rule) } else { None }
    }
}
