//! Customers in a file, for loading a center for the first time.

use switchboard_domain::customer::{Customer, CustomerNumber, Tier};
use switchboard_domain::ids::{AgentId, CustomerId};
use switchboard_domain::phone::E164;
use switchboard_domain::time::Timestamp;

use crate::item::Item;
use crate::keys::people::CUSTOMER;
use crate::problem::{Problem, Problems};
use crate::yaml;

/// A customer as a file tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleCustomer {
    /// The record's name.
    pub id: CustomerId,
    /// How agents address the customer.
    pub name: String,
    /// What the customer is worth.
    pub tier: Tier,
    /// The language the customer prefers, as a BCP 47 tag.
    pub language: Option<String>,
    /// The agent who owns the account.
    pub owner: Option<AgentId>,
    /// What an agent must know before answering.
    pub alert: Option<String>,
    /// The numbers the customer calls from.
    pub numbers: Vec<CustomerNumber>,
}

impl SampleCustomer {
    /// Makes the customer record.
    pub fn into_customer(self, created_at: Timestamp) -> Customer {
        Customer {
            language: self.language,
            owner: self.owner,
            alert: self.alert,
            numbers: self.numbers,
            ..Customer::new(self.id, self.name, self.tier, created_at)
        }
    }
}

/// Reads customers from the text of a YAML file, or gives everything that is wrong with it.
pub fn parse_customers(file: &str, text: &str) -> Result<Vec<SampleCustomer>, Vec<Problem>> {
    let problems = Problems::default();
    let tree = yaml::parse(file, text, &problems);
    let customers = tree.map(|tree| read_all(&Item::root(file, &problems, &tree)));
    let (found, _) = problems.into_sorted();
    if found.is_empty() { Ok(customers.unwrap_or_default()) } else { Err(found) }
}

fn read_all(root: &Item<'_>) -> Vec<SampleCustomer> {
    let named = root.named::<CustomerId>().into_iter();
    named
        .filter_map(|(id, value)| {
            let value = value.called(format!("customer {:?}", id.as_str()));
            customer(id, &value)
        })
        .collect()
}

fn customer(id: CustomerId, item: &Item<'_>) -> Option<SampleCustomer> {
    let fields = item.fields(&CUSTOMER)?;
    let text = |name| fields.optional(name).and_then(|value| value.text()).map(String::from);
    let name = fields.required("name").and_then(|name| name.text());
    let tier = fields.required("tier").and_then(|tier| tier.parse());
    let owner = fields.optional("owner").and_then(|owner| owner.parse());
    let numbers = fields.required("numbers").map(|numbers| read_numbers(&numbers));
    let (language, alert) = (text("language"), text("alert"));
    fields.finish();
    Some(SampleCustomer {
        id,
        name: name?.into(),
        tier: tier?,
        language,
        owner,
        alert,
        numbers: numbers?,
    })
}

fn read_numbers(item: &Item<'_>) -> Vec<CustomerNumber> {
    let entries = item.entries().into_iter();
    entries
        .filter_map(|(entry, label)| match E164::parse(&entry.name) {
            Ok(e164) => Some(CustomerNumber::new(e164, label.text()?)),
            Err(error) => {
                item.report_at(entry.place, format!("{:?}: {error}", entry.name));
                None
            }
        })
        .collect()
}
