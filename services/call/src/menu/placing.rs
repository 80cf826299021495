//! What a step says is carried out: the gateway is told, or the caller goes to a queue.

use switchboard_api::ApiError;
use switchboard_api::call::v1::HangupCause;
use switchboard_domain::center::{Language, RoutePlan, RouteRequest};
use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::plan::Route;
use switchboard_domain::floor::planner::Wish;
use switchboard_domain::flow::RouteDirective;
use switchboard_domain::ids::AgentId;
use switchboard_ivr_host::{Run, SessionRoute, human_queue, is_refused};
use switchboard_routing::Planned;

use super::orders::{Last, Orders, part_id, question_id};
use super::{Known, Walk, flow_of};
use crate::arrival::known_by;
use crate::events::{Failure, Place};
use crate::session::{PARTS, Session};

impl Session {
    /// Tells the gateway what a step says, or puts the caller where it says.
    pub(super) async fn carry_out(
        &self,
        walk: Walk<'_>,
        run: &Run,
        version: u64,
        known: &Known<'_>,
    ) -> Result<Place, Failure> {
        let shown = known.details.get("called_number").unwrap_or_default();
        let cause =
            if is_refused(known.details) { HangupCause::Declined } else { HangupCause::Normal };
        let Orders { before, last } = Orders::of(&run.step.directives, run.pending(), shown, cause);
        let asked = walk.number.saturating_mul(PARTS).saturating_add(walk.part);
        let mut order = version * 16;
        for (index, command) in before.into_iter().enumerate() {
            self.order(part_id(asked, index), walk.call, order, command).await;
            order += 1;
        }
        match last {
            Last::Ask(command) => {
                self.order(question_id(asked), walk.call, order, command).await;
                Ok(None)
            }
            Last::Route(route, farewell) => {
                self.say_farewell(walk.call, farewell);
                self.route(walk, &route, known).await
            }
            Last::Nothing => Ok(None),
        }
    }

    async fn route(
        &self,
        walk: Walk<'_>,
        route: &RouteDirective,
        known: &Known<'_>,
    ) -> Result<Place, Failure> {
        let route = SessionRoute {
            queue: route.queue.clone(),
            agent: route.agent.clone(),
            skills: route.skills.clone(),
            priority_boost: route.priority_boost,
            details: known.trail.details_for(known.details, route),
        };
        self.place(Walk { part: walk.part + 1, ..walk }, &route).await
    }

    /// Puts a caller where a flow has sent the caller.
    pub(crate) async fn place(
        &self,
        walk: Walk<'_>,
        route: &SessionRoute,
    ) -> Result<Place, Failure> {
        let details = &route.details;
        let language = details.get("language").and_then(|tag| Language::parse(tag).ok());
        let tier = details.get("tier").and_then(|tier| tier.parse().ok());
        let segments = details.segments();
        let request = RouteRequest {
            queue: &route.queue,
            language: language.as_ref(),
            tier,
            segments: &segments,
            skills: &route.skills,
            priority_boost: route.priority_boost,
        };
        let place = self.enqueue(walk, details, |planned, wish| {
            let to_agent = route.agent.as_ref().and_then(|to| to_agent(planned, request, to, wish));
            to_agent.or_else(|| planned.route(request, wish)).or_else(|| {
                // An older version of the flow may name a queue that is gone; people are not.
                let flow = flow_of(planned.center(), walk.call, details)?;
                planned.route(RouteRequest { queue: human_queue(flow)?, ..request }, wish)
            })
        });
        place.await?.ok_or_else(|| ApiError::not_found("queue", route.queue.as_str()).into())
    }

    /// Puts a contact in a queue; nothing when the center has no such queue.
    pub(super) async fn enqueue(
        &self,
        walk: Walk<'_>,
        details: &Details,
        way: impl Fn(&Planned, Wish<'_>) -> Option<(RoutePlan, Route)> + Send + Sync,
    ) -> Result<Option<Place>, Failure> {
        let known = known_by(details);
        let encoded = details.encode();
        let report = self.report(walk.call, walk.number, walk.part);
        let now = self.edge.parts.floors.clock().now();
        let applied = self.edge.floors().apply_planned(&self.tenant, |planned| {
            let wish = Wish { channel: walk.channel, known: Some(&known), now };
            let (plan, route) = way(planned, wish)?;
            Some(Command::RouteContact {
                report: report.clone(),
                plan_version: planned.version(),
                route,
                priority: i32::try_from(plan.priority).unwrap_or(i32::MAX),
                credit: planned.center().priority_credit,
                details: encoded.clone(),
            })
        });
        match applied.await? {
            Some(applied) => self.place_of(&applied).await.map(Some),
            None => Ok(None),
        }
    }
}

/// Gives the way to one agent, by the queue a flow names if the agent serves it, else by one that the
/// agent does; nothing for an agent the center does not have.
fn to_agent(
    planned: &Planned,
    request: RouteRequest<'_>,
    agent: &AgentId,
    wish: Wish<'_>,
) -> Option<(RoutePlan, Route)> {
    let served = &planned.center().agents.get(agent)?.queues;
    let named = served.get_key_value(request.queue);
    let (queue, _) = named.or_else(|| served.first_key_value())?;
    let (plan, _) = planned.route(RouteRequest { queue, ..request }, wish)?;
    Some((plan, planned.agent_route(queue, agent, wish.channel)?))
}
