//! Claims about running a flow: it goes on with every answer, and waits for none too long.

use std::collections::BTreeMap;

use switchboard_center::demo;
use switchboard_domain::center::Language;
use switchboard_domain::channel::Channel;
use switchboard_domain::floor::details::Details;
use switchboard_domain::flow::{RouteReason, Staffing};
use switchboard_domain::ids::FlowId;
use switchboard_domain::time::Timestamp;

use super::*;
use crate::context;

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

/// A world that always says the same.
struct Says(Answer);

#[async_trait]
impl World for Says {
    async fn answer(&self, _: Scene<'_>, _: &Question, _: u32) -> Answer {
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
    async fn answer(&self, _: Scene<'_>, _: &Question, _: u32) -> Answer {
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
    let mut files: BTreeMap<String, String> = demo();
    files.insert("flows/staffed.yaml".into(), FLOW.into());
    let center = switchboard_center::parse(&files).expect("a center");
    let flow = &center.flows[&FlowId::parse("staffed").expect("an id")];
    let (tenant, call) = (TenantId::parse("demo").unwrap(), ContactId::parse("call-1").unwrap());
    let (details, language) = (Details::new(), Language::parse("en").expect("a tag"));
    let known = context(&center, &details, &language, (&call, Channel::Voice), NOW);
    let scene = Scene { tenant: &tenant, center: &center, flow, call: &call, known: &known };
    IvrHost::new(world).start(scene).await
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
