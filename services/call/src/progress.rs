//! Tells waiting callers how they get on, through their gateway.
//!
//! Only callers of queues with position announcements are looked at, each once in an interval; a look
//! that finds nothing new is repeated sooner, so that news wait for a fifth of the interval at most.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use switchboard_api::call::v1::QueueProgress;
use switchboard_api::call::v1::run_calls_response::Message;
use switchboard_api::convert::estimate::wait as wire_wait;
use switchboard_api::convert::time::duration;
use switchboard_domain::estimate::Announcement;
use switchboard_domain::ids::ContactId;
use switchboard_routing::{RoutingError, Standing};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};
use tracing::debug;

use crate::session::{Session, lock};

/// The shortest time between two looks at one caller.
const SHORTEST: Duration = Duration::from_secs(1);

/// The callers of a session who are told how they get on.
#[derive(Default)]
pub(crate) struct Waits {
    callers: Mutex<BTreeMap<ContactId, Told>>,
    woken: Notify,
}

/// What a caller was told last, and when to look again.
#[derive(Clone, Copy, Debug)]
struct Told {
    every: Duration,
    position: u32,
    announced: Option<Announcement>,
    look_at: Instant,
}

impl Waits {
    /// Notes what a caller was told when the wait began; `every` is how often there may be news.
    pub(crate) fn begin(&self, call: &ContactId, every: Duration, standing: &Standing) {
        let told = Told {
            every,
            position: standing.position,
            announced: announce(standing, None),
            look_at: Instant::now() + every.max(SHORTEST),
        };
        lock(&self.callers).insert(call.clone(), told);
        self.wake();
    }

    /// Forgets a caller who does not wait any more.
    pub(crate) fn end(&self, call: &ContactId) {
        lock(&self.callers).remove(call);
    }

    /// Lets the teller look up: somebody else waits, or the session is over.
    pub(crate) fn wake(&self) {
        self.woken.notify_one();
    }

    /// Waits until a caller is to be looked at, or something has changed.
    async fn until_look(&self) {
        let woken = self.woken.notified();
        match self.next_look() {
            // Being woken and the time to look lead to the same: another look.
            Some(at) => drop(timeout_at(at, woken).await),
            None => woken.await,
        }
    }

    fn next_look(&self) -> Option<Instant> {
        lock(&self.callers).values().map(|told| told.look_at).min()
    }

    fn due(&self, now: Instant) -> Vec<ContactId> {
        let callers = lock(&self.callers);
        let due = callers.iter().filter(|(_, told)| told.look_at <= now);
        due.map(|(call, _)| call.clone()).collect()
    }

    /// Takes in how a caller stands, and gives what to say if it is news.
    fn look(&self, call: &ContactId, standing: Option<&Standing>) -> Option<QueueProgress> {
        let mut callers = lock(&self.callers);
        let told = callers.get_mut(call)?;
        let again = (told.every / 5).max(SHORTEST);
        told.look_at = Instant::now() + again;
        let standing = standing?;
        let announced = announce(standing, told.announced);
        if (told.position, told.announced) == (standing.position, announced) {
            return None;
        }
        (told.position, told.announced) = (standing.position, announced);
        told.look_at = Instant::now() + told.every.max(SHORTEST);
        Some(progress(call, standing, announced))
    }
}

/// Tells the waiting callers of a session how they get on, until it ends.
pub(crate) async fn tell(session: Arc<Session>) {
    while !session.is_closed() {
        session.waits.until_look().await;
        for call in session.waits.due(Instant::now()) {
            if let Err(error) = session.tell_progress(&call).await {
                debug!(call.id = %call, %error, "cannot tell a caller how they get on");
            }
        }
    }
}

impl Session {
    /// Tells one caller what is new about the wait.
    async fn tell_progress(&self, call: &ContactId) -> Result<(), RoutingError> {
        let standing = self.standing(call).await;
        let found = standing.as_ref().ok().and_then(Option::as_ref);
        if let Some(progress) = self.waits.look(call, found) {
            self.send(Message::Progress(progress)).await;
        }
        standing.map(drop)
    }

    async fn standing(&self, call: &ContactId) -> Result<Option<Standing>, RoutingError> {
        let contact = self.edge.floor().contact(&self.tenant, call).await?;
        let Some(contact) = contact else { return Ok(None) };
        self.edge.parts.estimates.of_contact(&self.tenant, call, &contact).await
    }
}

fn announce(standing: &Standing, before: Option<Announcement>) -> Option<Announcement> {
    standing.wait.as_ref().ok().map(|wait| Announcement::of(wait, before))
}

fn progress(
    call: &ContactId,
    standing: &Standing,
    announced: Option<Announcement>,
) -> QueueProgress {
    QueueProgress {
        call_id: call.to_string(),
        queue_id: standing.queue.to_string(),
        position: standing.position,
        wait: standing.wait.as_ref().ok().map(wire_wait),
        announced_wait: announced.and_then(Announcement::at_most).map(duration),
        waited: Some(duration(standing.waited)),
    }
}
