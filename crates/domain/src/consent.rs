//! What customers agreed to: being approached for a purpose, by one medium or by any.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::center::Center;
use crate::floor::state::words;
use crate::follow_up::{Cause, FollowUp};
use crate::ids::{ConsentId, PurposeId};
use crate::ticket::Medium;
use crate::time::Timestamp;

words!(
    /// What a customer said.
    ConsentState {
        /// That they may be approached.
        Given = "given",
        /// That they may not.
        Withdrawn = "withdrawn",
    }
);

words!(
    /// What a purpose asks of customers.
    ConsentRule {
        /// Only who said yes beforehand is approached.
        OptIn = "opt_in",
        /// Everybody is approached who did not say no.
        OptOut = "opt_out",
    }
);

words!(
    /// Why a customer is not approached.
    NoConsent {
        /// The customer was to say yes beforehand, and said nothing.
        NotGiven = "no-consent",
        /// The customer said no.
        Withdrawn = "consent-withdrawn",
    }
);

/// Says that a text names no rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "must be opt_in (only who gave consent) or opt_out (everybody who did not withdraw it), not {0:?}"
)]
pub struct ConsentRuleError(String);

impl FromStr for ConsentRule {
    type Err = ConsentRuleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or_else(|| ConsentRuleError(text.to_owned()))
    }
}

/// What a center approaches customers for, and what each purpose asks of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purposes(BTreeMap<PurposeId, ConsentRule>);

impl Purposes {
    /// Takes the purposes of a center.
    pub fn new(rules: BTreeMap<PurposeId, ConsentRule>) -> Self {
        Self(rules)
    }

    /// Gives what a purpose asks; nothing for one that the center does not have.
    pub fn rule(&self, purpose: &PurposeId) -> Option<ConsentRule> {
        self.0.get(purpose).copied()
    }

    /// Gives every purpose, in order.
    pub fn ids(&self) -> impl Iterator<Item = &PurposeId> {
        self.0.keys()
    }

    /// Says why a customer is not to be approached for a purpose; nothing if nothing forbids it.
    /// `medium` is none for what has no medium yet: then only what was said of any counts.
    pub fn refusal(
        &self,
        purpose: &PurposeId,
        medium: Option<Medium>,
        said: &[Consent],
    ) -> Option<NoConsent> {
        let counts = |line: &&Consent| {
            line.purpose == *purpose && (line.medium.is_none() || line.medium == medium)
        };
        let last = said.iter().filter(counts).max_by(|one, other| one.when().cmp(&other.when()));
        match (last.map(|line| line.state), self.rule(purpose)?) {
            (Some(ConsentState::Withdrawn), _) => Some(NoConsent::Withdrawn),
            (None, ConsentRule::OptIn) => Some(NoConsent::NotGiven),
            (Some(ConsentState::Given), _) | (None, ConsentRule::OptOut) => None,
        }
    }
}

/// Those of a center that says nothing of its own: surveys and care until somebody objects, marketing
/// only for who agreed.
impl Default for Purposes {
    fn default() -> Self {
        Self(BTreeMap::from([
            (PurposeId::SURVEY, ConsentRule::OptOut),
            (PurposeId::CARE, ConsentRule::OptOut),
            (PurposeId::MARKETING, ConsentRule::OptIn),
        ]))
    }
}

/// One thing that a customer said; it is never changed, only followed by another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The line's name: the same one is the same line, however often it is sent.
    pub id: ConsentId,
    /// To what.
    pub purpose: PurposeId,
    /// By which medium; none for any.
    pub medium: Option<Medium>,
    /// What.
    pub state: ConsentState,
    /// How it was obtained, in a word, such as `web` or the name of a document.
    pub source: String,
    /// Who wrote it down.
    pub actor: String,
    /// When the customer said so.
    pub at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
}

impl Consent {
    /// Tells whether a line that was sent says the same, whenever it was written down. When it was said
    /// counts too, unless the sender left that open: then it was said as it was written down.
    pub fn says_the_same(&self, sent: &Self) -> bool {
        let said = |it: &Self| (it.purpose.clone(), it.medium, it.state, it.source.clone());
        let is_at_the_time = sent.at == sent.recorded_at || sent.at == self.at;
        self.id == sent.id && is_at_the_time && said(self) == said(sent)
    }

    fn when(&self) -> (Timestamp, Timestamp, &ConsentId) {
        (self.at, self.recorded_at, &self.id)
    }
}

impl Center {
    /// Gives what a call is for; nothing for one that a ticket asks for, and where nobody can object. What
    /// a policy or a plan wanted that is gone counts as what such things usually are for.
    pub fn purpose_of(&self, follow_up: &FollowUp) -> Option<PurposeId> {
        let named = |id: &str| id == follow_up.policy;
        match follow_up.cause {
            Cause::Closing { .. } => {
                let policy = self.follow_ups.iter().find(|policy| named(&policy.id));
                policy.map_or(Some(PurposeId::SURVEY), |policy| policy.purpose.clone())
            }
            Cause::Touchpoint(_) => {
                let plan = self.touchpoints.iter().find(|plan| named(&plan.id));
                plan.map_or(Some(PurposeId::CARE), |plan| plan.purpose.clone())
            }
            Cause::CallBack { .. } | Cause::Call { .. } => None,
        }
    }
}

/// Gives what holds now: of each purpose the last word on any medium, and the later ones on single
/// media.
pub fn in_force(said: &[Consent]) -> Vec<&Consent> {
    let mut last: BTreeMap<(&PurposeId, Option<Medium>), &Consent> = BTreeMap::new();
    for line in said {
        let place = last.entry((&line.purpose, line.medium)).or_insert(line);
        if place.when() < line.when() {
            *place = line;
        }
    }
    let is_overtaken = |line: &Consent| {
        let of_any = last.get(&(&line.purpose, None));
        line.medium.is_some() && of_any.is_some_and(|any| any.when() > line.when())
    };
    last.values().copied().filter(|line| !is_overtaken(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: Option<Medium> = Some(Medium::Phone);

    fn said(at: i64, purpose: PurposeId, medium: Option<Medium>, state: ConsentState) -> Consent {
        Consent {
            id: ConsentId::parse(format!("c-{at}")).expect("an id"),
            purpose,
            medium,
            state,
            source: "web".to_owned(),
            actor: "agent:wang".to_owned(),
            at: Timestamp::from_millis(at),
            recorded_at: Timestamp::from_millis(9),
        }
    }

    #[test]
    fn who_said_nothing_is_approached_by_the_rule_of_the_purpose() {
        let purposes = Purposes::default();

        assert_eq!(purposes.refusal(&PurposeId::CARE, PHONE, &[]), None);
        let asked = purposes.refusal(&PurposeId::MARKETING, PHONE, &[]);
        assert_eq!(asked, Some(NoConsent::NotGiven));
        let unknown = PurposeId::parse("unknown").expect("an id");
        assert_eq!(purposes.refusal(&unknown, PHONE, &[]), None, "nobody can object to it");
    }

    #[test]
    fn the_last_word_on_the_medium_or_on_any_counts_whenever_it_was_written_down() {
        use ConsentState::{Given, Withdrawn};
        let sms = Some(Medium::Sms);
        let refused = |lines: &[(i64, Option<Medium>, ConsentState)], medium| {
            let line = |(at, by, state): &(i64, Option<Medium>, ConsentState)| {
                said(*at, PurposeId::CARE, *by, *state)
            };
            let lines: Vec<Consent> = lines.iter().map(line).collect();
            Purposes::default().refusal(&PurposeId::CARE, medium, &lines).is_some()
        };

        assert!(refused(&[(1, None, Withdrawn)], PHONE));
        assert!(!refused(&[(1, sms, Withdrawn)], PHONE));
        assert!(refused(&[(2, None, Withdrawn), (1, PHONE, Given)], PHONE));
        assert!(!refused(&[(1, None, Withdrawn), (2, PHONE, Given)], PHONE));
        assert!(refused(&[(1, None, Withdrawn), (2, PHONE, Given)], None));
        let survey = said(1, PurposeId::SURVEY, None, Withdrawn);
        assert_eq!(Purposes::default().refusal(&PurposeId::CARE, PHONE, &[survey]), None);
    }

    #[test]
    fn what_holds_now_is_the_last_word_and_later_ones_on_single_media() {
        let lines = [
            said(1, PurposeId::CARE, PHONE, ConsentState::Given),
            said(2, PurposeId::CARE, None, ConsentState::Withdrawn),
            said(3, PurposeId::CARE, Some(Medium::Email), ConsentState::Given),
            said(1, PurposeId::SURVEY, None, ConsentState::Given),
            said(4, PurposeId::SURVEY, None, ConsentState::Withdrawn),
        ];

        let now = in_force(&lines);

        let told: Vec<_> =
            now.iter().map(|line| (line.purpose.as_str(), line.at.as_millis())).collect();
        assert_eq!(told, [("care", 2), ("care", 3), ("survey", 4)]);
    }
}
