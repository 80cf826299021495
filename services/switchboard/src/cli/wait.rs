//! `queue position` and `queue wait`: where callers stand and how long it will probably take.

use clap::Args;
use switchboard_api::call::v1::WaitEstimate;
use switchboard_api::queue::v1::{
    EstimateWaitRequest, EstimateWaitResponse, GetPositionRequest, Position,
};

use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Format, Output};

const POSITION: &str = "switchboard.queue.v1.Position";
const ESTIMATE: &str = "switchboard.queue.v1.EstimateWaitResponse";

#[derive(Args, Debug)]
pub(crate) struct PositionArgs {
    /// The call
    call: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct WaitArgs {
    /// The queue
    queue: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl PositionArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut queues = self.client.connect()?.queues();
        let request = GetPositionRequest { contact_id: self.call };
        let answer = queues.get_position(request).await?.into_inner();
        let position = answer.position.unwrap_or_default();
        match self.client.format() {
            Format::Json => out.json(&position, POSITION),
            Format::Table => out.table(POSITION_COLUMNS, [position_row(&position)].into_iter()),
        }
    }
}

impl WaitArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut queues = self.client.connect()?.queues();
        let request = EstimateWaitRequest { queue_id: self.queue };
        let answer = queues.estimate_wait(request).await?.into_inner();
        match self.client.format() {
            Format::Json => out.json(&answer, ESTIMATE),
            Format::Table => out.table(WAIT_COLUMNS, [wait_row(&answer)].into_iter()),
        }
    }
}

const POSITION_COLUMNS: &[&str] =
    &["CALL", "QUEUE", "PLACE", "WAITED", "EXPECTED", "RANGE", "CONFIDENCE", "SAMPLES"];
const WAIT_COLUMNS: &[&str] = &["PLACE", "EXPECTED", "RANGE", "CONFIDENCE", "SAMPLES"];

fn position_row(position: &Position) -> Vec<String> {
    let mut row = vec![
        position.contact_id.clone(),
        position.queue_id.clone(),
        format!("{} of {}", position.position, position.waiting),
        format::span(position.waited.as_ref()),
    ];
    row.extend(wait(position.wait.as_ref(), &position.unknown_because));
    row
}

fn wait_row(answer: &EstimateWaitResponse) -> Vec<String> {
    let mut row = vec![answer.position.to_string()];
    row.extend(wait(answer.wait.as_ref(), &answer.unknown_because));
    row
}

fn wait(wait: Option<&WaitEstimate>, unknown_because: &str) -> [String; 4] {
    let Some(wait) = wait else {
        let unknown = format!("unknown ({unknown_because})");
        return [unknown, String::new(), String::new(), String::new()];
    };
    let range = [wait.low.as_ref(), wait.high.as_ref()].map(format::span);
    [
        format::span(wait.estimate.as_ref()),
        range.join(" to "),
        format::word(wait.confidence().as_str_name(), "WAIT_CONFIDENCE_"),
        wait.sample_size.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_wait_says_why() {
        let position = Position {
            contact_id: "call-1".to_owned(),
            position: 2,
            waiting: 5,
            unknown_because: "no_agents".to_owned(),
            ..Position::default()
        };

        let row = position_row(&position);

        assert_eq!((row[2].as_str(), row[4].as_str()), ("2 of 5", "unknown (no_agents)"));
        assert_eq!(row.len(), POSITION_COLUMNS.len());
    }
}
