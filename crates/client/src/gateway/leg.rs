//! One caller's leg: what a gateway does with it, told by commands and by the caller's script.
//!
//! A leg neither waits nor sends: it says what to report and when it wants to be looked at again.

mod bridge;
mod keys;
mod media;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use switchboard_api::call::v1::{
    self as wire, CommandOutcome, CommandResult, GatewayCommand, HangupCause, SessionToken, Side,
    gateway_command::Command, gateway_event::Event,
};

use crate::gateway::{BridgeOutcome, CallEvent, CallScript, Keys, Pace};
use crate::witness::GatewayWitness;
use bridge::Bridge;
use media::Playing;

/// What a leg has to say.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Report {
    /// Something happened.
    Event(Event),
    /// A command ended.
    Result(CommandResult),
}

/// A command as results refer to it.
#[derive(Clone, Debug, PartialEq)]
struct CommandRef {
    id: String,
    token: Option<SessionToken>,
}

impl CommandRef {
    /// What a repeat shares; a center that lost its memory may use an id again in a new epoch.
    fn key(&self) -> (u64, String) {
        (self.token.map_or(0, |token| token.epoch), self.id.clone())
    }
}

/// Whom the story of a call is told to.
pub(super) struct Teller {
    pub(super) call: String,
    pub(super) story: UnboundedSender<CallEvent>,
    pub(super) witness: Arc<dyn GatewayWitness>,
}

/// One caller's leg.
pub(super) struct Leg {
    script: CallScript,
    pace: Pace,
    keys: VecDeque<Keys>,
    bridges: VecDeque<BridgeOutcome>,
    transfers: VecDeque<Option<HangupCause>>,
    messages: VecDeque<Duration>,
    teller: Teller,
    pub(super) arrived: Instant,
    /// The highest number used among the events of this call.
    pub(super) call_sequence: u64,
    /// The session of the newest command carried out, and its number within the session.
    applied: (Option<SessionToken>, u64),
    /// Every command seen, with its result once it ended: repeats get the same answer.
    commands: BTreeMap<(u64, String), Option<CommandResult>>,
    playing: Option<Playing>,
    bridge: Bridge,
    leaves_at: Option<Instant>,
    ended: Option<wire::HungUp>,
    /// The agent and the offer at the end of the call.
    parted: Option<(String, String)>,
    /// How the call came to be.
    pub(super) origin: Origin,
}

/// How a call came to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A caller arrived.
    Arrived,
    /// The center had a customer called back, who is on the line or not yet.
    CalledBack {
        /// Whether the customer is on the line.
        reached: bool,
    },
    /// An agent asks another one about a call.
    Consult {
        /// That call.
        about: String,
    },
}

impl Leg {
    /// Lets a caller arrive.
    pub(super) fn new(script: CallScript, pace: Pace, teller: Teller, now: Instant) -> Self {
        Self {
            keys: script.keys.clone().into(),
            bridges: script.bridges.clone().into(),
            transfers: script.transfers.clone().into(),
            messages: script.messages.clone().into(),
            script,
            pace,
            teller,
            arrived: now,
            call_sequence: 0,
            applied: (None, 0),
            commands: BTreeMap::new(),
            playing: None,
            bridge: Bridge::None,
            leaves_at: None,
            ended: None,
            parted: None,
            origin: Origin::Arrived,
        }
    }

    /// Takes up a call that the center itself makes.
    pub(super) fn made_by_center(mut self, origin: Origin, last_call_sequence: u64) -> Self {
        self.origin = origin;
        self.call_sequence = last_call_sequence;
        self
    }

    /// Says whether there is anybody on the call: a customer who was not reached is not, nor is an
    /// agent who is yet to be asked.
    pub(super) fn is_up(&self) -> bool {
        let awaited = match self.origin {
            Origin::Arrived => false,
            Origin::CalledBack { reached } => !reached,
            Origin::Consult { .. } => self.bridge.connected().is_none(),
        };
        !self.is_over() && (!awaited || self.bridge.is_dialling())
    }

    /// Says that the caller arrived.
    pub(super) fn offered(&self) -> Event {
        Event::CallOffered(wire::CallOffered {
            calling_number: self.script.calling_number.clone(),
            called_number: self.script.called_number.clone(),
            caller_name: self.script.caller_name.clone(),
            presentation: self.script.presentation.into(),
            verification: self.script.verification.into(),
            channel: self.script.channel.into(),
            ivr_session_id: String::new(),
        })
    }

    /// Says what an inventory tells of this leg, up or just ended.
    pub(super) fn inventory(&self, now: Instant) -> wire::Leg {
        let (agent, offer) = self.bridge.connected().or_else(|| self.parted.clone()).unzip();
        wire::Leg {
            call_id: self.script.id.clone(),
            age: prost_types::Duration::try_from(now - self.arrived).ok(),
            bridged_agent_id: agent,
            bridged_offer_id: offer,
            on_hold: false,
            last_call_sequence: self.call_sequence,
            calling_number: self.script.calling_number.clone(),
            called_number: self.script.called_number.clone(),
            ended_by: self.ended.map_or(0, |hung_up| hung_up.side),
            channel: self.script.channel.into(),
        }
    }

    /// Tells whether the caller has gone.
    pub(super) const fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    /// Says when something happens by itself.
    pub(super) fn due(&self) -> Option<Instant> {
        let playing = self.playing.as_ref().map(|playing| playing.until);
        [playing, self.bridge.due(), self.leaves_at].into_iter().flatten().min()
    }

    /// Tells the onlooker, and the story's listener, who may have gone.
    pub(super) fn tell(&self, event: CallEvent) {
        self.teller.witness.happens(&self.teller.call, &event);
        drop(self.teller.story.send(event));
    }

    /// Carries a command out, once.
    pub(super) fn obey(
        &mut self,
        command: GatewayCommand,
        current: Option<SessionToken>,
        now: Instant,
    ) -> Vec<Report> {
        let mut reports = Vec::new();
        let this = CommandRef { id: command.command_id.clone(), token: command.token };
        if let Some(known) = self.commands.get(&this.key()) {
            reports.extend(known.clone().map(Report::Result));
            return reports;
        }
        if !self.is_newest(&command, current) {
            // It was not carried out, and may come again in its turn.
            let (outcome, detail) = (CommandOutcome::Superseded, "stale token or sequence");
            reports.push(Report::Result(result(&self.script.id, &this, outcome, detail)));
            return reports;
        }
        self.commands.insert(this.key(), None);
        if self.is_over() && !matches!(command.command, Some(Command::Query(_))) {
            self.end(&this, CommandOutcome::Cancelled, "the call has ended", &mut reports);
            return reports;
        }
        self.applied = (command.token, command.call_sequence);
        match command.command {
            Some(command) => self.carry_out(this, command, now, &mut reports),
            None => self.end(&this, CommandOutcome::Failed, "unknown command", &mut reports),
        }
        reports
    }

    /// Does what has come due.
    pub(super) fn tick(&mut self, now: Instant) -> Vec<Report> {
        let mut reports = Vec::new();
        if self.playing.as_ref().is_some_and(|playing| playing.until <= now) {
            self.finish_media(&mut reports);
        }
        if self.bridge.due().is_some_and(|due| due <= now) {
            self.finish_bridge(now, &mut reports);
        }
        if self.leaves_at.is_some_and(|leaves| leaves <= now) {
            self.hang_up(HangupCause::Normal, Side::Caller, &mut reports);
        }
        reports
    }

    /// Ends the caller's leg.
    pub(super) fn hang_up(&mut self, cause: HangupCause, side: Side, reports: &mut Vec<Report>) {
        if self.is_over() {
            return;
        }
        self.parted = self.bridge.connected();
        self.cancel_all(reports);
        let hung_up = wire::HungUp { cause: cause.into(), side: side.into() };
        self.ended = Some(hung_up);
        self.leaves_at = None;
        reports.push(Report::Event(Event::HungUp(hung_up)));
        self.tell(CallEvent::Ended { side, cause });
    }

    /// A command of an older session, or one overtaken by a later one, is not carried out.
    pub(super) fn is_newest(
        &self,
        command: &GatewayCommand,
        current: Option<SessionToken>,
    ) -> bool {
        let fresh = command.token.is_some() && command.token == current;
        let (token, sequence) = &self.applied;
        fresh && (*token != command.token || command.call_sequence > *sequence)
    }

    fn carry_out(
        &mut self,
        this: CommandRef,
        command: Command,
        now: Instant,
        reports: &mut Vec<Report>,
    ) {
        match command {
            Command::Play(play) => self.play(this, &play, now, reports),
            Command::Collect(collect) => self.collect(this, &collect, now, reports),
            Command::QueueTreatment(treatment) => self.treat(this, treatment, now, reports),
            Command::Bridge(bridge) => self.connect(this, bridge, now, reports),
            Command::Hangup(hangup) => self.dismiss(this, &hangup, now, reports),
            Command::Transfer(transfer) => self.transfer(this, &transfer, now, reports),
            Command::RecordMessage(order) => self.record_message(this, &order, now, reports),
            Command::SetRecording(recording) => {
                self.tell(CallEvent::Recording { on: recording.on });
                self.end(&this, CommandOutcome::Done, "", reports);
            }
            Command::Query(_) => self.answer_query(&this, reports),
            Command::Dial(dial) => {
                let wire::Dial { agent_id, endpoint, offer_id, .. } = dial;
                let bridge = wire::Bridge { agent_id, endpoint, offer_id };
                self.connect(this, bridge, now, reports);
            }
            Command::Consult(consult) => {
                let wire::Consult { agent_id, endpoint, offer_id, .. } = consult;
                let bridge = wire::Bridge { agent_id, endpoint, offer_id };
                self.connect(this, bridge, now, reports);
            }
            Command::Divert(divert) => {
                let (kind, target) = (divert.kind(), divert.target);
                self.tell(CallEvent::Diverted { kind, target });
                self.end(&this, CommandOutcome::Done, "", reports);
                self.hang_up(HangupCause::Normal, Side::Center, reports);
            }
        }
    }

    fn answer_query(&self, this: &CommandRef, reports: &mut Vec<Report>) {
        let truth = self.ended.map(Event::HungUp).or_else(|| self.bridge.truth());
        let detail = if truth.is_none() { "the caller is with no agent" } else { "" };
        reports.extend(truth.map(Report::Event));
        reports.push(Report::Result(result(&self.script.id, this, CommandOutcome::Done, detail)));
    }

    /// Ends a command, once.
    fn end(
        &mut self,
        this: &CommandRef,
        outcome: CommandOutcome,
        detail: &str,
        reports: &mut Vec<Report>,
    ) {
        let result = result(&self.script.id, this, outcome, detail);
        self.commands.insert(this.key(), Some(result.clone()));
        reports.push(Report::Result(result));
    }

    /// The call is over: what was under way never ends well.
    fn cancel_all(&mut self, reports: &mut Vec<Report>) {
        if let Some(playing) = self.playing.take() {
            // Who hangs up at the end of a message has left it.
            reports.extend(playing.message().cloned().map(Report::Event));
            self.end(&playing.command, CommandOutcome::Cancelled, "the call ended", reports);
        }
        if let Bridge::Dialling { command, .. } = &self.bridge {
            let command = command.clone();
            self.bridge = Bridge::None;
            self.end(&command, CommandOutcome::Cancelled, "the call ended", reports);
        }
    }
}

/// Answers a command for a call that this gateway does not have.
pub(super) fn unknown_call(command: &GatewayCommand) -> CommandResult {
    let this = CommandRef { id: command.command_id.clone(), token: command.token };
    result(&command.call_id, &this, CommandOutcome::Failed, "no such call")
}

fn result(call: &str, this: &CommandRef, outcome: CommandOutcome, detail: &str) -> CommandResult {
    CommandResult {
        command_id: this.id.clone(),
        token: this.token,
        call_id: call.to_owned(),
        outcome: outcome.into(),
        detail: detail.to_owned(),
    }
}

#[cfg(test)]
mod tests;
