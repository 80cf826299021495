//! How callers are called back.

use std::time::Duration;

use crate::ids::CalendarId;

/// How a queue calls back: the caller keeps the place in the line without holding it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackRules {
    /// How often a caller is dialled at most.
    pub attempts: u32,
    /// How long after a failed attempt the next one is made.
    pub retry_after: Duration,
    /// When callers may be dialled, checked as the call is made; nothing means at any time.
    pub hours: Option<CalendarId>,
    /// How long a callback stays open before it is given up.
    pub lifetime: Duration,
}
