//! `customer import`: customers of a file, checked and kept row by row.

mod journal;
mod mapping;
mod sending;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use encoding_rs::Encoding;
use indicatif::{ProgressBar, ProgressStyle};
use switchboard_api::callerid::v1::Customer;

use crate::cli::client::ClientArgs;
use crate::cli::customer::fields::{Kinds, writable_kinds};
use crate::cli::failure::{Exit, told};
use crate::cli::output::{Format, Output, message};
use crate::cli::rows::{Layout, Record, Records, Refusals, RowFault};
use journal::Journal;
use mapping::{Given, Mapping, Refused};
use sending::{Answered, Sending};

/// How many rows are shown as they would be kept.
const SHOWN: usize = 3;

#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// The file: CSV with a header (.csv), or one JSON object on each line (.jsonl)
    file: PathBuf,
    /// Which column holds a field, where its name does not say so; once for each
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = mapping::parse)]
    maps: Vec<Given>,
    /// How the file is laid out [default: by the end of its name]
    #[arg(long, value_enum)]
    layout: Option<LayoutArg>,
    /// The encoding of the file, such as utf-8, utf-16le or gb18030 [default: found out]
    #[arg(long, value_parser = encoding)]
    encoding: Option<&'static Encoding>,
    /// Checks every row on the server and keeps nothing
    #[arg(long)]
    dry_run: bool,
    /// Keeps the rows that were refused in a CSV file, with what would be accepted
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Goes on where the import of this file stopped
    #[arg(long, conflicts_with = "dry_run")]
    resume: bool,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LayoutArg {
    Csv,
    Jsonl,
}

/// What came of an import.
#[derive(Debug, Default)]
struct Summary {
    made: u64,
    changed: u64,
    unchanged: u64,
}

impl ImportArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut records = Records::open(&self.file, self.layout()?, self.encoding)?;
        let connection = self.client.connect()?;
        let kinds = if mapping::mentions_profile(records.header(), &self.maps) {
            writable_kinds(&mut connection.callers()).await?
        } else {
            Kinds::new()
        };
        let mapping = Mapping::of(records.header(), &self.maps, kinds)?;
        self.preview(&mapping, records.encoding, out)?;
        let mut journal = Journal::open(&self.file, mapping.fields(), self.resume)?;
        let mut refusals = Refusals::open(self.errors.as_deref(), self.resume)?;
        let bar = bar(fs::metadata(&self.file)?.len());
        let mut run = Run {
            mapping: &mapping,
            journal: (!self.dry_run).then_some(&mut journal),
            refusals: &mut refusals,
            summary: Summary::default(),
        };
        let mut sending = Sending::begin(&connection, mapping.fields(), self.dry_run).await?;
        let outcome = run.all(&mut records, &mut sending, &bar).await;
        bar.finish_and_clear();
        let summary = run.summary;
        refusals.flush()?;
        self.tell(&summary, refusals.count(), out)?;
        outcome?;
        if !self.dry_run {
            journal.finish()?;
        }
        self.judge(refusals.count())
    }

    fn layout(&self) -> anyhow::Result<Layout> {
        let given = self.layout.map(|layout| match layout {
            LayoutArg::Csv => Layout::Csv,
            LayoutArg::Jsonl => Layout::JsonLines,
        });
        let unknown = || {
            let text = "the name of the file does not say whether it is CSV; give --layout";
            told(Exit::NotUnderstood, text)
        };
        given.or_else(|| Layout::of(&self.file)).ok_or_else(unknown)
    }

    /// Shows which column becomes which field, and the first rows as they would be kept.
    fn preview(
        &self,
        mapping: &Mapping,
        encoding: &'static Encoding,
        out: &mut Output,
    ) -> anyhow::Result<()> {
        if self.client.format() == Format::Json {
            return Ok(());
        }
        message(&format!("{} in {}", self.file.display(), encoding.name()));
        for (column, field) in mapping.pairs() {
            let field = field.unwrap_or("not used");
            message(&format!("  {column} → {field}"));
        }
        let mut first = Records::open(&self.file, self.layout()?, self.encoding)?;
        let mut shown: Vec<Customer> = Vec::new();
        while shown.len() < SHOWN
            && let Some(record) = first.next()?
        {
            shown.extend(record.and_then(|record| mapping.customer(&record)).ok());
        }
        out.list(Format::Table, &shown)
    }

    fn tell(&self, summary: &Summary, refused: u64, out: &mut Output) -> anyhow::Result<()> {
        let Summary { made, changed, unchanged } = summary;
        if self.client.format() == Format::Json {
            let told = serde_json::json!({
                "made": made, "changed": changed, "unchanged": unchanged, "refused": refused,
                "dry_run": self.dry_run,
            });
            return out.line(&told.to_string());
        }
        let would = if self.dry_run { "would be " } else { "" };
        out.line(&format!(
            "{made} {would}made, {changed} {would}changed, {unchanged} were so already, {refused} \
             {would}refused"
        ))
    }

    fn judge(&self, refused: u64) -> anyhow::Result<()> {
        if refused == 0 {
            return Ok(());
        }
        let place = match &self.errors {
            Some(file) => format!("see `{}`", file.display()),
            None => "--errors FILE keeps all of them".to_owned(),
        };
        Err(told(Exit::Failed, format!("{refused} rows were refused; {place}")))
    }
}

/// An import under way.
struct Run<'run> {
    mapping: &'run Mapping,
    journal: Option<&'run mut Journal>,
    refusals: &'run mut Refusals,
    summary: Summary,
}

impl Run<'_> {
    async fn all(
        &mut self,
        records: &mut Records,
        sending: &mut Sending,
        bar: &ProgressBar,
    ) -> anyhow::Result<()> {
        let done = self.journal.as_ref().map_or(0, |journal| journal.answered_to_row());
        let outcome = self.send(records, sending, (done, bar)).await;
        // What is under way is answered, also when the file cannot be read to its end.
        if outcome.is_ok() || outcome.as_ref().is_err_and(is_of_the_file) {
            while let Some(answered) = sending.finish().await? {
                self.take(answered)?;
            }
        }
        outcome
    }

    async fn send(
        &mut self,
        records: &mut Records,
        sending: &mut Sending,
        (done, bar): (u64, &ProgressBar),
    ) -> anyhow::Result<()> {
        while let Some(record) = records.next()? {
            bar.set_position(records.meter.raw());
            let row = record.as_ref().map_or_else(|fault| fault.row, |record| record.row);
            if row <= done {
                continue;
            }
            match record.and_then(|record| self.customer(record)) {
                Ok((record, customer)) => {
                    if let Some(answered) = sending.add(record, customer).await? {
                        self.take(answered)?;
                    }
                }
                Err(fault) => self.refusals.add(&fault)?,
            }
        }
        Ok(())
    }

    fn customer(&self, record: Record) -> Result<(Record, Customer), RowFault> {
        let customer = self.mapping.customer(&record)?;
        if Sending::is_too_large(&customer) {
            let expected = "a customer of at most 24 KiB";
            let refused = Refused { field: "", reason: "ROW_TOO_LARGE", expected };
            return Err(self.mapping.fault(&record, refused));
        }
        Ok((record, customer))
    }

    fn take(&mut self, answered: Answered) -> anyhow::Result<()> {
        let Answered { answer, records } = answered;
        self.summary.made += u64::from(answer.made);
        self.summary.changed += u64::from(answer.changed);
        self.summary.unchanged += u64::from(answer.unchanged);
        for refusal in &answer.refusals {
            let Some(record) = records.iter().find(|record| record.row == refusal.row) else {
                continue;
            };
            let refused = Refused {
                field: &refusal.field,
                reason: &refusal.reason,
                expected: &refusal.expected,
            };
            self.refusals.add(&self.mapping.fault(record, refused))?;
        }
        self.refusals.flush()?;
        if let Some(journal) = &mut self.journal {
            journal.advance(answer.answered_to_row)?;
        }
        Ok(())
    }
}

/// Says whether the file is to blame, and not the server or the way to it.
fn is_of_the_file(error: &anyhow::Error) -> bool {
    error.downcast_ref::<tonic::Status>().is_none()
}

fn bar(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {percent}% {bytes}/{total_bytes} {eta}");
    let bar = ProgressBar::new(length);
    style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
}

fn encoding(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        format!("{label:?} is no encoding such as utf-8, utf-16le, utf-16be or gb18030")
    })
}
