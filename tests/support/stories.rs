//! Steps that many stories share: callers who wait, desks that ring, what the API says of both.

use switchboard_api::agent::v1::{Offer, OfferOutcome};
use switchboard_api::queue::v1::{
    ExplainWaitRequest, GetPositionRequest, Obstacle, ObstacleKind, WaitExplanation,
};
use switchboard_client::desk::{Desk, DeskEvent, Manner, WrapUp};
use switchboard_client::gateway::{Call, CallEvent, CallScript, Gateway};

use switchboard_runtime::clock::{Clock, SystemClock};

use crate::{Center, MANDARIN, answered};

/// An agent who accepts at once, and files only when told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Slow;

impl Manner for Slow {
    fn wrap_up(&self, _: &str) -> Option<WrapUp> {
        None
    }
}

/// Scripts a caller who shows no number and asks for booking, in Mandarin.
pub fn booking(id: &str) -> CallScript {
    CallScript::new(id, "", MANDARIN).press("2").press("10*25#")
}

/// Scripts a caller who shows no number and asks for the timetable, in Mandarin.
pub fn timetable(id: &str) -> CallScript {
    CallScript::new(id, "", MANDARIN).press("1").press("10*25#")
}

/// Writes a calendar by the name of `some-day` that is closed now, whatever day it is: its only
/// opening is half a week away.
pub fn some_day() -> String {
    let days = SystemClock.now().as_millis() / 86_400_000;
    // The first day of that count was a Thursday.
    let names = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"];
    let away = usize::try_from((days + 3) % 7).unwrap_or(0);
    format!("some-day:\n  week:\n    {}: 10:00-11:00\n", names[away])
}

/// Lets a caller arrive, and waits until they have a place; gives it too.
pub async fn waiting(gateway: &Gateway, script: CallScript) -> (Call, u32) {
    let mut call = gateway.call(script);
    let waits = call.until(|event| matches!(event, CallEvent::Waits { .. }));
    let event = answered("a place", waits).await;
    let CallEvent::Waits { position, .. } = event else { unreachable!("{event:?}") };
    (call, position)
}

/// Waits until a caller and an agent hear each other, and gives the agent.
pub async fn bridged(call: &mut Call) -> String {
    let bridged = call.until(|event| matches!(event, CallEvent::Bridged { .. }));
    let event = answered("a bridge", bridged).await;
    let CallEvent::Bridged { agent, .. } = event else { unreachable!("{event:?}") };
    agent
}

/// Waits until a desk knows that its agent and a caller hear each other. Earlier the center may not know,
/// though the gateway has joined them, and refuses what only talkers may do.
pub async fn connected(desk: &mut Desk) {
    let connected = desk.until(|event| matches!(event, DeskEvent::Connected { .. }));
    answered("a talk", connected).await;
}

/// Waits until a desk rings, and gives the offer.
pub async fn rung(desk: &mut Desk) -> Offer {
    let event =
        answered("an offer", desk.until(|event| matches!(event, DeskEvent::Offered(_)))).await;
    let DeskEvent::Offered(offer) = event else { unreachable!("{event:?}") };
    *offer
}

/// Waits until an offer is over at a desk, and gives how it ended, and why if it was taken back.
pub async fn silenced(desk: &mut Desk) -> (OfferOutcome, String) {
    let closed = desk.until(|event| matches!(event, DeskEvent::OfferClosed { .. }));
    let event = answered("the end of an offer", closed).await;
    let DeskEvent::OfferClosed { outcome, cause, .. } = event else { unreachable!("{event:?}") };
    (outcome, cause)
}

/// Waits until the center refuses what a desk did, and gives the reason and what is wrong.
pub async fn refused(desk: &mut Desk) -> (String, String) {
    let refused = desk.until(|event| matches!(event, DeskEvent::Refused { .. }));
    let event = answered("a refusal", refused).await;
    let DeskEvent::Refused { reason, message, .. } = event else { unreachable!("{event:?}") };
    (reason, message)
}

impl Center {
    /// Gives the place of a contact that waits.
    ///
    /// # Panics
    ///
    /// When it does not wait.
    pub async fn position(&self, contact: &str) -> u32 {
        let request = GetPositionRequest { contact_id: contact.to_owned() };
        let told = self.office().queues().get_position(request).await;
        told.expect("it waits").into_inner().position.expect("it has a place").position
    }

    /// Gives why a contact waits.
    ///
    /// # Panics
    ///
    /// When nothing is known of it.
    pub async fn explained(&self, contact: &str) -> WaitExplanation {
        let request = ExplainWaitRequest { contact_id: contact.to_owned() };
        let told = self.office().queues().explain_wait(request).await;
        told.expect("it waits").into_inner().explanation.expect("it is explained")
    }

    /// Gives what keeps a waiting contact from one agent.
    ///
    /// # Panics
    ///
    /// When the explanation does not name the agent.
    pub async fn obstacles(&self, contact: &str, agent: &str) -> Vec<ObstacleKind> {
        let told = self.explained(contact).await;
        let mut groups = told.agents.iter();
        let group = groups.find(|group| group.agent_ids.iter().any(|id| id == agent));
        let group = group.expect("the agent is explained");
        group.obstacles.iter().map(Obstacle::kind).collect()
    }
}
