//! What a call waits for while its gateway's events go on: an answer from outside, or a command that
//! the gateway could not carry out.
//!
//! Nothing of an errand is kept. If this replica is lost, or the session ends, the position says what
//! is asked, and whoever takes the call over asks it again.

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::state::Token;
use switchboard_domain::flow::{Answer, Input, Position, Question};
use switchboard_domain::ids::ContactId;
use switchboard_ivr_host::{Answered, Fact, Trail, context, language_of};
use tracing::{Instrument as _, info_span, warn};

use super::{Known, Said, Walk};
use crate::edge::routing_error;
use crate::events::{Failure, Place, RETRY, is_away, is_stale};
use crate::session::{FOUND, PARTS, Session};

/// The last part of an event that may begin an errand of its own; what is asked after it is waited
/// for where it is asked.
const LAST_PART: u64 = PARTS - 4;

const _: () = assert!(FOUND + 1 < LAST_PART, "a call that was found may still be asked about");

/// Something that takes its time.
pub(super) enum Errand {
    /// A question to a system outside.
    Ask(Box<Asking>),
    /// A command the gateway gave up.
    GivenUp {
        /// The call.
        call: ContactId,
        /// The command.
        command_id: String,
    },
}

/// A question to a system outside, and where its answer leads on from.
pub(super) struct Asking {
    /// The call.
    pub(super) call: ContactId,
    /// The event that led to it.
    pub(super) number: u64,
    /// Its part.
    pub(super) part: u64,
    /// How the contact came in.
    pub(super) channel: Channel,
    /// The nodes the caller has been at.
    pub(super) path: String,
    /// What is known of the caller.
    pub(super) details: Details,
    /// Where the flow waits.
    pub(super) position: Position,
    /// What it asks.
    pub(super) question: Box<Question>,
    /// The answer, once it is there.
    pub(super) answered: Option<Answered>,
}

impl Errand {
    const fn call(&self) -> &ContactId {
        match self {
            Self::Ask(asking) => &asking.call,
            Self::GivenUp { call, .. } => call,
        }
    }
}

impl Session {
    /// Goes on with a flow whose gateway could not do what it was asked.
    pub(crate) fn give_up(&self, call: ContactId, command_id: String) {
        self.run_errand(Errand::GivenUp { call, command_id });
    }

    /// Begins an errand of the present session.
    pub(super) fn run_errand(&self, errand: Errand) {
        let (Some(session), token) = (self.handle(), self.token()) else { return };
        let span = info_span!("call.errand", call.id = %errand.call());
        let running = async move { session.insist(token, errand).await };
        self.edge.parts.tasks.spawn("call_errand", running.instrument(span));
    }

    /// Brings an errand to its end, however long the floor is away.
    async fn insist(&self, token: Token, mut errand: Errand) {
        while !self.is_closed() && self.token() == token {
            let outcome = match &mut errand {
                Errand::Ask(asking) => self.ask_outside(asking).await,
                Errand::GivenUp { call, command_id } => {
                    self.answer(call, None, command_id, Said::Fact(Fact::Failed)).await
                }
            };
            match outcome {
                Err(Failure::Floor(error)) if is_away(&error) => tokio::time::sleep(RETRY).await,
                // After the next inventory it is asked again.
                Err(Failure::Floor(error)) if is_stale(&error) => return,
                Err(failure) => return complain(failure),
                Ok(_) => return,
            }
        }
    }

    async fn ask_outside(&self, asking: &mut Asking) -> Result<Place, Failure> {
        let Asking { call, channel, path, details, position, question, .. } = &*asking;
        let planned = self.edge.floors().planned(&self.tenant).await?;
        let center = planned.center();
        let flow = self.pinned(center, call, position).await?;
        let language = language_of(center, details);
        let now = self.edge.parts.floors.clock().now();
        let facts = context(center, details, &language, (call, *channel), now);
        let scene = self.scene(center, &flow, call, &facts);
        let host = &self.edge.parts.host;
        let answered = match &asking.answered {
            Some(answered) => answered.clone(),
            None => host.answer(scene, position, question).await,
        };
        let (number, part) = (asking.number, asking.part + 1);
        let walk = Walk { call, channel: *channel, number, part };
        let mut run = host.go_on(scene, position, answered.clone()).await;
        if walk.part >= LAST_PART {
            run = host.settle(scene, run).await;
        }
        let input = Input::Answer(Answer::Done);
        let trail = Trail::resumed(path.clone(), &flow, position, &input).with_run(&run);
        let outcome = self.follow(walk, run, Known { trail, details }).await;
        // Whoever tries again does not ask again.
        asking.answered = Some(answered);
        outcome
    }
}

fn complain(failure: Failure) {
    let error = match failure {
        Failure::Refused(error) => error,
        Failure::Floor(error) => routing_error(error),
    };
    warn!(error = error.reason(), "a flow does not go on");
}
