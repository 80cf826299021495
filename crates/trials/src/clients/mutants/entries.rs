//! Lies about what clients saw.

#![expect(clippy::wildcard_enum_match_arm, reason = "only some kinds of entries matter here")]

use std::collections::BTreeSet;

use super::{find, insert_after};
use crate::clients::history::{History, What};

/// A call with an agent: where it was bridged, and the names.
fn bridge(history: &History) -> Option<(usize, String, String)> {
    history.entries.iter().enumerate().find_map(|(index, entry)| match &entry.what {
        What::Bridged { call, agent, .. } => Some((index, call.clone(), agent.clone())),
        _ => None,
    })
}

pub(super) fn second_agent(history: &mut History) -> Option<()> {
    let (index, call, _) = bridge(history)?;
    let bridged = What::Bridged { call, agent: "somebody".to_owned(), offer: "other".to_owned() };
    insert_after(history, index, bridged);
    Some(())
}

pub(super) fn second_caller(history: &mut History) -> Option<()> {
    let (index, _, agent) = bridge(history)?;
    let bridged = What::Bridged { call: "another".to_owned(), agent, offer: "other".to_owned() };
    insert_after(history, index, bridged);
    Some(())
}

pub(super) fn unasked_bridge(history: &mut History) -> Option<()> {
    let ordered = history.entries.iter().find_map(|entry| match &entry.what {
        What::Ordered { offer, .. } => Some(offer.clone()),
        _ => None,
    })?;
    history
        .entries
        .retain(|entry| !matches!(&entry.what, What::Accepts { offer, .. } if *offer == ordered));
    Some(())
}

pub(super) fn second_order(history: &mut History) -> Option<()> {
    let index = find(history, |what| matches!(what, What::Ordered { .. }))?;
    let mut again = history.entries[index].what.clone();
    if let What::Ordered { command, .. } = &mut again {
        command.push_str("-again");
    }
    insert_after(history, index, again);
    Some(())
}

/// Forgets every order and bridge of a call whose gateway kept its stream and whose caller stayed.
pub(super) fn forgotten_order(history: &mut History) -> Option<()> {
    // Without cuts and departures there is no excuse left for any of them.
    history.entries.retain(|entry| !matches!(entry.what, What::Cut { .. } | What::Left { .. }));
    let (_, call, _) = bridge(history)?;
    history.entries.retain(|entry| match &entry.what {
        What::Ordered { call: other, .. } | What::Bridged { call: other, .. } => *other != call,
        _ => true,
    });
    Some(())
}

pub(super) fn second_desk(history: &mut History) -> Option<()> {
    let index = find(history, |what| matches!(what, What::Rings { .. }))?;
    let mut again = history.entries[index].what.clone();
    if let What::Rings { agent, .. } = &mut again {
        agent.push_str("-neighbour");
    }
    insert_after(history, index, again);
    Some(())
}

pub(super) fn other_outcome(history: &mut History) -> Option<()> {
    let declined =
        |what: &What| matches!(what, What::Closed { outcome, .. } if outcome != "accepted");
    let index = find(history, declined)?;
    if let What::Closed { outcome, .. } = &mut history.entries[index].what {
        "accepted".clone_into(outcome);
    }
    Some(())
}

/// Where a caller was sent away from a queue with a limit because it was full.
fn sent_away_at(history: &History) -> Option<(usize, String, String)> {
    let limited = |queue: &String| history.queues.get(queue).is_some_and(|r| r.limit.is_some());
    let queue_of = |call: &String| {
        history.entries.iter().find_map(|entry| match &entry.what {
            What::Arrives { call: other, queue, .. } if other == call && limited(queue) => {
                Some(queue.clone())
            }
            _ => None,
        })
    };
    history.entries.iter().enumerate().find_map(|(index, entry)| match &entry.what {
        What::Diverted { call } => Some((index, call.clone(), queue_of(call)?)),
        _ => None,
    })
}

/// Lets a caller who was sent away from a full queue wait in it, along with two more.
pub(super) fn one_too_many(history: &mut History) -> Option<()> {
    let (index, call, queue) = sent_away_at(history)?;
    let limit = history.queues.get(&queue)?.limit?;
    history.entries[index].what = What::Waits { call, queue: queue.clone() };
    for number in 0..limit {
        let extra = format!("extra-{number}");
        insert_after(history, index, What::Waits { call: extra.clone(), queue: queue.clone() });
        let arrives =
            What::Arrives { gateway: "extra".to_owned(), call: extra, queue: queue.clone() };
        insert_after(history, index, arrives);
    }
    Some(())
}

/// Empties a queue for the one caller who was sent away.
pub(super) fn sent_away(history: &mut History) -> Option<()> {
    let (_, sent, queue) = sent_away_at(history)?;
    let others: BTreeSet<String> = history
        .entries
        .iter()
        .filter_map(|entry| match &entry.what {
            What::Arrives { call, queue: other, .. } if *other == queue && *call != sent => {
                Some(call.clone())
            }
            _ => None,
        })
        .collect();
    history.entries.retain(
        |entry| !matches!(&entry.what, What::Arrives { call, .. } if others.contains(call)),
    );
    Some(())
}

pub(super) fn other_answer(history: &mut History) -> Option<()> {
    let index = find(history, |what| matches!(what, What::Answered { .. }))?;
    let mut again = history.entries[index].what.clone();
    if let What::Answered { answer, .. } = &mut again {
        answer.push_str(" otherwise");
    }
    insert_after(history, index, again);
    Some(())
}
