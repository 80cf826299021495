//! The fields of a record as arguments, for making and changing records.

use clap::Args;
use prost_types::FieldMask;
use switchboard_api::callerid::v1::{
    Customer, CustomerNumber, ExternalId, NumberState, PartyKind, PartyType,
};

use crate::cli::format;

/// The values of fields.
#[derive(Args, Debug)]
#[group(required = true, multiple = true)]
pub(super) struct FieldArgs {
    /// How agents address the customer
    #[arg(long)]
    name: Option<String>,
    /// Whether it is a person or a company
    #[arg(long, value_parser = kind)]
    kind: Option<PartyKind>,
    /// What it is to the center: current, target, prospect, partner or staff
    #[arg(long = "type", value_parser = party_type)]
    party_type: Option<PartyType>,
    /// What the customer is worth: A1, A2, A3, B1, B2, C1 or C2
    #[arg(long)]
    tier: Option<String>,
    /// The language the customer prefers, such as zh-CN
    #[arg(long)]
    language: Option<String>,
    /// The agent who owns the account
    #[arg(long)]
    owner: Option<String>,
    /// What an agent must know before answering
    #[arg(long)]
    alert: Option<String>,
    /// A number in E.164 and what it is; once for each, in place of all numbers of before
    #[arg(long = "number", value_name = "NUMBER=LABEL")]
    numbers: Vec<String>,
    /// A number that is the customer's no more, among those given with --number
    #[arg(long = "retire", value_name = "NUMBER", requires = "numbers")]
    retired: Vec<String>,
    /// What another system calls the customer; once for each, in place of all of before
    #[arg(long = "external-id", value_name = "SYSTEM=ID")]
    external_ids: Vec<String>,
}

impl FieldArgs {
    /// Puts what was given into a customer, and names it as a mask does.
    pub(super) fn fill(self, customer: &mut Customer) -> FieldMask {
        let mut paths = Vec::new();
        let texts = [
            ("display_name", self.name, &mut customer.display_name),
            ("tier", self.tier, &mut customer.tier),
            ("language", self.language, &mut customer.language),
            ("owner_agent_id", self.owner, &mut customer.owner_agent_id),
            ("alert", self.alert, &mut customer.alert),
        ];
        for (path, given, field) in texts {
            if let Some(text) = given {
                *field = text;
                paths.push(path.to_owned());
            }
        }
        if let Some(kind) = self.kind {
            customer.set_kind(kind);
            paths.push("kind".to_owned());
        }
        if let Some(party_type) = self.party_type {
            customer.set_party_type(party_type);
            paths.push("party_type".to_owned());
        }
        if !self.numbers.is_empty() {
            customer.numbers = self.numbers.iter().map(|text| number(text)).collect();
            let retired = |number: &&mut CustomerNumber| self.retired.contains(&number.number);
            for number in customer.numbers.iter_mut().filter(retired) {
                number.set_state(NumberState::Retired);
            }
            paths.push("numbers".to_owned());
        }
        if !self.external_ids.is_empty() {
            customer.external_ids =
                self.external_ids.iter().map(|text| external_id(text)).collect();
            paths.push("external_ids".to_owned());
        }
        FieldMask { paths }
    }
}

fn kind(word: &str) -> Result<PartyKind, String> {
    let kind = PartyKind::from_str_name(&format::name(word, super::KIND));
    kind.ok_or_else(|| "must be person or company".to_owned())
}

fn party_type(word: &str) -> Result<PartyType, String> {
    let party_type = PartyType::from_str_name(&format::name(word, super::TYPE));
    party_type.ok_or_else(|| "must be current, target, prospect, partner or staff".to_owned())
}

fn number(text: &str) -> CustomerNumber {
    let (number, label) = text.split_once('=').unwrap_or((text, ""));
    CustomerNumber {
        number: number.to_owned(),
        label: label.to_owned(),
        ..CustomerNumber::default()
    }
}

fn external_id(text: &str) -> ExternalId {
    let (system, id) = text.split_once('=').unwrap_or((text, ""));
    ExternalId { system: system.to_owned(), id: id.to_owned() }
}
