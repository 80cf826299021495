//! `ticket create`: an issue that somebody takes down.

use clap::Args;
use switchboard_api::ticket::v1::{Acceptance, CreateTicketRequest, Medium, TicketPriority};
use switchboard_runtime::clock::{Ids as _, RandomIds};

use super::form::{assignment, values};
use super::{PRIORITY, medium, show};
use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Format, Output};

#[derive(Args, Debug)]
pub(crate) struct CreateArgs {
    /// What it is about, in one line
    subject: String,
    /// What it is about, at length
    #[arg(long, default_value = "")]
    description: String,
    /// What kind of issue it is, such as complaint; the center's first kind if left out
    #[arg(long, default_value = "")]
    kind: String,
    /// What it is filed under, such as billing/refund
    #[arg(long, default_value = "")]
    category: String,
    /// Whose issue it is
    #[arg(long, default_value = "")]
    customer: String,
    /// The call it came from
    #[arg(long, default_value = "")]
    call: String,
    /// The department that is responsible
    #[arg(long, default_value = "")]
    department: String,
    /// The ticket whose task it is, which waits for it
    #[arg(long, default_value = "")]
    parent: String,
    /// How urgent it is: low, normal, high or urgent
    #[arg(long, value_parser = priority, default_value = "normal")]
    priority: TicketPriority,
    /// How it reached the center: phone, chat, email, sms, web, in-person or letter
    #[arg(long, value_parser = medium, default_value = "phone")]
    medium: Medium,
    /// A field of its form and its value, such as plate=AB1234; once for each
    #[arg(long = "field", value_name = "FIELD=VALUE", value_parser = assignment)]
    fields: Vec<(String, String)>,
    /// Names the order, so that sending it again makes no second ticket; a new one if left out
    #[arg(long)]
    request_id: Option<String>,
    #[command(flatten)]
    client: ClientArgs,
}

impl CreateArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let connection = self.client.connect()?;
        let form = values(&connection, &self.kind, &self.fields).await?;
        let request = CreateTicketRequest {
            request_id: self.request_id.unwrap_or_else(|| RandomIds.uuid().to_string()),
            subject: self.subject,
            description: self.description,
            customer_id: self.customer,
            interaction_id: self.call,
            department: self.department,
            priority: self.priority.into(),
            kind: self.kind,
            category: self.category,
            medium: self.medium.into(),
            form,
            parent_id: self.parent,
        };
        let made = connection.tickets().create_ticket(request).await?.into_inner();
        let format = self.client.format();
        if format == Format::Table && made.joined {
            out.line("An open ticket took it up:")?;
        }
        if format == Format::Table && made.acceptance() == Acceptance::Accepted {
            out.line("Accepted; its number follows when the store is back.")?;
        }
        show(&made.ticket.unwrap_or_default(), format, out)
    }
}

pub(super) fn priority(word: &str) -> Result<TicketPriority, String> {
    let named = TicketPriority::from_str_name(&format::name(word, PRIORITY));
    named
        .filter(|priority| *priority != TicketPriority::Unspecified)
        .ok_or_else(|| "must be low, normal, high or urgent".to_owned())
}
