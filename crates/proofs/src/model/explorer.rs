//! From a state of the world to every state that may follow.

mod calls;
mod desks;
mod links;
mod tidy;
mod time;

use super::action::Action;
use super::configuration::{Configuration, Edge};
use super::floors::{Floors, Outcome};
use super::names::{GATEWAYS, SEEDS, epoch_of};
use super::step::Step;
use super::view::{Place, View};
use super::world::{Fact, Leg, Line, OLD, SERVING, World};

/// The most sessions of one gateway or agent; no configuration needs as many.
const SESSIONS: u8 = 7;

/// Finds what may happen next.
pub(super) struct Explorer {
    pub(super) configuration: Configuration,
    pub(super) floors: Floors,
    pub(super) next: Vec<(Action, World)>,
    /// The first rule that was broken, by the action that is being explored.
    pub(super) fault: Option<(Action, String)>,
}

impl Explorer {
    pub(super) fn new(configuration: Configuration) -> Self {
        let floors = Floors::new(configuration.house);
        Self { configuration, floors, next: Vec::new(), fault: None }
    }

    /// Gives the state everything begins with: gateways joined, agents ready, nobody calls.
    pub(super) fn first(&mut self) -> World {
        let mut world = World::default();
        world.floors[SERVING] = self.floors.first();
        world.left = self.configuration.left;
        self.take(&mut world, SERVING, Step::Open { epoch: 1 });
        self.take(&mut world, SERVING, Step::Sweep);
        for gateway in 0..self.configuration.shape.gateways {
            self.join(&mut world, gateway);
            self.welcome(&mut world, gateway);
            self.take_inventory(&mut world, gateway);
        }
        for agent in 0..self.configuration.shape.agents {
            self.sign_in(&mut world, agent, true);
        }
        self.tidy(&mut world);
        world
    }

    /// Lists every state that may follow.
    pub(super) fn explore(&mut self, world: &World) {
        self.next.clear();
        self.fault = None;
        self.explore_calls(world);
        self.explore_links(world);
        self.explore_desks(world);
        self.explore_time(world);
    }

    fn push(&mut self, action: Action, mut world: World) {
        if self.fault.is_some() {
            return;
        }
        self.tidy(&mut world);
        if let Some(broken) = self.broken(&world) {
            self.fault = Some((action, broken));
        }
        self.next.push((action, world));
    }

    fn view(&self, world: &World, memory: usize) -> View {
        *self.floors.view(world.floors[memory])
    }

    /// Takes a step of a floor, with fresh ids for the offers it makes.
    fn take(&mut self, world: &mut World, memory: usize, step: Step) -> Outcome {
        let floor = world.floors[memory];
        let outcome = self.floors.take(floor, step);
        let outcome = if outcome.offers && outcome.fault == 0 {
            let seed = self.free_seed(world, memory);
            self.floors.take_named(floor, step, seed)
        } else {
            outcome
        };
        world.floors[memory] = outcome.floor;
        outcome
    }

    /// Takes a step on behalf of an action; notes the rule it breaks.
    fn act(&mut self, action: Action, world: &mut World, memory: usize, step: Step) -> Outcome {
        let outcome = self.take(world, memory, step);
        if outcome.fault > 0 && self.fault.is_none() {
            let words = self.floors.fault(outcome.fault).to_owned();
            self.next.push((action, *world));
            self.fault = Some((action, words));
        }
        outcome
    }

    /// Finds a draw of offer ids that nothing in the world mentions.
    fn free_seed(&self, world: &World, memory: usize) -> u8 {
        let counted = self.configuration.edge == Some(Edge::OffersFromRedis);
        let mut used = if counted { 0 } else { world.mentioned() };
        for (other, floor) in world.floors.iter().enumerate() {
            if *floor > 0 && (!counted || other == memory) {
                used |= self.floors.view(*floor).mentioned();
            }
        }
        let free = (1..SEEDS).find(|seed| used & (3 << (2 * seed)) == 0);
        u8::try_from(free.expect("configurations keep few offers in mind")).unwrap_or(0)
    }

    /// Gives the memory that a session belongs to.
    fn memory_of(&self, world: &World, token: u8) -> Option<usize> {
        if self.configuration.edge == Some(Edge::TokensFromRedis) {
            return (token > 0).then_some(SERVING);
        }
        let serves = |memory: usize| {
            let floor = world.floors[memory];
            token > 0 && floor > 0 && self.floors.view(floor).epoch == epoch_of(token)
        };
        [SERVING, OLD].into_iter().find(|memory| serves(*memory))
    }

    fn gateway_of(&self, contact: usize) -> usize {
        contact % self.configuration.shape.gateways.clamp(1, GATEWAYS)
    }

    /// I9 and I10, and that a call whose end was told is over.
    fn broken(&self, world: &World) -> Option<String> {
        let view = self.view(world, SERVING);
        for (contact, leg) in world.legs.iter().enumerate().take(self.configuration.shape.contacts)
        {
            let gateway = &world.gateways[self.gateway_of(contact)];
            let seat = &view.gateways[self.gateway_of(contact)];
            if !seat.fresh || seat.token != gateway.token || gateway.inventory.token > 0 {
                continue;
            }
            let seen = &view.contacts[contact];
            let over = matches!(seen.place, Place::Ended(_) | Place::Unknown);
            if !over && seen.token != seat.token {
                return Some(format!("I10 no zombie: call {contact} lives, its gateway is silent"));
            }
            if unheard(leg) {
                continue;
            }
            if leg.line == Line::Up && matches!(seen.place, Place::Unknown | Place::Ended(true)) {
                return Some(format!(
                    "I9 no loss: call {contact} is up, the floor has given it up"
                ));
            }
            if leg.line == Line::Gone && !over {
                return Some(format!(
                    "I10 no zombie: call {contact} has ended, the floor keeps it"
                ));
            }
        }
        None
    }
}

/// Says whether the floor has not heard yet that the call began or ended.
fn unheard(leg: &Leg) -> bool {
    let from = usize::from(leg.taken[SERVING]);
    leg.facts
        .iter()
        .skip(from)
        .any(|code| matches!(Fact::of(*code), Some(Fact::Started | Fact::HungUp)))
}
