//! What expressions mean, above all where something is unknown.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::center::Language;
use crate::channel::Channel;
use crate::customer::Verification;
use crate::flow::ValueKind;

#[test]
fn what_is_unknown_decides_nothing() {
    let unknown = || compare("field.count", Comparison::Equal, Term::number(1));
    let yes = || Term::flag(true);
    let no = || Term::flag(false);

    assert!(!holds(unknown()));
    assert!(!holds(unknown().negated().expect("typed")));
    assert!(holds(unknown().or(yes()).expect("typed")));
    assert!(holds(yes().or(unknown()).expect("typed")));
    assert!(holds(unknown().and(no()).expect("typed").negated().expect("typed")));
    assert!(!holds(unknown().or(no()).expect("typed")));
    assert!(!holds(Term::has(name("field.count")).expect("typed")));
    assert!(holds(Term::has(name("field.origin")).expect("typed")));
}

#[test]
fn texts_and_numbers_are_compared_and_counted() {
    let origin = || name("field.origin");
    let list = || Term::list(vec![Term::text("021"), Term::text("010")]).expect("a list");

    assert!(holds(origin().within(list()).expect("typed")));
    assert!(holds(origin().test(TextTest::StartsWith, Term::text("02")).expect("typed")));
    assert!(holds(origin().test(TextTest::EndsWith, Term::text("21")).expect("typed")));
    assert!(!holds(origin().test(TextTest::Contains, Term::text("9")).expect("typed")));
    let three = origin().size().expect("typed").compare(Comparison::Equal, Term::number(3));
    assert!(holds(three.expect("typed")));
    let later = name("call.today").compare(Comparison::Less, Term::text("2027-01-01"));
    assert!(holds(later.expect("typed")));
    let vouched = |word| compare("caller.verification", Comparison::Equal, Term::text(word));
    assert!(holds(vouched("full")) && !holds(vouched("failed")));
}

#[test]
fn sums_stop_at_their_bounds() {
    let most = Term::number(i64::MAX).plus(Term::number(1)).expect("typed");
    let expression = Expression::number("too much", most).expect("a number");

    assert_eq!(expression.compute(&facts(&BTreeMap::new())), None);
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    let text = || Term::text("a");
    let faults = [
        text().negated().map(drop),
        text().and(Term::flag(true)).map(drop),
        text().compare(Comparison::Equal, Term::number(1)).map(drop),
        Term::flag(true).compare(Comparison::Less, Term::flag(false)).map(drop),
        text().within(Term::list(vec![Term::number(1)]).expect("a list")).map(drop),
        text().plus(text()).map(drop),
        Term::number(1).size().map(drop),
        Term::list(vec![]).map(drop),
        Term::list(vec![text(), Term::number(1)]).map(drop),
        Term::flag(true).choose(text(), Term::number(1)).map(drop),
        Term::has(text()).map(drop),
        Expression::condition("a", text()).map(drop),
        Term::name("field.nothing", &SCOPE_WITHOUT_FIELDS).map(drop),
        Term::name("staffing.waiting", &SCOPE_WITHOUT_FIELDS).map(drop),
    ];

    for (index, fault) in faults.into_iter().enumerate() {
        assert!(fault.is_err(), "the fault number {index} passed");
    }
}

#[test]
fn large_expressions_are_refused() {
    let mut term = Term::flag(true);
    let mut grown = 0;
    while let Ok(next) = term.clone().negated() {
        term = next;
        grown += 1;
        assert!(grown <= MAX_DEPTH);
    }
    assert_eq!(term.negated(), Err(ExpressionFault::TooLarge));
}

proptest! {
    #[test]
    fn a_number_in_a_field_is_what_its_text_says(number in any::<i64>(), text in "\\PC{0,8}") {
        let fields = BTreeMap::from([
            (String::from("count"), number.to_string()),
            (String::from("broken"), text.clone()),
        ]);
        let sum = name("field.count").minus(Term::number(0)).expect("typed");
        let broken = name("field.broken").plus(Term::number(0)).expect("typed");

        let sum = Expression::number("count - 0", sum).expect("a number");
        let broken = Expression::number("broken + 0", broken).expect("a number");

        prop_assert_eq!(sum.compute(&facts(&fields)), Some(number));
        prop_assert_eq!(broken.compute(&facts(&fields)), text.parse().ok());
    }
}

static NO_FIELDS: BTreeMap<String, ValueKind> = BTreeMap::new();
static SCOPE_WITHOUT_FIELDS: Scope<'static> = Scope { fields: &NO_FIELDS, subject: Subject::Call };

fn name(path: &str) -> Term {
    let fields = BTreeMap::from([
        (String::from("origin"), ValueKind::Text),
        (String::from("count"), ValueKind::Number),
        (String::from("broken"), ValueKind::Number),
    ]);
    Term::name(path, &Scope { fields: &fields, subject: Subject::CallAndQueue })
        .expect("a known name")
}

fn compare(path: &str, how: Comparison, other: Term) -> Term {
    name(path).compare(how, other).expect("well typed")
}

fn holds(term: Term) -> bool {
    let fields = BTreeMap::from([(String::from("origin"), String::from("021"))]);
    Expression::condition("a test", term).expect("a condition").holds(&facts(&fields))
}

fn facts(fields: &BTreeMap<String, String>) -> Facts<'_> {
    static CHINESE: std::sync::OnceLock<Language> = std::sync::OnceLock::new();
    Facts {
        fields,
        language: CHINESE.get_or_init(|| Language::parse("zh-CN").expect("a tag")),
        channel: Channel::Voice,
        called_number: None,
        calling_number: None,
        caller_lists: &[],
        verification: Verification::Full,
        today: "2026-11-22",
        customer: None,
        standing: None,
        staffing: None,
        ticket: None,
    }
}
