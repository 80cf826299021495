//! `queue report`: what queues did, by the definitions that service levels are agreed on.

use clap::Args;
use switchboard_api::call::v1::{QueueFigures, ReportQueuesRequest};

use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Output, Shown, message};
use crate::cli::period::{time, zone};

#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    /// From when on callers began to wait, such as 2026-11-01 or 2026-11-01T09:00
    #[arg(long)]
    from: String,
    /// Until when, exclusive; now if left out
    #[arg(long)]
    until: Option<String>,
    /// How long a step is, such as 1d or 30m; the whole time if left out
    #[arg(long, value_parser = format::parse_span)]
    step: Option<prost_types::Duration>,
    /// The time zone of the two times
    #[arg(long, default_value = "UTC")]
    zone: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for QueueFigures {
    const NAME: &'static str = "switchboard.call.v1.QueueFigures";
    const COLUMNS: &'static [&'static str] = &[
        "QUEUE",
        "FROM",
        "OFFERED",
        "ANSWERED",
        "IN TIME",
        "SERVICE LEVEL",
        "LEFT",
        "AT ONCE",
        "OVERFLOWED",
        "LOST",
        "CALLBACKS",
        "UNREACHED",
        "OPEN",
        "MEAN WAIT",
        "LONGEST",
        "MEAN TALK",
    ];

    fn row(&self) -> Vec<String> {
        vec![
            self.queue_id.clone(),
            format::time(self.start_time.as_ref()),
            self.offered.to_string(),
            self.answered.to_string(),
            self.answered_in_time.to_string(),
            self.service_level.map(percent).unwrap_or_default(),
            self.abandoned.to_string(),
            self.short_abandoned.to_string(),
            self.overflowed.to_string(),
            self.lost.to_string(),
            self.callbacks_booked.to_string(),
            self.unreached.to_string(),
            self.open.to_string(),
            format::span(self.speed_of_answer.as_ref()),
            format::span(self.longest_wait.as_ref()),
            format::span(self.mean_talk.as_ref()),
        ]
    }
}

impl ReportArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let zone = zone(&self.zone)?;
        let request = ReportQueuesRequest {
            start_time: Some(time(&self.from, &zone)?),
            end_time: self.until.as_deref().map(|until| time(until, &zone)).transpose()?,
            step: self.step,
        };
        let (mut history, start) = (self.client.connect()?.history(), request.start_time);
        let report = history.report_queues(request).await?.into_inner();
        if let Some(gap) = format::gap(start.as_ref(), report.complete_from.as_ref()) {
            message(&gap);
        }
        out.list(self.client.format(), &report.figures)
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_shown_in_percent() {
        assert_eq!(percent(0.8349), "83.5 %");
    }
}
