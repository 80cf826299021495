//! Lines about customers that are told once and never changed.

use std::time::Duration;

use clap::Args;
use jiff::tz::TimeZone;
use prost_types::Timestamp;
use switchboard_api::convert::time::timestamp;
use switchboard_runtime::clock::{Clock as _, Ids as _, RandomIds, SystemClock};

use crate::cli::period;
use crate::cli::values::span;

/// Where a line is from, when it was and what it is called.
#[derive(Args, Debug)]
pub(super) struct LineArgs {
    /// Where it is from, in a word, such as web, shop or the name of a document
    #[arg(long)]
    pub(super) source: String,
    /// When it was, such as 2026-11-01T09:00, in UTC unless it says otherwise; now if left out
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// How long ago it was, such as 2d
    #[arg(long, value_name = "DURATION", value_parser = span, conflicts_with = "at")]
    ago: Option<Duration>,
    /// Names the line, so that telling the same again adds no second one; a new one if left out
    #[arg(long)]
    id: Option<String>,
}

impl LineArgs {
    /// Names the line.
    pub(super) fn id(&self) -> String {
        self.id.clone().unwrap_or_else(|| RandomIds.uuid().to_string())
    }

    /// Gives when it was; none for now.
    pub(super) fn time(&self) -> anyhow::Result<Option<Timestamp>> {
        match &self.at {
            Some(at) => period::time(at, &TimeZone::UTC).map(Some),
            None => Ok(self.ago.map(|ago| timestamp(SystemClock.now() - ago))),
        }
    }
}
