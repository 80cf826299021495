//! Which column holds which field of a record.

use super::{Columns, Unfit};
use crate::cli::failure::{Exit, told};
use crate::cli::rows::{Record, RowFault};

/// `--map field=column`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Given {
    pub(in crate::cli) field: String,
    column: String,
}

/// Reads one mapping.
pub(in crate::cli) fn parse(text: &str) -> Result<Given, String> {
    let (field, column) = text.split_once('=').ok_or("must be FIELD=COLUMN")?;
    Ok(Given { field: field.to_owned(), column: column.trim().to_owned() })
}

/// The field of each column; nothing for a column that is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Mapping<Kind> {
    columns: Vec<Option<String>>,
    header: Vec<String>,
    kind: Kind,
}

impl<Kind: Columns> Mapping<Kind> {
    /// Maps columns as was said, and the others by their names.
    pub(in crate::cli) fn of(
        header: &[String],
        given: &[Given],
        kind: Kind,
    ) -> anyhow::Result<Self> {
        let mut columns: Vec<Option<String>> = vec![None; header.len()];
        for Given { field, column } in given {
            let known = Kind::field(field)
                .ok_or_else(|| refuse(format!("--map: {field:?} is none of {}", Kind::fields())))?;
            let place = header.iter().position(|name| name == column).ok_or_else(|| {
                refuse(format!("there is no column {column:?}; there are {}", header.join(", ")))
            })?;
            columns[place] = Some(known);
        }
        for (place, name) in header.iter().enumerate() {
            let is_free = |field: &String| !columns.iter().flatten().any(|taken| taken == field);
            let field = Kind::field(name).filter(|field| is_free(field) && kind.is_kept(field));
            if columns[place].is_none() {
                columns[place] = field;
            }
        }
        let mapping = Self { columns, header: header.to_vec(), kind };
        mapping.check()?;
        Ok(mapping)
    }

    fn check(&self) -> anyhow::Result<()> {
        if !Kind::KEYS.iter().any(|key| self.place_of(key).is_some()) {
            return Err(refuse(format!(
                "no column says which {} a row is: name one `{}`, or give --map {}=COLUMN with one of {}",
                Kind::WHAT,
                Kind::KEYS.join("` or `"),
                Kind::KEYS[0],
                self.header.join(", ")
            )));
        }
        if self.fields().is_empty() {
            let text = format!("no column holds a field of a {}; give --map", Kind::WHAT);
            return Err(refuse(text));
        }
        Ok(())
    }

    /// Gives the fields that rows set, besides what says which record they are.
    pub(in crate::cli) fn fields(&self) -> Vec<String> {
        self.columns.iter().flatten().filter(|field| *field != Kind::KEYS[0]).cloned().collect()
    }

    /// Gives each column with its field.
    pub(in crate::cli) fn pairs(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.header.iter().map(String::as_str).zip(self.columns.iter().map(Option::as_deref))
    }

    /// Gives the column that holds a field.
    fn place_of(&self, field: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.as_deref() == Some(field))
    }

    /// Makes what a record holds.
    pub(in crate::cli) fn item(&self, record: &Record) -> Result<Kind::Item, RowFault> {
        let mut item = Kind::Item::default();
        for (place, text) in record.cells.iter().enumerate() {
            let Some(Some(field)) = self.columns.get(place) else { continue };
            let set = self.kind.set(&mut item, field, text);
            set.map_err(|Unfit { expected }| RowFault {
                row: record.row,
                column: self.header[place].clone(),
                value: Kind::masked(field, text),
                reason: "INVALID_FIELD".to_owned(),
                expected: expected.to_owned(),
            })?;
        }
        Ok(item)
    }

    /// Says where a refusal of the server stands in the file, and what stands there.
    pub(in crate::cli) fn fault(&self, record: &Record, told: Refused<'_>) -> RowFault {
        let part = || told.field.split(['.', '[']).next().unwrap_or_default();
        let whole = self.place_of(told.field).map(|_| told.field);
        let name = whole.unwrap_or_else(part);
        let place = self.place_of(name);
        let column = place.map_or_else(|| name.to_owned(), |place| self.header[place].clone());
        let text = place.and_then(|place| record.cells.get(place));
        RowFault {
            row: record.row,
            column,
            value: text.map(|text| Kind::masked(name, text)).unwrap_or_default(),
            reason: told.reason.to_owned(),
            expected: told.expected.to_owned(),
        }
    }
}

/// Writes the name of a column as fields are written.
pub(in crate::cli) fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

/// Finds the field that a name stands for, however it is written: its own, or what else people call it.
pub(in crate::cli) fn named(
    name: &str,
    fields: &[&'static str],
    other_names: &[(&str, &'static str)],
) -> Option<String> {
    let name = plain(name);
    let known = fields.iter().find(|field| **field == name).copied();
    let other = || other_names.iter().find(|(other, _)| *other == name).map(|(_, field)| *field);
    known.or_else(other).map(str::to_owned)
}

fn refuse(text: String) -> anyhow::Error {
    told(Exit::NotUnderstood, text)
}

/// What the server says about a row.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Refused<'refusal> {
    /// The field, such as `numbers[0].number`.
    pub(in crate::cli) field: &'refusal str,
    /// The reason.
    pub(in crate::cli) reason: &'refusal str,
    /// What is accepted.
    pub(in crate::cli) expected: &'refusal str,
}
