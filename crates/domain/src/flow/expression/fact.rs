//! The names that expressions may use besides fields.

use super::Kind;

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident = $path:literal, $kind:ident;)*) => {
        /// Something known about the call, the customer or the queue asked for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fact {
            $($(#[$doc])* $name,)*
        }

        impl Fact {
            /// Every fact.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Gives the name it has in expressions.
            pub const fn path(self) -> &'static str {
                match self {
                    $(Self::$name => $path,)*
                }
            }

            /// Gives what it is.
            pub const fn kind(self) -> Kind {
                match self {
                    $(Self::$name => Kind::$kind,)*
                }
            }
        }
    };
}

facts! {
    /// The language the caller hears, as a tag.
    CallLanguage = "call.language", Text;
    /// How the contact came in: `voice`, `chat`, …
    CallChannel = "call.channel", Text;
    /// The number the caller dialled, in E.164 form.
    CalledNumber = "call.called_number", Text;
    /// The number the caller has, in E.164 form; unknown when it is withheld.
    CallingNumber = "call.calling_number", Text;
    /// Today, where the center is: `2026-12-25`.
    Today = "call.today", Text;
    /// The lists that the calling number stands on.
    CallerLists = "caller.lists", Texts;
    /// Whether the caller is a known customer.
    CustomerKnown = "customer.known", Flag;
    /// The customer's value grade.
    CustomerTier = "customer.tier", Text;
    /// The language of the customer's record.
    CustomerLanguage = "customer.language", Text;
    /// The groups the customer belongs to.
    CustomerSegments = "customer.segments", Texts;
    /// How many tickets of the customer are open.
    CustomerOpenTickets = "customer.open_tickets", Number;
    /// How many agents of the queue are ready and free.
    StaffingAvailable = "staffing.available", Number;
    /// How many agents of the queue work.
    StaffingStaffed = "staffing.staffed", Number;
    /// How many contacts wait in the queue.
    StaffingWaiting = "staffing.waiting", Number;
    /// How many seconds the first of them has waited.
    StaffingOldest = "staffing.oldest", Number;
    /// How many seconds another one would probably wait.
    StaffingWait = "staffing.wait", Number;
}

impl Fact {
    /// Says whether it is known only where a queue was asked for.
    pub const fn is_of_a_queue(self) -> bool {
        matches!(
            self,
            Self::StaffingAvailable
                | Self::StaffingStaffed
                | Self::StaffingWaiting
                | Self::StaffingOldest
                | Self::StaffingWait
        )
    }
}
