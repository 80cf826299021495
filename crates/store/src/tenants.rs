//! Tenants, the gateways known to each, and the epochs handed out to each.

use async_trait::async_trait;

use switchboard_domain::ids::{GatewayId, TenantId};
use switchboard_domain::time::Timestamp;

use crate::error::StoreError;

/// A customer organisation of the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// The tenant's id.
    pub id: TenantId,
    /// What people call it.
    pub name: String,
    /// Since when it is here.
    pub created_at: Timestamp,
}

/// Keeps the list of tenants.
#[async_trait]
pub trait Tenants: Send + Sync {
    /// Keeps a new tenant; a taken id is a conflict.
    async fn create(&self, tenant: &Tenant) -> Result<(), StoreError>;

    /// Gives every tenant, by id.
    async fn list(&self) -> Result<Vec<Tenant>, StoreError>;
}

/// Knows the gateways that the barrier of a new epoch has to wait for.
#[async_trait]
pub trait Gateways: Send + Sync {
    /// Makes a gateway known; when this returns, no crash can forget it. Tells whether it is new.
    ///
    /// The call edge accepts a gateway only after this.
    async fn register(
        &self,
        tenant: &TenantId,
        gateway: &GatewayId,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Gives every gateway ever made known, by id.
    async fn known(&self, tenant: &TenantId) -> Result<Vec<GatewayId>, StoreError>;
}

/// How far apart the numbers that [`Epochs`] hands out lie. Those between are for whoever must open
/// an epoch while nobody can hand one out.
pub const EPOCH_STEP: u64 = 1_000_000;

/// How far a number made without [`Epochs`] leaps at most.
const EPOCH_LEAP: u64 = 4_096;

/// Gives the number to hand out above the highest one known: above all that may have been made
/// without [`Epochs`] too, whoever has met them.
pub const fn epoch_above(highest: u64) -> u64 {
    (highest / EPOCH_STEP + 1) * EPOCH_STEP
}

/// Makes a number above the highest one met and below whatever is handed out from now on; none when
/// there is no room left.
///
/// It leaps by `chance`, so that a process that has not met the last one made this way does not make
/// the same again.
pub fn epoch_between(highest: u64, chance: u64) -> Option<u64> {
    let number = highest + 1 + chance % EPOCH_LEAP;
    (number < epoch_above(highest)).then_some(number)
}

/// Hands out the numbers of epochs.
#[async_trait]
pub trait Epochs: Send + Sync {
    /// Gives a number never given before: [`epoch_above`] `seen`, the highest met anywhere, and all
    /// that were given.
    async fn next(
        &self,
        tenant: &TenantId,
        seen: u64,
        run_id: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_without_postgres_lies_below_what_it_hands_out_next() {
        let handed_out = epoch_above(0);
        let made = epoch_between(handed_out, 4_095).unwrap();
        let made_next = epoch_between(made, 0).unwrap();

        assert!(handed_out < made && made < made_next);
        assert!(epoch_above(handed_out) > made_next);
        assert_eq!(epoch_above(made_next), epoch_above(handed_out));
    }

    #[test]
    fn nothing_is_made_where_no_room_is_left() {
        let last = 2 * EPOCH_STEP - 1;

        assert_eq!(epoch_between(last - 1, 0), Some(last));
        assert_eq!(epoch_between(last - 1, 1), None);
    }
}
