//! `queue`: what happens in the queues, now or as it goes on.

pub(crate) mod report;

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use switchboard_api::queue::v1::{ListQueuesRequest, Queue};
use switchboard_api::supervisor::v1::watch_queues_response::Update;
use switchboard_api::supervisor::v1::{QueueStatus, WatchQueuesRequest, WatchQueuesResponse};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::explain::ExplainWaitArgs;
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};
use crate::cli::wait::{PositionArgs, WaitArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum QueueCommand {
    /// Lists queues with their live counts
    Ls(LsArgs),
    /// Shows queues as they change, until Ctrl-C
    Watch(WatchArgs),
    /// Says where a waiting call stands and how long it will probably take
    Position(PositionArgs),
    /// Says how long a call that joined a queue now would probably wait
    Wait(WaitArgs),
    /// Says why a call still waits
    Explain(ExplainWaitArgs),
    /// Counts what queues did in some time: service level, waits, who left
    Report(report::ReportArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct WatchArgs {
    /// The queues to watch; none for all
    queues: Vec<String>,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for Queue {
    const NAME: &'static str = "switchboard.queue.v1.Queue";
    const COLUMNS: &'static [&'static str] = COLUMNS;

    fn row(&self) -> Vec<String> {
        let live = self.live.unwrap_or_default();
        vec![
            self.queue_id.clone(),
            self.display_name.clone(),
            live.waiting.to_string(),
            format::span(live.oldest_wait.as_ref()),
            live.offered.to_string(),
            live.connected.to_string(),
            live.agents_ready.to_string(),
            live.agents_busy.to_string(),
            live.agents_wrap_up.to_string(),
            live.agents_not_ready.to_string(),
        ]
    }
}

impl Shown for QueueStatus {
    const NAME: &'static str = "switchboard.supervisor.v1.QueueStatus";
    const COLUMNS: &'static [&'static str] = COLUMNS;

    fn row(&self) -> Vec<String> {
        vec![
            self.queue_id.clone(),
            self.display_name.clone(),
            self.waiting.to_string(),
            format::span(self.oldest_wait.as_ref()),
            self.offered.to_string(),
            self.connected.to_string(),
            self.agents_ready.to_string(),
            self.agents_busy.to_string(),
            self.agents_wrap_up.to_string(),
            self.agents_not_ready.to_string(),
        ]
    }
}

const COLUMNS: &[&str] = &[
    "QUEUE",
    "NAME",
    "WAITING",
    "OLDEST",
    "OFFERED",
    "CONNECTED",
    "READY",
    "BUSY",
    "WRAP-UP",
    "NOT READY",
];

impl QueueCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Watch(arguments) => arguments.run(out).await,
            Self::Position(arguments) => arguments.run(out).await,
            Self::Wait(arguments) => arguments.run(out).await,
            Self::Explain(arguments) => arguments.run(out).await,
            Self::Report(arguments) => arguments.run(out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut queues = self.client.connect()?.queues();
        let page = async |page_size, page_token| {
            queues.list_queues(ListQueuesRequest { page_size, page_token }).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl WatchArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut boards = self.client.connect()?.boards();
        let request = WatchQueuesRequest { queue_ids: self.queues };
        let mut updates = boards.watch_queues(request).await?.into_inner();
        let mut board = Board::default();
        while let Some(update) = updates.message().await? {
            match self.client.format() {
                Format::Json => out.json_line(&update, WATCH)?,
                Format::Table => board.show(update, out)?,
            }
        }
        Ok(())
    }
}

const WATCH: &str = "switchboard.supervisor.v1.WatchQueuesResponse";

/// The queues as last told.
#[derive(Default)]
struct Board(BTreeMap<String, QueueStatus>);

impl Board {
    /// Takes an update, and writes the board again when it changed.
    fn show(&mut self, update: WatchQueuesResponse, out: &mut Output) -> anyhow::Result<()> {
        let news = match update.update {
            Some(Update::Snapshot(snapshot)) => {
                self.0.clear();
                snapshot.queues
            }
            Some(Update::Delta(delta)) => delta.queue.into_iter().collect(),
            Some(Update::Heartbeat(_)) | None => return Ok(()),
        };
        self.0.extend(news.into_iter().map(|queue| (queue.queue_id.clone(), queue)));
        out.table(COLUMNS, self.0.values().map(Shown::row))?;
        out.text("\n")
    }
}
