//! A table, for a terminal or for a page.

use std::fmt::Write as _;
use std::io::Write as _;

/// A table with what it stands for.
#[derive(Clone, Debug, Default)]
pub struct Table {
    title: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Table {
    /// Begins a table.
    pub fn new(title: &str, columns: &[&str]) -> Self {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        Self { title: title.to_owned(), columns, ..Self::default() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Adds a sentence below the table.
    pub fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }

    /// Prints the table.
    pub fn print(&self, as_markdown: bool) -> std::io::Result<()> {
        let text = if as_markdown { self.markdown() } else { self.plain() };
        writeln!(std::io::stdout(), "{text}")
    }

    fn markdown(&self) -> String {
        let mut text = format!("### {}\n\n| {} |\n", self.title, self.columns.join(" | "));
        let _ = writeln!(text, "|{}", " --- |".repeat(self.columns.len()));
        for row in &self.rows {
            let _ = writeln!(text, "| {} |", row.join(" | "));
        }
        for note in &self.notes {
            let _ = write!(text, "\n{note}\n");
        }
        text
    }

    fn plain(&self) -> String {
        let widths: Vec<usize> = (0..self.columns.len()).map(|index| self.width(index)).collect();
        let mut text = format!("{}\n", self.title);
        for row in std::iter::once(&self.columns).chain(&self.rows) {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
            let line = cells.collect::<Vec<_>>().join("  ");
            let _ = writeln!(text, "  {}", line.trim_end());
        }
        for note in &self.notes {
            let _ = writeln!(text, "  {note}");
        }
        text
    }

    fn width(&self, index: usize) -> usize {
        let rows = std::iter::once(&self.columns).chain(&self.rows);
        rows.filter_map(|row| row.get(index)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    }
}

/// Says what is being measured, to whoever waits for it.
pub fn progress(what: &str) {
    // Whoever closed the error stream does not want to know.
    let _ = writeln!(std::io::stderr(), "· {what}");
}
