//! A gateway that can hold no stream carries a call with single requests.

use std::time::Duration;

use switchboard_api::call::v1::gateway_command::Command;
use switchboard_api::call::v1::gateway_event::Event;
use switchboard_api::call::v1::{
    AgentLegGone, Bridged, CallOffered, CollectEnd, CommandOutcome, CommandResult, DialFailed,
    DigitsCollected, GatewayCommand, GatewayEvent, HangupCause, Hello, HungUp, Inventory, Leg,
    OpenSessionRequest, PullCommandsRequest, ReportInventoryRequest, SessionToken,
    SubmitEventsRequest, Welcome,
};
use switchboard_client::desk::Diligent;
use switchboard_tests::{Center, MANDARIN, eventually};

/// A gateway on webhooks: it says what happened, and asks what to do.
pub(crate) struct Webhooks {
    pub(crate) center: Center,
    token: Option<SessionToken>,
    sequence: u64,
}

impl Webhooks {
    pub(crate) async fn open(center: Center) -> Self {
        Self::open_with(center, Vec::new()).await
    }

    /// Opens a session while calls are up.
    async fn open_with(center: Center, legs: Vec<Leg>) -> Self {
        let token = welcome(&center, "boot-1").await.token;
        let mut calls = center.raw_gateway().calls();
        let inventory = Inventory { token, legs, r#final: true };
        let report = ReportInventoryRequest { inventory: Some(inventory) };
        let reported = calls.report_inventory(report).await.expect("an answer").into_inner();
        assert!(reported.reconciled);
        Self { center, token, sequence: 0 }
    }

    fn event(&mut self, call: &str, event: Event) -> GatewayEvent {
        self.sequence += 1;
        GatewayEvent {
            sequence: self.sequence,
            call_id: call.to_owned(),
            call_sequence: self.sequence,
            event: Some(event),
            ..GatewayEvent::default()
        }
    }

    pub(crate) async fn say(&mut self, event: Event) {
        self.say_of("call-1", event).await;
    }

    pub(crate) async fn say_of(&mut self, call: &str, event: Event) {
        let events = vec![self.event(call, event)];
        let request = SubmitEventsRequest { token: self.token, events };
        let mut calls = self.center.raw_gateway().calls();
        let answer = calls.submit_events(request).await.expect("an answer").into_inner();
        assert_eq!(answer.rejected, []);
        let accepted = answer.acknowledged.map(|acknowledged| acknowledged.accepted_through);
        assert_eq!(accepted, Some(self.sequence));
    }

    /// Says something that is refused, and gives the reason.
    pub(crate) async fn refused(&mut self, event: Event) -> String {
        let events = vec![self.event("call-1", event)];
        let request = SubmitEventsRequest { token: self.token, events };
        let mut calls = self.center.raw_gateway().calls();
        let answer = calls.submit_events(request).await.expect("an answer").into_inner();
        assert_eq!(answer.rejected.len(), 1, "{answer:?}");
        answer.rejected.into_iter().map(|rejected| rejected.reason).collect()
    }

    /// Asks until there is a command of the kind sought; ends every command it gets.
    pub(crate) async fn until<T>(&self, seek: impl Fn(Command) -> Option<T>) -> (String, T) {
        eventually(async || {
            let commands = self.pull(Vec::new()).await;
            self.pull(commands.iter().map(done).collect()).await;
            let mut found = commands
                .into_iter()
                .rev()
                .filter_map(|command| Some((command.command_id.clone(), seek(command.command?)?)));
            found.next()
        })
        .await
    }

    async fn pull(&self, results: Vec<CommandResult>) -> Vec<GatewayCommand> {
        let wait = wire(Duration::from_millis(100));
        let request =
            PullCommandsRequest { token: self.token, results, max_commands: 0, wait: Some(wait) };
        let mut calls = self.center.raw_gateway().calls();
        calls.pull_commands(request).await.expect("an answer").into_inner().commands
    }

    /// A call comes in.
    pub(crate) async fn call_is_offered(&mut self, calling_number: &str) {
        let (calling_number, called_number) = (calling_number.to_owned(), MANDARIN.to_owned());
        let offered = CallOffered { calling_number, called_number, ..CallOffered::default() };
        self.say(Event::CallOffered(offered)).await;
    }

    /// Connects a call as it is told, and gives the agent.
    pub(crate) async fn bridges(&mut self, call: &str) -> String {
        let (command_id, (agent, offer_id)) = self
            .until(|command| {
                if let Command::Consult(consult) = command {
                    return Some((consult.agent_id, consult.offer_id));
                }
                let Command::Bridge(bridge) = command else { return None };
                Some((bridge.agent_id, bridge.offer_id))
            })
            .await;
        self.say_of(call, Event::Bridged(Bridged { command_id, offer_id })).await;
        agent
    }

    pub(crate) async fn press(&mut self, keys: &str) {
        let (command_id, ()) =
            self.until(|command| matches!(command, Command::Collect(_)).then_some(())).await;
        let digits = keys.to_owned();
        let reason = CollectEnd::Terminator.into();
        self.say(Event::DigitsCollected(DigitsCollected { command_id, digits, reason })).await;
    }
}

/// Opens a session of a run of the gateway.
async fn welcome(center: &Center, boot: &str) -> Welcome {
    let hello = Hello { boot_id: boot.to_owned(), ..Hello::default() };
    let opening = OpenSessionRequest { hello: Some(hello) };
    let opened = center.raw_gateway().calls().open_session(opening).await;
    opened.expect("a session").into_inner().welcome.expect("a welcome")
}

fn done(command: &GatewayCommand) -> CommandResult {
    CommandResult {
        command_id: command.command_id.clone(),
        token: command.token,
        call_id: command.call_id.clone(),
        outcome: CommandOutcome::Done.into(),
        detail: String::new(),
    }
}

fn wire(span: Duration) -> prost_types::Duration {
    span.try_into().expect("a short span")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_carried_by_single_requests_alone() {
    let center = Center::open().await;
    let _desk = center.desk("zhang-min", Diligent).await;
    let mut gateway = Webhooks::open(center).await;

    gateway.call_is_offered("+8613800000002").await;
    gateway.press("2").await;
    gateway.press("10*25").await;
    assert_eq!(gateway.bridges("call-1").await, "zhang-min");
    gateway.say(Event::HungUp(HungUp::default())).await;

    let record = gateway.center.concluded("call-1").await;
    assert_eq!((record.outcome.as_str(), record.agent_id.as_str()), ("answered", "zhang-min"));
    let tickets = gateway.center.tickets("call-1").await;
    assert_eq!(tickets.len(), 1, "{tickets:?}");
    gateway.center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_news_that_nobody_was_reached_does_not_take_a_call_from_its_gateway() {
    let called_number = MANDARIN.to_owned();
    let leg = Leg {
        call_id: "call-1".to_owned(),
        called_number,
        bridged_agent_id: Some("zhang-min".to_owned()),
        last_call_sequence: 1,
        ..Leg::default()
    };
    let mut gateway = Webhooks::open_with(Center::open().await, vec![leg]).await;

    let offer_id = "0123456789abcdef0123456789abcdef.1".to_owned();
    let cause = HangupCause::NoAnswer.into();
    gateway.say(Event::DialFailed(DialFailed { offer_id, cause, ..DialFailed::default() })).await;
    gateway.say(Event::AgentLegGone(AgentLegGone::default())).await;

    gateway.until(|command| matches!(command, Command::Hangup(_)).then_some(())).await;
    gateway.center.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_comes_back_is_told_what_is_recorded_of_its_run() {
    let mut gateway = Webhooks::open(Center::open().await).await;
    let called_number = MANDARIN.to_owned();
    gateway.say(Event::CallOffered(CallOffered { called_number, ..CallOffered::default() })).await;
    gateway.say(Event::HungUp(HungUp::default())).await;
    eventually(async || {
        let request =
            PullCommandsRequest { token: gateway.token, ..PullCommandsRequest::default() };
        let mut calls = gateway.center.raw_gateway().calls();
        let answer = calls.pull_commands(request).await.expect("an answer").into_inner();
        (answer.acknowledged?.recorded_through == 2).then_some(())
    })
    .await;

    let same = welcome(&gateway.center, "boot-1").await;
    let another = welcome(&gateway.center, "boot-2").await;

    assert_eq!((same.recorded_through, another.recorded_through), (2, 0));
    gateway.center.close().await;
}
