//! Takes anchors batch by batch: each row plans days, plans nothing new, or is refused.

use switchboard_api::convert::customer::other_name;
use switchboard_api::convert::import::Refusal;
use switchboard_api::touchpoint::v1::import_anchors_request::Part as WirePart;
use switchboard_api::touchpoint::v1::{
    Anchor, ImportAnchorsBatch, ImportAnchorsHeader, ImportAnchorsRequest, ImportAnchorsResponse,
    ImportAnchorsRow,
};
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::CustomerId;
use switchboard_runtime::imports::{Import, Part};
use switchboard_store::audit::AuditRecord;
use tonic::{Code, async_trait};

use super::plan::{Anchored, Calendar};
use crate::CareParts;

/// The most rows of a batch.
const MAX_ROWS: usize = 100;
/// What a row holds.
const ANCHOR: &str = "anchor";

/// What an import of anchors works with, and who does it.
pub(super) struct Anchors {
    pub(super) parts: CareParts,
    pub(super) caller: Caller,
}

/// How the anchors are taken.
pub(super) struct Order {
    calendar: Calendar,
    keep: bool,
}

#[async_trait]
impl Import for Anchors {
    type Request = ImportAnchorsRequest;
    type Header = ImportAnchorsHeader;
    type Batch = ImportAnchorsBatch;
    type Order = Order;
    type Answer = ImportAnchorsResponse;

    fn part(request: ImportAnchorsRequest) -> Option<Part<Self::Header, Self::Batch>> {
        request.part.map(|part| match part {
            WirePart::Header(header) => Part::Header(header),
            WirePart::Batch(batch) => Part::Batch(batch),
        })
    }

    async fn begin(&self, header: ImportAnchorsHeader) -> Result<Order, ApiError> {
        let (parts, tenant) = (&self.parts, &self.caller.tenant);
        let calendar = Calendar::of(parts, tenant).await?;
        let keep = !header.validate_only;
        if keep {
            let (object, now) = ("touchpoints".to_owned(), parts.clock.now());
            let line = AuditRecord::of(&self.caller, "touchpoint.import", object, now);
            parts.audit.append(tenant, &line).await?;
        }
        Ok(Order { calendar, keep })
    }

    async fn take(
        &self,
        batch: ImportAnchorsBatch,
        order: &Order,
    ) -> Result<ImportAnchorsResponse, ApiError> {
        let rows = field::list("batch.rows", batch.rows, MAX_ROWS)?;
        let last = rows.last().ok_or_else(|| ApiError::missing("batch.rows"))?;
        let mut answer = ImportAnchorsResponse { answered_to_row: last.row, ..Default::default() };
        for given in rows {
            let row = given.row;
            match self.plan(given, order).await {
                Ok(true) => answer.made += 1,
                Ok(false) => answer.unchanged += 1,
                Err(error) if is_of_the_row(&error) => {
                    answer.refusals.push(Refusal::of(row, &error, ANCHOR).into());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(answer)
    }
}

impl Anchors {
    /// Plans the days of a row; says whether there were any that were not planned before.
    async fn plan(&self, row: ImportAnchorsRow, order: &Order) -> Result<bool, ApiError> {
        let Self { parts, caller } = self;
        let mut given = field::required(ANCHOR, row.anchor)?;
        let anchored = Anchored::read(std::mem::take(&mut given.anchor), &given.anchor_date)?;
        let (customer, named_by) = self.customer(&given).await?;
        let days = order.calendar.days(parts, &caller.tenant, (&customer, &anchored)).await;
        let days = days.map_err(|error| of_customer(error, named_by))?;
        let (touchpoints, tenant) = (&parts.touchpoints, &caller.tenant);
        let kept = if order.keep {
            touchpoints.plan(tenant, &customer, &days).await?
        } else {
            touchpoints.try_plan(tenant, &customer, &days).await?
        };
        // A day that was planned before keeps its name.
        Ok(kept.iter().zip(&days).any(|(kept, day)| kept.id == day.id))
    }

    /// Gives the customer of a row and the field that names them.
    async fn customer(&self, given: &Anchor) -> Result<(CustomerId, &'static str), ApiError> {
        let named = other_name(&given.customer_id, given.customer_external_id.as_ref())?;
        let Some(external_id) = named else {
            let field = "customer_id";
            return Ok((field::id(field, &given.customer_id)?, field));
        };
        let (customers, field) = (&self.parts.customers, "customer_external_id");
        let found = customers.get_by_external_id(&self.caller.tenant, &external_id).await;
        let found = found.map_err(|error| of_customer(error.into(), field))?;
        Ok((found.id, field))
    }
}

/// Says which field names a customer who is gone.
fn of_customer(error: ApiError, field: &str) -> ApiError {
    match error.reason() {
        "CUSTOMER_NOT_FOUND" | "CUSTOMER_MERGED" => error.with("field", field),
        _ => error,
    }
}

/// Says whether a row is to blame, and not the server: the other rows are taken all the same.
fn is_of_the_row(error: &ApiError) -> bool {
    matches!(
        error.code(),
        Code::InvalidArgument | Code::NotFound | Code::FailedPrecondition | Code::Aborted
    )
}
