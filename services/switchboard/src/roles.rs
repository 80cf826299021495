//! The roles of a center: any set of them runs in one process.

mod mount;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use switchboard_runtime::config::Config;
use switchboard_runtime::process::{self, ProcessError};
use switchboard_runtime::server::Running;
use switchboard_runtime::tasks::Tasks;
use thiserror::Error;

/// One part of a center, which may run alone or beside others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The edge for telephony gateways.
    Call,
    /// The flows.
    Ivr,
    /// Who is calling.
    CallerId,
    /// Agents' desks, supervisors' boards, deadlines.
    Queue,
    /// Tickets.
    Ticket,
    /// From the outbox to the history, and the history to supervisors.
    Recorder,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] =
        [Self::Call, Self::Ivr, Self::CallerId, Self::Queue, Self::Ticket, Self::Recorder];

    /// Gives the word used on the command line and in manifests.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Ivr => "ivr",
            Self::CallerId => "caller-id",
            Self::Queue => "queue",
            Self::Ticket => "ticket",
            Self::Recorder => "recorder",
        }
    }
}

/// A set of roles that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles(BTreeSet<Role>);

impl Roles {
    /// Takes every role.
    pub fn all() -> Self {
        Self(BTreeSet::from(Role::ALL))
    }

    /// Says whether a role is among them.
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Gives the roles in their usual order.
    pub fn iter(&self) -> impl Iterator<Item = Role> {
        self.0.iter().copied()
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.iter().map(Role::as_str).collect();
        formatter.write_str(&words.join(","))
    }
}

/// Says that a word names no role.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is no role; known are call, ivr, caller-id, queue, ticket, recorder and all")]
pub struct UnknownRole(String);

impl FromStr for Roles {
    type Err = UnknownRole;

    /// Reads `all`, or names with commas between them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut roles = BTreeSet::new();
        for word in text.split(',').map(str::trim) {
            let known = Role::ALL.into_iter().find(|role| role.as_str() == word);
            match known {
                Some(role) => _ = roles.insert(role),
                None if word == "all" => roles.extend(Role::ALL),
                None => return Err(UnknownRole(word.to_owned())),
            }
        }
        Ok(Self(roles))
    }
}

/// Starts roles in this process, in the background, until the shutdown of `tasks`.
///
/// Telemetry and signals are the caller's: this is what tests use. Call it within a runtime.
pub async fn start(config: Config, roles: &Roles, tasks: &Tasks) -> Result<Running, ProcessError> {
    process::start(config, tasks, async |process| Ok(mount::mount(roles, process))).await
}

/// Runs roles as a whole process, until the operating system asks for the end.
pub async fn serve(config: Config, roles: &Roles) -> Result<(), ProcessError> {
    process::serve(config, async |process| Ok(mount::mount(roles, process))).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_named_one_by_one_or_all_at_once() {
        let two: Roles = "queue, call".parse().unwrap();
        let all: Roles = "all".parse().unwrap();

        assert_eq!(two.to_string(), "call,queue");
        assert!(two.has(Role::Queue) && !two.has(Role::Ivr));
        assert_eq!(all, Roles::all());
    }

    #[test]
    fn an_unknown_role_is_named() {
        let refused = "call,quue".parse::<Roles>().unwrap_err();

        assert!(refused.to_string().contains("`quue`"), "{refused}");
    }
}
