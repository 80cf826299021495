//! The edge over a real port, on a floor in memory that fails or is late when a test says so.

#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap as the tests do")]

mod changes;
mod support;
