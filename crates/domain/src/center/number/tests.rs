use super::*;

fn entry(span: &str) -> CalledNumber {
    CalledNumber {
        span: NumberSpan::parse(span).expect("called numbers"),
        brand: Some(span.to_owned()),
        flow: FlowId::parse("hotline").expect("an id"),
        language: Language::parse("en").expect("a tag"),
        default_country: Country::parse("CN").expect("a country"),
    }
}

fn numbers(spans: &[&str]) -> CalledNumbers {
    CalledNumbers::build(spans.iter().map(|span| entry(span)).collect()).expect("no clash")
}

fn found<'a>(numbers: &'a CalledNumbers, number: &str) -> Option<&'a str> {
    numbers.find(&E164::parse(number).expect("a number"))?.brand.as_deref()
}

#[test]
fn the_number_itself_wins_over_ranges_and_the_narrower_range_over_the_wider() {
    let all = numbers(&[
        "+862160000000-+862160009999",
        "+862160001000-+862160001999",
        "+862160001500-+862160001599",
        "+862160001550",
    ]);

    assert_eq!(found(&all, "+862160001550"), Some("+862160001550"));
    for (number, range) in [
        ("+862160000000", "+862160000000-+862160009999"),
        ("+862160000999", "+862160000000-+862160009999"),
        ("+862160001000", "+862160001000-+862160001999"),
        ("+862160001499", "+862160001000-+862160001999"),
        ("+862160001500", "+862160001500-+862160001599"),
        ("+862160001599", "+862160001500-+862160001599"),
        ("+862160001600", "+862160001000-+862160001999"),
        ("+862160002000", "+862160000000-+862160009999"),
        ("+862160009999", "+862160000000-+862160009999"),
    ] {
        assert_eq!(found(&all, number), Some(range), "{number}");
    }
    for outside in ["+862159999999", "+862160010000", "+8621600010", "+14155550100"] {
        assert_eq!(found(&all, outside), None, "{outside}");
    }
}

#[test]
fn a_number_nobody_named_has_the_answer_for_every_other_number() {
    let all = numbers(&["*", "+862160000000", "+862160001000-+862160001999"]);

    assert_eq!(found(&all, "+14155550100"), Some("*"));
    assert_eq!(found(&all, "+862160000000"), Some("+862160000000"));
    assert_eq!(all.others().and_then(|entry| entry.brand.as_deref()), Some("*"));
    assert_eq!(numbers(&["+862160000000"]).others(), None);
}

#[test]
fn ranges_of_different_width_may_overlap_and_equal_ones_may_not() {
    let clashes = CalledNumbers::build(vec![
        entry("+862160001000-+862160001999"),
        entry("+862160001500-+862160002499"),
        entry("+862160001900-+862160002000"),
    ]);

    let clash = NumberClash {
        one: NumberSpan::parse("+862160001000-+862160001999").expect("a range"),
        other: NumberSpan::parse("+862160001500-+862160002499").expect("a range"),
    };
    assert_eq!(clashes, Err(vec![clash]));
    let all = numbers(&["+862160001000-+862160001999", "+862160001900-+862160002000"]);
    assert_eq!(found(&all, "+862160001950"), Some("+862160001900-+862160002000"));
    assert_eq!(found(&all, "+862160002000"), Some("+862160001900-+862160002000"));
    assert_eq!(found(&all, "+862160001899"), Some("+862160001000-+862160001999"));
}

#[test]
fn every_number_of_many_nested_ranges_gets_the_narrowest_around_it() {
    let spans: Vec<String> = (0..200_u64)
        .map(|step| format!("+{}-+{}", 862_160_000_000 + step, 862_160_001_000 - 2 * step))
        .collect();
    let all = numbers(&spans.iter().map(String::as_str).collect::<Vec<_>>());

    for number in 862_160_000_000..=862_160_001_000_u64 {
        let inside =
            |step: &u64| (862_160_000_000 + step..=862_160_001_000 - 2 * step).contains(&number);
        let around = spans.iter().zip(0_u64..).filter(|(_, step)| inside(step));
        let narrowest = around.map(|(span, _)| span.as_str()).last();
        assert_eq!(found(&all, &format!("+{number}")), narrowest, "{number}");
    }
}

#[test]
fn a_text_that_names_no_numbers_is_refused_with_the_reason() {
    let not_numbers = |text: &str| NumberSpanError::NotNumbers(text.to_owned());
    for text in ["", "10086", "hotline", "+862160000000-", "-+862160000000", "+86-+87-+88"] {
        assert_eq!(NumberSpan::parse(text), Err(not_numbers(text)), "{text}");
    }
    let unequal = "+862160000000-+8621600000001";
    assert_eq!(NumberSpan::parse(unequal), Err(NumberSpanError::UnequalEnds(unequal.to_owned())));
    let backwards = "+862160000009-+862160000000";
    assert_eq!(NumberSpan::parse(backwards), Err(NumberSpanError::Backwards(backwards.to_owned())));
    let one = NumberSpan::parse("+862160000000-+862160000000");
    assert_eq!(one.map(|span| span.to_string()), Ok("+862160000000".to_owned()));
}
