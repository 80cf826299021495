//! `touchpoint report`: what became of the care calendar, plan by plan.

use clap::Args;
use switchboard_api::touchpoint::v1::{ReportTouchpointsRequest, TouchpointFigures};

use crate::cli::client::ClientArgs;
use crate::cli::output::{Format, Output, Shown};
use crate::cli::period::{time, zone};

const COUNTED: &str = "switchboard.touchpoint.v1.ReportTouchpointsResponse";

#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    /// From when on days count by the opening of their window, such as 2026-11-01 or 2026-11-01T09:00
    #[arg(long)]
    from: String,
    /// Until when, exclusive; it may lie ahead; now if left out
    #[arg(long)]
    until: Option<String>,
    /// Only the days of this plan
    #[arg(long, default_value = "")]
    plan: String,
    /// The time zone of the two times
    #[arg(long, default_value = "UTC")]
    zone: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for TouchpointFigures {
    const NAME: &'static str = "switchboard.touchpoint.v1.TouchpointFigures";
    const COLUMNS: &'static [&'static str] = &[
        "PLAN",
        "PLANNED",
        "DONE",
        "SKIPPED",
        "MISSED",
        "UNDER WAY",
        "TO COME",
        "UNKNOWN",
        "RATE",
        "SKIPPED FOR",
    ];

    fn row(&self) -> Vec<String> {
        let Self { planned, done, skipped, missed, under_way, to_come, unknown, .. } = self;
        let counts = [planned, done, skipped, missed, under_way, to_come, unknown];
        let skips = self.skips.iter().map(|skip| format!("{} {}", skip.reason, skip.count));
        let rate = self.rate.map(|rate| format!("{:.1} %", rate * 100.0));
        let end = [rate.unwrap_or_default(), skips.collect::<Vec<_>>().join(", ")];
        let counts = counts.into_iter().map(ToString::to_string);
        [self.plan.clone()].into_iter().chain(counts).chain(end).collect()
    }
}

impl ReportArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let zone = zone(&self.zone)?;
        let request = ReportTouchpointsRequest {
            start_time: Some(time(&self.from, &zone)?),
            end_time: self.until.as_deref().map(|until| time(until, &zone)).transpose()?,
            plan: self.plan,
        };
        let mut touchpoints = self.client.connect()?.touchpoints();
        let counted = touchpoints.report_touchpoints(request).await?.into_inner();
        match self.client.format() {
            Format::Json => out.json(&counted, COUNTED),
            Format::Table => {
                let all = counted.all.unwrap_or_default();
                let all = TouchpointFigures { plan: "all".to_owned(), ..all };
                let rows: Vec<_> = counted.plans.into_iter().chain([all]).collect();
                out.list(Format::Table, &rows)
            }
        }
    }
}
