//! What the service tells of tickets with which something is wrong.
//!
//! Every replica tells of all of them: take the greatest, not the sum. So that this costs the same however
//! many tickets are open, none beyond [`MOST`] is counted.

use std::sync::Arc;
use std::time::Duration;

use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_runtime::telemetry::metrics::{Gauge, gauge};
use switchboard_store::error::StoreError;
use switchboard_store::tenants::Tenants;
use switchboard_store::ticket_views::StandardView;
use switchboard_store::tickets::TicketFilter;

use crate::ReportParts;
use crate::rounds::each_tenant_every;

/// How long to rest between two counts.
const PAUSE: Duration = Duration::from_mins(1);

/// So many tickets are counted; more are told as so many.
const MOST: u32 = 10_000;

/// The lists that show tickets with which something is wrong.
const EXCEPTIONS: [StandardView; 5] = [
    StandardView::Overdue,
    StandardView::Stuck,
    StandardView::Bounced,
    StandardView::Reopened,
    StandardView::Unassigned,
];

/// Counts the tickets with which something is wrong, for ever; to be dropped at any moment is fine.
pub async fn keep_counting(parts: ReportParts, tenants: Arc<dyn Tenants>) {
    let tickets = gauge("switchboard_tickets", "Open tickets, by what is wrong with them.");
    each_tenant_every(PAUSE, &*tenants, "tickets cannot be counted", |tenant| {
        let (parts, tickets) = (parts.clone(), tickets.clone());
        async move { tell(&parts, &tickets, &tenant).await }
    })
    .await;
}

async fn tell(parts: &ReportParts, tickets: &Gauge, tenant: &TenantId) -> Result<(), StoreError> {
    for (exception, count) in counted(parts, tenant).await? {
        let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        tickets.set(count, &[("tenant", tenant.as_str()), ("exception", exception)]);
    }
    Ok(())
}

/// Counts open tickets and those with which something is wrong, up to [`MOST`] each.
async fn counted(
    parts: &ReportParts,
    tenant: &TenantId,
) -> Result<Vec<(&'static str, u64)>, StoreError> {
    let mut counts = vec![];
    for (exception, filter) in lists(parts.clock.now()) {
        let count = parts.reports.count_tickets_up_to(tenant, &filter, MOST).await?;
        counts.push((exception, count));
    }
    Ok(counts)
}

fn lists(now: Timestamp) -> impl Iterator<Item = (&'static str, TicketFilter)> {
    let open = TicketFilter { is_open: true, ..TicketFilter::default() };
    // The end of the day tells nothing of what is wrong.
    let wrong = EXCEPTIONS.map(|view| (view.as_str(), view.filter(None).at(now, now)));
    [("open", open)].into_iter().chain(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exception_is_the_list_of_its_name_and_holds_open_tickets_only() {
        let now = Timestamp::from_millis(1_800_000_000_000);

        for (exception, filter) in lists(now) {
            let view = StandardView::named(exception);
            let list = view.map(|view| view.filter(None).at(now, now));
            assert_eq!(list.is_none(), exception == "open", "{exception}");
            assert!(list.is_none_or(|list| list == filter), "{exception}");
            assert!(filter.wants_open(), "{exception}");
        }
    }
}
