//! Many customers at once.

use std::sync::Arc;

use async_trait::async_trait;

use switchboard_domain::caller::Role;
use switchboard_domain::center::CustomerRules;
use switchboard_domain::customer::profile::{FieldPath, ProfileFault, ProfileSchema};
use switchboard_domain::customer::{Change, ExternalId};
use switchboard_domain::ids::{CustomerId, TenantId};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// One customer, and what fields of the record are from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRow {
    /// Which customer; for one who is looked for by `holder_of`, the id if there is none yet.
    pub id: CustomerId,
    /// What another system calls the customer, where that says who it is.
    pub holder_of: Option<ExternalId>,
    /// The values.
    pub changes: Vec<Change>,
}

/// How rows are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct UpsertOrder {
    /// Who does it.
    pub actor: String,
    /// As what, which says which fields of the profile may be set.
    pub role: Role,
    /// When.
    pub at: Timestamp,
    /// What the center asks of records.
    pub rules: CustomerRules,
    /// What the center keeps besides the records.
    pub schema: Arc<ProfileSchema>,
    /// Whether anything is kept; otherwise it is done and undone, to see what would come of it.
    pub keep: bool,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    /// The customer is new.
    Made,
    /// The record has other values than before.
    Changed,
    /// It had all of them already.
    Unchanged,
    /// The record would have no such field, and needs it.
    Lacks(&'static str),
    /// The value of a field of the profile is not written, for this reason.
    Misfit(FieldPath, ProfileFault),
    /// Another record leads for this one since they were merged.
    Merged,
    /// Another customer has one of the external ids.
    Taken,
    /// What is personal of this customer was destroyed for good, and nothing is kept anew.
    Erased,
}

/// Takes many customers at once.
#[async_trait]
pub trait CustomerTransfers: Send + Sync {
    /// Makes or changes customers in one transaction, row by row; gives what became of each, in order.
    ///
    /// A conflict when somebody makes one of them at this moment, and taken when somebody gives one of
    /// their external ids to another one: the same rows again do it, or say so of the row.
    async fn upsert(
        &self,
        tenant: &TenantId,
        rows: Vec<CustomerRow>,
        order: &UpsertOrder,
    ) -> Result<Vec<RowOutcome>, StoreError>;
}
