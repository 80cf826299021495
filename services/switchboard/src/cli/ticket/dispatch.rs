//! `ticket take` and `ticket explain-dispatch`: who gets a ticket, by whose decision.

use clap::{Args, Subcommand};
use switchboard_api::ticket::v1::{
    DispatchFinding, DispatchOutcome, DispatchReading, ExplainDispatchRequest,
    ExplainDispatchResponse, TakeTicketRequest,
};

use super::show;
use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Format, Output};

const EXPLAINED: &str = "switchboard.ticket.v1.ExplainDispatchResponse";

#[derive(Debug, Subcommand)]
pub(crate) enum DispatchCommand {
    /// Takes a ticket that nobody has, as the agent of the credential
    Take(TakeArgs),
    /// Says which rule would send a ticket where, and why the earlier ones do not; changes nothing
    ExplainDispatch(ExplainArgs),
}

#[derive(Args, Debug)]
pub(crate) struct TakeArgs {
    /// The ticket's id
    ticket: String,
    /// Takes the ticket only if it has this etag, as `ticket get` shows it in JSON
    #[arg(long, default_value = "")]
    etag: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// The ticket's id
    ticket: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl DispatchCommand {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Take(arguments) => arguments.run(out).await,
            Self::ExplainDispatch(arguments) => arguments.run(out).await,
        }
    }
}

impl TakeArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut dispatch = self.client.connect()?.ticket_dispatch();
        let request = TakeTicketRequest { ticket_id: self.ticket, etag: self.etag };
        let taken = dispatch.take_ticket(request).await?.into_inner().ticket;
        show(&taken.unwrap_or_default(), self.client.format(), out)
    }
}

impl ExplainArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut dispatch = self.client.connect()?.ticket_dispatch();
        let request = ExplainDispatchRequest { ticket_id: self.ticket };
        let explained = dispatch.explain_dispatch(request).await?.into_inner();
        match self.client.format() {
            Format::Json => out.json(&explained, EXPLAINED),
            Format::Table => write(&explained, out),
        }
    }
}

fn write(explained: &ExplainDispatchResponse, out: &mut Output) -> anyhow::Result<()> {
    let rows = explained.findings.iter().map(row);
    out.table(&["RULE", "OUTCOME", "WHEN", "LOOKED AT", "LEADS TO"], rows)?;
    let taken = explained.findings.last().filter(|last| last.outcome() == DispatchOutcome::Holds);
    let told = match (taken, explained.awaits_dispatch) {
        (None, _) => "no rule takes it".to_owned(),
        (Some(rule), true) if rule.accepts => {
            format!("{} takes it, accepting it if it is new", rule.rule)
        }
        (Some(rule), true) => format!("{} takes it", rule.rule),
        (Some(rule), false) => {
            format!("{} would take it, but the ticket does not wait for dispatch", rule.rule)
        }
    };
    out.line(&told)
}

fn row(finding: &DispatchFinding) -> Vec<String> {
    let readings = finding.readings.iter().map(|DispatchReading { name, value }| {
        let value = if value.is_empty() { "unknown" } else { value };
        format!("{name}={value}")
    });
    let to = [
        ("department", &finding.department),
        ("queue", &finding.queue_id),
        ("agent", &finding.agent_id),
    ];
    let to = to.into_iter().filter(|(_, name)| !name.is_empty());
    vec![
        finding.rule.clone(),
        format::word(finding.outcome().as_str_name(), "DISPATCH_OUTCOME_"),
        finding.when.clone(),
        readings.collect::<Vec<_>>().join(" "),
        to.map(|(what, name)| format!("{what} {name}")).collect::<Vec<_>>().join(", "),
    ]
}
