//! `ticket macros` and `ticket apply`: prepared sets of changes.

use clap::{Args, Subcommand};
use switchboard_api::ticket::v1::{
    ApplyMacroRequest, ListMacrosRequest, MoveTicketsRequest, MovedTicket, TicketMacro,
    TicketMacroStep,
};
use switchboard_runtime::clock::{Ids as _, RandomIds};

use super::bulk::{self, ticket};
use super::{MOVE, show};
use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Output, Shown};

#[derive(Debug, Subcommand)]
pub(crate) enum MacroCommand {
    /// Lists prepared sets of changes that you may apply
    Macros(MacrosArgs),
    /// Applies a prepared set of changes to tickets: all of it to each, or nothing
    Apply(ApplyArgs),
}

#[derive(Args, Debug)]
pub(crate) struct MacrosArgs {
    /// Only those for this ticket
    #[arg(long, default_value = "")]
    ticket: String,
    /// Without a ticket, only those for tickets of this department
    #[arg(long, default_value = "")]
    department: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ApplyArgs {
    /// The macro's id, as `ticket macros` lists it
    #[arg(value_name = "MACRO")]
    prepared: String,
    /// The tickets' ids, at most 100, each alone or with the etag it must have: `t-1` or `t-1@3`
    #[arg(required = true, value_parser = ticket)]
    tickets: Vec<MovedTicket>,
    /// Shows what would become of each, and changes nothing
    #[arg(long)]
    preview: bool,
    /// For one ticket: names the request, so that sending it again applies nothing twice; a new one if
    /// left out
    #[arg(long)]
    request_id: Option<String>,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for TicketMacro {
    const NAME: &'static str = "switchboard.ticket.v1.TicketMacro";
    const COLUMNS: &'static [&'static str] = &["MACRO", "NAME", "KINDS", "DEPARTMENTS", "STEPS"];

    fn row(&self) -> Vec<String> {
        let names: Vec<&str> = self.display_names.values().map(String::as_str).collect();
        let steps: Vec<String> = self.steps.iter().map(step).collect();
        vec![
            self.macro_id.clone(),
            names.join(" / "),
            self.kinds.join(", "),
            self.departments.join(", "),
            steps.join(", "),
        ]
    }
}

/// Writes a step: `dispatch refunds`.
fn step(step: &TicketMacroStep) -> String {
    let action = format::word(step.action().as_str_name(), MOVE);
    let to = [&step.department, &step.queue_id, &step.agent_id, &step.category];
    let words = to.into_iter().filter(|word| !word.is_empty()).cloned();
    [action].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

impl MacroCommand {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Macros(arguments) => arguments.run(out).await,
            Self::Apply(arguments) => arguments.run(out).await,
        }
    }
}

impl MacrosArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut desk = self.client.connect()?.ticket_desk();
        let request = ListMacrosRequest { ticket_id: self.ticket, department: self.department };
        let macros = desk.list_macros(request).await?.into_inner().macros;
        out.list(self.client.format(), &macros)
    }
}

impl ApplyArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut desk = self.client.connect()?.ticket_desk();
        if let [MovedTicket { ticket_id, etag }] = self.tickets.as_slice() {
            let request = ApplyMacroRequest {
                request_id: self.request_id.unwrap_or_else(|| RandomIds.uuid().to_string()),
                ticket_id: ticket_id.clone(),
                macro_id: self.prepared,
                etag: etag.clone(),
                validate_only: self.preview,
            };
            let applied = desk.apply_macro(request).await?.into_inner().ticket;
            return show(&applied.unwrap_or_default(), self.client.format(), out);
        }
        let request = MoveTicketsRequest {
            tickets: self.tickets,
            validate_only: self.preview,
            macro_id: self.prepared,
            ..MoveTicketsRequest::default()
        };
        let results = desk.move_tickets(request).await?.into_inner().results;
        bulk::report(&results, self.client.format(), out)
    }
}
