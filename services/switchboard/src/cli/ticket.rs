//! `ticket`: issues, and the story of one.

mod create;
mod moves;

use clap::{Args, Subcommand};
use switchboard_api::ticket::v1::{
    GetTicketRequest, ListTicketsRequest, Medium, SlaClock, StageTimes, Ticket, TicketEvent,
    TicketState,
};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::failure::{Exit, told};
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};

const STATE: &str = "TICKET_STATE_";
const MOVE: &str = "TICKET_MOVE_";
const PRIORITY: &str = "TICKET_PRIORITY_";
const MEDIUM: &str = "MEDIUM_";

#[derive(Debug, Subcommand)]
pub(crate) enum TicketCommand {
    /// Lists tickets, the newest first
    Ls(LsArgs),
    /// Shows one ticket with its story
    Get(GetArgs),
    /// Makes a ticket
    Create(create::CreateArgs),
    /// Moves a ticket through its life
    Move(moves::MoveArgs),
    /// Gives a ticket to a department or an agent
    Assign(moves::AssignArgs),
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
    /// Only those of this kind, such as complaint
    #[arg(long, default_value = "")]
    kind: String,
    /// Only those filed under this category or below it, such as billing
    #[arg(long, default_value = "")]
    category: String,
    /// Only those this department answers for
    #[arg(long, default_value = "")]
    department: String,
    /// Only open ones with a missed deadline
    #[arg(long)]
    overdue: bool,
    /// Only open ones on which no agent works
    #[arg(long)]
    unassigned: bool,
    /// Only open ones that nobody touched for so long, such as 2d
    #[arg(long, value_parser = format::parse_span)]
    untouched: Option<prost_types::Duration>,
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
        "KIND",
        "STATE",
        "PRIORITY",
        "CATEGORY",
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
            self.kind.clone(),
            format::word(self.state().as_str_name(), STATE),
            format::word(self.priority().as_str_name(), PRIORITY),
            self.category.clone(),
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
            Self::Create(arguments) => arguments.run(out).await,
            Self::Move(arguments) => arguments.run(out).await,
            Self::Assign(arguments) => arguments.run(out).await,
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
            kind: self.kind,
            category: self.category,
            department: self.department,
            overdue: self.overdue,
            unassigned: self.unassigned,
            untouched_for: self.untouched,
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
        let ticket = tickets.get_ticket(request).await?.into_inner().ticket;
        show(&ticket.unwrap_or_default(), self.client.format(), out)
    }
}

fn show(ticket: &Ticket, format: Format, out: &mut Output) -> anyhow::Result<()> {
    match format {
        Format::Json => out.json(ticket, Ticket::NAME),
        Format::Table => write(ticket, out),
    }
}

fn write(ticket: &Ticket, out: &mut Output) -> anyhow::Result<()> {
    let row = Ticket::COLUMNS.iter().map(|name| name.to_lowercase()).zip(ticket.row());
    for (name, text) in row.chain(particulars(ticket)) {
        if !text.is_empty() {
            let strong = out.strong(&format!("{name:<12}"));
            out.line(&format!("{strong}{text}"))?;
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

fn particulars(ticket: &Ticket) -> Vec<(String, String)> {
    let informed = ticket.inform_time.as_ref().map(|at| {
        let by = format::word(ticket.informed_by().as_str_name(), MEDIUM);
        format!("{} by {by}", format::time(Some(at)))
    });
    let stages = ticket.stage_times.as_ref().map(stages).unwrap_or_default();
    let told = [
        ("medium", format::word(ticket.medium().as_str_name(), MEDIUM)),
        ("resolved by", ticket.resolved_by.clone()),
        ("informed", informed.unwrap_or_default()),
        ("stages", stages),
        ("policy", ticket.sla_policy.clone()),
    ];
    let clocks = ticket.clocks.iter().map(clock);
    told.map(|(name, text)| (name.to_owned(), text)).into_iter().chain(clocks).collect()
}

/// Writes one thing that is owed: `resolution`, `running, due 2026-11-23 10:00:00Z`.
fn clock(clock: &SlaClock) -> (String, String) {
    let state = format::word(clock.state().as_str_name(), "SLA_STATE_");
    let told = [
        clock.due_time.as_ref().map(|due| format!("due {}", format::time(Some(due)))),
        clock.left.as_ref().map(|left| format!("{} left", format::span(Some(left)))),
        clock.done_time.as_ref().map(|done| format!("done {}", format::time(Some(done)))),
    ];
    let parts = [Some(state)].into_iter().chain(told).flatten().collect::<Vec<_>>();
    (format::word(clock.target().as_str_name(), "SLA_TARGET_"), parts.join(", "))
}

/// Writes the stages a ticket spent time in: `acceptance 2m, handling 1h5m`.
fn stages(times: &StageTimes) -> String {
    let StageTimes { acceptance, dispatch, handling, waiting, closure } = times;
    let stages = [
        ("acceptance", acceptance),
        ("dispatch", dispatch),
        ("handling", handling),
        ("waiting", waiting),
        ("closure", closure),
    ];
    let spent = stages.into_iter().filter_map(|(stage, time)| {
        let time = time.as_ref().filter(|time| time.seconds > 0)?;
        Some(format!("{stage} {}", format::span(Some(time))))
    });
    spent.collect::<Vec<_>>().join(", ")
}

fn event(event: &TicketEvent) -> Vec<String> {
    let action = format::word(event.action().as_str_name(), MOVE);
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

fn medium(word: &str) -> Result<Medium, String> {
    let named = Medium::from_str_name(&format::name(word, MEDIUM));
    named
        .filter(|medium| *medium != Medium::Unspecified)
        .ok_or_else(|| "must be phone, chat, email, sms, web, in-person or letter".to_owned())
}
