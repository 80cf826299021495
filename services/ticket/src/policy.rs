//! What a center asks of its tickets.

use std::sync::Arc;

use switchboard_api::ApiError;
use switchboard_center::CacheError;
use switchboard_domain::center::Center;
use switchboard_domain::ids::TenantId;
use switchboard_domain::ticket::{Categories, Category, NewTicket, TicketKind, TicketKinds};

use crate::TicketParts;

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

    /// Gives what holds for the tickets of a kind.
    pub(crate) fn kind_of(&self, ticket: &NewTicket) -> TicketKind {
        self.kinds().of(&ticket.kind)
    }

    /// Refuses a kind or a category that the center does not have.
    pub(crate) fn admit(&self, ticket: &NewTicket) -> Result<(), ApiError> {
        if !self.is_known {
            return Ok(());
        }
        if self.kinds().get(&ticket.kind).is_none() {
            let names = self.kinds().iter().map(|kind| kind.id.as_str());
            return Err(unknown("kind", ticket.kind.as_str(), names));
        }
        let open = Categories::default();
        let tree = self.center.as_ref().map_or(&open, |center| &center.categories);
        match &ticket.category {
            Some(category) if !tree.has(category) => {
                Err(unknown("category", category.as_str(), tree.iter().map(Category::as_str)))
            }
            Some(_) | None => Ok(()),
        }
    }
}

fn unknown<'a>(field: &str, value: &str, names: impl Iterator<Item = &'a str>) -> ApiError {
    let names: Vec<&str> = names.collect();
    ApiError::invalid(field, value, format!("one of {}", names.join(", ")))
}
