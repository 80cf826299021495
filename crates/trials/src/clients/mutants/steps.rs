//! Lies about what the history keeps.

use crate::clients::history::{History, Record, Step, Unrest};

/// Finds a record with a step of a kind, and where.
fn with_step<'h>(history: &'h mut History, kind: &str) -> Option<(&'h mut Record, usize)> {
    history.records.iter_mut().find_map(|record| {
        let index = record.steps.iter().position(|step| step.is(kind))?;
        Some((record, index))
    })
}

/// Accepts an offer that a desk declined or let ring, after the call had moved on.
pub(super) fn late_acceptance(history: &mut History) -> Option<()> {
    let (record, index) = history.records.iter_mut().find_map(|record| {
        let pairs = record.steps.windows(2);
        let moved = |pair: &[Step]| pair[0].is("contact_offered") && pair[1].is("contact_requeued");
        let index = pairs.into_iter().position(moved)?;
        Some((record, index))
    })?;
    let mut late = record.steps[index].clone();
    "contact_connecting".clone_into(&mut late.kind);
    record.steps.insert(index + 2, late);
    Some(())
}

pub(super) fn endless_offer(history: &mut History) -> Option<()> {
    let (record, index) = with_step(history, "contact_offered")?;
    record.steps.truncate(index + 1);
    Some(())
}

/// Counts one outcome more than there are offers.
pub(super) fn second_outcome(history: &mut History) -> Option<()> {
    let record = history.records.iter_mut().find(|record| !record.closed.is_empty())?;
    record.closed.push("declined".to_owned());
    Some(())
}

/// Adds callers to a queue with a limit for as long as its longest stay.
pub(super) fn one_too_many(history: &mut History) -> Option<()> {
    let (queue, limit) =
        history.queues.iter().find_map(|(queue, rule)| Some((queue.clone(), rule.limit?)))?;
    let sample = history
        .records
        .iter()
        .find(|record| record.steps.iter().any(|step| step.field("queue") == queue))?
        .clone();
    for number in 0..limit {
        history.records.push(Record { call: format!("extra-{number}"), ..sample.clone() });
    }
    Some(())
}

pub(super) fn lost_call(history: &mut History) -> Option<()> {
    history.records.pop().map(|_| ())
}

pub(super) fn second_record(history: &mut History) -> Option<()> {
    let again = history.records.first()?.clone();
    history.records.push(again);
    Some(())
}

pub(super) fn ghost(history: &mut History) -> Option<()> {
    let ghost = Record { call: "ghost".to_owned(), ..history.records.first()?.clone() };
    history.records.push(ghost);
    Some(())
}

pub(super) fn endless_call(history: &mut History) -> Option<()> {
    history.records.first_mut()?.is_ended = false;
    Some(())
}

pub(super) fn second_end(history: &mut History) -> Option<()> {
    let (record, index) = with_step(history, "contact_ended")?;
    let end = record.steps[index].clone();
    let (sequence, version) = (end.sequence + 1, end.version + 1);
    record.steps.insert(index + 1, Step { sequence, version, ..end });
    Some(())
}

pub(super) fn no_reason(history: &mut History) -> Option<()> {
    history.records.first_mut()?.reason.clear();
    Some(())
}

pub(super) fn lost_step(history: &mut History) -> Option<()> {
    let (record, index) = with_step(history, "contact_queued")?;
    record.steps.remove(index);
    Some(())
}

fn answered(history: &mut History) -> Option<&mut Record> {
    history.records.iter_mut().find(|record| record.outcome == "answered")
}

pub(super) fn other_agent(history: &mut History) -> Option<()> {
    answered(history)?.agent.push_str("-neighbour");
    Some(())
}

pub(super) fn other_ending(history: &mut History) -> Option<()> {
    "abandoned".clone_into(&mut answered(history)?.outcome);
    Some(())
}

/// A place in line that ended with a ring.
struct Place {
    record: usize,
    step: usize,
    class: String,
    rank: i64,
    from: i64,
    rung_at: i64,
}

fn first_places(history: &History) -> Vec<Place> {
    let place = |(record, kept): (usize, &Record)| {
        let step = kept.steps.iter().position(|step| step.is("contact_queued"))?;
        let (queued, next) = (&kept.steps[step], kept.steps.get(step + 1)?);
        let class = queued.field("class").to_owned();
        let rank = queued.field("rank").parse().ok()?;
        let (from, rung_at) = (queued.at, next.at);
        next.is("contact_offered").then_some(Place { record, step, class, rank, from, rung_at })
    };
    history.records.iter().enumerate().filter_map(place).collect()
}

/// Finds two callers who waited at the same time, and exchanges their ranks.
pub(super) fn overtaken(history: &mut History) -> Option<()> {
    // Without cuts there is no excuse.
    history.entries.retain(|entry| !matches!(entry.what, super::What::Cut { .. }));
    let places = first_places(history);
    let (first, second) = places.iter().find_map(|first| {
        let behind = |second: &&Place| {
            second.class == first.class
                && second.rank > first.rank
                && second.from < first.rung_at
                && first.rung_at < second.rung_at
        };
        Some((first, places.iter().find(behind)?))
    })?;
    for (place, rank) in [(first, second.rank), (second, first.rank)] {
        let step = &mut history.records[place.record].steps[place.step];
        step.fields.insert("rank".to_owned(), rank.to_string());
    }
    Some(())
}

#[expect(clippy::unnecessary_wraps, reason = "as every other lie")]
pub(super) fn left_behind(history: &mut History) -> Option<()> {
    let why = "busy with a call that is over".to_owned();
    history.unrest.push(Unrest { who: "agent-0".to_owned(), why });
    Some(())
}
