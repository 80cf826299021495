//! Opening an epoch: what to do when the live state may have lost writes.

use std::collections::BTreeSet;
use std::time::Duration;

use smol_str::ToSmolStr as _;

use crate::ids::{AgentId, ContactId, GatewayId};

use super::command::Reply;
use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::plan::PlanUpdate;
use super::rejection::Rejection;
use super::state::{AgentState, Gateway, OfferOutcome, Phase};
use super::step::{Step, fields};
use super::{BARRIER_LEASES, BATCH, Due};

impl Step<'_> {
    pub(super) fn open_epoch(
        &mut self,
        run: &str,
        epoch: u64,
        gateways: &BTreeSet<GatewayId>,
        lease: Duration,
    ) -> Result<Reply, Rejection> {
        let current = self.floor.epoch;
        if epoch <= current || run == self.floor.run {
            return Err(Rejection::EpochUsed { current });
        }
        self.floor.epoch = epoch;
        run.clone_into(&mut self.floor.run);
        self.floor.barrier_open &= is_planted(Mutant::NoQuarantine);
        self.floor.settled = true;
        self.floor.own_after = None;
        self.floor.sweeping = !is_planted(Mutant::NoQuarantine);
        self.floor.opened_at = self.now;
        self.floor.barrier_until = self.now + lease * BARRIER_LEASES;
        self.floor_changed(EventKind::EpochOpened, fields([("epoch", epoch.to_smolstr())]));
        let known: BTreeSet<GatewayId> =
            self.floor.gateways.keys().chain(gateways).cloned().collect();
        if is_planted(Mutant::NoQuarantine) {
            return Ok(Reply::Done { version: self.floor.version });
        }
        for id in &known {
            self.expect_gateway(id, lease);
        }
        self.floor.pending = known;
        Ok(Reply::Done { version: self.floor.version })
    }

    fn expect_gateway(&mut self, id: &GatewayId, lease: Duration) {
        let unknown =
            Gateway { token: None, fresh: false, lost: false, deadline: None, version: 0 };
        let gateway = self.floor.gateways.entry(id.clone()).or_insert(unknown);
        gateway.token = None;
        gateway.fresh = false;
        gateway.lost = false;
        self.arm_gateway(id, Some(self.now + lease));
    }

    pub(super) fn sweep_epoch(&mut self) -> Reply {
        if !self.floor.sweeping {
            return Reply::Duplicate;
        }
        let epoch = self.floor.epoch;
        let mut old: Vec<(u64, Due)> = self
            .floor
            .live
            .iter()
            .filter(|(_, marked)| **marked < epoch)
            .map(|(due, marked)| (*marked, due.clone()))
            .collect();
        old.sort();
        let more = old.len() >= BATCH;
        for (_, due) in old.into_iter().take(BATCH) {
            match &due {
                Due::Contact(id) => self.sweep_contact(id),
                Due::Agent(id) => self.sweep_agent(id),
                Due::Gateway(_) | Due::Class(_) | Due::Place(_) => {}
            }
        }
        if more {
            return Reply::More;
        }
        self.floor.sweeping = false;
        self.open_barrier();
        Reply::Done { version: self.floor.version }
    }

    fn sweep_contact(&mut self, id: &ContactId) {
        self.void_offers(id);
        if !self.contact(id).state.is_ended() {
            self.mark_live(Due::Contact(id.clone()));
        }
    }

    /// Voids every offer of a contact; whoever was rung must say hello again.
    fn void_offers(&mut self, id: &ContactId) {
        let rung = self.close_offers(id, OfferOutcome::EpochChanged);
        if let Some(last) = rung.last() {
            self.requeue(id, "epoch", last);
        }
        for agent in &rung {
            self.lose_session(agent);
        }
    }

    fn sweep_agent(&mut self, id: &AgentId) {
        if let Some(ringing) = self.agent(id).offer.clone() {
            self.void_offers(&ringing.contact);
            return;
        }
        if self.agent(id).state() == AgentState::Offline {
            self.unmark_live(&Due::Agent(id.clone()));
        } else {
            self.lose_session(id);
        }
    }

    /// Ends an agent's session with the old epoch; he stays bound to those he talks to.
    fn lose_session(&mut self, id: &AgentId) {
        if matches!(self.agent(id).state(), AgentState::Busy { .. }) {
            self.agent(id).work.retain(|_, work| work.phase == Phase::Talking);
            self.detach(id);
            self.mark_live(Due::Agent(id.clone()));
        } else {
            self.sign_out(id, "epoch");
        }
    }

    /// Opens the barrier once no gateway is waited for, and matches everything that waits.
    pub(super) fn open_barrier(&mut self) {
        if self.floor.barrier_open || self.floor.sweeping {
            return;
        }
        if !self.floor.pending.is_empty() && !is_planted(Mutant::NoBarrier) {
            return;
        }
        self.floor.barrier_open = true;
        self.floor_changed(EventKind::BarrierOpened, fields([]));
        self.settle_all();
    }

    /// Stops waiting for gateways that keep their lease but tell no legs: one that is stuck must not
    /// shut the whole center.
    pub(super) fn fire_barrier(&mut self) {
        let due = self.floor.barrier_until <= self.now && !is_planted(Mutant::EndlessBarrier);
        if !self.floor.barrier_open && due {
            self.floor.pending.clear();
            self.open_barrier();
        }
    }

    pub(super) fn load_plan(&mut self, plan: &PlanUpdate) -> Result<Reply, Rejection> {
        let current = self.floor.plan.version;
        if plan.version == current {
            return Ok(Reply::Duplicate);
        }
        if plan.version < current {
            return Err(Rejection::StalePlan { current });
        }
        self.floor.plan.load(plan);
        let told = fields([("plan", plan.version.to_smolstr())]);
        self.floor_changed(EventKind::PlanLoaded, told);
        if !self.floor.sweeping {
            self.settle_all();
        }
        Ok(Reply::Done { version: self.floor.version })
    }
}
