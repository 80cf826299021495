//! Deadlines: what the worker costs that tells them, by how many tickets have one.

use std::time::Duration;

use switchboard_domain::ids::TenantId;
use switchboard_runtime::clock::{Clock as _, SystemClock};
use switchboard_store::tickets::Tickets;
use switchboard_store_postgres::PostgresStore;
use tokio::time::{Instant, sleep};

use crate::center::TENANT;
use crate::replica::{Replica, Spent};
use crate::statements;
use crate::table::Table;

pub(super) const COLUMNS: [&str; 6] = [
    "have a deadline",
    "come due",
    "told in",
    "per ticket: replica",
    "Postgres",
    "nothing due: both",
];

/// How many tickets come due at once.
const DUE: u64 = 1_000;
/// How long nothing is due.
const REST: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(20);

/// Lets ever more of the open tickets have a deadline, and some of them come due.
pub(super) async fn measure(
    replica: &Replica,
    store: &PostgresStore,
    tenant: &TenantId,
    rows: u64,
    table: &mut Table,
) -> anyhow::Result<()> {
    let open = rows / 50;
    for waiting in [open / 100, open / 10, open].into_iter().filter(|count| *count >= DUE) {
        arm(replica, waiting * 50, "now() + interval '1 year'").await?;
        replica.rest().await?;
        let before = replica.spent()?;
        sleep(REST).await;
        let at_rest = replica.spent()?.since(&before);
        let until_due = replica.spent()?;
        arm(replica, DUE * 50, "now()").await?;
        let began = Instant::now();
        while !store.to_alarm(tenant, SystemClock.now(), 1).await?.is_empty() {
            sleep(LOOK).await;
        }
        let told_in = began.elapsed();
        table.row(row(waiting, told_in, &replica.spent()?.since(&until_due), &at_rest));
    }
    Ok(())
}

/// Sets the deadline of the open tickets up to a number. What follows a change is left out.
async fn arm(replica: &Replica, upto: u64, at: &str) -> anyhow::Result<()> {
    let statement = format!(
        "SET session_replication_role = replica;
         UPDATE tickets SET alarm_at = {at}
         WHERE tenant_id = '{TENANT}' AND number <= {upto} AND number % 50 = 0;"
    );
    statements::run(replica, &statement).await
}

fn row(waiting: u64, told_in: Duration, spent: &Spent, at_rest: &Spent) -> Vec<String> {
    let each = |cpu: Duration| format!("{} µs", cpu.as_micros() / u128::from(DUE));
    let idle = (at_rest.replica + at_rest.postgres).as_secs_f64() / REST.as_secs_f64();
    vec![
        waiting.to_string(),
        DUE.to_string(),
        format!("{} ms", told_in.as_millis()),
        each(spent.replica),
        each(spent.postgres),
        format!("{:.2} % of a core", idle * 100.0),
    ]
}
