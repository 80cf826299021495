//! Clients of a running center, and what its API says of a call.

use std::sync::Arc;

use switchboard_api::agent::v1::WorkState;
use switchboard_api::call::v1::{GetInteractionRequest, Interaction, InteractionState};
use switchboard_api::ticket::v1::{ListTicketsRequest, Ticket};
use switchboard_client::Connection;
use switchboard_client::desk::{Desk, Manner};
use switchboard_client::gateway::{Gateway, GatewayOptions, Pace};
use switchboard_domain::caller::Role;

use crate::center::wall_clock;
use crate::{Center, answered, eventually};

/// The number whose callers are greeted in Mandarin.
pub const MANDARIN: &str = "+862160000000";
/// The number whose callers are greeted in English.
pub const ENGLISH: &str = "+862160000001";

const GATEWAY: &str = "gateway-1";

impl Center {
    /// Connects as somebody of the tenant.
    ///
    /// # Panics
    ///
    /// Never: the address of a running center is good.
    pub fn connect(&self, role: Role, subject: &str) -> Connection {
        self.connect_with(&self.token(role, subject))
    }

    /// Connects with any credential.
    ///
    /// # Panics
    ///
    /// When the token holds what no header may hold.
    pub fn connect_with(&self, token: &str) -> Connection {
        Connection::new(&self.address(), token).expect("a good address and token")
    }

    /// Connects as a supervisor.
    pub fn office(&self) -> Connection {
        self.connect(Role::Supervisor, "boss")
    }

    /// Connects as the center's gateway, for requests of one's own making.
    pub fn raw_gateway(&self) -> Connection {
        self.connect(Role::Gateway, GATEWAY)
    }

    /// Connects the reference gateway.
    ///
    /// # Panics
    ///
    /// When the center does not welcome it in time.
    pub async fn gateway(&self) -> Gateway {
        self.gateway_over(self.raw_gateway()).await
    }

    /// Connects the reference gateway over a connection of one's own making.
    ///
    /// # Panics
    ///
    /// When the center does not welcome it in time.
    pub async fn gateway_over(&self, connection: Connection) -> Gateway {
        let options = GatewayOptions {
            connection,
            boot_id: "boot-1".to_owned(),
            pace: Pace::INSTANT,
            wall: wall_clock(),
        };
        let connecting = async { Gateway::connect(options).await.ok() };
        answered("the gateway's welcome", connecting).await
    }

    /// Signs an agent in, and waits until callers may come; one who waits comes at once.
    ///
    /// # Panics
    ///
    /// When that takes too long.
    pub async fn desk(&self, agent: &str, manner: impl Manner) -> Desk {
        let connection = self.connect(Role::Agent, agent);
        let signing_in = async { Desk::sign_in(connection, Arc::new(manner)).await.ok() };
        let desk = answered("the agent's welcome", signing_in).await;
        let is_open = |state| !matches!(state, WorkState::Offline | WorkState::NotReady);
        eventually(async || is_open(desk.view().state).then_some(())).await;
        desk
    }

    /// Gives what is recorded of a call, if anything is.
    pub async fn recorded(&self, call: &str) -> Option<Interaction> {
        let request = GetInteractionRequest { call_id: call.to_owned() };
        let found = self.office().history().get_interaction(request).await;
        found.ok().and_then(|found| found.into_inner().interaction)
    }

    /// Waits until a call is recorded as over.
    pub async fn concluded(&self, call: &str) -> Interaction {
        eventually(async || {
            let record = self.recorded(call).await?;
            (record.state() == InteractionState::Ended).then_some(record)
        })
        .await
    }

    /// Gives the tickets of a call.
    ///
    /// # Panics
    ///
    /// When they cannot be listed.
    pub async fn tickets(&self, call: &str) -> Vec<Ticket> {
        let request =
            ListTicketsRequest { interaction_id: call.to_owned(), ..ListTicketsRequest::default() };
        let listed = self.office().tickets().list_tickets(request).await;
        listed.expect("tickets are listed").into_inner().tickets
    }
}
