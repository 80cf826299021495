//! Gateways, and callers who come in bursts: some impatient, some cut off, some left by the agent.

use std::sync::Arc;
use std::time::Duration;

use switchboard_api::call::v1::{HangupCause, Side};
use switchboard_client::Connection;
use switchboard_client::gateway::{
    BridgeOutcome, Call, CallEvent, CallScript, Gateway, GatewayOptions, Pace,
};
use switchboard_domain::caller::Role;
use switchboard_runtime::clock::{Clock, SystemClock};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::Stage;
use super::center::{self, NARROW, NUMBERS};
use super::history::What;
use super::journal::Trunk;
use crate::chance::Chance;

/// The time between bursts, which all gateways share.
const BEAT: Duration = Duration::from_millis(1_200);
/// The most callers of one burst at one gateway.
const BURST: usize = 5;
/// How long after the last burst every call must be over.
const LAST_CALLS: Duration = Duration::from_mins(1);
/// How long after that everything must be recorded.
const LAST_RECORDS: Duration = Duration::from_secs(30);

const fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// Connects every gateway.
pub(super) async fn connect(stage: &Stage) -> anyhow::Result<Vec<Gateway>> {
    let mut gateways = Vec::new();
    for number in 0..stage.plan.gateways {
        let name = center::gateway(number);
        let token = stage.site.token(center::TENANT, Role::Gateway, &name)?;
        let options = GatewayOptions {
            connection: Connection::new(&stage.wire(&name).url(), &token)?,
            boot_id: "boot-1".to_owned(),
            pace: Pace::INSTANT,
            wall: Arc::new(|| SystemClock.now()),
        };
        let witness = Arc::new(Trunk { name, journal: stage.journal.clone() });
        gateways.push(Gateway::connect_before(options, witness).await?);
    }
    Ok(gateways)
}

/// Lets callers come at all gateways at once, again and again, and gives those who are still there.
pub(super) async fn run(stage: &Stage, gateways: &[Gateway]) -> JoinSet<()> {
    let mut chance = stage.plan.chance(1);
    let mut callers = JoinSet::new();
    let (mut count, end) = (0, Instant::now() + stage.plan.lasts);
    while Instant::now() < end {
        // Now and then all of them want the narrow queue.
        let all_narrow = chance.percent(20);
        for (number, gateway) in gateways.iter().enumerate() {
            for _ in 0..chance.below(BURST + 1) {
                count += 1;
                let (script, queue) = caller(&mut chance, count, all_narrow);
                let (name, call) = (center::gateway(number), script.id.clone());
                let queue = queue.to_owned();
                stage.journal.note(What::Arrives { gateway: name, call, queue });
                callers.spawn(live(gateway.call(script), Fate::draw(&mut chance)));
            }
        }
        sleep(BEAT).await;
    }
    callers
}

/// Waits until every call is over and recorded; says how that went.
pub(super) async fn wait_for_all(mut callers: JoinSet<()>, gateways: &[Gateway]) -> String {
    let start = Instant::now();
    let over = timeout(LAST_CALLS, async { while callers.join_next().await.is_some() {} }).await;
    let recorded = async {
        for gateway in gateways {
            drop(gateway.all_recorded().await);
        }
    };
    let recorded = timeout(LAST_RECORDS, recorded).await;
    let open: usize = gateways.iter().map(|gateway| gateway.session().unrecorded).sum();
    match (over, recorded) {
        (Ok(()), Ok(())) => format!("all calls over and recorded after {:.1?}", start.elapsed()),
        (over, _) => {
            let left = callers.len();
            format!("calls over: {}, {left} left, {open} facts not recorded", over.is_ok())
        }
    }
}

fn caller(chance: &mut Chance, count: usize, all_narrow: bool) -> (CallScript, &'static str) {
    let choice = if all_narrow { 2 } else { [0, 0, 0, 0, 1, 1, 1, 2, 0, 1][chance.below(10)] };
    let (number, queue) = NUMBERS[choice];
    let from = format!("+86139{:08}", 10_000_000 + count);
    let mut script = CallScript::new(&format!("call-{count}"), &from, number);
    script = script.talk_for(chance.between(millis(30), millis(700)));
    let is_impatient = queue == NARROW || chance.percent(25);
    let longest = if is_impatient { millis(2_500) } else { millis(20_000) };
    script = script.give_up_after(chance.between(millis(100), longest));
    script.bridges = (0..3).map(|_| bridge(chance)).collect();
    (script, queue)
}

fn bridge(chance: &mut Chance) -> BridgeOutcome {
    let side = match chance.below(100) {
        0..4 => Side::Agent,
        4..6 => Side::Caller,
        _ => return BridgeOutcome::Connects,
    };
    BridgeOutcome::Fails { side, cause: HangupCause::Unreachable }
}

/// What happens to a caller besides their script.
struct Fate {
    /// The agent puts the phone down after this much talk.
    left_after: Option<Duration>,
    /// The caller puts the phone down after this long, whatever happens.
    leaves_after: Option<Duration>,
}

impl Fate {
    fn draw(chance: &mut Chance) -> Self {
        let left = chance.percent(10);
        let leaves = chance.percent(10);
        Self {
            left_after: left.then(|| chance.between(millis(0), millis(200))),
            leaves_after: leaves.then(|| chance.between(millis(0), millis(3_000))),
        }
    }
}

async fn live(mut call: Call, fate: Fate) {
    let started = Instant::now();
    let mut left_after = fate.left_after;
    loop {
        let leaves = fate.leaves_after.map(|after| started + after);
        let leaves = leaves.filter(|leaves| *leaves > Instant::now());
        let next = match leaves {
            Some(leaves) => {
                let Ok(next) = tokio::time::timeout_at(leaves, call.next()).await else {
                    call.hang_up();
                    continue;
                };
                next
            }
            None => call.next().await,
        };
        match next {
            Some(CallEvent::Bridged { .. }) => {
                if let Some(after) = left_after.take() {
                    sleep(after).await;
                    call.agent_hangs_up();
                }
            }
            Some(CallEvent::Ended { .. }) | None => return,
            Some(_) => {}
        }
    }
}
