//! A caller moves through the menu: an answer comes in, the flow says what is next.

use std::time::Duration;

use switchboard_domain::floor::command::{Command, Reply};
use switchboard_domain::floor::state::{Contact, ContactState, Token};
use switchboard_domain::ids::ContactId;

use super::facts::{Failure, Place, is_elsewhere};
use super::session::{PARTS, Session};
use crate::sim::wire::{Deed, Order, Wish};

/// Which fact moves the caller: the call, the number of the fact, and the next free part of it.
#[derive(Clone, Copy)]
pub(super) struct Walk<'a> {
    pub(super) call: &'a ContactId,
    pub(super) number: u64,
    pub(super) part: u64,
}

/// Where a stored caller is: how many questions are left, and what he wants.
struct Stored {
    left: u64,
    wish: Wish,
}

impl Stored {
    fn read(contact: &Contact) -> Option<Self> {
        let left = contact.menu.parse().ok()?;
        Some(Self { left, wish: Wish::decode(&contact.details)? })
    }
}

impl Session {
    /// Starts the flow of a new caller.
    pub(super) async fn begin_menu(&self, walk: Walk<'_>, wish: Wish) -> Result<Place, Failure> {
        self.follow(walk, wish.questions, wish).await
    }

    /// Takes the keys a caller pressed.
    pub(super) async fn answer(
        &self,
        call: &ContactId,
        number: u64,
        question: &str,
    ) -> Result<Place, Failure> {
        let Some(contact) = self.edge.contact(call).await? else { return Err(Failure::Refused) };
        let asked = question == format!("{call}/{}", question_id(contact.call_sequence));
        let in_menu = contact.state == ContactState::InMenu;
        let stored = Stored::read(&contact).filter(|_| in_menu);
        let (Some(stored), true) = (stored, asked) else {
            if in_menu && contact.call_sequence / PARTS == number {
                // This answer moved the caller; what followed from it may not have been done.
                self.resume(call).await?;
            }
            return self.place_at_end().await;
        };
        self.follow(Walk { call, number, part: 1 }, stored.left.saturating_sub(1), stored.wish)
            .await
    }

    /// Stores where the caller is now, and carries out what the flow says.
    async fn follow(&self, walk: Walk<'_>, left: u64, wish: Wish) -> Result<Place, Failure> {
        let command = Command::StepMenu {
            report: self.report(walk.call, walk.number, walk.part),
            menu: left.to_string(),
            trail: String::new(),
        };
        let applied = match self.edge.apply(command).await {
            Err(trouble) if is_elsewhere(&trouble) => return self.place_at_end().await,
            outcome => outcome?,
        };
        let place = self.place_of(&applied).await?;
        let Reply::Done { version } = applied.reply else {
            // The fact was applied before; what followed from it may not have been sent.
            self.resume(walk.call).await?;
            return Ok(place);
        };
        Ok(self.carry_out(walk, (left, version), wish, self.token()).await?.or(place))
    }

    async fn carry_out(
        &self,
        walk: Walk<'_>,
        (left, version): (u64, u64),
        wish: Wish,
        token: Token,
    ) -> Result<Place, Failure> {
        if left == 0 {
            return self.route(walk, wish).await;
        }
        let id = question_id(walk.number * PARTS + walk.part);
        let call = walk.call.clone();
        self.order(Order { id, token, call, sequence: version * 16, deed: Deed::Ask });
        Ok(None)
    }

    async fn route(&self, walk: Walk<'_>, wish: Wish) -> Result<Place, Failure> {
        let report = self.report(walk.call, walk.number, walk.part + 1);
        let applied = self.edge.apply_planned(|plan_version| Command::RouteContact {
            report: report.clone(),
            plan_version,
            route: self.edge.route(wish.class, wish.agent, wish.channel()),
            priority: wish.priority,
            credit: Duration::from_secs(20),
            details: wish.encode(),
        });
        self.place_of(&applied.await?).await
    }

    /// Does again what follows from where a caller stands in the menu.
    pub(super) async fn ask_again(
        &self,
        call: &ContactId,
        contact: &Contact,
        token: Token,
    ) -> Result<(), Failure> {
        let Some(stored) = Stored::read(contact) else { return Ok(()) };
        let (number, part) = (contact.call_sequence / PARTS, contact.call_sequence % PARTS);
        let walk = Walk { call, number, part };
        let place = (stored.left, contact.version);
        self.carry_out(walk, place, stored.wish, token).await.map(drop)
    }
}

/// Names the question that follows from a fact of a call; the same after any takeover.
fn question_id(asked: u64) -> String {
    format!("menu-{asked}")
}
