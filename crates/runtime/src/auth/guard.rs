//! Stands before every RPC: no token, no entry; the wrong role, no entry.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use switchboard_domain::caller::Role;
use tonic::{Code, Status};

use crate::auth::{AccessPolicy, Authenticator, Decision, Lifetime, TokenError, Verified};
use crate::server::refusal;

/// Paths that anybody may call.
const OPEN: &[&str] = &["/grpc.health.v1.Health/"];

/// What the guard knows.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) authenticator: Arc<Authenticator>,
    pub(crate) policy: Arc<dyn AccessPolicy>,
}

/// Lets a request through with its caller among the extensions, or refuses it.
pub(crate) async fn guard(
    State(guard): State<Guard>,
    mut request: Request,
    next: Next,
) -> Response {
    if OPEN.iter().any(|open| request.uri().path().starts_with(open)) {
        return next.run(request).await;
    }
    match guard.admit(request.uri().path(), request.headers()) {
        Ok(verified) => {
            let lifetime = Lifetime(guard.authenticator.remaining(&verified));
            tracing::Span::current().record("caller", verified.caller.actor());
            request.extensions_mut().insert(verified.caller);
            let mut response = next.run(request).await;
            response.extensions_mut().insert(lifetime);
            response
        }
        Err(status) => status.into_http(),
    }
}

impl Guard {
    fn admit(&self, path: &str, headers: &HeaderMap) -> Result<Verified, Status> {
        // First of all: metrics count refused tokens by path, and anybody can invent paths.
        if self.policy.decide(path, Role::Admin) == Decision::Unknown {
            return Err(no_such_rpc());
        }
        let verified = bearer(headers)
            .and_then(|token| self.authenticator.verify(token))
            .map_err(|error| unauthenticated(path, error))?;
        let role = verified.caller.role;
        match self.policy.decide(path, role) {
            Decision::Allow => Ok(verified),
            Decision::Deny => Err(refusal(
                Code::PermissionDenied,
                "ROLE_NOT_ALLOWED",
                format!("role {role} may not call this"),
            )),
            Decision::Unknown => Err(no_such_rpc()),
        }
    }
}

fn no_such_rpc() -> Status {
    refusal(Code::Unimplemented, "NO_SUCH_RPC", "there is no such call".to_owned())
}

fn bearer(headers: &HeaderMap) -> Result<&str, TokenError> {
    let header = headers.get(AUTHORIZATION).ok_or(TokenError::Missing)?;
    let text = header.to_str().map_err(|_| TokenError::Invalid("not text"))?;
    let (scheme, token) = text.split_once(' ').ok_or(TokenError::Invalid("no scheme"))?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(token.trim())
    } else {
        Err(TokenError::Invalid("not a bearer token"))
    }
}

fn unauthenticated(path: &str, error: TokenError) -> Status {
    // The exact cause is for our log only: it would tell a forger how far the forgery got.
    tracing::debug!(path, ?error, "refused a token");
    refusal(Code::Unauthenticated, error.reason(), error.to_string())
}
