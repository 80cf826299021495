//! A flow begins: that of the called number, or one a queue sends the caller to.

use switchboard_api::ApiError;
use switchboard_domain::channel::Channel;
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::state::Contact;
use switchboard_domain::ids::ContactId;
use switchboard_ivr_host::{Trail, context, human_queue, is_refused, language_of};
use switchboard_routing::Planned;

use super::{Known, Walk, flow_of};
use crate::events::{Failure, Place};
use crate::session::Session;

impl Session {
    /// Starts the flow of a contact; whoever writes is not asked to press keys.
    pub(crate) async fn begin_flow(
        &self,
        planned: &Planned,
        walk: Walk<'_>,
        details: &Details,
    ) -> Result<Place, Failure> {
        match walk.channel {
            Channel::Voice | Channel::Callback => self.begin_menu(planned, walk, details).await,
            // A flow ends for whoever is refused before it asks for anything.
            Channel::Chat | Channel::Message | Channel::Task if is_refused(details) => {
                self.begin_menu(planned, walk, details).await
            }
            Channel::Chat | Channel::Message | Channel::Task => {
                self.skip_menu(planned, walk, details).await
            }
        }
    }

    async fn begin_menu(
        &self,
        planned: &Planned,
        walk: Walk<'_>,
        details: &Details,
    ) -> Result<Place, Failure> {
        let center = planned.center();
        let Some(flow) = flow_of(center, walk.call, details) else {
            return Err(ApiError::not_found("flow", details.get("flow").unwrap_or("")).into());
        };
        let language = language_of(center, details);
        let now = self.edge.parts.floors.clock().now();
        let known = context(center, details, &language, (walk.call, Channel::Voice), now);
        let scene = self.scene(center, flow, walk.call, &known);
        let run = self.edge.parts.host.start(scene).await;
        let trail = Trail::start().with_run(&run);
        self.follow(walk, run, Known { trail, details }).await
    }

    /// Puts a contact that needs no menu where its flow puts whoever is to be helped by people.
    async fn skip_menu(
        &self,
        planned: &Planned,
        walk: Walk<'_>,
        details: &Details,
    ) -> Result<Place, Failure> {
        let flow = flow_of(planned.center(), walk.call, details);
        let Some(queue) = flow.and_then(human_queue) else {
            return Err(ApiError::not_found("flow", details.get("flow").unwrap_or("")).into());
        };
        self.enqueue(walk, details, |current, wish| current.route_known(queue, details, wish))
            .await?
            .ok_or_else(|| ApiError::not_found("queue", queue.as_str()).into())
    }

    /// Starts the flow to which a queue sent a caller whom it could not take.
    pub(super) async fn begin_other_flow(
        &self,
        call: &ContactId,
        contact: &Contact,
    ) -> Result<(), Failure> {
        let Some(flow) = contact.menu.strip_prefix("flow:") else { return Ok(()) };
        let planned = self.edge.floors().planned(&self.tenant).await?;
        let details = Details::decode(&contact.details).with("flow", flow);
        // No event of the gateway led here, so this counts as the next part of the last one.
        let walk = Walk::after(call, contact);
        // A step that turns out to be done already comes back here, by way of what follows from it.
        let begun = Box::pin(self.begin_flow(&planned, walk, &details));
        begun.await.map(|_| ())
    }
}
