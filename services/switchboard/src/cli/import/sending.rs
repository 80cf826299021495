//! Batches on their way to the server, and what became of them; a bounded number at once.

use std::collections::VecDeque;

use prost::Message as _;
use switchboard_client::Connection;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

use super::{Outcome, Transfer};
use crate::cli::rows::Record;

/// The most bytes of a batch; a server takes 64 KiB at once.
const MAX_BYTES: usize = 48 * 1024;
/// What the frame of a row takes besides what is in it, in bytes.
const FRAME: usize = 20;
/// How many batches may be without an answer.
const MAX_UNANSWERED: usize = 4;

/// An import on its way.
pub(super) struct Sending<Kind: Transfer> {
    to: mpsc::Sender<Kind::Request>,
    answers: Streaming<Kind::Answer>,
    batch: Vec<(u64, Kind::Item)>,
    bytes: usize,
    records: Vec<Record>,
    unanswered: VecDeque<Vec<Record>>,
}

/// The answer to a batch, with the records it was made of.
pub(super) struct Answered {
    pub(super) outcome: Outcome,
    pub(super) records: Vec<Record>,
}

impl<Kind: Transfer> Sending<Kind> {
    /// Begins an import.
    pub(super) async fn begin(
        connection: &Connection,
        fields: Vec<String>,
        validate_only: bool,
    ) -> anyhow::Result<Self> {
        let (to, requests) = mpsc::channel(MAX_UNANSWERED + 1);
        // There is room for it, and somebody holds the other end.
        to.send(Kind::header(fields, validate_only)).await.map_err(|_| no_answer())?;
        let answers = Kind::open(connection, ReceiverStream::new(requests)).await?;
        Ok(Self {
            to,
            answers: answers.into_inner(),
            batch: Vec::new(),
            bytes: 0,
            records: Vec::new(),
            unanswered: VecDeque::new(),
        })
    }

    /// Says whether a record is too large for any batch.
    pub(super) fn is_too_large(item: &Kind::Item) -> bool {
        item.encoded_len() > MAX_BYTES / 2
    }

    /// Adds a row; gives the answer to an earlier batch when there is one to wait for.
    pub(super) async fn add(
        &mut self,
        record: Record,
        item: Kind::Item,
    ) -> anyhow::Result<Option<Answered>> {
        let size = item.encoded_len() + FRAME;
        let is_full = self.batch.len() >= Kind::MAX_ROWS || self.bytes + size > MAX_BYTES;
        let answered = if is_full { self.send().await? } else { None };
        self.bytes += size;
        self.batch.push((record.row, item));
        self.records.push(record);
        Ok(answered)
    }

    /// Sends what is left and gives the next answer; nothing when every batch is answered.
    pub(super) async fn finish(&mut self) -> anyhow::Result<Option<Answered>> {
        if !self.batch.is_empty()
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
        if self.to.send(Kind::batch(batch)).await.is_err() {
            // The server has ended the import, and its last answer says why.
            return self.answer().await.map(Some);
        }
        if self.unanswered.len() < MAX_UNANSWERED {
            return Ok(None);
        }
        self.answer().await.map(Some)
    }

    async fn answer(&mut self) -> anyhow::Result<Answered> {
        let answer = self.answers.message().await?.ok_or_else(no_answer)?;
        let records = self.unanswered.pop_front().unwrap_or_default();
        Ok(Answered { outcome: Kind::answered(answer), records })
    }
}

fn no_answer() -> tonic::Status {
    tonic::Status::unavailable("the server has ended")
}
