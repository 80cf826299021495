//! `customer import`: customers of a file, checked and kept row by row.

#[cfg(test)]
mod tests;

use clap::Args;
use prost_types::FieldMask;
use switchboard_api::callerid::v1::import_customers_request::Part;
use switchboard_api::callerid::v1::{
    Customer, ImportBatch, ImportCustomersRequest, ImportCustomersResponse, ImportHeader, ImportRow,
};
use switchboard_client::Connection;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Response, Status, Streaming};

use crate::cli::client::ClientArgs;
use crate::cli::customer::columns::{self, FIELDS, KEY, PROFILE};
use crate::cli::customer::fields::{Kinds, writable_kinds};
use crate::cli::import::mapping::Given;
use crate::cli::import::{Columns, FileArgs, Outcome, Plan, Transfer, Unfit};
use crate::cli::output::Output;

#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    file: FileArgs,
    #[command(flatten)]
    client: ClientArgs,
}

impl ImportArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let records = self.file.open()?;
        let connection = self.client.connect()?;
        let kinds = if mentions_profile(records.header(), &self.file.maps) {
            writable_kinds(&mut connection.callers()).await?
        } else {
            Kinds::new()
        };
        let format = self.client.format();
        let plan = Plan { file: &self.file, kind: Customers { kinds }, format };
        plan.run(records, &connection, out).await
    }
}

/// Says whether a column may hold a field of the profile.
fn mentions_profile(header: &[String], given: &[Given]) -> bool {
    let named = given.iter().map(|given| &given.field).chain(header);
    named.filter_map(|name| columns::field(name)).any(|field| field.starts_with(PROFILE))
}

/// The columns of files of customers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Customers {
    /// How values of the profile are meant: of the fields that the caller may change.
    kinds: Kinds,
}

impl Columns for Customers {
    type Item = Customer;

    const WHAT: &'static str = "customer";
    const KEYS: &'static [&'static str] = &[KEY, "external_ids"];

    fn fields() -> String {
        format!("{} and {PROFILE}SECTION.FIELD", FIELDS.join(", "))
    }

    fn field(name: &str) -> Option<String> {
        columns::field(name)
    }

    fn is_kept(&self, field: &str) -> bool {
        field.strip_prefix(PROFILE).is_none_or(|path| self.kinds.contains_key(path))
    }

    fn set(&self, item: &mut Customer, field: &str, text: &str) -> Result<(), Unfit> {
        columns::set(item, field, text, &self.kinds)
    }

    fn masked(field: &str, text: &str) -> String {
        columns::masked(field, text)
    }
}

impl Transfer for Customers {
    type Request = ImportCustomersRequest;
    type Answer = ImportCustomersResponse;

    const MAX_ROWS: usize = 500;

    fn header(fields: Vec<String>, validate_only: bool) -> ImportCustomersRequest {
        let header = ImportHeader { update_mask: Some(FieldMask { paths: fields }), validate_only };
        ImportCustomersRequest { part: Some(Part::Header(header)) }
    }

    fn batch(rows: Vec<(u64, Customer)>) -> ImportCustomersRequest {
        let row = |(row, customer)| ImportRow { row, customer: Some(customer) };
        let batch = ImportBatch { rows: rows.into_iter().map(row).collect() };
        ImportCustomersRequest { part: Some(Part::Batch(batch)) }
    }

    async fn open(
        connection: &Connection,
        requests: ReceiverStream<ImportCustomersRequest>,
    ) -> Result<Response<Streaming<ImportCustomersResponse>>, Status> {
        connection.transfers().import_customers(requests).await
    }

    fn answered(answer: ImportCustomersResponse) -> Outcome {
        Outcome {
            answered_to_row: answer.answered_to_row,
            made: answer.made.into(),
            changed: answer.changed.into(),
            unchanged: answer.unchanged.into(),
            refusals: answer.refusals.into_iter().map(Into::into).collect(),
        }
    }
}
