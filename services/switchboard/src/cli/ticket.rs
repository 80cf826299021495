//! `ticket`: issues, and the story of one.

use clap::{Args, Subcommand};
use switchboard_api::ticket::v1::{
    GetTicketRequest, ListTicketsRequest, Ticket, TicketEvent, TicketState,
};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::failure::{Exit, told};
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};

const STATE: &str = "TICKET_STATE_";

#[derive(Debug, Subcommand)]
pub(crate) enum TicketCommand {
    /// Lists tickets, the newest first
    Ls(LsArgs),
    /// Shows one ticket with its story
    Get(GetArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    /// Only those in this state, such as new, in-progress or closed
    #[arg(long)]
    state: Option<String>,
    /// Only those of this customer
    #[arg(long, default_value = "")]
    customer: String,
    /// Only those from this call
    #[arg(long, default_value = "")]
    call: String,
    /// Only those this agent works on
    #[arg(long, default_value = "")]
    agent: String,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct GetArgs {
    /// The ticket's id
    ticket: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for Ticket {
    const NAME: &'static str = "switchboard.ticket.v1.Ticket";
    const COLUMNS: &'static [&'static str] = &[
        "NO",
        "TICKET",
        "STATE",
        "PRIORITY",
        "SUBJECT",
        "RULE",
        "CALL",
        "CUSTOMER",
        "DEPARTMENT",
        "AGENT",
        "MADE",
    ];

    fn row(&self) -> Vec<String> {
        vec![
            self.number.to_string(),
            self.ticket_id.clone(),
            format::word(self.state().as_str_name(), STATE),
            format::word(self.priority().as_str_name(), "TICKET_PRIORITY_"),
            self.subject.clone(),
            self.rule.clone(),
            self.interaction_id.clone(),
            self.customer_id.clone(),
            self.department.clone(),
            self.agent_id.clone(),
            format::time(self.create_time.as_ref()),
        ]
    }
}

impl TicketCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Get(arguments) => arguments.run(out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let filter = ListTicketsRequest {
            state: state(self.state.as_deref())?.into(),
            customer_id: self.customer,
            interaction_id: self.call,
            agent_id: self.agent,
            ..ListTicketsRequest::default()
        };
        let mut tickets = self.client.connect()?.tickets();
        let page = async |page_size, page_token| {
            let request = ListTicketsRequest { page_size, page_token, ..filter.clone() };
            tickets.list_tickets(request).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl GetArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut tickets = self.client.connect()?.tickets();
        let request = GetTicketRequest { ticket_id: self.ticket };
        let ticket = tickets.get_ticket(request).await?.into_inner().ticket.unwrap_or_default();
        match self.client.format() {
            Format::Json => out.json(&ticket, Ticket::NAME),
            Format::Table => write(&ticket, out),
        }
    }
}

fn write(ticket: &Ticket, out: &mut Output) -> anyhow::Result<()> {
    for (name, text) in Ticket::COLUMNS.iter().zip(ticket.row()) {
        if !text.is_empty() {
            let name = out.strong(&format!("{:<12}", name.to_lowercase()));
            out.line(&format!("{name}{text}"))?;
        }
    }
    for text in [&ticket.description, &ticket.resolution] {
        if !text.is_empty() {
            out.line(&format!("\n{text}"))?;
        }
    }
    out.line("")?;
    out.table(&["AT", "MOVE", "STATE", "BY", "NOTE"], ticket.events.iter().map(event))
}

fn event(event: &TicketEvent) -> Vec<String> {
    let action = format::word(event.action().as_str_name(), "TICKET_MOVE_");
    vec![
        format::time(event.at.as_ref()),
        if action.is_empty() { "made".to_owned() } else { action },
        format::word(event.state().as_str_name(), STATE),
        event.actor.clone(),
        event.note.clone(),
    ]
}

fn state(word: Option<&str>) -> anyhow::Result<TicketState> {
    let Some(word) = word else { return Ok(TicketState::Unspecified) };
    TicketState::from_str_name(&format::name(word, STATE))
        .ok_or_else(|| told(Exit::NotUnderstood, format!("`{word}` is no state of a ticket")))
}
