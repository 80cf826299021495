//! The plan read back: rules, classes, profiles.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::time::Duration;

use switchboard_domain::channel::Channel;
use switchboard_domain::floor::plan::{
    ClassKey, ClassPlan, MissRule, Plan, ProfileDefinition, ProfileKey, QueueRules, ReadyOrder,
    Slot, Standing, WrapUpMode,
};
use switchboard_store::live_floor::FloorError;

use crate::replies::corrupt;

use super::Fields;
use super::names::queue_id;

/// Reads the fields of the plan.
pub(super) fn read(fields: &Fields, plan: &mut Plan) -> Result<(), FloorError> {
    for (name, value) in fields {
        if let Some(queue) = name.strip_prefix("queue:") {
            let rules = rules(value).ok_or_else(|| corrupt(value))?;
            plan.queues.insert(queue_id(queue)?, rules);
        } else if let Some(class) = name.strip_prefix("class:") {
            let found = self::class(value).ok_or_else(|| corrupt(value))?;
            plan.classes.insert(ClassKey::new(class), found);
        } else if let Some(profile) = name.strip_prefix("ability:") {
            let ability = ability(profile, value).ok_or_else(|| corrupt(value))?;
            plan.abilities.insert(ability.key.clone(), ability);
        } else if let Some(profile) = name.strip_prefix("serves:") {
            let served = serves(value).ok_or_else(|| corrupt(value))?;
            plan.profiles.insert(ProfileKey::new(profile), served);
        }
    }
    Ok(())
}

/// Reads which classes a profile serves: `rank class rank class`.
fn serves(line: &str) -> Option<BTreeSet<(u32, ClassKey)>> {
    let words: Vec<&str> = line.split(' ').collect();
    let pairs = words.chunks(2).map(|pair| {
        let [rank, class] = pair else { return None };
        Some((rank.parse().ok()?, ClassKey::new(*class)))
    });
    pairs.collect()
}

/// Reads a class: `7 profile=rank:preference profile=rank:preference`.
fn class(line: &str) -> Option<ClassPlan> {
    let mut words = line.split(' ');
    let version = words.next()?.parse().ok()?;
    let profiles: Option<BTreeMap<_, _>> = words.map(standing).collect();
    Some(ClassPlan { version, profiles: profiles? })
}

fn standing(word: &str) -> Option<(ProfileKey, Standing)> {
    let (profile, rest) = word.split_once('=')?;
    let (rank, preference) = rest.split_once(':')?;
    let standing = Standing { rank: rank.parse().ok()?, preference: preference.parse().ok()? };
    Some((ProfileKey::new(profile), standing))
}

/// Reads what a profile can serve: `idle,offered chat=2: voice=1:chat+task`.
fn ability(key: &str, line: &str) -> Option<ProfileDefinition> {
    let mut words = line.split(' ');
    let orders: Option<_> = words.next()?.split(',').map(ReadyOrder::parse).collect();
    let slots: Option<_> = words.map(slot).collect();
    Some(ProfileDefinition { key: ProfileKey::new(key), orders: orders?, slots: slots? })
}

fn slot(word: &str) -> Option<(Channel, Slot)> {
    let (channel, rest) = word.split_once('=')?;
    let (capacity, blocked) = rest.split_once(':')?;
    let blocked = blocked.split('+').filter(|name| !name.is_empty());
    let blocked_by: Option<_> = blocked.map(Channel::parse).collect();
    let slot = Slot { capacity: capacity.parse().ok()?, blocked_by: blocked_by? };
    Some((Channel::parse(channel)?, slot))
}

/// The words of a line, taken one by one.
struct Words<'a>(std::str::Split<'a, char>);

impl<'a> Words<'a> {
    fn text(&mut self) -> Option<&'a str> {
        self.0.next()
    }

    fn number<T: FromStr>(&mut self) -> Option<T> {
        self.text()?.parse().ok()
    }

    fn span(&mut self) -> Option<Duration> {
        self.number().map(Duration::from_millis)
    }

    fn flag(&mut self) -> Option<bool> {
        self.text().map(|word| word == "1")
    }

    fn miss(&mut self) -> Option<MissRule> {
        Some(MissRule { cool_down: self.span()?, threshold: self.number()? })
    }

    fn word(&mut self) -> Option<String> {
        self.text().map(|word| if word == "-" { String::new() } else { word.to_owned() })
    }
}

/// Reads the rules of a queue, in the order they are written.
fn rules(line: &str) -> Option<QueueRules> {
    let mut words = Words(line.split(' '));
    // The words are taken in the order of the fields below, save those that are written last.
    let mut rules = QueueRules {
        order: ReadyOrder::Idle,
        wrap_up_mode: WrapUpMode::None,
        ring_timeout: words.span()?,
        ring_count: words.number()?,
        max_wait: words.span()?,
        max_waiting: words.number()?,
        max_active: words.number()?,
        wrap_up: words.span()?,
        wrap_up_extension: words.span()?,
        misses: [words.miss()?, words.miss()?, words.miss()?, words.miss()?],
        join_when_empty: words.flag()?,
        leave_when_empty: u64::try_from(words.number::<i64>()?).ok().map(Duration::from_millis),
        redial_window: words.span()?,
        draining: words.flag()?,
        callback_attempts: words.number()?,
        callback_retry: words.span()?,
        callback_lifetime: words.span()?,
        overflow: String::new(),
        when_closed: String::new(),
        default_disposition: String::new(),
    };
    rules.order = ReadyOrder::parse(words.text()?)?;
    rules.wrap_up_mode = WrapUpMode::parse(words.text()?)?;
    rules.overflow = words.word()?;
    rules.when_closed = words.word()?;
    rules.default_disposition = words.word()?;
    Some(rules)
}
