//! Which tickets are wanted, as options.

use clap::Args;
use switchboard_api::ticket::v1::{TicketFilter, TicketState};

use super::STATE;
use crate::cli::format;

/// Which tickets are wanted.
#[derive(Args, Clone, Debug)]
pub(super) struct FilterArgs {
    /// Only those in this state, such as new, in-progress or closed
    #[arg(long, value_parser = state)]
    state: Option<TicketState>,
    /// Only those of this customer
    #[arg(long, default_value = "")]
    customer: String,
    /// Only those from this call
    #[arg(long, default_value = "")]
    call: String,
    /// Only those this agent works on
    #[arg(long, default_value = "")]
    agent: String,
    /// Only those of this kind, such as complaint
    #[arg(long, default_value = "")]
    kind: String,
    /// Only those filed under this category or below it, such as billing
    #[arg(long, default_value = "")]
    category: String,
    /// Only those this department answers for
    #[arg(long, default_value = "")]
    department: String,
    /// Only the tasks below this ticket
    #[arg(long, default_value = "")]
    parent: String,
    /// Only those that are part of this incident
    #[arg(long, default_value = "")]
    incident: String,
    #[command(flatten)]
    marks: MarkArgs,
}

/// What is said of open tickets with yes or no.
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
#[derive(Args, Clone, Debug)]
struct MarkArgs {
    /// Only open ones
    #[arg(long)]
    open: bool,
    /// Only open ones with a missed deadline
    #[arg(long)]
    overdue: bool,
    /// Only open ones that are due today
    #[arg(long)]
    due_today: bool,
    /// Only open ones on which no agent works
    #[arg(long)]
    unassigned: bool,
    /// Only open ones that came back
    #[arg(long)]
    reopened: bool,
    /// Only open ones that were passed around
    #[arg(long)]
    bounced: bool,
    /// Only open ones of customers of grade A
    #[arg(long)]
    important: bool,
    /// Only those you follow
    #[arg(long)]
    followed: bool,
    /// Only incidents
    #[arg(long)]
    incidents: bool,
    /// Only open ones that nobody touched for so long, such as 2d
    #[arg(long, value_parser = format::parse_span)]
    untouched: Option<prost_types::Duration>,
}

impl FilterArgs {
    /// Gives the filter.
    pub(super) fn filter(self) -> TicketFilter {
        let marks = self.marks;
        TicketFilter {
            state: self.state.unwrap_or_default().into(),
            customer_id: self.customer,
            interaction_id: self.call,
            agent_id: self.agent,
            kind: self.kind,
            category: self.category,
            department: self.department,
            overdue: marks.overdue,
            unassigned: marks.unassigned,
            untouched_for: marks.untouched,
            open: marks.open,
            reopened: marks.reopened,
            bounced: marks.bounced,
            important: marks.important,
            due_today: marks.due_today,
            followed: marks.followed,
            parent_id: self.parent,
            incident_id: self.incident,
            incidents: marks.incidents,
        }
    }
}

fn state(word: &str) -> Result<TicketState, String> {
    let named = TicketState::from_str_name(&format::name(word, STATE));
    named
        .filter(|state| *state != TicketState::Unspecified)
        .ok_or_else(|| format!("`{word}` is no state of a ticket"))
}
