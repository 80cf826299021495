//! Makes a tenant and brings a center into force for it.

use std::collections::BTreeMap;

use switchboard_center::{SampleCustomer, flow_changes, keep_trials};
use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_runtime::stores::DurableStores;
use switchboard_store::audit::AuditRecord;
use switchboard_store::centers::NewCenterVersion;
use switchboard_store::error::StoreError;
use switchboard_store::flows::ReleaseCause;
use switchboard_store::tenants::Tenant;

/// Who made the customers that come with a center, in their records.
const SAMPLES: &str = "samples";

/// What became of a center that was to be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It is in force as this version.
    Version(u64),
    /// It was in force already, as this version.
    Unchanged(u64),
}

/// Makes a tenant; says whether it is new.
pub async fn ensure(
    stores: &DurableStores,
    id: &TenantId,
    name: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let tenant = Tenant { id: id.clone(), name: name.to_owned(), created_at: now };
    match stores.tenants.create(&tenant).await {
        Ok(()) => Ok(true),
        Err(StoreError::Conflict { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Says whether there is such a tenant.
pub async fn exists(stores: &DurableStores, id: &TenantId) -> Result<bool, StoreError> {
    Ok(stores.tenants.list().await?.iter().any(|tenant| tenant.id == *id))
}

/// Brings files that were checked into force, unless they are already.
pub async fn apply(
    stores: &DurableStores,
    tenant: &TenantId,
    files: BTreeMap<String, String>,
    actor: &str,
    at: Timestamp,
) -> Result<Applied, StoreError> {
    let based_on = stores.centers.current(tenant).await?;
    let before = match based_on {
        0 => BTreeMap::new(),
        version => stores.centers.load(tenant, version).await?.files,
    };
    let files = keep_trials(&before, &files);
    if based_on > 0 && before == files {
        return Ok(Applied::Unchanged(based_on));
    }
    let flows = flow_changes(&before, &files, ReleaseCause::Apply, "");
    let center = NewCenterVersion { based_on, files, actor: actor.to_owned(), at, flows };
    let version = stores.centers.save(tenant, &center).await?;
    let record = AuditRecord {
        actor: actor.to_owned(),
        role: "admin".to_owned(),
        action: "center.apply".to_owned(),
        object: format!("center/{version}"),
        detail: None,
        at,
    };
    stores.audit.append(tenant, &record).await?;
    Ok(Applied::Version(version))
}

/// Keeps customers that are not there yet; gives how many are new.
pub async fn add_customers(
    stores: &DurableStores,
    tenant: &TenantId,
    customers: Vec<SampleCustomer>,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let mut made = 0;
    for customer in customers {
        let customer = customer.into_customer(now);
        match stores.customers.create(tenant, &customer, SAMPLES).await {
            Ok(()) => made += 1,
            Err(StoreError::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(made)
}
