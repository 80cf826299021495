//! An agent at his desktop: a person with habits, behind a network, with a laptop that may sleep.

use std::collections::VecDeque;
use std::rc::Rc;

use switchboard_domain::floor::state::{AgentState, Token, Want};
use switchboard_domain::ids::{ContactId, OfferId};

use super::center::{QUEUES, agent_id, consult_id};
use super::edge::{ToSeat, open_seat};
use super::engine::Millis;
use super::inbox::Inbox;
use super::link::Link;
use super::wire::{Action, FromDesk, ToDesk, View};
use super::world::World;

const HEARTBEAT: Millis = 4_000;
/// How long the desktop waits for an answer before it tries another replica.
const SILENCE: Millis = 7_000;

/// One agent and his desktop.
pub(super) struct Desk {
    index: usize,
    line: Option<(Rc<Link>, Inbox<ToSeat>)>,
    /// The session of the last welcome; gone with a restart of the desktop.
    session: Option<Token>,
    wanted: Want,
    pub(super) asleep_until: Millis,
    away_until: Millis,
    view: Option<View>,
    viewed_at: Millis,
    number: u64,
    answered: u64,
    asked_at: Millis,
    beat_at: Millis,
    decided: Option<OfferId>,
    finishing: Option<ContactId>,
    /// The call about which another agent was asked.
    consulting: Option<ContactId>,
    /// What came while the laptop slept, in order.
    mail: VecDeque<(Rc<Link>, ToDesk)>,
}

impl Desk {
    pub(super) fn new(index: usize) -> Self {
        Self {
            index,
            line: None,
            session: None,
            wanted: Want::Ready,
            asleep_until: 0,
            away_until: 0,
            view: None,
            viewed_at: 0,
            number: 0,
            answered: 0,
            asked_at: 0,
            beat_at: 0,
            decided: None,
            finishing: None,
            consulting: None,
            mail: VecDeque::new(),
        }
    }

    /// Restarts the desktop: it remembers nothing.
    pub(super) fn restart(&mut self, world: &Rc<World>) {
        self.disconnect(world);
        self.session = None;
        self.view = None;
    }

    /// Loses the stream; the replica may find out later.
    pub(super) fn disconnect(&mut self, world: &Rc<World>) {
        let Some((link, inbox)) = self.line.take() else { return };
        link.cut();
        world.after(world.between(0, 4_000), move |world| inbox.push(world, ToSeat::Closed));
    }

    fn connect(&mut self, world: &Rc<World>) {
        let Some(replica) = world.any_replica() else { return };
        let link = Link::new(false);
        let inbox = open_seat(world, &replica, self.index, &link);
        self.line = Some((link, inbox));
        (self.asked_at, self.beat_at) = (world.now(), world.now());
        self.answered = self.number;
        let hello = FromDesk::Hello { session: self.session, want: self.wanted };
        self.send(world, hello);
    }

    fn send(&self, world: &Rc<World>, message: FromDesk) {
        let Some((link, inbox)) = &self.line else { return };
        let inbox = inbox.clone();
        link.send_up(world, move |world| inbox.push(world, ToSeat::Desk(message.clone())));
    }

    fn act(&mut self, world: &Rc<World>, action: Action) {
        self.number += 1;
        self.asked_at = world.now();
        world.trace(|| format!("agent {} {action:?}", self.index));
        self.send(world, FromDesk::Act { number: self.number, action });
    }

    fn hear(&mut self, world: &Rc<World>, message: ToDesk) {
        match message {
            ToDesk::Welcome { session, view } => {
                self.session = Some(session);
                self.look(world, view);
            }
            ToDesk::Shows(view) => self.look(world, view),
            ToDesk::Answer { number, done } => {
                self.answered = self.answered.max(number);
                if !done {
                    (self.decided, self.finishing) = (None, None);
                }
            }
            ToDesk::Replaced => {
                self.session = None;
                self.disconnect(world);
                self.away_until = world.now() + world.between(1_000, 8_000);
            }
            ToDesk::Closed => self.disconnect(world),
        }
    }

    fn look(&mut self, world: &Rc<World>, view: View) {
        if self.view.as_ref().is_none_or(|known| known.state != view.state) {
            self.viewed_at = world.now();
            self.finishing = None;
        }
        self.view = Some(view);
    }

    fn tick(&mut self, world: &Rc<World>) {
        let now = world.now();
        if now < self.asleep_until || now < self.away_until {
            return;
        }
        let waits = self.answered < self.number && now > self.asked_at + SILENCE;
        let broken = self.line.as_ref().is_some_and(|(link, _)| !link.is_open());
        let mute = self.line.is_some() && self.view.is_none() && now > self.asked_at + SILENCE;
        if waits || broken || mute {
            self.disconnect(world);
        }
        if self.line.is_none() {
            return self.connect(world);
        }
        if now >= self.beat_at + HEARTBEAT {
            self.beat_at = now;
            self.act(world, Action::Beat);
        }
        let Some(view) = self.view.clone() else { return };
        self.behave(world, &view.state);
    }

    fn behave(&mut self, world: &Rc<World>, state: &AgentState) {
        match state {
            AgentState::Offered { offer, .. } => self.decide(world, offer),
            AgentState::Busy { contact } => self.work(world, contact),
            AgentState::WrapUp { contact } => {
                let again = self.finishing.as_ref() != Some(contact) || world.chance(10);
                if again && world.chance(10) {
                    self.finishing = Some(contact.clone());
                    self.act(world, Action::Finish(contact.clone()));
                }
            }
            AgentState::Ready if !world.calm.get() && world.between(0, 200) == 0 => {
                self.want(world, Want::NotReady);
            }
            AgentState::NotReady if world.chance(if world.calm.get() { 30 } else { 8 }) => {
                self.want(world, Want::Ready);
            }
            AgentState::Ready | AgentState::NotReady | AgentState::Offline => {}
        }
        if !world.calm.get() && world.between(0, 900) == 0 {
            self.want(world, Want::SignedOut);
            self.wanted = Want::Ready;
        }
    }

    fn want(&mut self, world: &Rc<World>, want: Want) {
        self.wanted = want;
        self.act(world, Action::Want(want));
    }

    fn decide(&mut self, world: &Rc<World>, offer: &OfferId) {
        if self.decided.as_ref() == Some(offer) {
            return;
        }
        self.decided = Some(offer.clone());
        // Nobody answers a second call while he talks.
        let talks = world.talks_of(&agent_id(self.index)).iter().any(|talk| !talk.writes);
        let luck = if world.calm.get() { 0 } else { world.between(0, 100) };
        let action = match luck {
            _ if talks => Action::Decline(offer.clone()),
            0..75 => Action::Accept(offer.clone()),
            75..88 => Action::Decline(offer.clone()),
            _ => return,
        };
        let (index, number) = (self.index, self.number);
        world.after(world.between(300, 4_000), move |world| {
            let mut desk = world.desks[index].borrow_mut();
            if world.now() >= desk.asleep_until && desk.number < number + 3 {
                desk.act(world, action);
            }
        });
    }

    /// Talks, hands over now and then, and leaves a call that is silent for long.
    fn work(&mut self, world: &Rc<World>, contact: &ContactId) {
        let talks = !world.talks_of(&agent_id(self.index)).is_empty();
        let since = world.now() - self.viewed_at;
        if talks && !world.calm.get() && world.between(0, 250) == 0 {
            let queue = usize::try_from(world.between(0, 2 * QUEUES as u64)).unwrap_or(0);
            return self.act(world, Action::Transfer(contact.clone(), queue));
        }
        if talks && self.consult(world, contact) {
            return;
        }
        if talks && world.between(0, 100) == 0 {
            return self.act(world, Action::Extend(contact.clone()));
        }
        if !talks && since > 40_000 && world.chance(10) {
            self.act(world, Action::Finish(contact.clone()));
        }
    }
}

impl Desk {
    /// Asks another agent about a call now and then, and hands it over to him or lets him go again.
    fn consult(&mut self, world: &Rc<World>, contact: &ContactId) -> bool {
        if self.consulting.as_ref() != Some(contact) {
            let asks = !world.calm.get() && world.between(0, 60) == 0;
            if asks {
                self.consulting = Some(contact.clone());
                let queue = usize::try_from(world.between(0, QUEUES as u64)).unwrap_or(0);
                let consult = consult_id(self.index, world.now());
                self.act(world, Action::Consult(contact.clone(), consult, queue));
            }
            return asks;
        }
        match world.between(0, 40) {
            0..3 => self.act(world, Action::Join(contact.clone())),
            3 => {
                self.consulting = None;
                self.act(world, Action::StopConsult(contact.clone()));
            }
            _ => return false,
        }
        true
    }
}

/// Starts a desktop.
pub(super) fn start(world: &Rc<World>, index: usize) {
    let wait = world.between(300, 900);
    world.after(wait, move |world| {
        world.desks[index].borrow_mut().tick(world);
        start(world, index);
    });
}

/// Carries what a replica says to a desktop; one that sleeps hears it when it wakes.
pub(super) fn deliver(world: &Rc<World>, index: usize, link: &Rc<Link>, message: ToDesk) {
    let same = Rc::clone(link);
    link.send_down(world, move |world| {
        let mail = (Rc::clone(&same), message.clone());
        world.desks[index].borrow_mut().mail.push_back(mail);
        read_mail(world, index);
    });
}

/// Has a desktop hear what came, once it is awake.
pub(super) fn read_mail(world: &Rc<World>, index: usize) {
    let mut desk = world.desks[index].borrow_mut();
    if world.now() < desk.asleep_until {
        return world.at(desk.asleep_until, move |world| read_mail(world, index));
    }
    while let Some((link, message)) = desk.mail.pop_front() {
        if desk.line.as_ref().is_some_and(|(line, _)| Rc::ptr_eq(line, &link)) {
            desk.hear(world, message);
        }
    }
}
