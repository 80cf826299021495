//! How a session begins, is renewed, and goes on after an epoch change.

use std::sync::Arc;

use switchboard_api::ApiError;
use switchboard_api::call::v1::Welcome;
use switchboard_api::call::v1::run_calls_response::Message;
use switchboard_api::convert::session::token as wire_token;
use switchboard_api::convert::time::duration;
use switchboard_domain::floor::command::{Command, Reply};
use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::{GatewayId, TenantId};
use switchboard_store::live_floor::FloorError;
use switchboard_store::outbox::OutboxId;

use super::{Output, Session, lock};
use crate::edge::{Edge, Run, routing_error};

impl Session {
    /// Begins a session of a gateway and welcomes it.
    pub(crate) async fn join(
        edge: Arc<Edge>,
        run: Run,
        output: Output,
    ) -> Result<(Arc<Self>, Welcome), ApiError> {
        edge.register(&run.tenant, &run.gateway).await?;
        let token = join_floor(&edge, &run.tenant, &run.gateway).await?;
        let session = Self::with_token(edge, run, token, output);
        let welcome = session.welcome();
        Ok((session, welcome))
    }

    /// Takes over a session that another replica began for a gateway that asks; `end` is where the outbox ends now.
    pub(crate) fn take_over(
        edge: Arc<Edge>,
        (tenant, gateway): (TenantId, GatewayId),
        token: Token,
        end: OutboxId,
    ) -> Arc<Self> {
        let run = Run { tenant, gateway, boot: String::new() };
        let session = Self::with_token(edge, run, token, Output::Asked);
        lock(&session.account).inherit(end);
        session.settle_inventory(token);
        session
    }

    fn welcome(&self) -> Welcome {
        let lease = self.edge.parts.gateway_lease;
        Welcome {
            token: Some(wire_token(self.token())),
            lease: Some(duration(lease)),
            heartbeat: Some(duration(lease / 4)),
            recorded_through: self.edge.recorded_through(&self.run),
        }
    }

    /// Joins anew after an epoch change; ends the session when a newer one has replaced it.
    ///
    /// `stale` is the token that was refused: another task may have joined anew meanwhile.
    pub(crate) async fn rejoin(&self, stale: Token) -> Result<(), ApiError> {
        let _turn = self.rejoining.lock().await;
        if self.token() != stale {
            return Ok(());
        }
        if matches!(self.output, Output::Asked) {
            // Its next request is refused, and it opens another session, maybe elsewhere.
            self.close();
            return Ok(());
        }
        let status = self.edge.floor().status(&self.tenant).await?;
        if status.is_current && status.epoch == stale.epoch {
            self.send_status(ApiError::aborted(
                "STALE_SESSION",
                "a newer session of this gateway has replaced this one",
            ))
            .await;
            self.close();
            return Ok(());
        }
        let token = join_floor(&self.edge, &self.tenant, &self.gateway).await?;
        lock(&self.account).renew(token);
        lock(&self.outstanding).clear();
        self.send(Message::Welcome(self.welcome())).await;
        Ok(())
    }

    /// Notes that the gateway answers a welcome; says whether it is the newest.
    pub(crate) fn answer_welcome(&self, token: Token) -> bool {
        lock(&self.account).answer(token)
    }

    /// Renews the lease; joins anew when the floor has forgotten the session.
    pub(crate) async fn renew(&self) -> Result<(), ApiError> {
        let token = self.token();
        let command = Command::RenewGateway {
            gateway: self.gateway.clone(),
            token,
            lease: self.edge.parts.gateway_lease,
        };
        match self.edge.floors().apply(&self.tenant, command).await {
            Ok(_) => Ok(()),
            Err(error) if crate::events::is_stale(&error) => self.rejoin(token).await,
            Err(error) => Err(routing_error(error)),
        }
    }
}

async fn join_floor(
    edge: &Edge,
    tenant: &TenantId,
    gateway: &GatewayId,
) -> Result<Token, ApiError> {
    let command =
        Command::JoinGateway { gateway: gateway.clone(), lease: edge.parts.gateway_lease };
    let applied = edge.floors().apply(tenant, command).await.map_err(routing_error)?;
    let Reply::Joined { token } = applied.reply else {
        let answer = format!("{:?}", applied.reply);
        return Err(FloorError::Corrupt { answer }.into());
    };
    Ok(token)
}
