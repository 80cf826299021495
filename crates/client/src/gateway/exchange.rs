//! All calls of a gateway: numbers their events, keeps them until recorded, lists them on demand.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::time::Instant;
use tracing::warn;

use switchboard_api::call::v1::{
    Acknowledged, GatewayCommand, GatewayEvent, HangupCause, Inventory, QueueProgress, Rejected,
    RunCallsRequest, SessionToken, Side, Welcome, gateway_command::Command, gateway_event::Event,
    run_calls_request::Message,
};
use switchboard_api::convert::time::timestamp;
use switchboard_domain::time::Timestamp;

use super::leg::{Leg, Origin, Report, Teller, unknown_call};
use super::{CallEvent, CallScript, Pace};
use crate::witness::GatewayWitness;

/// How many legs one chunk of an inventory may hold.
const CHUNK: usize = 200;
/// How many ended calls are remembered, for commands that come late.
const REMEMBERED: usize = 1_000;

/// The wall clock of a gateway.
pub type WallClock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What a test or a demo does to a call from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nudge {
    /// The caller puts the phone down.
    CallerHangsUp,
    /// The agent puts the phone down.
    AgentHangsUp,
}

/// All calls of one gateway.
pub(super) struct Exchange {
    pace: Pace,
    wall: WallClock,
    witness: Arc<dyn GatewayWitness>,
    legs: BTreeMap<String, Leg>,
    ended: VecDeque<String>,
    /// How customers behave when the center calls them, by the id of the callback.
    expected: BTreeMap<String, (CallScript, UnboundedSender<CallEvent>)>,
    last_sequence: u64,
    unrecorded: VecDeque<GatewayEvent>,
    token: Option<SessionToken>,
}

impl Exchange {
    pub(super) fn new(pace: Pace, wall: WallClock, witness: Arc<dyn GatewayWitness>) -> Self {
        Self {
            pace,
            wall,
            witness,
            legs: BTreeMap::new(),
            ended: VecDeque::new(),
            expected: BTreeMap::new(),
            last_sequence: 0,
            unrecorded: VecDeque::new(),
            token: None,
        }
    }

    /// Counts the events that are not recorded yet.
    pub(super) fn unrecorded(&self) -> usize {
        self.unrecorded.len()
    }

    /// Says when the next thing happens by itself.
    pub(super) fn due(&self) -> Option<Instant> {
        self.legs.values().filter_map(Leg::due).min()
    }

    /// Lets a caller arrive.
    pub(super) fn place(
        &mut self,
        script: CallScript,
        story: UnboundedSender<CallEvent>,
        now: Instant,
    ) -> Vec<RunCallsRequest> {
        let id = script.id.clone();
        let teller = Teller { call: id.clone(), story, witness: Arc::clone(&self.witness) };
        let leg = Leg::new(script, self.pace, teller, now);
        let offered = Report::Event(leg.offered());
        self.legs.insert(id.clone(), leg);
        self.send(&id, vec![offered])
    }

    /// Notes how a customer behaves who may be called.
    pub(super) fn expect(&mut self, script: CallScript, story: UnboundedSender<CallEvent>) {
        self.expected.insert(script.id.clone(), (script, story));
    }

    /// Takes up a call that the center itself makes: a callback or a consultation.
    fn take_up(&mut self, command: &GatewayCommand, now: Instant) {
        let id = &command.call_id;
        let (origin, last_call_sequence) = match &command.command {
            Some(Command::Dial(dial)) => {
                (Origin::CalledBack { reached: false }, dial.last_call_sequence)
            }
            Some(Command::Consult(consult)) => {
                let about = consult.parent_call_id.clone();
                (Origin::Consult { about }, consult.last_call_sequence)
            }
            _ => return,
        };
        if self.legs.contains_key(id) {
            return;
        }
        // Nobody listens to the story of a call that was not expected.
        let unexpected = || (CallScript::new(id, "", ""), mpsc::unbounded_channel().0);
        let (script, story) = self.expected.remove(id).unwrap_or_else(unexpected);
        let teller = Teller { call: id.clone(), story, witness: Arc::clone(&self.witness) };
        let leg = Leg::new(script, self.pace, teller, now);
        self.legs.insert(id.clone(), leg.made_by_center(origin, last_call_sequence));
    }

    /// A consultation ends when its agent gets the call itself; so does one about a callback, whose
    /// customer is on the line already.
    fn join_consults(&mut self, command: &GatewayCommand) -> Vec<RunCallsRequest> {
        if !matches!(command.command, Some(Command::Bridge(_) | Command::Dial(_))) {
            return Vec::new();
        }
        let current = self.token;
        let call = self.legs.get(&command.call_id);
        if !call.is_some_and(|leg| leg.is_newest(command, current)) {
            return Vec::new();
        }
        let about = Origin::Consult { about: command.call_id.clone() };
        let over = self.legs.iter_mut().filter(|(_, leg)| leg.origin == about);
        let ended = |(id, leg): (&String, &mut Leg)| {
            let mut reports = Vec::new();
            leg.hang_up(HangupCause::Normal, Side::Center, &mut reports);
            (id.clone(), reports)
        };
        let ended: Vec<(String, Vec<Report>)> = over.map(ended).collect();
        ended.into_iter().flat_map(|(id, reports)| self.send(&id, reports)).collect()
    }

    /// Starts a session: lists the legs that are up, then says again what is not recorded.
    pub(super) fn welcome(&mut self, welcome: &Welcome, now: Instant) -> Vec<RunCallsRequest> {
        self.token = welcome.token;
        self.forget_through(welcome.recorded_through);
        let cancelled = self.stop_dialling();
        let mut requests = self.inventory(now);
        requests.extend(cancelled);
        let again = self.unrecorded.iter().cloned().map(Message::Event).map(request);
        requests.extend(again);
        requests
    }

    /// A bridge ordered in an older session must not come up in this one.
    fn stop_dialling(&mut self) -> Vec<RunCallsRequest> {
        let stop = |(id, leg): (&String, &mut Leg)| (id.clone(), leg.stop_dialling());
        let stopped: Vec<(String, Vec<Report>)> = self.legs.iter_mut().map(stop).collect();
        stopped.into_iter().flat_map(|(id, reports)| self.send(&id, reports)).collect()
    }

    /// Ends the session; calls go on.
    pub(super) fn disconnected(&mut self) {
        self.token = None;
    }

    /// Forgets what is recorded.
    pub(super) fn acknowledged(&mut self, acknowledged: &Acknowledged) {
        self.forget_through(acknowledged.recorded_through);
    }

    /// Tells the call of a refused event.
    ///
    /// The event keeps its place until all before it count as recorded: said again after a welcome
    /// with a hole in their numbers, those behind it would be taken for the rest of a loss.
    pub(super) fn rejected(&self, rejected: Rejected) {
        let mut unrecorded = self.unrecorded.iter();
        let Some(event) = unrecorded.find(|event| event.sequence == rejected.sequence) else {
            return;
        };
        warn!(call.id = event.call_id, reason = rejected.reason, "the center refused an event");
        if let Some(leg) = self.legs.get(&event.call_id) {
            let Rejected { reason, message, .. } = rejected;
            leg.tell(CallEvent::Refused { reason, message });
        }
    }

    /// Tells a waiting caller how they get on.
    pub(super) fn progress(&self, progress: &QueueProgress) {
        let Some(leg) = self.legs.get(&progress.call_id) else { return };
        let span = |span: Option<prost_types::Duration>| span?.try_into().ok();
        leg.tell(CallEvent::GetsOn {
            position: progress.position,
            at_most: span(progress.announced_wait),
            estimated: span(progress.wait.as_ref().and_then(|wait| wait.estimate)),
        });
    }

    /// Carries out a command.
    pub(super) fn obey(&mut self, command: GatewayCommand, now: Instant) -> Vec<RunCallsRequest> {
        let current = self.token;
        self.take_up(&command, now);
        let mut requests = self.join_consults(&command);
        let Some(leg) = self.legs.get_mut(&command.call_id) else {
            return vec![request(Message::Result(unknown_call(&command)))];
        };
        let id = command.call_id.clone();
        let reports = leg.obey(command, current, now);
        requests.extend(self.send(&id, reports));
        requests
    }

    /// Does something to a call from outside.
    pub(super) fn nudge(&mut self, id: &str, nudge: Nudge) -> Vec<RunCallsRequest> {
        let Some(leg) = self.legs.get_mut(id) else { return Vec::new() };
        let mut reports = Vec::new();
        match nudge {
            Nudge::CallerHangsUp => {
                leg.hang_up(HangupCause::Normal, Side::Caller, &mut reports);
            }
            Nudge::AgentHangsUp => leg.agent_hangs_up(&mut reports),
        }
        self.send(id, reports)
    }

    /// Does what has come due on every call.
    pub(super) fn tick(&mut self, now: Instant) -> Vec<RunCallsRequest> {
        let is_due = |leg: &Leg| leg.due().is_some_and(|due| due <= now);
        let due: Vec<String> =
            self.legs.iter().filter(|(_, leg)| is_due(leg)).map(|(id, _)| id.clone()).collect();
        let mut requests = Vec::new();
        for id in due {
            let reports = self.legs.get_mut(&id).map(|leg| leg.tick(now)).unwrap_or_default();
            requests.extend(self.send(&id, reports));
        }
        requests
    }

    fn inventory(&self, now: Instant) -> Vec<RunCallsRequest> {
        // A call whose end is not recorded is listed, or the center would count it as lost. One whose
        // customer was not reached is not, whatever is still to be told of it.
        let open: BTreeSet<&str> =
            self.unrecorded.iter().map(|event| event.call_id.as_str()).collect();
        let ended = |id: &str, leg: &Leg| leg.is_over() && open.contains(id);
        let told = self.legs.iter().filter(|(id, leg)| leg.is_up() || ended(id, leg));
        let legs: Vec<_> = told.map(|(_, leg)| leg.inventory(now)).collect();
        let mut chunks: Vec<_> = legs.chunks(CHUNK).map(<[_]>::to_vec).collect();
        if chunks.is_empty() {
            chunks.push(Vec::new());
        }
        let last = chunks.len() - 1;
        let chunk = |(index, chunk)| {
            let token = self.token;
            let inventory = Inventory { token, legs: chunk, r#final: index == last };
            request(Message::Inventory(inventory))
        };
        chunks.into_iter().enumerate().map(chunk).collect()
    }

    fn forget_through(&mut self, sequence: u64) {
        while self.unrecorded.front().is_some_and(|event| event.sequence <= sequence) {
            self.unrecorded.pop_front();
        }
    }

    /// Puts reports on the wire; without a session, events wait for the next one.
    fn send(&mut self, id: &str, reports: Vec<Report>) -> Vec<RunCallsRequest> {
        let mut requests = Vec::new();
        for report in reports {
            match report {
                Report::Event(event) => {
                    let event = self.number(id, event);
                    self.unrecorded.push_back(event.clone());
                    requests.push(request(Message::Event(event)));
                }
                Report::Result(result) => requests.push(request(Message::Result(result))),
            }
        }
        self.forget_old_calls(id);
        if self.token.is_some() { requests } else { Vec::new() }
    }

    fn number(&mut self, id: &str, event: Event) -> GatewayEvent {
        self.last_sequence += 1;
        let call_sequence = self.legs.get_mut(id).map_or(1, |leg| {
            leg.call_sequence += 1;
            leg.call_sequence
        });
        GatewayEvent {
            sequence: self.last_sequence,
            call_id: id.to_owned(),
            call_sequence,
            occurred_at: Some(timestamp((self.wall)())),
            age: None,
            event: Some(event),
        }
    }

    fn forget_old_calls(&mut self, id: &str) {
        if self.legs.get(id).is_some_and(Leg::is_over) && self.ended.back().is_none_or(|e| e != id)
        {
            self.ended.push_back(id.to_owned());
        }
        while self.ended.len() > REMEMBERED {
            let oldest = self.ended.pop_front();
            oldest.and_then(|oldest| self.legs.remove(&oldest));
        }
    }
}

fn request(message: Message) -> RunCallsRequest {
    RunCallsRequest { message: Some(message) }
}

#[cfg(test)]
mod tests;
