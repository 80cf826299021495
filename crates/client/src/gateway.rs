//! A telephony gateway with scripted callers, and the protocol a real one would speak.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `script.rs` | what a caller does |
//! | `story.rs` | what happens to them |
//! | `leg.rs` | one call: obeys commands, once each |
//! | `exchange.rs` | all calls: numbers events, keeps them until recorded |
//! | `session.rs` | the stream: Hello, Inventory, heartbeats, connecting again |

mod exchange;
mod leg;
mod script;
mod session;
mod story;

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use switchboard_api::call::v1::SessionToken;

use crate::connection::{Connection, ConnectionError, refused_with};
use crate::streams::keep;
use crate::witness::GatewayWitness;
use exchange::{Exchange, Nudge};
use session::{Order, Session};

pub use exchange::WallClock;
pub use script::{BridgeOutcome, CallScript, Keys, Pace};
pub use story::CallEvent;

/// How a gateway runs.
#[derive(Clone)]
pub struct GatewayOptions {
    /// Where the server is, and the gateway's credential.
    pub connection: Connection,
    /// Names this run of the gateway; another one at each start.
    pub boot_id: String,
    /// How fast callers hear, press and are connected.
    pub pace: Pace,
    /// The gateway's clock, for the history.
    pub wall: WallClock,
}

/// The state of a gateway's session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionView {
    /// The session; none while the stream is away.
    pub token: Option<SessionToken>,
    /// How many sessions have begun.
    pub welcomes: u64,
    /// How many events are not recorded yet.
    pub unrecorded: usize,
}

/// A running gateway; stops when dropped, without hanging up.
#[derive(Debug)]
pub struct Gateway {
    orders: mpsc::UnboundedSender<Order>,
    view: watch::Receiver<SessionView>,
    _tasks: JoinSet<()>,
}

impl Gateway {
    /// Connects, and waits for the first session however long the server is away.
    pub async fn connect(options: GatewayOptions) -> Result<Self, ConnectionError> {
        Self::connect_before(options, Arc::new(())).await
    }

    /// Connects, with an onlooker.
    pub async fn connect_before(
        options: GatewayOptions,
        witness: Arc<dyn GatewayWitness>,
    ) -> Result<Self, ConnectionError> {
        let (orders, ordered) = mpsc::unbounded_channel();
        let (viewed, view) = watch::channel(SessionView::default());
        let (refused, refusal) = oneshot::channel();
        let session = Session {
            connection: options.connection,
            boot_id: options.boot_id,
            exchange: Exchange::new(options.pace, options.wall, Arc::clone(&witness)),
            witness,
            orders: ordered,
            view: viewed,
            refused: Some(refused),
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(keep(session));
        let gateway = Self { orders, view, _tasks: tasks };
        tokio::select! {
            // A refused session ends the view too, so the reason is asked for first.
            biased;
            answer = refusal => Err(refused_with(answer)),
            opened = gateway.session_after(0) => opened.map(|_| gateway),
        }
    }

    /// Lets a caller arrive, and gives the story as it happens.
    pub fn call(&self, script: CallScript) -> Call {
        let (teller, story) = mpsc::unbounded_channel();
        let id = script.id.clone();
        // A session that has ended drops the teller, so the story ends.
        drop(self.orders.send(Order::Place(Box::new(script), teller)));
        Call { id, story, orders: self.orders.clone() }
    }

    /// Says how a customer behaves when the center calls them, and gives the story as it happens; the
    /// script bears the id of the callback.
    pub fn expect(&self, script: CallScript) -> Call {
        let (teller, story) = mpsc::unbounded_channel();
        let id = script.id.clone();
        drop(self.orders.send(Order::Expect(Box::new(script), teller)));
        Call { id, story, orders: self.orders.clone() }
    }

    /// Gives the state of the session now.
    pub fn session(&self) -> SessionView {
        self.view.borrow().clone()
    }

    /// Waits for a session with more welcomes than `welcomes`.
    pub async fn session_after(&self, welcomes: u64) -> Result<SessionView, ConnectionError> {
        let opened = |view: &SessionView| view.token.is_some() && view.welcomes > welcomes;
        let mut view = self.view.clone();
        let view = view.wait_for(opened).await.map_err(|_| ConnectionError::Stopped)?;
        Ok(view.clone())
    }

    /// Waits until every event so far is recorded.
    pub async fn all_recorded(&self) -> Result<(), ConnectionError> {
        let mut view = self.view.clone();
        let done = view.wait_for(|view| view.token.is_some() && view.unrecorded == 0).await;
        done.map(|_| ()).map_err(|_| ConnectionError::Stopped)
    }

    /// Loses the stream, as a broken network would; the gateway connects again by itself.
    pub fn lose_stream(&self) {
        drop(self.orders.send(Order::Lose));
    }
}

/// One call of a gateway.
#[derive(Debug)]
pub struct Call {
    id: String,
    story: mpsc::UnboundedReceiver<CallEvent>,
    orders: mpsc::UnboundedSender<Order>,
}

impl Call {
    /// Gives the id of the call.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Waits for the next step of the story; nothing after the gateway stopped.
    pub async fn next(&mut self) -> Option<CallEvent> {
        self.story.recv().await
    }

    /// Waits for the first step that fits, and drops those before it.
    pub async fn until(&mut self, fits: impl Fn(&CallEvent) -> bool) -> Option<CallEvent> {
        loop {
            let event = self.next().await?;
            if fits(&event) {
                return Some(event);
            }
        }
    }

    /// Lets the caller put the phone down.
    pub fn hang_up(&self) {
        drop(self.orders.send(Order::Nudge(self.id.clone(), Nudge::CallerHangsUp)));
    }

    /// Lets the agent put the phone down.
    pub fn agent_hangs_up(&self) {
        drop(self.orders.send(Order::Nudge(self.id.clone(), Nudge::AgentHangsUp)));
    }
}
