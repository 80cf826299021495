//! All matches that are left: after the barrier opens, with a new plan, where a full queue has room again.

use std::ops::Bound;

use crate::ids::AgentId;

use super::plan::{ClassKey, ReadyOrder};
use super::step::Step;
use super::{BATCH, ReadyKey};

impl Step<'_> {
    /// Makes every match that is left on the floor, in as many steps as it takes.
    pub(super) fn settle_all(&mut self) {
        if self.floor.barrier_open {
            self.floor.settled = false;
            self.floor.own_after = None;
        }
        self.settle();
    }

    /// Makes the matches that are left, up to 8 contacts; then the floor is settled.
    ///
    /// The agent idle longest chooses first. In each list up to 16 agents are tried, so that one who
    /// cools down on the only waiting contact does not hide the next. Of a whole floor, the agents come
    /// last for whom alone somebody waits: they may stand anywhere in the lists.
    pub(super) fn settle(&mut self) {
        if !self.floor.barrier_open {
            return;
        }
        let lists = self.floor.ready.keys().filter(|(_, _, order)| *order == ReadyOrder::Idle);
        let mut open: Vec<_> = lists.map(|key| (key.clone(), 0)).collect();
        let mut served = 0;
        while served < BATCH {
            let Some((index, agent)) = self.longest_idle(&open) else {
                self.settle_own_lines(BATCH - served);
                return;
            };
            if self.serve(&agent) {
                served += 1;
            } else {
                open[index].1 += 1;
            }
        }
        self.floor.settled = false;
    }

    fn longest_idle(&self, open: &[(ReadyKey, usize)]) -> Option<(usize, AgentId)> {
        const TRIES: usize = 16;
        let heads = open.iter().enumerate().filter_map(|(index, (list, skip))| {
            let ready = self.floor.ready.get(list)?;
            let (since, agent) = ready.iter().take(TRIES).nth(*skip)?;
            Some((since, agent, index))
        });
        heads.min().map(|(_, agent, index)| (index, agent.clone()))
    }

    /// Serves the agents whose own lines come next, up to so many; after the last the floor is settled.
    fn settle_own_lines(&mut self, most: usize) {
        if self.floor.settled {
            return;
        }
        let after = self.floor.own_after.take().unwrap_or_else(ClassKey::before_personal);
        let lines = self.floor.waiting.range((Bound::Excluded(after), Bound::Unbounded));
        let agents = lines.map_while(|(class, _)| Some((class.clone(), class.agent()?)));
        let next: Vec<(ClassKey, AgentId)> = agents.take(most).collect();
        self.floor.settled = next.len() < most;
        if !self.floor.settled {
            self.floor.own_after = next.last().map(|(class, _)| class.clone());
        }
        for (_, agent) in &next {
            if self.floor.agents.contains_key(agent) {
                self.serve(agent);
            }
        }
    }
}
