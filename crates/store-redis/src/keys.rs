//! Every key name, and nothing else. All keys of a tenant share one hash slot.

use switchboard_domain::ids::TenantId;

/// The part every key of a tenant begins with.
pub(crate) fn prefix(tenant: &TenantId) -> String {
    format!("{{{tenant}}}:")
}

/// The clock of the tenant's floor, and what it counts in most steps; a packed record.
pub(crate) fn clock(tenant: &TenantId) -> String {
    format!("{}clock", prefix(tenant))
}

/// Epoch, barrier and plan version of the tenant's floor; a packed record.
pub(crate) fn floor(tenant: &TenantId) -> String {
    format!("{}floor", prefix(tenant))
}

/// The plan: queue rules, classes, abilities of profiles and what they serve; a hash.
pub(crate) fn plan(tenant: &TenantId) -> String {
    format!("{}plan", prefix(tenant))
}

/// The events of the floor, in order; a stream with an entry for each step.
pub(crate) fn outbox(tenant: &TenantId) -> String {
    format!("{}outbox", prefix(tenant))
}

/// Armed deadlines; a sorted set by time of `a:`, `c:`, `g:`, `k:` or `p:` and what each is for.
pub(crate) fn deadlines(tenant: &TenantId) -> String {
    format!("{}deadlines", prefix(tenant))
}

/// Live contacts and signed-in agents; a sorted set by epoch.
pub(crate) fn live(tenant: &TenantId) -> String {
    format!("{}live", prefix(tenant))
}

/// One of a kind: the packed record of a `contact`, `agent`, `gateway` or `offer`, or one index.
pub(crate) fn record(tenant: &TenantId, kind: &str, id: &str) -> String {
    format!("{}{kind}:{id}", prefix(tenant))
}

/// The waiting contacts of a queue; a sorted set by rank.
pub(crate) fn queued(tenant: &TenantId, queue: &str) -> String {
    format!("{}queued:{queue}", prefix(tenant))
}

/// The legs of a gateway; a sorted set by session.
pub(crate) fn legs(tenant: &TenantId, gateway: &str) -> String {
    format!("{}legs:{gateway}", prefix(tenant))
}

/// The ticket orders held for Postgres; a hash by request id.
pub(crate) fn ticket_orders(tenant: &TenantId) -> String {
    format!("{}ticket_orders", prefix(tenant))
}

/// The held orders by when they were given; a sorted set of request ids.
pub(crate) fn ticket_order_times(tenant: &TenantId) -> String {
    format!("{}ticket_order_times", prefix(tenant))
}

/// Who is with a ticket; a hash by person.
pub(crate) fn ticket_presence(tenant: &TenantId, ticket: &str) -> String {
    format!("{}ticket_presence:{ticket}", prefix(tenant))
}

/// Where a session of the IVR stands; a hash of bodies by the number of the input.
pub(crate) fn ivr_session(tenant: &TenantId, id: &str) -> String {
    format!("{}ivr_session:{id}", prefix(tenant))
}

/// The sessions of the IVR; a sorted set by when each is forgotten.
pub(crate) fn ivr_sessions(tenant: &TenantId) -> String {
    format!("{}ivr_sessions", prefix(tenant))
}

/// The sessions of the IVR that ended or became calls; a sorted set by when.
pub(crate) fn ivr_over(tenant: &TenantId) -> String {
    format!("{}ivr_over", prefix(tenant))
}

/// The open callbacks; a hash by queue and caller.
pub(crate) fn callbacks(tenant: &TenantId) -> String {
    format!("{}callbacks", prefix(tenant))
}

/// The keys of which a tenant has one each, with what they hold. Besides those above: places kept
/// for callers who left, by queue and caller; classes nobody works for, and since when; gateways
/// the barrier waits for; gateways that ever joined; lists of ready agents that may not be empty; lines held for one
/// agent in which somebody waits.
#[cfg(any(test, feature = "test-util"))]
pub(crate) const SINGLE: [(&str, &str); 15] = [
    ("floor", "string"),
    ("clock", "string"),
    ("plan", "hash"),
    ("outbox", "stream"),
    ("deadlines", "zset"),
    ("live", "zset"),
    ("ticket_orders", "hash"),
    ("ticket_order_times", "zset"),
    ("callbacks", "hash"),
    ("kept", "hash"),
    ("empty", "hash"),
    ("pending", "set"),
    ("gateways", "set"),
    ("idle_lists", "set"),
    ("own_lines", "zset"),
];

/// The keys of which a tenant has many, told apart by an id, with what they hold: records; lines by
/// class and by queue; ready agents by profile, channel and order; legs by
/// gateway; agents who work by profile; contacts that are served by queue.
#[cfg(any(test, feature = "test-util"))]
pub(crate) const MANY: [(&str, &str); 10] = [
    ("contact", "string"),
    ("agent", "string"),
    ("gateway", "string"),
    ("offer", "string"),
    ("waiting", "zset"),
    ("queued", "zset"),
    ("ready", "zset"),
    ("legs", "zset"),
    ("staff", "set"),
    ("active", "set"),
];

/// Gives what a key of a tenant holds; nothing if no such key is declared here.
#[cfg(any(test, feature = "test-util"))]
pub(crate) fn declared(tenant: &TenantId, key: &str) -> Option<&'static str> {
    let rest = key.strip_prefix(&prefix(tenant))?;
    let kind = match rest.split_once(':') {
        Some((kind, _)) => MANY.iter().find(|(name, _)| *name == kind),
        None => SINGLE.iter().find(|(name, _)| *name == rest),
    };
    kind.map(|(_, holds)| *holds)
}
