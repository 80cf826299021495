//! One reader of the outbox for all who listen in a replica.

use std::rc::Rc;

use super::Edge;
use super::seat::ToSeat;
use crate::sim::engine::{Millis, sleep};
use crate::sim::store::Row;
use crate::sim::world::World;

const WAIT: Millis = 2_000;
const PAUSE: Millis = 250;

/// What a listener hears.
#[derive(Clone)]
pub(in crate::sim) enum News {
    Entry(Row),
    /// Entries may be missing: take a snapshot.
    Gap,
}

/// Wakes the readers of every replica.
pub(in crate::sim) fn notify(world: &Rc<World>) {
    for replica in world.replicas.borrow().iter().filter(|replica| replica.alive.get()) {
        replica.news.push(world, ());
    }
}

/// Reads until the replica dies.
pub(super) async fn read(edge: Edge) {
    let mut after = loop {
        match edge.end().await {
            Ok(end) => break end,
            Err(_) => sleep(&edge.world, PAUSE).await,
        }
    };
    loop {
        match edge.tail(after).await {
            Ok(rows) if rows.is_empty() => {
                edge.replica.news.next_within(&edge.world, WAIT).await;
                edge.replica.news.clear();
            }
            Ok(rows) => {
                for row in rows {
                    after = row.id;
                    tell(&edge, &News::Entry(row));
                }
            }
            Err(_) => {
                sleep(&edge.world, PAUSE).await;
                after = resume(&edge).await.min(after);
            }
        }
    }
}

async fn resume(edge: &Edge) -> u64 {
    loop {
        if let Ok(end) = edge.end().await {
            tell(edge, &News::Gap);
            return end;
        }
        sleep(&edge.world, PAUSE).await;
    }
}

fn tell(edge: &Edge, news: &News) {
    for session in edge.replica.sessions.borrow().iter() {
        session.news.push(&edge.world, news.clone());
    }
    for seat in edge.replica.seats.borrow().iter() {
        seat.push(&edge.world, ToSeat::News(news.clone()));
    }
}
