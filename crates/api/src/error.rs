//! What an RPC answers instead of a result: a gRPC code, a stable reason, typed details.

mod details;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tonic::Code;

/// The domain of every reason, as `ErrorInfo` carries it.
pub const ERROR_DOMAIN: &str = "switchboard";

/// The longest value echoed back to the caller, in characters.
const MAX_ECHO: usize = 64;

/// A refusal on its way to the caller: of a unary call as a `Status`, within a stream as a message.
///
/// The message never holds the caller's own text; that travels in the metadata, out of the logs.
#[derive(Clone, Debug)]
pub struct ApiError(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    code: Code,
    reason: Cow<'static, str>,
    message: String,
    metadata: BTreeMap<String, String>,
    field: Option<Violation>,
    resource: Option<Resource>,
    retry_after: Option<Duration>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

#[derive(Clone, Debug)]
struct Violation {
    field: String,
    expected: String,
}

#[derive(Clone, Debug)]
struct Resource {
    kind: String,
    id: String,
}

impl ApiError {
    /// Makes a refusal with any code; the other builders say the usual ones.
    pub fn new(
        code: Code,
        reason: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self(Box::new(Parts {
            code,
            reason: reason.into(),
            message: message.into(),
            metadata: BTreeMap::new(),
            field: None,
            resource: None,
            retry_after: None,
            source: None,
        }))
    }

    /// Refuses the value of a field.
    pub fn invalid(field: &str, value: &str, expected: impl Into<String>) -> Self {
        Self::unexpected("INVALID_FIELD", field, expected).with("value", echo(value))
    }

    /// Refuses the value of a field without repeating it, because it may be personal or secret.
    pub fn invalid_unseen(field: &str, expected: impl Into<String>) -> Self {
        Self::unexpected("INVALID_FIELD", field, expected)
    }

    /// Says that a field must be set.
    pub fn missing(field: &str) -> Self {
        Self::unexpected("MISSING_FIELD", field, "a value")
    }

    /// Says that a field must be set, and what may stand in it.
    pub fn missing_one_of(field: &str, expected: impl Into<String>) -> Self {
        Self::unexpected("MISSING_FIELD", field, expected)
    }

    /// Says that there is no such record, or that it belongs to another tenant.
    pub fn not_found(kind: &str, id: &str) -> Self {
        let reason = format!("{}_NOT_FOUND", upper_snake(kind));
        Self::new(Code::NotFound, reason, format!("there is no such {kind}")).about(kind, id)
    }

    /// Says that such a record is already there.
    pub fn already_exists(kind: &str, id: &str) -> Self {
        let reason = format!("{}_ALREADY_EXISTS", upper_snake(kind));
        let message = format!("the {kind} is there already");
        Self::new(Code::AlreadyExists, reason, message).about(kind, id)
    }

    /// Says that the present state allows no such request; repeating it does not help.
    pub fn failed_precondition(reason: &'static str, message: impl Into<String>) -> Self {
        Self::new(Code::FailedPrecondition, reason, message)
    }

    /// Says that somebody else was faster: read again, then decide again.
    pub fn aborted(reason: &'static str, message: impl Into<String>) -> Self {
        Self::new(Code::Aborted, reason, message)
    }

    /// Says that a limit is reached.
    pub fn exhausted(reason: &'static str, message: impl Into<String>) -> Self {
        Self::new(Code::ResourceExhausted, reason, message)
    }

    /// Says that something needed is away; the same request may succeed after `retry_after`.
    pub fn unavailable(
        reason: &'static str,
        message: impl Into<String>,
        retry_after: Duration,
    ) -> Self {
        let mut error = Self::new(Code::Unavailable, reason, message);
        error.0.retry_after = Some(retry_after);
        error
    }

    /// Says that the credential is missing or not good.
    pub fn unauthenticated(reason: &'static str, message: impl Into<String>) -> Self {
        Self::new(Code::Unauthenticated, reason, message)
    }

    /// Says that the credential is good and does not allow this.
    pub fn permission_denied(reason: &'static str, message: impl Into<String>) -> Self {
        Self::new(Code::PermissionDenied, reason, message)
    }

    /// Says that something broke here; the particulars go to the log, and only there.
    pub fn internal(source: impl Error + Send + Sync + 'static) -> Self {
        tracing::error!(error = &source as &(dyn Error + 'static), "something broke");
        Self::new(Code::Internal, "INTERNAL", "something broke; it was logged").caused_by(source)
    }

    /// Adds a variable part.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.0.metadata.insert(key.to_owned(), value.into());
        self
    }

    /// Names the record it is about; an empty id names only its kind.
    #[must_use]
    pub fn about(mut self, kind: &str, id: &str) -> Self {
        let id = echo(id);
        if !id.is_empty() {
            self.0.metadata.insert(kind.replace(' ', "_"), id.clone());
        }
        self.0.resource = Some(Resource { kind: kind.to_owned(), id });
        self
    }

    /// Keeps the cause for the log; the caller never sees it.
    #[must_use]
    pub fn caused_by(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.0.source = Some(Arc::new(source));
        self
    }

    /// Puts the field below an outer one: `number` in `customer` is `customer.number`.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        if let Some(violation) = &mut self.0.field {
            violation.field = format!("{outer}.{}", violation.field);
            self.0.metadata.insert("field".to_owned(), violation.field.clone());
            self.0.message = refusal(&violation.field, &violation.expected);
        }
        self
    }

    /// Says the same in other words.
    #[must_use]
    pub(crate) fn saying(mut self, message: String) -> Self {
        self.0.message = message;
        self
    }

    /// Names the step of a macro, from 1, that is refused, and its move.
    #[must_use]
    pub(crate) fn in_step(self, macro_id: &str, number: usize, action: &str) -> Self {
        self.with("macro_id", macro_id)
            .with("macro_step", number.to_string())
            .with("macro_action", action)
    }

    /// Gives the gRPC code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Gives the stable reason.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Gives the variable parts.
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.0.metadata
    }

    fn unexpected(reason: &'static str, field: &str, expected: impl Into<String>) -> Self {
        let expected = expected.into();
        let mut error = Self::new(Code::InvalidArgument, reason, refusal(field, &expected))
            .with("field", field)
            .with("expected", expected.as_str());
        error.0.field = Some(Violation { field: field.to_owned(), expected });
        error
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)
    }
}

impl Error for ApiError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_ref().map(|source| {
            let source: &(dyn Error + 'static) = source.as_ref();
            source
        })
    }
}

fn refusal(field: &str, expected: &str) -> String {
    format!("`{field}` is refused: expected {expected}")
}

fn upper_snake(words: &str) -> String {
    words.to_ascii_uppercase().replace([' ', '-'], "_")
}

fn echo(value: &str) -> String {
    value.chars().take(MAX_ECHO).collect()
}

#[cfg(test)]
mod tests;
