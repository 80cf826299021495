//! Breaks the promises that nobody kept in time, each once.

use std::sync::Arc;

use switchboard_domain::ids::TenantId;
use switchboard_domain::promise::{PromiseEnd, PromiseEnded, PromiseState};
use switchboard_domain::ticket::TicketMove;
use switchboard_store::error::StoreError;
use switchboard_store::page::{MAX_PAGE_SIZE, PageRequest};
use switchboard_store::promises::PromiseFilter;
use switchboard_store::tenants::Tenants;

use crate::PromiseParts;
use crate::promises::ending;
use crate::rounds::each_tenant;

/// Who breaks a promise that nobody kept.
const TIME: &str = "promise:due";

/// Breaks promises for ever, as their time is up.
///
/// Any number of processes may do so: a promise ends only in the version that was looked at, so each is
/// broken and told once. To be dropped at any moment is fine. What it costs depends on how many come
/// due, not on how many there are.
pub async fn watch_promises(parts: PromiseParts, tenants: Arc<dyn Tenants>) {
    each_tenant(&*tenants, "promises cannot be looked at", |tenant| {
        let parts = parts.clone();
        async move { break_due(&parts, &tenant).await }
    })
    .await;
}

/// Breaks what is overdue now, of every promise of a tenant.
pub async fn break_due(parts: &PromiseParts, tenant: &TenantId) -> Result<(), StoreError> {
    let mut token = String::new();
    loop {
        let now = parts.clock.now();
        let overdue = PromiseFilter {
            state: Some(PromiseState::Open),
            due_before: Some(now),
            ..PromiseFilter::default()
        };
        let page = PageRequest::parse(MAX_PAGE_SIZE, &token)
            .map_err(|error| StoreError::corrupt("a page of promises", error))?;
        let found = parts.promises.promises(tenant, &overdue, &page).await?;
        for promise in found.records {
            let ended = PromiseEnded { at: now, by: TIME.to_owned(), note: None };
            // Whoever ended it meanwhile has told of it.
            let Ok((broken, line)) = ending(&promise, PromiseEnd::Break, ended, TicketMove::Alarm)
            else {
                continue;
            };
            match parts.promises.end(tenant, &broken, &line).await {
                Ok(()) => {
                    tracing::warn!(tenant.id = %tenant, promise.id = %broken.id, "a promise is broken");
                }
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        token = found.next;
        if token.is_empty() {
            return Ok(());
        }
    }
}
