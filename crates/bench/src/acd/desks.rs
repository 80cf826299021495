//! The whole path through gRPC: a contact arrives, or an agent is free, until his desktop rings.

use std::sync::Arc;
use std::time::Duration;

use switchboard_client::gateway::{CallScript, Gateway, GatewayOptions, Pace};
use switchboard_runtime::clock::{Clock as _, SystemClock};
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::AcdOptions;
use crate::center::{BUSY, GATEWAYS, OPEN, Staff, busy_agent, open_agent};
use crate::desks::{self, Desks, Shared};
use crate::fixture::bring_unserved;
use crate::latency::millis;
use crate::replica::{Heartbeats, Replica, Spent};
use crate::table::{Table, progress};

/// How long callers talk.
const TALK: Duration = Duration::from_secs(1);
/// How many agents serve the queue in which callers wait.
const FEW: u32 = 50;

/// How large one measurement is.
struct Load {
    agents: u32,
    waiting: u32,
    per_second: u32,
    span: Duration,
}

/// Measures growing sizes.
pub(super) async fn measure(options: &AcdOptions) -> anyhow::Result<Table> {
    let columns = [
        "agents",
        "waiting",
        "calls/s",
        "arrives → offer p50 / p99 / max",
        "count",
        "free → offer p50 / p99 / max",
        "count",
        "replica CPU",
        "Redis CPU",
        "Postgres CPU",
        "per call: replica + Redis + Postgres",
    ];
    let mut table = Table::new("Through gRPC, to the offer on the agent's stream", &columns);
    let wanted = |load: &Load| options.agents.is_none_or(|agents| agents == load.agents);
    for load in loads(options.quick).into_iter().filter(wanted) {
        let (agents, waiting) = (load.agents, load.waiting);
        progress(&format!(
            "desks: {agents} agents, {waiting} waiting, {} calls/s",
            load.per_second
        ));
        table.row(run(&load).await?);
    }
    table.note(
        "An open-loop driver: calls arrive on the clock, whatever is answered. A quarter of them meets \
         a queue with 50 agents and callers waiting; each talks for one second. Driver, program, \
         Redis and Postgres share the machine.",
    );
    Ok(table)
}

fn loads(quick: bool) -> Vec<Load> {
    let load = |agents, waiting, per_second, seconds| Load {
        agents,
        waiting,
        per_second,
        span: Duration::from_secs(seconds),
    };
    if quick {
        return vec![load(1_000, 1_000, 50, 8)];
    }
    vec![load(100, 10, 50, 20), load(1_000, 1_000, 100, 20), load(10_000, 100_000, 200, 30)]
}

async fn run(load: &Load) -> anyhow::Result<Vec<String>> {
    let staff = Staff { open: load.agents - FEW, busy: FEW };
    let replica = Replica::start(staff, Heartbeats::AsSet).await?;
    let board = Shared::default();
    let agents: Vec<String> =
        (0..staff.open).map(open_agent).chain((0..staff.busy).map(busy_agent)).collect();
    let desks = Desks::sign_in(&replica, &agents, &board).await?;
    bring_unserved(&replica.redis_url()?, load.waiting).await?;
    let gateways = gateways(&replica).await?;
    replica.rest().await?;
    // Callers for the busy queue first, so that some wait all the time.
    call(&gateways, &board, "early", BUSY, FEW * 4);
    drive(&gateways, &board, "warm", load.per_second, Duration::from_secs(2)).await;
    desks::restart(&board);
    let before = replica.spent()?;
    let arrived = drive(&gateways, &board, "call", load.per_second, load.span).await;
    sleep(Duration::from_secs(1)).await;
    let row = cells(load, &board, arrived, &replica.spent()?.since(&before));
    drop((desks, gateways));
    replica.stop().await?;
    Ok(row)
}

async fn gateways(replica: &Replica) -> anyhow::Result<Vec<Gateway>> {
    let mut gateways = Vec::new();
    for number in 0..GATEWAYS {
        let options = GatewayOptions {
            connection: replica.connect(&format!("gateway-gateway-{number}"))?,
            boot_id: "boot-1".to_owned(),
            pace: Pace::INSTANT,
            wall: Arc::new(|| SystemClock.now()),
        };
        gateways.push(Gateway::connect(options).await?);
    }
    Ok(gateways)
}

/// Lets calls arrive on the clock; every fourth for the busy queue. Gives how many arrived.
async fn drive(
    gateways: &[Gateway],
    board: &Shared,
    name: &str,
    per_second: u32,
    span: Duration,
) -> u32 {
    let mut clock = interval(Duration::from_secs(1) / per_second);
    // What is late arrives at once, as callers do.
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let count = per_second * u32::try_from(span.as_secs()).unwrap_or(u32::MAX);
    for number in 0..count {
        clock.tick().await;
        let called = if number % 4 == 0 { BUSY } else { OPEN };
        call(gateways, board, &format!("{name}-{number}"), called, 1);
    }
    count
}

fn call(gateways: &[Gateway], board: &Shared, name: &str, called: &str, count: u32) {
    for number in 0..count {
        let id = format!("{name}-{number}");
        let gateway =
            &gateways[id.len().wrapping_add(id.bytes().map(usize::from).sum()) % gateways.len()];
        desks::arrive(board, &id);
        drop(gateway.call(CallScript::new(&id, "+8613800000001", called).talk_for(TALK)));
    }
}

fn cells(load: &Load, board: &Shared, calls: u32, spent: &Spent) -> Vec<String> {
    let share =
        |cpu: Duration| format!("{:.0} %", cpu.as_secs_f64() / load.span.as_secs_f64() * 100.0);
    let per_call = |cpu: Duration| millis(cpu) / f64::from(calls);
    desks::read(board, |board| {
        let three = |latency: &crate::latency::Latency| {
            format!("{} / {:.1}", latency.summary(), millis(latency.longest()))
        };
        vec![
            load.agents.to_string(),
            load.waiting.to_string(),
            load.per_second.to_string(),
            three(&board.arrived),
            board.arrived.count().to_string(),
            three(&board.freed),
            board.freed.count().to_string(),
            share(spent.replica),
            share(spent.redis),
            share(spent.postgres),
            format!(
                "{:.2} + {:.2} + {:.2} = {:.2} ms",
                per_call(spent.replica),
                per_call(spent.redis),
                per_call(spent.postgres),
                per_call(spent.total()),
            ),
        ]
    })
}
