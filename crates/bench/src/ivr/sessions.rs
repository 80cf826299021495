//! Steps through gRPC: sessions of a gateway that asks step by step, to a real program.

use std::time::Duration;

use anyhow::{bail, ensure};
use switchboard_api::call::v1::CollectEnd;
use switchboard_api::ivr::v1::send_input_request::Input;
use switchboard_api::ivr::v1::{
    EndSessionRequest, PressedDigits, SendInputRequest, SessionAnswer, StartSessionRequest,
};
use switchboard_client::Connection;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tonic::Status;

use super::IvrOptions;
use crate::center::{GATEWAYS, MENU, Staff};
use crate::latency::{Latency, millis};
use crate::replica::{Heartbeats, Replica};
use crate::table::{Table, progress};

/// What a caller presses: books a trip, after one mistake.
const KEYS: [&str; 3] = ["2", "021*010*0231", "021*010*1225"];
/// How many steps a session has: its beginning and one for each entry.
const STEPS: u32 = 4;
/// How long a caller takes from one entry to the next.
const PAUSE: Duration = Duration::from_millis(250);
/// How long steps go before they are counted.
const WARM_UP: Duration = Duration::from_secs(3);
/// What 99 of 100 steps may take.
const TARGET: Duration = Duration::from_millis(10);

/// Measures with one published flow and with many.
pub(super) async fn measure(options: &IvrOptions) -> anyhow::Result<Table> {
    let columns = [
        "flows",
        "steps/s",
        "steps",
        "failed",
        "p50 / p99",
        "max",
        "of 10 ms",
        "replica CPU",
        "Redis CPU",
        "per step: replica + Redis",
    ];
    let mut table = Table::new("Steps through gRPC", &columns);
    for flows in [1, options.flows] {
        progress(&format!("sessions: {flows} flows, {} steps/s", options.rate));
        table.row(run(options, flows).await?);
    }
    table.note(
        "An open-loop driver: steps are due on the clock, whatever is answered, and each is timed from \
         when it was due. StartSession and three SendInput a session; ending it is not counted. \
         Driver, program, Redis and Postgres share the machine.",
    );
    Ok(table)
}

async fn run(options: &IvrOptions, flows: usize) -> anyhow::Result<Vec<String>> {
    let replica = Replica::with_flows(Staff { open: 1, busy: 1 }, Heartbeats::None, flows).await?;
    let gateways =
        (0..GATEWAYS).map(|number| replica.connect(&format!("gateway-gateway-{number}")));
    let gateways = gateways.collect::<anyhow::Result<Vec<Connection>>>()?;
    // The program reads its center when it is first asked.
    drive(&gateways, "first", STEPS, Duration::from_secs(1)).await?;
    replica.rest().await?;
    drive(&gateways, "warm", options.rate, WARM_UP).await?;
    let (begun, before) = (Instant::now(), replica.spent()?);
    let Steps { latency, failed } = drive(&gateways, "call", options.rate, options.span()).await?;
    let (took, spent) = (begun.elapsed(), replica.spent()?.since(&before));
    replica.stop().await?;
    let share = |cpu: Duration| format!("{:.0} %", cpu.as_secs_f64() / took.as_secs_f64() * 100.0);
    let steps = u32::try_from(latency.count())?.max(1);
    let p99 = latency.quantile(0.99);
    Ok(vec![
        flows.to_string(),
        options.rate.to_string(),
        latency.count().to_string(),
        failed.to_string(),
        latency.summary(),
        format!("{:.1} ms", millis(latency.longest())),
        format!("{:.0} %", p99.as_secs_f64() / TARGET.as_secs_f64() * 100.0),
        share(spent.replica),
        share(spent.redis),
        format!(
            "{} + {} µs",
            (spent.replica / steps).as_micros(),
            (spent.redis / steps).as_micros()
        ),
    ])
}

/// What steps took, and how many the program refused; a session ends with the first of these.
#[derive(Default)]
struct Steps {
    latency: Latency,
    failed: u64,
}

/// Begins sessions on the clock and takes each to its end; gives what their steps took.
async fn drive(
    gateways: &[Connection],
    name: &str,
    per_second: u32,
    span: Duration,
) -> anyhow::Result<Steps> {
    let sessions = per_second * u32::try_from(span.as_secs())? / STEPS;
    let apart = span / sessions.max(1);
    let begun = Instant::now();
    let mut running = JoinSet::new();
    for number in 0..sessions {
        let due = begun + apart * number;
        sleep_until(due).await;
        let gateway = &gateways[usize::try_from(number)? % gateways.len()];
        running.spawn(session(gateway.clone(), format!("{name}-{number}"), due));
    }
    let mut all = Steps::default();
    while let Some(ended) = running.join_next().await {
        let session = ended??;
        all.latency.merge(&session.latency);
        all.failed += session.failed;
    }
    Ok(all)
}

/// Takes one session through its flow; each step is timed from when it was due.
async fn session(gateway: Connection, id: String, begun: Instant) -> anyhow::Result<Steps> {
    let mut steps = Steps::default();
    let outcome = walk(&gateway, &id, begun, &mut steps.latency).await;
    match outcome {
        Ok(Some(answer)) => {
            ensure!(answer.directives.len() > 1, "the caller is told and routed: {answer:?}");
        }
        Ok(None) => bail!("an answer says what comes next"),
        Err(_) => steps.failed += 1,
    }
    Ok(steps)
}

async fn walk(
    gateway: &Connection,
    id: &str,
    begun: Instant,
    latency: &mut Latency,
) -> Result<Option<SessionAnswer>, Status> {
    let mut flows = gateway.flows();
    let start = StartSessionRequest {
        session_id: id.to_owned(),
        calling_number: "+8613800000001".to_owned(),
        called_number: MENU.to_owned(),
        ..StartSessionRequest::default()
    };
    let mut answer = flows.start_session(start).await?.into_inner().answer;
    latency.add(begun.elapsed());
    for ((seq, after), keys) in (1..).zip(1..).zip(KEYS) {
        let due = begun + PAUSE * after;
        sleep_until(due).await;
        let reason = CollectEnd::Terminator.into();
        let digits = PressedDigits { keys: keys.to_owned(), reason };
        let input = Some(Input::Digits(digits));
        let request = SendInputRequest { session_id: id.to_owned(), seq, input };
        answer = flows.send_input(request).await?.into_inner().answer;
        latency.add(due.elapsed());
    }
    flows.end_session(EndSessionRequest { session_id: id.to_owned() }).await?;
    Ok(answer)
}
