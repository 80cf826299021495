//! An agent's desktop that answers offers as its manner says.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `manner.rs` | how an agent behaves |
//! | `event.rs` | what an agent sees |
//! | `agenda.rs` | what is shown, and what the agent is about to do |
//! | `session.rs` | the stream: signing in, heartbeats, connecting again |

mod agenda;
mod event;
mod manner;
mod session;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use switchboard_api::agent::v1::{
    DeskAcceptOffer, DeskCancelConsult, DeskCompleteConsult, DeskExtendWrapUp, DeskFinishWrapUp,
    DeskStartConsult, DeskTransfer, PresenceKind, WorkState, desk_request::Action,
};

use crate::connection::{Connection, ConnectionError, refused_with};
use crate::streams::keep;
use crate::witness::DeskWitness;
use agenda::{Agenda, presence, transfer};
use session::{Order, Session, sign_out};

pub use event::DeskEvent;
pub use manner::{Answer, Away, Choosy, Diligent, Manner, WrapUp};

/// The state of a desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeskView {
    /// What the agent is doing.
    pub state: WorkState,
    /// How often a session has begun or gone on.
    pub welcomes: u64,
}

impl DeskView {
    const fn has_begun(&self) -> bool {
        self.welcomes > 0
    }
}

/// A running desk; its stream ends when dropped, which is not a sign-out.
#[derive(Debug)]
pub struct Desk {
    orders: mpsc::UnboundedSender<Order>,
    events: mpsc::UnboundedReceiver<DeskEvent>,
    view: watch::Receiver<DeskView>,
    _tasks: JoinSet<()>,
}

impl Desk {
    /// Signs an agent in, ready for contacts, and waits until the session began.
    pub async fn sign_in(
        connection: Connection,
        manner: Arc<dyn Manner>,
    ) -> Result<Self, ConnectionError> {
        Self::sign_in_before(connection, manner, Arc::new(())).await
    }

    /// Signs an agent in, with an onlooker.
    pub async fn sign_in_before(
        connection: Connection,
        manner: Arc<dyn Manner>,
        witness: Arc<dyn DeskWitness>,
    ) -> Result<Self, ConnectionError> {
        let (orders, ordered) = mpsc::unbounded_channel();
        let (seen, events) = mpsc::unbounded_channel();
        let (viewed, view) = watch::channel(DeskView::default());
        let (refused, refusal) = oneshot::channel();
        let agenda = Agenda::new(manner, presence(PresenceKind::Ready, ""), seen, viewed);
        let session =
            Session { connection, agenda, orders: ordered, refused: Some(refused), witness };
        let mut tasks = JoinSet::new();
        tasks.spawn(keep(session));
        let desk = Self { orders, events, view, _tasks: tasks };
        tokio::select! {
            // A refused session ends the view too, so the reason is asked for first.
            biased;
            answer = refusal => Err(refused_with(answer)),
            began = desk.sees(DeskView::has_begun) => began.map(|()| desk),
        }
    }

    async fn sees(&self, fits: impl Fn(&DeskView) -> bool) -> Result<(), ConnectionError> {
        let mut view = self.view.clone();
        let seen = view.wait_for(|view| fits(view)).await;
        seen.map(|_| ()).map_err(|_| ConnectionError::Stopped)
    }

    /// Gives the state of the desk now.
    pub fn view(&self) -> DeskView {
        *self.view.borrow()
    }

    /// Waits until the agent is in a state.
    pub async fn reaches(&self, state: WorkState) -> Result<(), ConnectionError> {
        self.sees(|view| view.state == state).await
    }

    /// Gives what happens at this desk from now on to somebody else; [`Self::next`] then has nothing.
    pub fn take_events(&mut self) -> mpsc::UnboundedReceiver<DeskEvent> {
        std::mem::replace(&mut self.events, mpsc::unbounded_channel().1)
    }

    /// Waits for the next thing to happen; nothing after the desk stopped.
    pub async fn next(&mut self) -> Option<DeskEvent> {
        self.events.recv().await
    }

    /// Waits for the first thing that fits, and drops what came before it.
    pub async fn until(&mut self, fits: impl Fn(&DeskEvent) -> bool) -> Option<DeskEvent> {
        loop {
            let event = self.next().await?;
            if fits(&event) {
                return Some(event);
            }
        }
    }

    /// Wants contacts.
    pub fn ready(&self) {
        self.order(Order::Want(presence(PresenceKind::Ready, "")));
    }

    /// Wants no contacts, for a reason.
    pub fn not_ready(&self, reason: &str) {
        self.order(Order::Want(presence(PresenceKind::NotReady, reason)));
    }

    /// Accepts an offer.
    pub fn accept(&self, offer: &str) {
        let accept = DeskAcceptOffer { offer_id: offer.to_owned() };
        self.order(Order::Act(Action::AcceptOffer(accept)));
    }

    /// Hands a caller over to a queue.
    pub fn transfer(&self, contact: &str, queue: &str) {
        self.order(Order::Act(Action::Transfer(transfer(contact, queue))));
    }

    /// Hands a caller over to another agent.
    pub fn transfer_to_agent(&self, contact: &str, agent: &str) {
        let (contact_id, agent_id) = (contact.to_owned(), agent.to_owned());
        let transfer = DeskTransfer { contact_id, queue_id: String::new(), agent_id };
        self.order(Order::Act(Action::Transfer(transfer)));
    }

    /// Rings another agent for advice; `consult` names the consultation.
    pub fn start_consult(&self, contact: &str, consult: &str, agent: &str) {
        let start = DeskStartConsult {
            contact_id: contact.to_owned(),
            consult_id: consult.to_owned(),
            queue_id: String::new(),
            agent_id: agent.to_owned(),
        };
        self.order(Order::Act(Action::StartConsult(start)));
    }

    /// Leaves the caller with the agent who was consulted.
    pub fn complete_consult(&self, contact: &str) {
        let complete = DeskCompleteConsult { contact_id: contact.to_owned() };
        self.order(Order::Act(Action::CompleteConsult(complete)));
    }

    /// Ends a consultation; the caller stays.
    pub fn cancel_consult(&self, contact: &str) {
        let cancel = DeskCancelConsult { contact_id: contact.to_owned() };
        self.order(Order::Act(Action::CancelConsult(cancel)));
    }

    /// Asks for wrap-up, or puts its end off.
    pub fn extend_wrap_up(&self, contact: &str, extension: Duration) {
        let extend = DeskExtendWrapUp {
            contact_id: contact.to_owned(),
            extension: prost_types::Duration::try_from(extension).ok(),
        };
        self.order(Order::Act(Action::ExtendWrapUp(extend)));
    }

    /// Ends wrap-up.
    pub fn finish_wrap_up(&self, contact: &str, wrap_up: &WrapUp) {
        let finish = DeskFinishWrapUp {
            contact_id: contact.to_owned(),
            disposition: wrap_up.disposition.clone(),
            notes: wrap_up.notes.clone(),
        };
        self.order(Order::Act(Action::FinishWrapUp(finish)));
    }

    /// Signs out.
    pub fn sign_out(&self) {
        self.order(Order::Act(sign_out()));
    }

    /// Loses the stream, as a broken network would; the desk connects again by itself.
    pub fn lose_stream(&self) {
        self.order(Order::Lose);
    }

    /// A session that has ended takes no more orders, and its events say so.
    fn order(&self, order: Order) {
        drop(self.orders.send(order));
    }
}
