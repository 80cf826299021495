//! Claims about what a center keeps of its customers, and who sees it.

use std::collections::BTreeMap;

use super::*;
use crate::customer::Tier;
use crate::ids::CustomerId;
use crate::time::Timestamp;

#[test]
fn each_shape_takes_its_values_and_says_which() {
    let plate = Pattern::new("[A-Z]{2}|[0-9]+").expect("a pattern");
    let words = ["vip", "plain"].map(str::to_owned);
    let (min, max) = (Finite::new(0.5), Finite::new(20.0));
    takes(
        &FieldShape::Text { max_length: 3, pattern: None },
        "a text of 1 to 3 characters",
        [&[text("北京市"), text("a\nb")], &[text("北京市区"), text(" "), text("a\0"), of(1.0)]],
    );
    takes(
        &FieldShape::Text { max_length: 9, pattern: Some(plate) },
        "a text of 1 to 9 characters that matches `[A-Z]{2}|[0-9]+`",
        [&[text("AB"), text("1234")], &[text("ABC"), text("x12"), text("AB1")]],
    );
    takes(
        &FieldShape::Number { min, max },
        "a number from 0.5 to 20",
        [&[of(0.5), of(20.0)], &[of(0.4), of(20.1), text("1")]],
    );
    takes(
        &FieldShape::Integer { min: Finite::new(0.0), max: None },
        "a whole number of at least 0",
        [&[of(0.0), of(-0.0), of(7.0)], &[of(-1.0), of(1.5), of(1e300)]],
    );
    takes(
        &FieldShape::Boolean,
        "true or false",
        [&[ProfileValue::Boolean(false)], &[text("false"), of(0.0)]],
    );
    takes(
        &FieldShape::Date,
        "a day such as `1980-02-29`",
        [&[text("1980-02-29")], &[text("1981-02-29"), text("1980-2-9"), text("29.02.1980")]],
    );
    takes(
        &FieldShape::Phone,
        "a telephone number in E.164, such as `+8613800000001`",
        [&[text("+8613800000001")], &[text("13800000001"), text("+86"), of(1.0)]],
    );
    takes(
        &FieldShape::Choice(words.into()),
        "one of `vip`, `plain`",
        [&[text("vip")], &[text("VIP"), text("")]],
    );
    takes(
        &FieldShape::Texts { max_items: 2, max_length: 3 },
        "1 to 2 texts of 1 to 3 characters",
        [&[texts(&["tea", "go"])], &[texts(&[]), texts(&["chess"]), texts(&["a"; 3]), text("tea")]],
    );
}

fn takes(shape: &FieldShape, expected: &str, [taken, refused]: [&[ProfileValue]; 2]) {
    for value in taken {
        assert!(shape.accepts(value), "{shape:?} refused {value:?}");
    }
    for value in refused {
        assert!(!shape.accepts(value), "{shape:?} took {value:?}");
    }
    assert_eq!(shape.expected(), expected);
}

fn text(text: &str) -> ProfileValue {
    ProfileValue::Text(text.to_owned())
}

fn of(number: f64) -> ProfileValue {
    ProfileValue::number(number).expect("a number")
}

fn texts(texts: &[&str]) -> ProfileValue {
    ProfileValue::Texts(texts.iter().map(|text| (*text).to_owned()).collect())
}

#[test]
fn a_pattern_is_for_the_whole_text_and_one_that_is_none_is_refused() {
    let either = Pattern::new("a|b").expect("a pattern");

    assert!(either.matches("a") && either.matches("b"));
    assert!(!either.matches("ab") && !either.matches("xb"));
    assert_eq!(
        (either.to_string().as_str(), format!("{either:?}")),
        ("a|b", "Pattern(a|b)".into())
    );
    for bad in ["(", "a)(?:b", "[z-a]"] {
        assert!(Pattern::new(bad).is_err(), "{bad}");
    }
}

#[test]
fn fields_are_named_by_section_and_name() {
    assert_eq!(path("family.children").as_str(), "family.children");
    for bad in ["", "family", ".children", "family.", "Family.children", "a.b.c", "a b.c"] {
        assert_eq!(bad.parse::<FieldPath>(), Err(FieldPathError), "{bad}");
    }
    assert_eq!(FieldPath::new(&"a".repeat(33), "b"), Err(FieldPathError));
}

#[test]
fn a_value_is_written_by_those_who_may_and_only_where_there_is_a_field() {
    let schema = schema();
    let check = |role, field: &str, value: f64| {
        let value = ProfileValue::number(value);
        schema.check(PartyKind::Person, role, &path(field), value.as_ref())
    };

    assert_eq!(check(Role::Admin, "family.children", 2.0), Ok(()));
    assert_eq!(check(Role::Supervisor, "family.children", 2.0), Err(ProfileFault::NotAllowed));
    let expected = "a whole number of at least 0".to_owned();
    let fault = ProfileFault::BadValue { expected, is_sensitive: true };
    assert_eq!(check(Role::Admin, "family.children", -1.0), Err(fault));
    for gone in ["family.cousins", "past.years"] {
        let known = vec![path("family.children")];
        assert_eq!(check(Role::Admin, gone, 1.0), Err(ProfileFault::UnknownField { known }));
    }
    let company = PartyKind::Company;
    let none = schema.check(company, Role::Admin, &path("family.children"), None);
    assert_eq!(none, Err(ProfileFault::UnknownField { known: vec![] }));
    let taken = schema.check(PartyKind::Person, Role::Admin, &path("family.children"), None);
    assert_eq!(taken, Ok(()));
}

#[test]
fn a_role_sees_what_is_kept_and_its_own_to_see() {
    let id = CustomerId::parse("li").expect("an id");
    let value = ProfileValue::Boolean(true);
    let fields = ["family.children", "family.cousins", "past.years"];
    let li = Customer {
        profile: fields.map(|field| (path(field), value.clone())).into(),
        ..Customer::new(id, "Li", Tier::A1, Timestamp::ZERO)
    };
    let moved = Customer { kind: PartyKind::Company, ..li.clone() };

    let shown = schema().shown(&li, Role::Supervisor);

    assert_eq!(shown.keys().collect::<Vec<_>>(), [&path("family.children")]);
    assert_eq!(schema().sensitive(li.kind, &shown), [path("family.children")]);
    assert_eq!(schema().shown(&li, Role::Agent), BTreeMap::new());
    assert_eq!(schema().shown(&moved, Role::Supervisor), BTreeMap::new());
}

#[test]
fn at_the_ring_a_role_is_told_what_it_may_see_of_what_is_kept() {
    let mut schema = schema();
    for field in schema.sections.iter_mut().flat_map(|section| &mut section.fields) {
        (field.is_at_ring, field.readers) = (true, [Role::Agent].into());
    }
    let mut li =
        Customer::new(CustomerId::parse("li").expect("an id"), "Li", Tier::B1, Timestamp::ZERO);
    li.profile = [(path("family.children"), of(2.0)), (path("past.years"), of(3.0))].into();
    let told = |kept: &ProfileSchema, role| -> Vec<FieldPath> {
        kept.at_ring(&li, role).map(|(field, _)| field.path.clone()).collect()
    };

    assert_eq!(told(&schema, Role::Agent), [path("family.children")]);
    assert_eq!(told(&schema, Role::Admin), []);
    schema.sections[0].fields[0].is_at_ring = false;
    assert_eq!(told(&schema, Role::Agent), []);
}

/// One section that is on and one that is off, about persons.
fn schema() -> ProfileSchema {
    let field = |path: &str| ProfileField {
        path: path.parse().expect("a field"),
        display_name: Localized::default(),
        shape: FieldShape::Integer { min: Finite::new(0.0), max: None },
        is_sensitive: true,
        readers: [Role::Supervisor, Role::Admin].into(),
        writers: [Role::Admin].into(),
        is_at_ring: false,
    };
    let section = |name: &str, is_on, path| ProfileSection {
        kind: PartyKind::Person,
        name: name.into(),
        display_name: Localized::default(),
        is_on,
        fields: vec![field(path)],
    };
    let sections =
        vec![section("family", true, "family.children"), section("past", false, "past.years")];
    ProfileSchema { sections }
}

fn path(text: &str) -> FieldPath {
    text.parse().expect("a field")
}
