//! A center with its service on a port of its own, a gateway that brings callers, and desktops.

mod callers;
mod desktop;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use switchboard_api::agent::v1::agent_service_client::AgentServiceClient;
use switchboard_api::queue::v1::queue_service_client::QueueServiceClient;
use switchboard_api::supervisor::v1::supervisor_service_client::SupervisorServiceClient;
use switchboard_center::{CenterCache, demo};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::floor::command::{Command, Reply};
use switchboard_domain::ids::{AgentId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_queue::{Queue, QueueParts};
use switchboard_routing::feed::Feeds;
use switchboard_routing::{Estimates, Floors, FloorsParts};
use switchboard_runtime::clock::{ManualClock, RandomIds};
use switchboard_runtime::read_log::ReadLog;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::tasks::Tasks;
use switchboard_store::centers::{CenterFiles, Centers};
use switchboard_store::live_floor::LiveFloor;
use switchboard_store_memory::MemoryFloor;
use switchboard_store_postgres::PostgresStore;
use switchboard_store_postgres::testing::{save_center, store_with_center};
use tonic::service::interceptor::InterceptedService;
use tonic::service::{Interceptor, InterceptorLayer};
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Status};

pub(crate) use callers::Gateway;
pub(crate) use desktop::{Desktop, ready};

/// The wall clock at the start of every test.
const START: i64 = 1_795_262_400_000;

/// A client that says who it is.
pub(crate) type Client = InterceptedService<Channel, Named>;

/// A center at work.
pub(crate) struct Center {
    pub(crate) floors: Arc<Floors>,
    pub(crate) store: Arc<PostgresStore>,
    pub(crate) tasks: Tasks,
    pub(crate) queue: Queue,
    wall: Arc<AtomicI64>,
    channel: Channel,
}

impl Center {
    /// Opens a center on a floor in memory.
    pub(crate) async fn open() -> Self {
        Self::open_at(START).await
    }

    /// Opens a center on a floor in memory, at a time in ms.
    pub(crate) async fn open_at(start: i64) -> Self {
        let wall = Arc::new(AtomicI64::new(start));
        Self::on(Arc::new(MemoryFloor::new(Arc::clone(&wall))), wall).await
    }

    /// Opens a center on any floor.
    pub(crate) async fn on(floor: Arc<dyn LiveFloor>, wall: Arc<AtomicI64>) -> Self {
        let start = wall.load(Ordering::SeqCst);
        let files = with_short_rings(demo());
        let store = Arc::new(store_with_center(&tenant(), files).await.unwrap());
        let tasks = Tasks::new(Shutdown::new());
        let centers = CenterCache::new(Arc::clone(&store) as _);
        let floors = Floors::new(FloorsParts {
            floor: Arc::clone(&floor),
            epochs: Arc::clone(&store) as _,
            gateways: Arc::clone(&store) as _,
            centers: Arc::clone(&centers),
            ids: Arc::new(RandomIds),
            clock: Arc::new(ManualClock::at(Timestamp::from_millis(start))),
            gateway_lease: Duration::from_mins(10),
        });
        let feeds = Feeds::new(floor, tasks.clone());
        let queue = Queue::new(QueueParts {
            floors: Arc::clone(&floors),
            estimates: Estimates::new(Arc::clone(&floors), Arc::clone(&feeds), tasks.clone()),
            feeds,
            centers,
            tenants: Arc::clone(&store) as _,
            reads: ReadLog::start(Arc::clone(&store) as _, &tasks),
            tasks: tasks.clone(),
            agent_lease: Duration::from_mins(1),
            heartbeat: Duration::from_millis(200),
            stream_grace: Duration::from_millis(500),
        });
        let channel = serve(&queue, &tasks);
        Self { floors, store, tasks, queue, wall, channel }
    }

    /// Puts the next version of the center in force, with one file changed.
    pub(crate) async fn change(&self, file: &str, from: &str, to: &str) {
        let version = self.store.current(&tenant()).await.unwrap();
        let mut files = self.store.load(&tenant(), version).await.unwrap().files;
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from), "`{file}` has no `{from}`");
        *text = text.replace(from, to);
        save_center(&self.store, &tenant(), files).await.unwrap();
    }

    /// Lets time pass second by second, and deadlines with it.
    pub(crate) async fn pass(&self, seconds: u32) {
        for _ in 0..seconds {
            self.tick();
            while self.apply(Command::FireDeadlines).await == Reply::More {}
        }
    }

    /// Moves the wall clock on by a second; deadlines are somebody else's.
    pub(crate) fn tick(&self) {
        self.wall.fetch_add(1_000, Ordering::SeqCst);
    }

    /// Applies a command.
    pub(crate) async fn apply(&self, command: Command) -> Reply {
        self.floors.apply(&tenant(), command).await.unwrap().reply
    }

    /// Gives a client with an agent's credential.
    pub(crate) fn agent(&self, name: &'static str) -> AgentServiceClient<Client> {
        AgentServiceClient::with_interceptor(self.channel.clone(), Named(Role::Agent, name))
    }

    /// Gives a client with a supervisor's credential that asks for agents.
    pub(crate) fn office(&self) -> AgentServiceClient<Client> {
        AgentServiceClient::with_interceptor(self.channel.clone(), Named(Role::Supervisor, "wu"))
    }

    /// Gives a client with a supervisor's credential that watches queues.
    pub(crate) fn supervisor(&self) -> SupervisorServiceClient<Client> {
        let named = Named(Role::Supervisor, "wu");
        SupervisorServiceClient::with_interceptor(self.channel.clone(), named)
    }

    /// Gives a client with a supervisor's credential that reads queues.
    pub(crate) fn queues(&self) -> QueueServiceClient<Client> {
        QueueServiceClient::with_interceptor(self.channel.clone(), Named(Role::Supervisor, "wu"))
    }

    /// Gives what an agent does, as one word.
    pub(crate) async fn state_of(&self, name: &str) -> &'static str {
        let id = AgentId::parse(name).unwrap();
        let agent = self.floors.floor().agent(&tenant(), &id).await.unwrap();
        agent.map_or("unknown", |agent| agent.state().name())
    }
}

/// Puts the caller among the metadata, where the test's server finds it.
#[derive(Clone)]
pub(crate) struct Named(Role, &'static str);

impl Interceptor for Named {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        request.metadata_mut().insert("role", self.0.as_str().parse().unwrap());
        request.metadata_mut().insert("subject", self.1.parse().unwrap());
        Ok(request)
    }
}

/// Nobody wants to wait for a quarter of a minute.
fn with_short_rings(mut files: CenterFiles) -> CenterFiles {
    let queues = files.get_mut("queues.yaml").unwrap();
    *queues = queues.replace("ring_timeout: 15s", "ring_timeout: 2s");
    files
}

/// Stands for the guard of the real server.
#[expect(clippy::unnecessary_wraps, reason = "an interceptor's shape")]
fn admit(mut request: Request<()>) -> Result<Request<()>, Status> {
    let word = |name: &str| request.metadata().get(name).unwrap().to_str().unwrap().to_owned();
    let (role, subject) = (word("role").parse().unwrap(), word("subject"));
    request.extensions_mut().insert(Caller { tenant: tenant(), role, subject });
    Ok(request)
}

fn serve(queue: &Queue, tasks: &Tasks) -> Channel {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = incoming.local_addr().unwrap();
    let serving = Server::builder()
        .layer(InterceptorLayer::new(admit))
        .add_service(queue.agent_service())
        .add_service(queue.queue_service())
        .add_service(queue.supervisor_service())
        .serve_with_incoming(incoming);
    // The shutdown must not end the server of a test that looks at the last words.
    tasks.spawn_draining("test.serve", async move { serving.await.unwrap() });
    Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy()
}

/// Names the tenant of every test.
pub(crate) fn tenant() -> TenantId {
    TenantId::parse("demo").unwrap()
}
