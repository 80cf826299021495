#![allow(warnings, clippy::all, missing_docs)]
//! PARITY: random commands on the model and on Redis; replies, events and the whole state agree.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use switchboard_domain::floor::Floor;
use switchboard_domain::floor::command::{Command, Envelope};
use switchboard_domain::floor::invariants;
use switchboard_domain::floor::walk::Walk;
use switchboard_domain::ids::TenantId;
use switchboard_store::live_floor::{FloorError, Order};
use switchboard_store_redis::{RedisFloor, Settings, snapshot};

/// How many walks each test plays, and how long each is.
const STEPS: u32 = 800;

/// Plays one walk on both and compares them after every step.
async fn play(url: &str, seed: u64) {
    let wall = Arc::new(AtomicI64::new(0));
    let settings = Settings { url: url.to_owned(), timeout: Duration::from_secs(5) };
    let redis = RedisFloor::with_wall(&settings, Arc::clone(&wall)).expect("the URL is valid");
    let tenant = TenantId::parse(format!("walk-{seed}")).expect("a word and a number are an id");
    let mut model = Floor::new();
    let mut steps = Walk::new(seed);
    let mut dice = switchboard_domain::floor::walk::Dice::new(seed + 77);
    let mut seq = 1_000_000u64;
    for step in 0..STEPS {
        let (envelope, command) = if step > 40 && dice.below(10) < 7 {
            directed(&model, &mut dice, step, &mut seq)
        } else {
            loop {
                let (e, c) = steps.next(&model);
                let e = Envelope { wall: e.wall.max(model.wall), ..e };
                if step > 40
                    && dice.below(20) > 0
                    && matches!(c, Command::OpenEpoch { .. } | Command::JoinGateway { .. })
                {
                    if model.run == e.run {
                        continue;
                    }
                }
                break (e, c);
            }
        };
        wall.store(envelope.wall, Ordering::SeqCst);
        let place = format!("seed {seed} step {step}: {command:?}");
        let expected = model.apply(&envelope, &command);
        if std::env::var("TRACE").is_ok() {
            println!(
                "{step} {} {command:?} -> {}",
                model.now,
                match &expected {
                    Ok((r, ev)) => format!(
                        "{r:?} {}",
                        ev.iter()
                            .map(|e| format!(
                                "{}:{}:{:?}",
                                e.entity.id(),
                                e.kind,
                                e.fields
                                    .iter()
                                    .filter(|(k, _)| k.as_str() != "details")
                                    .map(|(_, v)| v.as_str())
                                    .collect::<Vec<_>>()
                            ))
                            .collect::<Vec<_>>()
                            .join("; ")
                    ),
                    Err(e) => format!("{e:?}"),
                }
            );
        }
        let wrong = invariants::check(&model);
        assert_eq!(wrong, Vec::<String>::new(), "{place}");
        let order = order(&envelope, &command);
        let actual = redis.apply_as(&tenant, order, &envelope.run).await;
        match &expected {
            Ok((reply, events)) => {
                saw(format!(
                    "command {} {}",
                    command.name(),
                    match reply {
                        switchboard_domain::floor::command::Reply::Duplicate => "duplicate",
                        _ => "ok",
                    }
                ));
                for e in events {
                    saw(format!("event {}", e.kind));
                }
            }
            Err(e) => saw(format!("command {} rejected {}", command.name(), e.code())),
        }
        match (expected, actual) {
            (Ok((reply, events)), Ok(applied)) => {
                assert_eq!((applied.reply, applied.events), (reply, events), "{place}");
            }
            (Err(expected), Err(FloorError::Rejected(actual))) => {
                assert_eq!(actual, expected, "{place}");
            }
            (expected, actual) => unreachable!("{place}: {expected:?} but {actual:?}"),
        }
        if step % 20 == 19 {
            let state = snapshot::read(&redis, &tenant).await.expect("the floor can be read");
            assert_eq!(state, model, "{place}");
            assert_eq!(invariants::check(&state), Vec::<String>::new(), "{place}");
        }
    }
}

fn order(envelope: &Envelope, command: &Command) -> Order {
    Order { command: command.clone(), seed: envelope.seed.clone(), trace: None }
}

static SEEN: std::sync::Mutex<std::collections::BTreeMap<String, u64>> =
    std::sync::Mutex::new(std::collections::BTreeMap::new());
fn saw(what: String) {
    *SEEN.lock().unwrap().entry(what).or_default() += 1;
}

#[ignore]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many() {
    let from: u64 = std::env::var("FROM").ok().and_then(|t| t.parse().ok()).unwrap_or(1000);
    let count: u64 = std::env::var("COUNT").ok().and_then(|t| t.parse().ok()).unwrap_or(50);
    let server = switchboard_embedded::testing::fresh_redis().await.expect("Redis starts");
    let url = server.url();
    let next = Arc::new(std::sync::atomic::AtomicU64::new(from));
    let mut tasks = Vec::new();
    for _ in 0..3 {
        let url = url.clone();
        let next = next.clone();
        tasks.push(tokio::spawn(async move {
            loop {
                let seed = next.fetch_add(1, Ordering::SeqCst);
                if seed >= from + count {
                    break;
                }
                let url = url.clone();
                if let Err(e) = tokio::spawn(async move { play(&url, seed).await }).await {
                    let _ = e;
                    eprintln!("FAILED seed {seed}");
                }
            }
        }));
    }
    for t in tasks {
        t.await.unwrap();
    }
    for (k, v) in SEEN.lock().unwrap().iter() {
        println!("{v:8} {k}");
    }
}

fn directed(
    floor: &Floor,
    dice: &mut switchboard_domain::floor::walk::Dice,
    step: u32,
    seq: &mut u64,
) -> (Envelope, Command) {
    use switchboard_domain::floor::command::*;
    use switchboard_domain::floor::plan::*;
    use switchboard_domain::floor::state::*;
    use switchboard_domain::ids::*;
    let seed = OfferId::parse(format!("d{:031x}", step)).unwrap();
    let tick = match dice.below(8) {
        0 => 900,
        1 => 500,
        _ => 30,
    };
    let envelope = Envelope { run: floor.run.clone(), wall: floor.wall + tick, seed };
    let mut options: Vec<Command> = vec![];
    *seq += 1;
    let any_route = |dice: &mut switchboard_domain::floor::walk::Dice,
                     channel: switchboard_domain::channel::Channel| {
        let classes: Vec<_> =
            floor.plan.classes.iter().filter(|(k, _)| k.as_str().contains(':')).collect();
        if classes.is_empty() {
            return None;
        }
        let mut steps = vec![];
        let mut queue = None;
        if dice.below(4) == 0 {
            let names: Vec<_> = floor.agents.keys().collect();
            if !names.is_empty() {
                let a = names[dice.below(names.len())];
                steps.push(RouteStep {
                    after: Duration::ZERO,
                    when_empty: false,
                    class: ClassDefinition {
                        key: ClassKey::personal(a),
                        profiles: Default::default(),
                    },
                });
            }
        }
        for _ in 0..1 + dice.below(2) {
            let (key, plan) = classes[dice.below(classes.len())];
            let rest = key.as_str().split_once(':').unwrap().1;
            let q = rest.split(['+', '/']).next().unwrap();
            queue.get_or_insert_with(|| QueueId::parse(q).unwrap());
            let after = Duration::from_millis(steps.len() as u64 * 2000);
            steps.push(RouteStep {
                after,
                when_empty: dice.below(2) == 0,
                class: ClassDefinition {
                    key: ClassKey::new(format!("{channel}:{rest}")),
                    profiles: plan.profiles.clone(),
                },
            });
        }
        let closes_in = match dice.below(8) {
            0 => Some(Duration::ZERO),
            1 => Some(Duration::from_secs(3)),
            _ => None,
        };
        Some(Route { queue: queue.unwrap(), steps, closes_in })
    };
    let version = floor.plan.version;
    let report = |id: &ContactId, c: &Contact| {
        c.token.map(|token| Report {
            contact: id.clone(),
            gateway: c.gateway.clone(),
            token,
            call_sequence: c.call_sequence.max(*seq) + 1,
        })
    };
    let desk = |id: &AgentId| {
        floor
            .agents
            .get(id)
            .and_then(|a| a.session)
            .map(|session| Desk { agent: id.clone(), session })
    };
    for (g, gate) in &floor.gateways {
        if let Some(token) = gate.token {
            if gate.fresh {
                if gate.deadline.is_some_and(|d| d.as_millis() < floor.now.as_millis() + 4000) {
                    return (
                        envelope,
                        Command::RenewGateway {
                            gateway: g.clone(),
                            token,
                            lease: Duration::from_secs(10),
                        },
                    );
                }
            } else {
                return (envelope, Command::FinishInventory { gateway: g.clone(), token });
            }
        }
    }
    for (a, agent) in &floor.agents {
        if let Some(session) = agent.session {
            if agent.lease_until.is_some_and(|d| d.as_millis() < floor.now.as_millis() + 3000)
                && dice.below(3) > 0
            {
                return (
                    envelope,
                    Command::RenewAgent {
                        desk: Desk { agent: a.clone(), session },
                        lease: Duration::from_secs(10),
                    },
                );
            }
        }
    }
    for (id, c) in &floor.contacts {
        match &c.state {
            ContactState::InMenu => {
                if let (Some(r), Some(route)) = (report(id, c), any_route(dice, c.channel)) {
                    options.push(Command::RouteContact {
                        report: r,
                        plan_version: version,
                        route,
                        priority: dice.below(4) as i32 - 1,
                        credit: Duration::from_secs(3),
                        details: String::new(),
                    });
                }
            }
            ContactState::Queued | ContactState::Offered { .. } => {
                for (o, a) in c.state.offers() {
                    if let Some(d) = desk(a) {
                        for _ in 0..4 {
                            options
                                .push(Command::AcceptOffer { desk: d.clone(), offer: o.clone() });
                        }
                        options.push(Command::DeclineOffer { desk: d, offer: o.clone() });
                    }
                }
                if dice.below(3) == 0 {
                    if let Some(route) = any_route(dice, c.channel) {
                        options.push(Command::MoveContact {
                            contact: id.clone(),
                            plan_version: version,
                            route,
                            by: "boss".into(),
                        });
                    }
                }
                if dice.below(3) == 0 {
                    options.push(Command::PrioritiseContact {
                        contact: id.clone(),
                        priority: dice.below(5) as i32 - 2,
                        credit: Duration::from_secs(2),
                        by: "boss".into(),
                    });
                }
                if dice.below(3) == 0 {
                    if let Some(route) =
                        any_route(dice, switchboard_domain::channel::Channel::Callback)
                    {
                        options.push(Command::RequestCallback {
                            contact: id.clone(),
                            callback: ContactId::parse(format!("cb-{step}")).unwrap(),
                            plan_version: version,
                            route,
                            opens_in: Duration::from_millis(dice.below(3) as u64 * 1000),
                            closes_in: (dice.below(2) == 0).then(|| Duration::from_secs(20)),
                            by: "caller".into(),
                        });
                    }
                }
                if c.callback.is_some() && dice.below(8) == 0 {
                    options
                        .push(Command::CancelCallback { contact: id.clone(), by: "caller".into() });
                }
                let free: Vec<_> = floor
                    .agents
                    .iter()
                    .filter(|(_, a)| a.is_working() && a.offer.is_none())
                    .map(|(k, _)| k.clone())
                    .collect();
                if !free.is_empty() {
                    options.push(Command::AssignContact {
                        contact: id.clone(),
                        agent: free[dice.below(free.len())].clone(),
                        by: "boss".into(),
                    });
                }
                if dice.below(5) == 0 {
                    if let Some(r) = report(id, c) {
                        options.push(Command::HangUp { report: r, served: false });
                    }
                }
            }
            ContactState::Connecting { offer, agent } => {
                if let Some(r) = report(id, c) {
                    for _ in 0..3 {
                        options.push(Command::ReportBridged {
                            report: r.clone(),
                            offer: offer.clone(),
                        });
                    }
                    if dice.below(3) == 0 {
                        options.push(Command::ReportBridgeFailed {
                            report: r.clone(),
                            offer: offer.clone(),
                            cause: MissCause::ALL[dice.below(4)],
                        });
                    }
                    if c.callback.is_some() {
                        for _ in 0..3 {
                            options.push(Command::ReportDialFailed {
                                report: r.clone(),
                                offer: offer.clone(),
                                outcome: "busy".into(),
                            });
                        }
                    }
                    if dice.below(4) == 0 {
                        options.push(Command::HangUp { report: r, served: false });
                    }
                }
            }
            ContactState::Connected { agent } => {
                if let Some(d) = desk(agent) {
                    if let Some(route) = any_route(dice, c.channel) {
                        match dice.below(6) {
                            0 => options.push(Command::TransferContact {
                                desk: d.clone(),
                                contact: id.clone(),
                                plan_version: version,
                                route,
                            }),
                            1..4 => options.push(Command::StartConsult {
                                desk: d.clone(),
                                contact: id.clone(),
                                consult: ContactId::parse(format!("con-{step}")).unwrap(),
                                plan_version: version,
                                route,
                            }),
                            _ => {}
                        }
                    }
                    if let Some(k) = &c.consult {
                        if matches!(floor.contacts[k].state, ContactState::Connected { .. }) {
                            for _ in 0..6 {
                                options.push(Command::CompleteConsult {
                                    desk: d.clone(),
                                    contact: id.clone(),
                                });
                            }
                        }
                    }
                    if dice.below(4) == 0 {
                        options.push(Command::CompleteConsult {
                            desk: d.clone(),
                            contact: id.clone(),
                        });
                    }
                    if dice.below(4) == 0 {
                        options
                            .push(Command::CancelConsult { desk: d.clone(), contact: id.clone() });
                    }
                    if dice.below(3) == 0 {
                        options.push(Command::ExtendWrapUp {
                            desk: d,
                            contact: id.clone(),
                            extension: Duration::from_secs(1),
                        });
                    }
                }
                if let Some(r) = report(id, c) {
                    match dice.below(8) {
                        0 => options.push(Command::ReportAgentGone { report: r }),
                        1 => options.push(Command::HangUp { report: r, served: false }),
                        _ => {}
                    }
                }
            }
            ContactState::Ended { reason } => {
                if *reason == EndReason::Overflow && dice.below(3) == 0 {
                    if let Some(route) =
                        any_route(dice, switchboard_domain::channel::Channel::Callback)
                    {
                        options.push(Command::RequestCallback {
                            contact: id.clone(),
                            callback: ContactId::parse(format!("cb-{step}")).unwrap(),
                            plan_version: version,
                            route,
                            opens_in: Duration::ZERO,
                            closes_in: None,
                            by: "caller".into(),
                        });
                    }
                }
            }
        }
    }
    for (a, agent) in &floor.agents {
        let Some(d) = desk(a) else { continue };
        for (k, w) in &agent.work {
            if matches!(w.phase, Phase::WrapUp { .. }) {
                options.push(Command::ExtendWrapUp {
                    desk: d.clone(),
                    contact: k.clone(),
                    extension: Duration::from_millis(500 * dice.below(9) as u64),
                });
                options.push(Command::FinishWrapUp {
                    desk: d.clone(),
                    contact: k.clone(),
                    notes: String::new(),
                });
            }
        }
        if dice.below(6) == 0 {
            options.push(Command::ForcePresence {
                agent: a.clone(),
                want: Want::ALL[dice.below(3)],
                reason: if dice.below(2) == 0 { String::new() } else { "x".into() },
                by: "boss".into(),
            });
        }
        if agent.want != Want::Ready {
            options.push(Command::SetWant { desk: d, want: Want::Ready, reason: String::new() });
        }
    }
    options.push(Command::FireDeadlines);
    if options.len() < 3 || dice.below(5) == 0 {
        return (envelope, Command::FireDeadlines);
    }
    let pick = dice.below(options.len());
    (envelope, options.swap_remove(pick))
}
