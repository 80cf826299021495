//! Callers and their legs, and the orders that connect them: the ground truth.

use super::super::action::Action;
use super::super::configuration::Edge;
use super::super::step::Step;
use super::super::view::Place;
use super::super::world::{Fact, Leg, Line, OLD, Order, SERVING, World};
use super::Explorer;

impl Explorer {
    pub(super) fn explore_calls(&mut self, world: &World) {
        for contact in 0..self.configuration.shape.contacts {
            match world.legs[contact].line {
                Line::Unborn => self.caller_arrives(world, contact),
                Line::Up => {
                    self.caller_acts(world, contact);
                    self.explore_orders(world, contact);
                }
                Line::Gone => {}
            }
            self.fact_arrives(world, contact);
        }
    }

    fn caller_arrives(&mut self, world: &World, contact: usize) {
        let mut next = *world;
        let leg = &mut next.legs[contact];
        leg.line = Line::Up;
        leg.tell(Fact::Started);
        leg.tell(Fact::Routed);
        self.push(Action::CallerArrives(small(contact)), next);
    }

    fn caller_acts(&mut self, world: &World, contact: usize) {
        let number = small(contact);
        let leg = &world.legs[contact];
        let seen = self.view(world, SERVING).contacts[contact];
        self.leg_ends(world, contact, Action::CallerHangsUp(number));
        let quiet = leg.pending(SERVING).is_none() && self.is_settled(world, contact);
        if matches!(seen.place, Place::Ended(_)) && quiet {
            self.leg_ends(world, contact, Action::CenterHangsUp(number));
        }
        let mut next = *world;
        if seen.place == Place::InMenu && quiet && next.legs[contact].tell(Fact::Routed) {
            self.push(Action::CallerUsesMenu(number), next);
        }
        next = *world;
        if leg.agent > 0 && world.left.leg_drops > 0 && next.legs[contact].tell(Fact::AgentGone) {
            next.legs[contact].agent = 0;
            next.left.leg_drops -= 1;
            self.push(Action::AgentLegDrops(number), next);
        }
    }

    fn leg_ends(&mut self, world: &World, contact: usize, action: Action) {
        let mut next = *world;
        if next.legs[contact].tell(Fact::HungUp) {
            next.legs[contact].line = Line::Gone;
            self.push(action, next);
        }
    }

    /// Facts arrive in order, each until the floor has taken or refused it; all but a call's first
    /// wait for the inventory of their session.
    fn fact_arrives(&mut self, world: &World, contact: usize) {
        let number = small(contact);
        let place = self.gateway_of(contact);
        let (gateway, token) = (small(place), world.gateways[place].token);
        let Some(memory) = self.memory_of(world, token) else { return };
        let Some(fact) = world.legs[contact].pending(memory) else { return };
        if fact != Fact::Started && world.gateways[place].inventory.token > 0 {
            return;
        }
        let step = match fact {
            Fact::Started => Step::Start { contact: number, gateway, token },
            Fact::Routed => Step::Route { contact: number, gateway, token },
            Fact::Bridged(offer) => Step::Bridged { contact: number, gateway, token, offer },
            Fact::Failed(offer) => Step::BridgeFailed { contact: number, gateway, token, offer },
            Fact::AgentGone => Step::AgentGone { contact: number, gateway, token },
            Fact::HungUp => Step::HangUp { contact: number, gateway, token },
        };
        let action = Action::FactArrives(number);
        let mut next = *world;
        let outcome = self.act(action, &mut next, memory, step);
        if outcome.is_passing() {
            return;
        }
        next.legs[contact].taken[memory] += 1;
        self.push(action, next);
    }

    fn explore_orders(&mut self, world: &World, contact: usize) {
        for memory in [SERVING, OLD] {
            self.order_sent(world, contact, memory);
        }
        self.truth_repeated(world, contact);
        let leg = &world.legs[contact];
        for (slot, order) in leg.orders.iter().enumerate().filter(|(_, order)| order.offer > 0) {
            let place = self.gateway_of(contact);
            let fenced = order.token != world.gateways[place].token
                && self.configuration.edge != Some(Edge::NoGatewayFence);
            if fenced {
                continue;
            }
            let busy =
                self.configuration.busy_phones && self.is_engaged(world, contact, order.agent);
            if !busy {
                self.order_obeyed(world, contact, slot, true);
            }
            if busy || world.left.failures > 0 {
                self.order_obeyed(world, contact, slot, false);
            }
        }
    }

    /// The order follows from the state: only while the contact connects, and only under the
    /// session that vouched for it.
    fn order_sent(&mut self, world: &World, contact: usize, memory: usize) {
        if world.floors[memory] == 0 {
            return;
        }
        let view = self.view(world, memory);
        let seen = &view.contacts[contact];
        let seat = &view.gateways[self.gateway_of(contact)];
        if seen.place != Place::Connecting || seat.token == 0 || seen.token != seat.token {
            return;
        }
        let order = Order { offer: seen.offer, agent: seen.agent, token: seen.token };
        let leg = &world.legs[contact];
        let Some(free) = leg.orders.iter().position(|known| known.offer == 0) else { return };
        if leg.offer == order.offer || leg.orders.contains(&order) {
            return;
        }
        let mut next = *world;
        next.legs[contact].orders[free] = order;
        let action = Action::OrderSent { contact: small(contact), old: memory == OLD };
        self.push(action, next);
    }

    fn order_obeyed(&mut self, world: &World, contact: usize, slot: usize, connects: bool) {
        let action = Action::OrderObeyed { contact: small(contact), slot: small(slot), connects };
        let mut next = *world;
        let order = std::mem::take(&mut next.legs[contact].orders[slot]);
        let before = world.legs[contact];
        if before.offer == order.offer {
            // A repeated order is carried out once.
            self.push(action, next);
            return;
        }
        let elsewhere = self.is_engaged(world, contact, order.agent);
        if connects && self.fault.is_none() {
            self.fault = double(&before, order, elsewhere, contact).map(|words| (action, words));
            if self.fault.is_some() {
                self.next.push((action, next));
                return;
            }
        }
        let leg = &mut next.legs[contact];
        leg.offer = order.offer;
        leg.agent = if connects { order.agent } else { 0 };
        let fact = if connects { Fact::Bridged(order.offer) } else { Fact::Failed(order.offer) };
        if leg.tell(fact) {
            if !connects {
                next.left.failures = next.left.failures.saturating_sub(1);
            }
            self.push(action, next);
        }
    }

    /// Says whether an agent talks to as many others as he can.
    fn is_engaged(&self, world: &World, contact: usize, agent: u8) -> bool {
        let legs = world.legs.iter().enumerate().filter(|(other, _)| *other != contact);
        let others = legs.filter(|(_, leg)| talks(leg, agent)).count();
        u32::try_from(others).is_ok_and(|others| others >= self.configuration.house.capacity)
    }

    /// A floor that waits for the word of the gateway asks, and hears the truth again.
    fn truth_repeated(&mut self, world: &World, contact: usize) {
        let seen = self.view(world, SERVING).contacts[contact];
        let leg = &world.legs[contact];
        let waits = seen.place == Place::Connecting && seen.offer == leg.offer && leg.offer > 0;
        if !waits || leg.pending(SERVING).is_some() || !self.is_settled(world, contact) {
            return;
        }
        let fact = if leg.agent > 0 { Fact::Bridged(leg.offer) } else { Fact::Failed(leg.offer) };
        let mut next = *world;
        if next.legs[contact].tell(fact) {
            self.push(Action::TruthRepeated(small(contact)), next);
        }
    }

    /// Says whether the call's gateway has its newest session and is done with its inventory.
    fn is_settled(&self, world: &World, contact: usize) -> bool {
        let place = self.gateway_of(contact);
        let gateway = &world.gateways[place];
        gateway.inventory.token == 0
            && gateway.token > 0
            && gateway.token == self.view(world, SERVING).gateways[place].token
    }
}

fn talks(leg: &Leg, agent: u8) -> bool {
    leg.line == Line::Up && leg.agent == agent
}

/// I8 truth: one agent per contact, one contact per agent.
fn double(before: &Leg, order: Order, elsewhere: bool, contact: usize) -> Option<String> {
    if before.agent > 0 && before.agent != order.agent {
        return Some(format!(
            "I8 truth: call {contact} talks to agent {} and is connected to agent {}",
            before.agent - 1,
            order.agent - 1
        ));
    }
    elsewhere.then(|| {
        format!(
            "I8 truth: agent {} talks already and is connected to call {contact}",
            order.agent - 1
        )
    })
}

fn small(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(0)
}
