//! Batches on their way to the server, and what became of them; a bounded number at once.

use std::collections::VecDeque;

use prost::Message as _;
use prost_types::FieldMask;
use switchboard_api::callerid::v1::import_customers_request::Part;
use switchboard_api::callerid::v1::{
    Customer, ImportBatch, ImportCustomersRequest, ImportCustomersResponse, ImportHeader, ImportRow,
};
use switchboard_client::Connection;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

use crate::cli::rows::Record;

/// The most rows of a batch.
const MAX_ROWS: usize = 500;
/// The most bytes of a batch; a server takes 64 KiB at once.
const MAX_BYTES: usize = 48 * 1024;
/// How many batches may be without an answer.
const MAX_UNANSWERED: usize = 4;

/// An import on its way.
pub(super) struct Sending {
    to: mpsc::Sender<ImportCustomersRequest>,
    answers: Streaming<ImportCustomersResponse>,
    batch: ImportBatch,
    bytes: usize,
    records: Vec<Record>,
    unanswered: VecDeque<Vec<Record>>,
}

/// The answer to a batch, with the records it was made of.
pub(super) struct Answered {
    pub(super) answer: ImportCustomersResponse,
    pub(super) records: Vec<Record>,
}

impl Sending {
    /// Begins an import.
    pub(super) async fn begin(
        connection: &Connection,
        fields: Vec<String>,
        validate_only: bool,
    ) -> anyhow::Result<Self> {
        let (to, requests) = mpsc::channel(MAX_UNANSWERED + 1);
        let header = ImportHeader { update_mask: Some(FieldMask { paths: fields }), validate_only };
        to.send(ImportCustomersRequest { part: Some(Part::Header(header)) }).await?;
        let answers =
            connection.transfers().import_customers(ReceiverStream::new(requests)).await?;
        Ok(Self {
            to,
            answers: answers.into_inner(),
            batch: ImportBatch::default(),
            bytes: 0,
            records: Vec::new(),
            unanswered: VecDeque::new(),
        })
    }

    /// Says whether a customer is too large for any batch.
    pub(super) fn is_too_large(customer: &Customer) -> bool {
        customer.encoded_len() > MAX_BYTES / 2
    }

    /// Adds a row; gives the answer to an earlier batch when there is one to wait for.
    pub(super) async fn add(
        &mut self,
        record: Record,
        customer: Customer,
    ) -> anyhow::Result<Option<Answered>> {
        let row = ImportRow { row: record.row, customer: Some(customer) };
        let size = row.encoded_len();
        let is_full = self.batch.rows.len() >= MAX_ROWS || self.bytes + size > MAX_BYTES;
        let answered = if is_full { self.send().await? } else { None };
        self.bytes += size;
        self.batch.rows.push(row);
        self.records.push(record);
        Ok(answered)
    }

    /// Sends what is left and gives the next answer; nothing when every batch is answered.
    pub(super) async fn finish(&mut self) -> anyhow::Result<Option<Answered>> {
        if !self.batch.rows.is_empty()
            && let Some(answered) = self.send().await?
        {
            return Ok(Some(answered));
        }
        if self.unanswered.is_empty() { Ok(None) } else { self.answer().await.map(Some) }
    }

    async fn send(&mut self) -> anyhow::Result<Option<Answered>> {
        let batch = std::mem::take(&mut self.batch);
        self.bytes = 0;
        self.unanswered.push_back(std::mem::take(&mut self.records));
        let request = ImportCustomersRequest { part: Some(Part::Batch(batch)) };
        if self.to.send(request).await.is_err() {
            // The server has ended the import, and its last answer says why.
            return self.answer().await.map(Some);
        }
        if self.unanswered.len() < MAX_UNANSWERED {
            return Ok(None);
        }
        self.answer().await.map(Some)
    }

    async fn answer(&mut self) -> anyhow::Result<Answered> {
        let answer = self.answers.message().await?;
        let answer = answer.ok_or_else(|| tonic::Status::unavailable("the server has ended"))?;
        Ok(Answered { answer, records: self.unanswered.pop_front().unwrap_or_default() })
    }
}
