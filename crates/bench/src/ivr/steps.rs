//! What one step of a caller through a flow costs the processor, without data dips.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

use anyhow::{Context as _, ensure};

use switchboard_center::{demo, parse, today};
use switchboard_domain::center::Center;
use switchboard_domain::channel::Channel;
use switchboard_domain::customer::Verification;
use switchboard_domain::flow::{Context, DigitsEnd, Input, Position, start, step};
use switchboard_domain::ids::FlowId;
use switchboard_domain::number_rule::Listed;
use switchboard_domain::time::Timestamp;
use tokio::time::Instant;

use super::IvrOptions;
use crate::machine;
use crate::table::{Table, progress};

/// The flow of the sample, and the name of each copy.
const SAMPLE: &str = "flows/hotline.yaml";
/// A caller who books a trip, after one mistake.
const CALL: [&str; 4] = ["2", "021*010*0231", "021*010*1225", ""];
/// What one step may cost.
const TARGET: Duration = Duration::from_micros(20);

/// Measures with one published flow and with many.
pub(super) fn measure(options: &IvrOptions) -> anyhow::Result<Table> {
    let columns = ["flows", "read", "CPU per step", "with its position as text", "of 20 µs"];
    let mut table = Table::new("A step of the IVR", &columns);
    for flows in [1, options.flows] {
        progress(&format!("steps: {flows} flows"));
        row(&mut table, flows, options.calls)?;
    }
    table.note(
        "A step takes an input to the directives that follow from it; the position is read from text \
         before it and written after it, as between replicas. One thread, its processor time, no data \
         dips.",
    );
    Ok(table)
}

fn row(table: &mut Table, flows: usize, calls: usize) -> anyhow::Result<()> {
    let begun = Instant::now();
    let center = parse(&copies(flows)?).map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
    let read = begun.elapsed();
    let ids: Vec<&FlowId> = center.flows.keys().collect();
    let bare = walk(&center, &ids, calls, false)?;
    let with_text = walk(&center, &ids, calls, true)?;
    let share = with_text.as_secs_f64() / TARGET.as_secs_f64() * 100.0;
    table.row([
        ids.len().to_string(),
        format!("{:.0} ms", read.as_secs_f64() * 1e3),
        micros(bare),
        micros(with_text),
        format!("{share:.0} %"),
    ]);
    Ok(())
}

/// Sends callers through all flows in turn; gives what one step costs.
fn walk(center: &Center, ids: &[&FlowId], calls: usize, as_text: bool) -> anyhow::Result<Duration> {
    let now = Timestamp::from_millis(1_795_291_200_000);
    let inputs = CALL.map(|keys| match keys {
        "" => Input::MediaDone,
        keys => Input::Digits { keys: keys.into(), end: DigitsEnd::Terminator },
    });
    let mut steps = 0_u32;
    let begun = machine::own_cpu_time()?;
    for call in 0..calls {
        let id = ids[call * 7_919 % ids.len()];
        let flow = center.flow(id).context("the flow is there")?;
        let known = context(center, now);
        let mut last = start(flow, &known);
        steps += 1;
        for input in &inputs {
            if last.is_end() {
                break;
            }
            if as_text {
                last.position = Position::decode(&black_box(last.position.encode()))?;
            }
            last = step(black_box(flow), &last.position, input, &known);
            steps += 1;
        }
        ensure!(black_box(&last).is_end(), "every caller reaches the queue of {}", flow.title());
    }
    Ok(machine::own_cpu_time()?.saturating_sub(begun) / steps.max(1))
}

fn context(center: &Center, now: Timestamp) -> Context<'_> {
    Context {
        prompts: &center.prompts,
        language: &center.default_language,
        today: today(center, now),
        now,
        calendars: &center.calendars,
        call: "a-call",
        channel: Channel::Voice,
        called_number: Some("+862160000000"),
        calling_number: Some("+8613800000001"),
        listed: Listed::default(),
        verification: Verification::default(),
        customer: None,
    }
}

fn copies(flows: usize) -> anyhow::Result<BTreeMap<String, String>> {
    let mut files = demo();
    let sample = files.get(SAMPLE).context("the demo has a flow")?.clone();
    for number in 1..flows {
        let text = sample.replacen("title: ", &format!("title: {number} "), 1);
        files.insert(format!("flows/copy-{number}.yaml"), text);
    }
    Ok(files)
}

fn micros(span: Duration) -> String {
    format!("{:.2} µs", span.as_secs_f64() * 1e6)
}
