//! Brings a state to its one form: what nothing can depend on any more is forgotten.

use super::super::configuration::Edge;
use super::super::step::Step;
use super::super::view::{Place, View};
use super::super::world::{Fact, Leg, Line, OLD, Order, SAVED, SERVING, World};
use super::Explorer;

impl Explorer {
    pub(in crate::model) fn tidy(&mut self, world: &mut World) {
        if world.left.crashes == 0 {
            world.floors[SAVED] = 0;
            world.begun[SAVED] = Default::default();
        } else if world.floors[SAVED] == 0 {
            // What the disk has at first is what the floor begins with.
            world.floors[SAVED] = world.floors[SERVING];
            world.begun[SAVED] = world.begun[SERVING];
        }
        self.tidy_old(world);
        self.tidy_desks(world);
        for contact in 0..self.configuration.shape.contacts {
            self.tidy_leg(world, contact);
        }
        self.forget_offers(world);
    }

    /// An old primary to which nobody is connected cannot be heard.
    fn tidy_old(&self, world: &mut World) {
        if world.floors[OLD] == 0 {
            return;
        }
        let epoch = self.floors.view(world.floors[OLD]).epoch;
        let of_old = |token: u8| token > 0 && super::super::names::epoch_of(token) == epoch;
        let heard = world.gateways.iter().any(|gateway| {
            of_old(gateway.token) || of_old(gateway.inventory.token) || of_old(gateway.late.token)
        }) || world.desks.iter().any(|desk| of_old(desk.token) || of_old(desk.session));
        if !heard {
            world.floors[OLD] = 0;
        }
    }

    fn tidy_desks(&self, world: &mut World) {
        for agent in 0..self.configuration.shape.agents {
            let session = world.desks[agent].session;
            if world.desks[agent].offer == 0 || self.memory_of(world, session).is_none() {
                world.desks[agent].offer = 0;
                world.desks[agent].session = 0;
            }
            if self.memory_of(world, world.desks[agent].token).is_none() {
                world.desks[agent].token = 0;
            }
        }
    }

    fn tidy_leg(&self, world: &mut World, contact: usize) {
        let fence = self.configuration.edge != Some(Edge::NoGatewayFence);
        let place = self.gateway_of(contact);
        let token = world.gateways[place].token;
        let floors = world.floors;
        let leg = &mut world.legs[contact];
        for memory in [SERVING, SAVED, OLD] {
            if floors[memory] == 0 {
                leg.taken[memory] = 0;
            }
        }
        let kept = [SERVING, SAVED, OLD].into_iter().filter(|memory| floors[*memory] > 0);
        let common = kept.map(|memory| leg.taken[memory]).min().unwrap_or(0);
        drop_facts(leg, common, &floors);
        let link = &mut world.gateways[place];
        for picture in [&mut link.inventory, &mut link.late] {
            picture.told[contact] = picture.told[contact].saturating_sub(common);
        }
        if leg.line == Line::Gone {
            leg.orders = Default::default();
            leg.offer = 0;
            leg.agent = if leg.told() > 0 { leg.agent } else { 0 };
        }
        for order in &mut leg.orders {
            if order.offer > 0 && fence && token > order.token {
                *order = Order::default();
            }
        }
        leg.orders.sort_unstable_by(|one, other| other.cmp(one));
        let ordered = leg.orders.iter().any(|order| order.offer == leg.offer);
        let connecting = floors.iter().any(|floor| {
            let seen = self.floors.view(*floor).contacts[contact];
            *floor > 0 && seen.place == Place::Connecting && seen.offer == leg.offer
        });
        if !ordered && !connecting {
            leg.offer = 0;
        }
    }

    /// Floors need not remember closed offers that nobody can mention any more.
    fn forget_offers(&mut self, world: &mut World) {
        let mentioned = world.mentioned();
        for memory in [SERVING, SAVED, OLD] {
            if world.floors[memory] == 0 {
                continue;
            }
            let view = self.floors.view(world.floors[memory]);
            let keep = view.closed & (mentioned | view.connecting());
            if keep != view.closed {
                self.take(world, memory, Step::Forget { keep });
            }
        }
    }
}

fn drop_facts(leg: &mut Leg, count: u8, floors: &[u32; 3]) {
    for _ in 0..count {
        leg.facts.rotate_left(1);
        leg.facts[leg.facts.len() - 1] = 0;
    }
    for memory in [SERVING, SAVED, OLD] {
        if floors[memory] > 0 {
            leg.taken[memory] -= count;
        }
    }
}

impl World {
    /// Gives the offers that something outside the floors can mention, a bit each.
    pub(super) fn mentioned(&self) -> u32 {
        let mut offers = 0;
        for leg in &self.legs {
            offers |= 1 << leg.offer;
            leg.orders.iter().for_each(|order| offers |= 1 << order.offer);
            for fact in leg.facts.iter().filter_map(|code| Fact::of(*code)) {
                if let Fact::Bridged(offer) | Fact::Failed(offer) = fact {
                    offers |= 1 << offer;
                }
            }
        }
        self.desks.iter().for_each(|desk| offers |= 1 << desk.offer);
        offers & !1
    }
}

impl View {
    /// Gives the offers that contacts of the floor wait to see connected, a bit each.
    fn connecting(&self) -> u32 {
        let waits = self.contacts.iter().filter(|seen| seen.place == Place::Connecting);
        waits.fold(0, |offers, seen| offers | 1 << seen.offer)
    }

    /// Gives the offers the floor can mention, a bit each.
    pub(super) fn mentioned(&self) -> u32 {
        self.offers | self.connecting()
    }
}
