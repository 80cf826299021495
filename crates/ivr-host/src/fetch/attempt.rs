//! One request to a system outside, within its bounds.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use switchboard_domain::center::Method;
use switchboard_domain::flow::RequestValue;
use zeroize::Zeroizing;

use super::hosts::Hosts;

/// The largest reply that is read.
const MAX_REPLY: usize = 64 * 1024;
/// How long connections are kept for the next request.
const IDLE: Duration = Duration::from_secs(30);

/// What came of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    /// The system answered with this body.
    Answered(Bytes),
    /// It understood and said no.
    Refused,
    /// It failed, or sent what nobody can use; asking again may help or not.
    Failed {
        /// Why, in one word; for logs and metrics.
        why: &'static str,
        /// Whether it may.
        may_pass: bool,
    },
}

impl Attempt {
    /// A failure that may have passed by the next attempt.
    pub(super) const fn passing(why: &'static str) -> Self {
        Self::Failed { why, may_pass: true }
    }

    /// A failure that the next attempt would meet again.
    pub(super) const fn lasting(why: &'static str) -> Self {
        Self::Failed { why, may_pass: false }
    }
}

/// What is sent.
pub(super) struct Asked<'a> {
    pub(super) uri: &'a Uri,
    pub(super) method: Method,
    pub(super) values: &'a BTreeMap<String, RequestValue>,
    /// The value of the `Authorization` header.
    pub(super) credential: Option<HeaderValue>,
    /// Names the question: the same for every attempt, so that the system can tell a repetition.
    pub(super) key: &'a str,
}

/// Sends requests. Follows no redirects: they would lead past what the settings allow.
pub(super) struct Client {
    http: HyperClient<HttpsConnector<HttpConnector<Hosts>>, Full<Bytes>>,
}

impl Client {
    /// Makes a client that reaches no other hosts.
    pub(super) fn new(hosts: Hosts) -> Self {
        let mut plain = HttpConnector::new_with_resolver(hosts);
        plain.enforce_http(false);
        plain.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .wrap_connector(plain);
        let http =
            HyperClient::builder(TokioExecutor::new()).pool_idle_timeout(IDLE).build(connector);
        Self { http }
    }

    /// Asks once. The caller bounds the time.
    pub(super) async fn send(&self, asked: &Asked<'_>) -> Attempt {
        let Some(request) = request(asked) else { return Attempt::lasting("request") };
        let Ok(response) = self.http.request(request).await else {
            return Attempt::passing("connection");
        };
        let status = response.status();
        if let Some(ended) = judged(status) {
            return ended;
        }
        match Limited::new(response.into_body(), MAX_REPLY).collect().await {
            Ok(body) => Attempt::Answered(body.to_bytes()),
            Err(error) if error.is::<http_body_util::LengthLimitError>() => {
                Attempt::lasting("too_large")
            }
            Err(_) => Attempt::passing("connection"),
        }
    }
}

/// Says what a status means; nothing where the body says more.
fn judged(status: StatusCode) -> Option<Attempt> {
    match status {
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
            Some(Attempt::passing("busy"))
        }
        status if status.is_success() => None,
        status if status.is_client_error() => Some(Attempt::Refused),
        status if status.is_redirection() => Some(Attempt::lasting("redirect")),
        _ => Some(Attempt::passing("status")),
    }
}

fn request(asked: &Asked<'_>) -> Option<Request<Full<Bytes>>> {
    let (uri, body) = match asked.method {
        Method::Get => (with_query(asked.uri, asked.values)?, Bytes::new()),
        Method::Post => (asked.uri.clone(), object(asked.values)?),
    };
    let method = match asked.method {
        Method::Get => http::Method::GET,
        Method::Post => http::Method::POST,
    };
    let mut request = Request::builder()
        .method(method)
        .uri(uri)
        .header(ACCEPT, "application/json")
        .header(HeaderName::from_static("idempotency-key"), asked.key);
    if asked.method == Method::Post {
        request = request.header(CONTENT_TYPE, "application/json");
    }
    if let Some(credential) = &asked.credential {
        request = request.header(AUTHORIZATION, credential);
    }
    request.body(Full::new(body)).ok()
}

/// Writes the values as a JSON object. What is left of it in our hands is wiped; the copy that goes
/// out lives until it is sent.
fn object(values: &BTreeMap<String, RequestValue>) -> Option<Bytes> {
    let plain: BTreeMap<&str, &str> =
        values.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();
    let text = Zeroizing::new(serde_json::to_vec(&plain).ok()?);
    Some(Bytes::copy_from_slice(&text))
}

/// Adds the values to an address. Nothing secret may stand there; the reader of centers refuses it,
/// and so does this.
fn with_query(uri: &Uri, values: &BTreeMap<String, RequestValue>) -> Option<Uri> {
    if values.values().any(RequestValue::is_secret) {
        return None;
    }
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let mut address = uri.to_string();
    let mut separator = if uri.query().is_some() { '&' } else { '?' };
    for (name, value) in values {
        address.push(separator);
        address.push_str(&format!("{}={}", encoded(name), encoded(value.expose())));
        separator = '&';
    }
    address.parse().ok()
}

#[cfg(test)]
mod tests {
    use switchboard_domain::flow::Secret;

    use super::*;

    #[test]
    fn values_stand_in_an_address_as_they_are_and_secrets_never_do() {
        let uri: Uri = "https://shop.example/orders?v=1".parse().expect("an address");
        let mut values = BTreeMap::from([
            ("order".to_owned(), RequestValue::Text("47&11=".to_owned())),
            ("who".to_owned(), RequestValue::Text("王 a".to_owned())),
        ]);

        let address = with_query(&uri, &values).map(|uri| uri.to_string());
        values.insert("pin".to_owned(), RequestValue::Secret(Secret::new("1234".to_owned())));

        let expected = "https://shop.example/orders?v=1&order=47%2611%3D&who=%E7%8E%8B%20a";
        assert_eq!(address.as_deref(), Some(expected));
        assert_eq!(with_query(&uri, &values), None);
    }

    #[test]
    fn each_status_has_its_meaning() {
        let meaning = |status: u16| judged(StatusCode::from_u16(status).expect("a status"));

        assert_eq!(meaning(200), None);
        assert_eq!(meaning(404), Some(Attempt::Refused));
        assert_eq!(meaning(302), Some(Attempt::lasting("redirect")));
        assert_eq!(meaning(429), Some(Attempt::passing("busy")));
        assert_eq!(meaning(503), Some(Attempt::passing("status")));
    }
}
