//! Refusals that the server itself makes, in the same shape as the services' own.

use std::collections::HashMap;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// The domain of every reason.
const DOMAIN: &str = "switchboard";

/// Makes a status with a stable reason for programs beside the message for people.
pub fn refusal(code: Code, reason: &'static str, message: String) -> Status {
    let details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::<String, String>::new());
    Status::with_error_details(code, message, details)
}
