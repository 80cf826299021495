//! How long the longest scripts keep Redis from everybody else.

use switchboard_proofs::parity::worst;

use super::AcdOptions;
use crate::table::{Table, progress};

/// Measures each worst fixture some times.
pub(super) async fn measure(options: &AcdOptions, url: &str) -> anyhow::Result<Table> {
    let rounds = if options.quick { 3 } else { 9 };
    let columns = ["step", "worst fixture", "µs in Redis, median", "longest", "limit", "is"];
    let mut table = Table::new("Script time on the worst fixtures", &columns);
    let tell = |what: &str| progress(&format!("budget: {what}"));
    for cost in worst::measure(url, rounds, tell).await? {
        let verdict = if cost.median() <= cost.limit() { "kept" } else { "exceeded" };
        table.row([
            cost.step.to_owned(),
            cost.what.to_owned(),
            cost.median().to_string(),
            cost.most().to_string(),
            cost.limit().to_string(),
            verdict.to_owned(),
        ]);
    }
    table
        .note("Times are of the server's processor: what else runs on the machine does not count.");
    Ok(table)
}
