//! `ticket attach`, `detach`, `side` and `touch`: what stands beside a ticket, and who has it open.

use std::str::FromStr;

use clap::{Args, Subcommand};
use switchboard_api::ticket::v1::{
    AddToSideConversationRequest, AttachFileRequest, CloseSideConversationRequest,
    DetachFileRequest, Medium, OpenSideConversationRequest, SideDirection, TicketAttachment,
    TicketDoing, TicketPresence, TouchTicketRequest,
};
use switchboard_runtime::clock::{Ids as _, RandomIds};

use super::{medium, show};
use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Output, Shown};

const DOING: &str = "TICKET_DOING_";

#[derive(Debug, Subcommand)]
pub(crate) enum BesideCommand {
    /// Lets a ticket refer to a file, which is kept elsewhere
    Attach(AttachArgs),
    /// Lets a ticket refer to a file no longer
    Detach(DetachArgs),
    /// Conversations with third parties beside a ticket
    #[command(subcommand)]
    Side(SideCommand),
    /// Says that you have a ticket open, and shows who else does
    Touch(TouchArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum SideCommand {
    /// Begins a conversation with a department or with somebody else
    Open(OpenArgs),
    /// Writes down what was said
    Say(SayArgs),
    /// Ends a conversation
    Close(CloseArgs),
}

#[derive(Args, Debug)]
pub(crate) struct AttachArgs {
    /// The ticket's id
    ticket: String,
    /// Where the file is, such as <https://files.example/a.pdf> or <s3://bucket/a.pdf>
    uri: String,
    /// What people call it; the end of its address if left out
    #[arg(long)]
    name: Option<String>,
    /// What kind of file it is, such as application/pdf
    #[arg(long = "type", value_name = "TYPE", default_value = "application/octet-stream")]
    media_type: String,
    /// Its size in bytes
    #[arg(long)]
    size: u64,
    /// The SHA-256 of its bytes
    #[arg(long)]
    sha256: String,
    /// Names the attachment, so that sending it again adds no second one; a new one if left out
    #[arg(long)]
    id: Option<String>,
    #[command(flatten)]
    at: AtArgs,
}

#[derive(Args, Debug)]
pub(crate) struct DetachArgs {
    /// The ticket's id
    ticket: String,
    /// The attachment's id, as `ticket get` shows it
    attachment: String,
    #[command(flatten)]
    at: AtArgs,
}

#[derive(Args, Debug)]
pub(crate) struct OpenArgs {
    /// The ticket's id
    ticket: String,
    /// What it is about
    subject: String,
    /// The department it is with
    #[arg(long, default_value = "")]
    department: String,
    /// With whom else it is, such as a supplier
    #[arg(long, default_value = "")]
    with: String,
    /// By which means: phone, chat, email, sms, web, in-person or letter
    #[arg(long, value_parser = medium)]
    medium: Option<Medium>,
    /// Names the conversation, so that sending it again begins no second one; a new one if left out
    #[arg(long)]
    id: Option<String>,
    #[command(flatten)]
    at: AtArgs,
}

#[derive(Args, Debug)]
pub(crate) struct SayArgs {
    /// The ticket's id
    ticket: String,
    /// The conversation's id, as `ticket get` shows it
    conversation: String,
    /// What was said
    text: String,
    /// It is the third party's word; the center's if left out
    #[arg(long = "in")]
    from_them: bool,
    /// Names the message, so that sending it again writes down no second one; a new one if left out
    #[arg(long)]
    id: Option<String>,
    #[command(flatten)]
    at: AtArgs,
}

#[derive(Args, Debug)]
pub(crate) struct CloseArgs {
    /// The ticket's id
    ticket: String,
    /// The conversation's id, as `ticket get` shows it
    conversation: String,
    #[command(flatten)]
    at: AtArgs,
}

#[derive(Args, Debug)]
pub(crate) struct TouchArgs {
    /// The ticket's id
    ticket: String,
    /// What you do: viewing, writing or left
    #[arg(long, default_value = "viewing")]
    doing: Deed,
    #[command(flatten)]
    client: ClientArgs,
}

/// On which version, and where.
#[derive(Args, Debug)]
struct AtArgs {
    /// Changes the ticket only if it has this etag, as `ticket get` shows it in JSON
    #[arg(long, default_value = "")]
    etag: String,
    #[command(flatten)]
    client: ClientArgs,
}

/// What somebody does with a ticket.
#[derive(Clone, Copy, Debug)]
struct Deed(TicketDoing);

impl FromStr for Deed {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let named = TicketDoing::from_str_name(&format::name(word, DOING));
        let named = named.filter(|doing| *doing != TicketDoing::Unspecified);
        named.map(Self).ok_or_else(|| "must be viewing, writing or left".to_owned())
    }
}

impl Shown for TicketPresence {
    const NAME: &'static str = "switchboard.ticket.v1.TicketPresence";
    const COLUMNS: &'static [&'static str] = &["WHO", "DOING", "UNTIL"];

    fn row(&self) -> Vec<String> {
        vec![
            self.actor.clone(),
            format::word(self.doing().as_str_name(), DOING),
            format::time(self.until.as_ref()),
        ]
    }
}

impl BesideCommand {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Attach(arguments) => arguments.run(out).await,
            Self::Detach(arguments) => arguments.run(out).await,
            Self::Side(SideCommand::Open(arguments)) => arguments.run(out).await,
            Self::Side(SideCommand::Say(arguments)) => arguments.run(out).await,
            Self::Side(SideCommand::Close(arguments)) => arguments.run(out).await,
            Self::Touch(arguments) => arguments.run(out).await,
        }
    }
}

impl AttachArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let AtArgs { etag, client } = self.at;
        let end = || self.uri.rsplit('/').next().unwrap_or_default().to_owned();
        let attachment = TicketAttachment {
            attachment_id: named(self.id),
            name: self.name.clone().unwrap_or_else(end),
            media_type: self.media_type,
            size_bytes: self.size,
            sha256: self.sha256,
            uri: self.uri.clone(),
            ..TicketAttachment::default()
        };
        let request =
            AttachFileRequest { ticket_id: self.ticket, attachment: Some(attachment), etag };
        let mut desk = client.connect()?.ticket_desk();
        let attached = desk.attach_file(request).await?.into_inner().ticket;
        show(&attached.unwrap_or_default(), client.format(), out)
    }
}

impl DetachArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let AtArgs { etag, client } = self.at;
        let (ticket_id, attachment_id) = (self.ticket, self.attachment);
        let mut desk = client.connect()?.ticket_desk();
        let request = DetachFileRequest { ticket_id, attachment_id, etag };
        let detached = desk.detach_file(request).await?.into_inner().ticket;
        show(&detached.unwrap_or_default(), client.format(), out)
    }
}

impl OpenArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let AtArgs { etag, client } = self.at;
        let request = OpenSideConversationRequest {
            ticket_id: self.ticket,
            conversation_id: named(self.id),
            subject: self.subject,
            department: self.department,
            party: self.with,
            medium: self.medium.unwrap_or_default().into(),
            etag,
        };
        let mut desk = client.connect()?.ticket_desk();
        let opened = desk.open_side_conversation(request).await?.into_inner().ticket;
        show(&opened.unwrap_or_default(), client.format(), out)
    }
}

impl SayArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let AtArgs { etag, client } = self.at;
        let direction = if self.from_them { SideDirection::In } else { SideDirection::Out };
        let request = AddToSideConversationRequest {
            ticket_id: self.ticket,
            conversation_id: self.conversation,
            message_id: named(self.id),
            direction: direction.into(),
            text: self.text,
            etag,
        };
        let mut desk = client.connect()?.ticket_desk();
        let said = desk.add_to_side_conversation(request).await?.into_inner().ticket;
        show(&said.unwrap_or_default(), client.format(), out)
    }
}

impl CloseArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let AtArgs { etag, client } = self.at;
        let (ticket_id, conversation_id) = (self.ticket, self.conversation);
        let mut desk = client.connect()?.ticket_desk();
        let request = CloseSideConversationRequest { ticket_id, conversation_id, etag };
        let closed = desk.close_side_conversation(request).await?.into_inner().ticket;
        show(&closed.unwrap_or_default(), client.format(), out)
    }
}

impl TouchArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let request = TouchTicketRequest { ticket_id: self.ticket, doing: self.doing.0.into() };
        let mut desk = self.client.connect()?.ticket_desk();
        let others = desk.touch_ticket(request).await?.into_inner().others;
        out.list(self.client.format(), &others)
    }
}

fn named(id: Option<String>) -> String {
    id.unwrap_or_else(|| RandomIds.uuid().to_string())
}
