//! Shows supervisors what happens in the queues: a snapshot, then each change.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use switchboard_api::supervisor::v1 as wire;
use switchboard_api::supervisor::v1::supervisor_service_server::SupervisorService;
use switchboard_api::supervisor::v1::watch_queues_response::Update;
use switchboard_api::supervisor::v1::{
    Delta, Heartbeat, Snapshot, WatchQueuesRequest, WatchQueuesResponse,
};
use switchboard_api::{ApiError, caller, field};
use switchboard_domain::ids::QueueId;
use tokio::sync::mpsc;
use tokio::time::interval;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, async_trait};

use crate::api::{Supervisors, supervise};
use crate::board::{Board, BoardWatch, Line};

/// The most queues one request may name.
const MAX_QUEUES: usize = 500;
/// How often a watch to which nothing happens hears of us.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// How many messages may wait for a slow reader before it gets a snapshot instead.
const BUFFER: usize = 256;

#[async_trait]
impl SupervisorService for Supervisors {
    type WatchQueuesStream =
        Pin<Box<dyn Stream<Item = Result<WatchQueuesResponse, Status>> + Send>>;

    #[tracing::instrument(name = "queue.watch_queues", skip_all)]
    async fn watch_queues(
        &self,
        request: Request<WatchQueuesRequest>,
    ) -> Result<Response<Self::WatchQueuesStream>, Status> {
        let tenant = caller::of(&request)?.tenant;
        let asked = field::list("queue_ids", request.into_inner().queue_ids, MAX_QUEUES)?;
        let (board, boards) = self.boards.watch(&tenant).await?;
        let chosen = choose(&asked, &board)?;
        let (sender, receiver) = mpsc::channel(BUFFER);
        let watching = Watching { sender, chosen, shown: BTreeMap::new(), behind: true };
        self.parts.tasks.spawn_draining("queue.watch_queues", watching.run(board, boards));
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }

    #[tracing::instrument(name = "queue.assign_contact", skip_all)]
    async fn assign_contact(
        &self,
        request: Request<wire::AssignContactRequest>,
    ) -> Result<Response<wire::AssignContactResponse>, Status> {
        let (caller, asked) = (caller::of(&request)?, request.into_inner());
        let contact = supervise::assign(&self.parts, &caller, &asked).await?;
        Ok(Response::new(wire::AssignContactResponse { contact: Some(contact) }))
    }

    #[tracing::instrument(name = "queue.move_contact", skip_all)]
    async fn move_contact(
        &self,
        request: Request<wire::MoveContactRequest>,
    ) -> Result<Response<wire::MoveContactResponse>, Status> {
        let (caller, asked) = (caller::of(&request)?, request.into_inner());
        let contact = supervise::move_to(&self.parts, &caller, &asked).await?;
        Ok(Response::new(wire::MoveContactResponse { contact: Some(contact) }))
    }

    #[tracing::instrument(name = "queue.prioritise_contact", skip_all)]
    async fn prioritise_contact(
        &self,
        request: Request<wire::PrioritiseContactRequest>,
    ) -> Result<Response<wire::PrioritiseContactResponse>, Status> {
        let (caller, asked) = (caller::of(&request)?, request.into_inner());
        let contact = supervise::prioritise(&self.parts, &caller, &asked).await?;
        Ok(Response::new(wire::PrioritiseContactResponse { contact: Some(contact) }))
    }

    #[tracing::instrument(name = "queue.force_presence", skip_all)]
    async fn force_presence(
        &self,
        request: Request<wire::ForcePresenceRequest>,
    ) -> Result<Response<wire::ForcePresenceResponse>, Status> {
        let (caller, asked) = (caller::of(&request)?, request.into_inner());
        let agent = supervise::force(&self.parts, &caller, asked).await?;
        Ok(Response::new(wire::ForcePresenceResponse { agent: Some(agent) }))
    }
}

/// Reads which queues are watched; none named means all.
fn choose(asked: &[String], board: &Board) -> Result<Option<BTreeSet<QueueId>>, ApiError> {
    let known = |id: &String| {
        let id: QueueId = field::id("queue_ids", id)?;
        let found = board.lines.contains_key(&id);
        found.then(|| id.clone()).ok_or_else(|| ApiError::not_found("queue", id.as_str()))
    };
    let chosen: BTreeSet<QueueId> = asked.iter().map(known).collect::<Result<_, _>>()?;
    Ok(Some(chosen).filter(|chosen| !chosen.is_empty()))
}

/// One watch: what it shows, and whether it missed something.
struct Watching {
    sender: mpsc::Sender<Result<WatchQueuesResponse, Status>>,
    chosen: Option<BTreeSet<QueueId>>,
    shown: BTreeMap<QueueId, Line>,
    behind: bool,
}

impl Watching {
    async fn run(mut self, first: Arc<Board>, mut boards: BoardWatch) {
        self.show(&first);
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.reset();
        loop {
            tokio::select! {
                changed = boards.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
                () = drained(&self.sender), if self.behind => {}
                _ = heartbeat.tick() => self.send(Update::Heartbeat(Heartbeat {})),
                () = self.sender.closed() => return,
            }
            let newest = boards.borrow_and_update().clone();
            if let Some(board) = newest {
                self.show(&board);
            }
        }
    }

    /// Sends what changed, or everything to a reader that missed something.
    fn show(&mut self, board: &Board) {
        let lines = self.lines(board);
        if self.behind && self.sender.capacity() < BUFFER / 2 {
            return;
        }
        if self.behind || !lines.keys().eq(self.shown.keys()) {
            self.behind = false;
            let queues = lines.iter().map(|(id, line)| line.status(id, board.now())).collect();
            self.send(Update::Snapshot(Snapshot { queues }));
        } else {
            let before = std::mem::take(&mut self.shown);
            for (id, line) in lines.iter().filter(|(id, line)| before.get(*id) != Some(*line)) {
                self.send(Update::Delta(Delta { queue: Some(line.status(id, board.now())) }));
            }
        }
        self.shown = lines;
    }

    fn lines(&self, board: &Board) -> BTreeMap<QueueId, Line> {
        let chosen = |id: &QueueId| self.chosen.as_ref().is_none_or(|chosen| chosen.contains(id));
        let lines = board.lines.iter().filter(|(id, _)| chosen(id));
        lines.map(|(id, line)| (id.clone(), line.clone())).collect()
    }

    fn send(&mut self, update: Update) {
        let message = WatchQueuesResponse { update: Some(update) };
        self.behind |=
            matches!(self.sender.try_send(Ok(message)), Err(mpsc::error::TrySendError::Full(_)));
    }
}

async fn drained(sender: &mpsc::Sender<Result<WatchQueuesResponse, Status>>) {
    drop(sender.reserve_many(BUFFER / 2).await);
}
