//! Systems outside that flows may ask.

use std::time::Duration;

use crate::ids::EndpointId;

/// A system outside that answers questions over HTTP with JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// Where it answers.
    pub url: String,
    /// How it is asked.
    pub method: Method,
    /// The file that holds the value of the `Authorization` header; the value itself is no part of a
    /// center.
    pub credential: Option<String>,
    /// The most a single attempt may take.
    pub attempt: Duration,
    /// When it is left alone for a while.
    pub breaker: Breaker,
}

/// How values are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// In the query of the address; secrets are refused here, for addresses are written to logs.
    Get,
    /// As a JSON object in the body.
    Post,
}

/// A circuit breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// After so many failures in a row nothing is asked.
    pub failures: u32,
    /// For so long; then one request tries whether it answers again.
    pub pause: Duration,
}
