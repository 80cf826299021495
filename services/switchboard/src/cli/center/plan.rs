//! `plan`: what a folder would change.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use switchboard_center::Change;
use switchboard_domain::ids::{QueueId, TenantId};

use super::{TenantArgs, checked};
use crate::cli::failure::{Exit, sentence, told};
use crate::cli::output::{Format, Output, message};
use crate::rollout::{Occupancy, Plan, occupancy};

const COLUMNS: [&str; 5] = ["CHANGE", "OBJECT", "KEY", "BEFORE", "AFTER"];
/// Longer values are cut in tables.
const MOST_LETTERS: usize = 40;

/// Which folder to compare with the version in force.
#[derive(Args, Debug)]
pub(crate) struct PlanArgs {
    /// The folder of YAML files
    folder: PathBuf,
    #[command(flatten)]
    tenant: TenantArgs,
    /// How data is written
    #[arg(short, long, value_enum, default_value_t)]
    output: Format,
}

impl PlanArgs {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let (files, center) = checked(&self.folder)?;
        let stores = self.tenant.stores()?;
        let tenant = self.tenant.tenant(&stores.durable).await?;
        let plan = Plan::new(&*stores.durable.centers, &tenant, &files, &center).await?;
        // Whether contacts wait is worth telling, and no reason to fail.
        let found = match occupancy(&*stores.floor, &tenant, &plan.removed).await {
            Ok(found) => found,
            Err(error) => {
                message(&format!("it cannot be told who waits: {}", sentence(&error.into())));
                BTreeMap::new()
            }
        };
        match self.output {
            Format::Json => out.line(&as_json(&tenant, &plan, &found)?)?,
            Format::Table if plan.changes.is_empty() => {}
            Format::Table => out.table(&COLUMNS, plan.changes.iter().map(row))?,
        }
        warn(&found);
        match plan.changes.len() {
            0 => {
                message(&format!("nothing changes: version {} says the same", plan.based_on));
                Ok(())
            }
            1 => Err(told(Exit::Differs, "1 change")),
            several => Err(told(Exit::Differs, format!("{several} changes"))),
        }
    }
}

fn warn(found: &BTreeMap<QueueId, Occupancy>) {
    for (queue, Occupancy { waiting, served }) in found.iter().filter(|(_, who)| !who.is_empty()) {
        let text = format!("queue `{queue}` would be removed: {waiting} waiting, {served} served");
        message(&text);
    }
}

fn row(change: &Change) -> Vec<String> {
    let text = |value: &Option<String>| short(value.as_deref().unwrap_or_default());
    vec![
        change.kind.to_string(),
        change.object.clone(),
        change.key.clone().unwrap_or_default(),
        text(&change.before),
        text(&change.after),
    ]
}

fn short(value: &str) -> String {
    let line = value.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(MOST_LETTERS).collect();
    if cut.len() < value.trim_end().len() { format!("{cut}…") } else { cut }
}

fn as_json(
    tenant: &TenantId,
    plan: &Plan,
    found: &BTreeMap<QueueId, Occupancy>,
) -> anyhow::Result<String> {
    let changes = plan.changes.iter().map(|change| {
        json!({
            "change": change.kind.as_str(),
            "object": change.object,
            "key": change.key,
            "before": change.before,
            "after": change.after,
        })
    });
    let removed = plan.removed.iter().map(|queue| {
        let found = found.get(queue);
        json!({
            "queue_id": queue.as_str(),
            "waiting": found.map(|found| found.waiting),
            "served": found.map(|found| found.served),
        })
    });
    let value = json!({
        "tenant": tenant.as_str(),
        "version": plan.based_on,
        "changes": changes.collect::<Vec<Value>>(),
        "removed_queues": removed.collect::<Vec<Value>>(),
    });
    Ok(serde_json::to_string_pretty(&value)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_cut_and_short_ones_are_not() {
        assert_eq!(short("15s"), "15s");
        assert_eq!(short("订票"), "订票");
        assert_eq!(short(&"a".repeat(41)), format!("{}…", "a".repeat(40)));
        assert_eq!(short("one\ntwo"), "one…");
    }
}
