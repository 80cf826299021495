//! The fields of a record as arguments, for making and changing records.

use std::collections::BTreeMap;

use clap::Args;
use prost_types::{FieldMask, Value};
use switchboard_api::callerid::v1::caller_id_service_client::CallerIdServiceClient;
use switchboard_api::callerid::v1::{
    Customer, CustomerNumber, ExternalId, GetProfileSchemaRequest, NumberState, PartyKind,
    PartyType, ProfileField, ProfileFieldType,
};
use switchboard_client::Authorized;

use crate::cli::format;
use crate::cli::values::{self, Meant};

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
    /// A field of the profile and its value, such as family.children=2; empty takes it away
    #[arg(long = "set", value_name = "SECTION.FIELD=VALUE")]
    profile: Vec<String>,
    /// What another system calls the customer; once for each, in place of all of before
    #[arg(long = "external-id", value_name = "SYSTEM=ID")]
    external_ids: Vec<String>,
}

/// The types of the fields of profiles, by path.
pub(super) type Kinds = BTreeMap<String, ProfileFieldType>;

impl FieldArgs {
    /// Asks for the types of the fields, if any value of the profile was given.
    pub(super) async fn kinds(
        &self,
        callers: &mut CallerIdServiceClient<Authorized>,
    ) -> anyhow::Result<Kinds> {
        if self.profile.is_empty() { Ok(Kinds::new()) } else { kinds(callers).await }
    }

    /// Puts what was given into a customer, and names it as a mask does.
    ///
    /// `kinds` says how the values of the profile are meant.
    pub(super) fn fill(self, customer: &mut Customer, kinds: &Kinds) -> FieldMask {
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
        for (path, value) in self.profile.iter().filter_map(|text| text.split_once('=')) {
            let kind = kinds.get(path).copied().unwrap_or_default();
            customer.profile.insert(path.to_owned(), profile_value(kind, value));
            paths.push(format!("profile.{path}"));
        }
        if !self.external_ids.is_empty() {
            customer.external_ids =
                self.external_ids.iter().map(|text| external_id(text)).collect();
            paths.push("external_ids".to_owned());
        }
        FieldMask { paths }
    }
}

/// Asks for the fields of profiles that the caller may see, and what each takes.
pub(super) async fn kinds(
    callers: &mut CallerIdServiceClient<Authorized>,
) -> anyhow::Result<Kinds> {
    kinds_of(callers, |_| true).await
}

/// Asks for the fields of profiles that the caller may change, and what each takes.
pub(super) async fn writable_kinds(
    callers: &mut CallerIdServiceClient<Authorized>,
) -> anyhow::Result<Kinds> {
    kinds_of(callers, |field| field.writable).await
}

async fn kinds_of(
    callers: &mut CallerIdServiceClient<Authorized>,
    wanted: fn(&ProfileField) -> bool,
) -> anyhow::Result<Kinds> {
    let schema = callers.get_profile_schema(GetProfileSchemaRequest {}).await?.into_inner();
    let fields = schema.sections.into_iter().flat_map(|section| section.fields).filter(wanted);
    Ok(fields.map(|field| (field.path.clone(), field.r#type())).collect())
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

pub(super) fn external_id(text: &str) -> ExternalId {
    let (system, id) = text.split_once('=').unwrap_or((text, ""));
    ExternalId { system: system.to_owned(), id: id.to_owned() }
}

/// Takes a word for what the type of its field makes of it; the server judges it.
pub(super) fn profile_value(kind: ProfileFieldType, text: &str) -> Value {
    values::value(meant(kind), text)
}

const fn meant(kind: ProfileFieldType) -> Meant {
    match kind {
        ProfileFieldType::Number | ProfileFieldType::Integer => Meant::Number,
        ProfileFieldType::Boolean => Meant::Flag,
        ProfileFieldType::Texts => Meant::List,
        ProfileFieldType::Unspecified
        | ProfileFieldType::Text
        | ProfileFieldType::Date
        | ProfileFieldType::Phone
        | ProfileFieldType::Enum => Meant::Words,
    }
}
