//! Marks: checked against their scorecard, and what they come to.

use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use super::{Criterion, MOST_POINTS, Scorecard};

/// A number that all numbers of points divide, so that shares add up exactly.
const WHOLE: u64 = 2_520;
const _: () = {
    let mut points = 1;
    while points <= MOST_POINTS as u64 {
        assert!(WHOLE.is_multiple_of(points), "a share of a criterion is no whole number");
        points += 1;
    }
};

/// A share of what could be reached, in hundredths of a percent: from 0 to 10,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score(u16);

/// What was found of each criterion, by its name; none where it does not apply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(BTreeMap<String, Option<u8>>);

/// What marks come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much of what could be reached was.
    pub score: Score,
    /// Whether it is enough.
    pub is_passed: bool,
    /// The critical criteria that got no points, in the order of the scorecard.
    pub failed: Vec<String>,
}

/// Says why marks are not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MarkError {
    /// The scorecard has no such criterion.
    #[error("the scorecard has no criterion {criterion:?}")]
    UnknownCriterion {
        /// What was marked.
        criterion: String,
        /// What the scorecard has.
        known: Vec<String>,
    },
    /// A criterion was marked twice.
    #[error("criterion `{criterion}` is marked twice")]
    Twice {
        /// The criterion.
        criterion: String,
    },
    /// A criterion gives fewer points.
    #[error("criterion `{criterion}` gives 0 to {most} points, not {points}")]
    TooMany {
        /// The criterion.
        criterion: String,
        /// The points.
        points: u32,
        /// The most it gives.
        most: u8,
    },
    /// A criterion that always applies has no points.
    #[error("criterion `{criterion}` always applies: it needs 0 to {most} points")]
    AlwaysApplies {
        /// The criterion.
        criterion: String,
        /// The most it gives.
        most: u8,
    },
    /// A criterion is not marked.
    #[error("criterion `{criterion}` is not marked")]
    Unmarked {
        /// The criterion.
        criterion: String,
    },
    /// Nothing applies, so there is nothing to judge.
    #[error("no criterion applies")]
    NothingApplies,
}

impl Score {
    /// The score of whoever reached everything.
    pub const FULL: Self = Self(10_000);

    /// Reads a score from hundredths of a percent; none above 100 percent.
    pub fn from_hundredths(hundredths: u16) -> Option<Self> {
        Some(Self(hundredths)).filter(|score| *score <= Self::FULL)
    }

    /// Gives it in hundredths of a percent.
    pub const fn hundredths(self) -> u16 {
        self.0
    }

    /// Gives it in percent.
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// Gives the share of a part in a whole that is not 0, to the nearest hundredth of a percent.
    fn of(part: u64, whole: u64) -> Self {
        let hundredths = (part * 20_000 + whole) / (whole * 2);
        Self(u16::try_from(hundredths).unwrap_or(Self::FULL.0).min(Self::FULL.0))
    }
}

impl fmt::Display for Score {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{:02}%", self.0 / 100, self.0 % 100)
    }
}

impl Marks {
    /// Gives the marks, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<u8>)> {
        self.0.iter().map(|(criterion, points)| (criterion.as_str(), *points))
    }
}

impl FromIterator<(String, Option<u8>)> for Marks {
    fn from_iter<Given: IntoIterator<Item = (String, Option<u8>)>>(given: Given) -> Self {
        Self(given.into_iter().collect())
    }
}

impl Scorecard {
    /// Checks what was given as marks: each criterion once, with points it gives.
    pub fn take(
        &self,
        given: impl IntoIterator<Item = (String, Option<u32>)>,
    ) -> Result<Marks, MarkError> {
        let mut marks = BTreeMap::new();
        for (name, points) in given {
            let criterion = self.criteria.iter().find(|criterion| criterion.name == name);
            let points = criterion.ok_or_else(|| self.unknown(&name))?.take(points)?;
            if marks.insert(name.clone(), points).is_some() {
                return Err(MarkError::Twice { criterion: name });
            }
        }
        let unmarked = self.criteria.iter().find(|it| !marks.contains_key(&it.name));
        if let Some(criterion) = unmarked {
            return Err(MarkError::Unmarked { criterion: criterion.name.clone() });
        }
        if marks.values().all(Option::is_none) {
            return Err(MarkError::NothingApplies);
        }
        Ok(Marks(marks))
    }

    /// Says what marks come to; what the scorecard does not have, or does not apply, does not count.
    pub fn judge(&self, marks: &Marks) -> Finding {
        let (mut reached, mut whole, mut failed) = (0, 0, Vec::new());
        for criterion in &self.criteria {
            let Some(Some(points)) = marks.0.get(&criterion.name) else { continue };
            let share = u64::from(*points) * WHOLE / u64::from(criterion.points.max(1));
            reached += u64::from(criterion.weight) * share;
            whole += u64::from(criterion.weight) * WHOLE;
            if criterion.is_critical && *points == 0 {
                failed.push(criterion.name.clone());
            }
        }
        let score =
            if failed.is_empty() && whole > 0 { Score::of(reached, whole) } else { Score(0) };
        Finding { score, is_passed: score.0 >= u16::from(self.pass) * 100, failed }
    }

    fn unknown(&self, criterion: &str) -> MarkError {
        let known = self.criteria.iter().map(|known| known.name.clone()).collect();
        MarkError::UnknownCriterion { criterion: criterion.to_owned(), known }
    }
}

impl Criterion {
    fn take(&self, given: Option<u32>) -> Result<Option<u8>, MarkError> {
        let (criterion, most) = (self.name.clone(), self.points);
        let Some(points) = given else {
            let always = MarkError::AlwaysApplies { criterion, most };
            return if self.is_optional { Ok(None) } else { Err(always) };
        };
        let few = u8::try_from(points).ok().filter(|points| *points <= most);
        few.map(Some).ok_or(MarkError::TooMany { criterion, points, most })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::Subject;
    use super::*;
    use crate::center::Localized;
    use crate::ids::ScorecardId;

    fn criterion(name: &str, (points, weight): (u8, u8)) -> Criterion {
        Criterion {
            name: name.to_owned(),
            text: Localized::default(),
            points,
            weight,
            is_critical: false,
            is_optional: false,
        }
    }

    fn card() -> Scorecard {
        Scorecard {
            id: ScorecardId::parse("calls").expect("an id"),
            subject: Subject::Call,
            queues: BTreeSet::new(),
            kinds: BTreeSet::new(),
            pass: 80,
            criteria: vec![
                criterion("greeting", (1, 1)),
                Criterion { is_critical: true, ..criterion("identity", (1, 2)) },
                Criterion { is_optional: true, ..criterion("solution", (3, 3)) },
            ],
        }
    }

    fn marks(given: [Option<u32>; 3]) -> Result<Marks, MarkError> {
        let names = ["greeting", "identity", "solution"].map(str::to_owned);
        card().take(names.into_iter().zip(given))
    }

    fn score(given: [Option<u32>; 3]) -> (u16, bool) {
        let finding = card().judge(&marks(given).expect("marks"));
        (finding.score.hundredths(), finding.is_passed)
    }

    #[test]
    fn a_score_is_the_weighted_mean_of_what_applies() {
        assert_eq!(score([Some(1), Some(1), Some(3)]), (10_000, true));
        // (1 + 2 + 3 × 2/3) / 6 and (0 + 2 + 3 × 1/3) / 6
        assert_eq!(score([Some(1), Some(1), Some(2)]), (8_333, true));
        assert_eq!(score([Some(0), Some(1), Some(1)]), (5_000, false));
        // 2 / 3, rounded to the nearest
        assert_eq!(score([Some(0), Some(1), None]), (6_667, false));
    }

    #[test]
    fn a_score_of_just_what_is_asked_for_passes() {
        let passing = |pass| Scorecard { pass, ..card() }.judge(&half());
        let half = Score::from_hundredths(5_000);

        assert_eq!(Some(passing(50).score), half);
        assert!(passing(50).is_passed);
        assert!(!passing(51).is_passed);
    }

    fn half() -> Marks {
        marks([Some(0), Some(1), Some(1)]).expect("marks")
    }

    #[test]
    fn a_critical_criterion_without_points_takes_everything() {
        let finding = card().judge(&marks([Some(1), Some(0), Some(3)]).expect("marks"));

        assert_eq!((finding.score.hundredths(), finding.is_passed), (0, false));
        assert_eq!(finding.failed, ["identity"]);
    }

    #[test]
    fn every_criterion_is_marked_once_with_points_it_gives() {
        let one = |name: &str, points| card().take([(name.to_owned(), points)]);
        let twice = ["greeting", "greeting"].map(|name| (name.to_owned(), Some(1)));

        assert!(
            matches!(one("speed", Some(1)), Err(MarkError::UnknownCriterion { known, .. }) if known.len() == 3)
        );
        assert!(
            matches!(one("greeting", Some(1)), Err(MarkError::Unmarked { criterion }) if criterion == "identity")
        );
        assert!(matches!(one("solution", Some(4)), Err(MarkError::TooMany { most: 3, .. })));
        assert!(matches!(one("greeting", None), Err(MarkError::AlwaysApplies { most: 1, .. })));
        assert!(matches!(card().take(twice), Err(MarkError::Twice { .. })));
    }

    #[test]
    fn something_must_apply() {
        let optional = |it: Criterion| Criterion { is_optional: true, ..it };
        let all =
            Scorecard { criteria: card().criteria.into_iter().map(optional).collect(), ..card() };
        let none = ["greeting", "identity", "solution"].map(|name| (name.to_owned(), None));

        assert_eq!(all.take(none), Err(MarkError::NothingApplies));
    }

    #[test]
    fn a_score_is_told_in_percent() {
        let of = |hundredths| Score::from_hundredths(hundredths).map(|score| score.to_string());

        assert_eq!(of(8_333).as_deref(), Some("83.33%"));
        assert_eq!(of(5).as_deref(), Some("0.05%"));
        assert_eq!(of(10_001), None);
    }
}
