//! How long contacts will probably wait: measured from the news of each tenant, asked by anyone.
//!
//! Every replica measures by itself from the moment it starts, so what it says rests on what it has
//! seen: right after a start it says that nobody knows.

mod ledger;
mod lines;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use switchboard_domain::estimate::{Unknown, Wait, estimate};
use switchboard_domain::floor::event::EventKind;
use switchboard_domain::floor::state::{Contact, ContactState, Place};
use switchboard_domain::ids::{ContactId, QueueId, TenantId};
use switchboard_runtime::clock::Stopwatch;
use switchboard_runtime::tasks::Tasks;
use tokio::time::sleep;
use tracing::debug;

use crate::error::RoutingError;
use crate::feed::{Feeds, Listener, News};
use crate::floors::Floors;
use crate::planned::Planned;
use ledger::Ledger;
use lines::{Lines, Question};

/// How long one arrangement of the lines answers questions.
const ARRANGED_FOR: Duration = Duration::from_secs(1);
/// When to try again while the floor is away.
const PAUSE: Duration = Duration::from_secs(1);
/// How many contacts of each queue are read when measuring starts.
const READ_AT_START: u32 = 5_000;

/// Where a waiting contact stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The queue it waits in.
    pub queue: QueueId,
    /// Its place in the queue, from 1.
    pub position: u32,
    /// How long it has waited since the first queue.
    pub waited: Duration,
    /// How long it will probably still wait.
    pub wait: Result<Wait, Unknown>,
}

/// The measurements of every tenant.
pub struct Estimates {
    floors: Arc<Floors>,
    feeds: Arc<Feeds>,
    tasks: Tasks,
    books: Mutex<BTreeMap<TenantId, Arc<Book>>>,
}

/// The measurements of one tenant.
#[derive(Default)]
struct Book {
    ledger: Mutex<Ledger>,
    arranged: Mutex<Option<(Stopwatch, u64, Arc<Lines>)>>,
}

impl Estimates {
    /// Measures nothing until a tenant is followed or asked about.
    pub fn new(floors: Arc<Floors>, feeds: Arc<Feeds>, tasks: Tasks) -> Arc<Self> {
        Arc::new(Self { floors, feeds, tasks, books: Mutex::default() })
    }

    /// Measures a tenant from now on, until the process ends.
    pub fn follow(self: &Arc<Self>, tenant: &TenantId) {
        drop(self.book(tenant));
    }

    /// Says where a contact that was just read stands; nothing when it does not wait.
    pub async fn of_contact(
        self: &Arc<Self>,
        tenant: &TenantId,
        id: &ContactId,
        contact: &Contact,
    ) -> Result<Option<Standing>, RoutingError> {
        let (ContactState::Queued, Some(place)) = (&contact.state, &contact.place) else {
            return Ok(None);
        };
        let floor = self.floors.floor();
        let Some(position) = floor.position(tenant, id, place).await? else { return Ok(None) };
        let waited = floor.status(tenant).await?.now.since(place.enqueued_at);
        let planned = self.floors.planned(tenant).await?;
        let wait = self.ask(tenant, &planned, &question(place, waited));
        let queue = place.queue.clone();
        Ok(Some(Standing { queue, position, waited, wait }))
    }

    /// Says how long a contact that joined a queue now would probably wait, and which place it would
    /// have; nothing for an unknown queue.
    pub async fn of_queue(
        self: &Arc<Self>,
        tenant: &TenantId,
        queue: &QueueId,
    ) -> Result<Option<(u32, Result<Wait, Unknown>)>, RoutingError> {
        let planned = self.floors.planned(tenant).await?;
        let Some(class) = planned.queue_class(queue) else { return Ok(None) };
        let floor = self.floors.floor();
        let waiting = floor.queue(tenant, queue).await?.waiting;
        // Nobody comes later than one who joins now.
        let asked = Question { queue, class: &class, rank: i64::MAX, waited: Duration::ZERO };
        Ok(Some((waiting.saturating_add(1), self.ask(tenant, &planned, &asked))))
    }

    fn ask(
        self: &Arc<Self>,
        tenant: &TenantId,
        planned: &Planned,
        asked: &Question<'_>,
    ) -> Result<Wait, Unknown> {
        let lines = self.book(tenant).lines(planned);
        estimate(&lines.evidence(planned.center(), asked))
    }

    fn book(self: &Arc<Self>, tenant: &TenantId) -> Arc<Book> {
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(book) = books.get(tenant) {
            return Arc::clone(book);
        }
        let book = Arc::new(Book::default());
        books.insert(tenant.clone(), Arc::clone(&book));
        let keeping = Arc::clone(self).keep(tenant.clone(), Arc::clone(&book));
        self.tasks.spawn("routing.estimates", keeping);
        book
    }

    /// Keeps the book of a tenant until the process ends.
    async fn keep(self: Arc<Self>, tenant: TenantId, book: Arc<Book>) {
        let mut listener = self.listen(&tenant).await;
        let mut stale = true;
        loop {
            if stale {
                stale = self.read_all(&tenant, &book).await.is_err();
            }
            match listener.next().await {
                Some(News::Entry(entry)) => {
                    stale |= entry.kind == EventKind::EpochOpened.as_str();
                    lock(&book.ledger).hear(&entry);
                }
                Some(News::Gap) => stale = true,
                None => return,
            }
        }
    }

    async fn listen(&self, tenant: &TenantId) -> Listener {
        loop {
            match self.feeds.listen(tenant).await {
                Ok(listener) => return listener,
                Err(error) => debug!(tenant.id = %tenant, %error, "waits cannot be measured yet"),
            }
            sleep(PAUSE).await;
        }
    }

    /// Reads who waits and who works.
    async fn read_all(&self, tenant: &TenantId, book: &Book) -> Result<(), RoutingError> {
        let (floor, planned) = (self.floors.floor(), self.floors.planned(tenant).await?);
        let agents = floor.agents(tenant).await?;
        let mut contacts = Vec::new();
        for queue in planned.center().queues.keys() {
            contacts.extend(floor.waiting_of_queue(tenant, queue, READ_AT_START).await?);
        }
        let mut ledger = lock(&book.ledger);
        ledger.forget_state();
        for (id, contact) in contacts {
            ledger.place(id, &contact);
        }
        for (id, agent) in agents {
            ledger.seat(id, &agent);
        }
        Ok(())
    }
}

impl Book {
    /// Gives the lines as they are now, give or take a second.
    fn lines(&self, planned: &Planned) -> Arc<Lines> {
        let mut arranged = lock(&self.arranged);
        if let Some((since, version, lines)) = arranged.as_ref()
            && since.elapsed() < ARRANGED_FOR
            && *version == planned.version()
        {
            return Arc::clone(lines);
        }
        let lines = Arc::new(Lines::new(&lock(&self.ledger), planned.center()));
        *arranged = Some((Stopwatch::start(), planned.version(), Arc::clone(&lines)));
        lines
    }
}

fn question(place: &Place, waited: Duration) -> Question<'_> {
    Question { queue: &place.queue, class: &place.class, rank: place.rank, waited }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
