//! Gateways join, renew, finish their inventory, and are lost.

use std::time::Duration;

use smol_str::ToSmolStr as _;

use crate::ids::{ContactId, GatewayId};
use crate::time::Timestamp;

use super::BATCH;
use super::command::Reply;
use super::event::EventKind;
use super::mutants::{Mutant, is_planted};
use super::rejection::Rejection;
use super::state::{EndReason, Gateway, Token};
use super::step::{Step, fields};

impl Step<'_> {
    pub(super) fn join_gateway(&mut self, id: &GatewayId, lease: Duration) -> Reply {
        let token = self.next_token();
        let unknown =
            Gateway { token: None, fresh: false, lost: false, deadline: None, version: 0 };
        let gateway = self.floor.gateways.entry(id.clone()).or_insert(unknown);
        gateway.token = Some(token);
        gateway.fresh = false;
        gateway.lost = false;
        self.arm_gateway(id, Some(self.now + lease));
        if !self.floor.barrier_open {
            self.floor.pending.insert(id.clone());
        }
        let told = fields([("token", token.to_smolstr())]);
        self.gateway_changed(id, EventKind::GatewayJoined, told);
        Reply::Joined { token }
    }

    /// Checks that a session is the gateway's newest.
    pub(super) fn check_gateway(&self, id: &GatewayId, token: Token) -> Result<(), Rejection> {
        let gateway = self.floor.gateways.get(id).ok_or(Rejection::UnknownGateway)?;
        if gateway.token == Some(token) { Ok(()) } else { Err(Rejection::StaleSession) }
    }

    pub(super) fn renew_gateway(
        &mut self,
        id: &GatewayId,
        token: Token,
        lease: Duration,
    ) -> Result<Reply, Rejection> {
        self.check_gateway(id, token)?;
        self.arm_gateway(id, Some(self.now + lease));
        Ok(Reply::Done { version: self.gateway(id).version })
    }

    pub(super) fn finish_inventory(
        &mut self,
        id: &GatewayId,
        token: Token,
    ) -> Result<Reply, Rejection> {
        self.check_gateway(id, token)?;
        if self.gateway(id).fresh {
            return Ok(Reply::Duplicate);
        }
        let all = if is_planted(Mutant::InventoryEndsNothing) { 0 } else { token.number };
        let gone = self.legs_between(id, 0, all);
        for contact in &gone {
            // The end of one may have ended the consultation about it.
            if self.contact(contact).state.is_ended() {
                continue;
            }
            self.lose_leg(contact, EndReason::GoneDuringOutage);
        }
        if gone.len() == BATCH {
            return Ok(Reply::More);
        }
        self.gateway(id).fresh = true;
        self.gateway_changed(id, EventKind::GatewayFresh, fields([]));
        self.floor.pending.remove(id);
        if self.floor.barrier_open {
            self.settle_all();
        } else {
            self.open_barrier();
        }
        Ok(Reply::Done { version: self.gateway(id).version })
    }

    /// Gives up to 8 contacts of a gateway last reported in a session from `low` to below `high`.
    fn legs_between(&self, id: &GatewayId, low: u64, high: u64) -> Vec<ContactId> {
        let Some(legs) = self.floor.legs.get(id) else {
            return Vec::new();
        };
        let mut found: Vec<(u64, &ContactId)> = legs
            .iter()
            .filter(|(_, number)| (low..high).contains(*number))
            .map(|(contact, number)| (*number, contact))
            .collect();
        found.sort();
        found.into_iter().take(BATCH).map(|(_, contact)| contact.clone()).collect()
    }

    /// Fires a gateway's deadline: its lease has ended, and its contacts are orphaned.
    pub(super) fn lose_gateway(&mut self, id: &GatewayId) {
        if !self.gateway(id).lost {
            let gateway = self.gateway(id);
            gateway.lost = true;
            gateway.fresh = false;
            gateway.token = None;
            self.gateway_changed(id, EventKind::GatewayLost, fields([]));
        }
        let some = if is_planted(Mutant::OrphansForgotten) { 1 } else { u64::MAX };
        let left = self.legs_between(id, 1, some);
        for contact in &left {
            self.orphan(contact);
        }
        let rest: Option<Timestamp> = (left.len() == BATCH).then_some(self.now);
        self.arm_gateway(id, rest);
        self.floor.pending.remove(id);
        self.open_barrier();
    }
}
