//! `callback`: calls that customers were promised.

use clap::{Args, Subcommand};
use switchboard_api::queue::v1::{
    Callback, CancelCallbackRequest, ListCallbacksRequest, RequestCallbackRequest,
};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::format;
use crate::cli::output::{Output, Shown};

#[derive(Debug, Subcommand)]
pub(crate) enum CallbackCommand {
    /// Lists open callbacks, those to be made next first
    Ls(LsArgs),
    /// Promises a waiting caller a call; the callback keeps the place
    Request(RequestArgs),
    /// Takes a callback back that is not being made yet
    Cancel(CancelArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    /// Only those of this queue
    #[arg(long, default_value = "")]
    queue: String,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct RequestArgs {
    /// The call
    call: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct CancelArgs {
    /// The callback
    callback: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for Callback {
    const NAME: &'static str = "switchboard.queue.v1.Callback";
    const COLUMNS: &'static [&'static str] = &[
        "CALLBACK",
        "QUEUE",
        "PLACE",
        "STATE",
        "NUMBER",
        "CUSTOMER",
        "WAITING SINCE",
        "NOT BEFORE",
        "NOT AFTER",
        "TRIED",
    ];

    fn row(&self) -> Vec<String> {
        vec![
            self.callback_id.clone(),
            self.queue_id.clone(),
            if self.position > 0 { self.position.to_string() } else { String::new() },
            self.state.clone(),
            format::masked(&self.number),
            self.customer_id.clone(),
            format::time(self.waiting_since.as_ref()),
            format::time(self.opens_at.as_ref()),
            format::time(self.closes_at.as_ref()),
            self.attempts.to_string(),
        ]
    }
}

impl CallbackCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Request(arguments) => arguments.run(out).await,
            Self::Cancel(arguments) => arguments.run(out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut queues = self.client.connect()?.queues();
        let page = async |page_size, page_token| {
            let queue_id = self.queue.clone();
            queues.list_callbacks(ListCallbacksRequest { page_size, page_token, queue_id }).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl RequestArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut queues = self.client.connect()?.queues();
        let request =
            RequestCallbackRequest { contact_id: self.call, ..RequestCallbackRequest::default() };
        let answer = queues.request_callback(request).await?.into_inner();
        out.one(self.client.format(), &answer.callback.unwrap_or_default())
    }
}

impl CancelArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut queues = self.client.connect()?.queues();
        let request = CancelCallbackRequest { callback_id: self.callback };
        let answer = queues.cancel_callback(request).await?.into_inner();
        out.one(self.client.format(), &answer.callback.unwrap_or_default())
    }
}
