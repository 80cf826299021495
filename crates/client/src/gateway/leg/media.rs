//! What a caller hears and presses.

use std::time::Duration;

use tokio::time::Instant;

use switchboard_api::call::v1::{
    self as wire, Collect, CommandOutcome, MediaDone, Play, Prompt, QueueTreatment,
    gateway_event::Event,
};

use super::{CommandRef, Leg, Report, keys};
use crate::gateway::{CallEvent, Keys};

/// A command that plays something, until when.
pub(super) struct Playing {
    pub(super) command: CommandRef,
    pub(super) until: Instant,
    ends_with: Event,
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
        self.playing = Some(Playing { command: this, until: now + spoken, ends_with: done });
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
        let ends_with = Event::DigitsCollected(collected);
        self.playing = Some(Playing { command: this, until, ends_with });
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
        let done = Event::MediaDone(MediaDone { command_id: this.id.clone() });
        self.playing = Some(Playing { command: this, until: now + spoken, ends_with: done });
    }

    pub(super) fn finish_media(&mut self, reports: &mut Vec<Report>) {
        let Some(playing) = self.playing.take() else { return };
        if let Event::DigitsCollected(wire::DigitsCollected { digits, .. }) = &playing.ends_with {
            self.tell(CallEvent::Pressed { keys: digits.clone() });
        }
        reports.push(Report::Event(playing.ends_with));
        self.end(&playing.command, CommandOutcome::Done, "", reports);
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
