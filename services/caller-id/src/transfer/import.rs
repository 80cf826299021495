//! Takes customers batch by batch: each is kept, or refused row by row, before the next is read.

use std::sync::Arc;

use prost_types::FieldMask;
use switchboard_api::callerid::v1::import_customers_request::Part as WirePart;
use switchboard_api::callerid::v1::{
    ImportBatch, ImportCustomersRequest, ImportCustomersResponse, ImportHeader,
};
use switchboard_api::convert::customer as convert;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::center::CustomerRules;
use switchboard_domain::customer::profile::ProfileSchema;
use switchboard_domain::phone::Country;
use switchboard_runtime::imports::{Import, Part};
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::transfers::{CustomerRow, RowOutcome, UpsertOrder};
use tonic::async_trait;

use super::TransferParts;
use super::row::{self, Reading};
use crate::api::create::spare_id;

/// The most rows of a batch: what one transaction keeps in some ten milliseconds.
const MAX_ROWS: usize = 500;
/// How often a batch is tried when somebody else makes one of its customers, or gives one of its external
/// ids, meanwhile.
const TRIES: u32 = 3;

/// What an import of customers works with, and who does it.
pub(super) struct Customers {
    pub(super) parts: TransferParts,
    pub(super) caller: Caller,
}

/// What the header asked for.
pub(super) struct Order {
    mask: FieldMask,
    home: Country,
    rules: CustomerRules,
    schema: Arc<ProfileSchema>,
    keep: bool,
}

#[async_trait]
impl Import for Customers {
    type Request = ImportCustomersRequest;
    type Header = ImportHeader;
    type Batch = ImportBatch;
    type Order = Order;
    type Answer = ImportCustomersResponse;

    fn part(request: ImportCustomersRequest) -> Option<Part<ImportHeader, ImportBatch>> {
        request.part.map(|part| match part {
            WirePart::Header(header) => Part::Header(header),
            WirePart::Batch(batch) => Part::Batch(batch),
        })
    }

    async fn begin(&self, header: ImportHeader) -> Result<Order, ApiError> {
        let within = |error: ApiError| error.within("header");
        let mask = field::required("update_mask", header.update_mask).map_err(within)?;
        let center = self.parts.callers.centers.get(&self.caller.tenant).await;
        let center = center.map_err(StoreError::from)?;
        // The names of the fields are refused here once, and not for each row.
        convert::paths(&mask, &center.profile, self.caller.role).map_err(within)?;
        let keep = !header.validate_only;
        if keep {
            let (fields, now) = (mask.paths.join(", "), self.parts.callers.clock.now());
            let line = AuditRecord {
                detail: Some(fields),
                ..AuditRecord::of(&self.caller, "customer.import", "customers".to_owned(), now)
            };
            self.parts.callers.audit.append(&self.caller.tenant, &line).await?;
        }
        let (home, rules) = (center.default_country, center.customer_rules.clone());
        Ok(Order { mask, home, rules, schema: Arc::new(center.profile.clone()), keep })
    }

    async fn take(
        &self,
        batch: ImportBatch,
        order: &Order,
    ) -> Result<ImportCustomersResponse, ApiError> {
        let rows = field::list("batch.rows", batch.rows, MAX_ROWS)?;
        let last = rows.last().ok_or_else(|| ApiError::missing("batch.rows"))?;
        let mut answer =
            ImportCustomersResponse { answered_to_row: last.row, ..Default::default() };
        let (mut numbers, mut read) = (Vec::new(), Vec::new());
        let now = self.parts.callers.clock.now();
        let reading = Reading { mask: &order.mask, home: order.home, now };
        for given in rows {
            let number = given.row;
            match row::read(given, reading, || spare_id(&self.parts.callers)) {
                Ok(row) => {
                    numbers.push(number);
                    read.push(row);
                }
                Err(refusal) => answer.refusals.push(refusal),
            }
        }
        let outcomes = self.keep(read, order).await?;
        for (number, outcome) in numbers.into_iter().zip(outcomes) {
            count(&mut answer, &outcome);
            answer.refusals.extend(row::refused(number, outcome));
        }
        answer.refusals.sort_by_key(|refusal| refusal.row);
        Ok(answer)
    }
}

impl Customers {
    async fn keep(
        &self,
        rows: Vec<CustomerRow>,
        order: &Order,
    ) -> Result<Vec<RowOutcome>, ApiError> {
        let (actor, at) = (self.caller.actor(), self.parts.callers.clock.now());
        let order = UpsertOrder {
            actor,
            role: self.caller.role,
            at,
            rules: order.rules.clone(),
            schema: Arc::clone(&order.schema),
            keep: order.keep,
        };
        for _ in 1..TRIES {
            let kept = self.parts.transfers.upsert(&self.caller.tenant, rows.clone(), &order).await;
            match kept {
                Err(StoreError::Conflict { .. } | StoreError::Taken { .. }) => {}
                kept => return Ok(kept?),
            }
        }
        Ok(self.parts.transfers.upsert(&self.caller.tenant, rows, &order).await?)
    }
}

const fn count(answer: &mut ImportCustomersResponse, outcome: &RowOutcome) {
    match outcome {
        RowOutcome::Made => answer.made += 1,
        RowOutcome::Changed => answer.changed += 1,
        RowOutcome::Unchanged => answer.unchanged += 1,
        RowOutcome::Lacks(_)
        | RowOutcome::Misfit(..)
        | RowOutcome::Merged
        | RowOutcome::Taken
        | RowOutcome::Erased => {}
    }
}
