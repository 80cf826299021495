//! The lines of a tenant and the agents who serve them, arranged for many questions at one moment.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::center::Center;
use switchboard_domain::estimate::{Evidence, Server};
use switchboard_domain::floor::plan::{ClassKey, ProfileKey};
use switchboard_domain::floor::planner;
use switchboard_domain::ids::{AgentId, QueueId};

use super::ledger::{Ledger, Measured};

/// What is asked about: a contact that waits, or one that might.
pub(super) struct Question<'a> {
    pub(super) queue: &'a QueueId,
    pub(super) class: &'a ClassKey,
    pub(super) rank: i64,
    pub(super) waited: Duration,
}

/// The lines of a tenant and who serves them.
pub(super) struct Lines {
    lines: BTreeMap<ClassKey, Line>,
    groups: BTreeMap<ProfileKey, Group>,
    measured: BTreeMap<QueueId, Measured>,
}

/// The contacts of one class.
struct Line {
    queue: QueueId,
    /// Their ranks, in order.
    ranks: Vec<i64>,
}

/// The agents who can serve the same contacts.
struct Group {
    /// One of them.
    agent: AgentId,
    working: usize,
    free: u32,
}

impl Lines {
    /// Arranges what is known now.
    pub(super) fn new(ledger: &Ledger, center: &Center) -> Self {
        let mut lines: BTreeMap<ClassKey, Line> = BTreeMap::new();
        for placed in ledger.contacts.values().filter(|placed| placed.waits) {
            let line = lines.entry(placed.class.clone());
            let new = || Line { queue: placed.queue.clone(), ranks: Vec::new() };
            line.or_insert_with(new).ranks.push(placed.rank);
        }
        lines.values_mut().for_each(|line| line.ranks.sort_unstable());
        let mut groups: BTreeMap<ProfileKey, Group> = BTreeMap::new();
        for (id, working) in &ledger.agents {
            let Some(agent) = center.agent(id) else { continue };
            let group = groups.entry(planner::profile_key(agent));
            let group = group.or_insert_with(|| Group { agent: id.clone(), working: 0, free: 0 });
            group.working += 1;
            group.free += u32::from(working.free);
        }
        let queues = center.queues.keys();
        let measured = queues.map(|queue| (queue.clone(), ledger.measured(queue))).collect();
        Self { lines, groups, measured }
    }

    /// Gathers what is known about a wait.
    pub(super) fn evidence(&self, center: &Center, asked: &Question<'_>) -> Evidence {
        let ahead = self.lines.get(asked.class).map_or(0, |line| ahead(line, asked.rank));
        let position = ahead + 1;
        let own = self.measured_of(asked.queue);
        let handle_time = own.handle_times.mean();
        let (mut servers, mut free) = (Vec::new(), 0);
        for group in self.groups.values() {
            let Some(rank) = serves(center, &group.agent, asked.class) else { continue };
            let mine = f64::from(position) * handle_time.as_secs_f64();
            let others = self.work_ahead(center, group, asked, rank);
            let share = if mine > 0.0 { mine / (mine + others) } else { 1.0 };
            servers.extend(std::iter::repeat_n(Server { share, handle_time }, group.working));
            free += group.free;
        }
        Evidence {
            position,
            servers,
            free,
            handled: own.handle_times.count(),
            leaving: own.leaving.part(),
            last_waits: own.waits,
            waited: asked.waited,
        }
    }

    /// Gives the seconds of work of other classes that a group's agents do before the contact.
    fn work_ahead(&self, center: &Center, group: &Group, asked: &Question<'_>, rank: u32) -> f64 {
        let work = |(class, line): (&ClassKey, &Line)| {
            let theirs = serves(center, &group.agent, class).filter(|_| class != asked.class)?;
            let count = match theirs.cmp(&rank) {
                std::cmp::Ordering::Less => length(&line.ranks),
                std::cmp::Ordering::Equal => ahead(line, asked.rank),
                std::cmp::Ordering::Greater => 0,
            };
            let each = self.measured_of(&line.queue).handle_times.mean();
            Some(f64::from(count) * each.as_secs_f64())
        };
        self.lines.iter().filter_map(work).sum()
    }

    fn measured_of(&self, queue: &QueueId) -> Measured {
        self.measured.get(queue).copied().unwrap_or_default()
    }
}

/// Gives the rank an agent gives to a class he may serve.
fn serves(center: &Center, agent: &AgentId, class: &ClassKey) -> Option<u32> {
    let (queue, requirement) = planner::parse_class_key(class)?;
    let agent = center.agent(agent)?;
    agent.serves(&queue, &requirement).then(|| agent.queues.get(&queue).copied()).flatten()
}

/// Counts the contacts of a line that are ahead of a rank.
fn ahead(line: &Line, rank: i64) -> u32 {
    let count = line.ranks.partition_point(|other| *other < rank);
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn length(ranks: &[i64]) -> u32 {
    u32::try_from(ranks.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
