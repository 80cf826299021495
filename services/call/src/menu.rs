//! A caller moves through the menu: an answer comes in, the flow says what is next.

mod begin;

use std::sync::Arc;

use switchboard_api::ApiError;
use switchboard_api::call::v1::gateway_command::Command as Wire;
use switchboard_api::call::v1::{
    CollectEnd, DigitsCollected, Hangup, HangupCause, Play, gateway_command,
};
use switchboard_api::convert::flow as wire_flow;
use switchboard_api::field;
use switchboard_domain::center::{Center, Language, RoutePlan, RouteRequest};
use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Command, Reply};
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::plan::Route;
use switchboard_domain::floor::planner::Wish;
use switchboard_domain::floor::state::{Contact, ContactState};
use switchboard_domain::flow::{
    Context, DigitsEnd, Directive, Flow, Input, Position, RouteDirective, Step,
};
use switchboard_domain::ids::{ContactId, FlowId};
use switchboard_ivr_host::{Scene, SessionRoute, Trail, context, human_queue, language_of};
use switchboard_routing::{Planned, RoutingError};
use switchboard_store::outbox::OutboxId;
use tracing::warn;

use crate::arrival::known_by;
use crate::events::{Failure, Place};
use crate::reports::is_elsewhere;
use crate::session::{PARTS, Session};

const MAX_KEYS: usize = 64;

/// Which event moves the caller: the call, the number of the event, and the next free part of it.
#[derive(Clone, Copy)]
pub(crate) struct Walk<'a> {
    pub(crate) call: &'a ContactId,
    pub(crate) number: u64,
    pub(crate) part: u64,
}

/// Where a stored caller is: the path taken, and the flow's own position.
struct Stored {
    path: String,
    position: Position,
    details: Details,
}

impl Stored {
    fn read(contact: &Contact) -> Option<Self> {
        let (path, position) = contact.menu.split_once('\n')?;
        let position = Position::decode(position).ok()?;
        // A queue may have sent the caller to another flow than the called number did.
        let details = Details::decode(&contact.details).with("flow", position.flow.as_str());
        Some(Self { path: path.to_owned(), position, details })
    }
}

/// Gives the flow a new call begins with.
fn flow_of<'a>(center: &'a Center, call: &ContactId, details: &Details) -> Option<&'a Flow> {
    let id = FlowId::parse(details.get("flow")?).ok()?;
    center.flow_for(&id, call.as_str()).map(Arc::as_ref)
}

/// What is told of a step, and what is known of the caller.
struct Known<'a> {
    trail: Trail,
    details: &'a Details,
}

impl Session {
    /// Takes the keys a caller pressed, or their absence.
    pub(crate) async fn digits(
        &self,
        call: &ContactId,
        number: u64,
        digits: DigitsCollected,
    ) -> Result<Place, Failure> {
        let keys = field::digits("digits", digits.digits, MAX_KEYS)?;
        let end = match field::known::<CollectEnd>("reason", digits.reason)? {
            CollectEnd::NoInput => None,
            CollectEnd::Terminator => Some(DigitsEnd::Terminator),
            CollectEnd::Timeout => Some(DigitsEnd::Timeout),
            CollectEnd::Unspecified | CollectEnd::Complete => Some(DigitsEnd::Full),
        };
        let input = match end {
            Some(end) if !keys.is_empty() || end == DigitsEnd::Terminator => {
                Input::Digits { keys, end }
            }
            _ => Input::Silence,
        };
        self.answer(call, number, &digits.command_id, input).await
    }

    /// Takes the end of what was played.
    pub(crate) async fn media_done(
        &self,
        call: &ContactId,
        number: u64,
        command_id: &str,
    ) -> Result<Place, Failure> {
        self.answer(call, number, command_id, Input::MediaDone).await
    }

    async fn answer(
        &self,
        call: &ContactId,
        number: u64,
        command_id: &str,
        input: Input,
    ) -> Result<Place, Failure> {
        let floor = self.edge.floor();
        let contact = floor.contact(&self.tenant, call).await?;
        let Some(contact) = contact else {
            return Err(ApiError::not_found("call", call.as_str()).into());
        };
        let asked = command_id == format!("{call}/{}", question_id(contact.call_sequence));
        let stored = Stored::read(&contact).filter(|_| contact.state == ContactState::InMenu);
        let (Some(stored), true) = (stored, asked) else {
            if contact.state == ContactState::InMenu && contact.call_sequence / PARTS == number {
                // This answer moved the caller; what followed from it may not have been done.
                self.resume(call).await?;
            }
            // An answer to a question that is no longer asked changes nothing.
            return self.place_at_end().await;
        };
        let planned = self.edge.floors().planned(&self.tenant).await?;
        let center = planned.center();
        let flow = self.pinned(center, call, &stored).await?;
        let language = language_of(center, &stored.details);
        let now = self.edge.parts.floors.clock().now();
        let facts = context(center, &stored.details, &language, (call, contact.channel), now);
        let scene = self.scene(center, &flow, call, &facts);
        let run = self.edge.parts.host.step(scene, &stored.position, &input).await;
        let trail = Trail::resumed(stored.path, &flow, &stored.position, &input);
        let trail = trail.with_asked(&run.asked);
        let known = Known { trail, details: &stored.details };
        self.follow(Walk { call, number, part: 1 }, run.step, known).await
    }

    /// Gives what the host runs a flow with.
    fn scene<'a>(
        &'a self,
        center: &'a Center,
        flow: &'a Flow,
        call: &'a ContactId,
        known: &'a Context<'a>,
    ) -> Scene<'a> {
        Scene { tenant: &self.tenant, center, flow, call, known }
    }

    /// Gives the version of the flow that a call began with, whatever was published meanwhile.
    ///
    /// When nobody has it any more, another one leads the caller to a person.
    async fn pinned(
        &self,
        center: &Center,
        call: &ContactId,
        stored: &Stored,
    ) -> Result<Arc<Flow>, Failure> {
        let Position { flow, version, .. } = &stored.position;
        let found = self.edge.parts.centers.flow(&self.tenant, center, flow, *version).await;
        found.or_else(|error| {
            warn!(call.id = %call, flow = %flow, version = %version, %error, "a flow is lost");
            let other = center.flow_for(flow, call.as_str()).map(Arc::clone);
            other.ok_or_else(|| ApiError::not_found("flow", flow.as_str()).into())
        })
    }

    /// Stores where the caller is now, and carries out what the flow says.
    async fn follow(
        &self,
        walk: Walk<'_>,
        step: Step,
        mut known: Known<'_>,
    ) -> Result<Place, Failure> {
        let trail = &mut known.trail;
        trail.go_to(&step.position);
        let command = Command::StepMenu {
            report: self.report(walk.call, walk.number, walk.part),
            menu: format!("{}\n{}", trail.path, step.position.encode()),
            trail: trail.told.encode(),
        };
        let applied = match self.edge.floors().apply(&self.tenant, command).await {
            Err(error) if is_elsewhere(&error) => return self.place_at_end().await,
            outcome => outcome?,
        };
        let place = self.place_of(&applied).await?;
        let Reply::Done { version } = applied.reply else {
            // The event was applied before; what followed from it may not have been sent.
            self.resume(walk.call).await?;
            return Ok(place);
        };
        self.carry_out(walk, step.directives, version, &known).await.map(|after| after.or(place))
    }

    async fn carry_out(
        &self,
        walk: Walk<'_>,
        directives: Vec<Directive>,
        version: u64,
        known: &Known<'_>,
    ) -> Result<Place, Failure> {
        let directives = carried(directives);
        let last = directives.len().saturating_sub(1);
        let asked = walk.number.saturating_mul(PARTS).saturating_add(walk.part);
        let leaves = directives.iter().any(|directive| matches!(directive, Directive::Route(_)));
        let (mut place, mut farewell) = (None, Vec::new());
        for (index, directive) in directives.into_iter().enumerate() {
            let id = if index == last { question_id(asked) } else { part_id(asked, index) };
            match directive {
                Directive::Route(route) => {
                    self.say_farewell(walk.call, std::mem::take(&mut farewell));
                    place = self.route(walk, &route, known).await?;
                }
                // Played alone it would be cut short by what the queue plays.
                Directive::Play(utterances) if leaves => {
                    farewell.extend(wire_flow::prompts(utterances));
                }
                said @ (Directive::Play(_)
                | Directive::Collect(_)
                | Directive::HangUp
                | Directive::Record(_)
                | Directive::Answered(_)) => {
                    let order = version * 16 + index as u64;
                    if let Some(command) = command_of(said) {
                        self.order(id, walk.call, order, command).await;
                    }
                }
            }
        }
        Ok(place)
    }

    async fn route(
        &self,
        walk: Walk<'_>,
        route: &RouteDirective,
        known: &Known<'_>,
    ) -> Result<Place, Failure> {
        let route = SessionRoute {
            queue: route.queue.clone(),
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
        let request = RouteRequest {
            queue: &route.queue,
            language: language.as_ref(),
            tier,
            skills: &route.skills,
            priority_boost: route.priority_boost,
        };
        let place = self.enqueue(walk, details, |planned, wish| {
            planned.route(request, wish).or_else(|| {
                // An older version of the flow may name a queue that is gone; people are not.
                let flow = flow_of(planned.center(), walk.call, details)?;
                planned.route(RouteRequest { queue: human_queue(flow)?, ..request }, wish)
            })
        });
        place.await?.ok_or_else(|| ApiError::not_found("queue", route.queue.as_str()).into())
    }

    /// Puts a contact in a queue; nothing when the center has no such queue.
    async fn enqueue(
        &self,
        walk: Walk<'_>,
        details: &Details,
        way: impl Fn(&Planned, Wish<'_>) -> Option<(RoutePlan, Route)> + Send + Sync,
    ) -> Result<Option<Place>, Failure> {
        let contact = self.edge.floor().contact(&self.tenant, walk.call).await?;
        let channel = contact.map_or(Channel::Voice, |contact| contact.channel);
        let known = known_by(details);
        let encoded = details.encode();
        let report = self.report(walk.call, walk.number, walk.part);
        let now = self.edge.parts.floors.clock().now();
        let applied = self.edge.floors().apply_planned(&self.tenant, |planned| {
            let (plan, route) = way(planned, Wish { channel, known: Some(&known), now })?;
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

    /// Does again what follows from where a caller stands in the menu: asks, plays, or routes.
    ///
    /// The position is stored already, so only what follows from it counts as another part.
    pub(crate) async fn ask_again(
        &self,
        call: &ContactId,
        contact: &Contact,
    ) -> Result<(), Failure> {
        let Some(stored) = Stored::read(contact) else {
            return self.begin_other_flow(call, contact).await;
        };
        let planned = self.edge.floors().planned(&self.tenant).await?;
        let center = planned.center();
        let flow = self.pinned(center, call, &stored).await?;
        let language = language_of(center, &stored.details);
        let now = self.edge.parts.floors.clock().now();
        let facts = context(center, &stored.details, &language, (call, contact.channel), now);
        let scene = self.scene(center, &flow, call, &facts);
        let run = self.edge.parts.host.step(scene, &stored.position, &Input::Start).await;
        let step = run.step;
        let number = contact.call_sequence / PARTS;
        let trail = Trail { path: stored.path, told: Details::new() };
        let known = Known { trail, details: &stored.details };
        let walk = Walk { call, number, part: contact.call_sequence % PARTS };
        self.carry_out(walk, step.directives, contact.version, &known).await.map(|_| ())
    }

    pub(crate) async fn place_at_end(&self) -> Result<Place, Failure> {
        let end = self.edge.floor().outbox_end(&self.tenant).await.map_err(RoutingError::Floor)?;
        Ok((end != OutboxId::START).then_some(end))
    }
}

/// Names the question that follows from an event of a call; the same after any takeover.
fn question_id(asked: u64) -> String {
    format!("menu-{asked}")
}

fn part_id(asked: u64, index: usize) -> String {
    format!("menu-{asked}-{index}")
}

/// Gives what a gateway is told of a directive; nothing of those that are not for gateways.
fn command_of(directive: Directive) -> Option<gateway_command::Command> {
    match directive {
        Directive::Play(utterances) => {
            Some(Wire::Play(Play { prompts: wire_flow::prompts(utterances), barge_in: false }))
        }
        Directive::Collect(collect) => Some(Wire::Collect(wire_flow::collect(collect))),
        Directive::HangUp => Some(Wire::Hangup(Hangup { cause: HangupCause::Normal.into() })),
        Directive::Route(_) | Directive::Record(_) | Directive::Answered(_) => None,
    }
}

/// Leaves out what neither a gateway nor the floor carries out, so that it is never waited for.
fn carried(mut directives: Vec<Directive>) -> Vec<Directive> {
    directives.retain(|it| !matches!(it, Directive::Record(_) | Directive::Answered(_)));
    directives
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_or_counted_is_neither_told_to_the_gateway_nor_waited_for() {
        let unseen = [Directive::Record(true), Directive::Answered("hours".into())];
        for directive in unseen.clone() {
            assert_eq!(command_of(directive), None);
        }

        let played = Directive::Play(Vec::new());
        let [record, answered] = unseen;
        let left = carried(vec![record, played.clone(), answered]);

        assert_eq!(left, [played]);
    }

    #[test]
    fn only_the_end_of_a_flow_hangs_up() {
        let hung_up = Wire::Hangup(Hangup { cause: HangupCause::Normal.into() });
        assert_eq!(command_of(Directive::HangUp), Some(hung_up));
    }
}
