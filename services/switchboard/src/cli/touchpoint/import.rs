//! `touchpoint import`: days of customers from which the care calendar counts, from a file.

use clap::Args;
use switchboard_api::callerid::v1::ExternalId;
use switchboard_api::ticket::v1::CustomerExternalId;
use switchboard_api::touchpoint::v1::import_anchors_request::Part;
use switchboard_api::touchpoint::v1::{
    Anchor, ImportAnchorsBatch, ImportAnchorsHeader, ImportAnchorsRequest, ImportAnchorsResponse,
    ImportAnchorsRow,
};
use switchboard_client::Connection;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Response, Status, Streaming};

use crate::cli::client::ClientArgs;
use crate::cli::customer::columns::external_id;
use crate::cli::import::mapping::named;
use crate::cli::import::{Columns, FileArgs, Outcome, Plan, Transfer, Unfit};
use crate::cli::output::{Output, Shown};
use crate::cli::rows;

const CUSTOMER: &str = "customer_id";
const EXTERNAL: &str = "customer_external_id";
const FIELDS: [&str; 4] = [CUSTOMER, EXTERNAL, "anchor", "anchor_date"];
/// What else people call a column.
const OTHER_NAMES: [(&str, &str); 5] = [
    ("customer", CUSTOMER),
    ("external_id", EXTERNAL),
    ("event", "anchor"),
    ("date", "anchor_date"),
    ("day", "anchor_date"),
];

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
        let plan = Plan { file: &self.file, kind: Anchors, format: self.client.format() };
        plan.run(records, &connection, out).await
    }
}

impl Shown for Anchor {
    const NAME: &'static str = "switchboard.touchpoint.v1.Anchor";
    const COLUMNS: &'static [&'static str] = &["CUSTOMER", "ANCHOR", "DATE"];

    fn row(&self) -> Vec<String> {
        let of = self.customer_external_id.as_ref().map(|it| format!("{}={}", it.system, it.id));
        vec![
            of.unwrap_or_else(|| self.customer_id.clone()),
            self.anchor.clone(),
            self.anchor_date.clone(),
        ]
    }
}

/// The columns of files of anchors.
#[derive(Clone, Copy, Debug)]
struct Anchors;

impl Columns for Anchors {
    type Item = Anchor;

    const WHAT: &'static str = "anchor";
    const KEYS: &'static [&'static str] = &[CUSTOMER, EXTERNAL];

    fn fields() -> String {
        FIELDS.join(", ")
    }

    fn field(name: &str) -> Option<String> {
        named(name, &FIELDS, &OTHER_NAMES)
    }

    fn is_kept(&self, _field: &str) -> bool {
        true
    }

    fn set(&self, item: &mut Anchor, field: &str, text: &str) -> Result<(), Unfit> {
        let text = text.trim();
        match field {
            _ if text.is_empty() => {}
            CUSTOMER => text.clone_into(&mut item.customer_id),
            "anchor" => text.clone_into(&mut item.anchor),
            "anchor_date" => text.clone_into(&mut item.anchor_date),
            _ => {
                let ExternalId { system, id } = external_id(text);
                item.customer_external_id = Some(CustomerExternalId { system, id });
            }
        }
        Ok(())
    }

    fn masked(field: &str, text: &str) -> String {
        // A day may be a birthday.
        if field == "anchor" { text.chars().take(40).collect() } else { rows::masked(text) }
    }
}

impl Transfer for Anchors {
    type Request = ImportAnchorsRequest;
    type Answer = ImportAnchorsResponse;

    const MAX_ROWS: usize = 100;

    fn header(_fields: Vec<String>, validate_only: bool) -> ImportAnchorsRequest {
        ImportAnchorsRequest { part: Some(Part::Header(ImportAnchorsHeader { validate_only })) }
    }

    fn batch(rows: Vec<(u64, Anchor)>) -> ImportAnchorsRequest {
        let row = |(row, anchor)| ImportAnchorsRow { row, anchor: Some(anchor) };
        let batch = ImportAnchorsBatch { rows: rows.into_iter().map(row).collect() };
        ImportAnchorsRequest { part: Some(Part::Batch(batch)) }
    }

    async fn open(
        connection: &Connection,
        requests: ReceiverStream<ImportAnchorsRequest>,
    ) -> Result<Response<Streaming<ImportAnchorsResponse>>, Status> {
        connection.touchpoints().import_anchors(requests).await
    }

    fn answered(answer: ImportAnchorsResponse) -> Outcome {
        Outcome {
            answered_to_row: answer.answered_to_row,
            made: answer.made.into(),
            changed: 0,
            unchanged: answer.unchanged.into(),
            refusals: answer.refusals.into_iter().map(Into::into).collect(),
        }
    }
}
