//! What a caller hears and presses.

use std::time::Duration;

use tokio::time::Instant;

use switchboard_api::call::v1::{
    self as wire, Collect, CommandOutcome, Hangup, HangupCause, MediaDone, MessageRecorded, Play,
    Prompt, QueueTreatment, RecordMessage, Side, TransferEnded, gateway_event::Event,
};

use super::{CommandRef, Leg, Report, keys};
use crate::gateway::{CallEvent, Keys};

/// A command that plays something, until when.
pub(super) struct Playing {
    pub(super) command: CommandRef,
    pub(super) until: Instant,
    ends_with: Ending,
    /// Whether nobody may see the keys.
    sensitive: bool,
}

impl Playing {
    const fn new(command: CommandRef, until: Instant, ends_with: Ending) -> Self {
        Self { command, until, ends_with, sensitive: false }
    }

    /// Gives the message that is being recorded.
    pub(super) const fn message(&self) -> Option<&Event> {
        match &self.ends_with {
            Ending::Told(event @ Event::MessageRecorded(_)) => Some(event),
            Ending::Told(_) | Ending::HangUp(_) | Ending::Transferred(_) => None,
        }
    }
}

/// What happens when it was played to its end.
pub(super) enum Ending {
    /// It is told.
    Told(Event),
    /// The call ends.
    HangUp(HangupCause),
    /// Somebody outside answers, and has the call from then on, or does not.
    Transferred(TransferEnded),
}

impl Leg {
    pub(super) fn play(
        &mut self,
        this: CommandRef,
        play: &Play,
        now: Instant,
        reports: &mut Vec<Report>,
    ) {
        self.take_back(reports);
        let spoken = self.speak(&play.prompts);
        let done = Event::MediaDone(MediaDone { command_id: this.id.clone() });
        self.playing = Some(Playing::new(this, now + spoken, Ending::Told(done)));
    }

    pub(super) fn collect(
        &mut self,
        this: CommandRef,
        collect: &Collect,
        now: Instant,
        reports: &mut Vec<Report>,
    ) {
        self.take_back(reports);
        let spoken = self.speak(&collect.prompts);
        let keys = self.keys.pop_front().unwrap_or(Keys::Silence);
        let patience = collect.first_digit_timeout.and_then(|span| Duration::try_from(span).ok());
        let thinking = match keys {
            Keys::Press(_) => self.pace.keys,
            Keys::Silence => patience.unwrap_or_default().min(self.pace.silence),
        };
        let collected = keys::collect(&this.id, &keys, collect);
        let until = now + spoken + thinking;
        let ends_with = Ending::Told(Event::DigitsCollected(collected));
        let sensitive = collect.sensitive;
        self.playing = Some(Playing { sensitive, ..Playing::new(this, until, ends_with) });
    }

    pub(super) fn treat(
        &mut self,
        this: CommandRef,
        treatment: QueueTreatment,
        now: Instant,
        reports: &mut Vec<Report>,
    ) {
        self.take_back(reports);
        self.tell(CallEvent::Waits {
            queue: treatment.queue_id,
            position: treatment.position,
            estimated: treatment.estimated_wait.and_then(|span| Duration::try_from(span).ok()),
        });
        if self.leaves_at.is_none() {
            self.leaves_at = self.script.patience.map(|patience| now + patience);
        }
        let spoken = self.speak(&treatment.prompts);
        let done = Ending::Told(Event::MediaDone(MediaDone { command_id: this.id.clone() }));
        self.playing = Some(Playing::new(this, now + spoken, done));
    }

    /// Ends the call once its last words are spoken.
    pub(super) fn dismiss(
        &mut self,
        this: CommandRef,
        hangup: &Hangup,
        now: Instant,
        reports: &mut Vec<Report>,
    ) {
        if hangup.prompts.is_empty() {
            self.end(&this, CommandOutcome::Done, "", reports);
            self.hang_up(hangup.cause(), Side::Center, reports);
            return;
        }
        self.take_back(reports);
        let until = now + self.speak(&hangup.prompts);
        let ends_with = Ending::HangUp(hangup.cause());
        self.playing = Some(Playing::new(this, until, ends_with));
    }

    /// Calls a telephone outside.
    pub(super) fn transfer(
        &mut self,
        this: CommandRef,
        transfer: &wire::Transfer,
        now: Instant,
        reports: &mut Vec<Report>,
    ) {
        self.take_back(reports);
        let until = now + self.speak(&transfer.prompts) + self.pace.bridge;
        self.tell(CallEvent::Transferring { number: transfer.number.clone() });
        let failure = self.transfers.pop_front().flatten();
        let ends_with = Ending::Transferred(TransferEnded {
            command_id: this.id.clone(),
            connected: failure.is_none(),
            cause: failure.unwrap_or_default().into(),
        });
        self.playing = Some(Playing::new(this, until, ends_with));
    }

    /// Records a message.
    pub(super) fn record_message(
        &mut self,
        this: CommandRef,
        order: &RecordMessage,
        now: Instant,
        reports: &mut Vec<Report>,
    ) {
        self.take_back(reports);
        let spoken = self.speak(&order.prompts);
        let longest = order.max_length.and_then(|span| Duration::try_from(span).ok());
        let said = self.messages.pop_front().unwrap_or_default();
        let length = said.min(longest.unwrap_or_default());
        let named = format!("{}-message", self.script.id);
        let asset = if length.is_zero() { String::new() } else { named };
        self.tell(CallEvent::Recorded { asset: asset.clone(), length });
        let ends_with = Ending::Told(Event::MessageRecorded(MessageRecorded {
            command_id: this.id.clone(),
            asset,
            length: prost_types::Duration::try_from(length).ok(),
        }));
        let until = now + spoken + length.min(self.pace.silence);
        self.playing = Some(Playing::new(this, until, ends_with));
    }

    pub(super) fn finish_media(&mut self, reports: &mut Vec<Report>) {
        let Some(playing) = self.playing.take() else { return };
        match playing.ends_with {
            Ending::Told(event) => {
                if let Event::DigitsCollected(wire::DigitsCollected { digits, .. }) = &event {
                    let hidden = "•".repeat(digits.len());
                    let keys = if playing.sensitive { hidden } else { digits.clone() };
                    self.tell(CallEvent::Pressed { keys });
                }
                reports.push(Report::Event(event));
                self.end(&playing.command, CommandOutcome::Done, "", reports);
            }
            Ending::HangUp(cause) => {
                self.end(&playing.command, CommandOutcome::Done, "", reports);
                self.hang_up(cause, Side::Center, reports);
            }
            Ending::Transferred(ended) => {
                let connected = ended.connected;
                reports.push(Report::Event(Event::TransferEnded(ended)));
                self.end(&playing.command, CommandOutcome::Done, "", reports);
                if connected {
                    self.hang_up(HangupCause::Normal, Side::Center, reports);
                }
            }
        }
    }

    /// Stops what is played now: a later command took its place.
    pub(super) fn stop_media(&mut self, reports: &mut Vec<Report>) {
        if let Some(playing) = self.playing.take() {
            self.end(&playing.command, CommandOutcome::Superseded, "", reports);
        }
    }

    /// Tells what is spoken, and gives how long it lasts.
    fn speak(&self, prompts: &[Prompt]) -> Duration {
        if let Some(first) = prompts.first() {
            let words = |prompt: &Prompt| match prompt.text.as_str() {
                "" => format!("[{}]", prompt.audio),
                text => text.to_owned(),
            };
            let language = first.language.clone();
            let prompts = prompts.iter().map(words).collect();
            self.tell(CallEvent::Heard { prompts, language });
        }
        self.pace.prompt * u32::try_from(prompts.len()).unwrap_or(u32::MAX)
    }
}
