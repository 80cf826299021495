//! The public contract in Rust; holds no rule of its own.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`call`], [`ivr`], [`callerid`], [`queue`] | generated from `proto/` |
//! | [`agent`], [`ticket`], [`supervisor`], [`recorder`], [`report`] | generated from `proto/` |
//! | [`followup`], [`touchpoint`], [`quality`] | generated from `proto/` |
//! | [`status`] | the one table from errors to gRPC |
//! | [`error`] | [`ApiError`], a refusal on its way to the caller |
//! | [`policy`] | the one table from RPCs to roles |
//! | [`caller`] | who makes a request |
//! | [`convert`] | between wire and domain, one file per subject |
//! | [`field`] | checks on single fields of requests |
//! | [`page`] | page sizes and page tokens |

pub mod caller;
pub mod convert;
pub mod error;
pub mod field;
mod generated;
pub mod page;
pub mod policy;
pub mod status;

pub use error::ApiError;
pub use generated::{
    DESCRIPTORS, agent, call, callerid, followup, ivr, quality, queue, recorder, report,
    supervisor, ticket, touchpoint,
};
