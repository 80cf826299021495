//! More customers than anybody waits for, around those that were imported.

use anyhow::ensure;

use crate::center::TENANT;
use crate::replica::Replica;
use crate::statements;

/// Fills what a lookup reads up to `customers`, evenly among `imported` ones that can be looked up.
///
/// What is sealed of the others is as long as what is, and opens for nobody.
pub(super) async fn gather(replica: &Replica, imported: u64, customers: u64) -> anyhow::Result<()> {
    ensure!(customers.is_multiple_of(imported), "{customers} is no multiple of {imported}");
    let statements = include_str!("crowd.sql")
        .replace("{tenant}", TENANT)
        .replace("{rows}", &customers.to_string())
        .replace("{apart}", &(customers / imported).to_string());
    statements::run(replica, &statements).await
}
