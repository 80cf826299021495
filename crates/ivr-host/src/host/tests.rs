//! Claims about running a flow: it goes on with every answer, and waits for none too long.

use std::collections::BTreeMap;

use switchboard_center::demo;
use switchboard_domain::channel::Channel;
use switchboard_domain::customer::Verification;
use switchboard_domain::flow::{RouteReason, Staffing};
use switchboard_domain::ids::FlowId;
use switchboard_domain::number_rule::Listed;
use switchboard_domain::time::Timestamp;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// Asks how booking is staffed, round and round: who finds an agent there waits for him.
const FLOW: &str = r#"
title: Staffing
start: ask
human: {key: "0", node: person}
max_steps: 40
nodes:
  ask:
    type: staffing
    queue: booking
    cases:
      - {when: staffing.available > 0, next: booking}
    otherwise: again
    fallback: person
  again: {type: loop, times: 100, next: ask, done: person}
  booking: {type: queue, queue: booking}
  person: {type: queue, queue: refund}
"#;

#[tokio::test]
async fn an_answer_leads_on_and_is_told_in_one_word() {
    let world = Says(Answer::Staffing(Staffing { available: 1, ..Staffing::default() }));

    let run = run(Arc::new(world)).await;

    assert_eq!((queue(&run).as_str(), run.asked.as_slice()), ("booking", told(&["answered"])));
}

#[tokio::test]
async fn an_answer_that_cannot_be_had_leads_along_the_fallback() {
    let run = run(Arc::new(Says(Answer::Failed))).await;

    assert_eq!((queue(&run).as_str(), run.asked.as_slice()), ("refund", told(&["failed"])));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_never_comes_is_late_and_holds_nobody_up() {
    let started = Instant::now();

    let run = run(Arc::new(Silent)).await;

    assert_eq!((queue(&run).as_str(), run.asked.as_slice()), ("refund", told(&["late"])));
    assert!(started.elapsed() <= BUDGET, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_flow_that_asks_in_a_circle_ends_with_its_steps() {
    let run = run(Arc::new(Says(Answer::Staffing(Staffing::default())))).await;

    assert_eq!(queue(&run), "refund");
    assert_eq!(reason(&run), Some(RouteReason::BudgetSpent));
    assert!(run.asked.len() <= 40, "{}", run.asked.len());
}

/// Asks a shop, then the gateway for a message, then the caller for a score.
const ERRANDS: &str = r#"
title: Errands
start: shop
human: {key: "0", node: person}
nodes:
  shop: {type: fetch, endpoint: shop, fields: {state: {from: state}}, next: message, fallback: person}
  message: {type: voicemail, queue: booking, next: scores, fallback: person}
  scores:
    type: survey
    survey: after-call
    questions: [{name: overall, least: 1, most: 5}]
    next: topic
  topic: {type: answer, topic: luggage, next: off}
  off: {type: record, on: false, next: person}
  person: {type: queue, queue: refund}
"#;

#[tokio::test]
async fn a_run_ends_where_somebody_else_is_asked_and_goes_on_with_what_they_say() {
    let world = Says(Answer::Fetched([("state".to_owned(), "sent".to_owned())].into()));
    let host = IvrHost::new(Arc::new(world));
    let center = center_with(ERRANDS);
    let stage = Stage::of(&center);
    let scene = stage.scene();

    let asked = host.start(scene).await;
    let question = asked.pending().expect("a question to the shop");
    assert_eq!(question.respondent(), Respondent::Outside);
    let answered = host.answer(scene, &asked.step.position, question).await;
    assert_eq!(answered.told, "fetch=answered");
    let waits = host.go_on(scene, &asked.step.position, answered.clone()).await;
    let settled = host.settle(scene, host.start(scene).await).await;

    assert_eq!(waits.step.position, settled.step.position, "either way comes to the gateway");
    assert_eq!((waits.asked.as_slice(), settled.asked.as_slice()), {
        let told = std::slice::from_ref(&answered.told);
        (told, told)
    });
    let silent = host.hear(scene, &waits.step.position, Fact::Recorded(None)).await;
    assert_eq!(
        (queue(&silent).as_str(), silent.asked.as_slice()),
        ("refund", &["voicemail=failed".to_owned()][..])
    );
}

#[tokio::test]
async fn scores_topics_and_recording_are_told_with_the_step() {
    let host = IvrHost::new(Arc::new(Says(Answer::Done)));
    let center = center_with(ERRANDS);
    let stage = Stage::of(&center);
    let scene = stage.scene();
    let begun = host.start(scene).await;
    let fetched = Answer::Fetched([("state".to_owned(), "sent".to_owned())].into());
    let answered = Answered { answer: fetched, told: String::new() };
    let waits = host.go_on(scene, &begun.step.position, answered).await;
    let message = Message { asset: "m-1".to_owned(), length: Duration::from_secs(7) };

    let kept = host.hear(scene, &waits.step.position, Fact::Recorded(Some(message))).await;
    let keys = Input::Digits { keys: "4".to_owned(), end: flow::DigitsEnd::Full };
    let scored = host.step(scene, &kept.step.position, &keys).await;

    assert_eq!(kept.asked, ["voicemail=done"]);
    let told = crate::Trail::start().with_run(&scored).told;
    let expected = [
        ("answered", "luggage"),
        ("asked", "survey=done"),
        ("recording", "off"),
        ("score.overall", "4"),
        ("survey", "after-call"),
    ];
    for (name, value) in expected {
        assert_eq!(told.get(name), Some(value), "{name}");
    }
}

/// A world that always says the same.
struct Says(Answer);

#[async_trait]
impl World for Says {
    async fn answer(&self, _: Scene<'_>, _: &Question, _: &Position) -> Answer {
        self.0.clone()
    }

    async fn keep_message(
        &self,
        _: Scene<'_>,
        _: &VoicemailRequest,
        _: &Message,
        _: u32,
    ) -> Answer {
        self.0.clone()
    }
}

/// A world that never says anything.
struct Silent;

#[async_trait]
impl World for Silent {
    async fn answer(&self, _: Scene<'_>, _: &Question, _: &Position) -> Answer {
        std::future::pending().await
    }

    async fn keep_message(
        &self,
        _: Scene<'_>,
        _: &VoicemailRequest,
        _: &Message,
        _: u32,
    ) -> Answer {
        std::future::pending().await
    }
}

async fn run(world: Arc<dyn World>) -> Run {
    let center = center_with(FLOW);
    IvrHost::new(world).start(Stage::of(&center).scene()).await
}

/// Gives the demo center with one flow more, and a shop to ask.
fn center_with(flow: &str) -> Center {
    let mut files: BTreeMap<String, String> = demo();
    files.insert("flows/trial.yaml".into(), flow.into());
    let settings = files.get_mut("center.yaml").expect("the demo has settings");
    settings.push_str("\nendpoints:\n  shop: {url: \"https://shop.example/\"}\n");
    switchboard_center::parse(&files).expect("a center")
}

/// What a flow runs with.
struct Stage<'a> {
    center: &'a Center,
    flow: &'a Flow,
    tenant: TenantId,
    call: ContactId,
    known: Context<'a>,
}

impl<'a> Stage<'a> {
    fn of(center: &'a Center) -> Self {
        let flow = &center.flows[&FlowId::parse("trial").expect("an id")];
        let tenant = TenantId::parse("demo").expect("an id");
        let call = ContactId::parse("call-1").expect("an id");
        let known = Context {
            prompts: &center.prompts,
            language: &center.default_language,
            today: switchboard_center::today(center, NOW),
            now: NOW,
            calendars: &center.calendars,
            call: "call-1",
            channel: Channel::Voice,
            called_number: None,
            calling_number: None,
            listed: Listed::default(),
            verification: Verification::default(),
            customer: None,
        };
        Self { center, flow, tenant, call, known }
    }

    fn scene(&self) -> Scene<'_> {
        let Self { center, flow, tenant, call, known } = self;
        Scene { tenant, center, flow, call, known }
    }
}

fn told(words: &[&str]) -> &'static [String] {
    let told: Vec<String> = words.iter().map(|word| format!("staffing={word}")).collect();
    Vec::leak(told)
}

fn queue(run: &Run) -> String {
    route(run).expect("a queue").queue.to_string()
}

fn reason(run: &Run) -> Option<RouteReason> {
    route(run).map(|route| route.reason)
}

fn route(run: &Run) -> Option<&flow::RouteDirective> {
    let Some(flow::Directive::Route(route)) = run.step.directives.last() else { return None };
    Some(route)
}
