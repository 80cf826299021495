//! The audit trail: who changed or read what; nobody can change it afterwards.

use async_trait::async_trait;

use switchboard_domain::caller::Caller;
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;
use crate::page::{Page, PageRequest};

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Who: the subject of the credential.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// What: `ticket.move`.
    pub action: String,
    /// On what: `ticket/t-1`.
    pub object: String,
    /// Anything that helps to understand it; never a personal number or name.
    pub detail: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl AuditRecord {
    /// Makes the line that says what a caller did on an object, without detail.
    pub fn of(caller: &Caller, action: &str, object: String, at: Timestamp) -> Self {
        Self {
            actor: caller.subject.clone(),
            role: caller.role.to_string(),
            action: action.to_owned(),
            object,
            detail: None,
            at,
        }
    }

    /// Adds what helps to understand the line; never a personal number or name.
    #[must_use]
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
}

/// Names a list that was read: that of one customer, or all there are of a kind.
pub fn list_of(customer: Option<&CustomerId>, all: &str) -> String {
    customer.map_or_else(|| all.to_owned(), |customer| format!("customer/{customer}"))
}

/// Which lines are wanted; an empty filter wants them all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only those about this customer, those merged into it, and what is kept of them.
    pub customer: Option<CustomerId>,
    /// Only those of this subject.
    pub actor: Option<String>,
    /// Only those about this object.
    pub object: Option<String>,
    /// Only those from then on.
    pub from: Option<Timestamp>,
    /// Only those before then.
    pub until: Option<Timestamp>,
}

/// Reads the audit trail of each tenant.
#[async_trait]
pub trait AuditTrail: Send + Sync {
    /// Gives lines, the latest first.
    async fn lines(
        &self,
        tenant: &TenantId,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditRecord>, StoreError>;
}

/// Keeps the audit trail of each tenant.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Adds a line.
    async fn append(&self, tenant: &TenantId, record: &AuditRecord) -> Result<(), StoreError> {
        self.append_all(tenant, std::slice::from_ref(record)).await
    }

    /// Adds lines, all of them or none.
    async fn append_all(
        &self,
        tenant: &TenantId,
        records: &[AuditRecord],
    ) -> Result<(), StoreError>;

    /// Gives every line about an object, oldest first.
    async fn about(&self, tenant: &TenantId, object: &str) -> Result<Vec<AuditRecord>, StoreError>;

    /// Gives the latest lines, newest first.
    async fn latest(&self, tenant: &TenantId, limit: u32) -> Result<Vec<AuditRecord>, StoreError>;
}
