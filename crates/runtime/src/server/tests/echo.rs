//! A service with one method for each way of behaving.

use std::convert::Infallible;
use std::task::{Context, Poll};

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use switchboard_domain::caller::Caller;
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::{Request, Response, Status};
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse as Reply};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

type Answer = Result<Response<Reply>, Status>;
type Stream = BoxStream<'static, Result<Reply, Status>>;

/// `Say` checks its caller, `Sleep` never answers, `Panic` does, `Watch` says one thing and waits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Echo;

impl NamedService for Echo {
    const NAME: &'static str = "test.Echo";
}

impl Service<http::Request<Body>> for Echo {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let mut grpc = tonic::server::Grpc::new(ProstCodec::default());
        Box::pin(async move {
            Ok(match request.uri().path() {
                "/test.Echo/Say" => grpc.unary(service_fn(say), request).await,
                "/test.Echo/Sleep" => grpc.unary(service_fn(sleep), request).await,
                "/test.Echo/Panic" => grpc.unary(service_fn(break_down), request).await,
                "/test.Echo/Watch" => grpc.server_streaming(service_fn(watch), request).await,
                _ => Status::unimplemented("no such method").into_http(),
            })
        })
    }
}

async fn say(request: Request<HealthCheckRequest>) -> Answer {
    let caller: &Caller = request.extensions().get().expect("the guard has put it there");
    if caller.actor() == request.get_ref().service {
        Ok(Response::new(Reply::default()))
    } else {
        Err(Status::invalid_argument("somebody else was expected"))
    }
}

async fn sleep(_request: Request<HealthCheckRequest>) -> Answer {
    std::future::pending().await
}

async fn break_down(_request: Request<HealthCheckRequest>) -> Answer {
    panic!("on purpose")
}

async fn watch(_request: Request<HealthCheckRequest>) -> Result<Response<Stream>, Status> {
    let first = futures::stream::iter([Ok(Reply::default())]);
    Ok(Response::new(first.chain(futures::stream::pending()).boxed()))
}
