//! Limits on what one client can make the server hold: streams, headers, messages, time.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt;
use http::HeaderMap;
use http_body::Frame;
use tonic::transport::Server;
use tonic::{Code, Status};

use crate::config::ServerConfig;
use crate::server::refusal;

/// A message's frame: one byte of flags, four bytes of length.
const FRAME_HEAD: usize = 5;

/// Sets what the transport can limit.
///
/// Unset limits are not the defaults of the HTTP/2 library below: tonic passes `None` on, which
/// switches off the library's own bounds on concurrent streams and on reset streams.
pub(crate) fn transport(config: &ServerConfig) -> Server {
    Server::builder()
        .accept_http1(true)
        .max_concurrent_streams(config.max_streams_per_connection)
        .http2_max_header_list_size(config.max_header_bytes)
        .http2_max_pending_accept_reset_streams(Some(config.max_pending_resets))
        .http2_max_local_error_reset_streams(Some(config.max_error_resets))
        .http2_keepalive_interval(Some(config.keepalive_interval))
        .http2_keepalive_timeout(Some(config.keepalive_timeout))
        .max_connection_age(config.max_connection_age)
        .max_connection_age_grace(config.max_connection_age_grace)
}

/// Bounds the time to the answer, or to the first answer of a stream; catches a handler's panic.
pub(crate) async fn limit_time(
    State(limit): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(limit, answer).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panic)) => broken(&path).into_http(),
        Err(_late) => late(&path).into_http(),
    }
}

fn broken(path: &str) -> Status {
    tracing::error!(path, "a handler panicked");
    refusal(Code::Internal, "INTERNAL", "something broke on our side".to_owned())
}

fn late(path: &str) -> Status {
    tracing::warn!(path, "a call took too long, so it was given up");
    refusal(Code::DeadlineExceeded, "TOO_SLOW", "the call took too long".to_owned())
}

/// Refuses messages above the limit as soon as their length is known, before they are buffered.
pub(crate) async fn limit_messages(
    State(limit): State<u32>,
    request: Request,
    next: Next,
) -> Response {
    let bounded = |inner| Body::new(Bounded { inner, frames: Frames::new(limit) });
    let response = next.run(request.map(bounded)).await;
    unreadable(response.headers()).map_or(response, Status::into_http)
}

/// Recognises what the library says when it cannot read a request, which it takes for its own fault:
/// alone among all errors it has no details.
fn unreadable(headers: &HeaderMap) -> Option<Status> {
    let status = Status::from_header_map(headers)?;
    if status.code() != Code::Internal || !status.details().is_empty() {
        return None;
    }
    let message = format!("the message cannot be read: {}", status.message());
    Some(refusal(Code::InvalidArgument, "MALFORMED_MESSAGE", message))
}

struct Bounded {
    inner: Body,
    frames: Frames,
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
            && let Err(status) = self.frames.scan(data)
        {
            return Poll::Ready(Some(Err(axum::Error::new(*status))));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }
}

/// Follows the frames of a body that arrives in arbitrary pieces.
struct Frames {
    limit: u32,
    head: [u8; FRAME_HEAD],
    head_filled: usize,
    body_left: usize,
}

impl Frames {
    fn new(limit: u32) -> Self {
        Self { limit, head: [0; FRAME_HEAD], head_filled: 0, body_left: 0 }
    }

    fn scan(&mut self, mut piece: &[u8]) -> Result<(), Box<Status>> {
        while !piece.is_empty() {
            if self.head_filled == FRAME_HEAD {
                let skipped = self.body_left.min(piece.len());
                self.body_left -= skipped;
                piece = &piece[skipped..];
            } else {
                self.head[self.head_filled] = piece[0];
                self.head_filled += 1;
                piece = &piece[1..];
                self.check_head()?;
            }
            if self.head_filled == FRAME_HEAD && self.body_left == 0 {
                self.head_filled = 0;
            }
        }
        Ok(())
    }

    fn check_head(&mut self) -> Result<(), Box<Status>> {
        let [_, length @ ..] = self.head;
        let length = u32::from_be_bytes(length);
        if self.head_filled < FRAME_HEAD {
            return Ok(());
        }
        if length > self.limit {
            let message =
                format!("a message has at most {} bytes, this one has {length}", self.limit);
            return Err(Box::new(refusal(Code::ResourceExhausted, "MESSAGE_TOO_LARGE", message)));
        }
        self.body_left = usize::try_from(length).unwrap_or(usize::MAX);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(length: u32) -> Vec<u8> {
        let mut bytes = vec![0];
        bytes.extend(length.to_be_bytes());
        bytes.resize(FRAME_HEAD + length as usize, 7);
        bytes
    }

    #[test]
    fn messages_up_to_the_limit_pass_in_pieces_of_any_size() {
        let stream = [frame(10), frame(0), frame(3), frame(10)].concat();
        for size in 1..=stream.len() {
            let mut frames = Frames::new(10);

            assert!(
                stream.chunks(size).all(|piece| frames.scan(piece).is_ok()),
                "pieces of {size}"
            );
        }
    }

    #[test]
    fn one_byte_more_is_refused_at_its_head() {
        let stream = [frame(10), frame(11)[..FRAME_HEAD].to_vec()].concat();

        let refused = Frames::new(10).scan(&stream).unwrap_err();

        assert_eq!(refused.code(), Code::ResourceExhausted);
    }
}
