//! How tickets hang together: links, tasks and members of incidents.

use async_trait::async_trait;

use switchboard_domain::ids::{ContactId, TenantId, TicketId};
use switchboard_domain::ticket::{LinkError, LinkKind, Ticket, TicketChange, TicketState};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// A ticket as another one names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketBrief {
    /// The record's name.
    pub id: TicketId,
    /// The number people say to each other.
    pub number: u64,
    /// What it is about, in one line.
    pub subject: String,
    /// Where it stands.
    pub state: TicketState,
    /// The department that is responsible.
    pub department: Option<String>,
}

/// A link as one of its ends shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedTicket {
    /// What this ticket is to the other one.
    pub kind: LinkKind,
    /// The other one.
    pub ticket: TicketBrief,
    /// Who linked them.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
}

/// What a ticket has to do with others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relations {
    /// What it is linked to, the oldest link first.
    pub links: Vec<LinkedTicket>,
    /// The tasks below it, by number.
    pub children: Vec<TicketBrief>,
    /// How many tickets are part of it, if it is an incident.
    pub members: u64,
    /// How many of these are open.
    pub open_members: u64,
    /// The interactions that it took up or that were linked to it, besides the one it came from, by id.
    pub interactions: Vec<ContactId>,
}

/// A link to be made or undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkOrder {
    /// From which end it is said.
    pub ticket: TicketId,
    /// What this ticket is to the other one.
    pub kind: LinkKind,
    /// The other one.
    pub other: TicketId,
    /// Who says so.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// What a ticket is to be part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembershipOrder {
    /// The ticket.
    pub ticket: TicketId,
    /// The incident; none for no incident.
    pub incident: Option<TicketId>,
    /// Who says so.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// What became of a link to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Linking {
    /// Both ends have it, and a line in their lives.
    Made,
    /// They had it before.
    Known,
    /// They may not have it.
    Refused(LinkError),
}

impl Relations {
    /// Gives the numbers of the tasks that are open.
    pub fn open_children(&self) -> Vec<u64> {
        let open = self.children.iter().filter(|child| child.state.is_open());
        open.map(|child| child.number).collect()
    }
}

/// Keeps what tickets have to do with each other.
#[async_trait]
pub trait TicketRelations: Send + Sync {
    /// Gives what a ticket has to do with others, as of now.
    async fn relations(&self, tenant: &TenantId, ticket: &Ticket) -> Result<Relations, StoreError>;

    /// Links two tickets; each has as many links as the domain lets it have, however many link at once.
    async fn link(&self, tenant: &TenantId, order: &LinkOrder) -> Result<Linking, StoreError>;

    /// Takes a link away, with a line in the lives of both; nothing where there is none.
    async fn unlink(&self, tenant: &TenantId, order: &LinkOrder) -> Result<(), StoreError>;

    /// Links an interaction to a ticket, with the line of the ticket's life that tells of it; a conflict if
    /// the ticket is no longer one version behind the line, and not found if there is no such interaction.
    async fn link_interaction(
        &self,
        tenant: &TenantId,
        line: &TicketChange,
        contact: &ContactId,
    ) -> Result<(), StoreError>;

    /// Makes a ticket part of an incident, or of none, with a line in its life; nothing where it is so
    /// already. What is taken out of one, no rule takes up again.
    async fn set_incident(
        &self,
        tenant: &TenantId,
        order: &MembershipOrder,
    ) -> Result<(), StoreError>;

    /// Gives the numbers of the open tasks below a ticket.
    ///
    /// Whoever judges a move by it reads it after the ticket: a task that is made, or comes back, later
    /// makes the move a conflict.
    async fn open_children(
        &self,
        tenant: &TenantId,
        ticket: &TicketId,
    ) -> Result<Vec<u64>, StoreError>;
}
