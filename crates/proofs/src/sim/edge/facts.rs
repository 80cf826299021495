//! One fact of a gateway: applied, acknowledged; kept trying while the floor is away.

use std::rc::Rc;

use switchboard_domain::floor::command::Command;
use switchboard_domain::floor::plan::MissCause;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::Token;
use switchboard_domain::ids::ContactId;

use super::floors::Trouble;
use super::menu::Walk;
use super::session::Session;
use crate::sim::center::route;
use crate::sim::engine::{Millis, sleep};
use crate::sim::inbox::Inbox;
use crate::sim::store::Applied;
use crate::sim::wire::{Deed, Fact, Order, ToGateway, What, Wish};

/// How long a caller may wait for the floor before the gateway's fallback takes over.
const CALLER_PATIENCE: Millis = 2_000;
pub(super) const RETRY: Millis = 200;
/// How often a fact is tried while its gateway's inventory or a newer center is on its way.
const INVENTORY_PATIENCE: u32 = 50;

/// Why a fact has no effect.
pub(super) enum Failure {
    /// It is wrong, and never will be anything else.
    Refused,
    Floor(Trouble),
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::Floor(trouble)
    }
}

/// Where a fact must be recorded through.
pub(super) type Place = Option<u64>;

/// Takes the facts of some of a gateway's calls, in order.
pub(super) async fn work(session: Rc<Session>, facts: Inbox<(Token, Fact)>) {
    let world = Rc::clone(&session.edge.world);
    while !session.is_closed() {
        if let Some((token, fact)) = facts.next_within(&world, 5_000).await {
            session.take(token, fact).await;
        }
    }
}

impl Session {
    /// Takes one fact to its end: accepted, refused, or left for the gateway to resend.
    pub(super) async fn take(&self, token: Token, fact: Fact) {
        let world = &self.edge.world;
        let arrival = matches!(fact.what, What::Offered(_));
        let since = world.now();
        // What is said of a call comes after the inventory that may bring the call back.
        if !arrival && !self.is_settled(token).await {
            return;
        }
        for attempt in 0.. {
            if self.is_closed() || self.token() != token {
                return;
            }
            let trouble = match self.dispatch(&fact).await {
                Ok(place) => return self.accept(token, fact.sequence, place),
                Err(Failure::Refused) => return self.refuse(token, fact.sequence),
                Err(Failure::Floor(trouble)) => trouble,
            };
            if trouble.is_stale() {
                // After the welcome the gateway resends what is not recorded, this included.
                let _ = self.rejoin(token).await;
                return;
            }
            let may_wait =
                trouble.is_away() || (trouble.is_passing() && attempt < INVENTORY_PATIENCE);
            if !may_wait {
                return self.refuse(token, fact.sequence);
            }
            let is_new = arrival && !self.brought.borrow().contains(&fact.call);
            if trouble.is_away() && is_new && world.now() - since >= CALLER_PATIENCE {
                return self.fall_back(token, &fact);
            }
            sleep(world, RETRY).await;
        }
    }

    /// Waits until the inventory of a session is done with; false when it is over before.
    async fn is_settled(&self, token: Token) -> bool {
        while !self.is_closed() && self.token() == token {
            if self.settled.get() == Some(token) {
                return true;
            }
            sleep(&self.edge.world, 50).await;
        }
        false
    }

    async fn dispatch(&self, fact: &Fact) -> Result<Place, Failure> {
        let (call, number) = (&fact.call, fact.call_sequence);
        let report = self.report(call, number, 0);
        match &fact.what {
            What::Offered(wish) => self.arrive(call, number, *wish).await,
            What::Digits { question } => self.answer(call, number, question).await,
            What::Bridged { offer } => {
                self.bridged(call, Command::ReportBridged { report, offer: offer.clone() }).await
            }
            What::BridgeFailed { by_caller: true, .. } => {
                self.tell(Command::HangUp { report, served: false }).await
            }
            What::BridgeFailed { offer, by_caller: false } => {
                let (offer, cause) = (offer.clone(), MissCause::Busy);
                self.tell(Command::ReportBridgeFailed { report, offer, cause }).await
            }
            What::DialFailed { offer } => {
                // Until the next attempt nobody is on the call. What the floor has known for long, or has
                // lost, is said again after a welcome, when the next attempt may have been answered.
                let contact = self.edge.contact(call).await?;
                if contact.is_some_and(|found| found.state.connecting_offer() == Some(offer)) {
                    self.forget(call);
                }
                let (offer, outcome) = (offer.clone(), "no_answer".to_owned());
                self.tell(Command::ReportDialFailed { report, offer, outcome }).await
            }
            What::AgentGone => self.tell(Command::ReportAgentGone { report }).await,
            What::HungUp { by_center } => self.hung_up(call, number, *by_center).await,
        }
    }

    /// Whoever was connected though the floor has let them go is told so once more.
    async fn bridged(&self, call: &ContactId, command: Command) -> Result<Place, Failure> {
        match self.tell(command).await {
            Err(Failure::Floor(trouble)) if is_elsewhere(&trouble) => {
                self.resume(call).await?;
                Err(trouble.into())
            }
            outcome => outcome,
        }
    }

    pub(super) async fn hung_up(
        &self,
        call: &ContactId,
        number: u64,
        by_center: bool,
    ) -> Result<Place, Failure> {
        let report = self.report(call, number, 0);
        self.forget(call);
        // Noted first, so that a start which takes effect right after a refusal is not missed.
        self.gone.borrow_mut().insert(call.clone(), number);
        let outcome = self.tell(Command::HangUp { report, served: by_center }).await;
        if !outcome.as_ref().is_err_and(is_unknown) {
            self.gone.borrow_mut().remove(call);
        }
        outcome
    }

    /// Ends a call whose start took effect only after its end had been refused.
    pub(super) async fn end_if_gone(&self, call: &ContactId) -> Result<(), Failure> {
        let found = self.gone.borrow().get(call).copied();
        let Some(number) = found else { return Ok(()) };
        match self.hung_up(call, number, false).await {
            // It has not started yet.
            Err(failure) if is_unknown(&failure) => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    async fn tell(&self, command: Command) -> Result<Place, Failure> {
        let applied = self.edge.apply(command).await?;
        self.place_of(&applied).await
    }

    /// Begins a call.
    async fn arrive(&self, call: &ContactId, number: u64, wish: Wish) -> Result<Place, Failure> {
        let report = self.report(call, number, 0);
        let start = self.edge.apply_planned(|plan_version| Command::StartContact {
            report: report.clone(),
            channel: wish.channel(),
            caller: wish.caller(),
            plan_version,
            fallback: Some(route(wish.class, None, wish.channel())),
            details: wish.encode(),
        });
        start.await?;
        self.calls.borrow_mut().insert(call.clone());
        self.begin_menu(Walk { call, number, part: 1 }, wish).await
    }

    fn refuse(&self, token: Token, sequence: u64) {
        self.send(ToGateway::Rejected { sequence });
        self.accept(token, sequence, None);
    }

    /// Tells the gateway what to do with a caller the floor cannot take now.
    fn fall_back(&self, token: Token, fact: &Fact) {
        let id = format!("fallback-{}", fact.call);
        let (call, token_now) = (fact.call.clone(), self.token());
        self.order(Order { id, token: token_now, call, sequence: 0, deed: Deed::HangUp });
        self.refuse(token, fact.sequence);
    }

    /// Gives where an applied command stands; a duplicate stands where the outbox ends now.
    pub(super) async fn place_of(&self, applied: &Applied) -> Result<Place, Failure> {
        match applied.place {
            Some(place) => Ok(Some(place)),
            None => self.place_at_end().await,
        }
    }

    pub(super) async fn place_at_end(&self) -> Result<Place, Failure> {
        let epoch = self.token().epoch;
        let end = self.edge.end().await?;
        let status = self.edge.status().await?;
        if !status.is_current || status.epoch != epoch {
            return Err(Failure::Floor(Trouble::Away));
        }
        Ok((end > 0).then_some(end))
    }
}

/// Says whether the floor knows no such call.
fn is_unknown(failure: &Failure) -> bool {
    matches!(failure, Failure::Floor(Trouble::Refused(Rejection::UnknownContact)))
}

/// Says whether the floor refused a move because the contact is elsewhere by now.
pub(super) fn is_elsewhere(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Refused(Rejection::WrongState { .. }))
}
