//! JSON Lines: one object on each line, all with the same keys.

use std::io::{self, BufRead as _, BufReader, Read};

use serde_json::{Map, Value};
use switchboard_api::callerid::v1::{CustomerNumber, ExternalId, NumberState};

use super::RowFault;
use crate::cli::customer::columns::{join_external_ids, join_numbers};
use crate::cli::rows::source::Meter;

/// The lines of a file. The keys of the first are the columns.
pub(super) struct JsonLines {
    reader: BufReader<Box<dyn Read>>,
    header: Vec<String>,
    waiting: Option<String>,
    meter: Meter,
}

impl JsonLines {
    /// Reads the keys of the first object.
    pub(super) fn new(reader: Box<dyn Read>, meter: Meter) -> io::Result<Self> {
        let reader = BufReader::new(reader);
        let mut lines = Self { reader, header: vec![], waiting: None, meter };
        lines.waiting = lines.line()?;
        if let Some(first) = &lines.waiting {
            let object = object(first).ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidData, "the first line is no JSON object")
            })?;
            lines.header = object.keys().cloned().collect();
        }
        Ok(lines)
    }

    /// Gives the names of the columns.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// Gives the cells of the next line.
    pub(super) fn next(&mut self, row: u64) -> io::Result<Option<Result<Vec<String>, RowFault>>> {
        let line = match self.waiting.take() {
            Some(line) => Some(line),
            None => self.line()?,
        };
        Ok(line.map(|line| self.cells(row, &line)))
    }

    fn cells(&self, row: u64, line: &str) -> Result<Vec<String>, RowFault> {
        let refuse = |reason: &str, expected: String| RowFault::of_record(row, reason, expected);
        let object = object(line)
            .ok_or_else(|| refuse("NO_JSON_OBJECT", "one JSON object on each line".to_owned()))?;
        let keys = || format!("the keys of the first line: {}", self.header.join(", "));
        if object.len() != self.header.len() {
            return Err(refuse("RAGGED_ROW", keys()));
        }
        let cell = |name: &String| {
            let value = object.get(name).ok_or_else(|| refuse("RAGGED_ROW", keys()))?;
            text(value).ok_or_else(|| RowFault {
                column: name.clone(),
                ..refuse("INVALID_FIELD", "a text, or a list of numbers with labels".to_owned())
            })
        };
        self.header.iter().map(cell).collect()
    }

    /// Reads the next line that is not blank.
    fn line(&mut self) -> io::Result<Option<String>> {
        loop {
            self.meter.begin_record();
            let mut line = String::new();
            if self.reader.read_line(&mut line)? == 0 {
                return Ok(None);
            }
            if !line.trim().is_empty() {
                return Ok(Some(line));
            }
        }
    }
}

fn object(line: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(line).ok()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Array(numbers) => {
            let external_ids: Option<Vec<ExternalId>> = numbers.iter().map(external_id).collect();
            let read = || numbers.iter().map(number).collect::<Option<Vec<CustomerNumber>>>();
            match external_ids.filter(|external_ids| !external_ids.is_empty()) {
                Some(external_ids) => Some(join_external_ids(&external_ids)),
                None => read().as_deref().map(join_numbers),
            }
        }
        Value::Object(_) => None,
    }
}

fn number(value: &Value) -> Option<CustomerNumber> {
    let part = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut number = CustomerNumber {
        number: value.as_str().map(str::to_owned).or_else(|| part("number"))?,
        label: part("label").unwrap_or_default(),
        ..CustomerNumber::default()
    };
    let is_retired = value.get("retired").and_then(Value::as_bool).unwrap_or(false);
    number.set_state(if is_retired { NumberState::Retired } else { NumberState::Active });
    Some(number)
}

fn external_id(value: &Value) -> Option<ExternalId> {
    let part = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(ExternalId { system: part("system")?, id: part("id")? })
}
