//! Skills, their levels, and who is able to serve what.

use std::collections::BTreeMap;
use std::fmt;

use crate::center::locale::Localized;
use crate::ids::SkillId;

/// The best level there is.
pub const MAX_LEVEL: u8 = 10;

/// How well an agent masters a skill, from 1 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(u8);

impl Level {
    /// The lowest level: the agent has the skill at all.
    pub const LOWEST: Self = Self(1);

    /// Makes a level, or nothing outside 1 to 10.
    pub const fn new(level: u8) -> Option<Self> {
        if level >= 1 && level <= MAX_LEVEL { Some(Self(level)) } else { None }
    }

    /// Gives the level as a number from 1 to 10.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

/// Something an agent can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skill {
    /// Its id.
    pub id: SkillId,
    /// Its name, for people.
    pub display_name: Localized,
}

/// A skill a contact needs, and the least level that will do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SkillRequirement {
    /// The skill.
    pub skill: SkillId,
    /// The least level that will do.
    pub level: Level,
}

/// Says whether an agent with these skills may serve a contact with this requirement.
pub fn eligible(requirement: &[SkillRequirement], skills: &BTreeMap<SkillId, Level>) -> bool {
    requirement
        .iter()
        .all(|needed| skills.get(&needed.skill).is_some_and(|level| *level >= needed.level))
}

/// Joins requirements into one, sorted by skill, the higher level winning.
///
/// Equal needs give equal results whatever the order they came in, so contacts share classes.
pub fn merge_requirements<'a>(
    requirements: impl IntoIterator<Item = &'a SkillRequirement>,
) -> Vec<SkillRequirement> {
    let mut merged: BTreeMap<&SkillId, Level> = BTreeMap::new();
    for needed in requirements {
        let level = merged.entry(&needed.skill).or_insert(needed.level);
        *level = (*level).max(needed.level);
    }
    merged
        .into_iter()
        .map(|(skill, level)| SkillRequirement { skill: skill.clone(), level })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skill(name: &str) -> SkillId {
        SkillId::parse(name).expect("a test id is valid")
    }

    fn needs(name: &str, level: u8) -> SkillRequirement {
        let level = Level::new(level).expect("a test level is valid");
        SkillRequirement { skill: skill(name), level }
    }

    fn has(name: &str, level: u8) -> (SkillId, Level) {
        (skill(name), Level::new(level).expect("a test level is valid"))
    }

    #[test]
    fn levels_outside_one_to_ten_do_not_exist() {
        assert_eq!(Level::new(0), None);
        assert_eq!(Level::new(11), None);
        assert_eq!(Level::new(10).map(Level::get), Some(10));
    }

    #[test]
    fn an_agent_needs_every_skill_at_its_level() {
        let skills = BTreeMap::from([has("booking", 5), has("english", 3)]);

        assert!(eligible(&[], &skills));
        assert!(eligible(&[needs("booking", 5), needs("english", 1)], &skills));
        assert!(!eligible(&[needs("booking", 6)], &skills));
        assert!(!eligible(&[needs("booking", 1), needs("refund", 1)], &skills));
    }

    #[test]
    fn merging_keeps_the_higher_level_and_forgets_the_order() {
        let one = merge_requirements(&[needs("b", 2), needs("a", 3), needs("b", 7)]);
        let other = merge_requirements(&[needs("b", 7), needs("b", 2), needs("a", 3)]);

        assert_eq!(one, vec![needs("a", 3), needs("b", 7)]);
        assert_eq!(one, other);
    }
}
