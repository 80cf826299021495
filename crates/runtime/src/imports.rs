//! Imports over a stream: a header, then batches, each answered before the next is read.

use futures::Stream;
use futures::stream::try_unfold;
use switchboard_api::ApiError;
use tonic::{Status, Streaming, async_trait};

/// A part of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<Header, Batch> {
    /// How the rows are taken; the first part, and no other.
    Header(Header),
    /// Some rows.
    Batch(Batch),
}

/// What is imported, and how it is kept.
#[async_trait]
pub trait Import: Send + Sync + 'static {
    /// A message of the stream.
    type Request: Send + 'static;
    /// How the rows are taken, as the client says it.
    type Header: Send;
    /// Some rows.
    type Batch: Send;
    /// How the rows are taken, as it was read.
    type Order: Send + Sync;
    /// What became of a batch.
    type Answer: Send;

    /// Gives the part that a message holds; none when it holds none.
    fn part(request: Self::Request) -> Option<Part<Self::Header, Self::Batch>>;

    /// Reads how the rows are taken, and writes down that an import begins.
    async fn begin(&self, header: Self::Header) -> Result<Self::Order, ApiError>;

    /// Keeps a batch, or refuses it row by row.
    async fn take(&self, batch: Self::Batch, order: &Self::Order)
    -> Result<Self::Answer, ApiError>;
}

/// Gives an answer for each batch; a message out of turn ends the import.
pub fn answers<Kind: Import>(
    import: Kind,
    requests: Streaming<Kind::Request>,
) -> impl Stream<Item = Result<Kind::Answer, Status>> {
    let course = Course { import, requests, order: None };
    try_unfold(course, |mut course| async move {
        let answer = course.next().await?;
        Ok(answer.map(|answer| (answer, course)))
    })
}

/// An import under way.
struct Course<Kind: Import> {
    import: Kind,
    requests: Streaming<Kind::Request>,
    order: Option<Kind::Order>,
}

impl<Kind: Import> Course<Kind> {
    async fn next(&mut self) -> Result<Option<Kind::Answer>, Status> {
        while let Some(request) = self.requests.message().await? {
            match (Kind::part(request), &self.order) {
                (Some(Part::Header(header)), None) => {
                    self.order = Some(self.import.begin(header).await?);
                }
                (Some(Part::Batch(batch)), Some(order)) => {
                    return Ok(Some(self.import.take(batch, order).await?));
                }
                (Some(Part::Header(_)), Some(_)) => Err(out_of_turn("a batch after the header"))?,
                (Some(Part::Batch(_)), None) => Err(out_of_turn("the header first"))?,
                (None, _) => Err(ApiError::missing("part"))?,
            }
        }
        Ok(None)
    }
}

fn out_of_turn(expected: &str) -> ApiError {
    ApiError::invalid_unseen("part", expected)
}
