//! Scores, where they come from, and what follows from them.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::customer::Tier;

fn score(points: u16) -> Score {
    Score::new(points).expect("a score")
}

fn share(percent: u8) -> Share {
    Share::percent(percent).expect("a share")
}

fn rule(weight: u32, sign: Sign, axis: Axis, scale: Scale) -> InputRule {
    InputRule { weight, sign, axis, scale }
}

/// Purchases by logarithm, costs evenly the wrong way round, potential by a table.
fn model() -> ValueModel {
    let words = [("A", 100), ("B", 60), ("C", 20)];
    let words = words.map(|(word, percent)| (word.to_owned(), share(percent)));
    let log = Scale::logarithmic(100, 1_000_000).expect("a scale");
    let even = Scale::linear(0, 1_000).expect("a scale");
    let table = Scale::table(BTreeMap::from(words)).expect("a scale");
    let [a1, a2, a3, b1, b2, c1] = [9_000, 8_000, 7_000, 6_000, 5_000, 3_000].map(score);
    ValueModel {
        rules: BTreeMap::from([
            (ValueInput::Purchases, rule(50, Sign::Plus, Axis::Value, log)),
            (ValueInput::ContactCost, rule(20, Sign::Minus, Axis::Value, even)),
            (ValueInput::Potential, rule(30, Sign::Plus, Axis::Potential, table)),
        ]),
        missing: Missing::LeaveOut,
        known_at_least: 50,
        grading: Grading::by_score([a1, a2, a3, b1, b2, c1]).expect("bounds"),
        levels: LevelBounds::new(score(6_667), score(3_334)).expect("bounds"),
        recompute_at: None,
    }
}

fn inputs(purchases: i64, cost: i64, potential: &str) -> ValueInputs {
    BTreeMap::from([
        (ValueInput::Purchases, Measure::Number(purchases)),
        (ValueInput::ContactCost, Measure::Number(cost)),
        (ValueInput::Potential, Measure::Word(potential.to_owned())),
    ])
}

#[test]
fn each_input_says_what_it_counts_and_adds() {
    let explained = model().explain(&inputs(10_000, 250, "B"));

    let told: Vec<_> = explained
        .lines
        .iter()
        .map(|line| (line.input.as_str(), line.reading, line.weight, line.contribution))
        .collect();
    assert_eq!(
        told,
        [
            ("purchases", Reading::Counted(share(50)), 50, 2_500),
            ("contact_cost", Reading::Counted(share(75)), 20, 1_500),
            ("potential", Reading::Counted(share(60)), 30, 1_800),
        ]
    );
    assert_eq!((explained.score, explained.known), (Some(score(5_800)), 100));
    let axes = Axes { value: Some(Level::Mid), potential: Some(Level::Mid), loyalty: None };
    assert_eq!(explained.axes, axes);
}

#[test]
fn the_others_share_the_weight_of_what_is_not_known() {
    let mut known = inputs(1_000_000, 1_000, "A");
    known.remove(&ValueInput::Potential);

    let explained = model().explain(&known);

    assert_eq!((explained.known, explained.score), (70, Some(score(7_142))));
    assert_eq!(explained.lines[2].reading, Reading::Missing);
    assert_eq!(explained.axes.potential, None);
}

#[test]
fn what_is_not_known_counts_as_the_worst_where_the_model_says_so() {
    let model = ValueModel { missing: Missing::Worst, ..model() };
    let mut known = inputs(1_000_000, 0, "A");
    known.remove(&ValueInput::Potential);

    assert_eq!(model.explain(&known).score, Some(score(7_000)));
}

#[test]
fn without_enough_of_the_weight_there_is_no_score() {
    let mut known = inputs(1_000_000, 0, "A");
    known.remove(&ValueInput::Purchases);
    assert_eq!(model().explain(&known).score, Some(score(10_000)), "50 percent are known");
    known.remove(&ValueInput::ContactCost);

    let explained = model().explain(&known);

    assert_eq!((explained.score, explained.known), (None, 30));
    assert!(explained.lines.iter().all(|line| line.contribution == 0));
    assert_eq!(model().explain(&ValueInputs::new()).score, None);
    let lenient = ValueModel { known_at_least: 0, missing: Missing::Worst, ..model() };
    assert_eq!(lenient.explain(&ValueInputs::new()).score, None, "nothing at all is known");
}

#[test]
fn what_the_model_does_not_understand_any_more_counts_as_unknown_and_says_so() {
    let explained = model().explain(&inputs(10_000, 0, "platinum"));

    assert_eq!(explained.lines[2].reading, Reading::NotUnderstood);
    assert_eq!(explained.known, 70);
}

#[test]
fn inputs_are_refused_with_what_would_fit() {
    let refused = |inputs| model().check(&inputs).map_err(|error| error.to_string());

    assert_eq!(refused(inputs(1, 1, "A")), Ok(()));
    assert_eq!(refused(inputs(1, 1, "D")), Err("potential takes A, B, C".to_owned()));
    let asked = BTreeMap::from([(ValueInput::Budget, Measure::Number(1))]);
    assert_eq!(refused(asked), Err("the model does not ask for budget".to_owned()));
    let word = BTreeMap::from([(ValueInput::Purchases, Measure::Word("much".to_owned()))]);
    assert_eq!(refused(word), Err("purchases takes a whole number".to_owned()));
}

#[test]
fn a_scale_that_measures_nothing_is_refused() {
    assert_eq!(Scale::linear(5, 5), Err(ScaleError::Empty));
    assert_eq!(Scale::logarithmic(0, 5), Err(ScaleError::NotPositive));
    assert_eq!(Scale::logarithmic(5, 1), Err(ScaleError::Empty));
    assert_eq!(Scale::table(BTreeMap::new()), Err(ScaleError::NoWords));
    assert_eq!(Measure::parse("-5"), Ok(Measure::Number(-5)));
    assert_eq!(Measure::parse("A1"), Ok(Measure::Word("A1".to_owned())));
    assert!(Measure::parse(" ").is_err() && Measure::parse(&"x".repeat(33)).is_err());
}

#[test]
fn a_pyramid_has_1_19_30_and_50_percent_by_rank() {
    let ranking = Ranking::of((1..=100).map(|points| (score(points), 1)));
    let class = |points| Pyramid::of(score(points), &ranking);

    let mut sizes = BTreeMap::new();
    for points in 1..=100 {
        *sizes.entry(class(points)).or_insert(0) += 1;
    }
    let expected = [
        (Pyramid::Important, 1),
        (Pyramid::Secondary, 19),
        (Pyramid::Ordinary, 30),
        (Pyramid::Small, 50),
    ];
    assert_eq!(sizes.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!((class(100), ranking.rank(score(100))), (Pyramid::Important, 1));
}

#[test]
fn equal_scores_have_equal_ranks_and_the_better_class() {
    let ranking = Ranking::of([(score(10), 3), (score(5), 90), (score(7), 7)]);

    assert_eq!([10, 7, 5].map(|points| ranking.rank(score(points))), [1, 4, 11]);
    assert_eq!(ranking.rank(score(8)), 4, "a score that nobody has");
    assert_eq!(Pyramid::of(score(10), &ranking), Pyramid::Important);
    assert_eq!(ranking.len(), 100);
    assert_eq!(Pyramid::of(score(5), &Ranking::default()), Pyramid::Important);
}

#[test]
fn tiers_follow_from_the_score_or_from_the_rank() {
    let by_score = model().grading;
    let nobody = Ranking::default();
    let tiers = [9_000, 8_999, 3_000, 2_999].map(|points| by_score.tier(score(points), &nobody));
    assert_eq!(tiers, [Tier::A1, Tier::A2, Tier::C1, Tier::C2]);

    let by_rank = Grading::by_rank([1, 4, 5, 10, 20, 30]).expect("shares");
    let ranking = Ranking::of((1..=100).map(|points| (score(points), 1)));
    let ranked = [100, 99, 91, 90, 31, 30].map(|points| by_rank.tier(score(points), &ranking));
    assert_eq!(ranked, [Tier::A1, Tier::A2, Tier::A3, Tier::B1, Tier::C1, Tier::C2]);

    let flat = Grading::by_score([9, 8, 7, 7, 6, 5].map(score));
    assert_eq!(flat, Err(GradingError::NotFalling(Tier::B1)));
    assert_eq!(Grading::by_rank([50, 50, 1, 0, 0, 0]), Err(GradingError::TooMany));
    assert_eq!(Grading::by_rank([200, 200, 1, 0, 0, 0]), Err(GradingError::TooMany));
}

#[test]
fn a_reason_belongs_to_somebody_who_leaves() {
    let why = Some(ChurnReason::Price);

    assert_eq!(Churn::new(ChurnState::None, why), None);
    let leaving = Churn::new(ChurnState::Partial, why).expect("a churn");
    assert_eq!((leaving.state(), leaving.reason()), (ChurnState::Partial, why));
    assert!(Churn::new(ChurnState::Full, None).is_some(), "why may not be known yet");
}

proptest! {
    #[test]
    fn the_lines_add_up_to_the_score(known in any_inputs(), missing in any_missing()) {
        let model = ValueModel { missing, known_at_least: 0, ..model() };

        let explained = model.explain(&known);

        let sum: u16 = explained.lines.iter().map(|line| line.contribution).sum();
        prop_assert_eq!(sum, explained.score.map_or(0, Score::points));
    }

    #[test]
    fn more_of_an_input_never_counts_against_its_sign(
        purchases in any::<i64>(), cost in any::<i64>(), more in 0..i64::MAX, potential in 0..3_usize,
    ) {
        let potential = ["A", "B", "C"][potential];
        let of = |bought, spent| model().explain(&inputs(bought, spent, potential)).score;

        let before = of(purchases, cost);

        prop_assert!(of(purchases.saturating_add(more), cost) >= before);
        prop_assert!(of(purchases, cost.saturating_add(more)) <= before);
    }

    #[test]
    fn only_the_proportion_of_the_weights_counts(known in any_inputs(), factor in 1..1_000_u32) {
        let mut heavier = model();
        for rule in heavier.rules.values_mut() {
            rule.weight *= factor;
        }

        let (one, other) = (model().explain(&known), heavier.explain(&known));

        prop_assert_eq!(one.score, other.score);
        let added = |explained: Explanation| {
            explained.lines.iter().map(|line| line.contribution).collect::<Vec<_>>()
        };
        prop_assert_eq!(added(one), added(other));
    }

    #[test]
    fn a_better_score_never_has_a_worse_class(points in proptest::collection::vec(0..=10_000_u16, 1..200)) {
        let ranking = Ranking::of(points.iter().map(|points| (score(*points), 1)));
        let by_rank = Grading::by_rank([1, 4, 15, 20, 20, 20]).expect("shares");
        let mut sorted = points;
        sorted.sort_unstable();

        for pair in sorted.windows(2) {
            let [worse, better] = [score(pair[0]), score(pair[1])];
            prop_assert!(Pyramid::of(better, &ranking) <= Pyramid::of(worse, &ranking));
            prop_assert!(by_rank.tier(better, &ranking) <= by_rank.tier(worse, &ranking));
        }
    }
}

fn any_missing() -> impl Strategy<Value = Missing> {
    prop_oneof![Just(Missing::LeaveOut), Just(Missing::Worst)]
}

fn any_inputs() -> impl Strategy<Value = ValueInputs> {
    let measure = prop_oneof![
        any::<i64>().prop_map(Measure::Number),
        (0..2_000_000_i64).prop_map(Measure::Number),
        "[A-D]".prop_map(Measure::Word),
    ];
    let input = proptest::sample::select(ValueInput::ALL);
    proptest::collection::btree_map(input, measure, 0..10)
}
