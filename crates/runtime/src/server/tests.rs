//! The server as clients meet it: over a socket, with and without a token.

mod echo;

use std::sync::Arc;

use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::TenantId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::codec::Streaming;
use tonic::service::Routes;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::HealthCheckResponse as Reply;
use tonic_health::pb::health_check_response::ServingStatus as Wire;
use tonic_health::pb::health_client::HealthClient;
use tonic_prost::ProstCodec;
use tonic_types::StatusExt;

use super::*;
use crate::auth::{Decision, Minter, SigningKey};
use crate::clock::{Clock, SystemClock};
use crate::telemetry::Telemetry;
use echo::Echo;

const SAY: &str = "/test.Echo/Say";
const SLEEP: &str = "/test.Echo/Sleep";
const PANIC: &str = "/test.Echo/Panic";
const WATCH: &str = "/test.Echo/Watch";
const REFLECT: &str = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";

/// A running server with one service, which agents may call.
struct Site {
    tasks: Tasks,
    running: Running,
    minter: Minter,
    shutdown: ShutdownConfig,
}

fn site(adjust: impl FnOnce(&mut Config)) -> Site {
    let mut config = Config::defaults();
    config.server.listen = "127.0.0.1:0".parse().unwrap();
    config.server.call_timeout = Duration::from_millis(300);
    config.shutdown.stream_grace = Duration::from_millis(20);
    adjust(&mut config);
    let key = SigningKey::generate();
    let app = App {
        routes: Routes::new(Echo),
        authenticator: Authenticator::with_keys(&config.auth, key.key_set(), Arc::new(SystemClock)),
        policy: Arc::new(|path: &str, role| match (path, role) {
            (SAY | SLEEP | PANIC | WATCH | REFLECT, Role::Agent) => Decision::Allow,
            (SAY | SLEEP | PANIC | WATCH | REFLECT, _) => Decision::Deny,
            _ => Decision::Unknown,
        }),
        descriptors: tonic_health::pb::FILE_DESCRIPTOR_SET,
    };
    let tasks = Tasks::new(Shutdown::new());
    let running = serve(&config, app, &tasks).unwrap();
    Site { tasks, running, minter: Minter::new(key, &config.auth), shutdown: config.shutdown }
}

impl Site {
    async fn channel(&self) -> Channel {
        let address = format!("http://{}", self.running.address);
        Channel::from_shared(address).unwrap().connect().await.unwrap()
    }

    fn token(&self, role: Role, lifetime: Duration) -> String {
        let tenant = TenantId::parse("demo").unwrap();
        let caller = Caller { tenant, role, subject: "li-wei".to_owned() };
        self.minter.mint(&caller, SystemClock.now(), lifetime)
    }

    fn request(&self, text: &str) -> Request<HealthCheckRequest> {
        self.request_as(Role::Agent, text)
    }

    fn request_as(&self, role: Role, text: &str) -> Request<HealthCheckRequest> {
        let mut request = Request::new(HealthCheckRequest { service: text.to_owned() });
        let token = format!("Bearer {}", self.token(role, Duration::from_hours(1)));
        request.metadata_mut().insert("authorization", token.parse().unwrap());
        request
    }

    async fn call(
        &self,
        path: &'static str,
        request: Request<HealthCheckRequest>,
    ) -> Result<(), Status> {
        let mut client = tonic::client::Grpc::new(self.channel().await);
        client.ready().await.unwrap();
        let codec: ProstCodec<_, Reply> = ProstCodec::default();
        client.unary(request, path.parse().unwrap(), codec).await.map(|_| ())
    }

    async fn watch(&self, request: Request<HealthCheckRequest>) -> Streaming<Reply> {
        let mut client = tonic::client::Grpc::new(self.channel().await);
        client.ready().await.unwrap();
        let codec: ProstCodec<_, Reply> = ProstCodec::default();
        let path = WATCH.parse().unwrap();
        client.server_streaming(request, path, codec).await.unwrap().into_inner()
    }
}

fn reason(status: &Status) -> String {
    let info = status.get_details_error_info().expect("every refusal carries a reason");
    assert_eq!(info.domain, "switchboard");
    info.reason
}

#[tokio::test]
async fn health_answers_without_a_token() {
    let site = site(|_| ());
    site.running.health.set("test.Echo", false).await;
    let mut client = HealthClient::new(site.channel().await);

    let process = client.check(HealthCheckRequest::default()).await.unwrap().into_inner();
    let request = HealthCheckRequest { service: "test.Echo".to_owned() };
    let service = client.check(request).await.unwrap().into_inner();

    assert_eq!(process.status(), Wire::Serving);
    assert_eq!(service.status(), Wire::NotServing);
}

#[tokio::test]
async fn a_call_without_a_token_is_unauthenticated() {
    let site = site(|_| ());

    let refused = site.call(SAY, Request::new(HealthCheckRequest::default())).await.unwrap_err();

    assert_eq!(refused.code(), Code::Unauthenticated);
    assert_eq!(reason(&refused), "TOKEN_MISSING");
}

#[tokio::test]
async fn a_bad_token_is_unauthenticated() {
    let site = site(|_| ());
    for (token, expected) in [("Bearer nonsense", "TOKEN_INVALID"), ("Basic YTpi", "TOKEN_INVALID")]
    {
        let mut request = Request::new(HealthCheckRequest::default());
        request.metadata_mut().insert("authorization", token.parse().unwrap());

        let refused = site.call(SAY, request).await.unwrap_err();

        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::Unauthenticated, expected));
    }
}

#[tokio::test]
async fn the_handler_learns_who_calls() {
    let site = site(|_| ());

    let answered = site.call(SAY, site.request("agent:li-wei")).await;

    assert!(answered.is_ok(), "{answered:?}");
}

#[tokio::test]
async fn the_wrong_role_is_refused() {
    let site = site(|_| ());

    let refused = site.call(SAY, site.request_as(Role::Gateway, "")).await.unwrap_err();

    assert_eq!(refused.code(), Code::PermissionDenied);
    assert_eq!(reason(&refused), "ROLE_NOT_ALLOWED");
}

#[tokio::test]
async fn an_unknown_method_is_unimplemented() {
    let site = site(|_| ());

    for path in ["/test.Echo/Shout", "/test.Nothing/Say"] {
        let refused = site.call(path, site.request("")).await.unwrap_err();

        assert_eq!(refused.code(), Code::Unimplemented, "{path}");
    }
}

#[tokio::test]
async fn reflection_is_there_only_on_request_and_for_those_with_a_token() {
    let (closed, open) = (site(|_| ()), site(|config| config.server.reflection = true));
    let anonymous = || Request::new(HealthCheckRequest::default());

    let without = closed.call(REFLECT, closed.request("")).await;
    let with = open.call(REFLECT, open.request("")).await;
    let stranger = open.call(REFLECT, anonymous()).await;

    assert_eq!(without.unwrap_err().code(), Code::Unimplemented);
    let refused = [Code::Unimplemented, Code::Unauthenticated];
    assert!(with.as_ref().err().is_none_or(|it| !refused.contains(&it.code())), "{with:?}");
    assert_eq!(stranger.unwrap_err().code(), Code::Unauthenticated);
}

#[tokio::test]
async fn a_message_above_the_limit_is_refused() {
    let site = site(|_| ());
    // A text of that length takes four more bytes on the wire: its tag and its length.
    let largest = "x".repeat(64 * 1024 - 4);

    let fits = site.call(SAY, site.request(&largest)).await;
    let refused = site.call(SAY, site.request(&format!("{largest}x"))).await.unwrap_err();

    assert_eq!(fits.unwrap_err().code(), Code::InvalidArgument, "the handler has seen it");
    assert_eq!(refused.code(), Code::ResourceExhausted);
    assert_eq!(reason(&refused), "MESSAGE_TOO_LARGE");
}

#[tokio::test]
async fn a_connection_is_told_its_limits() {
    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    let site = site(|_| ());
    let mut stream = TcpStream::connect(site.running.address).await.unwrap();
    stream.write_all(PREFACE).await.unwrap();

    let mut head = [0; 9];
    stream.read_exact(&mut head).await.unwrap();
    let mut settings = vec![0; usize::from(head[2])];
    stream.read_exact(&mut settings).await.unwrap();

    let streams = [0, 3, 0, 0, 0, 100];
    let header_bytes = [0, 6, 0, 0, 0x40, 0];
    for setting in [streams, header_bytes] {
        assert!(settings.chunks(6).any(|sent| sent == setting), "{settings:?}");
    }
}

#[tokio::test]
async fn headers_above_the_limit_are_refused() {
    let site = site(|_| ());
    let mut request = site.request("agent:li-wei");
    request.metadata_mut().insert("large", "x".repeat(17 * 1024).parse().unwrap());

    let refused = site.call(SAY, request).await;

    assert!(refused.is_err());
}

#[tokio::test]
async fn a_handler_that_hangs_or_panics_still_answers() {
    let site = site(|_| ());

    let late = site.call(SLEEP, site.request("")).await.unwrap_err();
    let broken = site.call(PANIC, site.request("")).await.unwrap_err();

    assert_eq!((late.code(), reason(&late).as_str()), (Code::DeadlineExceeded, "TOO_SLOW"));
    assert_eq!((broken.code(), reason(&broken).as_str()), (Code::Internal, "INTERNAL"));
}

#[tokio::test]
async fn an_open_stream_ends_on_shutdown_and_the_server_drains() {
    let site = site(|_| ());
    let mut stream = site.watch(site.request("")).await;
    stream.message().await.unwrap().expect("a first message");

    site.tasks.shutdown().trigger();
    let ended = stream.message().await.unwrap_err();
    site.tasks.drain(site.shutdown.drain).await;

    assert_eq!((ended.code(), reason(&ended).as_str()), (Code::Unavailable, "SHUTTING_DOWN"));
    assert!(TcpStream::connect(site.running.address).await.is_err());
}

#[tokio::test]
async fn a_stream_ends_when_its_token_expired_and_the_grace_is_over() {
    let site = site(|config| config.auth.stream_grace = Duration::ZERO);
    let token = format!("Bearer {}", site.token(Role::Agent, Duration::from_secs(2)));
    let mut request = Request::new(HealthCheckRequest::default());
    request.metadata_mut().insert("authorization", token.parse().unwrap());
    let mut stream = site.watch(request).await;
    stream.message().await.unwrap().expect("a first message");

    let ended = stream.message().await.unwrap_err();

    assert_eq!((ended.code(), reason(&ended).as_str()), (Code::Unauthenticated, "TOKEN_EXPIRED"));
}

#[tokio::test]
async fn a_browser_calls_over_grpc_web_from_an_allowed_origin() {
    let site = site(|config| config.server.cors_origins = vec!["https://desk.example".to_owned()]);
    let head = "POST /grpc.health.v1.Health/Check HTTP/1.1\r\nhost: localhost\r\n\
                origin: https://desk.example\r\ncontent-type: application/grpc-web+proto\r\n\
                connection: close\r\ncontent-length: 5\r\n\r\n\0\0\0\0\0";

    let answer = talk(&site, head).await;

    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("access-control-allow-origin: https://desk.example"), "{answer}");
    assert!(answer.contains("grpc-status:0"), "{answer}");
}

#[tokio::test]
async fn a_foreign_origin_gets_no_permission() {
    let site = site(|config| config.server.cors_origins = vec!["https://desk.example".to_owned()]);
    let head = "OPTIONS /test.Echo/Say HTTP/1.1\r\nhost: localhost\r\n\
                origin: https://elsewhere.example\r\naccess-control-request-method: POST\r\n\
                connection: close\r\n\r\n";

    let answer = talk(&site, head).await;

    assert!(!answer.contains("access-control-allow-origin"), "{answer}");
}

#[tokio::test]
async fn a_message_that_cannot_be_read_is_the_callers_fault() {
    let site = site(|_| ());
    let token = site.token(Role::Agent, Duration::from_hours(1));
    // A field of unknown length, and a text that is no UTF-8.
    for damaged in [&b"\0\0\0\0\x02\xff\xff"[..], b"\0\0\0\0\x03\x0a\x01\xff"] {
        let head = format!(
            "POST {SAY} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
             content-type: application/grpc-web+proto\r\nconnection: close\r\n\
             content-length: {}\r\n\r\n",
            damaged.len()
        );
        let answer = talk(&site, &[head.as_bytes(), damaged].concat()).await;
        assert!(answer.contains("grpc-status: 3"), "{answer}");
        assert!(answer.contains("grpc-status-details-bin"), "{answer}");
    }
}

async fn talk(site: &Site, request: impl AsRef<[u8]>) -> String {
    let mut stream = TcpStream::connect(site.running.address).await.unwrap();
    stream.write_all(request.as_ref()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn calls_are_counted_by_method_and_code() {
    let telemetry = Telemetry::metrics_only(&Config::defaults().telemetry).unwrap();
    let site = site(|_| ());

    site.call(SAY, site.request("agent:li-wei")).await.unwrap();
    site.call(SAY, site.request_as(Role::Gateway, "")).await.unwrap_err();
    site.call("/test.Echo/Invented", site.request("")).await.unwrap_err();
    let anonymous = Request::new(HealthCheckRequest::default());
    site.call("/test.Echo/Invented", anonymous).await.unwrap_err();

    let text = telemetry.metrics_text();
    for line in [
        "rpc_requests_total{code=\"Ok\",method=\"/test.Echo/Say\"} 1",
        "rpc_requests_total{code=\"PermissionDenied\",method=\"/test.Echo/Say\"} 1",
        "rpc_requests_total{code=\"Unimplemented\",method=\"unknown\"} 2",
        "rpc_duration_seconds_count{code=\"Ok\",method=\"/test.Echo/Say\"} 1",
    ] {
        assert!(text.contains(line), "no `{line}` in\n{text}");
    }
    assert!(!text.contains("Invented"), "clients invent labels in\n{text}");
}
