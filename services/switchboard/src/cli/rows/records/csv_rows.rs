//! CSV: the rows behind a header.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use csv::{ReaderBuilder, StringRecord};

use super::RowFault;
use crate::cli::rows::source::Meter;

/// How much is read at once.
const BUFFER: usize = 64 * 1024;

/// What parts the cells of a row in the files of this world; of two that stand equally often in a header,
/// the first is taken.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The rows of a CSV file.
pub(super) struct CsvRows {
    reader: csv::Reader<Box<dyn Read>>,
    header: Vec<String>,
    /// A row that was read and not yet given: only the end of the file tells whether it is whole.
    waiting: Option<StringRecord>,
    meter: Meter,
}

impl CsvRows {
    /// Reads the header, which tells what parts the cells.
    pub(super) fn new(file: Box<dyn Read>, meter: Meter) -> io::Result<Self> {
        let mut source = BufReader::with_capacity(BUFFER, file);
        let mut beginning = Vec::new();
        source.by_ref().take(BUFFER as u64).read_until(b'\n', &mut beginning)?;
        let delimiter = separator(&beginning);
        let whole: Box<dyn Read> = Box::new(Cursor::new(beginning).chain(source));
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_reader(whole);
        let mut header = StringRecord::new();
        reader.read_record(&mut header).map_err(|error| io_error(&error))?;
        let header = header.iter().map(|name| name.trim().to_owned()).collect();
        let mut rows = Self { reader, header, waiting: None, meter };
        rows.waiting = rows.read()?;
        if rows.waiting.is_none() && rows.meter.is_in_quotes() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it ends within a quoted text"));
        }
        Ok(rows)
    }

    /// Gives the names of the columns.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// Gives the cells of the next row.
    pub(super) fn next(&mut self, row: u64) -> io::Result<Option<Result<Vec<String>, RowFault>>> {
        let Some(record) = self.waiting.take() else { return Ok(None) };
        // With the end of the file reached it is known whether this row is whole.
        let next = self.read()?;
        let is_cut = next.is_none() && self.meter.is_in_quotes();
        self.waiting = next;
        Ok(Some(self.cells(row, &record, is_cut)))
    }

    fn cells(
        &self,
        row: u64,
        record: &StringRecord,
        is_cut: bool,
    ) -> Result<Vec<String>, RowFault> {
        if is_cut {
            let expected = "a closing quote; the file ends within a quoted text".to_owned();
            return Err(RowFault::of_record(row, "FILE_ENDS_IN_QUOTE", expected));
        }
        let (count, columns) = (record.len(), self.header.len());
        if count != columns {
            let expected = format!("{columns} columns as in the header, not {count}");
            return Err(RowFault::of_record(row, "RAGGED_ROW", expected));
        }
        Ok(record.iter().map(str::to_owned).collect())
    }

    fn read(&mut self) -> io::Result<Option<StringRecord>> {
        let mut record = StringRecord::new();
        self.meter.begin_record();
        let is_there = self.reader.read_record(&mut record).map_err(|error| io_error(&error))?;
        Ok(is_there.then_some(record))
    }
}

/// Gives what parts the cells of a header, by the beginning of its file.
fn separator(beginning: &[u8]) -> u8 {
    let mut is_quoted = false;
    let mut counts = SEPARATORS.map(|separator| (separator, 0_usize));
    for byte in beginning {
        if *byte == b'"' {
            is_quoted = !is_quoted;
        }
        if is_quoted {
            continue;
        }
        if matches!(byte, b'\n' | b'\r') {
            break;
        }
        if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| separator == byte) {
            *count += 1;
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max();
    counts.into_iter().find(|(_, count)| Some(*count) == most).map_or(b',', |(found, _)| found)
}

fn io_error(error: &csv::Error) -> io::Error {
    if let csv::ErrorKind::Io(error) = error.kind() {
        return io::Error::new(error.kind(), error.to_string());
    }
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}
