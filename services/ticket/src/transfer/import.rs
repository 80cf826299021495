//! Takes tickets batch by batch: each row is made once, is there already, or is refused.

use switchboard_api::convert::import::Refusal;
use switchboard_api::convert::ticket::import as convert;
use switchboard_api::ticket::v1::import_tickets_request::Part as WirePart;
use switchboard_api::ticket::v1::{
    ImportTicketsBatch, ImportTicketsHeader, ImportTicketsRefusal, ImportTicketsRequest,
    ImportTicketsResponse, ImportTicketsRow,
};
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ticket::Filling;
use switchboard_runtime::imports::{Import, Part};
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_transfers::{ImportOutcome, ImportedTicket};
use tonic::async_trait;

use super::TransferParts;
use crate::policy::Policy;

/// The most rows of a batch: whoever makes another ticket waits until it is kept.
const MAX_ROWS: usize = 100;
/// How often a batch is tried when somebody else makes one of its tickets meanwhile.
const TRIES: u32 = 3;
/// What a row holds.
const TICKET: &str = "ticket";

/// What an import of tickets works with, and who does it.
pub(super) struct Tickets {
    pub(super) parts: TransferParts,
    pub(super) caller: Caller,
}

/// How the tickets are taken.
pub(super) struct Order {
    policy: Policy,
    keep: bool,
}

#[async_trait]
impl Import for Tickets {
    type Request = ImportTicketsRequest;
    type Header = ImportTicketsHeader;
    type Batch = ImportTicketsBatch;
    type Order = Order;
    type Answer = ImportTicketsResponse;

    fn part(request: ImportTicketsRequest) -> Option<Part<Self::Header, Self::Batch>> {
        request.part.map(|part| match part {
            WirePart::Header(header) => Part::Header(header),
            WirePart::Batch(batch) => Part::Batch(batch),
        })
    }

    async fn begin(&self, header: ImportTicketsHeader) -> Result<Order, ApiError> {
        let (tickets, tenant) = (&self.parts.tickets, &self.caller.tenant);
        let policy = Policy::of(tickets, tenant).await;
        let keep = !header.validate_only;
        if keep {
            let now = tickets.clock.now();
            let line = AuditRecord::of(&self.caller, "ticket.import", "tickets".to_owned(), now);
            tickets.audit.append(tenant, &line).await?;
        }
        Ok(Order { policy, keep })
    }

    async fn take(
        &self,
        batch: ImportTicketsBatch,
        order: &Order,
    ) -> Result<ImportTicketsResponse, ApiError> {
        let rows = field::list("batch.rows", batch.rows, MAX_ROWS)?;
        let last = rows.last().ok_or_else(|| ApiError::missing("batch.rows"))?;
        let mut answer = ImportTicketsResponse { answered_to_row: last.row, ..Default::default() };
        let (mut numbers, mut read) = (Vec::new(), Vec::new());
        for given in rows {
            let number = given.row;
            match self.read(given, order) {
                Ok(row) => {
                    numbers.push(number);
                    read.push(row);
                }
                Err(error) => answer.refusals.push(Refusal::of(number, &error, TICKET).into()),
            }
        }
        let outcomes = self.keep(&read, order.keep).await?;
        for (number, outcome) in numbers.into_iter().zip(outcomes) {
            count(&mut answer, number, outcome);
        }
        answer.refusals.sort_by_key(|refusal| refusal.row);
        Ok(answer)
    }
}

impl Tickets {
    fn read(&self, row: ImportTicketsRow, order: &Order) -> Result<ImportedTicket, ApiError> {
        let given = field::required(TICKET, row.ticket)?;
        let (actor, now) = (self.caller.actor(), self.parts.tickets.clock.now());
        let mut read = convert::imported(given, order.policy.kinds(), actor, now)?;
        order.policy.admit(&read.order.ticket)?;
        read.order.ticket.filled = order.policy.fill(&read.order.ticket, Filling::default())?;
        Ok(read)
    }

    async fn keep(
        &self,
        rows: &[ImportedTicket],
        keep: bool,
    ) -> Result<Vec<ImportOutcome>, ApiError> {
        let (transfers, tenant) = (&self.parts.transfers, &self.caller.tenant);
        for _ in 1..TRIES {
            match transfers.import(tenant, rows, keep).await {
                Err(StoreError::Conflict { .. }) => {}
                kept => return Ok(kept?),
            }
        }
        Ok(transfers.import(tenant, rows, keep).await?)
    }
}

fn count(answer: &mut ImportTicketsResponse, row: u64, outcome: ImportOutcome) {
    let refused = |field: &str, reason: &str, expected: &str| ImportTicketsRefusal {
        row,
        field: field.to_owned(),
        reason: reason.to_owned(),
        expected: expected.to_owned(),
    };
    match outcome {
        ImportOutcome::Made => answer.made += 1,
        ImportOutcome::There => answer.unchanged += 1,
        ImportOutcome::Reused => answer.refusals.push(refused(
            "reference",
            "REQUEST_ID_REUSED",
            "a reference that has no other ticket",
        )),
        ImportOutcome::NoCustomer => answer.refusals.push(refused(
            "customer_id",
            "CUSTOMER_NOT_FOUND",
            "a customer of the center, or none",
        )),
    }
}
