//! `ticket import`: tickets that another system had, from a file, checked and kept row by row.

#[cfg(test)]
mod tests;

use clap::Args;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use prost_types::Timestamp;
use switchboard_api::callerid::v1::ExternalId;
use switchboard_api::ticket::v1::import_tickets_request::Part;
use switchboard_api::ticket::v1::{
    CustomerExternalId, ImportTicketsBatch, ImportTicketsHeader, ImportTicketsRequest,
    ImportTicketsResponse, ImportTicketsRow, ImportedState, ImportedTicket, Medium, TicketPriority,
};
use switchboard_client::Connection;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Response, Status, Streaming};

use super::{MEDIUM, PRIORITY};
use crate::cli::client::ClientArgs;
use crate::cli::customer::columns::external_id;
use crate::cli::import::mapping::named;
use crate::cli::import::{Columns, FileArgs, Outcome, Plan, Transfer, Unfit};
use crate::cli::output::{Output, Shown};
use crate::cli::period::{on_the_wire, zone};
use crate::cli::{format, rows};

const STATE: &str = "IMPORTED_STATE_";
/// The column that says which ticket it is.
const KEY: &str = "reference";
/// Every column there is.
const FIELDS: [&str; 14] = [
    KEY,
    "subject",
    "description",
    "kind",
    "category",
    "department",
    "priority",
    "medium",
    "customer_id",
    "customer_external_id",
    "create_time",
    "state",
    "resolution",
    "close_time",
];
/// What else people call a column.
const OTHER_NAMES: [(&str, &str); 14] = [
    ("id", KEY),
    ("ticket_id", KEY),
    ("external_id", KEY),
    ("title", "subject"),
    ("text", "description"),
    ("type", "kind"),
    ("channel", "medium"),
    ("customer", "customer_id"),
    ("created", "create_time"),
    ("created_at", "create_time"),
    ("status", "state"),
    ("solution", "resolution"),
    ("closed", "close_time"),
    ("closed_at", "close_time"),
];

#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    file: FileArgs,
    /// The time zone of times that name none
    #[arg(long, default_value = "UTC")]
    zone: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl ImportArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let zone = zone(&self.zone)?;
        let records = self.file.open()?;
        let connection = self.client.connect()?;
        let format = self.client.format();
        let plan = Plan { file: &self.file, kind: Tickets { zone }, format };
        plan.run(records, &connection, out).await
    }
}

impl Shown for ImportedTicket {
    const NAME: &'static str = "switchboard.ticket.v1.ImportedTicket";
    const COLUMNS: &'static [&'static str] =
        &["TICKET", "STATE", "KIND", "PRIORITY", "SUBJECT", "CUSTOMER", "DEPARTMENT", "MADE"];

    fn row(&self) -> Vec<String> {
        let of = self.customer_external_id.as_ref().map(|it| format!("{}={}", it.system, it.id));
        vec![
            self.reference.clone(),
            format::word(self.state().as_str_name(), STATE),
            self.kind.clone(),
            format::word(self.priority().as_str_name(), PRIORITY),
            self.subject.clone(),
            of.unwrap_or_else(|| self.customer_id.clone()),
            self.department.clone(),
            format::time(self.create_time.as_ref()),
        ]
    }
}

/// The columns of files of tickets.
#[derive(Clone, Debug)]
struct Tickets {
    /// The zone of times that name none.
    zone: TimeZone,
}

impl Columns for Tickets {
    type Item = ImportedTicket;

    const WHAT: &'static str = "ticket";
    const KEYS: &'static [&'static str] = &[KEY];

    fn fields() -> String {
        FIELDS.join(", ")
    }

    fn field(name: &str) -> Option<String> {
        named(name, &FIELDS, &OTHER_NAMES)
    }

    fn is_kept(&self, _field: &str) -> bool {
        true
    }

    fn set(&self, item: &mut ImportedTicket, field: &str, text: &str) -> Result<(), Unfit> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        match field {
            KEY => text.clone_into(&mut item.reference),
            "subject" => text.clone_into(&mut item.subject),
            "description" => text.clone_into(&mut item.description),
            "kind" => text.clone_into(&mut item.kind),
            "category" => text.clone_into(&mut item.category),
            "department" => text.clone_into(&mut item.department),
            "customer_id" => text.clone_into(&mut item.customer_id),
            "resolution" => text.clone_into(&mut item.resolution),
            "customer_external_id" => {
                let ExternalId { system, id } = external_id(text);
                item.customer_external_id = Some(CustomerExternalId { system, id });
            }
            "create_time" => item.create_time = Some(self.time(text)?),
            "close_time" => item.close_time = Some(self.time(text)?),
            "priority" => {
                let named = TicketPriority::from_str_name(&format::name(text, PRIORITY));
                let expected = "low, normal, high or urgent";
                item.set_priority(named.ok_or(Unfit { expected })?);
            }
            "medium" => {
                let named = Medium::from_str_name(&format::name(text, MEDIUM));
                let expected = "phone, chat, email, sms, web, in-person or letter";
                item.set_medium(named.ok_or(Unfit { expected })?);
            }
            "state" => {
                let named = ImportedState::from_str_name(&format::name(text, STATE));
                item.set_state(named.ok_or(Unfit { expected: "open or closed" })?);
            }
            _ => {}
        }
        Ok(())
    }

    fn masked(field: &str, text: &str) -> String {
        let tells_who = matches!(
            field,
            "subject" | "description" | "resolution" | "customer_id" | "customer_external_id"
        );
        if tells_who { rows::masked(text) } else { text.chars().take(40).collect() }
    }
}

impl Tickets {
    /// Reads a time; one that names no zone is of the zone of the file.
    fn time(&self, text: &str) -> Result<Timestamp, Unfit> {
        let expected = "a time such as 2026-11-22T09:30:00+08:00, 2026-11-22 09:30 or 2026-11-22";
        let civil = || {
            let civil: DateTime = text.parse().ok()?;
            civil.to_zoned(self.zone.clone()).ok().map(|zoned| zoned.timestamp())
        };
        let time = text.parse::<jiff::Timestamp>().ok().or_else(civil);
        time.map(on_the_wire).ok_or(Unfit { expected })
    }
}

impl Transfer for Tickets {
    type Request = ImportTicketsRequest;
    type Answer = ImportTicketsResponse;

    const MAX_ROWS: usize = 50;

    fn header(_fields: Vec<String>, validate_only: bool) -> ImportTicketsRequest {
        let header = ImportTicketsHeader { validate_only };
        ImportTicketsRequest { part: Some(Part::Header(header)) }
    }

    fn batch(rows: Vec<(u64, ImportedTicket)>) -> ImportTicketsRequest {
        let row = |(row, ticket)| ImportTicketsRow { row, ticket: Some(ticket) };
        let batch = ImportTicketsBatch { rows: rows.into_iter().map(row).collect() };
        ImportTicketsRequest { part: Some(Part::Batch(batch)) }
    }

    async fn open(
        connection: &Connection,
        requests: ReceiverStream<ImportTicketsRequest>,
    ) -> Result<Response<Streaming<ImportTicketsResponse>>, Status> {
        connection.ticket_transfers().import_tickets(requests).await
    }

    fn answered(answer: ImportTicketsResponse) -> Outcome {
        Outcome {
            answered_to_row: answer.answered_to_row,
            made: answer.made.into(),
            changed: 0,
            unchanged: answer.unchanged.into(),
            refusals: answer.refusals.into_iter().map(Into::into).collect(),
        }
    }
}
