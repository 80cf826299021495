//! Which column holds which field of a customer.

use switchboard_api::callerid::v1::Customer;

use crate::cli::customer::columns::{self, FIELDS, KEY, PROFILE, Unfit};
use crate::cli::customer::fields::Kinds;
use crate::cli::failure::{Exit, told};
use crate::cli::rows::{Record, RowFault};

/// `--map field=column`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    field: String,
    column: String,
}

/// Reads one mapping.
pub(super) fn parse(text: &str) -> Result<Given, String> {
    let (name, column) = text.split_once('=').ok_or("must be FIELD=COLUMN")?;
    let field = columns::field(name).ok_or_else(|| {
        let fields = FIELDS.join(", ");
        format!("{name:?} is none of {KEY}, {fields} and {PROFILE}SECTION.FIELD")
    })?;
    Ok(Given { field, column: column.trim().to_owned() })
}

/// The field of each column; nothing for a column that is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mapping {
    columns: Vec<Option<String>>,
    header: Vec<String>,
    /// How values of the profile are meant.
    kinds: Kinds,
}

/// Says whether a column may hold a field of the profile.
pub(super) fn mentions_profile(header: &[String], given: &[Given]) -> bool {
    let is_of_profile = |field: &str| field.starts_with(PROFILE);
    let by_name = || header.iter().filter_map(|name| columns::field(name));
    given.iter().any(|given| is_of_profile(&given.field)) || by_name().any(|it| is_of_profile(&it))
}

impl Mapping {
    /// Maps columns as was said, and the others by their names; of the profile only fields among
    /// `kinds`, which are those that the caller may change.
    pub(super) fn of(header: &[String], given: &[Given], kinds: Kinds) -> anyhow::Result<Self> {
        let refuse = |text: String| told(Exit::NotUnderstood, text);
        let mut columns: Vec<Option<String>> = vec![None; header.len()];
        for Given { field, column } in given {
            let place = header.iter().position(|name| name == column).ok_or_else(|| {
                refuse(format!("there is no column {column:?}; there are {}", header.join(", ")))
            })?;
            columns[place] = Some(field.clone());
        }
        for (place, name) in header.iter().enumerate() {
            let is_free = |field: &String| !columns.iter().flatten().any(|taken| taken == field);
            let is_kept = |field: &String| {
                field.strip_prefix(PROFILE).is_none_or(|path| kinds.contains_key(path))
            };
            let field = columns::field(name).filter(|field| is_free(field) && is_kept(field));
            if columns[place].is_none() {
                columns[place] = field;
            }
        }
        let mapping = Self { columns, header: header.to_vec(), kinds };
        if ![KEY, "external_ids"].iter().any(|key| mapping.place_of(key).is_some()) {
            let text = format!(
                "no column says which customer a row is: name one `{KEY}` or `external_ids`, or give \
                 --map {KEY}=COLUMN with one of {}",
                header.join(", ")
            );
            return Err(refuse(text));
        }
        if mapping.fields().is_empty() {
            return Err(refuse("no column holds a field of a customer; give --map".to_owned()));
        }
        Ok(mapping)
    }

    /// Gives the fields that rows set, besides the id.
    pub(super) fn fields(&self) -> Vec<String> {
        self.columns.iter().flatten().filter(|field| *field != KEY).cloned().collect()
    }

    /// Gives each column with its field.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.header.iter().map(String::as_str).zip(self.columns.iter().map(Option::as_deref))
    }

    /// Gives the column that holds a field.
    fn place_of(&self, field: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.as_deref() == Some(field))
    }

    /// Makes the customer of a record.
    pub(super) fn customer(&self, record: &Record) -> Result<Customer, RowFault> {
        let mut customer = Customer::default();
        for (place, text) in record.cells.iter().enumerate() {
            let Some(Some(field)) = self.columns.get(place) else { continue };
            let set = columns::set(&mut customer, field, text, &self.kinds);
            set.map_err(|Unfit { expected }| RowFault {
                row: record.row,
                column: self.header[place].clone(),
                value: columns::masked(field, text),
                reason: "INVALID_FIELD".to_owned(),
                expected: expected.to_owned(),
            })?;
        }
        Ok(customer)
    }

    /// Says where a refusal of the server stands in the file, and what stands there.
    pub(super) fn fault(&self, record: &Record, told: Refused<'_>) -> RowFault {
        let part = || told.field.split(['.', '[']).next().unwrap_or_default();
        let whole = self.place_of(told.field).map(|_| told.field);
        let name = whole.unwrap_or_else(part);
        let place = self.place_of(name);
        let column = place.map_or_else(|| name.to_owned(), |place| self.header[place].clone());
        let text = place.and_then(|place| record.cells.get(place));
        RowFault {
            row: record.row,
            column,
            value: text.map(|text| columns::masked(name, text)).unwrap_or_default(),
            reason: told.reason.to_owned(),
            expected: told.expected.to_owned(),
        }
    }
}

/// What the server says about a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused<'refusal> {
    /// The field, such as `numbers[0].number`.
    pub(super) field: &'refusal str,
    /// The reason.
    pub(super) reason: &'refusal str,
    /// What is accepted.
    pub(super) expected: &'refusal str,
}
