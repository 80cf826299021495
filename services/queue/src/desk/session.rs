//! One desktop's session: kept current through lost leases, new epochs and outages.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use switchboard_api::ApiError;
use switchboard_api::agent::v1::desk_update::Update;
use switchboard_api::agent::v1::{DeskRequest, Reconnect, Replaced, Reply, StillHere};
use switchboard_api::convert::agent::WantedPresence;
use switchboard_api::convert::time::duration;
use switchboard_domain::center::Center;
use switchboard_domain::floor::plan::ProfileKey;
use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::ContactId;
use switchboard_runtime::clock::Stopwatch;
use tokio::sync::watch;
use tokio::time::{interval, sleep};
use tonic::{Status, Streaming};

use crate::decode::{self, Hello, Move};
use crate::desk::news::Seat;
use crate::desk::outgoing::Outgoing;
use crate::desk::replies::{Admission, Replies};
use crate::desks::Desks;
use crate::refusal::{Refusal, routing_error};
use crate::view::Who;

/// How often a desktop to which nothing happens hears of us.
const STILL_HERE: Duration = Duration::from_secs(10);
/// When to look again after the floor did not answer.
const RETRY: Duration = Duration::from_secs(1);

/// Whether a session is still the agent's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is.
    Current,
    /// It has ended; the next sign of life begins another.
    Lost,
    /// It has ended for good, and the stream with it.
    Over,
}

/// One desktop's session.
pub(super) struct Session {
    pub(super) desks: Arc<Desks>,
    pub(super) who: Who,
    pub(super) out: Outgoing,
    /// The newest session of the agent, as far as this desktop knows.
    pub(super) token: Token,
    /// The contacts the agent talks to.
    pub(super) bound: BTreeSet<ContactId>,
    /// The version of the agent that the last welcome showed.
    pub(super) began: u64,
    /// The version of the agent shown last.
    pub(super) shown: u64,
    /// Whether the session is still the agent's.
    pub(super) standing: Standing,
    seat: Seat,
    center: watch::Receiver<Arc<Center>>,
    /// What the agent last wanted to be.
    pub(super) wanted: WantedPresence,
    /// What the floor believes that the agent can serve.
    pub(super) profile: Option<ProfileKey>,
    /// The floor did not answer: what is shown may be wrong.
    pub(super) unsure: bool,
    /// The open stream itself is the sign of life.
    pub(super) renews_itself: bool,
    pub(super) heard: Stopwatch,
    replies: Replies,
}

impl Session {
    /// Signs in, or goes on with a session, and welcomes the desktop.
    pub(super) async fn open(
        desks: Arc<Desks>,
        who: Who,
        hello: Hello,
        out: Outgoing,
    ) -> Result<Self, (Outgoing, ApiError)> {
        match Self::begin(&desks, &who, &hello).await {
            Ok((seat, center, token)) => {
                let mut session = Self {
                    desks,
                    who,
                    out,
                    token,
                    bound: BTreeSet::new(),
                    began: 0,
                    shown: 0,
                    standing: Standing::Current,
                    seat,
                    center,
                    wanted: hello.wanted,
                    profile: None,
                    unsure: false,
                    renews_itself: false,
                    heard: Stopwatch::start(),
                    replies: Replies::default(),
                };
                let outcome = session.welcome().await;
                session.settle(outcome).await;
                Ok(session)
            }
            Err(error) => Err((out, error)),
        }
    }

    async fn begin(
        desks: &Desks,
        who: &Who,
        hello: &Hello,
    ) -> Result<(Seat, watch::Receiver<Arc<Center>>, Token), ApiError> {
        let centers = &desks.parts.centers;
        let center =
            centers.subscribe(&who.tenant).await.map_err(|error| routing_error(error.into()))?;
        // First listen, then sign in: so nothing is missed in between.
        let seat = desks.newsroom.join(who).await?;
        let token = desks.join(who, hello).await?;
        Ok((seat, center, token))
    }

    /// Serves a stream whose requests are the signs of life.
    pub(super) async fn attend_stream(mut self, hello: u64, requests: Streaming<DeskRequest>) {
        self.reply(Reply { sequence: hello, error: None });
        self.attend(Some(requests)).await;
    }

    /// Serves a stream without requests, which is a sign of life as long as it is open.
    pub(super) async fn attend_watch(mut self) {
        self.renews_itself = true;
        self.attend(None).await;
    }

    #[expect(clippy::cognitive_complexity, reason = "one arm for each thing a desktop waits for")]
    async fn attend(&mut self, mut requests: Option<Streaming<DeskRequest>>) {
        let (mut still_here, mut renewal) =
            (interval(STILL_HERE), interval(self.desks.parts.heartbeat));
        still_here.reset();
        renewal.reset();
        let shutdown = self.desks.parts.tasks.shutdown().clone();
        let mut is_ending = false;
        while !self.is_over() {
            tokio::select! {
                request = next(&mut requests, &self.out) => self.take(request).await,
                heard = self.seat.next() => self.hear(heard).await,
                () = self.out.drained(), if self.out.is_behind() => self.refresh().await,
                () = sleep(RETRY), if self.unsure => self.refresh().await,
                Ok(()) = self.center.changed() => self.check_profile().await,
                _ = renewal.tick(), if self.renews_itself => self.renew().await,
                _ = still_here.tick() => self.out.tell(Update::StillHere(StillHere {})),
                () = shutdown.triggered(), if !is_ending => {
                    is_ending = true;
                    self.ask_to_reconnect();
                }
                () = self.out.closed() => return,
            }
        }
    }

    fn ask_to_reconnect(&mut self) {
        let grace = Some(duration(self.desks.parts.stream_grace));
        self.out.tell(Update::Reconnect(Reconnect { grace }));
    }

    async fn take(&mut self, request: Result<Option<DeskRequest>, Status>) {
        let request = match request {
            Ok(Some(request)) => request,
            // The desktop is gone; whether the agent is, the lease decides.
            Ok(None) => return self.standing = Standing::Over,
            Err(_) => {
                // A desktop that is still there learns that what it sent cannot be read.
                self.out.fail(unreadable()).await;
                return self.standing = Standing::Over;
            }
        };
        self.heard = Stopwatch::start();
        let sequence = request.sequence;
        match self.replies.admit(sequence) {
            Admission::New => {
                let outcome = match decode::desk_action(request.action) {
                    Ok(action) => self.perform(&action).await,
                    Err(error) => Err(error),
                };
                let error = outcome.err().map(|error| error.to_desk_error());
                self.reply(Reply { sequence, error });
            }
            Admission::Known(reply) => self.out.answer(reply),
            Admission::Refused(error) => {
                self.out.answer(Reply { sequence, error: Some(error.to_desk_error()) });
            }
        }
        if self.is_over() {
            self.out.finish(Update::Replaced(Replaced {})).await;
        }
    }

    fn reply(&mut self, reply: Reply) {
        self.replies.keep(reply.clone());
        self.out.answer(reply);
    }

    /// Carries out an action; a session that ended without a successor is begun anew first.
    pub(super) async fn perform(&mut self, action: &Move) -> Result<(), ApiError> {
        if self.is_lost() {
            self.begin_anew().await?;
        }
        let outcome = match self.desks.act(&self.who, self.token, action).await {
            Err(Refusal::Stale) => {
                self.begin_anew().await?;
                self.desks.act(&self.who, self.token, action).await
            }
            outcome => outcome,
        };
        if let (Ok(()), Move::Want(wanted)) = (&outcome, action) {
            self.wanted = wanted.clone();
        }
        Ok(outcome?)
    }
}

/// Says that a request cannot be read.
pub(super) fn unreadable() -> ApiError {
    ApiError::invalid_unseen("message", "a DeskRequest")
}

/// Waits for room for an answer, then for a request.
async fn next(
    requests: &mut Option<Streaming<DeskRequest>>,
    out: &Outgoing,
) -> Result<Option<DeskRequest>, Status> {
    match requests {
        Some(requests) => {
            out.room().await;
            requests.message().await
        }
        None => std::future::pending().await,
    }
}
