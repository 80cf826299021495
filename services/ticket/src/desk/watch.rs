//! Follows tickets: a snapshot, then each change, until the reader goes or is too slow.

mod snapshot;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use switchboard_api::convert::ticket as convert;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::ticket::v1::watch_tickets_response::Update;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::time::Timestamp;
use switchboard_runtime::clock::Clock;
use switchboard_store::audit::{AuditRecord, list_of};
use switchboard_store::page::{MAX_PAGE_SIZE, PageRequest};
use switchboard_store::ticket_feed::{ChangedTicket, TicketFeed};
use switchboard_store::ticket_views::ViewFilter;
use switchboard_store::tickets::TicketFilter;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::interval;
use tonic::Status;

use super::DeskParts;
use crate::feeds::{Changes, Feeds};
use snapshot::{MAX_SNAPSHOT, Snapshot};

/// How many updates may wait for the reader besides what the feed keeps.
const BUFFER: usize = 64;
/// How many changes are read at once on the way from a cursor to now.
const CATCH_UP: u32 = 200;
/// How often a watch to which nothing happens hears of us.
const HEARTBEAT: Duration = Duration::from_secs(10);

type Updates = mpsc::Receiver<Result<wire::WatchTicketsResponse, Status>>;

/// Begins to follow, and gives the updates.
pub(super) async fn begin(
    parts: &DeskParts,
    feeds: &Arc<Feeds>,
    caller: Caller,
    request: wire::WatchTicketsRequest,
) -> Result<Updates, ApiError> {
    let actor = caller.actor();
    let filter = read_filter(&request.filter.unwrap_or_default())?.asked_by(actor);
    let cursor = read_cursor(&request.cursor)?;
    let object = list_of(filter.lasting.customer.as_ref(), "tickets");
    let line = AuditRecord::of(&caller, "ticket.watch", object, parts.tickets.clock.now());
    parts.tickets.reads.keep(&caller.tenant, line)?;
    let tenant = caller.tenant;
    let last = parts.feed.last_change(&tenant).await?;
    // What is kept from now on is heard; what was kept before is read below.
    let changes = feeds.follow(&tenant, last);
    let (sender, updates) = mpsc::channel(BUFFER);
    let watch = Watch {
        feed: Arc::clone(&parts.feed),
        clock: Arc::clone(&parts.tickets.clock),
        tenant,
        filter,
        sender,
        shown: None,
        seen: cursor.unwrap_or(0),
    };
    let snapshot = match cursor {
        Some(_) => None,
        None => Some(watch.snapshot(parts).await?),
    };
    parts.tasks.spawn("ticket.watch", watch.run(snapshot, changes));
    Ok(updates)
}

fn read_filter(asked: &wire::TicketFilter) -> Result<ViewFilter, ApiError> {
    let expected = "unset in a watch: time alone makes it true";
    if asked.untouched_for.is_some() {
        return Err(ApiError::invalid_unseen("filter.untouched_for", expected));
    }
    if asked.due_today {
        return Err(ApiError::invalid("filter.due_today", "true", expected));
    }
    convert::filter::read("filter", asked)
}

fn read_cursor(text: &str) -> Result<Option<u64>, ApiError> {
    field::etag("cursor", text)
        .map_err(|_| ApiError::invalid("cursor", text, "the `cursor` of an update"))
}

/// One watch.
struct Watch {
    feed: Arc<dyn TicketFeed>,
    clock: Arc<dyn Clock>,
    tenant: TenantId,
    filter: ViewFilter,
    sender: mpsc::Sender<Result<wire::WatchTicketsResponse, Status>>,
    /// The tickets the reader knows; none when they are not known, because the watch went on from a
    /// cursor or they are too many.
    shown: Option<BTreeSet<TicketId>>,
    /// The last change the reader knows of.
    seen: u64,
}

/// Says that a watch is over.
enum Over {
    /// Nobody reads.
    Gone,
    /// It ends with a refusal.
    Refused(ApiError),
}

impl Watch {
    async fn snapshot(&self, parts: &DeskParts) -> Result<Snapshot, ApiError> {
        let last = self.feed.last_change(&self.tenant).await?;
        let filter = self.filter_at(self.clock.now());
        let mut snapshot = Snapshot::after(last);
        let mut token = String::new();
        loop {
            let page = PageRequest::parse(MAX_PAGE_SIZE, &token)?;
            let listed = parts.tickets.tickets.list(&self.tenant, &filter, &page).await?;
            token.clone_from(&listed.next);
            snapshot.take(listed);
            if token.is_empty() || snapshot.more {
                return Ok(snapshot);
            }
        }
    }

    async fn run(mut self, snapshot: Option<Snapshot>, changes: Changes) {
        let begun = match snapshot {
            Some(snapshot) => self.begin_anew(snapshot).await,
            None => self.catch_up().await,
        };
        let over = match begun {
            Ok(()) => self.follow(changes).await,
            Err(over) => over,
        };
        if let Over::Refused(error) = over {
            // Whoever has gone need not hear it.
            drop(self.sender.send(Err(error.into())).await);
        }
    }

    async fn begin_anew(&mut self, snapshot: Snapshot) -> Result<(), Over> {
        let Snapshot { tickets, ids, more, last } = snapshot;
        self.shown = (!more).then_some(ids);
        self.seen = last;
        let tickets = tickets.into_iter().map(convert::ticket).collect();
        self.send(Update::Snapshot(wire::TicketSnapshot { tickets, more })).await
    }

    /// Tells what changed since the cursor.
    async fn catch_up(&mut self) -> Result<(), Over> {
        loop {
            let read =
                self.feed.changes_after(&self.tenant, self.seen, CATCH_UP, Duration::ZERO).await;
            let changes = read.map_err(|error| Over::Refused(error.into()))?;
            if changes.is_empty() {
                return Ok(());
            }
            for changed in &changes {
                self.tell(changed).await?;
            }
        }
    }

    async fn follow(&mut self, mut feed: Changes) -> Over {
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.reset();
        loop {
            let told = tokio::select! {
                heard = feed.recv() => match heard {
                    Ok(changed) => {
                        heartbeat.reset();
                        self.tell(&changed).await
                    }
                    Err(RecvError::Lagged(_)) => Err(Over::Refused(self.too_slow())),
                    Err(RecvError::Closed) => Err(Over::Gone),
                },
                _ = heartbeat.tick() => self.send(Update::Heartbeat(wire::WatchHeartbeat {})).await,
                () = self.sender.closed() => Err(Over::Gone),
            };
            if let Err(over) = told {
                return over;
            }
        }
    }

    /// Tells of a change, if the reader does not know it.
    async fn tell(&mut self, changed: &ChangedTicket) -> Result<(), Over> {
        if changed.change <= self.seen {
            return Ok(());
        }
        self.seen = changed.change;
        let id = &changed.ticket.id;
        // What was told as overdue is overdue, also by a clock that is behind the teller's.
        let now = changed.standing.told_until.max(Some(self.clock.now())).unwrap_or_default();
        if self.filter_at(now).holds_of(&changed.ticket, &changed.standing) {
            if let Some(shown) = &mut self.shown {
                shown.insert(id.clone());
            }
            self.shown.take_if(|shown| shown.len() > MAX_SNAPSHOT);
            return self.send(Update::Changed(convert::ticket(changed.ticket.clone()))).await;
        }
        let may_be_shown = self.shown.as_mut().is_none_or(|shown| shown.remove(id));
        if may_be_shown { self.send(Update::Gone(id.to_string())).await } else { Ok(()) }
    }

    async fn send(&self, update: Update) -> Result<(), Over> {
        let cursor = self.seen.to_string();
        let message = wire::WatchTicketsResponse { update: Some(update), cursor };
        self.sender.send(Ok(message)).await.map_err(|_| Over::Gone)
    }

    fn filter_at(&self, now: Timestamp) -> TicketFilter {
        self.filter.at(now, now)
    }

    fn too_slow(&self) -> ApiError {
        let message = "more tickets changed than the watch can keep; go on from the last cursor";
        ApiError::exhausted("WATCH_TOO_SLOW", message).with("cursor", self.seen.to_string())
    }
}
