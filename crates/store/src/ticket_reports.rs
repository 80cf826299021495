//! What became of tickets in some time, counted as the domain counts it.

use async_trait::async_trait;

use switchboard_domain::ids::TenantId;
use switchboard_domain::survey::ResponseFigures;
use switchboard_domain::ticket::TicketFigures;
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;
use crate::tickets::TicketFilter;

/// By what tickets are counted apart: what their records say now, not what they said then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketGrouping {
    /// All together.
    Nothing,
    /// By kind.
    Kind,
    /// By category; those without one together.
    Category,
    /// By responsible department; those without one together.
    Department,
    /// By the agent who works on them; those without one together.
    Agent,
    /// By priority.
    Priority,
    /// By the tier of the customer; those without one together.
    Tier,
}

impl TicketGrouping {
    /// Every grouping.
    pub const ALL: [Self; 7] = [
        Self::Nothing,
        Self::Kind,
        Self::Category,
        Self::Department,
        Self::Agent,
        Self::Priority,
        Self::Tier,
    ];
}

/// Which tickets are counted, in which time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketReport {
    /// From when on.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub until: Timestamp,
    /// By what they are counted apart.
    pub by: TicketGrouping,
    /// Only those of this department.
    pub department: Option<String>,
}

/// What became of the tickets that have something in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketGroup {
    /// What they have in common; empty where they have none of it.
    pub name: String,
    /// What became of them.
    pub figures: TicketFigures,
    /// What their customers answered when they were asked afterwards. Who was asked without a ticket
    /// is with those that have nothing in common, but for the department and the tier.
    pub responses: ResponseFigures,
}

/// With how many open tickets something is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketExceptions {
    /// The department that answers for them; none where none does, and for several together.
    pub department: Option<String>,
    /// Open tickets.
    pub open: u64,
    /// Those of which a deadline is missed.
    pub overdue: u64,
    /// Those that nobody touched for long.
    pub stuck: u64,
    /// Those that were passed around.
    pub bounced: u64,
    /// Those that came back.
    pub reopened: u64,
    /// Those on which nobody works.
    pub unassigned: u64,
}

/// With how many open tickets something is wrong, together and apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExceptionReport {
    /// All that were looked at.
    pub all: TicketExceptions,
    /// Those of each department, by name; those without one come first. At most 1,000 departments,
    /// whatever `all` counts.
    pub departments: Vec<TicketExceptions>,
}

/// Which open tickets are looked at for what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionQuery {
    /// Only those of this department.
    pub department: Option<String>,
    /// Those whose deadline is then or before are overdue.
    pub now: Timestamp,
    /// Those that nobody touched since then are stuck.
    pub untouched_since: Timestamp,
}

/// Counts tickets.
#[async_trait]
pub trait TicketReports: Send + Sync {
    /// Gives what became of tickets, group by group, by name; a group of which no ticket was made,
    /// moved or open and nobody was asked in the time may be left out.
    async fn ticket_figures(
        &self,
        tenant: &TenantId,
        report: &TicketReport,
    ) -> Result<Vec<TicketGroup>, StoreError>;

    /// Counts the open tickets with which something is wrong; it looks at every open one.
    async fn ticket_exceptions(
        &self,
        tenant: &TenantId,
        query: &ExceptionQuery,
    ) -> Result<ExceptionReport, StoreError>;

    /// Counts the tickets of a list, but none beyond the first `most`: what it costs does not grow with
    /// how many there are.
    async fn count_tickets_up_to(
        &self,
        tenant: &TenantId,
        filter: &TicketFilter,
        most: u32,
    ) -> Result<u64, StoreError>;
}
