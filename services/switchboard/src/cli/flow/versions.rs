//! Versions of flows: published, taken back, listed, compared.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use switchboard_api::ivr::v1::publish_flow_request::Source;
use switchboard_api::ivr::v1::{
    DiffFlowVersionsRequest, DiffFlowVersionsResponse, FlowRelease, ListFlowVersionsRequest,
    PublishFlowRequest, RollbackFlowRequest,
};
use tonic::Status;
use tonic_types::StatusExt;

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::failure::{Exit, told};
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown, message};

#[derive(Args, Debug)]
pub(crate) struct PublishArgs {
    /// The flow
    flow: String,
    /// The file with its text
    #[arg(required_unless_present = "version", conflicts_with = "version")]
    file: Option<PathBuf>,
    /// A version of the history instead of a file
    #[arg(long)]
    version: Option<String>,
    /// How many of a hundred new calls try it [default: all of them, and not as a trial]
    #[arg(long, value_name = "PERCENT", default_value_t = 0)]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=99), hide_default_value = true)]
    canary: u32,
    /// Why, for the history
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct RollbackArgs {
    /// The flow
    flow: String,
    /// Why, for the history
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct HistoryArgs {
    /// The flow
    flow: String,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct DiffArgs {
    /// The flow
    flow: String,
    /// The version to compare from
    from: String,
    /// The version to compare to
    to: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for FlowRelease {
    const NAME: &'static str = "switchboard.ivr.v1.FlowRelease";
    const COLUMNS: &'static [&'static str] =
        &["SINCE", "VERSION", "ON TRIAL", "CENTER", "CAUSE", "AUTHOR", "NOTE"];

    fn row(&self) -> Vec<String> {
        let trial = match self.canary_percent {
            0 => String::new(),
            percent => format!("{} {percent}%", self.canary_version),
        };
        vec![
            format::time(self.released_at.as_ref()),
            self.version.clone(),
            trial,
            self.center_version.to_string(),
            self.cause.clone(),
            self.author.clone(),
            self.note.clone(),
        ]
    }
}

impl PublishArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let source = match (&self.file, self.version) {
            (Some(file), _) => Source::Text(fs::read_to_string(file).map_err(|error| {
                told(Exit::NotUnderstood, format!("cannot read `{}`: {error}", file.display()))
            })?),
            (None, version) => Source::Version(version.unwrap_or_default()),
        };
        let request = PublishFlowRequest {
            flow_id: self.flow,
            source: Some(source),
            canary_percent: self.canary,
            note: self.note,
        };
        let mut flows = self.client.connect()?.flows();
        let answer = flows.publish_flow(request).await.inspect_err(tell_problems)?.into_inner();
        if answer.unchanged {
            message("all of it was so before");
        }
        show(self.client.format(), &answer.release.unwrap_or_default(), out)
    }
}

impl RollbackArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let request = RollbackFlowRequest { flow_id: self.flow, note: self.note };
        let mut flows = self.client.connect()?.flows();
        let answer = flows.rollback_flow(request).await.inspect_err(tell_problems)?.into_inner();
        show(self.client.format(), &answer.release.unwrap_or_default(), out)
    }
}

impl HistoryArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut flows = self.client.connect()?.flows();
        let flow_id = self.flow;
        let page = async |page_size, page_token| {
            let request =
                ListFlowVersionsRequest { flow_id: flow_id.clone(), page_size, page_token };
            flows.list_flow_versions(request).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl DiffArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let request = DiffFlowVersionsRequest {
            flow_id: self.flow,
            from_version: self.from,
            to_version: self.to,
        };
        let mut flows = self.client.connect()?.flows();
        let answer = flows.diff_flow_versions(request).await?.into_inner();
        match self.client.format() {
            Format::Json => out.json(&answer, "switchboard.ivr.v1.DiffFlowVersionsResponse"),
            Format::Table => write(&answer, out),
        }
    }
}

fn show(format: Format, release: &FlowRelease, out: &mut Output) -> anyhow::Result<()> {
    match format {
        Format::Json => out.json(release, FlowRelease::NAME),
        Format::Table => out.list(Format::Table, std::slice::from_ref(release)),
    }
}

fn write(answer: &DiffFlowVersionsResponse, out: &mut Output) -> anyhow::Result<()> {
    let frame = answer.frame.iter().map(|key| ("", key));
    for node in &answer.nodes {
        out.line(&format!("{:<8} node {}", node.change, node.node_id))?;
    }
    let keys = answer
        .nodes
        .iter()
        .flat_map(|node| node.keys.iter().map(|key| (node.node_id.as_str(), key)));
    for (node, key) in frame.chain(keys) {
        let name = if node.is_empty() { key.key.clone() } else { format!("{node}: {}", key.key) };
        out.line(&format!("{:<8} {name}: {:?} -> {:?}", key.change, key.before, key.after))?;
    }
    if !answer.text.is_empty() {
        out.line("")?;
        out.text(&answer.text)?;
    }
    Ok(())
}

/// Tells what the server found wrong with the center, a problem on each line.
fn tell_problems(status: &Status) {
    let details = status.get_error_details();
    let problems = details.error_info().and_then(|info| info.metadata.get("problems"));
    for problem in problems.into_iter().flat_map(|problems| problems.lines()) {
        message(problem);
    }
}
