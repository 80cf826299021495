//! A caller arrives: the called number chooses the flow, the calling number tells who it may be.

use switchboard_api::call::v1::{CallOffered, NumberPresentation};
use switchboard_api::convert::channel::channel_field;
use switchboard_api::convert::lookup::call_verification_field;
use switchboard_api::{ApiError, field};
use switchboard_domain::center::Center;
use switchboard_domain::channel::Channel;
use switchboard_domain::customer::{LastTalk, Verification};
use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::plan::Route;
use switchboard_domain::floor::planner::{KnownBy, Wish};
use switchboard_domain::flow::Flow;
use switchboard_domain::ids::{AgentId, ContactId};
use switchboard_domain::phone::name_as_received;
use switchboard_domain::time::Timestamp;
use switchboard_ivr_host::{Called, KeptSession, SessionRoute, human_queue, identify, is_refused};
use switchboard_lookup::{Calling, Presentation};
use switchboard_routing::Planned;
use switchboard_store::error::StoreError;

use crate::events::{Failure, Place};
use crate::menu::Walk;
use crate::session::Session;

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
            // Whatever the network says of a caller, it never keeps the call away.
            calling: offered.calling_number.clone(),
            called: field::required_text(
                "called_number",
                offered.called_number.clone(),
                field::MAX_NUMBER,
            )?,
            name: name_as_received(&offered.caller_name),
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
pub(crate) fn called_number<'a>(center: &'a Center, called: &str) -> Result<Called<'a>, ApiError> {
    let unknown = || ApiError::invalid("called_number", called, "a number this center answers");
    switchboard_ivr_host::called_number(center, called).ok_or_else(unknown)
}

/// Gives the way of callers whom the menu could not help in time.
pub(crate) fn fallback(planned: &Planned, flow: &Flow, wish: Wish<'_>) -> Option<Route> {
    planned.queue_route(human_queue(flow)?, wish)
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
        let routed = self.session_route(&offered.ivr_session_id).await?;
        let details = match &routed {
            Some((_, route)) => route.details.clone().with("caller_name", &arrival.name),
            None => self.identify(&planned, &arrival).await?,
        };
        let encoded = details.encode();
        let report = self.report(call, number, 0);
        let now = self.edge.parts.floors.clock().now();
        let start = self.edge.floors().apply_planned(&self.tenant, |current| {
            let called = called_number(current.center(), &arrival.called).ok()?;
            let flow = current.center().flow_for(&called.entry.flow, call.as_str())?;
            let wish = Wish { channel: arrival.channel, known: None, now };
            // Nobody is to answer a refused caller whose gateway does not hang up.
            let is_taken = !is_refused(&details);
            Some(Command::StartContact {
                report: report.clone(),
                channel: arrival.channel,
                caller: caller_name(&details),
                plan_version: current.version(),
                fallback: is_taken.then(|| fallback(current, flow, wish)).flatten(),
                details: encoded.clone(),
            })
        });
        start.await?;
        self.adopt(call);
        let walk = Walk { call, channel: arrival.channel, number, part: 1 };
        if let Some((session, route)) = routed {
            // What the caller did in the menu belongs to this call from now on.
            let handing = self.edge.parts.sessions.hand_over(&self.tenant, &session, call, now);
            handing.await.map_err(ApiError::from)?;
            return self.place(walk, &route).await;
        }
        self.begin_flow(&planned, walk, &details).await
    }

    /// Gives the session that is named, and where its flow has sent its caller.
    async fn session_route(
        &self,
        session_id: &str,
    ) -> Result<Option<(ContactId, SessionRoute)>, ApiError> {
        let Some(id) = field::optional_id::<ContactId>("ivr_session_id", session_id)? else {
            return Ok(None);
        };
        let missing = || ApiError::not_found("session", id.as_str());
        let now = self.edge.parts.floors.clock().now();
        let kept =
            self.edge.parts.sessions.get(&self.tenant, &id, now).await?.ok_or_else(missing)?;
        let kept = KeptSession::read(&kept.body)
            .map_err(|error| StoreError::corrupt(format!("IVR session {id}"), error))?;
        if !kept.is_of(&self.gateway) {
            return Err(missing());
        }
        let waiting = || {
            ApiError::failed_precondition("SESSION_NOT_ROUTED", "its flow has chosen no queue")
                .about("session", id.as_str())
        };
        let route = kept.route().ok_or_else(waiting)?;
        Ok(Some((id, route)))
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
            home: called.entry.default_country,
        };
        let lookup = &self.edge.parts.lookup;
        let mut details = identify(lookup, &self.tenant, planned.center(), &called, &calling).await;
        details.set("caller_name", &arrival.name);
        Ok(details)
    }
}
