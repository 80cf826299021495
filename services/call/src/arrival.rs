//! A caller arrives: the called number chooses the flow, the calling number tells who it may be.

use switchboard_api::call::v1::{CallOffered, NumberPresentation};
use switchboard_api::convert::channel::channel_field;
use switchboard_api::convert::customer::call_verification_field;
use switchboard_api::{ApiError, field};
use switchboard_center::today;
use switchboard_domain::center::{Acquaintance, CalledNumber, Center, Language};
use switchboard_domain::channel::Channel;
use switchboard_domain::customer::{LastTalk, Lookup, LookupResult, Verification};
use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::plan::Route;
use switchboard_domain::floor::planner::{KnownBy, Wish};
use switchboard_domain::flow::{Context, Flow, Node};
use switchboard_domain::ids::{AgentId, ContactId, QueueId};
use switchboard_domain::phone::PhoneAddress;
use switchboard_domain::time::Timestamp;
use switchboard_lookup::{Calling, Presentation};
use switchboard_routing::Planned;
use switchboard_runtime::clock::Stopwatch;

use crate::events::{Failure, Place};
use crate::menu::Walk;
use crate::session::Session;

const MAX_NUMBER: usize = 64;
const MAX_NAME: usize = 128;

/// What a gateway says of a caller, checked.
pub(crate) struct Arrival {
    calling: String,
    called: String,
    name: String,
    presentation: Presentation,
    verification: Verification,
    channel: Channel,
}

impl Arrival {
    /// Checks the event that announces a caller.
    pub(crate) fn read(offered: &CallOffered) -> Result<Self, ApiError> {
        let shown = field::known::<NumberPresentation>("presentation", offered.presentation)?;
        Ok(Self {
            calling: field::text("calling_number", offered.calling_number.clone(), MAX_NUMBER)?,
            called: field::required_text(
                "called_number",
                offered.called_number.clone(),
                MAX_NUMBER,
            )?,
            name: field::text("caller_name", offered.caller_name.clone(), MAX_NAME)?,
            presentation: match shown {
                NumberPresentation::Unspecified | NumberPresentation::Allowed => {
                    Presentation::Allowed
                }
                NumberPresentation::Restricted => Presentation::Restricted,
                NumberPresentation::Unavailable => Presentation::Unavailable,
            },
            verification: call_verification_field("verification", offered.verification)?,
            channel: channel_field("channel", offered.channel)?,
        })
    }

    /// Takes the numbers of a leg the floor has lost.
    pub(crate) fn of_leg(calling: &str, called: &str) -> Self {
        Self {
            calling: calling.to_owned(),
            called: called.to_owned(),
            name: String::new(),
            presentation: Presentation::Allowed,
            verification: Verification::NotVerified,
            channel: Channel::Voice,
        }
    }
}

/// Finds what the center does with a called number.
pub(crate) fn called_number<'a>(
    center: &'a Center,
    called: &str,
) -> Result<&'a CalledNumber, ApiError> {
    let unknown = || ApiError::invalid("called_number", called, "a number this center answers");
    let address = PhoneAddress::parse(called, center.default_country).map_err(|_| unknown())?;
    let number = address.number().ok_or_else(unknown)?;
    center.called_number(number.e164()).ok_or_else(unknown)
}

/// What the flow may know of the caller.
pub(crate) fn context<'a>(
    center: &'a Center,
    details: &'a Details,
    language: &'a Language,
    now: Timestamp,
) -> Context<'a> {
    Context {
        prompts: &center.prompts,
        language,
        today: today(center, now),
        tier: details.get("tier").and_then(|tier| tier.parse().ok()),
        called_number: details.get("called_number"),
    }
}

/// Gives the way of callers whom the menu could not help in time.
pub(crate) fn fallback(planned: &Planned, flow: &Flow, wish: Wish<'_>) -> Option<Route> {
    planned.queue_route(human_queue(flow)?, wish)
}

/// Gives the queue of whoever needs no menu, or was not helped by it.
pub(crate) fn human_queue(flow: &Flow) -> Option<&QueueId> {
    match flow.nodes().get(flow.human()) {
        Some(Node::Queue(queue)) => Some(&queue.queue),
        _ => None,
    }
}

/// Names a caller so that the same one is found again: the number, or else the customer.
pub(crate) fn caller_name(details: &Details) -> String {
    let name = details.get("calling_number").or_else(|| details.get("customer"));
    name.unwrap_or_default().to_owned()
}

/// Gives the agents who know a caller.
pub(crate) fn known_by(details: &Details) -> KnownBy {
    let agent = |name| details.get(name).and_then(|agent| AgentId::parse(agent).ok());
    let at = details.get("last_talk_at").and_then(|at| at.parse().ok()).map(Timestamp::from_millis);
    let last = agent("last_agent").zip(at).map(|(agent, at)| LastTalk { agent, at });
    KnownBy { owner: agent("owner"), last }
}

impl Session {
    /// Begins a call: looks the caller up, starts the flow, tells the gateway what to play.
    pub(crate) async fn arrive(
        &self,
        call: &ContactId,
        number: u64,
        offered: &CallOffered,
    ) -> Result<Place, Failure> {
        let arrival = Arrival::read(offered)?;
        let planned = self.edge.floors().planned(&self.tenant).await?;
        let details = self.identify(&planned, &arrival).await?;
        let encoded = details.encode();
        let report = self.report(call, number, 0);
        let now = self.edge.parts.floors.clock().now();
        let start = self.edge.floors().apply_planned(&self.tenant, |current| {
            let called = called_number(current.center(), &arrival.called).ok()?;
            let flow = current.center().flow(&called.flow)?;
            let wish = Wish { channel: arrival.channel, known: None, now };
            Some(Command::StartContact {
                report: report.clone(),
                channel: arrival.channel,
                caller: caller_name(&details),
                plan_version: current.version(),
                fallback: fallback(current, flow, wish),
                details: encoded.clone(),
            })
        });
        start.await?;
        self.adopt(call);
        let walk = Walk { call, number, part: 1 };
        self.begin_flow(&planned, walk, arrival.channel, &details).await
    }

    /// Finds out who is calling, and writes down what services and desks may know.
    pub(crate) async fn identify(
        &self,
        planned: &Planned,
        arrival: &Arrival,
    ) -> Result<Details, ApiError> {
        let called = called_number(planned.center(), &arrival.called)?;
        let calling = Calling {
            raw: &arrival.calling,
            presentation: arrival.presentation,
            verification: arrival.verification,
            home: called.default_country,
        };
        let spent = Stopwatch::start();
        let found = self.edge.parts.lookup.lookup(&self.tenant, &calling).await;
        let mut details = Details::new()
            .with("calling_raw", &arrival.calling)
            .with("called_number", called.number.as_str())
            .with("caller_name", &arrival.name)
            .with("attestation", arrival.verification.as_str())
            .with("language", &called.language.to_string())
            .with("flow", called.flow.as_str());
        if let Some(number) = found.e164() {
            details.set("calling_number", number);
        }
        if found.partial.is_some() {
            details.set("lookup_reason", found.reason());
        }
        describe(&mut details, &found.lookup);
        // Who shows a forged number gets no agent by it.
        let is_trusted = arrival.verification != Verification::Failed;
        if is_trusted && prefers_last_agents(planned.center()) {
            let lookup = &self.edge.parts.lookup;
            if let Some(talk) = lookup.last_talk(&self.tenant, &found, spent.elapsed()).await {
                details.set("last_agent", talk.agent.as_str());
                details.set("last_talk_at", &talk.at.as_millis().to_string());
            }
        }
        Ok(details)
    }
}

/// Says whether anybody needs to know who talked to a caller last.
fn prefers_last_agents(center: &Center) -> bool {
    center.queues.values().any(|queue| queue.prefer.contains(&Acquaintance::LastAgent))
}

fn describe(details: &mut Details, lookup: &Lookup) {
    let kind = match lookup.result {
        LookupResult::Known => "known",
        LookupResult::Ambiguous => "ambiguous",
        LookupResult::Unknown => "unknown",
        LookupResult::Withheld => "withheld",
    };
    details.set("lookup", kind);
    if lookup.result == LookupResult::Ambiguous {
        details.set("candidates", &lookup.candidates.len().to_string());
    }
    let Some(candidate) = lookup.known() else { return };
    let evidence = &candidate.evidence;
    details.set("customer", evidence.customer.id.as_str());
    details.set("customer_name", &evidence.customer.name);
    details.set("tier", &evidence.customer.tier.to_string());
    details.set("open_tickets", &evidence.open_tickets.to_string());
    if let Some(language) = &evidence.customer.language {
        details.set("customer_language", language);
    }
    if let Some(owner) = &evidence.customer.owner {
        details.set("owner", owner.as_str());
    }
    if let Some(alert) = &evidence.customer.alert {
        details.set("alert", alert);
    }
}
