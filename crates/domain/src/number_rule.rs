//! Numbers that supervisors have listed: whom to refuse, whom never to, and what a number hides.
//!
//! A rule is about one number, never about a customer: who changes the number leaves it behind.

use std::fmt;

use crate::floor::state::words;
use crate::ids::NumberRuleId;
use crate::time::Timestamp;

words!(
    /// The list a number stands on.
    RuleKind {
        /// Never refused, whatever else is said of the number.
        Allow = "allow",
        /// Refused before any menu, unless the center lets its flows decide.
        Block = "block",
        /// A trunk or switchboard that many people call from: it says nothing of who calls.
        CompanySwitchboard = "company_switchboard",
        /// Calls of the center's own tests, which count for no report.
        Test = "test",
        /// Calls of people who try the service as customers would: they count for no report, and neither
        /// agents nor flows are told.
        Mystery = "mystery",
    }
);

/// One number on one list.
#[derive(Clone, PartialEq, Eq)]
pub struct NumberRule {
    /// The rule's name.
    pub id: NumberRuleId,
    /// The number, as [`crate::phone::PhoneAddress::key`] gives it.
    pub number: String,
    /// The list.
    pub kind: RuleKind,
    /// Why, in the words of whoever made it.
    pub reason: String,
    /// Who made it, or changed it last.
    pub made_by: String,
    /// When that was.
    pub made_at: Timestamp,
    /// Until when it holds; none for always.
    pub expires_at: Option<Timestamp>,
}

impl NumberRule {
    /// Says whether the rule holds at a time.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

/// Hides the number and what people wrote of it, because both are personal.
impl fmt::Debug for NumberRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NumberRule")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl RuleKind {
    /// Says whether whoever serves the call is not to know of it.
    pub const fn is_secret(self) -> bool {
        match self {
            Self::Mystery => true,
            Self::Allow | Self::Block | Self::CompanySwitchboard | Self::Test => false,
        }
    }
}

/// Gives the rules that hold for one number at a time, by list: a number that may never be refused
/// is on no list of blocked ones.
pub fn in_force(rules: &[NumberRule], now: Timestamp) -> Vec<NumberRule> {
    let mut holding: Vec<_> = rules.iter().filter(|rule| rule.holds_at(now)).cloned().collect();
    if holding.iter().any(|rule| rule.kind == RuleKind::Allow) {
        holding.retain(|rule| rule.kind != RuleKind::Block);
    }
    holding.sort_by_key(|rule| rule.kind);
    holding
}

/// What the lists say of a caller, for flows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The names of the lists that the calling number stands on.
    pub lists: Vec<String>,
    /// Whether the center refuses the call for that.
    pub is_refused: bool,
}

/// Writes the names of lists as one text.
pub fn lists_text(lists: &[RuleKind]) -> String {
    lists.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(SEPARATOR)
}

/// Reads the names of the lists that whoever serves the call may know, from their text.
pub fn known_lists_of(text: &str) -> Vec<String> {
    let is_secret = |name: &String| RuleKind::parse(name).is_some_and(RuleKind::is_secret);
    lists_of(text).into_iter().filter(|name| !is_secret(name)).collect()
}

/// Reads the names of lists from their text.
pub fn lists_of(text: &str) -> Vec<String> {
    text.split(SEPARATOR).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

const SEPARATOR: &str = ", ";

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(43_200_000);

    fn rule(kind: RuleKind) -> NumberRule {
        NumberRule {
            id: NumberRuleId::parse(kind.as_str()).expect("an id"),
            number: "+8613800000001".to_owned(),
            kind,
            reason: "calls at night".to_owned(),
            made_by: "wu".to_owned(),
            made_at: Timestamp::ZERO,
            expires_at: None,
        }
    }

    fn lists(rules: &[NumberRule]) -> Vec<RuleKind> {
        in_force(rules, NOON).iter().map(|rule| rule.kind).collect()
    }

    #[test]
    fn whoever_may_never_be_refused_is_not_blocked() {
        let (block, allow, test) =
            (rule(RuleKind::Block), rule(RuleKind::Allow), rule(RuleKind::Test));

        assert_eq!(lists(std::slice::from_ref(&block)), [RuleKind::Block]);
        assert_eq!(lists(&[test, block, allow]), [RuleKind::Allow, RuleKind::Test]);
    }

    #[test]
    fn a_rule_holds_until_its_end_and_outranks_nothing_afterwards() {
        let over = NumberRule { expires_at: Some(NOON), ..rule(RuleKind::Allow) };
        let later = Timestamp::from_millis(NOON.as_millis() + 1);
        let short = NumberRule { expires_at: Some(later), ..rule(RuleKind::Block) };

        assert_eq!(lists(&[short, over]), [RuleKind::Block]);
    }

    #[test]
    fn lists_survive_being_written() {
        let rules = [rule(RuleKind::Block), rule(RuleKind::Test)];

        let kinds: Vec<RuleKind> = rules.iter().map(|rule| rule.kind).collect();
        assert_eq!(lists_of(&lists_text(&kinds)), ["block", "test"]);
        assert_eq!(lists_of(&lists_text(&[])), [""; 0]);
    }

    #[test]
    fn debug_output_shows_neither_number_nor_reason() {
        let shown = format!("{:?}", rule(RuleKind::Block));

        assert!(!shown.contains("138") && !shown.contains("night"), "{shown}");
    }

    #[test]
    fn whoever_serves_a_mystery_caller_is_not_told() {
        let text = lists_text(&[RuleKind::CompanySwitchboard, RuleKind::Mystery]);

        assert_eq!(known_lists_of(&text), ["company_switchboard"]);
        assert_eq!(lists_of(&text), ["company_switchboard", "mystery"]);
    }
}
