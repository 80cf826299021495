//! Which legs are up at a gateway: what it holds is true, whatever the floor remembers.

use std::rc::Rc;
use std::time::Duration;

use switchboard_domain::floor::command::{Command, Leg, Reply};
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::{ContactState, Token};
use switchboard_domain::ids::ContactId;

use super::facts::{Failure, RETRY};
use super::floors::Trouble;
use super::menu::Walk;
use super::session::{FOUND, PARTS, Session};
use crate::sim::center::route;
use crate::sim::engine::sleep;
use crate::sim::inbox::Inbox;
use crate::sim::mutants::Mutant;
use crate::sim::wire::{LegReport, ToGateway, Wish};

/// Takes inventories beside the reader, so that a hanging store holds up no caller.
pub(super) async fn work(session: Rc<Session>, chunks: Inbox<(Token, Vec<LegReport>)>) {
    let world = Rc::clone(&session.edge.world);
    while !session.is_closed() {
        let Some((token, legs)) = chunks.next_within(&world, 5_000).await else { continue };
        let Err(failure) = session.take_inventory(token, legs).await else {
            session.send(ToGateway::Reconciled);
            continue;
        };
        // One who asks asks again; a stream says what it holds only once.
        if !session.polled {
            if matches!(&failure, Failure::Floor(trouble) if trouble.is_stale()) {
                let _ = session.rejoin(token).await;
            } else {
                session.send(ToGateway::Rejected { sequence: 0 });
            }
            session.settled.set(Some(token));
        }
    }
}

/// What an inventory asks for one call.
#[derive(Clone, Copy)]
enum Step<'a> {
    Take(Token, &'a LegReport),
    Resume(&'a ContactId),
}

impl Session {
    async fn take_inventory(&self, token: Token, legs: Vec<LegReport>) -> Result<(), Failure> {
        if !self.answer_welcome(token) {
            return Err(Failure::Refused);
        }
        if !self.edge.world.has(Mutant::NoInventory) {
            for leg in &legs {
                self.settle(Step::Take(token, leg)).await?;
            }
        }
        self.finish(token).await?;
        self.settled.set(Some(token));
        let calls: Vec<ContactId> = self.calls.borrow().iter().cloned().collect();
        for call in &calls {
            self.settle(Step::Resume(call)).await?;
        }
        Ok(())
    }

    async fn finish(&self, token: Token) -> Result<(), Failure> {
        loop {
            let command = Command::FinishInventory { gateway: self.gateway.clone(), token };
            match self.edge.apply(command).await {
                Ok(applied) if applied.reply == Reply::More => {}
                Ok(_) => return Ok(()),
                Err(trouble) => self.wait_out(trouble.into()).await?,
            }
        }
    }

    /// Waits for a store that is away: a gateway says only once what it holds.
    async fn wait_out(&self, failure: Failure) -> Result<(), Failure> {
        match failure {
            Failure::Floor(trouble) if trouble.is_away() && !self.is_closed() => {
                sleep(&self.edge.world, RETRY).await;
                Ok(())
            }
            failure => Err(failure),
        }
    }

    /// Takes one call to its end. One that is refused keeps no other from its turn.
    async fn settle(&self, step: Step<'_>) -> Result<(), Failure> {
        loop {
            let outcome = match step {
                Step::Take(token, leg) => self.take_leg(token, leg).await,
                Step::Resume(call) => self.resume_or_begin(call).await,
            };
            let Err(failure) = outcome else { return Ok(()) };
            match self.wait_out(failure).await {
                Ok(()) => {}
                Err(Failure::Floor(trouble)) if trouble.is_stale() || trouble.is_away() => {
                    return Err(trouble.into());
                }
                Err(Failure::Floor(trouble)) => return self.end_stray(step, &trouble).await,
                Err(_) => return Ok(()),
            }
        }
    }

    /// Ends a leg that another gateway has as well: nobody would ever come for it. Who talks, talks on.
    async fn end_stray(&self, step: Step<'_>, trouble: &Trouble) -> Result<(), Failure> {
        let Step::Take(_, leg) = step else { return Ok(()) };
        let talks = leg.bridged_to.is_some() || leg.ended.is_some();
        if talks || *trouble != Trouble::Refused(Rejection::OtherGateway) {
            return Ok(());
        }
        if let Some(contact) = self.edge.contact(&leg.call).await? {
            self.hang_up(&leg.call, contact.version);
        }
        Ok(())
    }

    async fn take_leg(&self, token: Token, wire: &LegReport) -> Result<(), Failure> {
        let (wish, channel) = (wire.wish, wire.wish.channel());
        let command = self.edge.apply_planned(|_| {
            let leg = Leg {
                contact: wire.call.clone(),
                age: Duration::from_millis(wire.age),
                bridged_to: wire.bridged_to.clone(),
                over: wire.ended.is_some(),
                call_sequence: pictured(wire),
                fallback: Some(route(wish.class, None, channel)),
                channel,
                caller: wish.caller(),
                details: wish.encode(),
            };
            Command::ReconcileLeg { gateway: self.gateway.clone(), token, leg }
        });
        command.await?;
        self.calls.borrow_mut().insert(wire.call.clone());
        match wire.ended {
            Some(by_center) => {
                self.hung_up(&wire.call, wire.call_sequence, by_center).await.map(drop)
            }
            None => Ok(()),
        }
    }

    /// Sends what follows from a call's state, or starts the flow of one the floor had lost.
    async fn resume_or_begin(&self, call: &ContactId) -> Result<(), Failure> {
        let Some(contact) = self.edge.contact(call).await? else { return Ok(()) };
        if contact.state == ContactState::InMenu && contact.menu.is_empty() {
            let Some(wish) = Wish::decode(&contact.details) else {
                return Err(Failure::Floor(Trouble::Away));
            };
            let (number, last) = (contact.call_sequence / PARTS, contact.call_sequence % PARTS);
            let part = FOUND.max(last + 1);
            return self.begin_menu(Walk { call, number, part }, wish).await.map(drop);
        }
        self.resume(call).await
    }
}

/// Gives the number of the last report that an inventory already includes. The end of a call that is
/// over is told apart, as its last event.
fn pictured(leg: &LegReport) -> u64 {
    let after = leg.call_sequence * PARTS;
    if leg.ended.is_some() { after - 1 } else { after + FOUND }
}
