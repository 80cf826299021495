//! Makes a list of commands on which the two do not agree shorter.

use switchboard_domain::ids::TenantId;
use switchboard_store_redis::trial::Trial;

use super::pair::{Failure, Pair, Sent};

/// How many shorter lists are tried at most.
const TRIES: usize = 400;

/// Leaves out what is not needed for the two not to agree.
pub(super) async fn shrink(trial: &Trial, tenant: &TenantId, failure: Failure) -> Failure {
    let mut shortest = failure;
    let (mut size, mut tries) = (shortest.sent.len() / 2, 0);
    while size > 0 && tries < TRIES {
        let (mut first, mut is_shorter) = (0, false);
        while first < shortest.sent.len() && tries < TRIES {
            let mut fewer = shortest.sent.clone();
            fewer.drain(first..fewer.len().min(first + size));
            tries += 1;
            match replay(trial, tenant, fewer).await {
                Err(shorter) => (shortest, is_shorter) = (shorter, true),
                Ok(_) => first += size,
            }
        }
        if !is_shorter {
            size /= 2;
        }
    }
    shortest
}

/// Plays a list of commands as it stands.
pub(super) async fn replay(
    trial: &Trial,
    tenant: &TenantId,
    sent: Vec<Sent>,
) -> Result<u64, Failure> {
    let mut sent = sent.into_iter();
    Pair::new(trial, tenant).play(|_| sent.next(), |_, _| ()).await
}
