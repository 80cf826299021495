//! What a center keeps about its customers, to and from the wire.

use std::collections::{BTreeMap, BTreeSet};

use prost_types::value::Kind;
use prost_types::{ListValue, Value};
use switchboard_domain::caller::Role;
use switchboard_domain::center::Localized;
use switchboard_domain::customer::PartyKind;
use switchboard_domain::customer::profile::{
    FieldPath, FieldShape, Finite, Profile, ProfileFault, ProfileField, ProfileSchema,
    ProfileSection, ProfileValue,
};

use crate::error::ApiError;
use crate::generated::callerid::v1 as wire;

/// What a value may be, whatever its field.
const ANY_VALUE: &str = "a text, a number, true or false, or a list of texts";

/// Puts values on the wire.
pub fn profile(profile: Profile) -> BTreeMap<String, Value> {
    profile.into_iter().map(|(path, value)| (path.to_string(), shown(value))).collect()
}

/// Puts a value of a typed field on the wire.
pub(crate) fn shown(value: ProfileValue) -> Value {
    let item = |item| Value { kind: Some(Kind::StringValue(item)) };
    let kind = match value {
        ProfileValue::Text(text) => Kind::StringValue(text),
        ProfileValue::Number(number) => Kind::NumberValue(number.get()),
        ProfileValue::Boolean(flag) => Kind::BoolValue(flag),
        ProfileValue::Texts(texts) => {
            Kind::ListValue(ListValue { values: texts.into_iter().map(item).collect() })
        }
    };
    Value { kind: Some(kind) }
}

/// Reads every value of a new record.
pub(super) fn read(values: BTreeMap<String, Value>) -> Result<Profile, ApiError> {
    let mut profile = Profile::new();
    for (name, value) in values {
        let path = path(&name)?;
        profile.extend(one(&field(&name), value)?.map(|value| (path, value)));
    }
    Ok(profile)
}

/// Reads the value of one field; one that is not there is taken away.
pub(super) fn read_one(
    values: &BTreeMap<String, Value>,
    name: &str,
) -> Result<(FieldPath, Option<ProfileValue>), ApiError> {
    let path = path(name)?;
    let value = values.get(name).cloned().map(|value| one(&field(name), value));
    let value = value.transpose()?.flatten();
    Ok((path, value))
}

fn path(name: &str) -> Result<FieldPath, ApiError> {
    name.parse().map_err(|_| {
        ApiError::invalid(&field(name), name, "a section and a field, such as `family.children`")
    })
}

/// Reads a value of a typed field, named as in the request; none for one that is taken away.
pub(crate) fn one(field: &str, value: Value) -> Result<Option<ProfileValue>, ApiError> {
    let read = match value.kind {
        None | Some(Kind::NullValue(_)) => return Ok(None),
        Some(Kind::StringValue(text)) => Some(ProfileValue::Text(text)),
        Some(Kind::NumberValue(number)) => ProfileValue::number(number),
        Some(Kind::BoolValue(flag)) => Some(ProfileValue::Boolean(flag)),
        Some(Kind::ListValue(list)) => texts(list).map(ProfileValue::Texts),
        Some(Kind::StructValue(_)) => None,
    };
    let refuse = || ApiError::invalid_unseen(field, ANY_VALUE);
    read.map(Some).ok_or_else(refuse)
}

fn texts(list: ListValue) -> Option<Vec<String>> {
    let text = |value: Value| match value.kind {
        Some(Kind::StringValue(text)) => Some(text),
        Some(
            Kind::NullValue(_)
            | Kind::NumberValue(_)
            | Kind::BoolValue(_)
            | Kind::StructValue(_)
            | Kind::ListValue(_),
        )
        | None => None,
    };
    list.values.into_iter().map(text).collect()
}

/// Checks that a role may write a field, of persons or of companies.
pub(super) fn check_name(
    within: &str,
    name: &str,
    schema: &ProfileSchema,
    role: Role,
) -> Result<(), ApiError> {
    let writable = || {
        let sections = PartyKind::ALL.iter().flat_map(|kind| schema.of(*kind));
        let fields = sections.flat_map(|section| &section.fields);
        fields.filter(|field| field.writers.contains(&role)).map(|field| field.path.as_str())
    };
    if writable().any(|path| path == name) {
        return Ok(());
    }
    let names: BTreeSet<String> = writable().map(|path| format!("profile.{path}")).collect();
    let expected = if names.is_empty() {
        "no field of the profile: there is none that the role may change".to_owned()
    } else {
        names.into_iter().collect::<Vec<_>>().join(", ")
    };
    Err(ApiError::invalid(within, &format!("profile.{name}"), expected))
}

/// Says why a value is not written: field, value and what is accepted.
pub fn refused(path: &FieldPath, value: Option<&ProfileValue>, fault: ProfileFault) -> ApiError {
    let field = field(path.as_str());
    match fault {
        ProfileFault::UnknownField { known } if known.is_empty() => {
            ApiError::invalid(&field, path.as_str(), "no field: the center keeps none")
        }
        ProfileFault::UnknownField { known } => {
            let known: Vec<&str> = known.iter().map(FieldPath::as_str).collect();
            ApiError::invalid(&field, path.as_str(), format!("one of {}", known.join(", ")))
        }
        ProfileFault::NotAllowed => {
            let field = format!("customer.{field}");
            ApiError::permission_denied("FIELD_NOT_ALLOWED", fault.to_string()).with("field", field)
        }
        ProfileFault::BadValue { expected, is_sensitive: true } => {
            ApiError::invalid_unseen(&field, expected)
        }
        ProfileFault::BadValue { expected, is_sensitive: false } => {
            let value = value.map(ToString::to_string).unwrap_or_default();
            ApiError::invalid(&field, &value, expected)
        }
    }
    .within("customer")
}

fn field(name: &str) -> String {
    format!("profile.{name}")
}

/// Puts the sections on the wire of which a role may see something.
pub fn profile_schema(schema: &ProfileSchema, role: Role) -> Vec<wire::ProfileSection> {
    let kinds = PartyKind::ALL.iter().flat_map(|kind| schema.of(*kind));
    kinds.map(|it| section(it, role)).filter(|it| !it.fields.is_empty()).collect()
}

fn section(section: &ProfileSection, role: Role) -> wire::ProfileSection {
    let seen = section.fields.iter().filter(|field| field.readers.contains(&role));
    wire::ProfileSection {
        kind: super::party_kind(section.kind).into(),
        name: section.name.to_string(),
        display_names: names(&section.display_name),
        fields: seen.map(|field| schema_field(field, role)).collect(),
    }
}

fn schema_field(field: &ProfileField, role: Role) -> wire::ProfileField {
    let bare = wire::ProfileField {
        path: field.path.to_string(),
        display_names: names(&field.display_name),
        expected: field.shape.expected(),
        sensitive: field.is_sensitive,
        writable: field.writers.contains(&role),
        at_ring: field.is_at_ring,
        ..wire::ProfileField::default()
    };
    let (min, max) = field.shape.bounds();
    wire::ProfileField {
        r#type: field_type(&field.shape).into(),
        values: field.shape.choices().to_vec(),
        min: min.map(Finite::get),
        max: max.map(Finite::get),
        ..bare
    }
}

const fn field_type(shape: &FieldShape) -> wire::ProfileFieldType {
    match shape {
        FieldShape::Text { .. } => wire::ProfileFieldType::Text,
        FieldShape::Number { .. } => wire::ProfileFieldType::Number,
        FieldShape::Integer { .. } => wire::ProfileFieldType::Integer,
        FieldShape::Boolean => wire::ProfileFieldType::Boolean,
        FieldShape::Date => wire::ProfileFieldType::Date,
        FieldShape::Choice(_) => wire::ProfileFieldType::Enum,
        FieldShape::Texts { .. } => wire::ProfileFieldType::Texts,
        FieldShape::Phone => wire::ProfileFieldType::Phone,
    }
}

/// Puts texts for people on the wire, by language.
pub(crate) fn names(names: &Localized) -> BTreeMap<String, String> {
    names.iter().map(|(language, text)| (language.to_string(), text.to_owned())).collect()
}
