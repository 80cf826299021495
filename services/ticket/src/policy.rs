//! What a center asks of its tickets.

use std::sync::Arc;

use switchboard_api::ApiError;
use switchboard_api::convert::ticket::{self as convert, Story};
use switchboard_api::status::STORE_RETRY;
use switchboard_api::ticket::v1 as wire;
use switchboard_center::CacheError;
use switchboard_domain::caller::Caller;
use switchboard_domain::center::{Calendar, Center, Zone};
use switchboard_domain::ids::{QueueId, TenantId, TicketId, TicketKindId};
use switchboard_domain::ticket::sla::{Clocks, Outlook, SlaPolicy, first_look, policy_for};
use switchboard_domain::ticket::{
    Categories, Category, Filled, Filling, NewTicket, Ticket, TicketKind, TicketKinds, TicketMacro,
};
use switchboard_domain::time::Timestamp;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_relations::Relations;
use switchboard_store::tickets::TicketEvent;

use crate::TicketParts;
use crate::deadlines::life;

/// The kinds and categories in force.
pub(crate) struct Policy {
    center: Option<Arc<Center>>,
    standard: TicketKinds,
    /// Whether they are the center's, and not a stand-in while nobody can read it.
    is_known: bool,
}

impl Policy {
    /// Reads the policy of a tenant: that of its center, or the standard one when it has none.
    ///
    /// While no center can be read, what tickets are is not judged: they are taken as they come, and
    /// their moves cannot be made anyway.
    pub(crate) async fn of(parts: &TicketParts, tenant: &TenantId) -> Self {
        let (center, is_known) = match parts.centers.get(tenant).await {
            Ok(center) => (Some(center), true),
            Err(CacheError::NoCenter(_)) => (None, true),
            Err(error) => {
                tracing::warn!(tenant.id = %tenant, %error, "tickets are taken without a center");
                (None, false)
            }
        };
        Self { center, standard: TicketKinds::default(), is_known }
    }

    /// Gives the kinds of tickets.
    pub(crate) fn kinds(&self) -> &TicketKinds {
        self.center.as_ref().map_or(&self.standard, |center| &center.ticket_kinds)
    }

    /// Gives the policy, unless it is a stand-in while nobody can read the center.
    pub(crate) fn known(self) -> Option<Self> {
        self.is_known.then_some(self)
    }

    /// Reads the policy of a tenant; refused while nobody can read the center.
    pub(crate) async fn readable(parts: &TicketParts, tenant: &TenantId) -> Result<Self, ApiError> {
        let away = || {
            let message = "the center cannot be read, so nobody knows what it has prepared";
            ApiError::unavailable("STORE_UNAVAILABLE", message, STORE_RETRY)
        };
        Self::of(parts, tenant).await.known().ok_or_else(away)
    }

    /// Gives what the kinds ask of their tickets.
    pub(crate) fn forms(&self) -> Vec<wire::TicketForm> {
        self.kinds().iter().map(convert::form::form).collect()
    }

    /// Gives the prepared sets of changes, in order.
    pub(crate) fn macros(&self) -> &[TicketMacro] {
        self.center.as_ref().map_or(&[], |center| &center.macros)
    }

    /// Gives the name of a caller for people: of an agent of the center its own, else the credential's.
    pub(crate) fn agent_name<'a>(&'a self, caller: &'a Caller) -> &'a str {
        let agents = self.center.as_ref().map(|center| &center.agents);
        let agent = agents.zip(caller.agent()).and_then(|(agents, id)| agents.get(&id));
        agent.map_or(&caller.subject, |agent| &agent.display_name)
    }

    /// Gives what is owed to customers by when, in order.
    pub(crate) fn sla(&self) -> &[SlaPolicy] {
        self.center.as_ref().map_or(&[], |center| &center.sla)
    }

    /// Gives the calendar by which what is owed is measured.
    pub(crate) fn calendar(&self, owed: &SlaPolicy) -> Option<&Calendar> {
        self.center.as_ref()?.calendars.get(owed.calendar.as_ref()?)
    }

    /// Looks at the deadlines of a ticket that is about to be made; none if whoever tells deadlines has to.
    pub(crate) fn first_look(&self, ticket: &Ticket) -> Option<Outlook> {
        let look = || first_look(self.sla(), ticket, |owed| self.calendar(owed));
        self.is_known.then(look).flatten()
    }

    /// Gives when the day ends by the center's clock on the wall.
    pub(crate) fn day_ends(&self, now: Timestamp) -> Timestamp {
        let zone = self.center.as_ref().map_or("UTC", |center| center.time_zone.as_str());
        Zone::parse(zone).map_or(now, |zone| zone.next_day(now))
    }

    /// Puts a ticket on the wire with its story and what is owed.
    pub(crate) async fn told(
        &self,
        parts: &TicketParts,
        tenant: &TenantId,
        ticket: Ticket,
        story: Story,
    ) -> wire::Ticket {
        let now = parts.clock.now();
        let tier = match &ticket.customer {
            Some(customer) if self.sla().iter().any(|owed| !owed.tiers.is_empty()) => {
                let leading = parts.customers.leading(tenant, customer).await;
                leading.ok().flatten().map(|record| record.tier)
            }
            Some(_) | None => None,
        };
        let owed = policy_for(self.sla(), &ticket, tier).map(|owed| {
            let clocks = Clocks::of(owed, self.calendar(owed), &life(&story.events));
            (owed.id.as_str(), clocks)
        });
        convert::told(ticket, story, owed, now)
    }

    /// Gives what holds for the tickets of a kind.
    pub(crate) fn kind_of(&self, ticket: &NewTicket) -> TicketKind {
        self.kinds().of(&ticket.kind)
    }

    /// Refuses a queue that the center does not have.
    pub(crate) fn admit_queue(&self, queue: &QueueId) -> Result<(), ApiError> {
        let queues = self.center.as_ref().map(|center| &center.queues);
        if !self.is_known || queues.is_some_and(|queues| queues.contains_key(queue)) {
            return Ok(());
        }
        let names = queues.into_iter().flat_map(|queues| queues.keys().map(QueueId::as_str));
        Err(unknown("queue_id", queue.as_str(), names))
    }

    /// Fills in the form of a new ticket, or says what of it the form does not take.
    pub(crate) fn fill(&self, ticket: &NewTicket, filling: Filling) -> Result<Filled, ApiError> {
        if self.is_known {
            return Ok(self.kind_of(ticket).form.fill(Filled::default(), filling)?);
        }
        let values = filling.values.into_iter();
        let values = values.filter_map(|(name, value)| value.map(|value| (name, value)));
        Ok(Filled { values: values.collect(), ..Filled::default() })
    }

    /// Refuses a kind, a department or a category that the center does not have.
    pub(crate) fn admit(&self, ticket: &NewTicket) -> Result<(), ApiError> {
        if !self.is_known {
            return Ok(());
        }
        self.admit_kind(&ticket.kind)?;
        self.admit_department(ticket.department.as_deref())?;
        self.admit_category(ticket.category.as_ref())
    }

    /// Refuses a kind that the center does not have.
    pub(crate) fn admit_kind(&self, kind: &TicketKindId) -> Result<(), ApiError> {
        if !self.is_known || self.kinds().get(kind).is_some() {
            return Ok(());
        }
        let names = self.kinds().iter().map(|it| it.id.as_str());
        Err(unknown("kind", kind.as_str(), names))
    }

    /// Refuses a department that the center does not list.
    pub(crate) fn admit_department(&self, department: Option<&str>) -> Result<(), ApiError> {
        let listed = self.center.as_ref().map(|center| &center.departments);
        let (Some(department), Some(listed)) = (department, listed) else { return Ok(()) };
        if listed.has(department) {
            return Ok(());
        }
        Err(unknown("department", department, listed.iter().map(|(name, _)| name)))
    }

    /// Gives the departments that tickets are given to.
    pub(crate) fn departments(&self) -> Vec<wire::Department> {
        let listed = self.center.iter().flat_map(|center| center.departments.iter());
        listed.map(|(name, department)| convert::department(name, department)).collect()
    }

    /// Refuses a category that the center does not have.
    pub(crate) fn admit_category(&self, category: Option<&Category>) -> Result<(), ApiError> {
        let open = Categories::default();
        let tree = self.center.as_ref().map_or(&open, |center| &center.categories);
        match category {
            Some(category) if self.is_known && !tree.has(category) => {
                Err(unknown("category", category.as_str(), tree.iter().map(Category::as_str)))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Gives what is told of a ticket besides its record, with the events that are known of it.
pub(crate) async fn story(
    parts: &TicketParts,
    tenant: &TenantId,
    ticket: &Ticket,
    events: Vec<TicketEvent>,
) -> Result<Story, StoreError> {
    let filled = parts.tickets.filled(tenant, ticket).await?;
    // What others have to do with a ticket is a line in its life.
    let relations = match ticket.version {
        1 => Relations::default(),
        _ => parts.relations.relations(tenant, ticket).await?,
    };
    Ok(Story { events, filled, relations })
}

/// Gives a ticket as it is told by itself.
pub(crate) async fn tell(
    parts: &TicketParts,
    tenant: &TenantId,
    id: &TicketId,
) -> Result<wire::Ticket, StoreError> {
    let (ticket, events) = parts.tickets.life(tenant, id).await?;
    let story = story(parts, tenant, &ticket, events).await?;
    let around = parts.tickets.beside(tenant, &ticket).await?;
    let policy = Policy::of(parts, tenant).await;
    Ok(convert::beside::with(policy.told(parts, tenant, ticket, story).await, around))
}

fn unknown<'a>(field: &str, value: &str, names: impl Iterator<Item = &'a str>) -> ApiError {
    let names: Vec<&str> = names.collect();
    ApiError::invalid(field, value, format!("one of {}", names.join(", ")))
}
