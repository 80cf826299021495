//! A caller moves through the menu: an answer comes in, the flow says what is next.

mod begin;
mod errand;
mod orders;
mod placing;

use std::sync::Arc;

use switchboard_api::ApiError;
use switchboard_api::call::v1::{DigitsCollected, HangupCause, MessageRecorded, TransferEnded};
use switchboard_api::convert::flow as wire_flow;
use switchboard_api::field;
use switchboard_domain::center::Center;
use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Command, Reply};
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::state::{Contact, ContactState};
use switchboard_domain::flow::{Context, Flow, Input, Outcome, Position, Respondent};
use switchboard_domain::ids::{ContactId, FlowId};
use switchboard_ivr_host::{Fact, Message, Run, Said, Scene, Trail, context, language_of};
use switchboard_store::outbox::OutboxId;

use crate::events::{Failure, Place};
use crate::reports::is_elsewhere;
use crate::session::{FOUND, PARTS, Session};
use errand::{Asking, Errand};
use orders::question_id;

/// Which event moves the caller: the call and how it came in, the number of the event, and the next
/// free part of it.
#[derive(Clone, Copy)]
pub(crate) struct Walk<'a> {
    pub(crate) call: &'a ContactId,
    pub(crate) channel: Channel,
    pub(crate) number: u64,
    pub(crate) part: u64,
}

impl<'a> Walk<'a> {
    /// Moves a caller who was moved last by an event that is done with: the next part of that event.
    fn after(call: &'a ContactId, contact: &Contact) -> Self {
        let (number, last) = (contact.call_sequence / PARTS, contact.call_sequence % PARTS);
        Self { call, channel: contact.channel, number, part: last + 1 }
    }

    /// Begins anew with a caller whom an inventory found: nothing repeats what may have been asked
    /// before memory was lost.
    pub(crate) fn found(call: &'a ContactId, contact: &Contact) -> Self {
        let after = Self::after(call, contact);
        Self { part: after.part.max(FOUND), ..after }
    }
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
        let DigitsCollected { command_id, digits: keys, reason } = digits;
        let input = wire_flow::pressed(("digits", keys), ("reason", reason))?;
        self.answer(call, Some(number), &command_id, Said::Input(input)).await
    }

    /// Takes the end of what was played.
    pub(crate) async fn media_done(
        &self,
        call: &ContactId,
        number: u64,
        command_id: &str,
    ) -> Result<Place, Failure> {
        self.answer(call, Some(number), command_id, Said::Input(Input::MediaDone)).await
    }

    /// Takes the end of a transfer to a telephone outside.
    pub(crate) async fn transfer_ended(
        &self,
        call: &ContactId,
        number: u64,
        ended: &TransferEnded,
    ) -> Result<Place, Failure> {
        field::known::<HangupCause>("cause", ended.cause)?;
        let said = Said::Fact(Fact::Transferred(ended.connected));
        self.answer(call, Some(number), &ended.command_id, said).await
    }

    /// Takes a message that a caller left.
    pub(crate) async fn message_recorded(
        &self,
        call: &ContactId,
        number: u64,
        recorded: MessageRecorded,
    ) -> Result<Place, Failure> {
        let command_id = recorded.command_id.clone();
        let message = wire_flow::recorded(recorded)?;
        let message = message.map(|(asset, length)| Message { asset, length });
        self.answer(call, Some(number), &command_id, Said::Fact(Fact::Recorded(message))).await
    }

    /// Goes on with the answer to a question; without a number it is not from an event.
    async fn answer(
        &self,
        call: &ContactId,
        number: Option<u64>,
        command_id: &str,
        said: Said,
    ) -> Result<Place, Failure> {
        let floor = self.edge.floor();
        let contact = floor.contact(&self.tenant, call).await?;
        let Some(contact) = contact else {
            return Err(ApiError::not_found("call", call.as_str()).into());
        };
        let asked = command_id == format!("{call}/{}", question_id(contact.call_sequence));
        let stored = Stored::read(&contact).filter(|_| contact.state == ContactState::InMenu);
        let (Some(stored), true) = (stored, asked) else {
            let last = contact.call_sequence / PARTS;
            if contact.state == ContactState::InMenu && number == Some(last) {
                // This answer moved the caller; what followed from it may not have been done.
                self.resume(call).await?;
            }
            // An answer to a question that is no longer asked changes nothing.
            return self.place_at_end().await;
        };
        let last = Walk::after(call, &contact);
        let walk = number.map_or(last, |number| Walk { number, part: 1, ..last });
        self.advance(walk, &contact, stored, said).await
    }

    /// Takes a caller from where the flow waits to where it waits next.
    async fn advance(
        &self,
        walk: Walk<'_>,
        contact: &Contact,
        stored: Stored,
        said: Said,
    ) -> Result<Place, Failure> {
        let planned = self.edge.floors().planned(&self.tenant).await?;
        let center = planned.center();
        let flow = self.pinned(center, walk.call, &stored.position).await?;
        let language = language_of(center, &stored.details);
        let now = self.edge.parts.floors.clock().now();
        let facts = context(center, &stored.details, &language, (walk.call, contact.channel), now);
        let scene = self.scene(center, &flow, walk.call, &facts);
        let host = &self.edge.parts.host;
        let (run, input) = host.take(scene, &stored.position, said).await;
        let trail = Trail::resumed(stored.path, &flow, &stored.position, &input).with_run(&run);
        let known = Known { trail, details: &stored.details };
        self.follow(walk, run, known).await
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

    /// Gives the version of the flow that a call began with, or else one that leads to a person.
    async fn pinned(
        &self,
        center: &Center,
        call: &ContactId,
        position: &Position,
    ) -> Result<Arc<Flow>, Failure> {
        let Position { flow, version, .. } = position;
        let centers = &self.edge.parts.centers;
        let found = centers.flow_or_other(&self.tenant, center, (flow, *version), call).await;
        found.ok_or_else(|| ApiError::not_found("flow", flow.as_str()).into())
    }

    /// Stores where the caller is now, and carries out what the flow says.
    async fn follow(
        &self,
        walk: Walk<'_>,
        run: Run,
        mut known: Known<'_>,
    ) -> Result<Place, Failure> {
        let trail = &mut known.trail;
        trail.go_to(&run.step.position);
        let command = Command::StepMenu {
            report: self.report(walk.call, walk.number, walk.part),
            menu: format!("{}\n{}", trail.path, run.step.position.encode()),
            trail: trail.told.encode(),
        };
        let applied = match self.edge.floors().apply(&self.tenant, command).await {
            Err(error) if is_elsewhere(&error) => return self.place_at_end().await,
            outcome => outcome?,
        };
        let place = self.place_of(&applied).await?;
        let Reply::Done { version } = applied.reply else {
            // The event was applied before; what followed from it may not have been sent.
            Box::pin(self.resume(walk.call)).await?;
            return Ok(place);
        };
        self.go_about(walk, version, run, &known).await.map(|after| after.or(place))
    }

    /// Carries out what the flow says, and asks outside what it asks there.
    async fn go_about(
        &self,
        walk: Walk<'_>,
        version: u64,
        run: Run,
        known: &Known<'_>,
    ) -> Result<Place, Failure> {
        let place = self.carry_out(walk, &run, version, known).await?;
        if let Some(Outcome::Ask(question)) = run.step.outcome
            && question.respondent() == Respondent::Outside
        {
            self.run_errand(Errand::Ask(Box::new(Asking {
                call: walk.call.clone(),
                number: walk.number,
                part: walk.part,
                channel: walk.channel,
                path: known.trail.path.clone(),
                details: known.details.clone(),
                position: run.step.position,
                question,
                answered: None,
            })));
        }
        Ok(place)
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
        let flow = self.pinned(center, call, &stored.position).await?;
        let language = language_of(center, &stored.details);
        let now = self.edge.parts.floors.clock().now();
        let facts = context(center, &stored.details, &language, (call, contact.channel), now);
        let scene = self.scene(center, &flow, call, &facts);
        let mut run = self.edge.parts.host.step(scene, &stored.position, &Input::Start).await;
        let trail = Trail { path: stored.path, told: Details::new() };
        let known = Known { trail, details: &stored.details };
        if run.step.position.node != stored.position.node {
            // What only a lost replica knew has to be asked for again, at another node.
            let walk = Walk::after(call, contact);
            return self.follow(walk, run, known).await.map(|_| ());
        }
        // A question that is asked again is the same one.
        run.step.position = stored.position;
        let walk = Walk { part: contact.call_sequence % PARTS, ..Walk::after(call, contact) };
        self.go_about(walk, contact.version, run, &known).await.map(|_| ())
    }

    /// Gives where the outbox ends in the epoch of the session, if it holds anything.
    pub(crate) async fn place_at_end(&self) -> Result<Place, Failure> {
        let end = self.edge.outbox_end(&self.tenant, self.token().epoch).await?;
        Ok((end != OutboxId::START).then_some(end))
    }
}
