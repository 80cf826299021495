//! Faults planted at the edges. Each must be caught, or the simulation shows nothing.

/// A planted fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// A report that is tried again carries another number.
    RetryWithNewNumber,
    /// A gateway forgets its facts once they are accepted, and does not wait for `recorded`.
    ForgetAtAccepted,
    /// A gateway obeys orders of any session.
    IgnoreToken,
    /// An inventory is taken as empty.
    NoInventory,
    /// A replica sends orders of an older session under the newest token.
    BridgeUnderAnyToken,
    /// A gateway goes on ringing agents when a new session begins.
    KeepDialling,
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
    /// Every planted fault.
    pub const ALL: &[Self] = &[
        Self::RetryWithNewNumber,
        Self::ForgetAtAccepted,
        Self::IgnoreToken,
        Self::NoInventory,
        Self::BridgeUnderAnyToken,
        Self::KeepDialling,
        Self::EpochFromStore,
        Self::ForgetRefused,
        Self::OrderBeforeInventory,
        Self::GiveUpAfterTrouble,
    ];
}
