//! How the worth of customers is computed, as the demo center does and as others may.

use std::collections::BTreeMap;

use switchboard_domain::customer::value::{
    Explanation, Measure, Ranking, Reading, ValueInput, ValueInputs, ValueModel,
};

use super::{demo, demo_center, demo_with};
use crate::{check, parse};

/// 10,000 yuan in fen.
const WAN: i64 = 1_000_000;

#[test]
fn the_three_example_customers_are_b2_a1_and_a1() {
    let model = demo_model();

    assert_eq!(tiers(&model, &examples()), ["B2", "A1", "A1"]);
    let scores = examples().map(|inputs| model.explain(&inputs).score.expect("a score").points());
    assert_eq!(scores, [5_068, 8_358, 7_317]);
}

/// Budget and influence stand in one column of the source: A1600万, A12.5亿, B1亿. Only a grade of one
/// letter leaves a number in each of the three, so that is how [`examples`] read them. With grades of
/// two characters the third has no budget; the tiers are the same.
#[test]
fn the_other_reading_of_the_example_customers_gives_the_same_tiers() {
    let budgets = [Some(600 * WAN), Some(25_000 * WAN), None];
    let mut read_otherwise = examples();
    for (inputs, budget) in read_otherwise.iter_mut().zip(budgets) {
        inputs.remove(&ValueInput::Budget);
        inputs.extend(budget.map(|budget| (ValueInput::Budget, Measure::Number(budget))));
    }

    assert_eq!(tiers(&demo_model(), &read_otherwise), ["B2", "A1", "A1"]);
}

#[test]
fn an_input_that_is_not_known_is_left_out_and_said() {
    let [mut inputs, ..] = examples();
    inputs.remove(&ValueInput::Influence);

    let Explanation { lines, known, score, .. } = demo_model().explain(&inputs);

    let missing: Vec<&str> = lines
        .iter()
        .filter(|line| line.reading == Reading::Missing)
        .map(|line| line.input.as_str())
        .collect();
    assert_eq!((missing, known), (vec!["influence"], 95));
    assert!(score.is_some());
}

#[test]
fn a_change_of_the_model_is_told() {
    let files = demo_with("value.yaml", "weight: 20, log", "weight: 30, log");

    let told = crate::changes(&demo(), &files);

    let told: Vec<_> = told.iter().map(|it| (it.object.as_str(), it.key.as_deref())).collect();
    assert_eq!(told, [("value model", Some("inputs.purchases.weight"))]);
}

#[test]
fn without_the_file_nothing_is_computed() {
    let mut files = demo();
    files.remove("value.yaml");

    assert_eq!(parse(&files).expect("a sound center").value, None);
}

#[test]
fn a_model_that_measures_nothing_is_refused_where_it_stands() {
    let tiers = "tiers: {A1: 6, A2: 5, A3: 4, B1: 3, B2: 2, C1: 1}";
    let inputs = "inputs: {potential: {weight: 1, words: {A: 100}}}";
    let bad = [
        (tiers.to_owned(), "1:1: the file: \"inputs\" is missing"),
        (inputs.to_owned(), "1:1: the file: \"tiers\" is missing"),
        (format!("{tiers}\ninputs: {{}}"), "2:9: inputs: names no input"),
        (
            format!("{tiers}\ninputs: {{purchase: {{weight: 1}}}}"),
            "2:10: inputs: \"purchase\" is none of purchases, discount, contact_cost, net_profit, \
             history, cooperation, budget, background, potential, influence; did you mean \
             \"purchases\"?",
        ),
        (
            format!("{tiers}\ninputs: {{budget: {{weight: 0, log: {{from: 1, to: 2}}}}}}"),
            "2:27: weight of input budget: \"0\" is not a whole number from 1 to 1000",
        ),
        (
            format!("{tiers}\ninputs: {{budget: {{weight: 1}}}}"),
            "2:18: input budget: needs exactly one of linear, log and words",
        ),
        (
            format!("{tiers}\ninputs: {{budget: {{weight: 1, log: {{from: 0, to: 2}}}}}}"),
            "2:35: log of input budget: `from` must be at least 1 for a logarithm",
        ),
        (
            format!("{tiers}\ninputs: {{budget: {{weight: 1, linear: {{from: 2, to: 2}}}}}}"),
            "2:38: linear of input budget: `from` must be below `to`",
        ),
        (
            format!("{inputs}\ntiers: {{A1: 6, A2: 5, A3: 4, B1: 3, B2: 3, C1: 1}}"),
            "2:8: tiers: B2 must begin below the tier above it",
        ),
        (
            format!("{inputs}\ntiers: {{by: rank, A1: 60, A2: 60, A3: 4, B1: 3, B2: 3, C1: 1}}"),
            "2:8: tiers: the shares of the tiers are more than 100 percent together",
        ),
        (
            format!("{inputs}\n{tiers}\naxes: {{high: 3000, mid: 3000}}"),
            "3:7: axes: mid must begin below high",
        ),
        (
            format!("{inputs}\n{tiers}\nrecompute_at: 3 am"),
            "3:15: recompute_at: \"3 am\" is no time of day such as \"03:00\"",
        ),
    ];
    for (text, complaint) in bad {
        let mut files = demo();
        files.insert("value.yaml".into(), text.clone());

        let said = check(&files).problems;

        let said: Vec<String> = said.iter().map(ToString::to_string).collect();
        assert_eq!(said, [format!("value.yaml:{complaint}")], "{text}");
    }
}

fn demo_model() -> ValueModel {
    demo_center().value.expect("the demo has a model")
}

fn tiers(model: &ValueModel, customers: &[ValueInputs; 3]) -> Vec<&'static str> {
    let scores = customers.iter().map(|inputs| model.explain(inputs).score.expect("a score"));
    let scores: Vec<_> = scores.collect();
    let ranking = Ranking::of(scores.iter().map(|score| (*score, 1)));
    scores.iter().map(|score| model.grading.tier(*score, &ranking).as_str()).collect()
}

/// Three customers of a textbook, in its order.
fn examples() -> [ValueInputs; 3] {
    let amounts = [
        [500, 87, 20, 50, 400, 1_600],
        [13_000, 1_300, 30, 2_000, 5_700, 125_000],
        [5_000, 230, 70, 600, 1_500, 10_000],
    ];
    let others =
        [(7, ["none", "C1", "A"]), (5, ["technology", "A1", "A"]), (3, ["government", "A1", "B"])];
    std::array::from_fn(|index| {
        let [purchases, discount, cost, profit, history, budget] =
            amounts[index].map(|wan| Measure::Number(wan * WAN));
        let (cooperation, words) = others[index];
        let [background, potential, influence] = words.map(|word| Measure::Word(word.to_owned()));
        BTreeMap::from([
            (ValueInput::Purchases, purchases),
            (ValueInput::Discount, discount),
            (ValueInput::ContactCost, cost),
            (ValueInput::NetProfit, profit),
            (ValueInput::History, history),
            (ValueInput::Cooperation, Measure::Number(cooperation)),
            (ValueInput::Budget, budget),
            (ValueInput::Background, background),
            (ValueInput::Potential, potential),
            (ValueInput::Influence, influence),
        ])
    })
}
