//! An import from its beginning to its end: shown, sent, answered, told.

use std::fs;

use encoding_rs::Encoding;
use indicatif::{ProgressBar, ProgressStyle};
use switchboard_client::Connection;

use super::journal::Journal;
use super::mapping::{Mapping, Refused};
use super::sending::{Answered, Sending};
use super::{FileArgs, Transfer};
use crate::cli::failure::{Exit, told};
use crate::cli::output::{Format, Output, message};
use crate::cli::rows::{Record, Records, Refusals, RowFault};

/// How many rows are shown as they would be kept.
const SHOWN: usize = 3;

/// What is to be imported, and how it is told.
pub(in crate::cli) struct Plan<'plan, Kind: Transfer> {
    pub(in crate::cli) file: &'plan FileArgs,
    pub(in crate::cli) kind: Kind,
    pub(in crate::cli) format: Format,
}

/// What came of an import.
#[derive(Debug, Default)]
struct Summary {
    made: u64,
    changed: u64,
    unchanged: u64,
}

impl<Kind: Transfer> Plan<'_, Kind> {
    /// Imports the records of an opened file; fails when a row was refused.
    pub(in crate::cli) async fn run(
        self,
        mut records: Records,
        connection: &Connection,
        out: &mut Output,
    ) -> anyhow::Result<()> {
        let Self { file, kind, format } = self;
        let mapping = Mapping::of(records.header(), &file.maps, kind)?;
        if format == Format::Table {
            preview(file, &mapping, records.encoding, out)?;
        }
        let mut journal = Journal::open(&file.file, mapping.fields(), file.resume)?;
        let mut refusals = Refusals::open(file.errors.as_deref(), file.resume)?;
        let bar = bar(fs::metadata(&file.file)?.len());
        let mut run = Run {
            mapping: &mapping,
            journal: (!file.dry_run).then_some(&mut journal),
            refusals: &mut refusals,
            summary: Summary::default(),
        };
        let mut sending = Sending::begin(connection, mapping.fields(), file.dry_run).await?;
        let outcome = run.all(&mut records, &mut sending, &bar).await;
        bar.finish_and_clear();
        let summary = run.summary;
        refusals.flush()?;
        tell(file.dry_run, &summary, refusals.count(), format, out)?;
        outcome?;
        if !file.dry_run {
            journal.finish()?;
        }
        judge(file, refusals.count())
    }
}

/// Shows which column becomes which field, and the first rows as they would be kept.
fn preview<Kind: Transfer>(
    file: &FileArgs,
    mapping: &Mapping<Kind>,
    encoding: &'static Encoding,
    out: &mut Output,
) -> anyhow::Result<()> {
    message(&format!("{} in {}", file.file.display(), encoding.name()));
    for (column, field) in mapping.pairs() {
        let field = field.unwrap_or("not used");
        message(&format!("  {column} → {field}"));
    }
    let mut first = file.open()?;
    let mut shown: Vec<Kind::Item> = Vec::new();
    while shown.len() < SHOWN
        && let Some(record) = first.next()?
    {
        shown.extend(record.and_then(|record| mapping.item(&record)).ok());
    }
    out.list(Format::Table, &shown)
}

fn tell(
    is_dry: bool,
    summary: &Summary,
    refused: u64,
    format: Format,
    out: &mut Output,
) -> anyhow::Result<()> {
    let Summary { made, changed, unchanged } = summary;
    if format == Format::Json {
        let told = serde_json::json!({
            "made": made, "changed": changed, "unchanged": unchanged, "refused": refused,
            "dry_run": is_dry,
        });
        return out.line(&told.to_string());
    }
    let would = if is_dry { "would be " } else { "" };
    out.line(&format!(
        "{made} {would}made, {changed} {would}changed, {unchanged} were so already, {refused} \
         {would}refused"
    ))
}

fn judge(file: &FileArgs, refused: u64) -> anyhow::Result<()> {
    if refused == 0 {
        return Ok(());
    }
    let place = match &file.errors {
        Some(errors) => format!("see `{}`", errors.display()),
        None => "--errors FILE keeps all of them".to_owned(),
    };
    Err(told(Exit::Failed, format!("{refused} rows were refused; {place}")))
}

/// An import under way.
struct Run<'run, Kind: Transfer> {
    mapping: &'run Mapping<Kind>,
    journal: Option<&'run mut Journal>,
    refusals: &'run mut Refusals,
    summary: Summary,
}

impl<Kind: Transfer> Run<'_, Kind> {
    async fn all(
        &mut self,
        records: &mut Records,
        sending: &mut Sending<Kind>,
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
        sending: &mut Sending<Kind>,
        (done, bar): (u64, &ProgressBar),
    ) -> anyhow::Result<()> {
        while let Some(record) = records.next()? {
            bar.set_position(records.meter.raw());
            let row = record.as_ref().map_or_else(|fault| fault.row, |record| record.row);
            if row <= done {
                continue;
            }
            match record.and_then(|record| self.item(record)) {
                Ok((record, item)) => {
                    if let Some(answered) = sending.add(record, item).await? {
                        self.take(answered)?;
                    }
                }
                Err(fault) => self.refusals.add(&fault)?,
            }
        }
        Ok(())
    }

    fn item(&self, record: Record) -> Result<(Record, Kind::Item), RowFault> {
        let item = self.mapping.item(&record)?;
        if Sending::<Kind>::is_too_large(&item) {
            let expected = format!("a {} of at most 24 KiB", Kind::WHAT);
            let refused = Refused { field: "", reason: "ROW_TOO_LARGE", expected: &expected };
            return Err(self.mapping.fault(&record, refused));
        }
        Ok((record, item))
    }

    fn take(&mut self, answered: Answered) -> anyhow::Result<()> {
        let Answered { outcome, records } = answered;
        self.summary.made += outcome.made;
        self.summary.changed += outcome.changed;
        self.summary.unchanged += outcome.unchanged;
        for refusal in &outcome.refusals {
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
            journal.advance(outcome.answered_to_row)?;
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
