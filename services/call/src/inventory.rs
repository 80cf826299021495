//! Which legs are up at a gateway: what it holds is true, whatever the floor remembers.

use std::time::Duration;

use switchboard_api::call::v1::{Inventory, Leg as WireLeg, Side};
use switchboard_api::convert::session::token_field;
use switchboard_api::convert::time::duration_field;
use switchboard_api::{ApiError, field};
use switchboard_domain::floor::command::{Command, Leg, Reply};
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::state::ContactState;
use switchboard_domain::ids::ContactId;

use crate::arrival::{Arrival, called_number, fallback};
use crate::events::Failure;
use crate::menu::Walk;
use crate::session::Session;

const MAX_LEGS: usize = 200;
const MAX_AGE: Duration = Duration::from_hours(24 * 30);

impl Session {
    /// Takes one chunk of an inventory; says whether it was the last.
    pub(crate) async fn take_inventory(&self, inventory: Inventory) -> Result<bool, Failure> {
        let token = token_field("token", inventory.token)?;
        if token != self.token() {
            return Err(ApiError::aborted("STALE_SESSION", "answer the newest welcome").into());
        }
        for leg in field::list("legs", inventory.legs, MAX_LEGS)? {
            self.take_leg(leg).await?;
        }
        if !inventory.r#final {
            return Ok(false);
        }
        loop {
            let command = Command::FinishInventory { gateway: self.gateway.clone(), token };
            if self.edge.floors().apply(&self.tenant, command).await?.reply != Reply::More {
                break;
            }
        }
        for call in self.calls() {
            self.resume_or_begin(&call).await?;
        }
        Ok(true)
    }

    async fn take_leg(&self, wire: WireLeg) -> Result<(), Failure> {
        let call: ContactId = field::id("legs.call_id", &wire.call_id)?;
        let age = duration_field("legs.age", wire.age, MAX_AGE)?;
        let bridged_to = field::optional_id(
            "legs.bridged_agent_id",
            &wire.bridged_agent_id.unwrap_or_default(),
        )?;
        let arrival = Arrival::of_leg(&wire.calling_number, &wire.called_number);
        let details = self.details_of_leg(&arrival).await?;
        let command = self.edge.floors().apply_planned(&self.tenant, |planned| {
            let called = called_number(planned.center(), &wire.called_number).ok();
            let flow = called.and_then(|called| planned.center().flow(&called.flow));
            let leg = Leg {
                contact: call.clone(),
                age,
                bridged_to: bridged_to.clone(),
                fallback: flow.and_then(|flow| fallback(planned, flow)),
                details: details.encode(),
            };
            let (gateway, token) = (self.gateway.clone(), self.token());
            Some(Command::ReconcileLeg { gateway, token, leg })
        });
        command.await?;
        self.adopt(&call);
        self.end_if_over(&call, wire.ended_by, wire.last_call_sequence).await
    }

    /// A call that ended while nobody listened ends now, with all that is known of it.
    async fn end_if_over(
        &self,
        call: &ContactId,
        ended_by: i32,
        number: u64,
    ) -> Result<(), Failure> {
        if field::known::<Side>("legs.ended_by", ended_by)? == Side::Unspecified {
            return Ok(());
        }
        self.hung_up(call, number, ended_by).await.map(|_| ())
    }

    /// A leg on a number the center no longer answers is kept all the same.
    async fn details_of_leg(&self, arrival: &Arrival) -> Result<Details, Failure> {
        let planned = self.edge.floors().planned(&self.tenant).await?;
        Ok(self.identify(&planned, arrival).await.unwrap_or_default())
    }

    /// Sends what follows from a call's state, or starts the flow of one the floor had lost.
    async fn resume_or_begin(&self, call: &ContactId) -> Result<(), Failure> {
        let floor = self.edge.floor();
        let contact = floor.contact(&self.tenant, call).await.map_err(ApiError::from)?;
        let Some(contact) = contact else { return Ok(()) };
        if contact.state == ContactState::InMenu && contact.menu.is_empty() {
            let planned = self.edge.floors().planned(&self.tenant).await?;
            let details = Details::decode(&contact.details);
            let number = contact.call_sequence / crate::session::PARTS;
            let walk = Walk { call, number, part: 6 };
            self.begin_menu(&planned, walk, &details).await?;
            return Ok(());
        }
        self.resume(call).await
    }
}
