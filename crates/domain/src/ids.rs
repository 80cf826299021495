//! Typed identifiers: 1 to 64 characters of `A-Z a-z 0-9 . _ -`, checked once, at the edge.

use std::fmt;
use std::str::FromStr;

use smol_str::{SmolStr, format_smolstr};
use thiserror::Error;

/// The longest identifier accepted, in characters.
pub const MAX_ID_LENGTH: usize = 64;

/// Says why a text is not an identifier.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum IdError {
    /// The text is empty.
    #[error("an id must have at least one character")]
    Empty,
    /// The text is longer than [`MAX_ID_LENGTH`].
    #[error("an id has at most {MAX_ID_LENGTH} characters, this one has {0}")]
    TooLong(usize),
    /// The text holds a character outside the allowed set.
    #[error("an id has only letters, digits, `.`, `_` and `-`, this one has {0:?}")]
    BadCharacter(char),
}

/// Checks a text against the rules for identifiers.
pub fn check_id(text: &str) -> Result<(), IdError> {
    let length = text.chars().count();
    if length == 0 {
        return Err(IdError::Empty);
    }
    if length > MAX_ID_LENGTH {
        return Err(IdError::TooLong(length));
    }
    match text.chars().find(|character| !is_id_character(*character)) {
        Some(bad) => Err(IdError::BadCharacter(bad)),
        None => Ok(()),
    }
}

fn is_id_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-')
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(SmolStr);

        impl $name {
            /// Checks a text and makes the identifier.
            pub fn parse(text: impl Into<SmolStr>) -> Result<Self, IdError> {
                let text = text.into();
                check_id(&text)?;
                Ok(Self(text))
            }

            /// Gives the identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl From<&$name> for SmolStr {
            fn from(id: &$name) -> Self {
                id.0.clone()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

id!(
    /// A customer organisation of the platform: every record belongs to exactly one.
    TenantId
);
id!(
    /// A contact (a call today); made by the gateway, never reused. Also names its interaction.
    ContactId
);
id!(
    /// A person who answers.
    AgentId
);
id!(
    /// A result of a talk, as agents note it.
    DispositionId
);
id!(
    /// A telephony gateway process.
    GatewayId
);

impl GatewayId {
    /// The gateway through which tickets reach agents. It is no process, has no telephone, and no
    /// gateway may call itself so.
    pub const TICKETS: Self = Self(SmolStr::new_static("tickets"));

    /// Says whether it can make calls.
    pub fn dials(&self) -> bool {
        *self != Self::TICKETS
    }
}

id!(
    /// A waiting line.
    QueueId
);
id!(
    /// Something an agent can do, at a level from 1 to 10.
    SkillId
);
id!(
    /// A calendar of opening hours.
    CalendarId
);
id!(
    /// An IVR flow.
    FlowId
);
id!(
    /// A system outside that flows may ask.
    EndpointId
);
id!(
    /// One contact ringing one agent: 128 random bits, never a counter.
    OfferId
);
id!(
    /// One sign-in of one agent's desktop, chosen by the desktop.
    SessionId
);
id!(
    /// A customer record.
    CustomerId
);
id!(
    /// One thing that a customer said of being approached; chosen by whoever writes it down.
    ConsentId
);
id!(
    /// One thing that happened to a customer elsewhere; chosen by whoever tells it.
    OccurrenceId
);
id!(
    /// A kind of thing that happens to customers elsewhere, such as an order.
    OccurrenceKindId
);
id!(
    /// Something the center approaches customers for, such as surveys.
    PurposeId
);

impl PurposeId {
    /// Being asked about the service; what follow-ups are for unless they say otherwise.
    pub const SURVEY: Self = Self(SmolStr::new_static("survey"));
    /// Being looked after; what days of the care calendar are for unless they say otherwise.
    pub const CARE: Self = Self(SmolStr::new_static("care"));
    /// Being offered something.
    pub const MARKETING: Self = Self(SmolStr::new_static("marketing"));
}

id!(
    /// One number on one list.
    NumberRuleId
);
id!(
    /// One call after an issue was closed.
    FollowUpId
);
id!(
    /// One day on which a customer is to hear of the center.
    TouchpointId
);
id!(
    /// A set of questions to customers.
    SurveyId
);
id!(
    /// A set of criteria by which work is judged.
    ScorecardId
);
id!(
    /// What was found of one agent's work in one call or ticket.
    EvaluationId
);
id!(
    /// A kind of ticket, such as a complaint.
    TicketKindId
);

impl TicketKindId {
    /// The kind of a ticket of which nobody says the kind, unless the center has others.
    pub const REQUEST: Self = Self(SmolStr::new_static("request"));
}

id!(
    /// A ticket.
    TicketId
);
id!(
    /// A list of tickets that somebody saved.
    TicketViewId
);
id!(
    /// What somebody promised a customer.
    PromiseId
);
id!(
    /// A prepared set of changes of tickets.
    MacroId
);
id!(
    /// A file that a ticket refers to.
    AttachmentId
);
id!(
    /// A conversation with a third party beside a ticket.
    ConversationId
);
id!(
    /// One message of such a conversation.
    MessageId
);

impl OfferId {
    /// Names an offer by the step that made it and its number in that step.
    pub(crate) fn of_step(seed: &Self, number: u32) -> Self {
        Self(format_smolstr!("{seed}.{number}"))
    }
}
