//! Changes of a customer's record: new values for some of its fields.

use smol_str::{SmolStr, format_smolstr};

use crate::ids::{AgentId, CustomerId};
use crate::time::Timestamp;

use super::profile::{FieldPath, ProfileValue};
use super::{Customer, CustomerNumber, ExternalId, PartyKind, PartyType, Tier};

/// A new value for one field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// How agents address the customer.
    Name(String),
    /// Whether it is a person or a company.
    Kind(PartyKind),
    /// What it is to the center.
    PartyType(PartyType),
    /// What the customer is worth.
    Tier(Tier),
    /// The language the customer prefers.
    Language(Option<String>),
    /// The agent who owns the account.
    Owner(Option<AgentId>),
    /// What an agent must know before answering.
    Alert(Option<String>),
    /// The numbers the customer calls from, all of them.
    Numbers(Vec<CustomerNumber>),
    /// What other systems call the customer, all of it.
    ExternalIds(Vec<ExternalId>),
    /// The value of a field of the profile, or none any more.
    Profile(FieldPath, Option<ProfileValue>),
    /// When somebody looked the record through.
    Reviewed(Timestamp),
}

/// A record with new values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedCustomer {
    /// The record, one version on.
    pub customer: Customer,
    /// The names of the fields that have other values than before.
    pub fields: Vec<SmolStr>,
}

impl Change {
    /// Gives the field's name in records and on the wire.
    pub fn field(&self) -> SmolStr {
        let name = match self {
            Self::Name(_) => "display_name",
            Self::Kind(_) => "kind",
            Self::PartyType(_) => "party_type",
            Self::Tier(_) => "tier",
            Self::Language(_) => "language",
            Self::Owner(_) => "owner_agent_id",
            Self::Alert(_) => "alert",
            Self::Numbers(_) => "numbers",
            Self::ExternalIds(_) => "external_ids",
            Self::Reviewed(_) => "review_time",
            Self::Profile(path, _) => return format_smolstr!("profile.{path}"),
        };
        SmolStr::new_static(name)
    }
}

impl Change {
    /// Gives what other systems call the customer from now on, where that changes.
    pub fn external_ids(&self) -> Option<&[ExternalId]> {
        if let Self::ExternalIds(external_ids) = self { Some(external_ids) } else { None }
    }
}

impl Customer {
    /// Makes a record of the values of its fields; otherwise names a field that no record lacks.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only one of the many fields is looked for")]
    pub fn made_of(
        id: CustomerId,
        changes: Vec<Change>,
        created_at: Timestamp,
    ) -> Result<Self, &'static str> {
        let name = changes.iter().find_map(|change| match change {
            Change::Name(name) => Some(name.clone()),
            _ => None,
        });
        let tier = changes.iter().find_map(|change| match change {
            Change::Tier(tier) => Some(*tier),
            _ => None,
        });
        let (name, tier) = (name.ok_or("display_name")?, tier.ok_or("tier")?);
        let mut customer = Self::new(id, name, tier, created_at);
        for change in changes {
            customer.take(change);
        }
        Ok(customer)
    }

    /// Gives the record with new values; nothing when it has all of them already.
    pub fn change(&self, changes: Vec<Change>) -> Option<ChangedCustomer> {
        let (mut customer, mut fields) = (self.clone(), Vec::new());
        for change in changes {
            let field = change.field();
            let before = customer.clone();
            customer.take(change);
            if customer != before {
                fields.push(field);
            }
        }
        customer.version += 1;
        (!fields.is_empty()).then_some(ChangedCustomer { customer, fields })
    }

    fn take(&mut self, change: Change) {
        match change {
            Change::Name(name) => self.name = name,
            Change::Kind(kind) => self.kind = kind,
            Change::PartyType(party_type) => self.party_type = party_type,
            Change::Tier(tier) => self.tier = tier,
            Change::Language(language) => self.language = language,
            Change::Owner(owner) => self.owner = owner,
            Change::Alert(alert) => self.alert = alert,
            Change::Numbers(numbers) => self.take_numbers(numbers),
            Change::ExternalIds(external_ids) => self.external_ids = external_ids,
            Change::Reviewed(at) => self.reviewed_at = at,
            Change::Profile(path, Some(value)) => drop(self.profile.insert(path, value)),
            Change::Profile(path, None) => drop(self.profile.remove(&path)),
        }
    }
}

impl Customer {
    /// A number that was retired before stays so since then, however often it is said.
    fn take_numbers(&mut self, mut numbers: Vec<CustomerNumber>) {
        for number in numbers.iter_mut().filter(|number| !number.is_active()) {
            let before = self.numbers.iter().find(|known| known.e164 == number.e164);
            if let Some(since) = before.and_then(|known| known.retired_at) {
                number.retired_at = Some(since);
            }
        }
        self.numbers = numbers;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::E164;

    #[test]
    fn only_fields_with_another_value_count_as_changed() {
        let li = li();
        let number = li.numbers[0].clone();
        let crm = ExternalId::new("crm", "4711").expect("an external id");
        let moved = CustomerNumber { label: "office".to_owned(), ..number.clone() };

        let changed = li.change(vec![
            Change::Name("Li".to_owned()),
            Change::Kind(PartyKind::Company),
            Change::PartyType(PartyType::Current),
            Change::Tier(Tier::A1),
            Change::Language(None),
            Change::Owner(AgentId::parse("wang").ok()),
            Change::Alert(Some("deaf in one ear".to_owned())),
            Change::Numbers(vec![number, moved.clone()]),
            Change::ExternalIds(vec![crm.clone()]),
        ]);

        let changed = changed.expect("a change");
        let fields = ["kind", "tier", "owner_agent_id", "alert", "numbers", "external_ids"];
        assert_eq!(changed.fields, fields);
        assert_eq!((changed.customer.tier, changed.customer.version), (Tier::A1, 8));
        assert_eq!(changed.customer.numbers[1], moved);
        assert_eq!(changed.customer.external_ids, [crm]);
        assert_eq!(changed.customer.name, "Li");
    }

    #[test]
    fn a_field_of_the_profile_is_a_field_of_its_own() {
        let children: FieldPath = "family.children".parse().expect("a field");
        let two = ProfileValue::number(2.0);
        let set = |value| vec![Change::Profile(children.clone(), value)];

        let kept = li().change(set(two.clone())).expect("a change");
        let gone = kept.customer.change(set(None)).expect("a change");

        assert_eq!(kept.fields, ["profile.family.children"]);
        assert_eq!(kept.customer.profile.get(&children), two.as_ref());
        assert_eq!(kept.customer.change(set(two)), None);
        assert_eq!(gone.customer.profile.len(), 0);
    }

    #[test]
    fn a_number_is_retired_once_and_can_come_back() {
        let retired = |at| CustomerNumber {
            retired_at: Some(Timestamp::from_millis(at)),
            ..li().numbers[0].clone()
        };
        let first = li().change(vec![Change::Numbers(vec![retired(1)])]).expect("a change");

        let again = first.customer.change(vec![Change::Numbers(vec![retired(2)])]);
        let back = first.customer.change(vec![Change::Numbers(li().numbers)]).expect("a change");

        assert_eq!(first.customer.numbers, [retired(1)]);
        assert_eq!(again, None);
        assert_eq!(back.customer.numbers, li().numbers);
    }

    #[test]
    fn a_record_that_has_the_values_already_stays_as_it_is() {
        assert_eq!(li().change(vec![Change::Name("Li".to_owned())]), None);
        assert_eq!(li().change(vec![]), None);
    }

    #[test]
    fn a_record_is_made_of_its_fields_if_it_has_a_name_and_a_tier() {
        let li = li();
        let make = |changes| Customer::made_of(li.id.clone(), changes, Timestamp::ZERO);
        let (name, tier) = (Change::Name("Li".to_owned()), Change::Tier(Tier::B2));

        let whole = make(vec![name.clone(), tier.clone(), Change::Numbers(li.numbers.clone())]);

        assert_eq!(whole, Ok(Customer { version: 1, ..li.clone() }));
        assert_eq!(make(vec![tier]), Err("display_name"));
        assert_eq!(make(vec![name]), Err("tier"));
    }

    fn li() -> Customer {
        let e164 = E164::parse("+8613800000001").expect("a number");
        let id = CustomerId::parse("li").expect("an id");
        Customer {
            numbers: vec![CustomerNumber::new(e164, "mobile")],
            version: 7,
            ..Customer::new(id, "Li", Tier::B2, Timestamp::ZERO)
        }
    }
}
