//! Where words go: data to standard output, messages to standard error, as tables or as JSON.

use std::env;
use std::io::{self, IsTerminal as _, Write};

use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets};
use prost::Message;

use crate::cli::json;

/// How data is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns for people.
    #[default]
    Table,
    /// The messages of the contract as JSON, for programs.
    Json,
}

/// A message of the contract that can stand in a table.
pub(crate) trait Shown: Message {
    /// Its full name in the contract.
    const NAME: &'static str;
    /// The names of the columns.
    const COLUMNS: &'static [&'static str];

    /// Gives one text per column.
    fn row(&self) -> Vec<String>;
}

/// Standard output, or a stand-in for tests.
pub(crate) struct Output {
    to: Box<dyn Write>,
    has_colour: bool,
}

impl Output {
    /// Writes to standard output, in colour when a person reads it and does not mind.
    pub(crate) fn stdout() -> Self {
        let minds = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let has_colour = io::stdout().is_terminal() && !minds;
        Self { to: Box::new(io::stdout()), has_colour }
    }

    /// Writes a line.
    pub(crate) fn line(&mut self, text: &str) -> anyhow::Result<()> {
        Ok(writeln!(self.to, "{text}")?)
    }

    /// Writes a text that ends its last line itself.
    pub(crate) fn text(&mut self, text: &str) -> anyhow::Result<()> {
        write!(self.to, "{text}")?;
        Ok(self.to.flush()?)
    }

    /// Writes many records.
    pub(crate) fn list<M: Shown>(&mut self, format: Format, records: &[M]) -> anyhow::Result<()> {
        match format {
            Format::Json => {
                let values = records.iter().map(|record| json::value(record, M::NAME));
                let values = values.collect::<anyhow::Result<Vec<_>>>()?;
                self.line(&serde_json::to_string_pretty(&values)?)
            }
            Format::Table => self.table(M::COLUMNS, records.iter().map(Shown::row)),
        }
    }

    /// Writes one record.
    pub(crate) fn one<M: Shown>(&mut self, format: Format, record: &M) -> anyhow::Result<()> {
        match format {
            Format::Json => self.json(record, M::NAME),
            Format::Table => self.table(M::COLUMNS, [record.row()].into_iter()),
        }
    }

    /// Writes one record as JSON.
    pub(crate) fn json<M: Message>(&mut self, record: &M, name: &str) -> anyhow::Result<()> {
        self.line(&serde_json::to_string_pretty(&json::value(record, name)?)?)
    }

    /// Writes one record as a single line of JSON, for streams.
    pub(crate) fn json_line<M: Message>(&mut self, record: &M, name: &str) -> anyhow::Result<()> {
        self.line(&json::value(record, name)?.to_string())?;
        Ok(self.to.flush()?)
    }

    /// Writes rows below column names; columns that are empty throughout are left out.
    pub(crate) fn table(
        &mut self,
        columns: &[&str],
        rows: impl Iterator<Item = Vec<String>>,
    ) -> anyhow::Result<()> {
        let rows: Vec<Vec<String>> = rows.collect();
        let text = render(columns, &rows);
        let mut lines = text.lines();
        if let Some(head) = lines.next() {
            let head = self.strong(head);
            self.line(&head)?;
        }
        for line in lines {
            self.line(line)?;
        }
        if rows.is_empty() {
            message("there are none");
        }
        Ok(())
    }

    /// Makes a text stand out, where there is colour.
    pub(crate) fn strong(&self, text: &str) -> String {
        if self.has_colour { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Makes a text step back, where there is colour.
    pub(crate) fn faint(&self, text: &str) -> String {
        if self.has_colour { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Tells a person something that is no data.
pub(crate) fn message(text: &str) {
    // Nobody can be told that nobody can be told.
    drop(writeln!(io::stderr(), "{text}"));
}

fn render(columns: &[&str], rows: &[Vec<String>]) -> String {
    let is_used = |column: usize| {
        rows.is_empty() || rows.iter().any(|row| row.get(column).is_some_and(|it| !it.is_empty()))
    };
    let used: Vec<usize> = (0..columns.len()).filter(|column| is_used(*column)).collect();
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(used.iter().map(|column| columns[*column]));
    for row in rows {
        table.add_row(used.iter().map(|column| row.get(*column).map_or("", String::as_str)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other_also_in_chinese() {
        let rows = [
            vec!["booking".to_owned(), "订票".to_owned(), "3".to_owned()],
            vec!["refund".to_owned(), "Refund".to_owned(), "0".to_owned()],
        ];

        let text = render(&["QUEUE", "NAME", "WAITING"], &rows);

        assert_eq!(
            text, "QUEUE    NAME    WAITING\nbooking  订票    3\nrefund   Refund  0",
            "\n{text}"
        );
    }

    #[test]
    fn a_column_without_any_text_is_left_out() {
        let rows = [vec!["a".to_owned(), String::new(), "1".to_owned()]];

        assert_eq!(render(&["ID", "NOTE", "N"], &rows), "ID  N\na   1");
    }
}
