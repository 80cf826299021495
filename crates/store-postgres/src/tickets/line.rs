//! New tickets of a tenant wait in line, and those that wait are kept together.
//!
//! Writes of one tenant's tickets follow each other, each for as long as the disk takes for its commit. So
//! two transactions at a time are enough, one that is being kept and one that comes after it, and whatever
//! is ordered meanwhile goes into the next: one commit for all of it, instead of one after another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use switchboard_domain::ids::TenantId;
use switchboard_store::error::StoreError;
use switchboard_store::tickets::{Beginning, Created, TicketOrder};
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;
use tracing::debug;

use super::{make, write};
use crate::audit;
use crate::store::PostgresStore;

/// How many tickets are kept in one transaction at most.
const TOGETHER: usize = 64;
/// How many transactions there are at a time, so that one that waits for others holds up no ticket.
const TURNS: usize = 2;
/// How long those who are kept together wait for each other.
const PATIENCE: Duration = Duration::from_secs(1);

/// The lines of all tenants.
#[derive(Default)]
pub(crate) struct Lines(Mutex<HashMap<TenantId, Arc<Line>>>);

/// Who waits for a ticket of one tenant.
struct Line {
    /// Held by whoever keeps tickets, for itself and for others.
    turns: Semaphore,
    waiting: Mutex<Vec<Waiting>>,
}

impl Default for Line {
    fn default() -> Self {
        Self { turns: Semaphore::new(TURNS), waiting: Mutex::default() }
    }
}

/// An order in line.
struct Waiting {
    order: TicketOrder,
    beginning: Beginning,
    answer: oneshot::Sender<Created>,
}

impl Lines {
    fn of(&self, tenant: &TenantId) -> Arc<Line> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(lines.entry(tenant.clone()).or_default())
    }
}

impl Line {
    fn join(&self, waiting: Waiting) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(waiting);
    }

    /// Takes those who have waited longest out of the line.
    fn next(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let first = TOGETHER.min(waiting.len());
        waiting.drain(..first).collect()
    }
}

impl PostgresStore {
    /// Makes a ticket that was ordered together with whatever else is in line; none if it is to be tried
    /// by itself: it was made before, or one of those it was to be kept with could not be.
    pub(super) async fn make_in_line(
        &self,
        tenant: &TenantId,
        order: &TicketOrder,
        beginning: &Beginning,
    ) -> Option<Created> {
        let line = self.lines.of(tenant);
        let (answer, mut told) = oneshot::channel();
        line.join(Waiting { order: order.clone(), beginning: beginning.clone(), answer });
        let turn = tokio::select! {
            biased;
            created = &mut told => return created.ok(),
            turn = line.turns.acquire() => turn,
        };
        loop {
            match told.try_recv() {
                Ok(created) => return Some(created),
                Err(TryRecvError::Closed) => return None,
                Err(TryRecvError::Empty) => {}
            }
            let first = line.next();
            if first.is_empty() {
                // Whoever has another turn answers.
                drop(turn);
                return told.await.ok();
            }
            self.serve(tenant, first).await;
        }
    }

    /// Makes what stands first in line, and tells who waits. Those who are told nothing, because of an
    /// error or because whoever served them has given up, try by themselves: an order is carried out once.
    async fn serve(&self, tenant: &TenantId, first: Vec<Waiting>) {
        let made = timeout(PATIENCE, self.make_all(tenant, &first)).await;
        let tell = |error| debug!(%error, "tickets are tried one by one");
        let made = made.map_or(None, |made| made.map_err(tell).ok());
        for (waiting, created) in first.into_iter().zip(made.into_iter().flatten()) {
            // Who has given up is told nothing; the ticket is there all the same.
            created.map(|created| waiting.answer.send(created).err());
        }
    }

    async fn make_all(
        &self,
        tenant: &TenantId,
        waiting: &[Waiting],
    ) -> Result<Vec<Option<Created>>, StoreError> {
        let requests = waiting.iter().map(|waiting| waiting.order.request_id.as_str()).collect();
        let mut asking = self.scope_of_functions(tenant).await?;
        let numbers = write::take_numbers(&mut asking, requests).await?;
        drop(asking);
        let mut scope = self.scope(tenant).await?;
        let (mut made, mut lines) = (Vec::with_capacity(waiting.len()), Vec::new());
        for (Waiting { order, beginning, .. }, number) in waiting.iter().zip(numbers) {
            made.push(match number {
                Some(number) => {
                    lines.extend(beginning.line.clone());
                    Some(make(&mut scope, order, number, beginning.outlook).await?)
                }
                None => None,
            });
        }
        audit::add(&mut scope, &lines).await?;
        scope.commit().await?;
        Ok(made)
    }
}
