//! What kinds of tickets ask, and what is filled in.

use std::collections::BTreeMap;

use prost_types::Value;
use switchboard_domain::customer::profile::{FieldShape, Finite};
use switchboard_domain::ticket::{
    Checkpoint, EntryName, FillError, Filled, Filling, FormField, FormStep, MoveDetails, Revision,
    TicketKind,
};

use super::{MAX_DESCRIPTION, MAX_NOTE, MAX_SUBJECT, category_field, priority_field, said};
use crate::convert::customer::profile::{names, one, shown};
use crate::error::ApiError;
use crate::field;
use crate::generated::ticket::v1 as wire;

/// The most values, and the most steps, of one request.
const MAX_ENTRIES: usize = 40;

/// Puts what is filled in on the wire: the values, and the ticked steps.
pub fn filled(filled: Filled) -> (BTreeMap<String, Value>, Vec<String>) {
    let values = filled.values.into_iter().map(|(name, value)| (name.to_string(), shown(value)));
    let steps = filled.ticked.iter().map(ToString::to_string);
    (values.collect(), steps.collect())
}

/// Puts what a kind asks on the wire.
pub fn form(kind: &TicketKind) -> wire::TicketForm {
    wire::TicketForm {
        kind: kind.id.to_string(),
        fields: kind.form.fields.iter().map(form_field).collect(),
        steps: kind.form.steps.iter().map(form_step).collect(),
    }
}

fn form_field(field: &FormField) -> wire::TicketFormField {
    let (min, max) = field.shape.bounds();
    wire::TicketFormField {
        name: field.name.to_string(),
        display_names: names(&field.display_name),
        r#type: field_type(&field.shape).into(),
        expected: field.shape.expected(),
        min: min.map(Finite::get),
        max: max.map(Finite::get),
        values: field.shape.choices().to_vec(),
        required_at: checkpoint(field.required_at).into(),
    }
}

fn form_step(step: &FormStep) -> wire::TicketFormStep {
    wire::TicketFormStep { name: step.name.to_string(), display_names: names(&step.display_name) }
}

const fn field_type(shape: &FieldShape) -> wire::TicketFieldType {
    match shape {
        FieldShape::Text { .. } => wire::TicketFieldType::Text,
        FieldShape::Number { .. } => wire::TicketFieldType::Number,
        FieldShape::Integer { .. } => wire::TicketFieldType::Integer,
        FieldShape::Boolean => wire::TicketFieldType::Boolean,
        FieldShape::Date => wire::TicketFieldType::Date,
        FieldShape::Phone => wire::TicketFieldType::Phone,
        FieldShape::Choice(_) => wire::TicketFieldType::Enum,
        FieldShape::Texts { .. } => wire::TicketFieldType::Texts,
    }
}

const fn checkpoint(required_at: Option<Checkpoint>) -> wire::TicketCheckpoint {
    match required_at {
        None => wire::TicketCheckpoint::Unspecified,
        Some(Checkpoint::Accept) => wire::TicketCheckpoint::Accept,
        Some(Checkpoint::Resolve) => wire::TicketCheckpoint::Resolve,
        Some(Checkpoint::Close) => wire::TicketCheckpoint::Close,
    }
}

/// Reads what is revised; `actor` comes from the credential.
pub fn revision(
    request: wire::ReviseTicketRequest,
    actor: String,
) -> Result<MoveDetails, ApiError> {
    let mut filling = filling(request.form)?;
    let tick = field::list("tick", request.tick, MAX_ENTRIES)?;
    let untick = field::list("untick", request.untick, MAX_ENTRIES)?;
    let lists = [("tick", tick, true), ("untick", untick, false)];
    for (list, steps, is_done) in lists {
        for text in steps {
            let step = name(list, &text)?;
            if filling.ticks.insert(step, is_done).is_some() {
                return Err(ApiError::invalid(list, &text, "each step once"));
            }
        }
    }
    let revision = Revision {
        subject: said(field::text("subject", request.subject, MAX_SUBJECT)?),
        body: request
            .description
            .map(|text| field::text("description", text, MAX_DESCRIPTION))
            .transpose()?,
        kind: field::optional_id("kind", &request.kind)?,
        customer: field::optional_id("customer_id", &request.customer_id)?,
        category: category_field("category", &request.category)?,
        priority: match request.priority {
            0 => None,
            asked => Some(priority_field("priority", asked)?),
        },
        filling,
    };
    if revision.is_empty() {
        return Err(ApiError::missing("form"));
    }
    let note = said(field::text("note", request.note, MAX_NOTE)?);
    Ok(MoveDetails { actor, note, revision, ..MoveDetails::default() })
}

/// Reads new values; whether a form takes them is for whoever knows the kind.
pub fn filling(values: BTreeMap<String, Value>) -> Result<Filling, ApiError> {
    if values.len() > MAX_ENTRIES {
        let count = format!("{} values", values.len());
        return Err(ApiError::invalid("form", &count, format!("at most {MAX_ENTRIES} values")));
    }
    let mut filling = Filling::default();
    for (text, value) in values {
        let value = one(&format!("form.{text}"), value)?;
        filling.values.insert(name("form", &text)?, value);
    }
    Ok(filling)
}

fn name(field: &str, text: &str) -> Result<EntryName, ApiError> {
    let expected = "a name of 1 to 32 characters of a-z 0-9 _";
    text.parse().map_err(|_| ApiError::invalid(field, text, expected))
}

impl From<FillError> for ApiError {
    fn from(error: FillError) -> Self {
        match error {
            FillError::UnknownField { name, known } => {
                Self::invalid(&format!("form.{name}"), name.as_str(), one_of("field", &known))
            }
            FillError::BadValue { name, value: Some(value), expected } => {
                Self::invalid(&format!("form.{name}"), &value, expected)
            }
            FillError::BadValue { name, value: None, expected } => {
                Self::invalid_unseen(&format!("form.{name}"), expected)
            }
            FillError::UnknownStep { name, known } => {
                Self::invalid("tick", name.as_str(), one_of("step", &known))
            }
        }
    }
}

fn one_of(what: &str, known: &[EntryName]) -> String {
    let known: Vec<&str> = known.iter().map(EntryName::as_str).collect();
    match known.as_slice() {
        [] => format!("no {what}: the kind has none"),
        known => format!("one of {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(request: wire::ReviseTicketRequest) -> ApiError {
        revision(request, "agent:wang".to_owned()).expect_err("a refusal")
    }

    #[test]
    fn a_revision_says_each_thing_once_and_at_least_one() {
        let empty = refused(wire::ReviseTicketRequest::default());
        let twice = refused(wire::ReviseTicketRequest {
            tick: vec!["look".to_owned()],
            untick: vec!["look".to_owned()],
            ..Default::default()
        });
        let odd = refused(wire::ReviseTicketRequest {
            form: [("No Name".to_owned(), Value::default())].into(),
            ..Default::default()
        });

        assert_eq!(empty.metadata()["field"], "form");
        assert_eq!(twice.metadata()["field"], "untick");
        assert_eq!(odd.metadata()["field"], "form");
    }

    #[test]
    fn a_personal_value_is_not_repeated_and_another_is() {
        let bad = |value: Option<&str>| {
            let (name, value) = ("plate".parse().expect("a name"), value.map(str::to_owned));
            ApiError::from(FillError::BadValue { name, value, expected: "a day".to_owned() })
        };

        assert_eq!(bad(Some("7")).metadata()["value"], "7");
        assert!(!bad(None).metadata().contains_key("value"));
        assert_eq!(bad(None).metadata()["field"], "form.plate");
    }
}
