//! `ticket`: issues, and the story of one.

mod beside;
mod bulk;
mod call_back;
mod create;
mod departments;
mod desk;
mod dispatch;
mod exceptions;
mod filter;
mod follow;
mod form;
mod import;
mod list;
mod macros;
mod many;
mod moves;
mod relation;
mod report;
mod view;
mod watch;

use clap::{Args, Subcommand};
use switchboard_api::ticket::v1::{
    GetTicketRequest, Medium, SideMessage, SlaClock, StageTimes, Ticket, TicketAttachment,
    TicketEvent,
};

use crate::cli::client::ClientArgs;
use crate::cli::format;

use crate::cli::output::{Format, Output, Shown};
use crate::cli::values::written;

const STATE: &str = "TICKET_STATE_";
const MOVE: &str = "TICKET_MOVE_";
const PRIORITY: &str = "TICKET_PRIORITY_";
const MEDIUM: &str = "MEDIUM_";

#[derive(Debug, Subcommand)]
pub(crate) enum TicketCommand {
    /// Lists tickets, in the order of what is asked for
    Ls(list::LsArgs),
    /// Finds tickets by what was written about them, the newest first
    Search(list::SearchArgs),
    /// Shows tickets, and each change of them
    Watch(watch::WatchArgs),
    /// Lists of tickets under a name
    #[command(subcommand)]
    View(view::ViewCommand),
    /// Shows one ticket with its story
    Get(GetArgs),
    /// Makes a ticket
    Create(create::CreateArgs),
    /// Moves a ticket through its life
    Move(moves::MoveArgs),
    #[command(flatten)]
    Desk(desk::DeskCommand),
    #[command(flatten)]
    Relation(relation::RelationCommand),
    /// Gives a ticket to a department, a queue or an agent
    Assign(moves::AssignArgs),
    /// Gives a ticket to somebody who can do more about it, one grade more urgent
    Escalate(moves::EscalateArgs),
    #[command(flatten)]
    Dispatch(dispatch::DispatchCommand),
    #[command(flatten)]
    Many(many::ManyCommand),
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
        "QUEUE",
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
            self.queue_id.clone(),
            self.agent_id.clone(),
            format::time(self.create_time.as_ref()),
        ]
    }
}

impl TicketCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Search(arguments) => arguments.run(out).await,
            Self::Watch(arguments) => arguments.run(out).await,
            Self::View(command) => command.run(out).await,
            Self::Get(arguments) => arguments.run(out).await,
            Self::Create(arguments) => arguments.run(out).await,
            Self::Move(arguments) => arguments.run(out).await,
            Self::Desk(command) => command.run(out).await,
            Self::Relation(command) => command.run(out).await,
            Self::Assign(arguments) => arguments.run(out).await,
            Self::Escalate(arguments) => arguments.run(out).await,
            Self::Dispatch(command) => command.run(out).await,
            Self::Many(command) => command.run(out).await,
        }
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
    out.table(&["AT", "MOVE", "STATE", "BY", "NOTE"], ticket.events.iter().map(event))?;
    surroundings(ticket, out)
}

/// Writes the files a ticket refers to, and the conversations beside it.
fn surroundings(ticket: &Ticket, out: &mut Output) -> anyhow::Result<()> {
    if !ticket.attachments.is_empty() {
        out.line("")?;
        let columns = &["FILE", "NAME", "TYPE", "BYTES", "URI", "BY"];
        out.table(columns, ticket.attachments.iter().map(attachment))?;
    }
    for side in &ticket.side_conversations {
        let ended = if side.closed_by.is_empty() { "open" } else { "closed" };
        let party = if side.department.is_empty() { &side.party } else { &side.department };
        let (id, subject) = (&side.conversation_id, &side.subject);
        out.line("")?;
        let heading = out.strong(&format!("{id} ({ended}) with {party}: {subject}"));
        out.line(&heading)?;
        out.table(&["AT", "WHOSE", "BY", "TEXT"], side.messages.iter().map(message))?;
    }
    Ok(())
}

fn attachment(file: &TicketAttachment) -> Vec<String> {
    vec![
        file.attachment_id.clone(),
        file.name.clone(),
        file.media_type.clone(),
        file.size_bytes.to_string(),
        file.uri.clone(),
        file.added_by.clone(),
    ]
}

fn message(message: &SideMessage) -> Vec<String> {
    vec![
        format::time(message.note_time.as_ref()),
        format::word(message.direction().as_str_name(), "SIDE_DIRECTION_"),
        message.noted_by.clone(),
        message.text.clone(),
    ]
}

fn particulars(ticket: &Ticket) -> Vec<(String, String)> {
    let informed = ticket.inform_time.as_ref().map(|at| {
        let by = format::word(ticket.informed_by().as_str_name(), MEDIUM);
        format!("{} by {by}", format::time(Some(at)))
    });
    let stages = ticket.stage_times.as_ref().map(stages).unwrap_or_default();
    let times = |count: u32| if count > 0 { count.to_string() } else { String::new() };
    let told = [
        ("came back", times(ticket.reopen_count)),
        ("taken away", times(ticket.bounce_count)),
        ("medium", format::word(ticket.medium().as_str_name(), MEDIUM)),
        ("resolved by", ticket.resolved_by.clone()),
        ("informed", informed.unwrap_or_default()),
        ("stages", stages),
        ("policy", ticket.sla_policy.clone()),
    ];
    let clocks = ticket.clocks.iter().map(clock);
    let fields = ticket.form.iter().map(|(name, value)| (name.clone(), written(value)));
    let steps = ("ticked".to_owned(), ticket.ticked_steps.join(", "));
    let told = told.map(|(name, text)| (name.to_owned(), text)).into_iter();
    let followers = ticket.followers.iter().map(|it| it.actor.clone()).collect::<Vec<_>>();
    let followers = ("followed by".to_owned(), followers.join(", "));
    let related = relation::particulars(ticket);
    told.chain(clocks).chain(fields).chain([steps, followers]).chain(related).collect()
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

pub(crate) fn medium(word: &str) -> Result<Medium, String> {
    let named = Medium::from_str_name(&format::name(word, MEDIUM));
    named
        .filter(|medium| *medium != Medium::Unspecified)
        .ok_or_else(|| "must be phone, chat, email, sms, web, in-person or letter".to_owned())
}
