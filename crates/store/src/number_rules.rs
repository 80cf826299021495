//! The lists of numbers that supervisors keep.

use async_trait::async_trait;

use switchboard_domain::ids::{NumberRuleId, TenantId};
use switchboard_domain::number_rule::{NumberRule, RuleKind};

use crate::error::StoreError;
use crate::page::{Page, PageRequest};

/// Keeps the lists of each tenant.
#[async_trait]
pub trait NumberRules: Send + Sync {
    /// Puts a number on a list, and gives the rule as it is kept: a number that stands there already
    /// keeps its id.
    async fn set(&self, tenant: &TenantId, rule: &NumberRule) -> Result<NumberRule, StoreError>;

    /// Gives the rules of one list or of all, the newest first, also those that hold no more.
    async fn rules(
        &self,
        tenant: &TenantId,
        kind: Option<RuleKind>,
        page: &PageRequest,
    ) -> Result<Page<NumberRule>, StoreError>;

    /// Takes a number off a list for ever, and gives the rule as it was.
    async fn delete(&self, tenant: &TenantId, id: &NumberRuleId) -> Result<NumberRule, StoreError>;
}
