//! Asks whether a role may call an RPC; the table itself belongs to the contract.

use switchboard_domain::caller::Role;

/// The answer of an access policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The role may call.
    Allow,
    /// The role may not call.
    Deny,
    /// There is no such RPC.
    Unknown,
}

/// Decides by the path of an RPC (`/package.Service/Method`) and the caller's role.
pub trait AccessPolicy: Send + Sync + 'static {
    /// Decides one call.
    fn decide(&self, path: &str, role: Role) -> Decision;
}

impl<F> AccessPolicy for F
where
    F: Fn(&str, Role) -> Decision + Send + Sync + 'static,
{
    fn decide(&self, path: &str, role: Role) -> Decision {
        self(path, role)
    }
}
