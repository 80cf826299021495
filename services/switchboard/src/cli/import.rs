//! Files of many records, checked and kept row by row: what `customer import`, `ticket import` and
//! `touchpoint import` share.

pub(super) mod journal;
pub(super) mod mapping;
mod run;
mod sending;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use encoding_rs::Encoding;
use prost::Message;
use switchboard_api::convert::import::Refusal;
use switchboard_client::Connection;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Response, Status, Streaming};

use crate::cli::failure::{Exit, told};
use crate::cli::output::Shown;
use crate::cli::rows::{Layout, Records};
use mapping::Given;

pub(super) use run::Plan;

/// Which file, and what is done with it.
#[derive(Args, Debug)]
pub(super) struct FileArgs {
    /// The file: CSV with a header (.csv), or one JSON object on each line (.jsonl)
    file: PathBuf,
    /// Which column holds a field, where its name does not say so; once for each
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = mapping::parse)]
    pub(super) maps: Vec<Given>,
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
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LayoutArg {
    Csv,
    Jsonl,
}

impl FileArgs {
    /// Opens the file.
    pub(super) fn open(&self) -> anyhow::Result<Records> {
        Records::open(&self.file, self.layout()?, self.encoding)
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
}

/// Why a text is no value of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unfit {
    /// What is accepted.
    pub(super) expected: &'static str,
}

/// What the columns of a file are to a kind of record.
pub(super) trait Columns {
    /// What a row becomes.
    type Item: Message + Default + Shown;

    /// What it is called.
    const WHAT: &'static str;
    /// The columns of which one must be there: they say which record a row is. The first is no value.
    const KEYS: &'static [&'static str];

    /// Names every field.
    fn fields() -> String;

    /// Finds the field that a name stands for, however it is written.
    fn field(name: &str) -> Option<String>;

    /// Says whether a column is read that bears the name of a field.
    fn is_kept(&self, field: &str) -> bool;

    /// Puts the text of a column into a record.
    fn set(&self, item: &mut Self::Item, field: &str, text: &str) -> Result<(), Unfit>;

    /// Hides what may tell who somebody is.
    fn masked(field: &str, text: &str) -> String;
}

/// How records are sent to the server, and how it answers.
pub(super) trait Transfer: Columns {
    /// A message of the stream.
    type Request: Send + 'static;
    /// What becomes of a batch.
    type Answer;

    /// The most rows of a batch.
    const MAX_ROWS: usize;

    /// Makes the first message of a stream.
    fn header(fields: Vec<String>, validate_only: bool) -> Self::Request;

    /// Makes the message of a batch.
    fn batch(rows: Vec<(u64, Self::Item)>) -> Self::Request;

    /// Opens the stream.
    async fn open(
        connection: &Connection,
        requests: ReceiverStream<Self::Request>,
    ) -> Result<Response<Streaming<Self::Answer>>, Status>;

    /// Reads what became of a batch.
    fn answered(answer: Self::Answer) -> Outcome;
}

/// What became of a batch.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Up to which row everything is answered.
    pub(super) answered_to_row: u64,
    /// How many records were made.
    pub(super) made: u64,
    /// How many were changed.
    pub(super) changed: u64,
    /// How many were so already.
    pub(super) unchanged: u64,
    /// The rows that were refused.
    pub(super) refusals: Vec<Refusal>,
}

fn encoding(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        format!("{label:?} is no encoding such as utf-8, utf-16le, utf-16be or gb18030")
    })
}
