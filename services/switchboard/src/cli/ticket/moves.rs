//! `ticket move` and `ticket assign`: a ticket on its way from acceptance to closure.

use clap::Args;
use switchboard_api::ticket::v1::{Medium, MoveTicketRequest, TicketMove};

use super::{MOVE, medium, show};
use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::Output;

#[derive(Args, Debug)]
pub(crate) struct MoveArgs {
    /// The ticket's id
    ticket: String,
    /// accept, dispatch, escalate, start, wait-on-customer, hold, resume, resolve, reply, inform, close, reopen,
    /// merge, cancel or note
    #[arg(value_parser = action)]
    action: TicketMove,
    #[command(flatten)]
    details: DetailArgs,
    #[command(flatten)]
    change: ChangeArgs,
}

/// What a move says besides its reason.
#[derive(Args, Debug)]
pub(super) struct DetailArgs {
    #[command(flatten)]
    to: TargetArgs,
    /// How it was handled; needed to resolve
    #[arg(long, default_value = "")]
    resolution: String,
    /// How the customer was told: phone, chat, email, sms, web, in-person or letter; needed to reply
    /// and to inform
    #[arg(long, value_parser = medium)]
    medium: Option<Medium>,
    /// The open ticket that goes on in its place; needed to merge
    #[arg(long, default_value = "")]
    merged_into: String,
}

#[derive(Args, Debug)]
pub(crate) struct AssignArgs {
    /// The ticket's id
    ticket: String,
    #[command(flatten)]
    to: TargetArgs,
    #[command(flatten)]
    change: ChangeArgs,
}

/// Who is to handle a ticket.
#[derive(Args, Debug)]
struct TargetArgs {
    /// The department
    #[arg(long, default_value = "")]
    department: String,
    /// The queue, whose agents are offered it
    #[arg(long, default_value = "")]
    queue: String,
    /// The agent
    #[arg(long, default_value = "")]
    agent: String,
}

#[derive(Args, Debug)]
pub(crate) struct EscalateArgs {
    /// The ticket's id
    ticket: String,
    /// Why, for the next reader
    note: String,
    #[command(flatten)]
    to: TargetArgs,
    /// Escalates the ticket only if it has this etag, as `ticket get` shows it in JSON
    #[arg(long, default_value = "")]
    etag: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
struct ChangeArgs {
    /// Why, for the next reader; needed to escalate, hold, reopen, cancel and note
    #[arg(long, default_value = "")]
    note: String,
    /// Moves the ticket only if it has this etag, as `ticket get` shows it in JSON
    #[arg(long, default_value = "")]
    etag: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl MoveArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let request =
            MoveTicketRequest { ticket_id: self.ticket, ..self.details.request(self.action) };
        self.change.run(request, out).await
    }
}

impl DetailArgs {
    /// Gives a move of no ticket yet.
    pub(super) fn request(self, action: TicketMove) -> MoveTicketRequest {
        MoveTicketRequest {
            action: action.into(),
            department: self.to.department,
            queue_id: self.to.queue,
            agent_id: self.to.agent,
            resolution: self.resolution,
            medium: self.medium.unwrap_or_default().into(),
            merged_into_id: self.merged_into,
            ..MoveTicketRequest::default()
        }
    }
}

impl AssignArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let request = MoveTicketRequest {
            ticket_id: self.ticket,
            action: TicketMove::Dispatch.into(),
            department: self.to.department,
            queue_id: self.to.queue,
            agent_id: self.to.agent,
            ..MoveTicketRequest::default()
        };
        self.change.run(request, out).await
    }
}

impl EscalateArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let request = MoveTicketRequest {
            ticket_id: self.ticket,
            action: TicketMove::Escalate.into(),
            department: self.to.department,
            queue_id: self.to.queue,
            agent_id: self.to.agent,
            ..MoveTicketRequest::default()
        };
        let change = ChangeArgs { note: self.note, etag: self.etag, client: self.client };
        change.run(request, out).await
    }
}

impl ChangeArgs {
    async fn run(self, request: MoveTicketRequest, out: &mut Output) -> anyhow::Result<()> {
        let request = MoveTicketRequest { note: self.note, etag: self.etag, ..request };
        let mut tickets = self.client.connect()?.tickets();
        let moved = tickets.move_ticket(request).await?.into_inner().ticket;
        show(&moved.unwrap_or_default(), self.client.format(), out)
    }
}

pub(super) fn action(word: &str) -> Result<TicketMove, String> {
    let named = TicketMove::from_str_name(&format::name(word, MOVE));
    named.filter(|action| *action != TicketMove::Unspecified).ok_or_else(|| {
        "must be accept, dispatch, escalate, start, wait-on-customer, hold, resume, resolve, reply, inform, \
         close, reopen, merge, cancel or note"
            .to_owned()
    })
}
