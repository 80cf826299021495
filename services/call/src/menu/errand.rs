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
use crate::events::{Failure, RETRY, is_away, is_stale};
use crate::session::{PARTS, Session};

/// The last part of an event that may begin an errand of its own; what is asked after it is waited
/// for where it is asked.
const LAST_PART: u64 = PARTS - 4;

/// Something that takes its time.
pub(super) enum Errand {
    /// A question to a system outside.
    Ask {
        /// The call.
        call: ContactId,
        /// The event that led to it.
        number: u64,
        /// Its part.
        part: u64,
        /// How the contact came in.
        channel: Channel,
        /// The nodes the caller has been at.
        path: String,
        /// What is known of the caller.
        details: Details,
        /// Where the flow waits.
        position: Position,
        /// What it asks.
        question: Box<Question>,
        /// The answer, once it is there.
        answered: Option<Answered>,
    },
    /// A command the gateway gave up.
    GivenUp {
        /// The call.
        call: ContactId,
        /// The command.
        command_id: String,
    },
}

impl Errand {
    const fn call(&self) -> &ContactId {
        match self {
            Self::Ask { call, .. } | Self::GivenUp { call, .. } => call,
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
            let failure = match self.try_errand(&mut errand).await {
                Ok(()) => return,
                Err(failure) => failure,
            };
            match failure {
                Failure::Floor(error) if is_away(&error) => tokio::time::sleep(RETRY).await,
                // After the next inventory it is asked again.
                Failure::Floor(error) if is_stale(&error) => return,
                Failure::Floor(error) => {
                    let reason = routing_error(error);
                    warn!(error = reason.reason(), "a flow does not go on");
                    return;
                }
                Failure::Refused(error) => {
                    warn!(error = error.reason(), "a flow does not go on");
                    return;
                }
            }
        }
    }

    async fn try_errand(&self, errand: &mut Errand) -> Result<(), Failure> {
        match errand {
            Errand::GivenUp { call, command_id } => {
                let said = Said::Fact(Fact::Failed);
                self.answer(call, None, command_id, said).await.map(drop)
            }
            Errand::Ask { .. } => self.ask_outside(errand).await,
        }
    }

    async fn ask_outside(&self, errand: &mut Errand) -> Result<(), Failure> {
        let Errand::Ask {
            call,
            number,
            part,
            channel,
            path,
            details,
            position,
            question,
            answered,
            ..
        } = errand
        else {
            return Ok(());
        };
        let planned = self.edge.floors().planned(&self.tenant).await?;
        let center = planned.center();
        let flow = self.pinned(center, call, position).await?;
        let language = language_of(center, details);
        let now = self.edge.parts.floors.clock().now();
        let facts = context(center, details, &language, (call, *channel), now);
        let scene = self.scene(center, &flow, call, &facts);
        let host = &self.edge.parts.host;
        let answer = match answered.take() {
            Some(answer) => answer,
            None => host.answer(scene, position, question).await,
        };
        *answered = Some(answer.clone());
        let mut run = host.go_on(scene, position, answer).await;
        let walk = Walk { call, number: *number, part: *part + 1 };
        if walk.part >= LAST_PART {
            run = host.settle(scene, run).await;
        }
        let input = Input::Answer(Answer::Done);
        let trail = Trail::resumed(path.clone(), &flow, position, &input).with_run(&run);
        self.follow(walk, *channel, run, Known { trail, details }).await.map(drop)
    }
}
