//! A center with its edge on a port of its own, and a gateway that asks for what it must do.

mod floor;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use switchboard_api::call::v1::call_service_client::CallServiceClient;
use switchboard_api::call::v1::{
    GatewayCommand, GatewayEvent, Hello, Inventory, Leg, OpenSessionRequest, PullCommandsRequest,
    Rejected, ReportInventoryRequest, SessionToken, SubmitEventsRequest, SubmitEventsResponse,
};
use switchboard_call::CallParts;
use switchboard_center::{CenterCache, demo};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::channel::Channel;
use switchboard_domain::floor::command::{Command, Desk, Reply, Report};
use switchboard_domain::floor::details::Details;
use switchboard_domain::floor::state::{Contact, Token, Want};
use switchboard_domain::flow::{Answer, Position, Question};
use switchboard_domain::ids::{AgentId, ContactId, GatewayId, QueueId, TenantId};
use switchboard_domain::time::Timestamp;
use switchboard_ivr_host::{IvrHost, Scene, World};
use switchboard_lookup::CallerLookup;
use switchboard_routing::feed::Feeds;
use switchboard_routing::{Estimates, Floors, FloorsParts, Planned, callbacks};
use switchboard_runtime::clock::{Clock, ManualClock, RandomIds};
use switchboard_runtime::shutdown::Shutdown;
use switchboard_runtime::tasks::Tasks;
use switchboard_store::centers::CenterFiles;
use switchboard_store::live_floor::LiveFloor;
use switchboard_store_memory::MemoryIvrSessions;
use switchboard_store_postgres::testing::store_with_center;
use tonic::service::InterceptorLayer;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{self, Endpoint, Server};
use tonic::{Request, Status};

use floor::Moody;

/// The wall clock at the start of every test.
const START: i64 = 1_795_262_400_000;
const LEASE: Duration = Duration::from_mins(10);

/// More than a busy machine needs for a lookup.
const ENOUGH: Duration = Duration::from_secs(20);
const NUMBER: &str = "+8613800000001";

/// A world that knows nothing.
struct Nowhere;

#[async_trait::async_trait]
impl World for Nowhere {
    async fn answer(&self, _: Scene<'_>, _: &Question, _: &Position) -> Answer {
        Answer::Failed
    }
}

/// A center at work.
pub(crate) struct Center {
    pub(crate) floor: Arc<Moody>,
    floors: Arc<Floors>,
    channel: transport::Channel,
    _tasks: Tasks,
}

impl Center {
    /// Opens a center.
    pub(crate) async fn open() -> Self {
        let floor = Arc::new(Moody::new(Arc::new(AtomicI64::new(START))));
        let store = Arc::new(store_with_center(&tenant(), always_open(demo())).await.unwrap());
        let tasks = Tasks::new(Shutdown::new());
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(Timestamp::from_millis(START)));
        let floors = Floors::new(FloorsParts {
            floor: Arc::clone(&floor) as _,
            epochs: Arc::clone(&store) as _,
            gateways: Arc::clone(&store) as _,
            centers: CenterCache::new(Arc::clone(&store) as _),
            ids: Arc::new(RandomIds),
            clock: Arc::clone(&clock),
            gateway_lease: LEASE,
        });
        let feeds = Feeds::new(Arc::clone(&floor) as _, tasks.clone());
        let service = switchboard_call::service(CallParts {
            floors: Arc::clone(&floors),
            estimates: Estimates::new(Arc::clone(&floors), Arc::clone(&feeds), tasks.clone()),
            feeds,
            lookup: CallerLookup::new(ENOUGH, Arc::clone(&store) as _, clock),
            centers: CenterCache::new(Arc::clone(&store) as _),
            host: IvrHost::new(Arc::new(Nowhere)),
            sessions: Arc::new(MemoryIvrSessions::default()),
            gateways: Arc::clone(&store) as _,
            projection: store,
            tasks: tasks.clone(),
            gateway_lease: LEASE,
        });
        let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = incoming.local_addr().unwrap();
        let serving = Server::builder()
            .layer(InterceptorLayer::new(admit))
            .add_service(service)
            .serve_with_incoming(incoming);
        tasks.spawn("test.serve", async move { serving.await.unwrap() });
        let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy();
        Self { floor, floors, channel, _tasks: tasks }
    }

    /// Opens a session of a gateway without calls.
    pub(crate) async fn gateway(&self) -> Gateway {
        self.gateway_with(Vec::new()).await
    }

    /// Opens a session of a gateway that holds calls.
    pub(crate) async fn gateway_with(&self, legs: Vec<Leg>) -> Gateway {
        let mut calls = CallServiceClient::new(self.channel.clone());
        let hello = Hello { boot_id: "boot-1".to_owned(), ..Hello::default() };
        let opening = OpenSessionRequest { hello: Some(hello) };
        let opened = calls.open_session(opening).await.unwrap().into_inner();
        let token = opened.welcome.unwrap().token;
        let inventory = Some(Inventory { token, legs, r#final: true });
        calls.report_inventory(ReportInventoryRequest { inventory }).await.unwrap();
        Gateway { calls, token: token.unwrap() }
    }

    /// Lets another gateway hold calls on the floor.
    pub(crate) async fn held_elsewhere(&self, calls: &[&str]) {
        let gateway = GatewayId::parse("gateway-2").unwrap();
        let joined = self.apply(Command::JoinGateway { gateway: gateway.clone(), lease: LEASE });
        let Reply::Joined { token } = joined.await else { unreachable!("any gateway may join") };
        self.apply(Command::FinishInventory { gateway: gateway.clone(), token }).await;
        for &call in calls {
            let contact = ContactId::parse(call).unwrap();
            let report = Report { contact, gateway: gateway.clone(), token, call_sequence: 1 };
            let start = |planned: &Planned| Some(start_of(report.clone(), planned));
            self.floors.apply_planned(&tenant(), start).await.unwrap().unwrap();
        }
    }

    async fn apply(&self, command: Command) -> Reply {
        self.floors.apply(&tenant(), command).await.unwrap().reply
    }

    /// Starts a call on the floor, as the edge does when a gateway offers one.
    pub(crate) async fn starts(&self, gateway: &Gateway, name: &str) -> ContactId {
        let contact = ContactId::parse(name).unwrap();
        let start = |planned: &Planned| Some(start_of(gateway.report(&contact, 1), planned));
        self.floors.apply_planned(&tenant(), start).await.unwrap().unwrap();
        contact
    }

    /// Ends a call on the floor, as a replica does that dies before it tells the gateway.
    pub(crate) async fn ends(&self, gateway: &Gateway, call: &ContactId) {
        let report = gateway.report(call, 32);
        self.apply(Command::HangUp { report, served: false }).await;
    }

    /// Brings a caller into a queue.
    pub(crate) async fn waiting(&self, gateway: &Gateway, name: &str, queue: &str) {
        let contact = self.starts(gateway, name).await;
        let queue = QueueId::parse(queue).unwrap();
        let wish = switchboard_routing::call(Timestamp::from_millis(START));
        let route = |planned: &Planned| {
            let (_, route) = planned.route_known(&queue, &details(), wish)?;
            Some(Command::RouteContact {
                report: gateway.report(&contact, 2),
                plan_version: planned.version(),
                route,
                priority: 0,
                credit: planned.center().priority_credit,
                details: details().encode(),
            })
        };
        self.floors.apply_planned(&tenant(), route).await.unwrap().unwrap();
    }

    /// Promises a waiting caller a call.
    pub(crate) async fn callback(&self, name: &str) -> ContactId {
        let id = ContactId::parse(name).unwrap();
        let contact = self.contact(&id).await.unwrap();
        let wanted = callbacks::Wanted { by: "caller", ..callbacks::Wanted::default() };
        callbacks::request(&self.floors, &tenant(), &id, &contact, wanted).await.unwrap()
    }

    /// Signs an agent in who is rung at once, and accepts.
    pub(crate) async fn accepts(&self, name: &str) {
        let agent = AgentId::parse(name).unwrap();
        let sign_in = |planned: &Planned| {
            let (profile, seat) = planned.ability(&agent)?;
            Some(Command::SignIn {
                agent: agent.clone(),
                want: Want::Ready,
                reason: String::new(),
                profile,
                seat,
                plan_version: planned.version(),
                lease: LEASE,
            })
        };
        self.floors.apply_planned(&tenant(), sign_in).await.unwrap().unwrap();
        let seen = self.floor.agent(&tenant(), &agent).await.unwrap().unwrap();
        let (session, offer) = (seen.session.unwrap(), seen.offer.unwrap().offer);
        self.apply(Command::AcceptOffer { desk: Desk { agent, session }, offer }).await;
    }

    /// Gives a contact as the floor has it.
    pub(crate) async fn contact(&self, id: &ContactId) -> Option<Contact> {
        self.floor.look_at(&tenant(), id).await
    }
}

/// A gateway with its session.
pub(crate) struct Gateway {
    calls: CallServiceClient<transport::Channel>,
    token: SessionToken,
}

impl Gateway {
    /// Asks what is to be done.
    pub(crate) async fn orders(&self) -> Vec<GatewayCommand> {
        let token = Some(self.token);
        let request = PullCommandsRequest { token, ..PullCommandsRequest::default() };
        self.calls.clone().pull_commands(request).await.unwrap().into_inner().commands
    }

    /// Reports an event, and gives its refusal.
    pub(crate) async fn submit(&self, event: GatewayEvent) -> Option<Rejected> {
        self.answer_to(event).await.rejected.into_iter().next()
    }

    /// Reports an event, and gives the last one that the center claims to have recorded.
    pub(crate) async fn recorded_with(&self, event: GatewayEvent) -> u64 {
        self.answer_to(event).await.acknowledged.unwrap().recorded_through
    }

    async fn answer_to(&self, event: GatewayEvent) -> SubmitEventsResponse {
        let request = SubmitEventsRequest { token: Some(self.token), events: vec![event] };
        self.calls.clone().submit_events(request).await.unwrap().into_inner()
    }

    fn report(&self, contact: &ContactId, call_sequence: u64) -> Report {
        let SessionToken { epoch, number } = self.token;
        let token = Token { epoch, number };
        let gateway = GatewayId::parse("gateway-1").unwrap();
        Report { contact: contact.clone(), gateway, token, call_sequence }
    }
}

fn start_of(report: Report, planned: &Planned) -> Command {
    Command::StartContact {
        report,
        channel: Channel::Voice,
        caller: NUMBER.to_owned(),
        plan_version: planned.version(),
        fallback: None,
        details: details().encode(),
    }
}

/// Whoever asks to be called back is called at any hour.
fn always_open(mut files: CenterFiles) -> CenterFiles {
    let queues = files.get_mut("queues.yaml").unwrap();
    *queues = queues.replace("retry_after: 10m, hours: daytime", "retry_after: 10m");
    files
}

/// Stands for the guard of the real server.
#[expect(clippy::unnecessary_wraps, reason = "an interceptor's shape")]
fn admit(mut request: Request<()>) -> Result<Request<()>, Status> {
    let subject = "gateway-1".to_owned();
    request.extensions_mut().insert(Caller { tenant: tenant(), role: Role::Gateway, subject });
    Ok(request)
}

fn details() -> Details {
    Details::new()
        .with("calling_number", NUMBER)
        .with("called_number", "+862160000000")
        .with("language", "zh-CN")
}

fn tenant() -> TenantId {
    TenantId::parse("demo").unwrap()
}
