//! Rings: how the requirement of a contact relaxes as it waits.

use std::time::Duration;

use crate::center::skill::{Level, SkillRequirement};
use crate::ids::{QueueId, SkillId};

/// The most rings of one queue.
pub const MAX_RINGS: usize = 32;

/// One step by which more agents become eligible for a waiting contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    /// The age of the contact in the queue at which the step is taken, exactly.
    pub after: Duration,
    /// Whether it is also taken at once when nobody who works is eligible for what came before.
    pub when_empty: bool,
    /// What becomes easier.
    pub change: RingChange,
}

/// What a ring makes easier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RingChange {
    /// A lower level of a required skill will do.
    Lower {
        /// The skill.
        skill: SkillId,
        /// The level that will do from now on.
        level: Level,
    },
    /// A required skill is no longer needed.
    Drop {
        /// The skill.
        skill: SkillId,
    },
    /// The agents of another queue may serve the contact too.
    AddQueue(QueueId),
}

impl RingChange {
    /// Relaxes a requirement; adding a queue leaves it as it is.
    pub fn relax(&self, requirement: &mut Vec<SkillRequirement>) {
        match self {
            Self::Lower { skill, level } => {
                for needed in requirement.iter_mut().filter(|needed| needed.skill == *skill) {
                    needed.level = needed.level.min(*level);
                }
            }
            Self::Drop { skill } => requirement.retain(|needed| needed.skill != *skill),
            Self::AddQueue(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(name: &str, level: u8) -> SkillRequirement {
        let skill = SkillId::parse(name).expect("a test id is valid");
        SkillRequirement { skill, level: Level::new(level).expect("a test level is valid") }
    }

    #[test]
    fn a_ring_only_ever_makes_it_easier() {
        let english = SkillId::parse("english").expect("an id");
        let lower = |level| RingChange::Lower {
            skill: english.clone(),
            level: Level::new(level).expect("a level"),
        };
        let mut requirement = vec![needs("booking", 5), needs("english", 3)];

        lower(7).relax(&mut requirement);
        assert_eq!(requirement, [needs("booking", 5), needs("english", 3)]);
        lower(1).relax(&mut requirement);
        assert_eq!(requirement, [needs("booking", 5), needs("english", 1)]);
        RingChange::Drop { skill: english }.relax(&mut requirement);
        assert_eq!(requirement, [needs("booking", 5)]);
    }
}
