//! What a gateway hears: its session, what the center has, and orders.

use std::rc::Rc;

use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::ContactId;

use super::Gateway;
use super::leg::{self, Bridge, Leg};
use crate::sim::engine::Millis;
use crate::sim::mutants::Mutant;
use crate::sim::wire::{Deed, LegReport, Order, ToCenter, ToGateway};
use crate::sim::world::World;

impl Gateway {
    pub(super) fn hear(&mut self, world: &Rc<World>, message: ToGateway) {
        self.heard_at = world.now();
        match message {
            ToGateway::Welcome { token } => self.welcome(world, token),
            ToGateway::Acknowledged { accepted, recorded } => {
                self.accepted = self.accepted.max(accepted);
                let hasty = world.has(Mutant::ForgetAtAccepted);
                self.forget_through(if hasty { accepted } else { recorded });
            }
            ToGateway::Order(order) => self.obey(world, order),
            // It keeps its place until all before it is recorded: a hole would look like a loss.
            ToGateway::Rejected { sequence } => {
                let hasty = world.has(Mutant::ForgetRefused);
                self.journal.retain(|fact| fact.sequence != sequence || !hasty);
            }
            ToGateway::Gap { expected } => self.accepted = expected.saturating_sub(1),
            ToGateway::Heartbeat => {}
            ToGateway::Reconciled => self.reconciled = true,
            ToGateway::BatchDone { number } => {
                self.batch = self.batch.filter(|(open, _)| *open != number);
            }
            ToGateway::Closed => self.disconnect(world),
        }
    }

    /// Starts a session: lists the legs that are up, then says again what is not recorded.
    fn welcome(&mut self, world: &Rc<World>, token: Token) {
        // Rough links may bring an older welcome again.
        if self.token.is_some_and(|known| known >= token) {
            return;
        }
        self.token = Some(token);
        self.legs.values_mut().for_each(Leg::stop_dialling);
        // It is not listed, and so is over for the center.
        self.legs.retain(|_, leg| !leg.is_alone());
        self.forget_through(0);
        (self.accepted, self.reconciled, self.batch) = (0, false, None);
        self.list_legs(world);
        if !self.polled {
            self.resend_after(world, 0);
        }
    }

    pub(super) fn inventory(&self, now: Millis) -> Vec<LegReport> {
        // A call whose end is not recorded is listed, or the center would count it as lost. Somebody
        // who is yet to be called back is not on the line, whatever is still to be told of it.
        let open = |call: &ContactId| self.journal.iter().any(|fact| fact.call == *call);
        let ended = |call, leg: &Leg| leg.ended.is_some() && open(call);
        let told = self.legs.iter().filter(|(call, leg)| leg.is_up() || ended(call, leg));
        told.map(|(call, leg)| leg.report(call, now)).collect()
    }

    fn resend_after(&self, world: &Rc<World>, sequence: u64) {
        for fact in self.journal.iter().filter(|fact| fact.sequence > sequence) {
            self.send(world, ToCenter::Fact(fact.clone()));
        }
    }

    fn forget_through(&mut self, sequence: u64) {
        self.journal.retain(|fact| fact.sequence > sequence);
        let journal = &self.journal;
        let open = |call: &ContactId| journal.iter().any(|fact| fact.call == *call);
        self.legs.retain(|call, leg| leg.is_up() || leg.is_alone() || open(call));
    }

    /// Takes up a call that the center itself makes; a consultation ends when its agent gets the call.
    fn take_up(&mut self, world: &Rc<World>, order: &Order) {
        let current = self.token;
        if matches!(order.deed, Deed::Bridge { .. } | Deed::Dial { .. }) {
            let newer = |leg: &Leg| leg.applied.0 != current || order.sequence > leg.applied.1;
            let fresh = self.legs.get(&order.call).is_some_and(newer);
            let about = |leg: &Leg| fresh && leg.about.as_ref() == Some(&order.call);
            let over = self.legs.iter().filter(|(_, leg)| about(leg));
            let over: Vec<ContactId> = over.map(|(call, _)| call.clone()).collect();
            for call in &over {
                self.hang_up(world, call, true);
            }
        }
        let leg = match &order.deed {
            Deed::Dial { wish, call_sequence, .. } => {
                Leg::called_back(*wish, world.now(), *call_sequence)
            }
            Deed::Consult { about, wish, call_sequence, .. } => {
                Leg::consult(about.clone(), *wish, world.now(), *call_sequence)
            }
            _ => return,
        };
        // The end of a call may overtake its beginning.
        let over = self
            .overtaken
            .get(&order.call)
            .is_some_and(|(token, sequence)| *token == order.token && *sequence > order.sequence);
        if !over && self.dialled.insert((order.token.epoch, order.id.clone())) {
            self.legs.entry(order.call.clone()).or_insert(leg);
        }
    }

    /// Carries out an order, once, if it is of the newest session and newer than the last.
    fn obey(&mut self, world: &Rc<World>, order: Order) {
        self.send(world, ToCenter::Result { order: order.id.clone() });
        let current = self.token;
        if Some(order.token) == current {
            self.take_up(world, &order);
        }
        if matches!(order.deed, Deed::HangUp) {
            self.overtaken.insert(order.call.clone(), (order.token, order.sequence));
        }
        let Some(leg) = self.legs.get_mut(&order.call) else { return };
        let done = (order.token.epoch, order.id.clone());
        let known = leg.done.contains(&done);
        let newer = leg.applied.0 != Some(order.token) || order.sequence > leg.applied.1;
        let fresh = Some(order.token) == current && newer;
        let careless = world.has(Mutant::IgnoreToken);
        if known || leg.ended.is_some() || !(fresh || careless) {
            return;
        }
        if !fresh {
            world.fail(format!("fence: gateway {} obeys {order:?}", self.index));
        }
        leg.applied = (Some(order.token), order.sequence);
        leg.done.insert(done);
        world.trace(|| format!("gateway {} obeys {order:?}", self.index));
        let call = order.call.clone();
        if let (Bridge::Up { offer, .. }, Deed::Ask | Deed::Treat | Deed::HangUp) =
            (&leg.bridge, &order.deed)
        {
            world.judge.borrow_mut().torn(world.now(), &call, offer);
        }
        match order.deed {
            Deed::Ask => leg::play(world, self.index, &call, leg, order.id),
            Deed::Treat => leg.take_back(),
            Deed::Bridge { agent, offer }
            | Deed::Dial { agent, offer, .. }
            | Deed::Consult { agent, offer, .. } => self.bridge(world, &call, agent, offer),
            Deed::Query => {
                if let Some(truth) = leg.truth() {
                    self.tell(world, &call, truth);
                }
            }
            Deed::HangUp => self.hang_up(world, &call, true),
        }
    }
}
