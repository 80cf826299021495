//! `customer occurrence`: what happened to a customer elsewhere.

use std::time::Duration;

use clap::Args;
use switchboard_api::callerid::v1::record_occurrence_request::Who;
use switchboard_api::callerid::v1::{Occurrence, RecordOccurrenceRequest};
use switchboard_api::convert::time::timestamp;
use switchboard_runtime::clock::{Clock as _, Ids as _, RandomIds, SystemClock};

use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};
use crate::cli::values::span;

/// What happened, and to whom.
#[derive(Args, Debug)]
pub(crate) struct OccurrenceArgs {
    /// The customer's id
    customer: String,
    /// What kind of thing, in a word such as order or payment-late
    kind: String,
    /// What happened, for people
    #[arg(long)]
    summary: String,
    /// Where it is known from, in a word such as the name of a system
    #[arg(long)]
    source: String,
    /// How long ago it happened, such as 2d
    #[arg(long, value_name = "DURATION", value_parser = span)]
    ago: Option<Duration>,
    /// Names the line, so that telling it again adds no second one; a new one if left out
    #[arg(long)]
    id: Option<String>,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for Occurrence {
    const NAME: &'static str = "switchboard.callerid.v1.Occurrence";
    const COLUMNS: &'static [&'static str] =
        &["KIND", "HAPPENED", "SUMMARY", "SOURCE", "WRITTEN DOWN", "BY"];

    fn row(&self) -> Vec<String> {
        vec![
            self.kind.clone(),
            format::time(self.time.as_ref()),
            self.summary.clone(),
            self.source.clone(),
            format::time(self.record_time.as_ref()),
            self.actor.clone(),
        ]
    }
}

impl OccurrenceArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let request = RecordOccurrenceRequest {
            who: Some(Who::CustomerId(self.customer)),
            request_id: self.id.unwrap_or_else(|| RandomIds.uuid().to_string()),
            kind: self.kind,
            summary: self.summary,
            source: self.source,
            time: self.ago.map(|ago| timestamp(SystemClock.now() - ago)),
        };
        let mut callers = self.client.connect()?.callers();
        let kept = callers.record_occurrence(request).await?.into_inner().occurrence;
        let kept = kept.unwrap_or_default();
        match self.client.format() {
            Format::Json => out.json(&kept, Occurrence::NAME),
            Format::Table => out.table(Occurrence::COLUMNS, [kept.row()].into_iter()),
        }
    }
}
