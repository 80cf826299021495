//! `retention`: what is past its time, planned, taken away and told.

use std::time::Duration;

use clap::{Args, Subcommand};
use switchboard_api::recorder::v1::{
    GetRetentionRunRequest, PlanRetentionRequest, RetentionCount, RetentionRun, RunRetentionRequest,
};
use switchboard_client::Connection;
use tokio::time::sleep;

use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown, message};

/// The role that looks after it.
const ROLE: &str = "admin";
/// How often a run is looked at while somebody waits for it.
const LOOK: Duration = Duration::from_millis(500);

#[derive(Debug, Subcommand)]
pub(crate) enum RetentionCommand {
    /// Counts what would go now, and takes nothing away
    Plan(ClientArgs),
    /// Takes away what is past its time, and waits for the end
    Run(RunArgs),
    /// Shows the run that began last: what went, and what a legal hold has kept
    Report(ClientArgs),
}

#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    /// Do not wait for the end
    #[arg(long)]
    detach: bool,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for RetentionCount {
    const NAME: &'static str = "switchboard.recorder.v1.RetentionCount";
    const COLUMNS: &'static [&'static str] = &["WHAT", "BEFORE", "GO", "HELD"];

    fn row(&self) -> Vec<String> {
        vec![
            self.kind.clone(),
            format::time(self.before.as_ref()),
            self.count.to_string(),
            self.held.to_string(),
        ]
    }
}

impl RetentionCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Plan(client) => plan(&client, out).await,
            Self::Run(arguments) => arguments.run(out).await,
            Self::Report(client) => {
                let run = latest(&client.connect_as(ROLE)?).await?;
                tell(&run, client.format(), out)
            }
        }
    }
}

async fn plan(client: &ClientArgs, out: &mut Output) -> anyhow::Result<()> {
    let mut retention = client.connect_as(ROLE)?.retention();
    let planned = retention.plan_retention(PlanRetentionRequest {}).await?.into_inner();
    out.list(client.format(), &planned.records)
}

impl RunArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let connection = self.client.connect_as(ROLE)?;
        let begun = connection.retention().run_retention(RunRetentionRequest {}).await?;
        let mut run = begun.into_inner().run.unwrap_or_default();
        let is_over = |told: &RetentionRun| told.end_time.is_some();
        while !self.detach && !is_over(&run) {
            sleep(LOOK).await;
            let now = latest(&connection).await?;
            if now.records != run.records && !is_over(&now) {
                let gone: u64 = now.records.iter().map(|records| records.count).sum();
                message(&format!("{}: {}, {gone} records gone", now.run_id, now.phase));
            }
            run = now;
        }
        tell(&run, self.client.format(), out)
    }
}

async fn latest(connection: &Connection) -> anyhow::Result<RetentionRun> {
    let mut retention = connection.retention();
    let found = retention.get_retention_run(GetRetentionRunRequest {}).await?.into_inner();
    Ok(found.run.unwrap_or_default())
}

fn tell(run: &RetentionRun, format: Format, out: &mut Output) -> anyhow::Result<()> {
    match format {
        Format::Json => out.json(run, "switchboard.recorder.v1.RetentionRun"),
        Format::Table => {
            let ended = run.end_time.as_ref();
            let state = ended.map_or_else(
                || format!("is at {}", run.phase),
                |ended| format!("ended {}", format::time(Some(ended))),
            );
            out.line(&format!("run {} {state}", run.run_id))?;
            out.list(Format::Table, &run.records)
        }
    }
}
