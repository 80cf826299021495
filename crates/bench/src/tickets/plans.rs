//! Plans of the standard views: which index answers, and how much is read.

use std::time::Duration;

use anyhow::Context as _;

use switchboard_domain::ids::{AgentId, TenantId};
use switchboard_runtime::clock::{Clock as _, SystemClock};
use switchboard_store::ticket_views::StandardView;
use switchboard_store_postgres::PostgresStore;
use switchboard_store_postgres::testing::explain_tickets;

use crate::table::Table;

pub(super) const COLUMNS: [&str; 5] = ["list", "index", "rows read", "not shown", "pages"];

/// Has each standard view run and explained.
pub(super) async fn explain(
    store: &PostgresStore,
    tenant: &TenantId,
    table: &mut Table,
) -> anyhow::Result<()> {
    for view in StandardView::ALL {
        let mut wanted = view.filter(AgentId::parse("agent-7").ok());
        if view == StandardView::Team {
            wanted.lasting.department = Some("department-7".to_owned());
        }
        let now = SystemClock.now();
        let filter =
            wanted.asked_by("agent:agent-7".to_owned()).at(now, now + Duration::from_hours(9));
        let plan = explain_tickets(store, tenant, &filter).await?;
        table.row(row(view.as_str(), &plan).with_context(|| plan.clone())?);
    }
    Ok(())
}

/// Tells what an executed plan says of the first index, and of the pages of all its steps.
fn row(view: &str, plan: &str) -> Option<Vec<String>> {
    let (_, scan) = plan.split_once("using ")?;
    let index = scan.split(' ').next()?;
    let rows = number_after(scan, "actual rows=")?;
    let removed = number_after(scan, "Rows Removed by Filter: ").unwrap_or(0);
    let pages = plan.lines().find_map(|line| line.trim().strip_prefix("Buffers: shared "))?;
    let pages =
        number_after(pages, "hit=").unwrap_or(0) + number_after(pages, "read=").unwrap_or(0);
    Some(vec![
        view.to_owned(),
        format!("`{index}`"),
        (rows + removed).to_string(),
        removed.to_string(),
        pages.to_string(),
    ])
}

fn number_after(text: &str, name: &str) -> Option<u64> {
    let (_, rest) = text.split_once(name)?;
    rest.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}
