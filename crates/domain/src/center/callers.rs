//! How a center treats those who call it, before it knows more of them.

use crate::customer::Verification;

/// How a center treats callers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallerRules {
    /// What becomes of a caller whose number is blocked.
    pub blocked: Blocked,
    /// From which word of the network on a number a gateway is told who has it.
    pub trust: Trust,
}

/// What becomes of a caller whose number is blocked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Blocked {
    /// The call is ended before any menu.
    #[default]
    Refuse,
    /// The flow of the called number decides, by `caller.lists`.
    Flow,
}

/// From which word of the network on a calling number it leads to personal data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// The network knows the caller and their right to the number.
    #[default]
    Full,
    /// The network knows the caller.
    Partial,
    /// The number is not known to be forged: where networks sign no calls.
    Any,
}

impl Trust {
    /// Says whether a number of which the network says this is trusted so far.
    pub const fn admits(self, verification: Verification) -> bool {
        match verification {
            Verification::Full => true,
            Verification::Partial => matches!(self, Self::Partial | Self::Any),
            Verification::NotVerified | Verification::Gateway => matches!(self, Self::Any),
            Verification::Failed => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_number_is_never_trusted_and_a_signed_one_always() {
        for trust in [Trust::Full, Trust::Partial, Trust::Any] {
            assert!(trust.admits(Verification::Full));
            assert!(!trust.admits(Verification::Failed));
        }
    }

    #[test]
    fn what_is_less_than_signed_is_trusted_as_the_center_says() {
        let admitted = |trust: Trust| {
            [Verification::Partial, Verification::Gateway, Verification::NotVerified]
                .map(|said| trust.admits(said))
        };

        assert_eq!(admitted(Trust::Full), [false, false, false]);
        assert_eq!(admitted(Trust::Partial), [true, false, false]);
        assert_eq!(admitted(Trust::Any), [true, true, true]);
    }
}
