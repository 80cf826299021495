//! Keeps a session over as many streams as it takes: what gateways and desks have in common.

use std::future::pending;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until};
use tonic::{Response, Status, Streaming};
use tracing::{debug, warn};

use crate::backoff::Backoff;
use crate::connection::is_final;

/// How often a heartbeat is sent until a welcome says otherwise.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(5);

/// Why a stream ended.
pub(crate) enum End {
    /// The network, or the server, or us on purpose: connect again.
    Lost,
    /// The server will never take this session.
    Refused(Status),
    /// The handle is gone, or a newer session took this one's place.
    Stopped,
}

/// A session that goes on from stream to stream.
pub(crate) trait Session: Send {
    /// Whose session it is, for the log.
    const WHOSE: &'static str;

    /// Opens a stream and serves it to its end.
    fn one_stream(&mut self, backoff: &mut Backoff) -> impl Future<Output = End> + Send;

    /// Counts the streams that began well.
    fn welcomes(&self) -> u64;

    /// Takes the end of a stream in.
    fn lose_stream(&mut self);

    /// Gives where to say, once, why the session never can begin.
    fn refused(&mut self) -> Option<oneshot::Sender<Status>>;
}

/// Runs a session until its handle is gone or the server refuses it for good. A stream that began
/// well makes the next attempt quick again.
pub(crate) async fn keep(mut session: impl Session) {
    let mut backoff = Backoff::new();
    loop {
        let welcomes = session.welcomes();
        let end = session.one_stream(&mut backoff).await;
        session.lose_stream();
        if is_over(&mut session, end) {
            return;
        }
        if session.welcomes() > welcomes {
            backoff.reset();
        }
    }
}

/// Says whether there is no point in another stream.
fn is_over<S: Session>(session: &mut S, end: End) -> bool {
    match end {
        End::Lost => false,
        End::Stopped => true,
        End::Refused(status) => {
            warn!(code = ?status.code(), of = S::WHOSE, "the session is refused");
            drop(session.refused().map(|refused| refused.send(status)));
            true
        }
    }
}

/// Gives the answers of a stream that was opened, or why there are none.
pub(crate) fn opened<T>(
    response: Result<Response<Streaming<T>>, Status>,
) -> Result<Streaming<T>, End> {
    response.map(Response::into_inner).map_err(broken)
}

/// Says whether a stream that broke is worth another.
pub(crate) fn broken(status: Status) -> End {
    debug!(code = ?status.code(), "the stream broke");
    if is_final(&status) { End::Refused(status) } else { End::Lost }
}

/// Waits for the time something is due; for ever when nothing is.
pub(crate) async fn wait_for(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => pending().await,
    }
}

/// Beats at a pace, the first time after one span.
pub(crate) fn beats(every: Duration) -> Interval {
    let mut beats = interval(every);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beats.reset();
    beats
}
