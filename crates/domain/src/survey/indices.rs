//! What questions measure together, by published formulas. They are those of the Chinese texts on
//! customer relations from which the project grew.
//!
//! | index | formula | rests on |
//! | --- | --- | --- |
//! | ratio of an item | points for performance, together / points for expectation, together: the product as it is by the ideal one | customers who answered both questions |
//! | gap of an item | (points for performance − points for expectation) / customers: the mean of performance minus expectation | the same |
//! | loyalty score | mean points of product + enterprise + culture + added + strategic value, from 5 to 25 | answers about each part; none until each part has one |
//! | weight of a driver | its weight / the weights of all drivers together, so that they add up to 1 | – |
//! | loss of a driver | its weight × (5 − its mean points): how much it takes away; drivers are ranked by it | answers about the driver |
//! | driver index | the mean of the drivers' mean points, by their weights, from 1 to 5; over the drivers that have answers, of which it says how much weight they have | the same |
//!
//! Which question measures what is said by the survey as it is now. Sums of departments make those of all;
//! means and indices are computed from sums.

use std::collections::BTreeMap;
use std::fmt;

use crate::floor::state::words;
use crate::ratio::ratio;

use super::{POINTS, PointFigures, Survey};

/// The weights of nine drivers when a center gives none, the most important first; together 99.
pub const TEMPLATE: [u32; 9] = [23, 18, 16, 14, 10, 7, 4, 4, 3];

words!(
    /// What a question asks of an item.
    Side {
        /// What the customer expected: the ideal.
        Expectation = "expectation",
        /// What the customer got.
        Performance = "performance",
    }
);

words!(
    /// A part of loyalty.
    LoyaltyPart {
        /// What the product is worth.
        Product = "product",
        /// What the enterprise is worth.
        Enterprise = "enterprise",
        /// What its culture is worth.
        Culture = "culture",
        /// What comes on top.
        Added = "added",
        /// What it is worth in the long run.
        Strategic = "strategic",
    }
);

/// What a question measures besides what its kind says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// The item it is about, and what it asks of it.
    pub item: Option<(String, Side)>,
    /// The part of loyalty it is about.
    pub part: Option<LoyaltyPart>,
    /// The driver it is about.
    pub driver: Option<String>,
}

/// Something that makes customers content or not, and how much it matters beside others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Driver {
    /// Its name.
    pub name: String,
    /// How much it matters, in the unit of the others.
    pub weight: u32,
}

/// The two questions about an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemPair {
    /// The item.
    pub item: String,
    /// The question about what was expected.
    pub expectation: String,
    /// The question about what was got.
    pub performance: String,
}

/// What customers who answered both questions about an item gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PairFigures {
    /// How many they are.
    pub answers: u64,
    /// Their points for what they expected, together.
    pub expected: u64,
    /// Their points for what they got, together.
    pub performed: u64,
}

/// What was answered about a driver.
#[derive(Clone, Debug, PartialEq)]
pub struct DriverFigures {
    /// The driver.
    pub name: String,
    /// Its share of all weights, from 0 to 1.
    pub weight: f64,
    /// The points.
    pub points: PointFigures,
}

/// What the answers of a group say together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Indices {
    /// Items, in the order of their questions.
    pub items: Vec<(String, PairFigures)>,
    /// The parts of loyalty; none where the survey does not ask for them.
    pub parts: Vec<(LoyaltyPart, PointFigures)>,
    /// The drivers, those that take away most first; those without answers come last.
    pub drivers: Vec<DriverFigures>,
}

impl PairFigures {
    /// Gives what was got by what was expected; none without answers.
    pub fn ratio(&self) -> Option<f64> {
        ratio(self.performed, self.expected)
    }

    /// Gives the mean of what was got minus what was expected, from −4 to 4; none without answers.
    #[expect(clippy::cast_precision_loss, reason = "nobody gives more than 2^52 points")]
    pub fn gap(&self) -> Option<f64> {
        let gap = self.performed as f64 - self.expected as f64;
        (self.answers > 0).then(|| gap / self.answers as f64)
    }
}

impl DriverFigures {
    /// Gives how much it takes away of the index; none without answers.
    pub fn loss(&self) -> Option<f64> {
        let best = f64::from(*POINTS.end());
        self.points.mean().map(|mean| self.weight * (best - mean))
    }
}

impl Survey {
    /// Gives the items of which both questions are asked, in the order of the first of them.
    pub fn pairs(&self) -> Vec<ItemPair> {
        let asked = |wanted: Side| {
            self.questions.iter().filter_map(move |question| match &question.measured.item {
                Some((item, side)) if *side == wanted => Some((item, &question.name)),
                Some(_) | None => None,
            })
        };
        let pair = |(item, expectation): (&String, &String)| {
            let (_, performance) = asked(Side::Performance).find(|(other, _)| *other == item)?;
            Some(ItemPair {
                item: item.clone(),
                expectation: expectation.clone(),
                performance: performance.clone(),
            })
        };
        asked(Side::Expectation).filter_map(pair).collect()
    }

    /// Computes the indices of a group from what it gave, item by item and question by question.
    pub fn indices(
        &self,
        pairs: &BTreeMap<String, PairFigures>,
        questions: &BTreeMap<String, PointFigures>,
    ) -> Indices {
        let given = |is_meant: &dyn Fn(&Measured) -> bool| {
            let mut sum = PointFigures::default();
            for question in self.questions.iter().filter(|it| is_meant(&it.measured)) {
                sum.add(&questions.get(&question.name).copied().unwrap_or_default());
            }
            sum
        };
        let asks_parts = self.questions.iter().any(|question| question.measured.part.is_some());
        let parts = LoyaltyPart::ALL.iter().filter(|_| asks_parts);
        let all: f64 = self.drivers.iter().map(|driver| f64::from(driver.weight)).sum();
        let mut drivers: Vec<DriverFigures> = self
            .drivers
            .iter()
            .map(|driver| DriverFigures {
                name: driver.name.clone(),
                weight: f64::from(driver.weight) / all,
                points: given(&|it| it.driver.as_ref() == Some(&driver.name)),
            })
            .collect();
        let loss = |driver: &DriverFigures| driver.loss().unwrap_or(-1.0);
        drivers.sort_by(|one, other| loss(other).total_cmp(&loss(one)));
        let figures_of = |item: &str| pairs.get(item).copied().unwrap_or_default();
        let items = self.pairs().into_iter().map(|pair| {
            let figures = figures_of(&pair.item);
            (pair.item, figures)
        });
        Indices {
            items: items.collect(),
            parts: parts.map(|part| (*part, given(&|it| it.part == Some(*part)))).collect(),
            drivers,
        }
    }
}

impl Indices {
    /// Gives the sum of the means of the five parts of loyalty, from 5 to 25; none until each has answers.
    pub fn loyalty_score(&self) -> Option<f64> {
        let means: Option<Vec<f64>> = self.parts.iter().map(|(_, points)| points.mean()).collect();
        means.filter(|means| !means.is_empty()).map(|means| means.iter().sum())
    }

    /// Gives the share of the weights that drivers with answers have, from 0 to 1.
    pub fn weight_answered(&self) -> f64 {
        let answered = self.drivers.iter().filter(|driver| driver.points.answers > 0);
        answered.map(|driver| driver.weight).sum()
    }

    /// Gives the mean points of the drivers by their weights, from 1 to 5; none without answers.
    pub fn driver_index(&self) -> Option<f64> {
        let weighed = self.drivers.iter().filter_map(|it| Some(it.weight * it.points.mean()?));
        let weighed: f64 = weighed.sum();
        let weight = self.weight_answered();
        (weight > 0.0).then(|| weighed / weight)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Question, QuestionKind};
    use super::*;
    use crate::center::Localized;
    use crate::ids::SurveyId;

    fn question(name: &str, measured: Measured) -> Question {
        Question {
            name: name.to_owned(),
            text: Localized::new(BTreeMap::new()),
            kind: QuestionKind::Rating,
            options: vec![],
            kano: None,
            is_optional: false,
            measured,
        }
    }

    fn about(item: &str, side: Side) -> Measured {
        Measured { item: Some((item.to_owned(), side)), ..Measured::default() }
    }

    fn survey(questions: Vec<Question>, drivers: &[(&str, u32)]) -> Survey {
        let driver =
            |(name, weight): &(&str, u32)| Driver { name: (*name).to_owned(), weight: *weight };
        let drivers = drivers.iter().map(driver).collect();
        Survey { id: SurveyId::parse("care").unwrap(), questions, recovery: None, drivers }
    }

    fn points(given: &[u8]) -> PointFigures {
        PointFigures::of(given.iter().copied())
    }

    fn near(one: Option<f64>, other: f64) -> bool {
        one.is_some_and(|one| (one - other).abs() < 1e-9)
    }

    #[test]
    fn an_item_is_what_was_got_by_what_was_expected_and_minus_it() {
        let figures = PairFigures { answers: 4, expected: 20, performed: 15 };

        assert!(near(figures.ratio(), 0.75) && near(figures.gap(), -1.25));
        let none = PairFigures::default();
        assert_eq!((none.ratio(), none.gap()), (None, None));
    }

    #[test]
    fn an_item_has_both_its_questions() {
        let survey = survey(
            vec![
                question("got", about("speed", Side::Performance)),
                question("hoped", about("speed", Side::Expectation)),
                question("alone", about("price", Side::Expectation)),
            ],
            &[],
        );

        let (expectation, performance) = ("hoped".to_owned(), "got".to_owned());
        assert_eq!(
            survey.pairs(),
            [ItemPair { item: "speed".to_owned(), expectation, performance }]
        );
    }

    #[test]
    fn loyalty_is_the_sum_of_its_five_parts_and_none_while_one_is_not_known() {
        let parts = LoyaltyPart::ALL.iter().map(|part| {
            question(part.as_str(), Measured { part: Some(*part), ..Measured::default() })
        });
        let survey = survey(parts.collect(), &[]);
        let mut given: BTreeMap<String, PointFigures> =
            LoyaltyPart::ALL.iter().map(|part| (part.to_string(), points(&[5, 4]))).collect();

        let whole = survey.indices(&BTreeMap::new(), &given);
        given.remove("culture");
        let less = survey.indices(&BTreeMap::new(), &given);

        assert!(near(whole.loyalty_score(), 22.5), "{whole:?}");
        assert_eq!((less.loyalty_score(), less.parts.len()), (None, 5));
        assert_eq!(Indices::default().loyalty_score(), None);
    }

    #[test]
    fn drivers_weigh_as_much_as_all_and_are_ranked_by_what_they_take_away() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        let drivers: Vec<_> = names.into_iter().zip(TEMPLATE).collect();
        let asked = names.map(|name| {
            question(name, Measured { driver: Some(name.to_owned()), ..Measured::default() })
        });
        let survey = survey(asked.into(), &drivers);
        let given = [("a", points(&[5])), ("b", points(&[4])), ("i", points(&[1]))];
        let given = given.map(|(name, points)| (name.to_owned(), points)).into();

        let indices = survey.indices(&BTreeMap::new(), &given);

        assert_eq!(TEMPLATE.iter().sum::<u32>(), 99);
        let weights: f64 = indices.drivers.iter().map(|driver| driver.weight).sum();
        assert!(near(Some(weights), 1.0), "{weights}");
        let ranked: Vec<&str> = indices.drivers.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(ranked[..3], ["b", "i", "a"], "18 points of one, 12 of three");
        assert!(near(indices.drivers[0].loss(), 18.0 / 99.0), "{indices:?}");
        assert!(near(Some(indices.weight_answered()), 44.0 / 99.0));
        let index = (23.0 * 5.0 + 18.0 * 4.0 + 3.0 * 1.0) / 44.0;
        assert!(near(indices.driver_index(), index), "{:?}", indices.driver_index());
    }
}
