//! Many tickets in one transaction, each made once.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

use switchboard_domain::customer::ExternalId;
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_store::error::StoreError;
use switchboard_store::ticket_transfers::{ImportOutcome, ImportedTicket, TicketTransfers};
use switchboard_store::tickets::TicketOrder;

use super::{create, keep_line, read, same_order};
use crate::customer_external_ids;
use crate::error::about;
use crate::scope::TenantScope;
use crate::store::PostgresStore;

#[async_trait]
impl TicketTransfers for PostgresStore {
    async fn import(
        &self,
        tenant: &TenantId,
        rows: &[ImportedTicket],
        keep: bool,
    ) -> Result<Vec<ImportOutcome>, StoreError> {
        self.bounded(async {
            let mut scope = self.scope_of_many(tenant).await?;
            let customers = Customers::of(&mut scope, rows).await?;
            let mut outcomes = Vec::with_capacity(rows.len());
            for row in rows {
                outcomes.push(take(&mut scope, row, &customers).await?);
            }
            if keep {
                scope.commit().await?;
            }
            Ok(outcomes)
        })
        .await
    }
}

/// The customers whom rows name.
struct Customers {
    known: BTreeSet<String>,
    holders: BTreeMap<ExternalId, CustomerId>,
}

impl Customers {
    async fn of(scope: &mut TenantScope<'_>, rows: &[ImportedTicket]) -> Result<Self, StoreError> {
        let external_ids = rows.iter().filter_map(|row| row.of.as_ref()).collect();
        let holders = customer_external_ids::holders(scope, external_ids).await?;
        let named: Vec<&str> = rows
            .iter()
            .filter_map(|row| row.order.ticket.customer.as_ref())
            .map(AsRef::as_ref)
            .collect();
        let known: Vec<String> =
            sqlx::query_scalar("SELECT id FROM customers WHERE tenant_id = $1 AND id = ANY($2)")
                .bind(scope.tenant)
                .bind(named)
                .fetch_all(scope.connection())
                .await
                .map_err(about("the customers of tickets"))?;
        Ok(Self { known: known.into_iter().collect(), holders: holders.into_iter().collect() })
    }

    /// Gives the order with its customer; none when there is no such customer.
    fn complete(&self, row: &ImportedTicket) -> Option<TicketOrder> {
        let mut order = row.order.clone();
        match (&order.ticket.customer, &row.of) {
            (Some(customer), _) => self.known.contains(customer.as_str()).then_some(order),
            (None, Some(external_id)) => {
                order.ticket.customer = Some(self.holders.get(external_id)?.clone());
                Some(order)
            }
            (None, None) => Some(order),
        }
    }
}

async fn take(
    scope: &mut TenantScope<'_>,
    row: &ImportedTicket,
    customers: &Customers,
) -> Result<ImportOutcome, StoreError> {
    let Some(order) = customers.complete(row) else { return Ok(ImportOutcome::NoCustomer) };
    if let Some(known) = read::by_request(scope, &order.request_id).await? {
        let is_same = same_order(known, &order).is_ok();
        return Ok(if is_same { ImportOutcome::There } else { ImportOutcome::Reused });
    }
    // A reference that is the name of a ticket made in another way is not taken either.
    if read::by_id(scope, &order.id).await?.is_some() {
        return Ok(ImportOutcome::Reused);
    }
    let ticket = create(scope, &order).await?;
    if !order.made(&ticket) {
        return Ok(ImportOutcome::Reused);
    }
    if let Some(ended) = &row.ended {
        let lived = ticket.over(ended, &order.actor);
        let lived = lived.map_err(|error| StoreError::corrupt("an imported ticket", error))?;
        for change in &lived {
            keep_line(scope, change).await?;
        }
    }
    Ok(ImportOutcome::Made)
}
