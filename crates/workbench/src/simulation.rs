//! One simulated call: the stepper and the host of real calls, a scripted caller, a scripted world.

mod seen;
mod setup;

use std::sync::Arc;

use switchboard_center::{CallerInput, Given, SampleCustomer};
use switchboard_domain::center::{Center, Language};
use switchboard_domain::channel::Channel;
use switchboard_domain::floor::details::Details;
use switchboard_domain::flow::{
    CollectDirective, Context, Directive, Flow, Input, KnownCustomer, Outcome, Position, Step, Stop,
};
use switchboard_domain::ids::{ContactId, FlowId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_ivr_host::{IvrHost, Run, Scene, World as _, context};

use crate::keypad::{Act, Caller};
use crate::script::Script;
use crate::transcript::{Header, Transcript, Turn};

pub use setup::{SimulationError, find_flow};

/// A simulated call.
pub struct Simulation<'a> {
    center: &'a Center,
    flow: &'a Flow,
    header: Header,
    party: Party,
    host: Arc<IvrHost>,
    script: Arc<Script>,
    caller: Caller,
    now: Timestamp,
    /// Where the call is, once it has begun.
    at: Option<Standing>,
    turns: Vec<Turn>,
}

/// Who calls, and as whom the center knows the caller.
struct Party {
    tenant: TenantId,
    call: ContactId,
    channel: Channel,
    language: Language,
    details: Details,
    customer: Option<KnownCustomer>,
}

impl Party {
    /// Gives what the flow may know, made as for real calls.
    fn context<'b>(&'b self, center: &'b Center, now: Timestamp) -> Context<'b> {
        let call = (&self.call, self.channel);
        let known = context(center, &self.details, &self.language, call, now);
        Context { customer: self.customer.clone(), ..known }
    }

    fn scene<'b>(
        &'b self,
        center: &'b Center,
        flow: &'b Flow,
        known: &'b Context<'b>,
    ) -> Scene<'b> {
        Scene { tenant: &self.tenant, center, flow, call: &self.call, known }
    }
}

/// Where a call stands between two inputs.
struct Standing {
    position: Position,
    stop: Stop,
    listening: Option<CollectDirective>,
    ended: bool,
}

impl<'a> Simulation<'a> {
    /// Prepares a call of a flow; `now` is when it begins unless that is given.
    pub fn new(
        center: &'a Center,
        flow: &FlowId,
        given: &Given,
        now: Timestamp,
    ) -> Result<Self, SimulationError> {
        Self::with_customers(center, flow, given, now, Vec::new())
    }

    /// Prepares a call alike in a center with customers: they are recognised by their numbers, and
    /// `lookup` nodes find them.
    pub fn with_customers(
        center: &'a Center,
        flow: &FlowId,
        given: &Given,
        now: Timestamp,
        customers: Vec<SampleCustomer>,
    ) -> Result<Self, SimulationError> {
        setup::prepare(center, flow, given, now, customers)
    }

    /// Gives who calls whom, and when.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Lets the caller do something more.
    pub fn add(&mut self, inputs: impl IntoIterator<Item = CallerInput>) {
        self.caller.add(inputs);
    }

    /// Goes on to where the flow next waits or ends; nothing when it has ended, or the caller has
    /// nothing more to do.
    pub async fn next(&mut self) -> Option<&Turn> {
        let turn = match &self.at {
            None => self.begin().await,
            Some(standing) if standing.ended => return None,
            Some(standing) => {
                let act = self.caller.act(standing.listening.as_ref()?)?;
                self.take(act).await?
            }
        };
        self.turns.push(turn);
        self.turns.last()
    }

    /// Says whether the call is over.
    pub fn has_ended(&self) -> bool {
        self.at.as_ref().is_some_and(|standing| standing.ended)
    }

    /// Plays the whole call.
    pub async fn play(mut self) -> Transcript {
        while self.next().await.is_some() {}
        self.finish()
    }

    /// Gives what happened.
    pub fn finish(self) -> Transcript {
        let fields = self.at.as_ref().map(|at| at.position.fields.clone()).unwrap_or_default();
        let language = self.at.and_then(|at| at.position.language).unwrap_or(self.party.language);
        Transcript {
            header: self.header,
            turns: self.turns,
            fields,
            language,
            unasked: self.script.idle().into_iter().collect(),
            unused_inputs: self.caller.left(),
        }
    }

    async fn begin(&mut self) -> Turn {
        let known = self.party.context(self.center, self.now);
        let scene = self.party.scene(self.center, self.flow, &known);
        let step = self.settle(scene, self.host.start(scene).await).await;
        self.turn(Begun { input: None, stop: seen::first(self.flow), position: None }, step)
    }

    async fn take(&mut self, act: Act) -> Option<Turn> {
        let Act { input, shown, took } = act;
        self.now = self.now + took;
        let Standing { position, stop, .. } = self.at.take()?;
        let known = self.party.context(self.center, self.now);
        let scene = self.party.scene(self.center, self.flow, &known);
        let step = self.settle(scene, self.host.step(scene, &position, &input).await).await;
        Some(self.turn(Begun { input: Some(shown), stop, position: Some(position) }, step))
    }

    /// Answers what the host leaves to the gateway, such as whether a transfer was answered.
    async fn settle(&self, scene: Scene<'_>, run: Run) -> Step {
        let mut step = run.step;
        while let Some(Outcome::Ask(question)) = &step.outcome {
            let answer = self.script.answer(scene, question, &step.position).await;
            let after = self.host.step(scene, &step.position, &Input::Answer(answer)).await;
            step = step.then(after.step);
        }
        step
    }

    fn turn(&mut self, begun: Begun, step: Step) -> Turn {
        let asked = self.script.take_asked();
        let at = self.now;
        self.now = asked.iter().fold(self.now, |now, asked| now + asked.took);
        let before = begun.position.as_ref().map(|position| &position.fields);
        let turn = Turn {
            at,
            input: begun.input,
            fields: seen::changed(before, &step.position.fields),
            listening: seen::listening(&step.directives),
            ending: seen::ending(&step),
            seen: seen::stops(self.flow, &begun.stop, before.is_none(), &step, asked),
            hops: step.path.clone(),
        };
        let listening = step.directives.iter().rev().find_map(collect).cloned();
        let ended = turn.ending.is_some();
        let place = step.path.last().map_or(begun.stop, |hop| hop.to.clone());
        self.at = Some(Standing { position: step.position, stop: place, listening, ended });
        turn
    }
}

/// What a turn begins with.
struct Begun {
    input: Option<String>,
    stop: Stop,
    position: Option<Position>,
}

const fn collect(directive: &Directive) -> Option<&CollectDirective> {
    match directive {
        Directive::Collect(collect) => Some(collect),
        Directive::Play(_)
        | Directive::Record(_)
        | Directive::Answered(_)
        | Directive::Route(_)
        | Directive::HangUp => None,
    }
}
