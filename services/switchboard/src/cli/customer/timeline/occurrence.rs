//! `customer occurrence`: what happened to a customer elsewhere.

use clap::Args;
use switchboard_api::callerid::v1::record_occurrence_request::Who;
use switchboard_api::callerid::v1::{Occurrence, RecordOccurrenceRequest};

use crate::cli::client::ClientArgs;
use crate::cli::customer::told::LineArgs;
use crate::cli::format;
use crate::cli::output::{Output, Shown};

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
    #[command(flatten)]
    line: LineArgs,
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
            request_id: self.line.id(),
            kind: self.kind,
            summary: self.summary,
            time: self.line.time()?,
            source: self.line.source,
        };
        let mut callers = self.client.connect()?.callers();
        let kept = callers.record_occurrence(request).await?.into_inner().occurrence;
        let kept = kept.unwrap_or_default();
        out.one(self.client.format(), &kept)
    }
}
