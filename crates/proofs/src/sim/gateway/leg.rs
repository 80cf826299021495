//! One caller's leg, and the agent's side of it.

use std::collections::BTreeSet;
use std::rc::Rc;

use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::{AgentId, ContactId, OfferId};

use super::Gateway;
use crate::sim::center::CHATS;
use crate::sim::engine::Millis;
use crate::sim::wire::{LegReport, What, Wish};
use crate::sim::world::World;

/// Whom a caller is connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Bridge {
    None,
    Failed { offer: OfferId },
    Dialling { agent: AgentId, offer: OfferId },
    Up { agent: AgentId, offer: OfferId },
}

impl Bridge {
    /// Gives the agent who talks.
    pub(in crate::sim) fn agent(&self) -> Option<&AgentId> {
        if let Self::Up { agent, .. } = self { Some(agent) } else { None }
    }
}

/// One caller's leg.
pub(in crate::sim) struct Leg {
    pub(in crate::sim) wish: Wish,
    arrived: Millis,
    pub(super) call_sequence: u64,
    /// The session of the newest order carried out, and its number.
    pub(super) applied: (Option<Token>, u64),
    pub(super) done: BTreeSet<(u64, String)>,
    question: Option<String>,
    pub(in crate::sim) bridge: Bridge,
    /// Whether the call has ended, and whether the center ended it.
    pub(in crate::sim) ended: Option<bool>,
    /// Whether he is to be called back and was not reached yet.
    unreached: bool,
    /// The call that an agent asks another one about.
    pub(super) about: Option<ContactId>,
    /// The agent at the end of the call.
    parted: Option<AgentId>,
}

impl Leg {
    pub(super) fn new(wish: Wish, now: Millis) -> Self {
        Self {
            wish,
            arrived: now,
            call_sequence: 0,
            applied: (None, 0),
            done: BTreeSet::new(),
            question: None,
            bridge: Bridge::None,
            ended: None,
            unreached: false,
            about: None,
            parted: None,
        }
    }

    /// Begins the leg of somebody who is to be called back.
    pub(super) fn called_back(wish: Wish, now: Millis, call_sequence: u64) -> Self {
        let wish = Wish { writes: false, ..wish };
        Self { call_sequence, unreached: true, ..Self::new(wish, now) }
    }

    /// Begins the leg of a consultation.
    pub(super) fn consult(about: ContactId, wish: Wish, now: Millis, call_sequence: u64) -> Self {
        Self { call_sequence, about: Some(about), ..Self::new(wish, now) }
    }

    /// Says whether anybody is on the line, or about to be.
    pub(in crate::sim) fn is_up(&self) -> bool {
        let dials = matches!(self.bridge, Bridge::Dialling { .. });
        self.ended.is_none() && (!(self.unreached || self.is_alone()) || dials)
    }

    /// Says whether an agent waits for another one whom he wants to ask.
    pub(in crate::sim) fn is_alone(&self) -> bool {
        self.ended.is_none() && self.about.is_some() && self.bridge.agent().is_none()
    }

    /// Says what an inventory tells of this leg.
    pub(super) fn report(&self, call: &ContactId, now: Millis) -> LegReport {
        LegReport {
            call: call.clone(),
            age: now - self.arrived,
            bridged_to: self.bridge.agent().or(self.parted.as_ref()).cloned(),
            ended: self.ended,
            call_sequence: self.call_sequence,
            wish: self.wish,
        }
    }

    /// Gives up on an agent who still rings: a bridge of an older session must not come up.
    pub(super) fn stop_dialling(&mut self) {
        if matches!(self.bridge, Bridge::Dialling { .. }) {
            self.bridge = Bridge::None;
        }
    }

    /// Takes the caller back from whoever they talk to.
    pub(super) fn take_back(&mut self) {
        self.question = None;
        self.bridge = Bridge::None;
    }

    pub(super) fn end(&mut self, by_center: bool) {
        self.parted = self.bridge.agent().cloned();
        self.take_back();
        self.ended = Some(by_center);
    }

    /// Says again what became of the bridge.
    pub(super) fn truth(&self) -> Option<What> {
        if let Some(by_center) = self.ended {
            return Some(What::HungUp { by_center });
        }
        match &self.bridge {
            Bridge::None | Bridge::Dialling { .. } => None,
            Bridge::Failed { offer } => {
                Some(What::BridgeFailed { offer: offer.clone(), by_caller: false })
            }
            Bridge::Up { offer, .. } => Some(What::Bridged { offer: offer.clone() }),
        }
    }
}

/// Asks the caller something; he answers after a while.
pub(super) fn play(
    world: &Rc<World>,
    index: usize,
    call: &ContactId,
    leg: &mut Leg,
    question: String,
) {
    leg.take_back();
    leg.question = Some(question.clone());
    let call = call.clone();
    world.after(world.between(300, 6_000), move |world| {
        let mut gateway = world.gateways[index].borrow_mut();
        let Some(leg) = gateway.legs.get_mut(&call) else { return };
        if leg.question.as_ref() == Some(&question) {
            leg.question = None;
            let question = question.clone();
            gateway.tell(world, &call, What::Digits { question });
        }
    });
}

impl Gateway {
    /// Rings the agent's telephone.
    pub(super) fn bridge(
        &mut self,
        world: &Rc<World>,
        call: &ContactId,
        agent: AgentId,
        offer: OfferId,
    ) {
        let Some(leg) = self.legs.get_mut(call) else { return };
        leg.question = None;
        if matches!(&leg.bridge, Bridge::Up { offer: up, .. } if *up == offer) {
            return self.tell(world, call, What::Bridged { offer });
        }
        leg.bridge = Bridge::Dialling { agent, offer: offer.clone() };
        let (index, call) = (self.index, call.clone());
        world.after(world.between(200, 3_000), move |world| {
            let mut gateway = world.gateways[index].borrow_mut();
            gateway.finish_bridge(world, &call, &offer);
        });
    }

    fn finish_bridge(&mut self, world: &Rc<World>, call: &ContactId, offer: &OfferId) {
        let Some(leg) = self.legs.get_mut(call) else { return };
        let Bridge::Dialling { agent, offer: dialled } = leg.bridge.clone() else { return };
        if dialled != *offer {
            return;
        }
        let offer = offer.clone();
        let luck = if world.calm.get() { 99 } else { world.between(0, 100) };
        if leg.unreached && luck < 30 {
            leg.bridge = Bridge::None;
            return self.tell(world, call, What::DialFailed { offer });
        }
        if luck < 4 {
            leg.bridge = Bridge::Failed { offer: offer.clone() };
            self.tell(world, call, What::BridgeFailed { offer, by_caller: true });
            return self.hang_up(world, call, false);
        }
        let busy = self.is_elsewhere(world, &agent, call);
        let Some(leg) = self.legs.get_mut(call) else { return };
        if luck < 12 || busy {
            leg.bridge = Bridge::Failed { offer: offer.clone() };
            return self.tell(world, call, What::BridgeFailed { offer, by_caller: false });
        }
        leg.bridge = Bridge::Up { agent: agent.clone(), offer: offer.clone() };
        leg.unreached = false;
        world.judge.borrow_mut().bridged(world.now(), &offer);
        self.tell(world, call, What::Bridged { offer });
        self.talk(world, call, agent);
    }

    /// Says whether the agent has his hands full with others; his telephone is busy then.
    fn is_elsewhere(&self, world: &World, agent: &AgentId, call: &ContactId) -> bool {
        let writes = self.legs.get(call).is_some_and(|leg| leg.wish.writes);
        let mut others = self.talks_of(agent);
        others.retain(|talk| talk.call != *call);
        others.extend(world.talks_of(agent));
        let room = if writes && others.iter().all(|talk| talk.writes) { CHATS } else { 1 };
        if others.len() < room {
            return false;
        }
        crate::sim::truth::rung_while_talking(world, agent, self, (&others, call));
        true
    }

    /// Lets a talk end some day.
    fn talk(&self, world: &Rc<World>, call: &ContactId, agent: AgentId) {
        let (index, call) = (self.index, call.clone());
        let agent_leaves = world.chance(12);
        world.after(world.between(3_000, 60_000), move |world| {
            let mut gateway = world.gateways[index].borrow_mut();
            let Some(leg) = gateway.legs.get_mut(&call) else { return };
            if leg.bridge.agent() != Some(&agent) {
                return;
            }
            if agent_leaves {
                leg.bridge = Bridge::None;
                gateway.tell(world, &call, What::AgentGone);
            } else {
                gateway.hang_up(world, &call, false);
            }
        });
    }
}
