//! A customer as texts in columns, and back: what exports write and imports read.

use switchboard_api::callerid::v1::{
    Customer, CustomerNumber, ExternalId, NumberState, PartyKind, PartyType,
};

use super::{KIND, TYPE};
use crate::cli::{format, rows};

/// The column that says which customer it is.
pub(super) const KEY: &str = "customer_id";
/// Every other column there is.
pub(super) const FIELDS: [&str; 9] = [
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

/// Finds the field that a name stands for, however it is written.
pub(super) fn field(name: &str) -> Option<&'static str> {
    let name = name.trim().to_lowercase().replace([' ', '-'], "_");
    let known = FIELDS.iter().chain([&KEY]).find(|field| **field == name);
    known.copied().or_else(|| {
        let other = OTHER_NAMES.iter().find(|(other, _)| *other == name);
        other.map(|(_, field)| *field)
    })
}

/// Says why a text is no value of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unfit {
    /// What is accepted.
    pub(super) expected: &'static str,
}

/// Puts the text of a column into a customer.
pub(super) fn set(customer: &mut Customer, field: &str, text: &str) -> Result<(), Unfit> {
    let text = text.trim();
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

/// Gives the text of a column of a customer.
pub(super) fn get(customer: &Customer, field: &str) -> String {
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

fn external_id(part: &str) -> ExternalId {
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
        assert_eq!(field("Display Name"), Some("display_name"));
        assert_eq!(field(" Phone "), Some("numbers"));
        assert_eq!(field("customer-id"), Some("customer_id"));
        assert_eq!(field("shoe size"), None);
    }

    #[test]
    fn a_word_that_stands_for_nothing_is_refused() {
        let mut customer = Customer::default();

        assert!(set(&mut customer, "kind", "robot").is_err());
        assert!(set(&mut customer, "party_type", "foe").is_err());
        assert_eq!(set(&mut customer, "kind", "Company"), Ok(()));
        assert_eq!(customer.kind(), PartyKind::Company);
    }

    #[test]
    fn what_is_personal_is_masked() {
        assert_eq!(masked("display_name", "王小明"), "王*** (3 characters)");
        assert_eq!(masked("tier", "Z9"), "Z9");
        assert_eq!(masked("numbers", ""), "");
    }
}
