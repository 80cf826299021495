//! Deadlines that come, in any order.

use super::super::action::Action;
use super::super::step::Step;
use super::super::timer::Timer;
use super::super::view::{Place, View};
use super::super::world::{OLD, SERVING, World};
use super::Explorer;

impl Explorer {
    pub(super) fn explore_time(&mut self, world: &World) {
        for memory in [SERVING, OLD] {
            if world.floors[memory] == 0 {
                continue;
            }
            let view = self.view(world, memory);
            if view.due {
                self.comes(world, memory, Timer::Due);
            }
            for contact in 0..self.configuration.shape.contacts {
                self.explore_contact(world, memory, &view, contact);
            }
            for agent in 0..self.configuration.shape.agents {
                self.explore_agent(world, memory, &view, agent);
            }
        }
        self.explore_leases(world);
    }

    fn explore_contact(&mut self, world: &World, memory: usize, view: &View, contact: usize) {
        let seen = view.contacts[contact];
        let number = small(contact);
        let waits = match seen.place {
            Place::InMenu => self.configuration.menu_ends,
            Place::Offered | Place::Connecting => true,
            Place::Unknown | Place::Queued | Place::Connected | Place::Ended(_) => false,
        };
        if seen.has_deadline && (seen.orphaned || waits) {
            self.comes(world, memory, Timer::Contact(number));
        }
        if seen.place == Place::Queued && seen.has_deadline && !seen.orphaned {
            for agent in 0..self.configuration.shape.agents {
                if seen.cooling & (1 << agent) != 0 {
                    self.comes(world, memory, Timer::CoolDown(number, small(agent)));
                }
            }
        }
        if seen.place == Place::Queued && seen.widens && seen.has_deadline && !seen.orphaned {
            self.comes(world, memory, Timer::Ring(number));
        }
        let waiting = matches!(seen.place, Place::Queued | Place::Offered);
        if waiting && seen.may_overflow && world.left.long_waits > 0 {
            let mut next = *world;
            next.left.long_waits -= 1;
            self.comes(&next, memory, Timer::LongestWait(number));
        }
    }

    fn explore_agent(&mut self, world: &World, memory: usize, view: &View, agent: usize) {
        let seat = view.agents[agent];
        if seat.wrapping {
            self.comes(world, memory, Timer::WrapUp(small(agent)));
        }
        if seat.leased && world.left.agent_leases > 0 {
            let mut next = *world;
            next.left.agent_leases -= 1;
            self.comes(&next, memory, Timer::AgentLease(small(agent)));
        }
    }

    fn explore_leases(&mut self, world: &World) {
        let view = self.view(world, SERVING);
        if world.left.gateway_leases > 0 {
            for gateway in 0..self.configuration.shape.gateways {
                if view.gateways[gateway].leased {
                    let mut next = *world;
                    next.left.gateway_leases -= 1;
                    self.comes(&next, SERVING, Timer::GatewayLease(small(gateway)));
                }
            }
        }
        if self.configuration.silent_gateway && !view.barrier_open {
            self.comes(world, SERVING, Timer::Barrier);
        }
    }

    fn comes(&mut self, world: &World, memory: usize, timer: Timer) {
        let action = Action::Comes { timer, old: memory == OLD };
        let mut next = *world;
        self.act(action, &mut next, memory, Step::Fire(timer));
        self.push(action, next);
    }
}

fn small(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(0)
}
