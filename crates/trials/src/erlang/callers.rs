//! One caller of a load point, from their arrival to the end of the call.

use std::sync::Arc;
use std::time::Duration;

use switchboard_client::gateway::{Call, CallEvent};
use tokio::time::{Instant, sleep_until};

use super::desks::Floor;

/// Until the first releases are measured.
const RELEASE_GUESS: Duration = Duration::from_millis(10);

/// One caller.
pub(super) struct Caller {
    pub(super) index: usize,
    pub(super) arrived: Instant,
    pub(super) had_to_wait: bool,
    pub(super) talk: Duration,
}

/// What a caller went through.
pub(super) struct Story {
    pub(super) id: String,
    pub(super) caller: Caller,
    /// How long until a desk rang; unset for those who gave up first.
    pub(super) rang_after: Option<Duration>,
    pub(super) ended_after: Duration,
}

impl Caller {
    /// Talks for the time drawn, counted from the ring to the release as the desk sees them.
    pub(super) async fn follow(self, mut call: Call, floor: Arc<Floor>) -> Story {
        floor.state().heard.insert(call.id().to_owned(), None);
        while let Some(event) = call.next().await {
            floor.state().heard.insert(call.id().to_owned(), Some(event.clone()));
            if matches!(event, CallEvent::Bridged { .. }) {
                self.talk(&call, &floor).await;
            } else if matches!(event, CallEvent::Ended { .. }) {
                break;
            }
        }
        let mut state = floor.state();
        state.heard.remove(call.id());
        let rang = state.rang.get(call.id()).copied();
        let rang_after = rang.map(|rang| rang - self.arrived);
        let (id, ended_after) = (call.id().to_owned(), self.arrived.elapsed());
        Story { id, ended_after, rang_after, caller: self }
    }

    async fn talk(&self, call: &Call, floor: &Floor) {
        let (rang, release) = {
            let state = floor.state();
            (state.rang.get(call.id()).copied(), state.release_takes.unwrap_or(RELEASE_GUESS))
        };
        let until = rang.unwrap_or_else(Instant::now) + self.talk;
        let until = until.checked_sub(release).unwrap_or(until);
        // A talk may be over before its bridge is known; that is the path's time, and counted there.
        let until = until.max(Instant::now());
        sleep_until(until).await;
        let mut state = floor.state();
        state.late.push(until.elapsed());
        state.hung_up.insert(call.id().to_owned(), Instant::now());
        drop(state);
        call.hang_up();
    }
}
