//! Many tickets, put straight into the tables.

use crate::center::TENANT;
use crate::replica::Replica;
use crate::statements;

/// Puts so many tickets into the tables of a center that has none, as years of work leave them: one in
/// fifty is open, each has a handful of words.
pub(super) async fn fill(replica: &Replica, rows: u64) -> anyhow::Result<()> {
    let statements = include_str!("fill.sql").replace("{tenant}", TENANT);
    let statements = statements.replace("{rows}", &rows.to_string());
    statements::run(replica, &statements).await
}
