//! What a gateway is to do next, on the wire.

use switchboard_api::call::v1::{Play, SetRecording};
use switchboard_api::convert::flow as convert;
use switchboard_api::convert::time::timestamp;
use switchboard_api::ivr::v1::session_directive::Directive as Wire;
use switchboard_api::ivr::v1::{
    EndCall, RouteToQueue, SessionAnswer, SessionDirective, SessionState,
};
use switchboard_domain::flow::{Directive, Outcome, Question, Step};
use switchboard_domain::ids::ContactId;
use switchboard_domain::time::Timestamp;

/// Makes the answer to an input.
pub(super) fn answer(
    id: &ContactId,
    seq: u64,
    (step, shown_number): (Step, &str),
    expires_at: Timestamp,
) -> SessionAnswer {
    let asked = match &step.outcome {
        Some(Outcome::Ask(question)) => asked(question, shown_number),
        Some(_) | None => None,
    };
    let told = step.directives.into_iter().filter_map(directive).chain(asked);
    let directive = |it| SessionDirective { directive: Some(it) };
    SessionAnswer {
        session_id: id.to_string(),
        seq,
        state: state(step.outcome.as_ref()).into(),
        flow_id: step.position.flow.to_string(),
        flow_version: step.position.version.to_string(),
        node_id: step.position.node.to_string(),
        directives: told.map(directive).collect(),
        expires_at: Some(timestamp(expires_at)),
    }
}

fn directive(directive: Directive) -> Option<Wire> {
    Some(match directive {
        Directive::Play(sounds) => {
            Wire::Play(Play { prompts: convert::prompts(sounds), barge_in: false })
        }
        Directive::Collect(collect) => Wire::Collect(convert::collect(collect)),
        Directive::Route(route) => Wire::Route(RouteToQueue {
            queue_id: route.queue.to_string(),
            language: route.language.to_string(),
            reason: route.reason.as_str().to_owned(),
            collected: route.attributes,
            agent_id: route.agent.as_ref().map(ToString::to_string).unwrap_or_default(),
        }),
        Directive::HangUp => Wire::HangUp(EndCall {}),
        Directive::Record(on) => Wire::SetRecording(SetRecording { on }),
        // The gateway has nothing to count.
        Directive::Answered(_) => return None,
    })
}

/// Gives what the gateway itself is asked to do, and to report as the next input.
fn asked(question: &Question, shown_number: &str) -> Option<Wire> {
    match question {
        Question::Transfer(request) => convert::transfer(request, shown_number).map(Wire::Transfer),
        Question::Voicemail(request) => Some(Wire::RecordMessage(convert::record_message(request))),
        Question::Staffing { .. }
        | Question::Customer(_)
        | Question::Fetch(_)
        | Question::Callback(_)
        | Question::Ticket(_)
        | Question::Survey(_) => None,
    }
}

const fn state(outcome: Option<&Outcome>) -> SessionState {
    match outcome {
        None | Some(Outcome::Ask(_) | Outcome::StillAsking) => SessionState::WaitingForInput,
        Some(Outcome::Routed) => SessionState::Routed,
        Some(Outcome::HungUp | Outcome::AlreadyEnded) => SessionState::HungUp,
        Some(Outcome::Transferred) => SessionState::Transferred,
        Some(Outcome::CallerGone) => SessionState::CallerHungUp,
    }
}
