//! Rate, errors and duration of every RPC, and a span for each.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http_body::Frame;
use tonic::Code;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use crate::clock::Stopwatch;
use crate::telemetry::metrics::{Counter, Durations, counter, durations};
use crate::telemetry::set_parent;

/// The instruments of all RPCs.
#[derive(Clone, Debug)]
pub(crate) struct RpcMetrics {
    requests: Counter,
    duration: Durations,
}

impl RpcMetrics {
    pub(crate) fn new() -> Self {
        Self {
            requests: counter("rpc_requests", "Calls and streams that ended, by method and code."),
            duration: durations("rpc_duration", "Time from request to end, by method and code."),
        }
    }
}

/// Measures a request until its answer has been sent whole, or dropped.
pub(crate) async fn observe(
    State(metrics): State<RpcMetrics>,
    request: Request,
    next: Next,
) -> Response {
    let span = span(&request);
    let method = request.uri().path().to_owned();
    let mut measured = Measurement {
        metrics,
        method,
        stopwatch: Stopwatch::start(),
        code: None,
        span: span.clone(),
    };
    let response = next.run(request).instrument(span).await;
    measured.note(response.headers());
    response.map(|inner| Body::new(Observed { inner, measured }))
}

fn span(request: &Request) -> Span {
    let path = request.uri().path();
    let span = tracing::info_span!(
        "rpc",
        otel.name = path.trim_start_matches('/'),
        otel.kind = "server",
        rpc.system = "grpc",
        rpc.method = path,
        rpc.grpc.status_code = Empty,
        caller = Empty,
    );
    if let Some(Ok(parent)) = request.headers().get("traceparent").map(http::HeaderValue::to_str) {
        set_parent(&span, parent);
    }
    span
}

/// One request under measurement; recorded when it is dropped.
struct Measurement {
    metrics: RpcMetrics,
    method: String,
    stopwatch: Stopwatch,
    code: Option<Code>,
    span: Span,
}

impl Measurement {
    /// Takes the status from headers or trailers, when they have it.
    fn note(&mut self, headers: &HeaderMap) {
        if let Some(status) = headers.get("grpc-status") {
            self.code = Some(Code::from_bytes(status.as_bytes()));
        }
    }
}

impl Drop for Measurement {
    fn drop(&mut self) {
        // An answer that nobody read to its end was cancelled by the caller.
        let code = self.code.unwrap_or(Code::Cancelled);
        self.span.record("rpc.grpc.status_code", i32::from(code));
        // Clients choose the path, so a method that does not exist must not become a label.
        let method = if code == Code::Unimplemented { "unknown" } else { &self.method };
        let name = format!("{code:?}");
        let labels: &[_] = &[("method", method), ("code", name.as_str())];
        self.metrics.requests.add(1, labels);
        self.metrics.duration.record(self.stopwatch.elapsed(), labels);
    }
}

/// A body that watches for the trailers.
struct Observed {
    inner: Body,
    measured: Measurement,
}

impl HttpBody for Observed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(trailers) = frame.trailers_ref()
        {
            self.measured.note(trailers);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }
}
