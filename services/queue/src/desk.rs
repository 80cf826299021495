//! One open desktop: requests in, news out, until either side ends it or a newer session does.

mod hear;
mod keep;
pub(crate) mod news;
mod outgoing;
mod replies;
mod session;

use std::sync::Arc;
use std::time::Duration;

use switchboard_api::ApiError;
use switchboard_api::agent::v1::desk_request::Action;
use switchboard_api::agent::v1::{DeskRequest, DeskUpdate};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming};

use crate::decode::{self, Hello};
use crate::desk::outgoing::Outgoing;
use crate::desk::session::{Session, unreadable};
use crate::desks::Desks;
use crate::view::Who;

/// How long a stream may take to say who signs in.
const HELLO_LIMIT: Duration = Duration::from_secs(5);
/// How many updates may wait for a slow reader before it gets a snapshot instead.
const BUFFER: usize = 256;

/// The updates of one desktop.
pub(crate) type Updates = ReceiverStream<Result<DeskUpdate, Status>>;

/// Serves the stream of a desktop that also acts on it.
pub(crate) fn serve(desks: &Arc<Desks>, who: Who, mut requests: Streaming<DeskRequest>) -> Updates {
    let (sender, receiver) = mpsc::channel(BUFFER);
    let shared = Arc::clone(desks);
    desks.parts.tasks.spawn_draining("queue.desk", async move {
        let out = Outgoing::new(sender);
        match read_hello(&mut requests).await {
            Ok((sequence, hello)) => match Session::open(shared, who, hello, out).await {
                Ok(session) => session.attend_stream(sequence, requests).await,
                Err((out, error)) => out.fail(error).await,
            },
            Err(error) => out.fail(error).await,
        }
    });
    ReceiverStream::new(receiver)
}

/// Serves the updates of a desktop that acts by unary requests.
pub(crate) fn watch(desks: &Arc<Desks>, who: Who, hello: Hello) -> Updates {
    let (sender, receiver) = mpsc::channel(BUFFER);
    let shared = Arc::clone(desks);
    desks.parts.tasks.spawn_draining("queue.watch_desk", async move {
        match Session::open(shared, who, hello, Outgoing::new(sender)).await {
            Ok(session) => session.attend_watch().await,
            Err((out, error)) => out.fail(error).await,
        }
    });
    ReceiverStream::new(receiver)
}

async fn read_hello(requests: &mut Streaming<DeskRequest>) -> Result<(u64, Hello), ApiError> {
    let late = || ApiError::new(Code::DeadlineExceeded, "HELLO_LATE", "no hello came in time");
    let missing = || ApiError::failed_precondition("HELLO_FIRST", "a stream begins with hello");
    let first = timeout(HELLO_LIMIT, requests.message()).await.map_err(|_| late())?;
    let request = first.map_err(|_| unreadable())?.ok_or_else(missing)?;
    match request.action {
        Some(Action::Hello(hello)) => Ok((request.sequence, decode::desk_hello(hello)?)),
        Some(
            Action::Heartbeat(_)
            | Action::SetPresence(_)
            | Action::AcceptOffer(_)
            | Action::DeclineOffer(_)
            | Action::FinishWrapUp(_)
            | Action::Transfer(_)
            | Action::ExtendWrapUp(_)
            | Action::StartConsult(_)
            | Action::CompleteConsult(_)
            | Action::CancelConsult(_)
            | Action::SignOut(_),
        )
        | None => Err(missing()),
    }
}
