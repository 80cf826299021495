//! A refusal in its three wire forms: `Status`, desktop reply, gateway refusal.

use std::collections::HashMap;

use tonic::Status;
use tonic_types::{ErrorDetails, StatusExt};

use super::{ApiError, ERROR_DOMAIN};
use crate::generated::{agent::v1 as agent, call::v1 as call};

impl From<ApiError> for Status {
    fn from(error: ApiError) -> Self {
        let details = error.details();
        let parts = *error.0;
        let mut status = Self::with_error_details(parts.code, parts.message, details);
        if let Some(source) = parts.source {
            status.set_source(source);
        }
        status
    }
}

impl ApiError {
    /// Gives the refusal as the reply to one request of a desktop's stream.
    pub fn to_desk_error(&self) -> agent::DeskError {
        agent::DeskError {
            code: self.0.code.into(),
            reason: self.0.reason.to_string(),
            message: self.0.message.clone(),
            metadata: self.0.metadata.clone(),
        }
    }

    /// Gives the refusal of one gateway event; `sequence` is 0 for anything else.
    pub fn to_rejected(&self, sequence: u64) -> call::Rejected {
        call::Rejected {
            sequence,
            reason: self.0.reason.to_string(),
            message: self.0.message.clone(),
            metadata: self.0.metadata.clone(),
        }
    }

    fn details(&self) -> ErrorDetails {
        let parts = &self.0;
        let metadata: HashMap<String, String> = parts.metadata.clone().into_iter().collect();
        let mut details =
            ErrorDetails::with_error_info(parts.reason.as_ref(), ERROR_DOMAIN, metadata);
        if let Some(violation) = &parts.field {
            let description = format!("expected {}", violation.expected);
            details.add_bad_request_violation(violation.field.as_str(), description);
        }
        if let Some(resource) = &parts.resource {
            details.set_resource_info(resource.kind.as_str(), resource.id.as_str(), "", "");
        }
        if parts.retry_after.is_some() {
            details.set_retry_info(parts.retry_after);
        }
        details
    }
}
