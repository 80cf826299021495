//! Who makes a request: a tenant's gateway, agent, supervisor or administrator.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::ids::{AgentId, GatewayId, TenantId};

/// What a caller of the API may do; exactly one per credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A telephony gateway that carries the tenant's calls.
    Gateway,
    /// A person who answers.
    Agent,
    /// A person who watches queues and agents.
    Supervisor,
    /// A person who configures the center.
    Admin,
}

impl Role {
    /// Every role, in the order of their rights.
    pub const ALL: [Self; 4] = [Self::Gateway, Self::Agent, Self::Supervisor, Self::Admin];

    /// Gives the word used in credentials and in the audit trail.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Says that a word names no role.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is no role; known are gateway, agent, supervisor and admin")]
pub struct UnknownRole(String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// Who makes a request; built only from a verified credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The tenant whose records the request may touch, and no other.
    pub tenant: TenantId,
    /// What the request may do.
    pub role: Role,
    /// Who it is within the tenant: the gateway's id, the agent's id, or a user name.
    pub subject: String,
}

impl Caller {
    /// Gives the agent this caller is; none for another role or a subject that is no id.
    pub fn agent(&self) -> Option<AgentId> {
        (self.role == Role::Agent).then(|| AgentId::parse(self.subject.as_str()).ok()).flatten()
    }

    /// Gives the gateway this caller is; none for another role or a subject that is no id.
    pub fn gateway(&self) -> Option<GatewayId> {
        (self.role == Role::Gateway).then(|| GatewayId::parse(self.subject.as_str()).ok()).flatten()
    }

    /// Gives the name for audit trails, such as `agent:li-wei`.
    pub fn actor(&self) -> String {
        format!("{}:{}", self.role, self.subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_read_back_from_its_word() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse::<Role>(), Ok(role));
        }
    }

    #[test]
    fn a_word_outside_the_list_is_no_role() {
        assert!("Admin".parse::<Role>().is_err());
        assert!("".parse::<Role>().is_err());
    }

    #[test]
    fn only_an_agent_has_an_agent_id() {
        let agent = a_caller(Role::Agent);
        let gateway = a_caller(Role::Gateway);

        assert_eq!(agent.agent().expect("an agent").as_str(), "one");
        assert_eq!(agent.gateway(), None);
        assert_eq!(gateway.agent(), None);
        assert_eq!(gateway.gateway().expect("a gateway").as_str(), "one");
        assert_eq!(gateway.actor(), "gateway:one");
    }

    fn a_caller(role: Role) -> Caller {
        let tenant = TenantId::parse("demo").expect("a valid id");
        Caller { tenant, role, subject: "one".to_owned() }
    }
}
