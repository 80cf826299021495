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
    /// A replica tries only once to tell what follows from a change.
    GiveUpAfterTrouble,
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
        Self::GiveUpAfterTrouble,
    ];

    /// The rules of the floor a simulation must miss; the model must miss the others too.
    pub const RULES: &[Rule] = &[
        Rule::NoQuarantine,
        Rule::NoBarrier,
        Rule::EndlessBarrier,
        Rule::TokenWithoutEpoch,
        Rule::NoOfferId,
        Rule::AcceptClosed,
        Rule::AcceptLate,
        Rule::AcceptFromAnyDesk,
        Rule::BlindRequeue,
        Rule::StaleInventory,
        Rule::HelloResets,
        Rule::HalfAccept,
        Rule::NoEvidence,
        Rule::NoOutdating,
        Rule::InventoryEndsNothing,
        Rule::LostDesktopRings,
        Rule::TransferKeepsAgent,
        Rule::TransferRingsBack,
        Rule::DroppedLegKeepsAgent,
        Rule::DroppedLegLosesCall,
        Rule::OrphansForgotten,
        Rule::NoGrace,
        Rule::NoReopening,
        Rule::QueueOverfull,
        Rule::TwoLines,
        Rule::RequeueLosesPlace,
        Rule::EndlessWrapUp,
        Rule::ForgottenCoolDown,
        Rule::NoMatchWhenFree,
        Rule::LosersRing,
        Rule::LosersLoseTheirTurn,
        Rule::BreakRingsOn,
        Rule::MissesDoNotCount,
        Rule::OverCapacity,
        Rule::QueueOverActive,
        Rule::RoomForgotten,
        Rule::RingsNeverWiden,
        Rule::EmptyIsIgnored,
        Rule::MoveRingsOn,
        Rule::AssignsTheBusy,
        Rule::AppliedTwice,
        Rule::RefusedTooLate,
    ];

    /// Gives every fault that can be planted; the floor keeps its rules without the feature.
    pub fn all() -> Vec<Self> {
        if !cfg!(feature = "mutants") {
            return Self::EDGES.to_vec();
        }
        let rules = Self::RULES.iter().map(|rule| Self::Floor(*rule));
        Self::EDGES.iter().copied().chain(rules).collect()
    }

    /// Gives the rule of the floor that is taken away.
    pub fn rule(self) -> Option<Rule> {
        if let Self::Floor(rule) = self { Some(rule) } else { None }
    }
}
