//! `queue report`: what queues did, by the definitions that service levels are agreed on.

use clap::Args;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use switchboard_api::call::v1::{QueueFigures, ReportQueuesRequest};

use crate::cli::client::ClientArgs;
use crate::cli::failure::{Exit, told};
use crate::cli::format;
use crate::cli::output::{Output, Shown, message};

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

/// Reads the name of a time zone.
pub(crate) fn zone(name: &str) -> anyhow::Result<TimeZone> {
    TimeZone::get(name)
        .map_err(|error| told(Exit::NotUnderstood, format!("--zone {name}: {error}")))
}

/// Reads a time: a day, which begins at midnight of the zone, a time of the zone, or one with an offset.
pub(crate) fn time(text: &str, zone: &TimeZone) -> anyhow::Result<prost_types::Timestamp> {
    let in_zone = || {
        let civil: DateTime = text.parse()?;
        Ok::<_, jiff::Error>(civil.to_zoned(zone.clone())?.timestamp())
    };
    let at = text.parse::<Timestamp>().or_else(|_| in_zone()).map_err(|error| {
        told(Exit::NotUnderstood, format!("`{text}` is no time such as 2026-11-01T09:00: {error}"))
    })?;
    Ok(on_the_wire(at))
}

/// Gives a time as requests carry it.
pub(crate) fn on_the_wire(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: at.as_second(), nanos: at.subsec_nanosecond() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_the_zone() {
        let shanghai = TimeZone::get("Asia/Shanghai").expect("a zone");
        let seconds = |text| time(text, &shanghai).expect("a time").seconds;

        let midnight = seconds("2026-11-01");

        assert_eq!(midnight, seconds("2026-10-31T16:00:00Z"));
        assert_eq!(seconds("2026-11-01T09:00") - midnight, 9 * 60 * 60);
        assert!(time("soon", &shanghai).expect_err("a refusal").to_string().contains("`soon`"));
    }

    #[test]
    fn a_share_is_shown_in_percent() {
        assert_eq!(percent(0.8349), "83.5 %");
    }
}
