//! How far the network vouches for a calling number, in the terms of STIR/SHAKEN.

/// The word of the network on a calling number; never a proof of who is calling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verification {
    /// The call was not signed, or nothing was said.
    #[default]
    NotVerified,
    /// Attestation A: the provider knows the caller and their right to the number.
    Full,
    /// Attestation B: the provider knows the caller, not their right to the number.
    Partial,
    /// Attestation C: the provider knows only where the call entered its network.
    Gateway,
    /// The signature was wrong: the number may be forged.
    Failed,
}

impl Verification {
    /// Every word of the network.
    pub const ALL: [Self; 5] =
        [Self::NotVerified, Self::Full, Self::Partial, Self::Gateway, Self::Failed];

    /// Gives the word used in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotVerified => "not_verified",
            Self::Full => "full",
            Self::Partial => "partial",
            Self::Gateway => "gateway",
            Self::Failed => "failed",
        }
    }

    /// Reads the word used in records.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == text)
    }
}
