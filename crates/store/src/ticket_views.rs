//! Views: lists of tickets under a name, those that every center has and those that people save.

use std::time::Duration;

use async_trait::async_trait;

use switchboard_domain::ids::{AgentId, TenantId, TicketViewId};
use switchboard_domain::ticket::TicketState;
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;
use crate::tickets::TicketFilter;

/// How long nobody has touched what is stuck.
pub const STUCK: Duration = Duration::from_hours(3 * 24);

/// Which tickets are wanted, at whatever time it is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewFilter {
    /// What does not depend on the time.
    pub lasting: TicketFilter,
    /// Only open ones with a missed deadline.
    pub is_overdue: bool,
    /// Only open ones that are due before the day is over, and not overdue.
    pub is_due_today: bool,
    /// Only open ones that nobody touched for so long.
    pub untouched_for: Option<Duration>,
    /// Only those whoever asks follows.
    pub is_followed: bool,
}

/// A view that every center has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandardView {
    /// On which the asker works.
    Mine,
    /// For which a department answers.
    Team,
    /// On which nobody works.
    Unassigned,
    /// With a missed deadline.
    Overdue,
    /// Due before the day is over.
    DueToday,
    /// That wait for their customers.
    Waiting,
    /// That came back.
    Reopened,
    /// That were passed around.
    Bounced,
    /// That nobody touched for days.
    Stuck,
    /// That were closed lately.
    Closed,
    /// Of important customers.
    Important,
    /// That the asker follows.
    Followed,
}

/// A view that somebody saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// The record's name.
    pub id: TicketViewId,
    /// What people call it.
    pub title: String,
    /// Whose it is: `agent:<id>` and the like.
    pub owner: String,
    /// With which department it is shared.
    pub department: Option<String>,
    /// Which tickets it shows.
    pub filter: ViewFilter,
    /// When it was saved last.
    pub saved_at: Timestamp,
    /// Grows by one per change; the etag.
    pub version: u64,
}

/// Keeps the views of each tenant.
#[async_trait]
pub trait TicketViews: Send + Sync {
    /// Gives one view.
    async fn view(&self, tenant: &TenantId, id: &TicketViewId) -> Result<SavedView, StoreError>;

    /// Gives the views of an owner and those shared with a department, or with any, by title; at most
    /// 500.
    async fn views(
        &self,
        tenant: &TenantId,
        owner: &str,
        department: Option<&str>,
    ) -> Result<Vec<SavedView>, StoreError>;

    /// Keeps a view as the next version of the one that is there; version 1 if there is none. A
    /// conflict if that is not one version behind it.
    async fn save_view(&self, tenant: &TenantId, view: &SavedView) -> Result<(), StoreError>;

    /// Deletes a view; a conflict if it has another version.
    async fn delete_view(
        &self,
        tenant: &TenantId,
        id: &TicketViewId,
        version: u64,
    ) -> Result<(), StoreError>;
}

impl ViewFilter {
    /// Gives what is wanted at a time on a day that ends at another.
    pub fn at(&self, now: Timestamp, day_ends: Timestamp) -> TicketFilter {
        let mut filter = self.lasting.clone();
        // What is due now is overdue now.
        let still_to_come = now + Duration::from_millis(1);
        if self.is_due_today {
            filter.due_from = Some(still_to_come);
            filter.due_before = Some(day_ends);
        }
        if self.is_overdue {
            filter.due_before = Some(still_to_come);
        }
        filter.unchanged_since = self.untouched_for.map(|time| now - time);
        filter
    }

    /// Gives the filter as somebody asks it: `agent:<id>` and the like.
    #[must_use]
    pub fn asked_by(mut self, actor: String) -> Self {
        self.lasting.follower = self.is_followed.then_some(actor);
        self
    }

    /// Gives what is wanted when somebody asks for something besides, which counts where both speak.
    #[must_use]
    pub fn narrowed(self, by: Self) -> Self {
        let (mine, its) = (self.lasting, by.lasting);
        Self {
            lasting: TicketFilter {
                state: its.state.or(mine.state),
                customer: its.customer.or(mine.customer),
                interaction: its.interaction.or(mine.interaction),
                assignee: its.assignee.or(mine.assignee),
                kind: its.kind.or(mine.kind),
                category: its.category.or(mine.category),
                department: its.department.or(mine.department),
                due_from: None,
                due_before: None,
                unchanged_since: None,
                is_unassigned: mine.is_unassigned || its.is_unassigned,
                is_open: mine.is_open || its.is_open,
                is_reopened: mine.is_reopened || its.is_reopened,
                is_bounced: mine.is_bounced || its.is_bounced,
                is_important: mine.is_important || its.is_important,
                follower: None,
                parent: its.parent.or(mine.parent),
                incident: its.incident.or(mine.incident),
                is_incident: mine.is_incident || its.is_incident,
            },
            is_followed: self.is_followed || by.is_followed,
            is_overdue: self.is_overdue || by.is_overdue,
            is_due_today: self.is_due_today || by.is_due_today,
            untouched_for: by.untouched_for.or(self.untouched_for),
        }
    }
}

impl SavedView {
    /// Tells whether somebody may use it: its owner, and everybody when it is shared.
    pub fn is_shown_to(&self, actor: &str) -> bool {
        self.department.is_some() || self.owner == actor
    }
}

impl StandardView {
    /// Every standard view, in the order in which they are shown.
    pub const ALL: [Self; 12] = [
        Self::Mine,
        Self::Team,
        Self::Unassigned,
        Self::Overdue,
        Self::DueToday,
        Self::Waiting,
        Self::Reopened,
        Self::Bounced,
        Self::Stuck,
        Self::Closed,
        Self::Important,
        Self::Followed,
    ];

    /// Gives the name under which it is asked for.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Team => "team",
            Self::Unassigned => "unassigned",
            Self::Overdue => "overdue",
            Self::DueToday => "due-today",
            Self::Waiting => "waiting",
            Self::Reopened => "reopened",
            Self::Bounced => "bounced",
            Self::Stuck => "stuck",
            Self::Closed => "closed",
            Self::Important => "important",
            Self::Followed => "followed",
        }
    }

    /// Gives what people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Mine => "My open tickets",
            Self::Team => "My team's open tickets",
            Self::Unassigned => "Nobody works on it",
            Self::Overdue => "A deadline was missed",
            Self::DueToday => "Due today",
            Self::Waiting => "Waiting for the customer",
            Self::Reopened => "Came back",
            Self::Bounced => "Passed around",
            Self::Stuck => "Untouched for three days",
            Self::Closed => "Closed lately",
            Self::Important => "Customers of grade A",
            Self::Followed => "Tickets I follow",
        }
    }

    /// Finds a standard view by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.as_str() == name)
    }

    /// Gives which tickets it shows; those of a team are for the asker to name.
    pub fn filter(self, asker: Option<AgentId>) -> ViewFilter {
        let mut view = ViewFilter::default();
        let wanted = &mut view.lasting;
        match self {
            Self::Mine => (wanted.is_open, wanted.assignee) = (true, asker),
            Self::Team => wanted.is_open = true,
            Self::Unassigned => wanted.is_unassigned = true,
            Self::Waiting => wanted.state = Some(TicketState::WaitingOnCustomer),
            Self::Reopened => wanted.is_reopened = true,
            Self::Bounced => wanted.is_bounced = true,
            Self::Closed => wanted.state = Some(TicketState::Closed),
            Self::Important => wanted.is_important = true,
            Self::Overdue => view.is_overdue = true,
            Self::DueToday => view.is_due_today = true,
            Self::Stuck => view.untouched_for = Some(STUCK),
            Self::Followed => view.is_followed = true,
        }
        view
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_now_is_overdue_and_not_due_today() {
        let (now, night) = (Timestamp::from_millis(10), Timestamp::from_millis(90));

        let overdue = StandardView::Overdue.filter(None).at(now, night);
        let due_today = StandardView::DueToday.filter(None).at(now, night);

        let next = Timestamp::from_millis(11);
        assert_eq!((overdue.due_from, overdue.due_before), (None, Some(next)));
        assert_eq!((due_today.due_from, due_today.due_before), (Some(next), Some(night)));
    }
}
