//! Claims about forms and checklists.

use super::*;

fn name(text: &str) -> EntryName {
    text.parse().expect("a name")
}

fn field(text: &str, required_at: Option<Checkpoint>) -> FormField {
    FormField {
        name: name(text),
        display_name: Localized::default(),
        shape: FieldShape::Choice(vec!["red".to_owned(), "blue".to_owned()]),
        required_at,
    }
}

fn a_form() -> TicketForm {
    TicketForm {
        fields: vec![
            field("whenever", None),
            field("late", Some(Checkpoint::Close)),
            field("early", Some(Checkpoint::Accept)),
        ],
        steps: vec![FormStep { name: name("look"), display_name: Localized::default() }],
    }
}

fn set(field: &str, value: &str) -> Filling {
    let value = Some(ProfileValue::Text(value.to_owned()));
    Filling { values: [(name(field), value)].into(), ..Filling::default() }
}

fn tick(step: &str, is_done: bool) -> Filling {
    Filling { ticks: [(name(step), is_done)].into(), ..Filling::default() }
}

#[test]
fn a_ticket_passes_where_nothing_is_missing() {
    let form = a_form();
    let gap_of = |at, filled: &Filled| match form.gap(at, filled) {
        Some(Gap::Field { name, .. } | Gap::Step { name }) => name.to_string(),
        None => "none".to_owned(),
    };
    let empty = Filled::default();
    let early = form.fill(empty.clone(), set("early", "red")).expect("a value");
    let ticked = form.fill(early.clone(), tick("look", true)).expect("a step");
    let whole = form.fill(ticked.clone(), set("late", "blue")).expect("a value");

    assert_eq!(gap_of(Checkpoint::Accept, &empty), "early");
    assert_eq!(gap_of(Checkpoint::Accept, &early), "none");
    assert_eq!(gap_of(Checkpoint::Resolve, &empty), "early");
    assert_eq!(gap_of(Checkpoint::Resolve, &early), "look");
    assert_eq!(gap_of(Checkpoint::Resolve, &ticked), "none");
    assert_eq!(gap_of(Checkpoint::Close, &ticked), "late");
    assert_eq!(gap_of(Checkpoint::Close, &whole), "none");
}

#[test]
fn a_value_that_the_form_takes_no_more_counts_as_missing() {
    let form = a_form();
    let mut filled = Filled::default();
    filled.values.insert(name("early"), ProfileValue::Text("green".to_owned()));

    let gap = form.gap(Checkpoint::Accept, &filled);

    let expected = "one of `red`, `blue`".to_owned();
    assert_eq!(gap, Some(Gap::Field { name: name("early"), expected }));
}

#[test]
fn what_the_form_does_not_take_is_refused_with_what_it_takes() {
    let form = a_form();
    let refused = |filling| form.fill(Filled::default(), filling).expect_err("a refusal");
    let known = vec![name("whenever"), name("late"), name("early")];

    assert_eq!(
        refused(set("size", "red")),
        FillError::UnknownField { name: name("size"), known: known.clone() }
    );
    let nothing = Filling { values: [(name("size"), None)].into(), ..Filling::default() };
    assert_eq!(refused(nothing), FillError::UnknownField { name: name("size"), known });
    let expected = "one of `red`, `blue`".to_owned();
    assert_eq!(
        refused(set("late", "green")),
        FillError::BadValue { name: name("late"), value: Some("green".to_owned()), expected }
    );
    for is_done in [true, false] {
        assert_eq!(
            refused(tick("think", is_done)),
            FillError::UnknownStep { name: name("think"), known: vec![name("look")] }
        );
    }
}

#[test]
fn what_has_left_the_form_can_be_taken_away() {
    let mut filled = Filled::default();
    filled.values.insert(name("gone"), ProfileValue::Boolean(true));
    filled.ticked.insert(name("past"));
    let filling =
        Filling { values: [(name("gone"), None)].into(), ticks: [(name("past"), false)].into() };

    assert_eq!(a_form().fill(filled, filling), Ok(Filled::default()));
}

#[test]
fn a_change_is_told_without_its_values() {
    let mut filling = set("early", "red");
    filling.values.insert(name("late"), None);
    filling.ticks.insert(name("look"), true);
    filling.ticks.insert(name("past"), false);

    assert_eq!(filling.told(), ["set early", "cleared late", "ticked look", "unticked past"]);
}

#[test]
fn what_was_filled_in_first_stays() {
    let form = a_form();
    let filled = |filling| form.fill(Filled::default(), filling).expect("values");
    let mut first = filled(set("early", "red"));

    first.complete(&filled(set("early", "blue")));
    first.complete(&filled(set("late", "blue")));

    let text = |value: &str| ProfileValue::Text(value.to_owned());
    assert_eq!(first.values, [(name("early"), text("red")), (name("late"), text("blue"))].into());
}
