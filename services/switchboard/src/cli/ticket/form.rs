//! `ticket set`, `ticket tick` and `ticket forms`: what kinds ask besides words, and what is filled in.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use prost_types::Value;
use switchboard_api::ticket::v1::{
    GetTicketFormsRequest, GetTicketRequest, ReviseTicketRequest, TicketFieldType, TicketForm,
    TicketPriority,
};
use switchboard_client::Connection;

use super::create::priority;
use super::show;
use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Output, Shown};
use crate::cli::values::{Meant, value};

#[derive(Debug, Subcommand)]
pub(crate) enum FormCommand {
    /// Corrects a ticket, and fills in its form
    Set(SetArgs),
    /// Ticks steps of a ticket's checklist
    Tick(TickArgs),
    /// Shows what the kinds ask of their tickets
    Forms(FormsArgs),
}

#[derive(Args, Debug)]
pub(crate) struct SetArgs {
    /// The ticket's id
    ticket: String,
    /// Fields of its form and their values, such as plate=AB1234; empty takes the value away
    #[arg(value_name = "FIELD=VALUE", value_parser = assignment)]
    fields: Vec<(String, String)>,
    /// What it is about from now on, in one line
    #[arg(long, default_value = "")]
    subject: String,
    /// What it is about from now on, at length
    #[arg(long)]
    description: Option<String>,
    /// What kind of issue it is from now on, such as complaint; the fields are then those of that kind
    #[arg(long, default_value = "")]
    kind: String,
    /// The id of whose issue it is from now on
    #[arg(long, default_value = "")]
    customer: String,
    /// What it is filed under from now on, such as billing/refund
    #[arg(long, default_value = "")]
    category: String,
    /// How urgent it is from now on: low, normal, high or urgent
    #[arg(long, value_parser = priority)]
    priority: Option<TicketPriority>,
    #[command(flatten)]
    revision: RevisionArgs,
}

#[derive(Args, Debug)]
pub(crate) struct TickArgs {
    /// The ticket's id
    ticket: String,
    /// The names of the steps
    #[arg(required = true)]
    steps: Vec<String>,
    /// Takes the ticks back
    #[arg(long)]
    undo: bool,
    #[command(flatten)]
    revision: RevisionArgs,
}

#[derive(Args, Debug)]
struct RevisionArgs {
    /// Why, for the next reader
    #[arg(long, default_value = "")]
    note: String,
    /// Changes the ticket only if it has this etag, as `ticket get` shows it in JSON
    #[arg(long, default_value = "")]
    etag: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct FormsArgs {
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for TicketForm {
    const NAME: &'static str = "switchboard.ticket.v1.TicketForm";
    const COLUMNS: &'static [&'static str] = &["KIND", "FIELDS", "STEPS"];

    fn row(&self) -> Vec<String> {
        let field = |it: &switchboard_api::ticket::v1::TicketFormField| {
            let at = format::word(it.required_at().as_str_name(), "TICKET_CHECKPOINT_");
            let by = if at.is_empty() { at } else { format!(", to {at}") };
            format!("{} ({}{by})", it.name, it.expected)
        };
        let fields: Vec<String> = self.fields.iter().map(field).collect();
        let steps: Vec<&str> = self.steps.iter().map(|step| step.name.as_str()).collect();
        vec![self.kind.clone(), fields.join("; "), steps.join(", ")]
    }
}

impl FormCommand {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Set(arguments) => arguments.run(out).await,
            Self::Tick(arguments) => arguments.run(out).await,
            Self::Forms(arguments) => arguments.run(out).await,
        }
    }
}

impl SetArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let connection = self.revision.client.connect()?;
        let form = if self.fields.is_empty() {
            BTreeMap::new()
        } else if self.kind.is_empty() {
            let request = GetTicketRequest { ticket_id: self.ticket.clone() };
            let ticket = connection.tickets().get_ticket(request).await?.into_inner().ticket;
            values(&connection, &ticket.unwrap_or_default().kind, &self.fields).await?
        } else {
            values(&connection, &self.kind, &self.fields).await?
        };
        let request = ReviseTicketRequest {
            ticket_id: self.ticket,
            form,
            subject: self.subject,
            description: self.description,
            kind: self.kind,
            customer_id: self.customer,
            category: self.category,
            priority: self.priority.unwrap_or_default().into(),
            ..ReviseTicketRequest::default()
        };
        self.revision.run(&connection, request, out).await
    }
}

impl TickArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let (tick, untick) = if self.undo { (vec![], self.steps) } else { (self.steps, vec![]) };
        let ticket_id = self.ticket;
        let request = ReviseTicketRequest { ticket_id, tick, untick, ..Default::default() };
        let connection = self.revision.client.connect()?;
        self.revision.run(&connection, request, out).await
    }
}

impl RevisionArgs {
    async fn run(
        self,
        connection: &Connection,
        request: ReviseTicketRequest,
        out: &mut Output,
    ) -> anyhow::Result<()> {
        let request = ReviseTicketRequest { note: self.note, etag: self.etag, ..request };
        let revised = connection.ticket_forms().revise_ticket(request).await?.into_inner().ticket;
        show(&revised.unwrap_or_default(), self.client.format(), out)
    }
}

impl FormsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut forms = self.client.connect()?.ticket_forms();
        let forms = forms.get_ticket_forms(GetTicketFormsRequest {}).await?.into_inner().forms;
        out.list(self.client.format(), &forms)
    }
}

/// Takes words for what the fields of a kind make of them; without a kind, of the center's first.
pub(super) async fn values(
    connection: &Connection,
    kind: &str,
    fields: &[(String, String)],
) -> anyhow::Result<BTreeMap<String, Value>> {
    if fields.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut forms = connection.ticket_forms();
    let forms = forms.get_ticket_forms(GetTicketFormsRequest {}).await?.into_inner().forms;
    let form = forms.iter().find(|form| kind.is_empty() || form.kind == kind);
    let meant = |name: &str| {
        let field = form.and_then(|form| form.fields.iter().find(|field| field.name == name));
        field.map_or(Meant::Words, |field| meant(field.r#type()))
    };
    let values = fields.iter().map(|(name, text)| (name.clone(), value(meant(name), text)));
    Ok(values.collect())
}

const fn meant(kind: TicketFieldType) -> Meant {
    match kind {
        TicketFieldType::Number | TicketFieldType::Integer => Meant::Number,
        TicketFieldType::Boolean => Meant::Flag,
        TicketFieldType::Texts => Meant::List,
        TicketFieldType::Unspecified
        | TicketFieldType::Text
        | TicketFieldType::Date
        | TicketFieldType::Phone
        | TicketFieldType::Enum => Meant::Words,
    }
}

/// Reads `plate=AB1234`.
pub(super) fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) =
        text.split_once('=').ok_or("must be a field and its value, such as plate=AB1234")?;
    Ok((name.to_owned(), value.to_owned()))
}
