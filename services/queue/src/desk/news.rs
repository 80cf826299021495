//! The news of a tenant, brought to the desktops that they are about and to no others.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use switchboard_domain::floor::event::EventKind;
use switchboard_domain::ids::TenantId;
use switchboard_routing::feed::{Feeds, Listener, News};
use switchboard_runtime::tasks::Tasks;
use switchboard_store::live_floor::FloorError;
use switchboard_store::outbox::{EntityKind, OutboxEntry};
use tokio::sync::mpsc;

use crate::view::Who;

/// How many entries may wait for one desktop before it must take a snapshot.
const BACKLOG: usize = 256;

/// The readers of all tenants with open desktops.
pub(crate) struct Newsroom {
    feeds: Arc<Feeds>,
    tasks: Tasks,
    rooms: Mutex<BTreeMap<TenantId, Arc<Room>>>,
    seats: AtomicU64,
}

impl Newsroom {
    pub(crate) fn new(feeds: Arc<Feeds>, tasks: Tasks) -> Arc<Self> {
        Arc::new(Self { feeds, tasks, rooms: Mutex::default(), seats: AtomicU64::new(0) })
    }

    /// Takes a seat for a desktop; what changes after this returns will be heard.
    pub(crate) async fn join(&self, who: &Who) -> Result<Seat, FloorError> {
        let room = match self.room(&who.tenant) {
            Some(room) => room,
            None => self.open(&who.tenant).await?,
        };
        let number = self.seats.fetch_add(1, Ordering::Relaxed);
        Ok(room.seat(who.agent.as_str(), number))
    }

    fn room(&self, tenant: &TenantId) -> Option<Arc<Room>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).get(tenant).cloned()
    }

    async fn open(&self, tenant: &TenantId) -> Result<Arc<Room>, FloorError> {
        let listener = self.feeds.listen(tenant).await?;
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(room) = rooms.get(tenant) {
            return Ok(Arc::clone(room));
        }
        let room = Arc::new(Room::default());
        rooms.insert(tenant.clone(), Arc::clone(&room));
        self.tasks.spawn("queue.desk_news", Arc::clone(&room).read(listener));
        Ok(room)
    }
}

/// The desktops of one tenant.
#[derive(Default)]
struct Room {
    members: Mutex<BTreeMap<String, Vec<Member>>>,
}

struct Member {
    number: u64,
    sender: mpsc::Sender<Note>,
    missed: Arc<AtomicBool>,
}

/// An entry, or none to wake a desktop that missed some.
type Note = Option<Arc<OutboxEntry>>;

impl Room {
    async fn read(self: Arc<Self>, mut listener: Listener) {
        while let Some(news) = listener.next().await {
            self.deliver(&news);
        }
    }

    fn deliver(&self, news: &News) {
        let members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        match news {
            News::Entry(entry) => match audience(entry) {
                Audience::Agent(agent) => {
                    members.get(agent).into_iter().flatten().for_each(|member| member.give(entry));
                }
                Audience::Everyone => {
                    members.values().flatten().for_each(|member| member.give(entry));
                }
                Audience::Nobody => {}
            },
            News::Gap => members.values().flatten().for_each(Member::miss),
        }
    }

    fn seat(self: Arc<Self>, agent: &str, number: u64) -> Seat {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        let missed = Arc::new(AtomicBool::new(false));
        let member = Member { number, sender, missed: Arc::clone(&missed) };
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        members.entry(agent.to_owned()).or_default().push(member);
        drop(members);
        Seat { room: self, agent: agent.to_owned(), number, receiver, missed }
    }

    fn leave(&self, agent: &str, number: u64) {
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seats) = members.get_mut(agent) {
            seats.retain(|member| member.number != number);
            if seats.is_empty() {
                members.remove(agent);
            }
        }
    }
}

impl Member {
    fn give(&self, entry: &Arc<OutboxEntry>) {
        if let Err(mpsc::error::TrySendError::Full(_)) =
            self.sender.try_send(Some(Arc::clone(entry)))
        {
            self.missed.store(true, Ordering::SeqCst);
        }
    }

    fn miss(&self) {
        self.missed.store(true, Ordering::SeqCst);
        // Wakes the desktop; when there is no room it has something to wake up for already.
        drop(self.sender.try_send(None));
    }
}

/// Whom an entry is about.
enum Audience<'a> {
    Agent(&'a str),
    Everyone,
    Nobody,
}

fn audience(entry: &OutboxEntry) -> Audience<'_> {
    match entry.entity {
        EntityKind::Agent => Audience::Agent(&entry.entity_id),
        // Only the desks know whose consultation it was.
        EntityKind::Contact if entry.kind == EventKind::ConsultEnded.as_str() => Audience::Everyone,
        EntityKind::Offer | EntityKind::Contact => {
            entry.field("agent").map_or(Audience::Nobody, Audience::Agent)
        }
        EntityKind::Tenant => Audience::Everyone,
        EntityKind::Gateway => Audience::Nobody,
    }
}

/// What a desktop hears.
pub(crate) enum Heard {
    /// Something about its agent, or about the floor as a whole.
    Entry(Arc<OutboxEntry>),
    /// Entries may be missing: take a snapshot.
    Gap,
}

/// One desktop's seat; given up when dropped.
pub(crate) struct Seat {
    room: Arc<Room>,
    agent: String,
    number: u64,
    receiver: mpsc::Receiver<Note>,
    missed: Arc<AtomicBool>,
}

impl Seat {
    /// Waits for the next news about the seat's agent.
    pub(crate) async fn next(&mut self) -> Heard {
        match self.receiver.recv().await {
            Some(note) => {
                let missed = self.missed.swap(false, Ordering::SeqCst);
                note.filter(|_| !missed).map_or_else(|| self.skip(), Heard::Entry)
            }
            // The room holds the sender as long as the seat lives.
            None => std::future::pending().await,
        }
    }

    /// Leaves out what waits: it is older than the snapshot to come.
    fn skip(&mut self) -> Heard {
        while self.receiver.try_recv().is_ok() {}
        Heard::Gap
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.room.leave(&self.agent, self.number);
    }
}
