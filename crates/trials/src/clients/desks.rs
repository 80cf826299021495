//! Agents: most accept, some decline or let it ring, some hand over; they come and go, and some
//! press a key twice.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use switchboard_api::agent::v1::{Offer, OfferOutcome};
use switchboard_client::Connection;
use switchboard_client::desk::{Answer, Desk, DeskEvent, Manner, WrapUp};
use switchboard_domain::caller::Role;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::Stage;
use super::center::{self, EXPERT, GENERAL};
use super::journal::Seat;
use crate::chance::Chance;

/// One in so many agents is there at the beginning.
const PRESENT: usize = 3;
/// How often somebody comes or goes.
const RESTLESS: Duration = Duration::from_millis(250);

/// An agent who does what chance says.
struct Moody(Mutex<Chance>);

impl Moody {
    fn ask<T>(&self, question: impl FnOnce(&mut Chance) -> T) -> T {
        question(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Manner for Moody {
    fn answer(&self, _: &Offer) -> Answer {
        self.ask(|chance| match chance.below(100) {
            0..13 => Answer::Decline,
            13..22 => Answer::Ignore,
            // Some of these are too late, or race with the ring's end.
            22..26 => Answer::Accept(Duration::from_millis(990)),
            _ => Answer::Accept(chance.between(Duration::ZERO, Duration::from_millis(150))),
        })
    }

    fn transfer(&self, _: &str) -> Option<(Duration, String)> {
        self.ask(|chance| {
            let queue = if chance.percent(50) { EXPERT } else { GENERAL };
            let after = chance.between(Duration::ZERO, Duration::from_millis(200));
            chance.percent(12).then(|| (after, queue.to_owned()))
        })
    }

    fn wrap_up(&self, _: &str) -> Option<WrapUp> {
        self.ask(|chance| {
            let after = chance.between(Duration::ZERO, Duration::from_millis(300));
            chance.percent(70).then(|| WrapUp { after, ..WrapUp::default() })
        })
    }
}

/// Signs everybody in; most are not ready, so that callers race for few.
pub(super) async fn sign_in(stage: &Stage) -> anyhow::Result<Vec<Desk>> {
    let mut desks = Vec::new();
    for number in 0..stage.plan.agents {
        let agent = center::agent(number);
        let token = stage.site.token(center::TENANT, Role::Agent, &agent)?;
        let connection = Connection::new(&stage.wire(&agent).url(), &token)?;
        let manner = Moody(Mutex::new(stage.plan.chance(2_000 + u64::try_from(number)?)));
        let asked = Mutex::default();
        let witness = Seat { agent, journal: stage.journal.clone(), asked };
        let desk = Desk::sign_in_before(connection, Arc::new(manner), Arc::new(witness)).await?;
        if number % PRESENT != 0 {
            desk.not_ready("break");
        }
        desks.push(desk);
    }
    Ok(desks)
}

/// Lets agents come and go, and press twice, until dropped.
pub(super) async fn live(stage: Arc<Stage>, mut desks: Vec<Desk>) {
    let mut fingers = JoinSet::new();
    let mut presses = tokio::sync::mpsc::unbounded_channel();
    for (number, desk) in desks.iter_mut().enumerate() {
        let (mut events, presses) = (desk.take_events(), presses.0.clone());
        fingers.spawn(async move {
            while let Some(event) = events.recv().await {
                if let DeskEvent::OfferClosed { offer, outcome: OfferOutcome::Accepted, .. } = event
                {
                    drop(presses.send((number, offer)));
                }
            }
        });
    }
    let mut chance = stage.plan.chance(2);
    loop {
        tokio::select! {
            Some((number, offer)) = presses.1.recv() => {
                if chance.percent(30) {
                    desks[number].accept(&offer);
                }
            }
            () = sleep(RESTLESS) => {
                let desk = &desks[chance.below(desks.len())];
                if chance.percent(100 / u32::try_from(PRESENT).unwrap_or(1)) {
                    desk.ready();
                } else {
                    desk.not_ready("break");
                }
            }
        }
    }
}
