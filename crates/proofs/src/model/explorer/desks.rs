//! Agents and their desktops.

use switchboard_domain::floor::state::Want;

use super::super::action::Action;
use super::super::floors::Answer;
use super::super::names::GATEWAYS;
use super::super::step::Step;
use super::super::view::{Doing, Place};
use super::super::world::{OLD, SERVING, World};
use super::{Explorer, SESSIONS};

impl Explorer {
    pub(super) fn explore_desks(&mut self, world: &World) {
        if world.left.supervisions > 0 {
            self.explore_supervisor(world);
        }
        for agent in 0..self.configuration.shape.agents {
            self.explore_sign_in(world, agent);
            self.explore_offer(world, agent);
            for memory in [SERVING, OLD] {
                if world.floors[memory] > 0 {
                    self.explore_work(world, agent, memory);
                }
            }
        }
    }

    /// A supervisor moves a call that waits, or gives it to somebody.
    fn explore_supervisor(&mut self, world: &World) {
        let view = self.view(world, SERVING);
        for contact in 0..self.configuration.shape.contacts {
            if !matches!(view.contacts[contact].place, Place::Queued | Place::Offered) {
                continue;
            }
            let mut next = *world;
            next.left.supervisions -= 1;
            let contact = small(contact);
            self.ask(&next, SERVING, Action::Moved(contact), Step::Move { contact });
            for agent in (0..self.configuration.shape.agents).map(small) {
                let action = Action::Assigned { contact, agent };
                self.ask(&next, SERVING, action, Step::Assign { contact, agent });
            }
        }
    }

    fn explore_sign_in(&mut self, world: &World, agent: usize) {
        let seat = self.view(world, SERVING).agents[agent];
        let known = seat.session > 0 && seat.session == world.desks[agent].token;
        if !known {
            let mut next = *world;
            self.sign_in(&mut next, agent, true);
            self.push(Action::SignsIn(small(agent)), next);
        } else if world.left.replacements > 0 {
            let mut next = *world;
            next.left.replacements -= 1;
            self.sign_in(&mut next, agent, true);
            self.push(Action::DesktopReplaced(small(agent)), next);
        }
    }

    pub(super) fn sign_in(&mut self, world: &mut World, agent: usize, ready: bool) {
        let count = world.begun[SERVING][GATEWAYS + agent];
        if count >= SESSIONS {
            return;
        }
        let step = Step::SignIn { agent: small(agent), count, ready };
        let outcome = self.act(Action::SignsIn(small(agent)), world, SERVING, step);
        if let Answer::Joined(token) = outcome.answer {
            world.desks[agent].token = token;
            world.begun[SERVING][GATEWAYS + agent] += 1;
        }
    }

    fn explore_offer(&mut self, world: &World, agent: usize) {
        let desk = world.desks[agent];
        if desk.offer > 0 {
            self.accept_arrives(world, agent);
        }
        let Some(memory) = self.memory_of(world, desk.token) else { return };
        let seat = self.view(world, memory).agents[agent];
        if seat.doing != Doing::Offered || seat.session != desk.token {
            return;
        }
        if desk.offer == 0 {
            let mut next = *world;
            next.desks[agent].offer = seat.offer;
            next.desks[agent].session = desk.token;
            self.push(Action::ClicksAccept(small(agent)), next);
        }
        if self.configuration.declines {
            let action = Action::Declines(small(agent));
            let mut next = *world;
            let step =
                Step::Decline { agent: small(agent), session: desk.token, offer: seat.offer };
            self.act(action, &mut next, memory, step);
            self.push(action, next);
        }
    }

    fn accept_arrives(&mut self, world: &World, agent: usize) {
        let action = Action::AcceptArrives(small(agent));
        let desk = world.desks[agent];
        let mut next = *world;
        (next.desks[agent].offer, next.desks[agent].session) = (0, 0);
        let memory = self.memory_of(world, desk.session).unwrap_or(SERVING);
        let step = Step::Accept { agent: small(agent), session: desk.session, offer: desk.offer };
        let outcome = self.act(action, &mut next, memory, step);
        if outcome.answer == Answer::Later {
            // The gateway is about to say what it holds; the agent may click again.
            next.desks[agent].offer = 0;
        }
        self.push(action, next);
    }

    fn explore_work(&mut self, world: &World, agent: usize, memory: usize) {
        let number = small(agent);
        let seat = self.view(world, memory).agents[agent];
        if seat.session == 0 || seat.session != world.desks[agent].token {
            return;
        }
        let contact = usize::from(seat.contact).saturating_sub(1);
        let alone = seat.doing == Doing::Busy
            && self.configuration.gateways_stay_away
            && self.view(world, memory).contacts[contact].orphaned;
        if alone {
            let step = Step::FinishWrapUp {
                agent: number,
                session: seat.session,
                contact: small(contact),
            };
            self.ask(world, memory, Action::GivesUp(number), step);
        }
        if seat.doing == Doing::WrapUp {
            let step = Step::FinishWrapUp {
                agent: number,
                session: seat.session,
                contact: seat.contact - 1,
            };
            self.ask(world, memory, Action::FinishesWrapUp(number), step);
        }
        if !seat.wants_ready {
            let step = Step::SetWant { agent: number, session: seat.session, want: Want::Ready };
            self.ask(world, memory, Action::WantsReady(number), step);
        } else if world.left.breaks > 0 {
            let step = Step::SetWant { agent: number, session: seat.session, want: Want::NotReady };
            let mut next = *world;
            next.left.breaks -= 1;
            self.ask(&next, memory, Action::WantsBreak(number), step);
        }
        if seat.doing == Doing::Busy && world.left.transfers > 0 {
            self.transfer(world, agent, memory);
        }
    }

    fn ask(&mut self, world: &World, memory: usize, action: Action, step: Step) {
        let mut next = *world;
        self.act(action, &mut next, memory, step);
        self.push(action, next);
    }

    /// An agent who transfers leaves the call: the center took the caller from him.
    fn transfer(&mut self, world: &World, agent: usize, memory: usize) {
        let view = self.view(world, memory);
        let seat = view.agents[agent];
        let contact = usize::from(seat.contact) - 1;
        let talks = usize::from(world.legs[contact].agent) == agent + 1;
        if view.contacts[contact].place != Place::Connected || !talks {
            return;
        }
        let action = Action::Transfers(small(agent));
        let step = Step::Transfer {
            agent: small(agent),
            session: seat.session,
            contact: seat.contact - 1,
        };
        let mut next = *world;
        next.left.transfers -= 1;
        let outcome = self.act(action, &mut next, memory, step);
        if outcome.answer == Answer::Done {
            next.legs[contact].agent = 0;
            self.push(action, next);
        }
    }
}

fn small(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(0)
}
