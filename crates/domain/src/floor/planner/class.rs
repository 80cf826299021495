//! What a contact needs, as the name of a class, and which profiles can give it.

use std::collections::{BTreeMap, BTreeSet};

use crate::center::{
    Agent, Center, Level, Queue, SkillRequirement, Strategy, eligible, merge_requirements,
};
use crate::channel::Channel;
use crate::floor::plan::{ClassDefinition, ClassKey, ProfileKey, Standing};
use crate::ids::{QueueId, SkillId};

use super::profile::profile;

/// How much a preferred skill counts beside any strategy.
const PREFERRED: i32 = 100_000;

/// What the contacts of a class need.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The channel.
    pub channel: Channel,
    /// The queue they wait in.
    pub queue: QueueId,
    /// Queues whose agents may serve them too.
    pub added: BTreeSet<QueueId>,
    /// Skills the agent must have.
    pub required: Vec<SkillRequirement>,
    /// Skills that make an agent be rung before others.
    pub preferred: Vec<SkillRequirement>,
}

impl Need {
    /// Gives what every contact of a queue needs.
    pub fn of_queue(queue: &Queue, channel: Channel) -> Self {
        let required = merge_requirements(&queue.requirement);
        let preferred = merge_requirements(&queue.preferred);
        Self { channel, queue: queue.id.clone(), added: BTreeSet::new(), required, preferred }
    }

    /// Names the class: `voice:booking+refund/english:1,refund:5~vip:3`.
    pub fn key(&self) -> ClassKey {
        let mut name = format!("{}:{}", self.channel, self.queue);
        for queue in &self.added {
            name.push_str(&format!("+{queue}"));
        }
        name.push_str(&format!("/{}", skills_text(&self.required)));
        if !self.preferred.is_empty() {
            name.push_str(&format!("~{}", skills_text(&self.preferred)));
        }
        ClassKey::new(name)
    }

    /// Reads a need back from the name of its class; a personal class has none.
    pub fn parse(key: &ClassKey) -> Option<Self> {
        let (channel, rest) = key.as_str().split_once(':')?;
        let (queues, skills) = rest.split_once('/')?;
        let (required, preferred) = skills.split_once('~').unwrap_or((skills, ""));
        let mut queues = queues.split('+').map(QueueId::parse);
        Some(Self {
            channel: Channel::parse(channel)?,
            queue: queues.next()?.ok()?,
            added: queues.collect::<Result<_, _>>().ok()?,
            required: parse_skills(required)?,
            preferred: parse_skills(preferred)?,
        })
    }

    /// Gives the rank an agent's profile has for such contacts; nothing when he cannot serve them.
    fn rank_of(&self, agent: &Agent) -> Option<u32> {
        let queues = std::iter::once(&self.queue).chain(&self.added);
        let rank = queues.filter_map(|queue| agent.queues.get(queue)).min()?;
        let able = eligible(&self.required, &agent.skills) && agent.capacity_for(self.channel) > 0;
        able.then_some(*rank)
    }

    fn preference_of(&self, agent: &Agent, strategy: Strategy) -> i32 {
        let has = |needed: &&SkillRequirement| {
            agent.skills.get(&needed.skill).is_some_and(|level| *level >= needed.level)
        };
        let met = self.preferred.iter().filter(has).count();
        let level = |skill: &SkillId| agent.skills.get(skill).map_or(0, |level| level.get());
        let fit: i32 = match strategy {
            Strategy::MostSkilled => {
                -self.required.iter().map(|needed| i32::from(level(&needed.skill))).sum::<i32>()
            }
            Strategy::LeastSkilled => agent.skills.values().map(|l| i32::from(l.get())).sum(),
            Strategy::LongestIdle
            | Strategy::RoundRobin
            | Strategy::FewestContacts
            | Strategy::LeastTalkTime
            | Strategy::WeightedRandom
            | Strategy::InOrder
            | Strategy::RingN { .. } => 0,
        };
        fit - i32::try_from(met).unwrap_or(0) * PREFERRED
    }
}

/// Gives the rank an agent's profile has for the contacts of a class; nothing when he cannot serve
/// them. Contacts held for him by name come before all others.
pub fn rank_of(agent: &Agent, class: &ClassKey) -> Option<u32> {
    if *class == ClassKey::personal(&agent.id) {
        return Some(0);
    }
    Need::parse(class)?.rank_of(agent)
}

/// Says which profiles may serve a class, and where each stands.
pub fn define_class(center: &Center, need: &Need) -> ClassDefinition {
    let strategy = center.queues.get(&need.queue).map(|queue| queue.strategy).unwrap_or_default();
    let able = center.agents.values().filter_map(|agent| Some((agent, need.rank_of(agent)?)));
    let profiles: BTreeMap<ProfileKey, Standing> = able
        .map(|(agent, rank)| {
            let preference = need.preference_of(agent, strategy);
            (profile(center, agent).key, Standing { rank, preference })
        })
        .collect();
    ClassDefinition { key: need.key(), profiles }
}

/// Writes skills with their levels: `english:1,refund:5`.
pub(super) fn skills_text(skills: &[SkillRequirement]) -> String {
    let words: Vec<String> =
        skills.iter().map(|needed| format!("{}:{}", needed.skill, needed.level)).collect();
    words.join(",")
}

fn parse_skills(text: &str) -> Option<Vec<SkillRequirement>> {
    let words = text.split(',').filter(|word| !word.is_empty());
    let skills = words.map(|word| {
        let (skill, level) = word.split_once(':')?;
        let level = Level::new(level.parse().ok()?)?;
        Some(SkillRequirement { skill: SkillId::parse(skill).ok()?, level })
    });
    skills.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(name: &str, level: u8) -> SkillRequirement {
        let skill = SkillId::parse(name).expect("an id");
        SkillRequirement { skill, level: Level::new(level).expect("a level") }
    }

    fn queue(name: &str) -> QueueId {
        QueueId::parse(name).expect("an id")
    }

    #[test]
    fn a_need_reads_back_from_the_name_of_its_class() {
        let need = Need {
            channel: Channel::Voice,
            queue: queue("booking"),
            added: BTreeSet::from([queue("refund")]),
            required: vec![needs("english", 1), needs("refund", 10)],
            preferred: vec![needs("vip", 3)],
        };

        let key = need.key();

        assert_eq!(key.as_str(), "voice:booking+refund/english:1,refund:10~vip:3");
        assert_eq!(Need::parse(&key), Some(need));
    }

    #[test]
    fn a_need_of_nothing_reads_back_too() {
        let need = Need {
            channel: Channel::Chat,
            queue: queue("booking"),
            added: BTreeSet::new(),
            required: Vec::new(),
            preferred: Vec::new(),
        };

        assert_eq!(Need::parse(&need.key()), Some(need));
        assert_eq!(Need::parse(&ClassKey::new("@li-wei")), None);
    }
}
