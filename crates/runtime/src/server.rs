//! The gRPC server around the services' routes: limits, identity, measurement, an orderly end.
//!
//! One port serves gRPC (HTTP/2 without TLS) and gRPC-Web. From outside to inside, a request meets
//! CORS, gRPC-Web, measurement, the time limit, the end of streams, the guard, the size limit.

mod health;
mod limits;
mod refusal;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use http::{HeaderName, HeaderValue, Method};
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::server::TcpIncoming;
use tonic_web::GrpcWebLayer;
use tower_http::cors::CorsLayer;

use crate::auth::{AccessPolicy, Authenticator, Guard, guard, limit_lifetime};
use crate::config::{Config, ServerConfig, ShutdownConfig};
use crate::shutdown::Shutdown;
use crate::tasks::Tasks;
use crate::telemetry::{RpcMetrics, observe};

pub use health::Health;
pub use refusal::refusal;

/// What the server serves, and who may call it.
pub struct App {
    /// The services.
    pub routes: Routes,
    /// Who verifies tokens.
    pub authenticator: Arc<Authenticator>,
    /// Which role may call what.
    pub policy: Arc<dyn AccessPolicy>,
    /// The contract, as an encoded descriptor set, for reflection.
    pub descriptors: &'static [u8],
}

/// A server that accepts connections.
#[derive(Clone, Debug)]
pub struct Running {
    /// The bound address.
    pub address: SocketAddr,
    /// What health probes are told.
    pub health: Health,
}

/// Says why the server did not start.
#[derive(Debug, Error)]
pub enum ServerError {
    /// The address cannot be bound.
    #[error("cannot listen on {address} (`server.listen`)")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The contract for reflection cannot be read.
    #[error("cannot serve the contract by reflection")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// An origin is no header value.
    #[error("`{0}` in `server.cors_origins` is no origin")]
    BadOrigin(String),
}

/// Starts serving in the background, until the shutdown. Call it within a runtime.
pub fn serve(config: &Config, app: App, tasks: &Tasks) -> Result<Running, ServerError> {
    let listen = config.server.listen;
    let bind = |source| ServerError::Bind { address: listen, source };
    let incoming = TcpIncoming::bind(listen).map_err(bind)?.with_nodelay(Some(true));
    let address = incoming.local_addr().map_err(bind)?;
    let ending = CancellationToken::new();
    let health = Health::new();
    let router = router(&config.server, app, &health, &ending)?;
    let mut transport = limits::transport(&config.server);
    let (shutdown, timing) = (tasks.shutdown().clone(), config.shutdown.clone());
    let last_words = announce_end(shutdown.clone(), timing.lame_duck, health.clone());
    let serving = transport
        .add_routes(Routes::from(router))
        .serve_with_incoming_shutdown(incoming, last_words);
    tasks.spawn_draining("server.serve", async move {
        let served = async {
            if let Err(error) = serving.await {
                tracing::error!(%error, "the server broke off");
                shutdown.trigger();
            }
            ending.cancel();
        };
        tokio::join!(served, end_streams(shutdown.clone(), timing, ending.clone()));
    });
    tracing::info!(%address, "serving");
    Ok(Running { address, health })
}

/// On shutdown, tells health probes first and lets the load balancers notice.
async fn announce_end(shutdown: Shutdown, lame_duck: Duration, health: Health) {
    shutdown.triggered().await;
    health.end().await;
    tokio::time::sleep(lame_duck).await;
}

/// On shutdown, ends open streams after their grace, for they would keep the server for ever.
async fn end_streams(shutdown: Shutdown, timing: ShutdownConfig, ending: CancellationToken) {
    shutdown.triggered().await;
    tokio::time::sleep(timing.lame_duck + timing.stream_grace).await;
    ending.cancel();
}

fn router(
    config: &ServerConfig,
    app: App,
    health: &Health,
    ending: &CancellationToken,
) -> Result<Router, ServerError> {
    let mut all = app.routes.add_service(health.service());
    if config.reflection {
        let contract = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(app.descriptors)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        all = all.add_service(contract().build_v1()?).add_service(contract().build_v1alpha()?);
    }
    let guard_state = Guard { authenticator: app.authenticator, policy: app.policy };
    // The last one added is the outermost. Unknown services meet none of them.
    let router = all
        .into_axum_router()
        .route_layer(from_fn_with_state(config.max_message_bytes, limits::limit_messages))
        .route_layer(from_fn_with_state(guard_state, guard))
        .route_layer(from_fn_with_state(ending.clone(), limit_lifetime))
        .route_layer(from_fn_with_state(config.call_timeout, limits::limit_time))
        .route_layer(from_fn_with_state(RpcMetrics::new(), observe))
        .route_layer(GrpcWebLayer::new());
    Ok(if config.cors_origins.is_empty() { router } else { router.layer(cors(config)?) })
}

fn cors(config: &ServerConfig) -> Result<CorsLayer, ServerError> {
    let origin = |text: &String| {
        HeaderValue::from_str(text).map_err(|_| ServerError::BadOrigin(text.clone()))
    };
    let origins: Vec<HeaderValue> =
        config.cors_origins.iter().map(origin).collect::<Result<_, _>>()?;
    Ok(CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::POST])
        .allow_headers(
            [
                "authorization",
                "content-type",
                "grpc-timeout",
                "traceparent",
                "x-grpc-web",
                "x-user-agent",
            ]
            .map(HeaderName::from_static),
        )
        .expose_headers(
            ["grpc-status", "grpc-message", "grpc-status-details-bin"].map(HeaderName::from_static),
        )
        .max_age(Duration::from_hours(1)))
}

#[cfg(test)]
mod tests;
