//! What happened to customers elsewhere, as other systems and people tell it: an order, a late payment, a
//! visit.

use crate::ids::{OccurrenceId, OccurrenceKindId};
use crate::time::Timestamp;

/// One thing that happened; it is never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The line's name: the same one is the same line, however often it is sent.
    pub id: OccurrenceId,
    /// What kind of thing, in a word of the center's choice, such as `order` or `payment-late`.
    pub kind: OccurrenceKindId,
    /// What happened, for people.
    pub summary: String,
    /// Where it is known from, in a word, such as the name of a system.
    pub source: String,
    /// Who wrote it down.
    pub actor: String,
    /// When it happened.
    pub at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
}

impl Occurrence {
    /// Tells whether a line that was sent says the same, whenever it was written down. When it happened
    /// counts too, unless the sender left that open: then it happened as it was written down.
    pub fn says_the_same(&self, sent: &Self) -> bool {
        let is_at_the_time = sent.at == sent.recorded_at || sent.at == self.at;
        let said = |it: &Self| (it.kind.clone(), it.summary.clone(), it.source.clone());
        self.id == sent.id && is_at_the_time && said(self) == said(sent)
    }
}
