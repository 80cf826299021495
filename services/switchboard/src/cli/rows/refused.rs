//! The rows that were refused: a file to mend them by, or the first of them on the terminal.

use std::fs::{File, OpenOptions};
use std::path::Path;

use super::records::RowFault;
use crate::cli::output::message;

/// How many are told when there is no file for them.
const TOLD: u64 = 10;
const COLUMNS: [&str; 5] = ["row", "column", "value", "reason", "accepted"];

/// Where refused rows go.
pub(in crate::cli) struct Refusals {
    file: Option<csv::Writer<File>>,
    count: u64,
}

impl Refusals {
    /// Opens the file, or goes on with that of an import that goes on.
    pub(in crate::cli) fn open(path: Option<&Path>, resume: bool) -> anyhow::Result<Self> {
        let Some(path) = path else { return Ok(Self { file: None, count: 0 }) };
        let file = OpenOptions::new()
            .create(true)
            .write(true)
            .append(resume)
            .truncate(!resume)
            .open(path)?;
        let is_new = file.metadata()?.len() == 0;
        let mut writer = csv::Writer::from_writer(file);
        if is_new {
            writer.write_record(COLUMNS)?;
        }
        Ok(Self { file: Some(writer), count: 0 })
    }

    /// Takes one.
    pub(in crate::cli) fn add(&mut self, fault: &RowFault) -> anyhow::Result<()> {
        self.count += 1;
        let RowFault { row, column, value, reason, expected } = fault;
        if let Some(file) = &mut self.file {
            let row = row.to_string();
            file.write_record([row.as_str(), column, value, reason, expected])?;
        } else if self.count <= TOLD {
            let place = if column.is_empty() { String::new() } else { format!(" {column}") };
            let value = if value.is_empty() { String::new() } else { format!(" {value}") };
            message(&format!("row {row}{place}: {reason}{value}; accepted: {expected}"));
        } else if self.count == TOLD + 1 {
            message("there are more; --errors FILE keeps all of them");
        }
        Ok(())
    }

    /// Gives how many there are.
    pub(in crate::cli) fn count(&self) -> u64 {
        self.count
    }

    /// Writes what is still on its way.
    pub(in crate::cli) fn flush(&mut self) -> anyhow::Result<()> {
        if let Some(file) = &mut self.file {
            file.flush()?;
        }
        Ok(())
    }
}
