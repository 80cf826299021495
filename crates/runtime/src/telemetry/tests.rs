//! Metrics come out as Prometheus reads them, and traces cross a text.

use std::time::Duration;

use opentelemetry_sdk::trace::InMemorySpanExporter;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::config::Config;
use crate::shutdown::Shutdown;

#[tokio::test]
async fn metrics_are_served_in_seconds_and_without_noise() {
    let telemetry = Telemetry::metrics_only(&Config::defaults().telemetry).unwrap();
    metrics::counter("things", "Things.").add(2, &[("queue", "booking")]);
    metrics::gauge("waiting", "Waiting.").set(3.0, &[("queue", "booking")]);
    metrics::durations("wait", "Waits.").record(Duration::from_millis(20), &[]);
    let tasks = Tasks::new(Shutdown::new());

    let address = telemetry.serve_metrics("127.0.0.1:0".parse().unwrap(), &tasks).await.unwrap();
    let text = fetch(address).await;

    for line in [
        "things_total{queue=\"booking\"} 2",
        "waiting{queue=\"booking\"} 3",
        "wait_seconds_bucket{le=\"0.01\"} 0",
        "wait_seconds_bucket{le=\"0.025\"} 1",
    ] {
        assert!(text.contains(line), "no `{line}` in\n{text}");
    }
    tasks.shutdown().trigger();
    tasks.drain(Duration::from_secs(5)).await;
}

async fn fetch(address: SocketAddr) -> String {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[test]
fn a_trace_goes_on_behind_a_stored_text() {
    let spans = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(spans.clone()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));

    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        let stored = tracing::info_span!("before").in_scope(current_traceparent).unwrap();
        let after = tracing::info_span!("after");
        set_parent(&after, &stored);
        after.in_scope(|| ());
    });

    let spans = spans.get_finished_spans().unwrap();
    let (before, after) = (&spans[0], &spans[1]);
    assert_eq!(before.span_context.trace_id(), after.span_context.trace_id());
    assert_eq!(after.parent_span_id, before.span_context.span_id());
}

#[test]
fn without_traces_there_is_no_text() {
    assert_eq!(current_traceparent(), None);
    set_parent(&tracing::info_span!("alone"), "not a traceparent");
}
