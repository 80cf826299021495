//! Lookups by number, at the port every service uses.

use anyhow::ensure;
use switchboard_domain::ids::TenantId;
use switchboard_domain::phone::{Country, PhoneAddress};
use switchboard_runtime::config::Config;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::stores::DurableStores;
use switchboard_runtime::tasks::Tasks;
use tokio::time::Instant;

use super::file::number;
use crate::center::TENANT;
use crate::latency::{Latency, millis};
use crate::replica::Replica;

/// Steps over the customers so that no two lookups in a row are near each other.
pub(super) const STRIDE: u64 = 7_919;

pub(super) const COLUMNS: [&str; 5] =
    ["customers", "lookups", "first p50 / p99", "again p50 / p99", "longest"];

/// Looks customers up twice: numbers nobody asked for before, and the same again.
pub(super) async fn measure(
    replica: &Replica,
    (customers, imported): (u64, u64),
    lookups: u32,
) -> anyhow::Result<Vec<String>> {
    let config = Config::load(Some(&replica.settings()))?;
    let tasks = Tasks::new(Shutdown::new());
    let stores = DurableStores::connect(&config, &tasks)?;
    let first = look(&stores, imported, lookups).await?;
    let again = look(&stores, imported, lookups).await?;
    tasks.shutdown().trigger();
    stores.close().await;
    Ok(vec![
        customers.to_string(),
        lookups.to_string(),
        first.summary(),
        again.summary(),
        format!("{:.1} ms", millis(first.longest().max(again.longest()))),
    ])
}

async fn look(stores: &DurableStores, imported: u64, lookups: u32) -> anyhow::Result<Latency> {
    let tenant = TenantId::parse(TENANT)?;
    let (home, mut latency) = (Country::parse("CN")?, Latency::default());
    for n in 0..u64::from(lookups) {
        let address = PhoneAddress::parse(&number(n * STRIDE % imported), home)?;
        let started = Instant::now();
        let found = stores.callers.lookup(&tenant, &address).await?.evidence;
        latency.add(started.elapsed());
        ensure!(!found.is_empty(), "nobody has number {n}");
    }
    Ok(latency)
}
