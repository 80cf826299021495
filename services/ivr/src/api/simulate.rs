//! Walks a flow as a caller would, with the stepper of real calls.

use switchboard_api::convert::{flow as wire_flow, phone, time};
use switchboard_api::ivr::v1::{
    SimulateFlowRequest, SimulateFlowResponse, SimulatedInput, SimulatedStep, SimulationEnd,
    SpokenPrompt, simulated_input,
};
use switchboard_api::{ApiError, field};
use switchboard_center::today;
use switchboard_domain::center::{Center, Language};
use switchboard_domain::channel::Channel;
use switchboard_domain::customer::{Lookup, Tier, Verification};
use switchboard_domain::flow::{
    Answer, CivilDate, Context, DigitsEnd, Directive, Flow, Input, KnownCustomer, NodeId, Outcome,
    RouteDirective, Step, start, step,
};
use switchboard_domain::ids::TenantId;
use switchboard_domain::number_rule::Listed;
use switchboard_domain::phone::PhoneAddress;
use switchboard_domain::time::Timestamp;
use switchboard_store::callers::Callers;

use super::flows;

const MAX_INPUTS: usize = 100;
const MAX_LANGUAGE: usize = 35;

/// What is to be walked, checked.
pub(super) struct Plan<'a> {
    flow: &'a Flow,
    language: &'a Language,
    /// Who calls, if the caller shows a number.
    pub(super) calling: Option<PhoneAddress>,
    today: CivilDate,
    pub(super) now: Timestamp,
    inputs: Vec<Act>,
}

/// One thing a simulated caller does.
struct Act {
    input: Input,
    word: String,
}

impl<'a> Plan<'a> {
    /// Checks a request.
    pub(super) fn read(
        center: &'a Center,
        request: SimulateFlowRequest,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let at = request.at.map(|at| time::timestamp_field("at", at)).transpose()?;
        let inputs = field::list("inputs", request.inputs, MAX_INPUTS)?;
        let inputs = inputs.into_iter().enumerate().map(|(index, input)| act(index, input));
        Ok(Self {
            flow: flows::find(center, &request.flow_id)?,
            language: language(center, request.language)?,
            calling: calling(center, &request.calling_number)?,
            today: today(center, at.unwrap_or(now)),
            now: at.unwrap_or(now),
            inputs: inputs.collect::<Result<_, _>>()?,
        })
    }
}

/// Finds the tier a caller has when the caller is a known customer.
pub(super) async fn tier(
    callers: &dyn Callers,
    (tenant, now): (&TenantId, Timestamp),
    calling: Option<&PhoneAddress>,
) -> Result<Option<Tier>, ApiError> {
    let Some(address @ PhoneAddress::Number(_)) = calling else { return Ok(None) };
    let lookup = Lookup::judge(address, callers.lookup(tenant, address).await?, now);
    Ok(lookup.known().map(|candidate| candidate.evidence.customer.tier))
}

/// Walks the flow to the end of the inputs or its own.
pub(super) fn run(center: &Center, plan: &Plan<'_>, tier: Option<Tier>) -> SimulateFlowResponse {
    let context = Context {
        prompts: &center.prompts,
        language: plan.language,
        today: plan.today,
        now: plan.now,
        calendars: &center.calendars,
        call: "simulated",
        channel: Channel::Voice,
        called_number: None,
        calling_number: None,
        listed: Listed::default(),
        verification: Verification::default(),
        customer: tier.map(|tier| center.with_segments(a_customer(tier), None)),
    };
    let mut last = settled(plan.flow, start(plan.flow, &context), &context);
    let mut steps = vec![shown(plan.flow, "start", None, &last)];
    for act in &plan.inputs {
        if last.outcome.is_some() {
            break;
        }
        let from = last.position.node.clone();
        let next = step(plan.flow, &last.position, &act.input, &context);
        last = settled(plan.flow, next, &context);
        steps.push(shown(plan.flow, &act.word, Some(&from), &last));
    }
    let route = last.directives.iter().find_map(routed);
    SimulateFlowResponse {
        steps,
        end: end(last.outcome.as_ref()).into(),
        queue_id: route.map(|route| route.queue.to_string()).unwrap_or_default(),
        route_reason: route.map(|route| route.reason.as_str().to_owned()).unwrap_or_default(),
        collected: last.position.fields.into_iter().collect(),
    }
}

/// Goes along the fallback of everything the flow asks: a simulation knows nothing of the world.
fn settled(flow: &Flow, mut last: Step, context: &Context<'_>) -> Step {
    while matches!(last.outcome, Some(Outcome::Ask(_))) {
        let after = step(flow, &last.position, &Input::Answer(Answer::Failed), context);
        last.directives.extend(after.directives);
        last = Step { directives: last.directives, ..after };
    }
    last
}

const fn a_customer(tier: Tier) -> KnownCustomer {
    KnownCustomer {
        id: None,
        tier: Some(tier),
        language: None,
        segments: Vec::new(),
        open_tickets: 0,
    }
}

fn act(index: usize, wire: SimulatedInput) -> Result<Act, ApiError> {
    use simulated_input::Input as Wire;
    let place = format!("inputs[{index}]");
    let input = field::required("input", wire.input).map_err(|error| error.within(&place))?;
    Ok(match input {
        Wire::Digits(keys) if keys.is_empty() => {
            return Err(ApiError::missing("digits").within(&place));
        }
        Wire::Digits(keys) => {
            let keys = field::digits("digits", keys, field::MAX_DIGITS)
                .map_err(|error| error.within(&place))?;
            // The last key of an entry decides how a gateway would have stopped listening.
            let end = if keys.ends_with('#') { DigitsEnd::Terminator } else { DigitsEnd::Timeout };
            Act { word: keys.clone(), input: Input::Digits { keys, end } }
        }
        Wire::Timeout(_) => Act { word: "timeout".to_owned(), input: Input::Silence },
        Wire::Hangup(_) => Act { word: "hangup".to_owned(), input: Input::HangUp },
    })
}

fn language(center: &Center, tag: String) -> Result<&Language, ApiError> {
    if tag.is_empty() {
        return Ok(&center.default_language);
    }
    let tag = field::text("language", tag, MAX_LANGUAGE)?;
    let found = center.languages.get_key_value(tag.as_str()).map(|(language, _)| language);
    found.ok_or_else(|| {
        let served: Vec<&str> = center.languages.keys().map(Language::as_str).collect();
        ApiError::invalid("language", &tag, format!("one of {}", served.join(", ")))
    })
}

fn calling(center: &Center, number: &str) -> Result<Option<PhoneAddress>, ApiError> {
    if number.is_empty() {
        return Ok(None);
    }
    phone::address_field("calling_number", number, center.default_country).map(Some)
}

fn shown(flow: &Flow, input: &str, from: Option<&NodeId>, step: &Step) -> SimulatedStep {
    let to = &step.position.node;
    let kind = flow.nodes().get(to).map(wire_flow::node_kind).unwrap_or_default();
    SimulatedStep {
        input: input.to_owned(),
        from_node_id: from.map(NodeId::to_string).unwrap_or_default(),
        to_node_id: to.to_string(),
        kind: kind.to_owned(),
        prompts: heard(step),
        outcome: outcome_word(step.outcome.as_ref()).to_owned(),
    }
}

fn heard(step: &Step) -> Vec<SpokenPrompt> {
    let sounds = step.directives.iter().flat_map(|directive| match directive {
        Directive::Play(sounds) => sounds.clone(),
        Directive::Collect(listen) => listen.prompts.clone(),
        Directive::Route(_) | Directive::HangUp | Directive::Record(_) | Directive::Answered(_) => {
            Vec::new()
        }
    });
    wire_flow::spoken(sounds.collect())
}

const fn routed(directive: &Directive) -> Option<&RouteDirective> {
    match directive {
        Directive::Route(route) => Some(route),
        Directive::Play(_)
        | Directive::Collect(_)
        | Directive::HangUp
        | Directive::Record(_)
        | Directive::Answered(_) => None,
    }
}

const fn outcome_word(outcome: Option<&Outcome>) -> &'static str {
    match outcome {
        None | Some(Outcome::Ask(_) | Outcome::StillAsking) => "waiting",
        Some(Outcome::Routed) => "routed",
        Some(Outcome::Transferred) => "transferred",
        Some(Outcome::HungUp | Outcome::AlreadyEnded) => "hung_up",
        Some(Outcome::CallerGone) => "caller_gone",
    }
}

const fn end(outcome: Option<&Outcome>) -> SimulationEnd {
    match outcome {
        None | Some(Outcome::Ask(_) | Outcome::StillAsking) => SimulationEnd::WaitingForInput,
        Some(Outcome::Routed | Outcome::Transferred) => SimulationEnd::Queued,
        Some(Outcome::HungUp | Outcome::AlreadyEnded) => SimulationEnd::HungUp,
        Some(Outcome::CallerGone) => SimulationEnd::CallerHungUp,
    }
}
