//! Crashes, and the sessions of gateways: welcomes and inventories.

use super::super::action::Action;
use super::super::configuration::Edge;
use super::super::floors::Answer;
use super::super::step::Step;
use super::super::world::{Gateway, Inventory, Leg, Line, OLD, SAVED, SERVING, World};
use super::{Explorer, SESSIONS};

impl Explorer {
    pub(super) fn explore_links(&mut self, world: &World) {
        if world.left.crashes > 0 {
            self.disk_keeps(world);
            self.crash(world, false);
            if self.configuration.shape.split && world.floors[OLD] == 0 {
                self.crash(world, true);
            }
        }
        for gateway in 0..self.configuration.shape.gateways {
            self.gateway_joins(world, gateway);
            if world.left.gateway_crashes > 0 {
                self.gateway_dies(world, gateway);
            }
            if world.gateways[gateway].welcome > 0 {
                let mut next = *world;
                self.welcome(&mut next, gateway);
                self.push(Action::WelcomeArrives(small(gateway)), next);
            }
            let silent = self.configuration.silent_gateway && gateway > 0 && world.began();
            if world.gateways[gateway].inventory.token > 0 && !silent {
                self.inventory_arrives(world, gateway);
            }
            if world.gateways[gateway].late.token > 0 {
                self.late_inventory_arrives(world, gateway);
            }
        }
    }

    fn disk_keeps(&mut self, world: &World) {
        let mut next = *world;
        next.floors[SAVED] = world.floors[SERVING];
        next.begun[SAVED] = world.begun[SERVING];
        for leg in &mut next.legs {
            leg.taken[SAVED] = leg.taken[SERVING];
        }
        if next != *world {
            self.push(Action::DiskKeeps, next);
        }
    }

    fn crash(&mut self, world: &World, old_stays: bool) {
        let action = Action::Crash { old_stays };
        let mut next = *world;
        next.left.crashes -= 1;
        if old_stays {
            next.floors[OLD] = world.floors[SERVING];
        }
        if world.floors[SAVED] > 0 {
            next.floors[SERVING] = world.floors[SAVED];
            next.begun[SERVING] = world.begun[SAVED];
        }
        for leg in &mut next.legs {
            if old_stays {
                leg.taken[OLD] = leg.taken[SERVING];
            }
            if world.floors[SAVED] > 0 {
                leg.taken[SERVING] = leg.taken[SAVED];
            }
        }
        let used = self.configuration.left.crashes - next.left.crashes;
        let epoch = if self.configuration.edge == Some(Edge::EpochFromRedis) {
            self.view(&next, SERVING).epoch + 1
        } else {
            1 + used
        };
        if self.configuration.edge != Some(Edge::NoEpoch) {
            self.act(action, &mut next, SERVING, Step::Open { epoch });
            self.act(action, &mut next, SERVING, Step::Sweep);
        }
        self.push(action, next);
    }

    /// A gateway that dies takes its calls along, and what it had to tell of them.
    fn gateway_dies(&mut self, world: &World, gateway: usize) {
        let mut next = *world;
        next.left.gateway_crashes -= 1;
        next.gateways[gateway] = Gateway::default();
        for contact in 0..self.configuration.shape.contacts {
            let leg = &mut next.legs[contact];
            if self.gateway_of(contact) == gateway && leg.line != Line::Unborn {
                *leg = Leg { line: Line::Gone, ..Leg::default() };
            }
        }
        self.push(Action::GatewayDies(small(gateway)), next);
    }

    /// A gateway whose session the floor does not know gets another one.
    fn gateway_joins(&mut self, world: &World, gateway: usize) {
        if self.configuration.gateways_stay_away {
            return;
        }
        let link = &world.gateways[gateway];
        let forgotten = link.token == 0 && link.welcome == 0;
        if self.view(world, SERVING).gateways[gateway].token > 0 && !forgotten {
            return;
        }
        let mut next = *world;
        self.join(&mut next, gateway);
        self.push(Action::GatewayJoins(small(gateway)), next);
    }

    pub(super) fn join(&mut self, world: &mut World, gateway: usize) {
        let count = world.begun[SERVING][gateway];
        if count >= SESSIONS {
            return;
        }
        let step = Step::Join { gateway: small(gateway), count };
        let outcome = self.act(Action::GatewayJoins(small(gateway)), world, SERVING, step);
        if let Answer::Joined(token) = outcome.answer {
            world.gateways[gateway].welcome = token;
            world.begun[SERVING][gateway] += 1;
        }
    }

    /// A gateway takes a session if it is newer than its own, and draws a picture of its legs.
    pub(super) fn welcome(&mut self, world: &mut World, gateway: usize) {
        let shape = self.configuration.shape;
        let link = &mut world.gateways[gateway];
        let token = std::mem::take(&mut link.welcome);
        if !self.configuration.is_newer(token, link.token) {
            return;
        }
        link.token = token;
        if shape.late && link.inventory.token > 0 {
            link.late = link.inventory;
        }
        link.inventory = Inventory { token, ..Inventory::default() };
        for contact in (0..shape.contacts).filter(|contact| contact % shape.gateways == gateway) {
            let leg = &world.legs[contact];
            // A call whose end was not told yet is listed as it was.
            let listed = leg.line == Line::Up || (leg.line == Line::Gone && leg.told() > 0);
            // The end of a call is told once more after its picture.
            let told = leg.told() - usize::from(leg.line == Line::Gone && leg.told() > 0);
            let picture = &mut world.gateways[gateway].inventory;
            picture.legs[contact] = if listed { 1 + leg.agent } else { 0 };
            picture.told[contact] = small(told);
        }
    }

    fn inventory_arrives(&mut self, world: &World, gateway: usize) {
        let token = world.gateways[gateway].inventory.token;
        let action = Action::InventoryArrives(small(gateway));
        let mut next = *world;
        match self.memory_of(world, token) {
            Some(memory) => self.take_part(action, &mut next, gateway, memory),
            None => next.gateways[gateway].inventory = Inventory::default(),
        }
        self.push(action, next);
    }

    /// Takes the next leg of an inventory, or its end.
    fn take_part(&mut self, action: Action, world: &mut World, gateway: usize, memory: usize) {
        let picture = world.gateways[gateway].inventory;
        let from = usize::from(picture.next);
        let listed = (from..picture.legs.len()).find(|contact| picture.legs[*contact] > 0);
        let step = part(gateway, picture, listed);
        let outcome = self.act(action, world, memory, step);
        if let Some(contact) = listed.filter(|_| outcome.outdates) {
            let taken = &mut world.legs[contact].taken[memory];
            *taken = picture.told[contact].max(*taken);
        }
        let link = &mut world.gateways[gateway];
        match (listed, outcome.answer) {
            (_, Answer::Stale) | (None, Answer::Done | Answer::Duplicate | Answer::Refused) => {
                link.inventory = Inventory::default();
            }
            (Some(contact), _) => link.inventory.next = small(contact) + 1,
            (None, _) => {}
        }
    }

    pub(super) fn take_inventory(&mut self, world: &mut World, gateway: usize) {
        while world.gateways[gateway].inventory.token > 0 {
            self.take_part(Action::InventoryArrives(small(gateway)), world, gateway, SERVING);
        }
    }

    /// A late picture is refused as a whole; the model tries every part of it.
    fn late_inventory_arrives(&mut self, world: &World, gateway: usize) {
        let action = Action::LateInventoryArrives(small(gateway));
        let mut next = *world;
        let picture = std::mem::take(&mut next.gateways[gateway].late);
        // It comes through whichever primary serves the gateway now.
        let now = world.gateways[gateway].token;
        let memory = self.memory_of(world, picture.token).or(self.memory_of(world, now));
        if let Some(memory) = memory {
            let listed = (0..picture.legs.len()).filter(|contact| picture.legs[*contact] > 0);
            for contact in listed {
                self.act(action, &mut next, memory, part(gateway, picture, Some(contact)));
            }
            self.act(action, &mut next, memory, part(gateway, picture, None));
        }
        self.push(action, next);
    }
}

fn part(gateway: usize, picture: Inventory, listed: Option<usize>) -> Step {
    let (gateway, token) = (small(gateway), picture.token);
    match listed {
        Some(contact) => Step::Reconcile {
            gateway,
            token,
            contact: small(contact),
            bridged: picture.legs[contact] - 1,
        },
        None => Step::FinishInventory { gateway, token },
    }
}

fn small(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(0)
}
