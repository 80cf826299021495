//! What a called number means: which flow answers, in which language.

use crate::center::locale::Language;
use crate::ids::FlowId;
use crate::phone::{Country, E164};

/// What happens to calls to one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalledNumber {
    /// The number itself.
    pub number: E164,
    /// The name callers know this number by, when it differs from the center's.
    pub brand: Option<String>,
    /// The flow that answers.
    pub flow: FlowId,
    /// The language the caller hears first.
    pub language: Language,
    /// Where a calling number in national form is assumed to be from.
    pub default_country: Country,
}
