//! What a gateway is to do next, on the wire.

use switchboard_api::call::v1::Play;
use switchboard_api::convert::flow as convert;
use switchboard_api::convert::time::timestamp;
use switchboard_api::ivr::v1::session_directive::Directive as Wire;
use switchboard_api::ivr::v1::{
    EndCall, RouteToQueue, SessionAnswer, SessionDirective, SessionState,
};
use switchboard_domain::flow::{Directive, Outcome, Step};
use switchboard_domain::ids::ContactId;
use switchboard_domain::time::Timestamp;

/// Makes the answer to an input.
pub(super) fn answer(id: &ContactId, seq: u64, step: Step, expires_at: Timestamp) -> SessionAnswer {
    SessionAnswer {
        session_id: id.to_string(),
        seq,
        state: state(step.outcome.as_ref()).into(),
        flow_id: step.position.flow.to_string(),
        flow_version: step.position.version.to_string(),
        node_id: step.position.node.to_string(),
        directives: step.directives.into_iter().filter_map(directive).collect(),
        expires_at: Some(timestamp(expires_at)),
    }
}

fn directive(directive: Directive) -> Option<SessionDirective> {
    let directive = match directive {
        Directive::Play(sounds) => {
            Wire::Play(Play { prompts: convert::prompts(sounds), barge_in: false })
        }
        Directive::Collect(collect) => Wire::Collect(convert::collect(collect)),
        Directive::Route(route) => Wire::Route(RouteToQueue {
            queue_id: route.queue.to_string(),
            language: route.language.to_string(),
            reason: route.reason.as_str().to_owned(),
            collected: route.attributes,
        }),
        Directive::HangUp => Wire::HangUp(EndCall {}),
        // A gateway without a stream has nothing to record with, and nothing to count.
        Directive::Record(_) | Directive::Answered(_) => return None,
    };
    Some(SessionDirective { directive: Some(directive) })
}

const fn state(outcome: Option<&Outcome>) -> SessionState {
    match outcome {
        None | Some(Outcome::Ask(_) | Outcome::StillAsking) => SessionState::WaitingForInput,
        Some(Outcome::Routed) => SessionState::Routed,
        Some(Outcome::HungUp | Outcome::AlreadyEnded | Outcome::Transferred) => {
            SessionState::HungUp
        }
        Some(Outcome::CallerGone) => SessionState::CallerHungUp,
    }
}
