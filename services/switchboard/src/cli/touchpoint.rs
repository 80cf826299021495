//! `touchpoint`: days on which customers are to hear of the center.

mod import;
mod report;

use clap::{Args, Subcommand};
use switchboard_api::touchpoint::v1::{
    CompleteTouchpointRequest, ListTouchpointsRequest, PlanTouchpointsRequest,
    SkipTouchpointRequest, Touchpoint, TouchpointState,
};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::failure::{Exit, told};
use crate::cli::format;
use crate::cli::output::{Output, Shown};

const STATE: &str = "TOUCHPOINT_STATE_";

#[derive(Debug, Subcommand)]
pub(crate) enum TouchpointCommand {
    /// Lists touchpoints, those that come first first
    Ls(LsArgs),
    /// Plans the days that count from an anchor
    Plan(PlanArgs),
    /// Plans the days that count from the anchors of a file, row by row
    Import(Box<import::ImportArgs>),
    /// Writes down that it was done in another way
    Done(DoneArgs),
    /// Does without a touchpoint
    Skip(SkipArgs),
    /// Counts what became of the days of each plan: the execution rate
    Report(report::ReportArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    /// Only those of this customer
    #[arg(long, default_value = "")]
    customer: String,
    /// Only those of this plan
    #[arg(long, default_value = "")]
    plan: String,
    /// Only those in this state, such as planned, fired or lapsed
    #[arg(long)]
    state: Option<String>,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct PlanArgs {
    /// The customer's id
    customer: String,
    /// From what the days count, such as purchase
    anchor: String,
    /// From which day they count, such as 2026-02-28
    day: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct DoneArgs {
    /// The touchpoint's id
    touchpoint: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct SkipArgs {
    /// The touchpoint's id
    touchpoint: String,
    /// Why, in a word such as moved-away
    reason: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for Touchpoint {
    const NAME: &'static str = "switchboard.touchpoint.v1.Touchpoint";
    const COLUMNS: &'static [&'static str] =
        &["TOUCHPOINT", "DATE", "STATE", "CUSTOMER", "PLAN", "MONTH", "FROM", "BECAME", "REASON"];

    fn row(&self) -> Vec<String> {
        vec![
            self.touchpoint_id.clone(),
            self.date.clone(),
            format::word(self.state().as_str_name(), STATE),
            self.customer_id.clone(),
            self.plan.clone(),
            self.month.to_string(),
            self.anchor_date.clone(),
            [self.follow_up_id.as_str(), &self.ticket_id].concat(),
            self.reason.clone(),
        ]
    }
}

impl TouchpointCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Plan(arguments) => arguments.run(out).await,
            Self::Import(arguments) => arguments.run(out).await,
            Self::Done(arguments) => arguments.run(out).await,
            Self::Skip(arguments) => arguments.run(out).await,
            Self::Report(arguments) => arguments.run(out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let filter = ListTouchpointsRequest {
            customer_id: self.customer,
            plan: self.plan,
            state: state(self.state.as_deref())?.into(),
            ..ListTouchpointsRequest::default()
        };
        let mut touchpoints = self.client.connect()?.touchpoints();
        let page = async |page_size, page_token| {
            let request = ListTouchpointsRequest { page_size, page_token, ..filter.clone() };
            touchpoints.list_touchpoints(request).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl PlanArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut touchpoints = self.client.connect()?.touchpoints();
        let request = PlanTouchpointsRequest {
            customer_id: self.customer,
            anchor: self.anchor,
            anchor_date: self.day,
        };
        let planned = touchpoints.plan_touchpoints(request).await?.into_inner().touchpoints;
        out.list(self.client.format(), &planned)
    }
}

impl DoneArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut touchpoints = self.client.connect()?.touchpoints();
        let request = CompleteTouchpointRequest { touchpoint_id: self.touchpoint };
        let done = touchpoints.complete_touchpoint(request).await?.into_inner().touchpoint;
        out.one(self.client.format(), &done.unwrap_or_default())
    }
}

impl SkipArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut touchpoints = self.client.connect()?.touchpoints();
        let request = SkipTouchpointRequest { touchpoint_id: self.touchpoint, reason: self.reason };
        let skipped = touchpoints.skip_touchpoint(request).await?.into_inner().touchpoint;
        out.one(self.client.format(), &skipped.unwrap_or_default())
    }
}

fn state(word: Option<&str>) -> anyhow::Result<TouchpointState> {
    let Some(word) = word else { return Ok(TouchpointState::Unspecified) };
    TouchpointState::from_str_name(&format::name(word, STATE))
        .ok_or_else(|| told(Exit::NotUnderstood, format!("`{word}` is no state of a touchpoint")))
}
