//! The gateway of a test: brings callers, bridges them, hangs up.

use std::time::Duration;

use switchboard_domain::center::RouteRequest;
use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Command, Reply, Report};
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::{ContactId, GatewayId, OfferId, QueueId};
use switchboard_routing::Planned;

use super::{Center, tenant};

/// A gateway with its session.
pub(crate) struct Gateway {
    id: GatewayId,
    token: Token,
}

impl Center {
    /// Signs a gateway in, with no calls up.
    pub(crate) async fn gateway(&self) -> Gateway {
        let id = GatewayId::parse("gateway-1").unwrap();
        let lease = Duration::from_mins(10);
        let joined = self.apply(Command::JoinGateway { gateway: id.clone(), lease }).await;
        let Reply::Joined { token } = joined else { panic!("{joined:?}") };
        self.apply(Command::FinishInventory { gateway: id.clone(), token }).await;
        Gateway { id, token }
    }

    /// Brings a caller who speaks Chinese through the menu into a queue.
    pub(crate) async fn call(&self, gateway: &Gateway, name: &str, queue: &str) -> ContactId {
        let contact = ContactId::parse(name).unwrap();
        let queue = QueueId::parse(queue).unwrap();
        let start = |planned: &Planned| {
            Some(Command::StartContact {
                report: gateway.report(&contact, 1),
                channel: Channel::Voice,
                caller: String::new(),
                plan_version: planned.version(),
                fallback: None,
                details: details().encode(),
            })
        };
        self.floors.apply_planned(&tenant(), start).await.unwrap();
        let now = self.floors.clock().now();
        let route = |planned: &Planned| {
            let request = RouteRequest {
                queue: &queue,
                language: planned.center().languages.keys().find(|it| it.as_str() == "zh-CN"),
                tier: None,
                segments: &[],
                skills: &[],
                priority_boost: 0,
            };
            let (plan, route) = planned.route(request, switchboard_routing::call(now))?;
            Some(Command::RouteContact {
                report: gateway.report(&contact, 2),
                plan_version: planned.version(),
                route,
                priority: i32::try_from(plan.priority).ok()?,
                credit: planned.center().priority_credit,
                details: details().with("menu_path", "main-menu > booking-trip").encode(),
            })
        };
        self.floors.apply_planned(&tenant(), route).await.unwrap().unwrap();
        contact
    }

    /// Reports that caller and agent are bridged.
    pub(crate) async fn bridge(&self, gateway: &Gateway, contact: &ContactId, offer: &str) {
        let (report, offer) = (gateway.report(contact, 3), OfferId::parse(offer).unwrap());
        self.apply(Command::ReportBridged { report, offer }).await;
    }

    /// Reports that the caller is gone.
    pub(crate) async fn hang_up(&self, gateway: &Gateway, contact: &ContactId) {
        self.apply(Command::HangUp { report: gateway.report(contact, 4), served: false }).await;
    }
}

impl Gateway {
    fn report(&self, contact: &ContactId, call_sequence: u64) -> Report {
        let (gateway, token) = (self.id.clone(), self.token);
        Report { contact: contact.clone(), gateway, token, call_sequence }
    }
}

fn details() -> Details {
    Details::new()
        .with("calling_number", "+8613800000001")
        .with("called_number", "+862160000000")
        .with("language", "zh-CN")
        .with("customer", "c-1")
        .with("customer_name", "赵磊")
        .with("tier", "A1")
        .with("open_tickets", "2")
        .with("open_promises", "1")
        .with("field.origin", "021")
}
