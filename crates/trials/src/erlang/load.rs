//! Drives one load point through the API: one gateway, and a desk for each agent.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use switchboard_api::agent::v1::{ListAgentsRequest, WorkState};
use switchboard_api::call::v1::GetInteractionRequest;
use switchboard_client::Connection;
use switchboard_client::desk::{Desk, Diligent};
use switchboard_client::gateway::{CallScript, Gateway, GatewayOptions, Pace};
use switchboard_domain::caller::Role;
use switchboard_runtime::clock::{Clock, SystemClock};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::Point;
use super::callers::{Caller, Story};
use super::desks::{Floor, Seat};
use super::ideal::{Draw, Fate};
use crate::site::Site;

const NUMBER: &str = "+862160000001";
const CALLER: &str = "+8613911112222";
const MOMENT: Duration = Duration::from_millis(500);
/// How long after the last arrival every call must be over.
const LAST_CALLS: Duration = Duration::from_secs(90);

/// What a run showed.
pub(super) struct Run {
    /// What became of each caller.
    pub(super) fates: Vec<Fate>,
    /// When callers really came, and how long agents were really engaged with them.
    pub(super) actual: Vec<Draw>,
    /// The time from an arrival to its offer on a desk when somebody is free.
    pub(super) overhead: Duration,
    /// That time for the slowest of a hundred.
    pub(super) slowest: Duration,
    /// By how much the driver missed its own schedule, in the worst of a hundred cases.
    pub(super) late: Duration,
}

/// Writes a center with one queue.
pub(super) fn center(agents: u32) -> BTreeMap<String, String> {
    let agent = |number| {
        format!(
            "agent-{number}:\n  display_name: Agent {number}\n  queues: {{line: 1}}\n  \
             endpoint: sip:agent-{number}@desks.example\n"
        )
    };
    let files = [
        (
            "center.yaml",
            "display_name: Line\ndefault_country: CN\ntime_zone: Asia/Shanghai\n\
             default_language: en\nlanguages:\n  en: {}\n"
                .to_owned(),
        ),
        (
            "queues.yaml",
            "line:\n  display_name: {en: Line}\n  wrap_up: 0s\n  misses: {no_answer: {threshold: 0}}\n"
                .to_owned(),
        ),
        ("agents.yaml", (0..agents).map(agent).collect()),
        ("numbers.yaml", format!("\"{NUMBER}\":\n  flow: line\n  language: en\n")),
        (
            "flows/line.yaml",
            "title: Line\nstart: wait\nhuman: {key: \"0\", node: wait}\nnodes:\n  wait: {type: queue, queue: line}\n".to_owned(),
        ),
    ];
    files.map(|(file, text)| (file.to_owned(), text)).into()
}

/// Lets callers arrive as drawn, and watches them from outside.
pub(super) async fn drive(site: &Site, point: &Point, draws: &[Draw]) -> anyhow::Result<Run> {
    let floor = Arc::new(Floor::default());
    let gateway = connect(site, point).await?;
    let _desks = sign_in(site, point, &floor).await?;
    let mut callers = JoinSet::new();
    let mut next = Instant::now();
    for (index, draw) in draws.iter().enumerate() {
        next += point.talk.mul_f64(draw.gap);
        sleep_until(next).await;
        floor.state().late.push(next.elapsed());
        let call = gateway.call(script(point, index, draw));
        let caller = Caller {
            index,
            arrived: Instant::now(),
            had_to_wait: floor.state().engaged.len() == agents_of(point)?,
            talk: point.talk.mul_f64(draw.talk),
        };
        callers.spawn(caller.follow(call, Arc::clone(&floor)));
    }
    let mut stories = Vec::new();
    let all = async {
        while let Some(story) = callers.join_next().await {
            stories.push(story?);
        }
        anyhow::Ok(())
    };
    if timeout(LAST_CALLS, all).await.is_err() {
        bail!("{}: calls never ended: {}", point.name, open_calls(site, point, &floor).await?);
    }
    stories.sort_by_key(|story| story.caller.index);
    // The last desk may hear a moment later than its caller that the call is over.
    sleep(MOMENT).await;
    let actual = actual(&stories, draws, point.talk, &floor);
    let late = std::mem::take(&mut floor.state().late);
    Ok(judge(&stories, actual, point.talk, late))
}

async fn connect(site: &Site, point: &Point) -> anyhow::Result<Gateway> {
    let options = GatewayOptions {
        connection: connection(site, point, Role::Gateway, "gateway-1")?,
        boot_id: "boot-1".to_owned(),
        pace: Pace::INSTANT,
        wall: Arc::new(|| SystemClock.now()),
    };
    Ok(Gateway::connect(options).await?)
}

async fn sign_in(site: &Site, point: &Point, floor: &Arc<Floor>) -> anyhow::Result<Vec<Desk>> {
    let mut desks = Vec::new();
    for number in 0..point.load.agents {
        let agent = format!("agent-{number}");
        let connection = connection(site, point, Role::Agent, &agent)?;
        let witness = Arc::new(Seat { agent, floor: Arc::clone(floor) });
        let desk = Desk::sign_in_before(connection, Arc::new(Diligent), witness).await?;
        desk.reaches(WorkState::Ready).await?;
        desks.push(desk);
    }
    Ok(desks)
}

fn connection(site: &Site, point: &Point, role: Role, subject: &str) -> anyhow::Result<Connection> {
    let address = site.serving().addresses().first().copied().context("no replica serves")?;
    let token = site.token(point.name, role, subject)?;
    Ok(Connection::new(&format!("http://{address}"), &token)?)
}

/// Tells of the calls that are still there what their caller heard, and what the history has.
async fn open_calls(site: &Site, point: &Point, floor: &Floor) -> anyhow::Result<String> {
    let office = connection(site, point, Role::Supervisor, "judge")?;
    let heard = floor.state().heard.clone();
    let mut told = String::new();
    for (call_id, event) in heard {
        let request = GetInteractionRequest { call_id: call_id.clone() };
        let found = office.history().get_interaction(request).await.ok();
        let found = found.and_then(|found| found.into_inner().interaction);
        let steps = found.map(|found| found.events).unwrap_or_default();
        let steps: Vec<String> = steps.into_iter().map(|step| step.r#type).collect();
        told.push_str(&format!("\n{call_id} heard {event:?}; recorded: {steps:?}"));
    }
    let agents = office.agents().list_agents(ListAgentsRequest::default()).await?.into_inner();
    for agent in agents.agents {
        told.push_str(&format!("\n{} is {:?}", agent.agent_id, agent.state()));
    }
    Ok(told)
}

fn script(point: &Point, index: usize, draw: &Draw) -> CallScript {
    let script = CallScript::new(&format!("{}-{index}", point.name), CALLER, NUMBER);
    if draw.patience.is_finite() {
        script.give_up_after(point.talk.mul_f64(draw.patience))
    } else {
        script
    }
}

fn agents_of(point: &Point) -> anyhow::Result<usize> {
    Ok(usize::try_from(point.load.agents)?)
}

/// Says when callers came and how long agents were engaged, with all that the path and the machine
/// added; who gave up keeps the talk that was drawn.
fn actual(stories: &[Story], draws: &[Draw], talk: Duration, floor: &Floor) -> Vec<Draw> {
    let state = floor.state();
    let mut before = stories.first().map(|story| story.caller.arrived);
    let mut actual = Vec::with_capacity(draws.len());
    for (story, drawn) in stories.iter().zip(draws) {
        let arrived = story.caller.arrived;
        let gap = arrived - before.replace(arrived).unwrap_or(arrived);
        let engaged = story.rang_after.zip(state.released.get(&story.id));
        let engaged = engaged.map(|(rang_after, released)| *released - (arrived + rang_after));
        actual.push(Draw {
            gap: gap.div_duration_f64(talk),
            talk: engaged.map_or(drawn.talk, |engaged| engaged.div_duration_f64(talk)),
            patience: drawn.patience,
        });
    }
    actual
}

/// Takes the path's own time off the waits.
fn judge(stories: &[Story], actual: Vec<Draw>, talk: Duration, late: Vec<Duration>) -> Run {
    let free = stories.iter().filter(|story| !story.caller.had_to_wait);
    let paths: Vec<Duration> = free.filter_map(|story| story.rang_after).collect();
    let (overhead, slowest) = (quantile(paths.clone(), 50), quantile(paths, 99));
    let late = quantile(late, 99);
    let fate = |story: &Story| {
        let waited = match story.rang_after {
            Some(rang_after) => rang_after.saturating_sub(overhead),
            None => story.ended_after,
        };
        let had_to_wait = story.caller.had_to_wait || story.rang_after.is_none();
        let wait = if had_to_wait { waited } else { Duration::ZERO };
        let gave_up = story.rang_after.is_none();
        Fate { had_to_wait, wait: wait.div_duration_f64(talk), gave_up }
    };
    Run { fates: stories.iter().map(fate).collect(), actual, overhead, slowest, late }
}

/// Gives the time that so many hundredths stay below.
fn quantile(mut times: Vec<Duration>, hundredths: usize) -> Duration {
    times.sort();
    times.get(times.len() * hundredths / 100).copied().unwrap_or_default()
}
