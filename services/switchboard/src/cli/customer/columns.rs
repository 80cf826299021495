//! A customer as texts in columns, and back: what exports write and imports read.

use prost_types::value::Kind;
use prost_types::{ListValue, Value};
use switchboard_api::callerid::v1::{
    Customer, CustomerNumber, ExternalId, NumberState, PartyKind, PartyType, ProfileFieldType,
};

use super::fields::{Kinds, profile_value};
use super::{KIND, TYPE};
use crate::cli::import::{Unfit, mapping};
use crate::cli::{format, rows, values};

/// The column that says which customer it is.
pub(super) const KEY: &str = "customer_id";
/// Every column there is, besides those of the profile.
pub(super) const FIELDS: [&str; 10] = [
    KEY,
    "display_name",
    "kind",
    "party_type",
    "tier",
    "language",
    "owner_agent_id",
    "alert",
    "numbers",
    "external_ids",
];
/// What stands before the name of a field of the profile.
pub(super) const PROFILE: &str = "profile.";
/// What else people call a column.
const OTHER_NAMES: [(&str, &str); 8] = [
    ("id", KEY),
    ("name", "display_name"),
    ("type", "party_type"),
    ("owner", "owner_agent_id"),
    ("number", "numbers"),
    ("phone", "numbers"),
    ("note", "alert"),
    ("external_id", "external_ids"),
];

/// Finds the field that a name stands for, however it is written. Whether the center keeps a field of
/// the profile is the server's to say.
pub(super) fn field(name: &str) -> Option<String> {
    let plain = mapping::plain(name);
    if plain.starts_with(PROFILE) {
        Some(plain)
    } else {
        mapping::named(name, &FIELDS, &OTHER_NAMES)
    }
}

/// Puts the text of a column into a customer; `kinds` says how values of the profile are meant.
pub(super) fn set(
    customer: &mut Customer,
    field: &str,
    text: &str,
    kinds: &Kinds,
) -> Result<(), Unfit> {
    let text = text.trim();
    if let Some(path) = field.strip_prefix(PROFILE) {
        if !text.is_empty() {
            customer.profile.insert(path.to_owned(), value(kinds, path, text));
        }
        return Ok(());
    }
    match field {
        KEY => text.clone_into(&mut customer.customer_id),
        "display_name" => text.clone_into(&mut customer.display_name),
        "tier" => text.clone_into(&mut customer.tier),
        "language" => text.clone_into(&mut customer.language),
        "owner_agent_id" => text.clone_into(&mut customer.owner_agent_id),
        "alert" => text.clone_into(&mut customer.alert),
        "numbers" => customer.numbers = split(text).map(|part| number(&part)).collect(),
        "external_ids" => {
            customer.external_ids = split(text).map(|part| external_id(&part)).collect();
        }
        "kind" if text.is_empty() => customer.set_kind(PartyKind::Person),
        "kind" => {
            let kind = PartyKind::from_str_name(&format::name(text, KIND));
            customer.set_kind(kind.ok_or(Unfit { expected: "person or company" })?);
        }
        "party_type" if text.is_empty() => customer.set_party_type(PartyType::Current),
        "party_type" => {
            let expected = "current, target, prospect, partner or staff";
            let party_type = PartyType::from_str_name(&format::name(text, TYPE));
            customer.set_party_type(party_type.ok_or(Unfit { expected })?);
        }
        _ => {}
    }
    Ok(())
}

/// Takes a text for a value of the profile; the parts of a list stand between semicolons.
fn value(kinds: &Kinds, path: &str, text: &str) -> Value {
    let kind = kinds.get(path).copied().unwrap_or_default();
    if kind != ProfileFieldType::Texts {
        return profile_value(kind, text);
    }
    let item = |item: String| Value { kind: Some(Kind::StringValue(item)) };
    Value { kind: Some(Kind::ListValue(ListValue { values: split(text).map(item).collect() })) }
}

/// Writes a value of the profile as [`set`] reads it.
fn written(value: &Value) -> String {
    match &value.kind {
        Some(Kind::ListValue(list)) => list
            .values
            .iter()
            .map(|item| escaped(&values::written(item)))
            .collect::<Vec<_>>()
            .join("; "),
        Some(
            Kind::StringValue(_)
            | Kind::NumberValue(_)
            | Kind::BoolValue(_)
            | Kind::NullValue(_)
            | Kind::StructValue(_),
        )
        | None => values::written(value),
    }
}

/// Gives the text of a column of a customer.
pub(super) fn get(customer: &Customer, field: &str) -> String {
    if let Some(path) = field.strip_prefix(PROFILE) {
        return customer.profile.get(path).map(written).unwrap_or_default();
    }
    match field {
        KEY => customer.customer_id.clone(),
        "display_name" => customer.display_name.clone(),
        "kind" => format::word(customer.kind().as_str_name(), KIND),
        "party_type" => format::word(customer.party_type().as_str_name(), TYPE),
        "tier" => customer.tier.clone(),
        "language" => customer.language.clone(),
        "owner_agent_id" => customer.owner_agent_id.clone(),
        "alert" => customer.alert.clone(),
        "numbers" => join_numbers(&customer.numbers),
        "external_ids" => join_external_ids(&customer.external_ids),
        _ => String::new(),
    }
}

/// Stands before a number that is the customer's no more.
const RETIRED: char = '-';

/// Writes numbers as `+8613800000001=mobile; +862160000001=office`, with a minus before one that is
/// the customer's no more.
///
/// A backslash stands before a semicolon or backslash that is part of a label.
pub(in crate::cli) fn join_numbers(numbers: &[CustomerNumber]) -> String {
    let written = |number: &CustomerNumber| {
        let is_retired = number.state() == NumberState::Retired;
        let mark = if is_retired { RETIRED.to_string() } else { String::new() };
        let label = if number.label.is_empty() { "" } else { &format!("={}", number.label) };
        escaped(&format!("{mark}{}{label}", number.number))
    };
    numbers.iter().map(written).collect::<Vec<_>>().join("; ")
}

/// Writes external ids as `crm=17; shop=A4`, with backslashes as numbers have them.
pub(in crate::cli) fn join_external_ids(external_ids: &[ExternalId]) -> String {
    let written = |named: &ExternalId| escaped(&format!("{}={}", named.system, named.id));
    external_ids.iter().map(written).collect::<Vec<_>>().join("; ")
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;")
}

/// Gives the parts between semicolons.
fn split(text: &str) -> impl Iterator<Item = String> {
    let (mut parts, mut is_escaped) = (vec![String::new()], false);
    for letter in text.chars() {
        match letter {
            '\\' if !is_escaped => is_escaped = true,
            ';' if !is_escaped => parts.push(String::new()),
            _ => {
                is_escaped = false;
                parts.last_mut().expect("there is one from the beginning").push(letter);
            }
        }
    }
    let parts = parts.into_iter().map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty())
}

fn number(part: &str) -> CustomerNumber {
    let (text, label) = part.split_once('=').unwrap_or((part, ""));
    let mut number = CustomerNumber {
        number: text.trim().trim_start_matches(RETIRED).to_owned(),
        label: label.trim().to_owned(),
        ..CustomerNumber::default()
    };
    let is_retired = text.starts_with(RETIRED);
    number.set_state(if is_retired { NumberState::Retired } else { NumberState::Active });
    number
}

/// Reads an external id, such as `crm=17`.
pub(in crate::cli) fn external_id(part: &str) -> ExternalId {
    let (system, id) = part.split_once('=').unwrap_or((part, ""));
    ExternalId { system: system.trim().to_owned(), id: id.trim().to_owned() }
}

/// Hides what may tell who somebody is; the words that anybody may see stay.
pub(super) fn masked(field: &str, text: &str) -> String {
    if matches!(field, "kind" | "party_type" | "tier" | "language") {
        return text.chars().take(40).collect();
    }
    rows::masked(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_labels_whatever_is_in_them() {
        let number = |number: &str, label: &str, state: NumberState| CustomerNumber {
            number: number.to_owned(),
            label: label.to_owned(),
            state: state.into(),
            retire_time: None,
        };
        let numbers = [
            number("+8613800000001", "mobile; private", NumberState::Active),
            number("+862160000001", "", NumberState::Retired),
            number("+442079460003", "a=b\\c", NumberState::Active),
        ];

        let text = join_numbers(&numbers);

        assert_eq!(
            text,
            "+8613800000001=mobile\\; private; -+862160000001; +442079460003=a=b\\\\c"
        );
        assert_eq!(split(&text).map(|part| super::number(&part)).collect::<Vec<_>>(), numbers);
        assert_eq!(split(" ; ").count(), 0);
    }

    #[test]
    fn external_ids_keep_what_is_in_them() {
        let named = |system: &str, id: &str| ExternalId { system: system.into(), id: id.into() };
        let external_ids = [named("crm", "17"), named("shop", "a;b=c\\")];

        let text = join_external_ids(&external_ids);

        assert_eq!(text, "crm=17; shop=a\\;b=c\\\\");
        assert_eq!(split(&text).map(|part| external_id(&part)).collect::<Vec<_>>(), external_ids);
    }

    #[test]
    fn columns_are_found_as_people_call_them() {
        assert_eq!(field("Display Name").as_deref(), Some("display_name"));
        assert_eq!(field(" Phone ").as_deref(), Some("numbers"));
        assert_eq!(field("customer-id").as_deref(), Some("customer_id"));
        assert_eq!(field("Profile.Life.Hobbies").as_deref(), Some("profile.life.hobbies"));
        assert_eq!(field("shoe size"), None);
    }

    #[test]
    fn a_word_that_stands_for_nothing_is_refused() {
        let (mut customer, kinds) = (Customer::default(), Kinds::new());

        assert!(set(&mut customer, "kind", "robot", &kinds).is_err());
        assert!(set(&mut customer, "party_type", "foe", &kinds).is_err());
        assert_eq!(set(&mut customer, "kind", "Company", &kinds), Ok(()));
        assert_eq!(customer.kind(), PartyKind::Company);
    }

    #[test]
    fn values_of_the_profile_come_back_as_they_were_written() {
        let kinds = Kinds::from([
            ("life.hobbies".to_owned(), ProfileFieldType::Texts),
            ("life.visits".to_owned(), ProfileFieldType::Integer),
            ("life.is_vip".to_owned(), ProfileFieldType::Boolean),
        ]);
        let cells = [
            ("profile.life.hobbies", "tea\\; green; 围棋"),
            ("profile.life.visits", "3"),
            ("profile.life.is_vip", "true"),
            ("profile.life.born", "1980-02-29"),
            ("profile.life.empty", ""),
        ];
        let mut customer = Customer::default();

        for (field, text) in cells {
            set(&mut customer, field, text, &kinds).expect("texts are judged by the server");
        }

        assert_eq!(cells.map(|(field, _)| get(&customer, field)), cells.map(|(_, text)| text));
        assert_eq!(customer.profile.len(), 4);
        let hobbies = customer.profile["life.hobbies"].kind.clone();
        let Some(Kind::ListValue(list)) = hobbies else { panic!("no list: {hobbies:?}") };
        assert_eq!(
            list.values.iter().map(values::written).collect::<Vec<_>>(),
            ["tea; green", "围棋"]
        );
    }

    #[test]
    fn what_is_personal_is_masked() {
        assert_eq!(masked("display_name", "王小明"), "王*** (3 characters)");
        assert_eq!(masked("tier", "Z9"), "Z9");
        assert_eq!(masked("numbers", ""), "");
    }
}
