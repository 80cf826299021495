//! The names a center defines, so that every reference can be checked where it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;

use switchboard_domain::center::{
    Language, Level, Localized, PromptKey, SkillRequirement, merge_requirements,
};
use switchboard_domain::channel::Channel;
use switchboard_domain::consent::Purposes;
use switchboard_domain::flow::ValueKind;
use switchboard_domain::ids::{
    AgentId, CalendarId, DispositionId, EndpointId, FlowId, PurposeId, QueueId, SkillId, SurveyId,
    TicketKindId,
};
use switchboard_domain::ticket::{Categories, Category, TicketKinds};

use crate::code::Code;
use crate::item::Item;
use crate::nearest::did_you_mean;
use crate::yaml::Entry;

/// Every name other parts may refer to.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Accepts every name: for a text that was checked when it was published, long before.
    pub(crate) open: bool,
    pub(crate) default_language: Option<Language>,
    pub(crate) languages: BTreeSet<String>,
    pub(crate) skills: BTreeSet<String>,
    pub(crate) calendars: BTreeSet<String>,
    pub(crate) agents: BTreeSet<String>,
    pub(crate) endpoints: BTreeSet<String>,
    pub(crate) dispositions: BTreeSet<String>,
    pub(crate) queues: BTreeSet<String>,
    pub(crate) flows: BTreeSet<String>,
    pub(crate) prompts: BTreeSet<String>,
    pub(crate) surveys: BTreeSet<String>,
    pub(crate) segments: BTreeSet<String>,
    /// What conditions about customers may ask of their records.
    pub(crate) record_fields: BTreeMap<String, ValueKind>,
    /// None where any word is a department.
    pub(crate) departments: BTreeSet<String>,
    pub(crate) purposes: Purposes,
    pub(crate) kinds: TicketKinds,
    pub(crate) categories: Categories,
}

impl Known {
    /// Reads the name of a queue.
    pub(crate) fn queue(&self, item: &Item<'_>) -> Option<QueueId> {
        self.refer(item, "queue", &self.queues)
    }

    /// Reads the code of a disposition.
    pub(crate) fn disposition(&self, item: &Item<'_>) -> Option<DispositionId> {
        self.refer(item, "disposition", &self.dispositions)
    }

    /// Reads the name of a calendar.
    pub(crate) fn calendar(&self, item: &Item<'_>) -> Option<CalendarId> {
        self.refer(item, "calendar", &self.calendars)
    }

    /// Reads the name of an agent.
    pub(crate) fn agent(&self, item: &Item<'_>) -> Option<AgentId> {
        self.refer(item, "agent", &self.agents)
    }

    /// Reads the name of an endpoint.
    pub(crate) fn endpoint(&self, item: &Item<'_>) -> Option<EndpointId> {
        self.refer(item, "endpoint", &self.endpoints)
    }

    /// Reads the name of a skill.
    pub(crate) fn skill(&self, item: &Item<'_>) -> Option<SkillId> {
        self.refer(item, "skill", &self.skills)
    }

    /// Reads one skill with a level: `{english: 3}`.
    pub(crate) fn level(&self, item: &Item<'_>) -> Option<SkillRequirement> {
        let mut needs = self.requirement(item);
        if needs.len() > 1 {
            item.report("names more than one skill");
        }
        needs.pop()
    }

    /// Reads the name of a flow.
    pub(crate) fn flow(&self, item: &Item<'_>) -> Option<FlowId> {
        self.refer(item, "flow", &self.flows)
    }

    /// Reads the name of a served language.
    pub(crate) fn language(&self, item: &Item<'_>) -> Option<Language> {
        let tag = item.text()?;
        if self.has(item, "language", tag, &self.languages) {
            item.parse_with(Language::parse)
        } else {
            None
        }
    }

    /// Reads the name of a prompt.
    pub(crate) fn prompt(&self, item: &Item<'_>) -> Option<PromptKey> {
        let name = item.text()?;
        if self.has(item, "prompt", name, &self.prompts) {
            item.parse_with(PromptKey::parse)
        } else {
            None
        }
    }

    /// Reads the name of a survey.
    pub(crate) fn survey(&self, item: &Item<'_>) -> Option<SurveyId> {
        self.refer(item, "survey", &self.surveys)
    }

    /// Reads the name of a segment of customers.
    pub(crate) fn segment(&self, item: &Item<'_>) -> Option<String> {
        let name = item.text()?;
        self.has(item, "segment", name, &self.segments).then(|| name.to_owned())
    }

    /// Reads the name of a purpose.
    pub(crate) fn purpose(&self, item: &Item<'_>) -> Option<PurposeId> {
        let purposes = self.purposes.ids().map(ToString::to_string).collect();
        self.refer(item, "purpose", &purposes)
    }

    /// Reads the name of a kind of ticket.
    pub(crate) fn kind(&self, item: &Item<'_>) -> Option<TicketKindId> {
        let kinds = self.kinds.iter().map(|kind| kind.id.to_string()).collect();
        self.refer(item, "kind", &kinds)
    }

    /// Reads the name of a department: any text where the center lists none.
    pub(crate) fn department(&self, item: &Item<'_>) -> Option<String> {
        let name = item.text()?;
        self.has_department(item, name).then(|| name.to_owned())
    }

    /// Refuses the name of a department that the center does not list.
    pub(crate) fn has_department(&self, item: &Item<'_>, name: &str) -> bool {
        self.departments.is_empty() || self.has(item, "department", name, &self.departments)
    }

    /// Reads the way to a category of tickets.
    pub(crate) fn category(&self, item: &Item<'_>) -> Option<Category> {
        let category: Category = item.parse()?;
        let is_known = self.open || self.categories.has(&category);
        if !is_known {
            let known = self.categories.iter().map(Category::to_string).collect();
            item.refuse(Code::BadValue, unknown("category", category.as_str(), &known));
        }
        is_known.then_some(category)
    }

    /// Reads skills with levels: `{booking: 5}`.
    pub(crate) fn levels(&self, item: &Item<'_>) -> BTreeMap<SkillId, Level> {
        let mut levels = BTreeMap::new();
        for (entry, value) in item.entries() {
            if !self.has_at(item, "skill", entry, &self.skills) {
                continue;
            }
            let level = value.whole(1..=10_u8).and_then(Level::new);
            if let (Ok(skill), Some(level)) = (SkillId::parse(entry.name.as_str()), level) {
                levels.insert(skill, level);
            }
        }
        levels
    }

    /// Reads skills with the least level that will do.
    pub(crate) fn requirement(&self, item: &Item<'_>) -> Vec<SkillRequirement> {
        let levels = self.levels(item).into_iter();
        let needs: Vec<_> =
            levels.map(|(skill, level)| SkillRequirement { skill, level }).collect();
        merge_requirements(&needs)
    }

    /// Reads queues with a whole number each.
    pub(crate) fn queue_map<T>(
        &self,
        item: &Item<'_>,
        read: impl Fn(&Item<'_>) -> Option<T>,
    ) -> BTreeMap<QueueId, T> {
        self.map_of(item, "queue", &self.queues, read)
    }

    /// Reads agents with a value each.
    pub(crate) fn agent_map<T>(
        &self,
        item: &Item<'_>,
        read: impl Fn(&Item<'_>) -> Option<T>,
    ) -> BTreeMap<AgentId, T> {
        self.map_of(item, "agent", &self.agents, read)
    }

    /// Reads a text for people: one for all, or one for every served language.
    pub(crate) fn localized(&self, item: &Item<'_>) -> Option<Localized> {
        if !item.is_map() {
            let text = item.text()?;
            let language = self.default_language.clone()?;
            return Some(Localized::new(BTreeMap::from([(language, text.into())])));
        }
        let texts = self.by_language(item, |value| value.text().map(String::from));
        Some(Localized::new(texts))
    }

    /// Reads a value for every served language; one that is missing is refused.
    pub(crate) fn by_language<T>(
        &self,
        item: &Item<'_>,
        read: impl Fn(&Item<'_>) -> Option<T>,
    ) -> BTreeMap<Language, T> {
        for missing in self.untranslated(item) {
            item.report(format!("has no translation into {missing:?}"));
        }
        self.some_languages(item, read)
    }

    /// Reads a value for some served languages; others fall back on what is there, with a warning.
    pub(crate) fn spoken<T>(
        &self,
        item: &Item<'_>,
        read: impl Fn(&Item<'_>) -> Option<T>,
    ) -> BTreeMap<Language, T> {
        let found = self.some_languages(item, read);
        for missing in self.untranslated(item) {
            let message =
                format!("has no translation into {missing:?}; callers hear another language");
            item.caution(Code::MissingTranslation, message);
        }
        if found.is_empty() && item.entries().is_empty() {
            item.refuse(Code::MissingPrompt, "is in no language");
        }
        found
    }

    fn map_of<K: FromStr + Ord, T>(
        &self,
        item: &Item<'_>,
        kind: &str,
        known: &BTreeSet<String>,
        read: impl Fn(&Item<'_>) -> Option<T>,
    ) -> BTreeMap<K, T> {
        let mut found = BTreeMap::new();
        for (entry, value) in item.entries() {
            if self.has_at(item, kind, entry, known)
                && let (Ok(name), Some(value)) = (entry.name.parse(), read(&value))
            {
                found.insert(name, value);
            }
        }
        found
    }

    fn some_languages<T>(
        &self,
        item: &Item<'_>,
        read: impl Fn(&Item<'_>) -> Option<T>,
    ) -> BTreeMap<Language, T> {
        let mut found = BTreeMap::new();
        for (entry, value) in item.entries() {
            if self.has_at(item, "language", entry, &self.languages)
                && let (Ok(language), Some(value)) = (Language::parse(&entry.name), read(&value))
            {
                found.insert(language, value);
            }
        }
        found
    }

    fn untranslated(&self, item: &Item<'_>) -> Vec<&str> {
        let entries = item.names();
        let missing = self.languages.iter().filter(|tag| !entries.contains(tag.as_str()));
        missing.map(String::as_str).collect()
    }

    fn has(&self, item: &Item<'_>, kind: &str, name: &str, known: &BTreeSet<String>) -> bool {
        let found = self.open || known.contains(name);
        if !found {
            item.refuse(Code::unknown(kind), unknown(kind, name, known));
        }
        found
    }

    fn has_at(&self, item: &Item<'_>, kind: &str, entry: &Entry, known: &BTreeSet<String>) -> bool {
        let found = self.open || known.contains(&entry.name);
        if !found {
            item.refuse_at(entry.place, Code::unknown(kind), unknown(kind, &entry.name, known));
        }
        found
    }

    fn refer<T: FromStr<Err: Display>>(
        &self,
        item: &Item<'_>,
        kind: &str,
        known: &BTreeSet<String>,
    ) -> Option<T> {
        let name = item.text()?;
        if self.has(item, kind, name, known) { item.parse() } else { None }
    }
}

/// Reads a value for each channel: `{voice: 1}`.
pub(crate) fn by_channel<T>(
    item: &Item<'_>,
    read: impl Fn(&Item<'_>) -> Option<T>,
) -> BTreeMap<Channel, T> {
    let mut found = BTreeMap::new();
    for (entry, value) in item.entries() {
        match Channel::parse(&entry.name) {
            Some(channel) => found.extend(read(&value).map(|value| (channel, value))),
            None => item.report_at(entry.place, no_channel(&entry.name)),
        }
    }
    found
}

/// Reads the name of a channel.
pub(crate) fn channel(item: &Item<'_>) -> Option<Channel> {
    let name = item.text()?;
    let found = Channel::parse(name);
    if found.is_none() {
        item.report(no_channel(name));
    }
    found
}

fn no_channel(name: &str) -> String {
    let words: Vec<&str> = Channel::ALL.iter().map(|channel| channel.as_str()).collect();
    let hint = did_you_mean(name, words.iter().copied());
    format!("{name:?} is none of {}{hint}", words.join(", "))
}

fn unknown(kind: &str, name: &str, known: &BTreeSet<String>) -> String {
    format!("unknown {kind} {name:?}{}", did_you_mean(name, known.iter().map(String::as_str)))
}
