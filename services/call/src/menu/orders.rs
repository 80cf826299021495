//! What a gateway is told of a step.
//!
//! Whatever is played at the end of a step is played by the command that ends it: played by itself it
//! would be cut short by that command.

use switchboard_api::call::v1::gateway_command::Command as Wire;
use switchboard_api::call::v1::{Collect, Hangup, HangupCause, Play, Prompt, SetRecording};
use switchboard_api::convert::flow as wire_flow;
use switchboard_domain::flow::{CollectDirective, Directive, Question, RouteDirective};

/// What follows from a step.
#[derive(Debug, PartialEq)]
pub(super) struct Orders {
    /// Commands that nobody waits for.
    pub(super) before: Vec<Wire>,
    /// What ends the step.
    pub(super) last: Last,
}

/// How a step ends.
#[derive(Debug, PartialEq)]
pub(super) enum Last {
    /// With a command whose end is waited for, or ends the call.
    Ask(Wire),
    /// With a queue; the prompts are played there.
    Route(RouteDirective, Vec<Prompt>),
    /// With nothing for the gateway: a system outside is asked.
    Nothing,
}

impl Orders {
    /// Puts together what directives say, and what the flow asks of the gateway; `cause` is why it
    /// ends the call, if it does.
    pub(super) fn of(
        directives: &[Directive],
        pending: Option<&Question>,
        shown: &str,
        cause: HangupCause,
    ) -> Self {
        let (mut prompts, mut recording, mut last) = (Vec::new(), None, Last::Nothing);
        for directive in directives {
            match directive {
                Directive::Play(sounds) => prompts.extend(wire_flow::prompts(sounds.clone())),
                // Several in one step come to the last of them.
                Directive::Record(on) => recording = Some(*on),
                Directive::Answered(_) => {}
                Directive::Collect(directive) => {
                    last = Last::Ask(collect(directive, std::mem::take(&mut prompts)));
                }
                Directive::HangUp => {
                    let prompts = std::mem::take(&mut prompts);
                    last = Last::Ask(Wire::Hangup(Hangup { cause: cause.into(), prompts }));
                }
                Directive::Route(route) => {
                    last = Last::Route(route.clone(), std::mem::take(&mut prompts));
                }
            }
        }
        if let Some(command) = pending.and_then(|question| asked(question, shown)) {
            last = Last::Ask(with_prompts(command, std::mem::take(&mut prompts)));
        }
        let mut before = Vec::new();
        before.extend(recording.map(|on| Wire::SetRecording(SetRecording { on })));
        if !prompts.is_empty() {
            before.push(Wire::Play(Play { prompts, barge_in: false }));
        }
        Self { before, last }
    }
}

/// Names the question that follows from an event of a call; the same after any takeover.
pub(super) fn question_id(asked: u64) -> String {
    format!("menu-{asked}")
}

/// Names what is said besides.
pub(super) fn part_id(asked: u64, index: usize) -> String {
    format!("menu-{asked}-{index}")
}

fn collect(directive: &CollectDirective, mut prompts: Vec<Prompt>) -> Wire {
    let command = wire_flow::collect(directive.clone());
    prompts.extend(command.prompts);
    Wire::Collect(Collect { prompts, ..command })
}

/// Gives what a gateway is asked to do; nothing for what is not its business.
fn asked(question: &Question, shown: &str) -> Option<Wire> {
    match question {
        Question::Transfer(request) => wire_flow::transfer(request, shown).map(Wire::Transfer),
        Question::Voicemail(request) => {
            Some(Wire::RecordMessage(wire_flow::record_message(request)))
        }
        Question::Staffing { .. }
        | Question::Customer(_)
        | Question::Fetch(_)
        | Question::Callback(_)
        | Question::Ticket(_)
        | Question::Survey(_) => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "`asked` gives these two")]
fn with_prompts(mut command: Wire, first: Vec<Prompt>) -> Wire {
    match &mut command {
        Wire::Transfer(transfer) => drop(transfer.prompts.splice(0..0, first)),
        Wire::RecordMessage(message) => drop(message.prompts.splice(0..0, first)),
        _ => {}
    }
    command
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use switchboard_domain::center::{Language, PromptKey};
    use switchboard_domain::flow::{Sound, TransferRequest, TransferTarget, Utterance};
    use switchboard_domain::ids::EndpointId;

    use super::*;

    fn said(text: &str) -> Directive {
        Directive::Play(vec![Utterance {
            key: PromptKey::parse("said").expect("a name"),
            language: Language::parse("en").expect("a tag"),
            sound: Sound::Text(text.to_owned()),
        }])
    }

    fn words(prompts: &[Prompt]) -> Vec<&str> {
        prompts.iter().map(|prompt| prompt.text.as_str()).collect()
    }

    #[test]
    fn what_is_said_last_is_said_by_the_command_that_ends_the_call() {
        let orders = Orders::of(
            &[said("sorry"), said("bye"), Directive::HangUp],
            None,
            "",
            HangupCause::Normal,
        );

        let Last::Ask(Wire::Hangup(hangup)) = &orders.last else { panic!("{orders:?}") };
        assert_eq!(words(&hangup.prompts), ["sorry", "bye"]);
        assert_eq!(orders.before, []);
    }

    #[test]
    fn a_transfer_plays_what_was_said_and_is_waited_for() {
        let to = TransferTarget::Number("+8613800000001".to_owned());
        let request = TransferRequest { to, ring: Duration::from_secs(25) };
        let question = Question::Transfer(request);

        let orders = Orders::of(
            &[said("one moment")],
            Some(&question),
            "+862160000000",
            HangupCause::Normal,
        );

        let Last::Ask(Wire::Transfer(transfer)) = &orders.last else { panic!("{orders:?}") };
        assert_eq!(words(&transfer.prompts), ["one moment"]);
        assert_eq!(transfer.number, "+8613800000001");
        assert_eq!(transfer.shown_number, "+862160000000");
        assert_eq!(transfer.ring_timeout.map(|ring| ring.seconds), Some(25));
    }

    #[test]
    fn recording_is_switched_without_being_waited_for_and_topics_are_nobody_s_business() {
        let topic = Directive::Answered("hours".to_owned());
        let directives = [Directive::Record(true), topic, Directive::Record(false), said("so")];
        let question = Question::Fetch(switchboard_domain::flow::FetchRequest {
            endpoint: EndpointId::parse("shop").expect("an id"),
            values: std::collections::BTreeMap::new(),
            fields: Vec::new(),
            deadline: Duration::from_secs(1),
            retries: 0,
        });

        let orders = Orders::of(&directives, Some(&question), "", HangupCause::Normal);

        let [recording, Wire::Play(play)] = &orders.before[..] else { panic!("{orders:?}") };
        assert_eq!(*recording, Wire::SetRecording(SetRecording { on: false }));
        assert_eq!((words(&play.prompts), &orders.last), (vec!["so"], &Last::Nothing));
    }
}
