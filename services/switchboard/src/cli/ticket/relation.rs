//! `ticket link`, `unlink`, `link-call`, `call-back`, `join-incident`, `leave-incident` and
//! `resolve-members`: what tickets have to do with each other and with calls.

use clap::{Args, Subcommand};
use switchboard_api::ticket::v1::move_ticket_result::Outcome;
use switchboard_api::ticket::v1::{
    LinkInteractionRequest, LinkTicketsRequest, Medium, MoveTicketResult, ResolveMembersRequest,
    SetIncidentRequest, Ticket, TicketLinkKind, UnlinkTicketsRequest,
};

use super::call_back::CallBackArgs;
use super::{STATE, medium, show};
use crate::cli::client::ClientArgs;
use crate::cli::failure::{Exit, told};
use crate::cli::format;
use crate::cli::output::Output;

const LINK: &str = "TICKET_LINK_KIND_";

#[derive(Debug, Subcommand)]
pub(crate) enum RelationCommand {
    /// Links two tickets; both show it
    Link(LinkArgs),
    /// Takes a link between two tickets away, from either end
    Unlink(LinkArgs),
    /// Links another call about the same issue to a ticket
    LinkCall(LinkCallArgs),
    /// Has whoever a ticket is about called by the agents of a queue
    CallBack(CallBackArgs),
    /// Makes a ticket part of an incident
    JoinIncident(JoinArgs),
    /// Takes a ticket out of its incident; no rule takes it up again
    LeaveIncident(LeaveArgs),
    /// Resolves the open members of an incident that is resolved, each by itself
    ResolveMembers(ResolveArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LinkArgs {
    /// The ticket's id
    ticket: String,
    /// What it is to the other one: related, caused-by, causes, duplicate-of or duplicated-by
    #[arg(value_parser = kind)]
    kind: TicketLinkKind,
    /// The other ticket's id
    other: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct LinkCallArgs {
    /// The ticket's id
    ticket: String,
    /// The call's id
    call: String,
    /// Why, for the next reader
    #[arg(long, default_value = "")]
    note: String,
    /// Links the call only if the ticket has this etag, as `ticket get` shows it in JSON
    #[arg(long, default_value = "")]
    etag: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct JoinArgs {
    /// The ticket's id
    ticket: String,
    /// The incident's id
    incident: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct LeaveArgs {
    /// The ticket's id
    ticket: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ResolveArgs {
    /// The incident's id
    incident: String,
    /// How the members were handled; the incident's own resolution if left out
    #[arg(long, default_value = "")]
    resolution: String,
    /// How their customers are told: phone, chat, email, sms, web, in-person or letter; nobody is told if
    /// left out
    #[arg(long, value_parser = medium)]
    medium: Option<Medium>,
    /// Shows what would become of each, and changes nothing
    #[arg(long)]
    preview: bool,
    #[command(flatten)]
    client: ClientArgs,
}

impl RelationCommand {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Link(arguments) => arguments.link(out).await,
            Self::Unlink(arguments) => arguments.unlink(out).await,
            Self::LinkCall(arguments) => arguments.run(out).await,
            Self::CallBack(arguments) => arguments.run(out).await,
            Self::JoinIncident(JoinArgs { ticket, incident, client }) => {
                set_incident(&client, ticket, incident, out).await
            }
            Self::LeaveIncident(LeaveArgs { ticket, client }) => {
                set_incident(&client, ticket, String::new(), out).await
            }
            Self::ResolveMembers(arguments) => arguments.run(out).await,
        }
    }
}

impl LinkArgs {
    async fn link(self, out: &mut Output) -> anyhow::Result<()> {
        let mut relations = self.client.connect()?.ticket_relations();
        let request = LinkTicketsRequest {
            ticket_id: self.ticket,
            kind: self.kind.into(),
            other_id: self.other,
        };
        let linked = relations.link_tickets(request).await?.into_inner().ticket;
        show(&linked.unwrap_or_default(), self.client.format(), out)
    }

    async fn unlink(self, out: &mut Output) -> anyhow::Result<()> {
        let mut relations = self.client.connect()?.ticket_relations();
        let request = UnlinkTicketsRequest {
            ticket_id: self.ticket,
            kind: self.kind.into(),
            other_id: self.other,
        };
        let unlinked = relations.unlink_tickets(request).await?.into_inner().ticket;
        show(&unlinked.unwrap_or_default(), self.client.format(), out)
    }
}

impl LinkCallArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut relations = self.client.connect()?.ticket_relations();
        let request = LinkInteractionRequest {
            ticket_id: self.ticket,
            interaction_id: self.call,
            etag: self.etag,
            note: self.note,
        };
        let ticket = relations.link_interaction(request).await?.into_inner().ticket;
        show(&ticket.unwrap_or_default(), self.client.format(), out)
    }
}

/// Makes a ticket part of an incident; of none if that is empty.
async fn set_incident(
    client: &ClientArgs,
    ticket_id: String,
    incident_id: String,
    out: &mut Output,
) -> anyhow::Result<()> {
    let mut relations = client.connect()?.ticket_relations();
    let request = SetIncidentRequest { ticket_id, incident_id };
    let ticket = relations.set_incident(request).await?.into_inner().ticket;
    show(&ticket.unwrap_or_default(), client.format(), out)
}

impl ResolveArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut relations = self.client.connect()?.ticket_relations();
        let mut results: Vec<MoveTicketResult> = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = ResolveMembersRequest {
                ticket_id: self.incident.clone(),
                resolution: self.resolution.clone(),
                medium: self.medium.unwrap_or_default().into(),
                page_size: 0,
                page_token,
                validate_only: self.preview,
            };
            let page = relations.resolve_members(request).await?.into_inner();
            results.extend(page.results);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        out.list(self.client.format(), &results)?;
        let is_refused = |it: &&MoveTicketResult| matches!(it.outcome, Some(Outcome::Refused(_)));
        match results.iter().filter(is_refused).count() {
            0 => Ok(()),
            count => {
                let all = results.len();
                Err(told(Exit::Conflict, format!("{count} of {all} members are refused")))
            }
        }
    }
}

/// Gives what a ticket has to do with others, as lines of its particulars.
pub(super) fn particulars(ticket: &Ticket) -> Vec<(String, String)> {
    let links = ticket.links.iter().map(|link| {
        let state = format::word(link.state().as_str_name(), STATE);
        let other = format!("#{} {} ({state}) {}", link.number, link.ticket_id, link.subject);
        (format::word(link.kind().as_str_name(), LINK), other)
    });
    let tasks = ticket.children.iter().map(|child| {
        let state = format::word(child.state().as_str_name(), STATE);
        let by = [&state, &child.department].map(String::as_str).into_iter();
        let by = by.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
        let task = format!("#{} {} ({by}) {}", child.number, child.ticket_id, child.subject);
        ("task".to_owned(), task)
    });
    let members = if ticket.incident {
        format!("{}, {} of them open", ticket.member_count, ticket.open_member_count)
    } else {
        String::new()
    };
    let whole = [
        ("parent".to_owned(), ticket.parent_id.clone()),
        ("incident".to_owned(), ticket.incident_id.clone()),
        ("members".to_owned(), members),
    ];
    let calls = ticket.linked_interaction_ids.iter();
    let calls = calls.map(|call| ("further call".to_owned(), call.clone()));
    whole.into_iter().chain(calls).chain(links).chain(tasks).collect()
}

fn kind(word: &str) -> Result<TicketLinkKind, String> {
    let named = TicketLinkKind::from_str_name(&format::name(word, LINK));
    named.filter(|kind| *kind != TicketLinkKind::Unspecified).ok_or_else(|| {
        "must be related, caused-by, causes, duplicate-of or duplicated-by".to_owned()
    })
}
