//! Ends streams whose time is over: the token expired, or the server ends.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http_body::Frame;
use tokio::time::{Sleep, sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::{Code, Status};

use crate::server::refusal;

/// How long the answer to a request may go on; the guard attaches it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifetime(pub(crate) Duration);

/// Puts an end to an answer that goes on for too long. Calls that answer at once never notice.
pub(crate) async fn limit_lifetime(
    State(ending): State<CancellationToken>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    if response.body().is_end_stream() {
        return response;
    }
    let lifetime = response.extensions().get::<Lifetime>().copied();
    response.map(|inner| {
        let expiry = lifetime.map(|Lifetime(span)| Box::pin(sleep(span)));
        let ending = Box::pin(ending.cancelled_owned());
        Body::new(Mortal { inner, expiry, ending, ended: false })
    })
}

/// A body that ends with a status when its time is over and nothing is left to send right away.
struct Mortal {
    inner: Body,
    expiry: Option<Pin<Box<Sleep>>>,
    ending: Pin<Box<WaitForCancellationFutureOwned>>,
    ended: bool,
}

impl Mortal {
    fn verdict(&mut self, context: &mut Context<'_>) -> Option<Status> {
        if self.expiry.as_mut().is_some_and(|expiry| expiry.as_mut().poll(context).is_ready()) {
            let message = "the token of this stream has expired".to_owned();
            return Some(refusal(Code::Unauthenticated, "TOKEN_EXPIRED", message));
        }
        self.ending.as_mut().poll(context).is_ready().then(|| {
            let message = "this server is shutting down; connect again".to_owned();
            refusal(Code::Unavailable, "SHUTTING_DOWN", message)
        })
    }
}

impl HttpBody for Mortal {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let body = &mut *self;
        if body.ended {
            return Poll::Ready(None);
        }
        if let Poll::Ready(frame) = Pin::new(&mut body.inner).poll_frame(context) {
            return Poll::Ready(frame);
        }
        let Some(status) = body.verdict(context) else { return Poll::Pending };
        body.ended = true;
        // Dropping the inner body tells the handler that nobody listens any more.
        body.inner = Body::empty();
        let mut trailers = HeaderMap::new();
        let written = status.add_header(&mut trailers);
        Poll::Ready(written.is_ok().then(|| Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.inner.is_end_stream()
    }
}
