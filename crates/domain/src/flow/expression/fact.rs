//! The names that expressions may use besides fields.

use super::Kind;

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident = $path:literal, $kind:ident;)*) => {
        /// Something known about the call, the customer, the queue asked for or the ticket.
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
    /// How far the network vouches for the calling number: `full`, `partial`, `gateway`,
    /// `not_verified`, `failed`.
    CallerVerification = "caller.verification", Text;
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
    /// The customer's score, 0 to 10,000.
    CustomerValueScore = "customer.value_score", Number;
    /// The customer's class by rank: `important`, `secondary`, `ordinary`, `small`.
    CustomerPyramid = "customer.pyramid", Text;
    /// What the customer brings: `high`, `mid`, `low`.
    CustomerValue = "customer.value", Text;
    /// What the customer may bring: `high`, `mid`, `low`.
    CustomerPotential = "customer.potential", Text;
    /// Whether the customer will stay: `high`, `mid`, `low`.
    CustomerLoyalty = "customer.loyalty", Text;
    /// How far the customer has left: `none`, `partial`, `full`.
    CustomerChurn = "customer.churn", Text;
    /// Why the customer leaves, such as `price`.
    CustomerChurnReason = "customer.churn_reason", Text;
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
    /// The kind of the ticket.
    TicketKind = "ticket.kind", Text;
    /// What the ticket is filed under, such as `billing/refund`.
    TicketCategory = "ticket.category", Text;
    /// What the ticket is filed under and every level above it: `billing`, `billing/refund`.
    TicketCategories = "ticket.categories", Texts;
    /// How urgent the ticket is: `urgent`, `high`, `normal`, `low`.
    TicketPriority = "ticket.priority", Text;
    /// How the issue reached the center: `phone`, `chat`, …
    TicketMedium = "ticket.medium", Text;
    /// The rule that made the ticket; unknown when a person did.
    TicketRule = "ticket.rule", Text;
    /// The department that answers for the ticket.
    TicketDepartment = "ticket.department", Text;
    /// How often the ticket came back.
    TicketReopened = "ticket.reopened", Number;
    /// The hour the clock on the center's wall shows, 0 to 23.
    LocalHour = "local.hour", Number;
    /// The day of the week where the center is: `mon`, `tue`, …
    LocalWeekday = "local.weekday", Text;
}

impl Fact {
    /// Says whether only the segments of a customer ask for it.
    pub const fn is_of_the_value(self) -> bool {
        matches!(
            self,
            Self::CustomerValueScore
                | Self::CustomerPyramid
                | Self::CustomerValue
                | Self::CustomerPotential
                | Self::CustomerLoyalty
                | Self::CustomerChurn
                | Self::CustomerChurnReason
        )
    }

    /// Says whether it is known only where a ticket is looked at.
    pub const fn is_of_a_ticket(self) -> bool {
        matches!(
            self,
            Self::TicketKind
                | Self::TicketCategory
                | Self::TicketCategories
                | Self::TicketPriority
                | Self::TicketMedium
                | Self::TicketRule
                | Self::TicketDepartment
                | Self::TicketReopened
                | Self::LocalHour
                | Self::LocalWeekday
        )
    }

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
