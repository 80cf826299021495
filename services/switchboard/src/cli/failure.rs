//! What went wrong, said to a person, and the exit code that says it to a script.

use std::error::Error;
use std::io;
use std::process::ExitCode;

use switchboard_client::ConnectionError;
use switchboard_store::error::StoreError;
use switchboard_store::live_floor::FloorError;
use thiserror::Error;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::cli::output;
use crate::rollout::RolloutError;

/// The stable meanings of exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Failed = 1,
    NotUnderstood = 2,
    NotFound = 3,
    Conflict = 4,
    Unavailable = 5,
    Differs = 6,
}

/// A failure of our own making.
#[derive(Debug, Error)]
#[error("{text}")]
pub(crate) struct Told {
    exit: Exit,
    text: String,
}

/// Makes a failure with its exit code.
pub(crate) fn told(exit: Exit, text: impl Into<String>) -> anyhow::Error {
    Told { exit, text: text.into() }.into()
}

/// Tells a person and gives the exit code.
pub(crate) fn tell(error: &anyhow::Error) -> ExitCode {
    let is_closed = |cause: &(dyn Error + 'static)| {
        let io = cause.downcast_ref::<io::Error>();
        io.is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(is_closed) {
        // `switchboard call ls | head` has got what it wanted.
        return ExitCode::SUCCESS;
    }
    let exit = exit_of(error);
    // A difference is what was asked about, not something that went wrong.
    let prefix = if exit == Exit::Differs { "" } else { "error: " };
    output::message(&format!("{prefix}{}", sentence(error)));
    ExitCode::from(exit as u8)
}

/// Gives the exit code of a failure: that of the first cause that has one.
pub(crate) fn exit_of(error: &anyhow::Error) -> Exit {
    error.chain().find_map(of_cause).unwrap_or(Exit::Failed)
}

fn of_cause(cause: &(dyn Error + 'static)) -> Option<Exit> {
    if let Some(told) = cause.downcast_ref::<Told>() {
        return Some(told.exit);
    }
    if let Some(ConnectionError::BadAddress { .. }) = cause.downcast_ref() {
        return Some(Exit::NotUnderstood);
    }
    if let Some(store) = cause.downcast_ref::<StoreError>() {
        return Some(of_store(store));
    }
    if let Some(rollout) = cause.downcast_ref::<RolloutError>() {
        return match rollout {
            RolloutError::Occupied(_) => Some(Exit::Conflict),
            RolloutError::Store(store) => Some(of_store(store)),
            RolloutError::Floor(floor) => Some(of_floor(floor)),
        };
    }
    if let Some(floor) = cause.downcast_ref::<FloorError>() {
        return Some(of_floor(floor));
    }
    cause.downcast_ref::<Status>().map(|status| of_code(status.code()))
}

fn of_store(error: &StoreError) -> Exit {
    match error {
        StoreError::Unavailable(_) => Exit::Unavailable,
        StoreError::Conflict { .. } | StoreError::Taken { .. } => Exit::Conflict,
        StoreError::NotFound { .. } => Exit::NotFound,
        StoreError::Refused { .. } | StoreError::Corrupt { .. } => Exit::Failed,
    }
}

fn of_floor(error: &FloorError) -> Exit {
    match error {
        FloorError::Unavailable(_) => Exit::Unavailable,
        FloorError::Rejected(_) | FloorError::Corrupt { .. } => Exit::Failed,
    }
}

fn of_code(code: Code) -> Exit {
    match code {
        Code::InvalidArgument => Exit::NotUnderstood,
        Code::NotFound => Exit::NotFound,
        Code::AlreadyExists | Code::Aborted | Code::FailedPrecondition => Exit::Conflict,
        Code::Unavailable | Code::DeadlineExceeded => Exit::Unavailable,
        Code::Ok
        | Code::Cancelled
        | Code::Unknown
        | Code::PermissionDenied
        | Code::ResourceExhausted
        | Code::OutOfRange
        | Code::Unimplemented
        | Code::Internal
        | Code::DataLoss
        | Code::Unauthenticated => Exit::Failed,
    }
}

/// Says a failure with its causes, each once, as one sentence.
pub(crate) fn sentence(error: &anyhow::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.chain() {
        let status = cause.downcast_ref::<Status>();
        let part = status.map_or_else(|| cause.to_string(), of_status);
        // Many errors repeat their cause in their own words.
        if !parts.iter().any(|said| said.contains(&part)) {
            parts.push(part);
        }
        if status.is_some() {
            break;
        }
    }
    parts.join(": ")
}

fn of_status(status: &Status) -> String {
    let away = status.code() == Code::Unavailable && status.details().is_empty();
    if away {
        return "the server cannot be reached; is it running, and is --address right?".to_owned();
    }
    if status.code() == Code::Unimplemented {
        return "the server does not serve this; is its role among --roles?".to_owned();
    }
    let message = status.message();
    match status.get_error_details().error_info() {
        Some(info) => format!("{message} ({})", info.reason),
        None => format!("{message} ({:?})", status.code()),
    }
}

#[cfg(test)]
mod tests {
    use anyhow::{Context, anyhow};

    use super::*;

    #[test]
    fn each_kind_of_failure_has_its_exit_code() {
        let exit = |error: anyhow::Error| exit_of(&error) as u8;

        assert_eq!(exit(anyhow!("anything")), 1);
        assert_eq!(exit(Status::invalid_argument("x").into()), 2);
        assert_eq!(exit(Status::not_found("x").into()), 3);
        assert_eq!(exit(Status::aborted("x").into()), 4);
        assert_eq!(exit(Status::unavailable("x").into()), 5);
        assert_eq!(exit(StoreError::not_found("center demo").into()), 3);
        assert_eq!(exit(told(Exit::Conflict, "taken")), 4);
    }

    #[test]
    fn the_exit_code_shines_through_context() {
        let error = Err::<(), _>(Status::not_found("there is no such queue")).context("queue");

        assert_eq!(exit_of(&error.unwrap_err()), Exit::NotFound);
    }

    #[test]
    fn a_server_that_is_away_is_told_as_such() {
        let error = anyhow::Error::from(Status::unavailable("tcp connect error"));

        assert!(sentence(&error).contains("cannot be reached"));
    }

    #[test]
    fn causes_are_told_once() {
        let error = anyhow!("no such file").context("cannot read: no such file");

        assert_eq!(sentence(&error), "cannot read: no such file");
    }
}
