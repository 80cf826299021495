//! Logs, traces and metrics of one process.

pub mod metrics;
mod rpc;
mod trace_context;

use std::io::{self, IsTerminal as _};
use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use opentelemetry::global;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use prometheus::{Registry, TextEncoder};
use thiserror::Error;
use tokio::net::TcpListener;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::config::{LogFormat, TelemetryConfig};
use crate::tasks::Tasks;

pub(crate) use rpc::{RpcMetrics, observe};
pub use trace_context::{current_traceparent, set_parent};

/// Says why telemetry did not start.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// The log filter cannot be read.
    #[error("`telemetry.log_filter` cannot be read")]
    BadFilter(#[from] tracing_subscriber::filter::ParseError),
    /// The exporter of traces cannot be made.
    #[error("cannot export traces to `telemetry.otlp_endpoint`")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
    /// The metrics cannot be collected.
    #[error("cannot collect metrics")]
    Metrics(#[from] opentelemetry_sdk::error::OTelSdkError),
    /// Something else already receives this process's log lines.
    #[error("telemetry has been started already")]
    AlreadyStarted(#[from] tracing_subscriber::util::TryInitError),
}

/// Running telemetry; stop it last, so that the last spans are sent.
#[derive(Debug)]
pub struct Telemetry {
    registry: Registry,
    meters: SdkMeterProvider,
    tracers: Option<SdkTracerProvider>,
}

impl Telemetry {
    /// Starts logs, metrics and, when an endpoint is set, traces. Call it once, within a runtime.
    pub fn start(config: &TelemetryConfig) -> Result<Self, TelemetryError> {
        let filter = EnvFilter::try_new(&config.log_filter)?;
        let tracers = tracers(config)?;
        let spans = tracers.as_ref().map(|provider| {
            tracing_opentelemetry::layer().with_tracer(provider.tracer("switchboard"))
        });
        let telemetry = Self::metrics_only(config)?;
        tracing_subscriber::registry()
            .with(spans)
            .with(log_lines(config))
            .with(filter)
            .try_init()?;
        Ok(Self { tracers, ..telemetry })
    }

    /// Starts metrics alone, for tests: log lines go wherever the test sends them.
    pub fn metrics_only(config: &TelemetryConfig) -> Result<Self, TelemetryError> {
        let registry = Registry::new();
        let exporter = opentelemetry_prometheus::exporter()
            .with_registry(registry.clone())
            .scope_info_enabled(false)
            .build()?;
        let resource = resource(config);
        let meters =
            SdkMeterProvider::builder().with_reader(exporter).with_resource(resource).build();
        global::set_meter_provider(meters.clone());
        Ok(Self { registry, meters, tracers: None })
    }

    /// Gives all metrics in the text format of Prometheus.
    pub fn metrics_text(&self) -> String {
        render(&self.registry)
    }

    /// Serves `/metrics` and gives the bound address.
    pub async fn serve_metrics(
        &self,
        address: SocketAddr,
        tasks: &Tasks,
    ) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind(address).await?;
        let bound = listener.local_addr()?;
        let registry = self.registry.clone();
        let router = Router::new().route("/metrics", get(async move || render(&registry)));
        tasks.spawn("telemetry.serve_metrics", async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "metrics are no longer served");
            }
        });
        Ok(bound)
    }

    /// Sends what is left and stops.
    pub fn stop(self) {
        for outcome in
            [self.tracers.map(|tracers| tracers.shutdown()), Some(self.meters.shutdown())]
        {
            if let Some(Err(error)) = outcome {
                tracing::warn!(%error, "telemetry did not stop well");
            }
        }
    }
}

fn resource(config: &TelemetryConfig) -> Resource {
    Resource::builder().with_service_name(config.service_name.clone()).build()
}

fn tracers(config: &TelemetryConfig) -> Result<Option<SdkTracerProvider>, TelemetryError> {
    if config.otlp_endpoint.is_empty() {
        return Ok(None);
    }
    let exporter =
        SpanExporter::builder().with_tonic().with_endpoint(&config.otlp_endpoint).build()?;
    let share = Sampler::TraceIdRatioBased(config.trace_share);
    let provider = SdkTracerProvider::builder()
        .with_sampler(Sampler::ParentBased(Box::new(share)))
        .with_resource(resource(config))
        .with_batch_exporter(exporter)
        .build();
    Ok(Some(provider))
}

/// Log lines go to the error stream: the other one belongs to a command's own output.
fn log_lines<S>(config: &TelemetryConfig) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'span> tracing_subscriber::registry::LookupSpan<'span>,
{
    let lines = fmt::layer().with_writer(io::stderr);
    // In colour for people only, and not for those who set NO_COLOR, which the layer knows.
    let lines = if io::stderr().is_terminal() { lines } else { lines.with_ansi(false) };
    match config.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    }
}

fn render(registry: &Registry) -> String {
    TextEncoder::new().encode_to_string(&registry.gather()).unwrap_or_else(|error| {
        tracing::error!(%error, "metrics cannot be written as text");
        String::new()
    })
}

#[cfg(test)]
mod tests;
