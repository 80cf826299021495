//! `promise`: what customers were told would be done by when.

use std::time::Duration;

use clap::{Args, Subcommand};
use switchboard_api::convert::time::timestamp;
use switchboard_api::ticket::v1::{
    EndPromiseRequest, ListPromisesRequest, MakePromiseRequest, Promise, PromiseEnd, PromiseState,
};
use switchboard_runtime::clock::{Clock as _, Ids as _, RandomIds, SystemClock};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::format;
use crate::cli::output::{Output, Shown};
use crate::cli::values::span;

const STATE: &str = "PROMISE_STATE_";

#[derive(Debug, Subcommand)]
pub(crate) enum PromiseCommand {
    /// Lists promises, those due first first
    Ls(LsArgs),
    /// Promises something to a customer
    Make(MakeArgs),
    /// Says that a promise is kept
    Keep(EndArgs),
    /// Says that a promise will not be kept
    Break(EndArgs),
    /// Says that a promise need not be kept
    Withdraw(EndArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    /// Only those that are open, kept, broken or withdrawn
    #[arg(long, value_parser = state)]
    state: Option<PromiseState>,
    /// Only those about this ticket
    #[arg(long, default_value = "")]
    ticket: String,
    /// Only those to this customer
    #[arg(long, default_value = "")]
    customer: String,
    /// Only those this agent sees to
    #[arg(long, default_value = "")]
    agent: String,
    /// Only those that are due within so long, such as 2h
    #[arg(long, value_name = "DURATION", value_parser = span)]
    due_within: Option<Duration>,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct MakeArgs {
    /// What is promised
    what: String,
    /// In which time it will be done, such as 2h
    #[arg(long = "in", value_name = "DURATION", value_parser = span)]
    within: Duration,
    /// The ticket it is about
    #[arg(long, default_value = "")]
    ticket: String,
    /// The customer it is given to; that of the ticket if left out
    #[arg(long, default_value = "")]
    customer: String,
    /// The agent who sees to it
    #[arg(long, default_value = "")]
    agent: String,
    /// Names the promise, so that sending it again makes no second one; a new one if left out
    #[arg(long)]
    id: Option<String>,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct EndArgs {
    /// The promise's id
    promise: String,
    /// Why, for the next reader; needed to break and to withdraw
    #[arg(long, default_value = "")]
    note: String,
    /// Ends it only if it has this etag, as `promise ls -o json` shows it
    #[arg(long, default_value = "")]
    etag: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for Promise {
    const NAME: &'static str = "switchboard.ticket.v1.Promise";
    const COLUMNS: &'static [&'static str] =
        &["PROMISE", "STATE", "DUE", "WHAT", "TICKET", "CUSTOMER", "AGENT", "BY", "ENDED", "NOTE"];

    fn row(&self) -> Vec<String> {
        vec![
            self.promise_id.clone(),
            format::word(self.state().as_str_name(), STATE),
            format::time(self.due_time.as_ref()),
            self.what.clone(),
            self.ticket_id.clone(),
            self.customer_id.clone(),
            self.owner_agent_id.clone(),
            self.made_by.clone(),
            format::time(self.end_time.as_ref()),
            self.note.clone(),
        ]
    }
}

impl PromiseCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Make(arguments) => arguments.run(out).await,
            Self::Keep(arguments) => arguments.run(PromiseEnd::Keep, out).await,
            Self::Break(arguments) => arguments.run(PromiseEnd::Break, out).await,
            Self::Withdraw(arguments) => arguments.run(PromiseEnd::Withdraw, out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let wanted = ListPromisesRequest {
            state: self.state.unwrap_or_default().into(),
            ticket_id: self.ticket,
            customer_id: self.customer,
            owner_agent_id: self.agent,
            due_before: self.due_within.map(|time| timestamp(SystemClock.now() + time)),
            ..ListPromisesRequest::default()
        };
        let mut promises = self.client.connect()?.promises();
        let page = async |page_size, page_token| {
            let request = ListPromisesRequest { page_size, page_token, ..wanted.clone() };
            promises.list_promises(request).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl MakeArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let request = MakePromiseRequest {
            promise_id: self.id.unwrap_or_else(|| RandomIds.uuid().to_string()),
            ticket_id: self.ticket,
            customer_id: self.customer,
            what: self.what,
            owner_agent_id: self.agent,
            due_time: Some(timestamp(SystemClock.now() + self.within)),
        };
        let mut promises = self.client.connect()?.promises();
        let made = promises.make_promise(request).await?.into_inner().promise;
        out.one(self.client.format(), &made.unwrap_or_default())
    }
}

impl EndArgs {
    async fn run(self, end: PromiseEnd, out: &mut Output) -> anyhow::Result<()> {
        let request = EndPromiseRequest {
            promise_id: self.promise,
            etag: self.etag,
            end: end.into(),
            note: self.note,
        };
        let mut promises = self.client.connect()?.promises();
        let ended = promises.end_promise(request).await?.into_inner().promise;
        out.one(self.client.format(), &ended.unwrap_or_default())
    }
}

fn state(word: &str) -> Result<PromiseState, String> {
    let named = PromiseState::from_str_name(&format::name(word, STATE));
    named
        .filter(|state| *state != PromiseState::Unspecified)
        .ok_or_else(|| "must be open, kept, broken or withdrawn".to_owned())
}
