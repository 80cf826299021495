//! What no single value shows: ways that lead nowhere, and parts that nobody reaches.

mod entries;
mod exits;
mod keyed;
mod needs;
mod noted;
mod reach;
mod rings;
mod staff;

use switchboard_domain::center::{Center, Queue};

use super::Folder;
use crate::item::Item;

/// Reports what cannot work; when all works, warns of what is probably not meant.
pub(super) fn check(folder: &Folder<'_>, center: &Center) {
    let whole = Whole { folder, center };
    exits::check(&whole);
    rings::check(&whole);
    entries::check(&whole);
    keyed::check(&whole);
    noted::check(&whole);
    if folder.problems.count() == 0 {
        staff::warn(&whole);
        reach::warn(&whole);
    }
}

/// The center, and where each part of it stands.
struct Whole<'a> {
    folder: &'a Folder<'a>,
    center: &'a Center,
}

impl<'a> Whole<'a> {
    /// Gives every queue with its place.
    fn queues(&self) -> impl Iterator<Item = (&'a Queue, Item<'a>)> {
        self.center.queues.values().filter_map(|queue| Some((queue, self.queue(queue)?)))
    }

    fn queue(&self, queue: &Queue) -> Option<Item<'a>> {
        let id = queue.id.as_str();
        let of = |root: Item<'a>| root.child(id).map(|item| item.called(format!("queue {id:?}")));
        let draining = || self.folder.file("draining.yaml")?.child("queues").and_then(of);
        self.folder.file("queues.yaml").and_then(of).or_else(draining)
    }

    /// Gives a part of a file by the name at its top.
    fn part(&self, file: &str, kind: &str, name: &str) -> Option<Item<'a>> {
        let item = self.folder.file(file)?.child(name)?;
        Some(item.called(format!("{kind} {name:?}")))
    }
}
