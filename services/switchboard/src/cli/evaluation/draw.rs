//! `evaluation draw` and `evaluation open`.

use clap::Args;
use switchboard_api::quality::v1::open_evaluation_request::About;
use switchboard_api::quality::v1::{DrawEvaluationsRequest, OpenEvaluationRequest};
use switchboard_runtime::clock::{Ids, RandomIds};

use super::shown;
use crate::cli::client::ClientArgs;
use crate::cli::output::Output;
use crate::cli::period::RecentArgs;

#[derive(Args, Debug)]
pub(crate) struct DrawArgs {
    /// The scorecard's id
    scorecard: String,
    /// How many to draw
    #[arg(value_parser = clap::value_parser!(u32).range(1..=200))]
    count: u32,
    /// How many of one agent at most
    #[arg(long, default_value_t = 0)]
    per_agent: u32,
    /// What the review is called, such as refunds-in-may; reports count by it
    #[arg(long, default_value = "")]
    sample: String,
    #[command(flatten)]
    period: RecentArgs,
    /// Only calls or tickets of this queue
    #[arg(long, default_value = "")]
    queue: String,
    /// Only what this agent handled
    #[arg(long, default_value = "")]
    agent: String,
    /// Only tickets of this department
    #[arg(long, default_value = "")]
    department: String,
    /// Only calls with this disposition
    #[arg(long, default_value = "")]
    disposition: String,
    /// Only calls of mystery callers: numbers on the list `mystery`
    #[arg(long)]
    mystery: bool,
    /// A name for the request: sent again, it draws nothing more
    #[arg(long)]
    request_id: Option<String>,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct OpenArgs {
    /// The scorecard's id
    scorecard: String,
    /// The call
    #[arg(long, required_unless_present = "ticket", conflicts_with = "ticket")]
    call: Option<String>,
    /// The ticket
    #[arg(long)]
    ticket: Option<String>,
    /// What the review is called
    #[arg(long, default_value = "")]
    sample: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl DrawArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let (from_time, to_time) = self.period.bounds()?;
        let request = DrawEvaluationsRequest {
            from_time,
            to_time,
            request_id: self.request_id.unwrap_or_else(|| RandomIds.uuid().to_string()),
            scorecard_id: self.scorecard,
            count: self.count,
            most_per_agent: self.per_agent,
            sample: self.sample,
            queue_id: self.queue,
            agent_id: self.agent,
            department: self.department,
            disposition: self.disposition,
            mystery: self.mystery,
        };
        let mut quality = self.client.connect()?.quality();
        let drawn = quality.draw_evaluations(request).await?.into_inner().evaluations;
        out.list(self.client.format(), &drawn)
    }
}

impl OpenArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let call = self.call.map(About::InteractionId);
        let request = OpenEvaluationRequest {
            scorecard_id: self.scorecard,
            about: call.or(self.ticket.map(About::TicketId)),
            sample: self.sample,
        };
        let mut quality = self.client.connect()?.quality();
        let opened = quality.open_evaluation(request).await?.into_inner().evaluation;
        shown::show(&opened.unwrap_or_default(), self.client.format(), out)
    }
}
