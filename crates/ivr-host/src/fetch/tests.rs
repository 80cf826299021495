//! Claims about data dips, against a real server that is slow, fails, sends too much or sends away.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use switchboard_domain::center::{Breaker as Rules, Method};
use switchboard_domain::flow::{FetchField, RequestValue, Secret, ValueKind};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::*;

/// A system outside, and what it was asked.
struct System {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Question>>>,
    /// Ends with the test.
    _serving: JoinSet<()>,
}

/// One request, as the system saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Question {
    line: String,
    body: String,
    authorization: String,
    key: String,
}

impl System {
    /// Starts a system that answers its requests in this order, and the last way from then on.
    async fn start(replies: &[(u16, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let asked: Arc<Mutex<Vec<Question>>> = Arc::default();
        let replies: Vec<(u16, String)> =
            replies.iter().map(|(status, body)| (*status, (*body).to_owned())).collect();
        let (replies, count, seen) =
            (Arc::new(replies), Arc::new(AtomicUsize::new(0)), Arc::clone(&asked));
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (replies, count, seen) =
                    (Arc::clone(&replies), Arc::clone(&count), Arc::clone(&seen));
                let serve = service_fn(move |request| {
                    let number = count.fetch_add(1, Ordering::SeqCst).min(replies.len() - 1);
                    answer(request, replies[number].clone(), Arc::clone(&seen))
                });
                connections
                    .spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), serve));
            }
        });
        Self { address, asked, _serving: serving }
    }

    fn asked(&self) -> Vec<Question> {
        lock(&self.asked).clone()
    }

    fn endpoint(&self, method: Method) -> Endpoint {
        Endpoint {
            id: EndpointId::parse("shop").expect("an id"),
            url: format!("http://{}/orders", self.address),
            method,
            credential: None,
            attempt: Duration::from_secs(10),
            breaker: Rules { failures: 2, pause: Duration::from_secs(30) },
        }
    }
}

async fn answer(
    request: Request<Incoming>,
    (status, body): (u16, String),
    seen: Arc<Mutex<Vec<Question>>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let header = |name: &str| {
        let value = request.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (authorization, key) = (header("authorization"), header("idempotency-key"));
    let line = format!("{} {}", request.method(), request.uri());
    let sent = request.into_body().collect().await.expect("a body").to_bytes();
    let sent = String::from_utf8(sent.to_vec()).expect("a text");
    lock(&seen).push(Question { line, body: sent, authorization, key });
    if body == "never" {
        std::future::pending::<()>().await;
    }
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    if response.status().is_redirection() {
        let inside = "http://169.254.169.254/secrets".parse().expect("a value");
        response.headers_mut().insert(http::header::LOCATION, inside);
    }
    Ok(response)
}

fn fetcher(hosts: &[&str]) -> Fetcher {
    let hosts = hosts.iter().map(|&host| host.to_owned()).collect();
    Fetcher::new(&FetchConfig { hosts, ..FetchConfig::default() })
}

fn request(retries: u32) -> FetchRequest {
    FetchRequest {
        endpoint: EndpointId::parse("shop").expect("an id"),
        values: BTreeMap::from([("order".to_owned(), RequestValue::Text("4711".to_owned()))]),
        fields: vec![FetchField {
            name: "state".to_owned(),
            from: "order.state".to_owned(),
            kind: ValueKind::Text,
            optional: false,
        }],
        deadline: Duration::from_secs(10),
        retries,
    }
}

async fn ask(fetcher: &Fetcher, endpoint: &Endpoint, request: &FetchRequest) -> Answer {
    let tenant = TenantId::parse("demo").expect("an id");
    let errand = Errand { tenant: &tenant, endpoint, key: "call-1.7" };
    fetcher.fetch(errand, request).await
}

fn state(text: &str) -> Answer {
    Answer::Fetched(BTreeMap::from([("state".to_owned(), text.to_owned())]))
}

const SENT: (u16, &str) = (200, r#"{"order": {"state": "sent"}}"#);

#[tokio::test]
async fn a_reply_becomes_fields_and_the_question_is_asked_under_its_name() {
    let system = System::start(&[SENT]).await;
    let (fetcher, request) = (fetcher(&["127.0.0.1"]), request(0));

    let posted = ask(&fetcher, &system.endpoint(Method::Post), &request).await;
    let got = ask(&fetcher, &system.endpoint(Method::Get), &request).await;

    assert_eq!((posted, got), (state("sent"), state("sent")));
    let [post, get] = &system.asked()[..] else { panic!("{:?}", system.asked()) };
    assert_eq!((post.line.as_str(), post.key.as_str()), ("POST /orders", "call-1.7"));
    assert_eq!(post.body, r#"{"order":"4711"}"#);
    assert_eq!((get.line.as_str(), get.body.as_str()), ("GET /orders?order=4711", ""));
}

#[tokio::test]
async fn a_failure_that_may_pass_is_tried_again_and_a_refusal_is_not() {
    let failing = System::start(&[(503, ""), (429, ""), SENT]).await;
    let refusing = System::start(&[(404, "{}")]).await;
    let fetcher = fetcher(&["127.0.0.1"]);
    let mut patient = failing.endpoint(Method::Post);
    patient.breaker.failures = 9;

    let answered = ask(&fetcher, &patient, &request(2)).await;
    let refused = ask(&fetcher, &refusing.endpoint(Method::Post), &request(2)).await;

    assert_eq!((answered, failing.asked().len()), (state("sent"), 3));
    assert_eq!((refused, refusing.asked().len()), (Answer::Refused, 1));
    assert!(failing.asked().iter().all(|question| question.key == "call-1.7"));
}

#[tokio::test]
async fn a_system_that_is_slow_is_left_at_the_deadline() {
    let system = System::start(&[(200, "never")]).await;
    let endpoint = system.endpoint(Method::Post);
    let request = FetchRequest { deadline: Duration::from_millis(50), ..request(5) };

    let answer = ask(&fetcher(&["127.0.0.1"]), &endpoint, &request).await;

    assert_eq!(answer, Answer::Late);
}

#[tokio::test]
async fn an_attempt_that_is_slow_leaves_time_for_another() {
    let system = System::start(&[(200, "never"), SENT]).await;
    let mut endpoint = system.endpoint(Method::Post);
    endpoint.attempt = Duration::from_millis(300);
    endpoint.breaker.failures = 9;

    // More than one, for a busy machine may be slow itself.
    let answer = ask(&fetcher(&["127.0.0.1"]), &endpoint, &request(5)).await;

    assert_eq!(answer, state("sent"));
}

#[tokio::test]
async fn what_is_too_large_no_object_or_elsewhere_is_no_answer_and_is_not_asked_for_again() {
    let huge = format!(r#"{{"order": "{}"}}"#, "x".repeat(70_000));
    for reply in [(200, huge.as_str()), (200, "<html>"), (302, "")] {
        let system = System::start(&[reply]).await;

        let answer =
            ask(&fetcher(&["127.0.0.1"]), &system.endpoint(Method::Post), &request(3)).await;

        assert_eq!((answer, system.asked().len()), (Answer::Failed, 1), "{}", reply.0);
    }
}

#[tokio::test]
async fn a_system_that_fails_in_a_row_is_left_alone_and_only_that_one() {
    let (failing, well) = (System::start(&[(500, "")]).await, System::start(&[SENT]).await);
    let (fetcher, endpoint) = (fetcher(&["127.0.0.1"]), failing.endpoint(Method::Post));
    let other =
        Endpoint { id: EndpointId::parse("bank").expect("an id"), ..well.endpoint(Method::Post) };

    let failed = [
        ask(&fetcher, &endpoint, &request(1)).await,
        ask(&fetcher, &endpoint, &request(1)).await,
        ask(&fetcher, &endpoint, &request(1)).await,
    ];

    assert_eq!(failed, [Answer::Failed, Answer::Failed, Answer::Failed]);
    assert_eq!(failing.asked().len(), 2, "the first question opens the breaker");
    assert_eq!(ask(&fetcher, &other, &request(0)).await, state("sent"));
}

#[tokio::test]
async fn hosts_that_the_settings_do_not_name_are_never_reached() {
    let system = System::start(&[SENT]).await;
    let mut by_name = system.endpoint(Method::Post);
    by_name.url = format!("http://localhost:{}/", system.address.port());

    for hosts in [&["*"][..], &["shop.example"], &[]] {
        for endpoint in [&system.endpoint(Method::Post), &by_name] {
            assert_eq!(ask(&fetcher(hosts), endpoint, &request(0)).await, Answer::Failed);
        }
    }

    assert_eq!(system.asked(), []);
}

#[tokio::test]
async fn a_credential_comes_from_the_tenant_s_folder_and_from_nowhere_else() {
    let system = System::start(&[SENT]).await;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("demo")).expect("a folder");
    std::fs::write(folder.path().join("demo/shop-token"), "Bearer abc\n").expect("a file");
    std::fs::write(folder.path().join("other"), "Bearer xyz").expect("a file");
    let hosts = vec!["127.0.0.1".to_owned()];
    let credentials_dir = folder.path().to_path_buf();
    let fetcher = Fetcher::new(&FetchConfig { hosts, credentials_dir });
    let endpoint = |credential: &str| Endpoint {
        credential: Some(credential.to_owned()),
        ..system.endpoint(Method::Post)
    };

    let known = ask(&fetcher, &endpoint("shop-token"), &request(0)).await;
    for name in ["missing", "../other", "..", ""] {
        assert_eq!(ask(&fetcher, &endpoint(name), &request(0)).await, Answer::Failed, "{name}");
    }

    assert_eq!(known, state("sent"));
    let [question] = &system.asked()[..] else { panic!("{:?}", system.asked()) };
    assert_eq!(question.authorization, "Bearer abc");
}

#[tokio::test]
async fn a_secret_is_sent_in_the_body_and_never_in_an_address() {
    let system = System::start(&[SENT]).await;
    let secret = || {
        let value = RequestValue::Secret(Secret::new("4321".to_owned()));
        FetchRequest { values: BTreeMap::from([("pin".to_owned(), value)]), ..request(0) }
    };
    let fetcher = fetcher(&["127.0.0.1"]);

    let posted = ask(&fetcher, &system.endpoint(Method::Post), &secret()).await;
    let got = ask(&fetcher, &system.endpoint(Method::Get), &secret()).await;

    assert_eq!((posted, got), (state("sent"), Answer::Failed));
    let [question] = &system.asked()[..] else { panic!("{:?}", system.asked()) };
    assert_eq!(question.body, r#"{"pin":"4321"}"#);
}
