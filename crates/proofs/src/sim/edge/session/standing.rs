//! A gateway's session is kept current: its token, its lease, and a new one after an epoch change.

use switchboard_domain::floor::command::{Command, Reply};
use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::GatewayId;

use super::Session;
use crate::sim::center::GATEWAY_LEASE;
use crate::sim::edge::Edge;
use crate::sim::edge::floors::Trouble;
use crate::sim::edge::ledger::Account;
use crate::sim::wire::ToGateway;

impl Session {
    /// Joins anew after an epoch change; ends the session when a newer one has replaced it.
    pub(in crate::sim::edge) async fn rejoin(&self, stale: Token) -> Result<(), Trouble> {
        while self.rejoining.replace(true) {
            crate::sim::engine::sleep(&self.edge.world, 10).await;
        }
        let outcome = self.rejoin_in_turn(stale).await;
        self.rejoining.set(false);
        outcome
    }

    async fn rejoin_in_turn(&self, stale: Token) -> Result<(), Trouble> {
        if self.token() != stale {
            return Ok(());
        }
        if self.polled {
            self.close();
            return Ok(());
        }
        let status = self.edge.status().await?;
        if status.is_current && status.epoch == stale.epoch {
            self.send(ToGateway::Closed);
            self.close();
            return Ok(());
        }
        let token = join_floor(&self.edge, &self.gateway).await?;
        *self.account.borrow_mut() = Account::new(token, false);
        self.outstanding.borrow_mut().clear();
        self.send(ToGateway::Welcome { token });
        Ok(())
    }

    /// Renews the lease; joins anew when the floor has forgotten the session.
    pub(in crate::sim::edge) async fn renew(&self) -> Result<(), Trouble> {
        let token = self.token();
        let command =
            Command::RenewGateway { gateway: self.gateway.clone(), token, lease: GATEWAY_LEASE };
        match self.edge.apply(command).await {
            Err(trouble) if trouble.is_stale() => self.rejoin(token).await,
            outcome => outcome.map(drop),
        }
    }
}

/// Makes sure that no crash can forget the gateway; one seen before needs no database.
pub(super) fn register(edge: &Edge, gateway: &GatewayId) -> Result<(), Trouble> {
    if edge.replica.known.borrow().contains(gateway) {
        return Ok(());
    }
    let mut durable = edge.world.durable.borrow_mut();
    if durable.is_down(edge.world.now()) {
        return Err(Trouble::Away);
    }
    durable.gateways.insert(gateway.clone());
    edge.replica.known.borrow_mut().insert(gateway.clone());
    Ok(())
}

pub(super) async fn join_floor(edge: &Edge, gateway: &GatewayId) -> Result<Token, Trouble> {
    let command = Command::JoinGateway { gateway: gateway.clone(), lease: GATEWAY_LEASE };
    match edge.apply(command).await?.reply {
        Reply::Joined { token } => Ok(token),
        Reply::Done { .. } | Reply::Duplicate | Reply::More => Err(Trouble::Away),
    }
}
