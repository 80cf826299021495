//! The one table from errors to gRPC: what went wrong, and what the caller can do about it.
//!
//! | what went wrong | code | what the caller does |
//! | --- | --- | --- |
//! | a bad field | `INVALID_ARGUMENT` | corrects the request |
//! | an unknown id | `NOT_FOUND` | corrects the id |
//! | a name that another record bears | `ALREADY_EXISTS` | reads that record |
//! | an illegal move, a lost offer | `FAILED_PRECONDITION` | looks at the state |
//! | a stale session or etag, a lost race | `ABORTED` | signs in or reads again, then decides |
//! | somebody else's contact or offer | `PERMISSION_DENIED` | lets it be |
//! | a store or the epoch is away | `UNAVAILABLE` | sends the same again after the given time |
//! | a broken record | `INTERNAL` | tells the operator; the particulars are in the log |

use std::time::Duration;

use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::follow_up::FollowUpRejection;
use switchboard_domain::promise::PromiseError;
use switchboard_domain::quality::{EvaluationError, MarkError};
use switchboard_domain::survey::AnswerError;
use switchboard_domain::ticket::{
    LinkError, MAX_CHILDREN, MAX_LINKS, MacroError, MembershipError, ParentError, TicketError,
};
use switchboard_domain::touchpoint::TouchpointSettled;
use switchboard_store::dead_events::ReplayError;
use switchboard_store::error::StoreError;
use switchboard_store::live_floor::FloorError;
use switchboard_store::page::PageTokenError;
use switchboard_store::projection::ProjectionError;

use crate::error::ApiError;

/// When to try again while a store is away.
pub const STORE_RETRY: Duration = Duration::from_secs(1);

/// When to try again while the floor puts itself in order.
pub const FLOOR_RETRY: Duration = Duration::from_millis(200);

impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> Self {
        let (reason, message) = (rejection.code(), rejection.to_string());
        match rejection {
            Rejection::EpochClosed | Rejection::Recovering => {
                Self::unavailable(reason, message, FLOOR_RETRY)
            }
            Rejection::EpochUsed { current } | Rejection::StalePlan { current } => {
                Self::unavailable(reason, message, FLOOR_RETRY).with("current", current.to_string())
            }
            Rejection::NotInPlan { name } => {
                Self::failed_precondition(reason, message).with("name", name)
            }
            Rejection::UnknownContact => Self::not_found("contact", ""),
            Rejection::UnknownAgent => Self::not_found("agent", ""),
            Rejection::UnknownGateway => Self::not_found("gateway", ""),
            Rejection::UnknownOffer => Self::not_found("offer", ""),
            Rejection::OtherGateway | Rejection::OtherAgent => {
                Self::permission_denied(reason, message)
            }
            Rejection::StaleSession => Self::aborted(reason, message),
            Rejection::GatewayNotFresh => Self::failed_precondition(reason, message),
            Rejection::OfferClosed { outcome } => {
                Self::failed_precondition(reason, message).with("outcome", outcome.as_str())
            }
            Rejection::WrongState { state } | Rejection::AgentNotFree { state } => {
                Self::failed_precondition(reason, message).with("state", state)
            }
            Rejection::NoCallback { why } => {
                Self::failed_precondition(reason, message).with("why", why)
            }
            Rejection::ExtensionTooLong { limit } => {
                let accepted = format!("at most {limit} ms");
                Self::invalid("extension", "", &accepted).with("limit_ms", limit.to_string())
            }
        }
    }
}

impl From<FloorError> for ApiError {
    fn from(error: FloorError) -> Self {
        match error {
            FloorError::Rejected(rejection) => rejection.into(),
            FloorError::Unavailable(_) => {
                Self::unavailable("LIVE_STORE_UNAVAILABLE", error.to_string(), STORE_RETRY)
                    .caused_by(error)
            }
            FloorError::Corrupt { .. } => Self::internal(error),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Unavailable(_) => {
                Self::unavailable("STORE_UNAVAILABLE", error.to_string(), STORE_RETRY)
                    .caused_by(error)
            }
            StoreError::Conflict { what } => {
                let (kind, id) = kind_and_id(what);
                Self::aborted("CONFLICT", format!("the {kind} was changed or taken meanwhile"))
                    .about(kind, id)
            }
            StoreError::Taken { kind, name } => Self::already_exists(kind, name),
            StoreError::NotFound { what } => {
                let (kind, id) = kind_and_id(what);
                Self::not_found(kind, id)
            }
            StoreError::Refused { what, .. } => {
                Self::failed_precondition("REFUSED", "a rule of the store forbids it")
                    .with("rule", what.as_str())
                    .caused_by(error)
            }
            StoreError::Corrupt { .. } => Self::internal(error),
        }
    }
}

impl From<ProjectionError> for ApiError {
    fn from(error: ProjectionError) -> Self {
        match error {
            ProjectionError::OffsetMoved => Self::aborted("OFFSET_MOVED", error.to_string()),
            ProjectionError::Poison(_) => Self::internal(error),
            ProjectionError::Store(store) => store.into(),
        }
    }
}

impl From<ReplayError> for ApiError {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::StillPoison(_) => {
                Self::failed_precondition("STILL_UNREADABLE", error.to_string()).caused_by(error)
            }
            ReplayError::Store(store) => store.into(),
        }
    }
}

impl From<PromiseError> for ApiError {
    fn from(error: PromiseError) -> Self {
        let message = error.to_string();
        match error {
            PromiseError::Over { state } => {
                Self::failed_precondition("PROMISE_OVER", message).with("state", state.as_str())
            }
            PromiseError::TooLate { .. } => Self::failed_precondition("PROMISE_TOO_LATE", message),
        }
    }
}

impl From<TicketError> for ApiError {
    fn from(error: TicketError) -> Self {
        let message = error.to_string();
        match error {
            TicketError::Rejected(rejection) => {
                Self::failed_precondition("TICKET_MOVE_NOT_ALLOWED", message)
                    .with("state", rejection.state.as_str())
                    .with("action", rejection.attempted.as_str())
            }
            TicketError::Missing { attempted, field } => {
                Self::missing(wire_field(field)).with("action", attempted.as_str())
            }
            TicketError::NoDepartment { kind } => {
                Self::failed_precondition("TICKET_NEEDS_DEPARTMENT", message)
                    .with("kind", kind.as_str())
            }
            TicketError::NotInformed { kind } => {
                Self::failed_precondition("TICKET_NEEDS_INFORMING", message)
                    .with("kind", kind.as_str())
            }
            TicketError::NotReviewed { kind, resolver } => {
                Self::failed_precondition("TICKET_NEEDS_REVIEW", message)
                    .with("kind", kind.as_str())
                    .with("resolved_by", resolver)
            }
            TicketError::Taken { agent } => {
                Self::failed_precondition("TICKET_TAKEN", message).with("agent_id", agent.as_str())
            }
            TicketError::FieldOpen { attempted, kind, name, expected } => {
                Self::failed_precondition("TICKET_FIELD_OPEN", message)
                    .with("action", attempted.as_str())
                    .with("kind", kind.as_str())
                    .with("field", format!("form.{name}"))
                    .with("expected", expected)
            }
            TicketError::StepOpen { attempted, kind, name } => {
                Self::failed_precondition("TICKET_STEP_OPEN", message)
                    .with("action", attempted.as_str())
                    .with("kind", kind.as_str())
                    .with("step", name.as_str())
            }
            TicketError::NotFilled(fault) => fault.into(),
            TicketError::ChildrenOpen { attempted, children } => {
                let numbers: Vec<String> = children.iter().map(ToString::to_string).collect();
                Self::failed_precondition("TICKET_CHILDREN_OPEN", message)
                    .with("action", attempted.as_str())
                    .with("children", numbers.join(","))
            }
            TicketError::IncidentMerged => Self::failed_precondition("TICKET_IS_INCIDENT", message),
            TicketError::MergedIntoItself => {
                Self::invalid_unseen("merged_into_id", "another ticket")
            }
            TicketError::TargetNotOpen { target, state } => {
                Self::failed_precondition("TICKET_TARGET_NOT_OPEN", message)
                    .with("merged_into_id", target.as_str())
                    .with("state", state.as_str())
            }
        }
    }
}

impl From<MacroError> for ApiError {
    fn from(error: MacroError) -> Self {
        let message = error.to_string();
        match error {
            MacroError::Misfit { id, what, only } => {
                Self::failed_precondition("MACRO_MISFIT", message)
                    .with("macro_id", id.as_str())
                    .with("misfit", what)
                    .with("expected", only)
            }
            MacroError::Blank { id, number, applied, placeholder } => {
                Self::failed_precondition("MACRO_BLANK", message)
                    .with("placeholder", placeholder.as_str())
                    .in_step(id.as_str(), number, applied.as_str())
            }
            MacroError::Refused { id, number, applied, fault } => {
                Self::from(fault).saying(message).in_step(id.as_str(), number, applied.as_str())
            }
        }
    }
}

impl From<MembershipError> for ApiError {
    fn from(error: MembershipError) -> Self {
        let message = error.to_string();
        match error {
            MembershipError::NotIncident { ticket } => {
                Self::failed_precondition("TICKET_NOT_INCIDENT", message)
                    .about("ticket", ticket.as_str())
            }
            MembershipError::IsIncident => Self::failed_precondition("TICKET_IS_INCIDENT", message),
            MembershipError::Over { ticket, state } => {
                Self::failed_precondition("TICKET_OVER", message)
                    .about("ticket", ticket.as_str())
                    .with("state", state.as_str())
            }
        }
    }
}

impl From<LinkError> for ApiError {
    fn from(error: LinkError) -> Self {
        let message = error.to_string();
        match error {
            LinkError::ToItself => Self::invalid_unseen("other_id", "another ticket"),
            LinkError::Erased { ticket } => {
                Self::failed_precondition("TICKET_ERASED", message).about("ticket", ticket.as_str())
            }
            LinkError::TooMany { ticket } => Self::exhausted("TICKET_LINKS_FULL", message)
                .about("ticket", ticket.as_str())
                .with("limit", MAX_LINKS.to_string()),
        }
    }
}

impl From<ParentError> for ApiError {
    fn from(error: ParentError) -> Self {
        let message = error.to_string();
        match error {
            ParentError::NotOpen { parent, state } => {
                Self::failed_precondition("TICKET_PARENT_NOT_OPEN", message)
                    .with("parent_id", parent.as_str())
                    .with("state", state.as_str())
            }
            ParentError::IsChild { parent } => {
                Self::failed_precondition("TICKET_PARENT_IS_TASK", message)
                    .with("parent_id", parent.as_str())
            }
            ParentError::TooMany { parent } => Self::exhausted("TICKET_CHILDREN_FULL", message)
                .with("parent_id", parent.as_str())
                .with("limit", MAX_CHILDREN.to_string()),
        }
    }
}

impl From<AnswerError> for ApiError {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::UnknownQuestion { question, known } => {
                let expected = format!("one of {}", known.join(", "));
                Self::invalid("answers.question", &question, expected)
            }
            AnswerError::Twice { question } => {
                Self::invalid("answers.question", &question, "each question once")
            }
            // An answer may be personal, so it is not repeated.
            AnswerError::Misfit { question, expected } => {
                Self::invalid_unseen("answers.value", expected).with("question", question)
            }
            AnswerError::Unanswered { question } => {
                Self::missing("answers").with("question", question)
            }
        }
    }
}

impl From<MarkError> for ApiError {
    fn from(error: MarkError) -> Self {
        let message = error.to_string();
        match error {
            MarkError::UnknownCriterion { criterion, known } => {
                let expected = format!("one of {}", known.join(", "));
                Self::invalid("marks.criterion", &criterion, expected)
            }
            MarkError::Twice { criterion } => {
                Self::invalid("marks.criterion", &criterion, "each criterion once")
            }
            MarkError::TooMany { criterion, points, most } => {
                let expected = format!("0 to {most}");
                Self::invalid("marks.points", &points.to_string(), expected)
                    .with("criterion", criterion)
            }
            MarkError::AlwaysApplies { criterion, most } => {
                Self::invalid_unseen("marks.points", format!("0 to {most}"))
                    .with("criterion", criterion)
            }
            MarkError::Unmarked { criterion } => {
                Self::missing("marks").with("criterion", criterion)
            }
            MarkError::NothingApplies => Self::failed_precondition("NOTHING_APPLIES", message),
        }
    }
}

impl From<EvaluationError> for ApiError {
    fn from(error: EvaluationError) -> Self {
        let message = error.to_string();
        match error {
            EvaluationError::OwnWork => Self::permission_denied("OWN_WORK", message),
            EvaluationError::NotYours => Self::permission_denied("NOT_YOURS", message),
            EvaluationError::NotIn(state) => {
                Self::failed_precondition("EVALUATION_CHANGE_NOT_ALLOWED", message)
                    .with("state", state.as_str())
            }
            EvaluationError::Acknowledged => Self::failed_precondition("ACKNOWLEDGED", message),
            EvaluationError::JudgedBy(evaluator) => {
                Self::failed_precondition("JUDGED_BY_ANOTHER", message).with("evaluator", evaluator)
            }
        }
    }
}

impl From<FollowUpRejection> for ApiError {
    fn from(rejection: FollowUpRejection) -> Self {
        Self::failed_precondition("FOLLOW_UP_MOVE_NOT_ALLOWED", rejection.to_string())
            .with("state", rejection.state.as_str())
            .with("action", rejection.attempted.as_str())
    }
}

impl From<TouchpointSettled> for ApiError {
    fn from(settled: TouchpointSettled) -> Self {
        Self::failed_precondition("TOUCHPOINT_SETTLED", settled.to_string())
            .with("state", settled.state.as_str())
    }
}

impl From<PageTokenError> for ApiError {
    fn from(error: PageTokenError) -> Self {
        Self::invalid_unseen("page_token", "the `next_page_token` of the same query")
            .caused_by(error)
    }
}

// Stores name records as `ticket t-1`, as `the center` when there is only one, or as `such tenant`
// when they know no id.
fn kind_and_id(what: &str) -> (&str, &str) {
    what.strip_prefix("the ")
        .or_else(|| what.strip_prefix("such "))
        .map_or_else(|| what.split_once(' ').unwrap_or((what, "")), |it| (it, ""))
}

// The domain names what a move must say in its own words; callers know the fields of the request.
fn wire_field(field: &'static str) -> &'static str {
    match field {
        "department, queue or assignee" => "department",
        "merged_into" => "merged_into_id",
        same => same,
    }
}

#[cfg(test)]
mod tests;
