//! The records of a file, one at a time: CSV with a header, or one JSON object on each line.

mod csv_rows;
mod json_lines;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use encoding_rs::Encoding;

use super::masked;
use super::source::{self, MAX_RECORD, Meter};
use crate::cli::failure::{Exit, told};
use csv_rows::CsvRows;
use json_lines::JsonLines;

/// A record as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Record {
    /// Which one, from 1; the header does not count.
    pub(in crate::cli) row: u64,
    /// One text for each column of the header.
    pub(in crate::cli) cells: Vec<String>,
}

/// Why a record is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct RowFault {
    /// Which one, from 1.
    pub(in crate::cli) row: u64,
    /// The column; empty when it is about the whole record.
    pub(in crate::cli) column: String,
    /// What stands there, masked.
    pub(in crate::cli) value: String,
    /// What is wrong, as a stable word.
    pub(in crate::cli) reason: String,
    /// What is accepted.
    pub(in crate::cli) expected: String,
}

impl RowFault {
    /// Makes a fault of a whole record.
    fn of_record(row: u64, reason: &str, expected: String) -> Self {
        let (column, value) = (String::new(), String::new());
        Self { row, column, value, reason: reason.to_owned(), expected }
    }
}

/// How a file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Layout {
    /// A header, and a record on each line, with quotes where they are needed; cells are parted by commas,
    /// semicolons or tabs, as the header has it.
    Csv,
    /// One JSON object on each line.
    JsonLines,
}

impl Layout {
    /// Tells the layout by the end of the name.
    pub(in crate::cli) fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" | "tsv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

/// The records of a file.
pub(in crate::cli) struct Records {
    rows: Rows,
    row: u64,
    /// How much of the file was read.
    pub(in crate::cli) meter: Meter,
    /// The encoding it is in.
    pub(in crate::cli) encoding: &'static Encoding,
}

enum Rows {
    Csv(CsvRows),
    JsonLines(JsonLines),
}

impl Records {
    /// Opens a file and reads its header; refuses one that has none, or has a column twice.
    pub(in crate::cli) fn open(
        path: &Path,
        layout: Layout,
        asked: Option<&'static Encoding>,
    ) -> anyhow::Result<Self> {
        let meter = Meter::default();
        let (reader, encoding) = source::open(path, asked, &meter).map_err(|error| {
            told(Exit::NotUnderstood, format!("cannot read `{}`: {error}", path.display()))
        })?;
        let rows = match layout {
            Layout::Csv => CsvRows::new(reader, meter.clone()).map(Rows::Csv),
            Layout::JsonLines => JsonLines::new(reader, meter.clone()).map(Rows::JsonLines),
        };
        let records =
            Self { rows: rows.map_err(|error| broken(0, &error))?, row: 0, meter, encoding };
        check_header(records.header())?;
        Ok(records)
    }

    /// Gives the names of the columns.
    pub(in crate::cli) fn header(&self) -> &[String] {
        match &self.rows {
            Rows::Csv(rows) => rows.header(),
            Rows::JsonLines(rows) => rows.header(),
        }
    }

    /// Gives the next record, or why it is none; nothing at the end of the file.
    ///
    /// Fails where nothing after this place can be read.
    pub(in crate::cli) fn next(&mut self) -> anyhow::Result<Option<Result<Record, RowFault>>> {
        let row = self.row + 1;
        let next = match &mut self.rows {
            Rows::Csv(rows) => rows.next(row),
            Rows::JsonLines(rows) => rows.next(row),
        };
        let Some(found) = next.map_err(|error| broken(row, &error))? else { return Ok(None) };
        self.row = row;
        Ok(Some(found.and_then(|cells| self.checked(row, cells))))
    }

    /// Refuses what no text of a customer holds: it comes from a wrong encoding or a broken disk.
    fn checked(&self, row: u64, cells: Vec<String>) -> Result<Record, RowFault> {
        let is_broken = |text: &&String| text.contains(['\0', char::REPLACEMENT_CHARACTER]);
        let Some(index) = cells.iter().position(|text| is_broken(&text)) else {
            return Ok(Record { row, cells });
        };
        let column = self.header().get(index).cloned().unwrap_or_default();
        let (reason, expected) = if cells[index].contains('\0') {
            ("NUL_BYTE", "a text without NUL bytes".to_owned())
        } else {
            let name = self.encoding.name();
            ("WRONG_ENCODING", format!("text in {name}; --encoding names another"))
        };
        let value = masked(&cells[index]);
        Err(RowFault { row, column, value, reason: reason.to_owned(), expected })
    }
}

fn check_header(header: &[String]) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    let refuse = |text: String| Err(told(Exit::NotUnderstood, text));
    if header.iter().all(|name| name.trim().is_empty()) {
        return refuse("the file is empty: it begins with the names of its columns".to_owned());
    }
    for name in header {
        if !seen.insert(name.trim()) {
            return refuse(format!(
                "the header has {name:?} twice; each column needs its own name"
            ));
        }
    }
    Ok(())
}

fn broken(row: u64, error: &io::Error) -> anyhow::Error {
    let place = if row == 0 { "the header".to_owned() } else { format!("row {row}") };
    let text = if error.kind() == io::ErrorKind::FileTooLarge {
        format!(
            "{place} is longer than {MAX_RECORD} bytes, so nothing from there on was read; a quote \
             that is never closed looks like this"
        )
    } else {
        format!("{place} cannot be read: {error}")
    };
    told(Exit::NotUnderstood, text)
}
