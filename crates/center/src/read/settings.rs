//! `center.yaml` and `skills.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use switchboard_domain::center::{
    Blocked, CallerRules, Endpoint, Exclusions, Gateway, Language, LanguageRule, Skill, Trust,
    Zone, default_exclusions,
};
use switchboard_domain::ids::{EndpointId, GatewayId, SkillId};
use switchboard_domain::phone::Country;

use super::endpoints;
use crate::fields::Fields;
use crate::item::Item;
use crate::keys::settings as keys;
use crate::known::{Known, by_channel, channel};
use crate::yaml::{Value, Yaml};

/// The most one point of priority can be worth.
const MAX_CREDIT: Duration = Duration::from_hours(24);
const DEFAULT_CREDIT: Duration = Duration::from_mins(1);
const BLOCKED: [(&str, Blocked); 2] = [("refuse", Blocked::Refuse), ("flow", Blocked::Flow)];
const TRUST: [(&str, Trust); 3] =
    [("full", Trust::Full), ("partial", Trust::Partial), ("any", Trust::Any)];

/// What `center.yaml` holds.
pub(super) struct Settings {
    pub(super) display_name: String,
    pub(super) default_country: Country,
    pub(super) zone: Zone,
    pub(super) default_language: Language,
    pub(super) languages: BTreeMap<Language, LanguageRule>,
    pub(super) callers: CallerRules,
    pub(super) priority_credit: Duration,
    pub(super) gateways: BTreeMap<GatewayId, Gateway>,
    pub(super) exclusions: Exclusions,
    pub(super) endpoints: BTreeMap<EndpointId, Endpoint>,
}

/// Finds the served languages before anything else is read.
pub(super) fn language_tags(root: &Yaml) -> BTreeSet<String> {
    let entries = |yaml: &Yaml| match &yaml.value {
        Value::Map(entries) => entries.clone(),
        Value::Scalar(_) | Value::List(_) => Vec::new(),
    };
    let languages = entries(root).into_iter().find(|entry| entry.name == "languages");
    languages.map_or_else(BTreeSet::new, |found| {
        entries(&found.yaml).into_iter().map(|entry| entry.name).collect()
    })
}

/// Finds the language that stands in for any other, silently: [`read`] reports what is wrong.
pub(super) fn default_language(root: &Item<'_>) -> Option<Language> {
    let Value::Map(entries) = &root.yaml().value else { return None };
    let entry = entries.iter().find(|entry| entry.name == "default_language")?;
    match &entry.yaml.value {
        Value::Scalar(tag) => Language::parse(tag).ok(),
        Value::List(_) | Value::Map(_) => None,
    }
}

/// Reads `center.yaml`.
pub(super) fn read(root: &Item<'_>, known: &Known) -> Option<Settings> {
    let fields = root.fields(&keys::CENTER)?;
    let display_name = fields.required("display_name").and_then(|value| value.text());
    let default_country = fields.required("default_country").and_then(|value| value.parse());
    let zone = fields.required("time_zone").and_then(|zone| zone.parse_with(Zone::parse));
    let default_language =
        fields.required("default_language").and_then(|value| known.language(&value));
    let languages = languages(&fields, known);
    let callers = callers(&fields);
    let priority_credit =
        fields.or("priority_credit", DEFAULT_CREDIT, |value| value.duration(MAX_CREDIT));
    let gateways = gateways(&fields, known);
    let exclusions = exclusions(&fields);
    let endpoints = endpoints::read(&fields);
    fields.finish();
    Some(Settings {
        display_name: display_name?.into(),
        default_country: default_country?,
        zone: zone?,
        exclusions,
        endpoints,
        default_language: default_language?,
        languages,
        callers,
        priority_credit,
        gateways,
    })
}

fn callers(settings: &Fields<'_>) -> CallerRules {
    let default = CallerRules::default();
    let Some(fields) = settings.optional("callers").and_then(|item| item.fields(&keys::CALLERS))
    else {
        return default;
    };
    let blocked = fields.or("blocked", default.blocked, |value| value.word(&BLOCKED));
    let trust = fields.or("trust", default.trust, |value| value.word(&TRUST));
    fields.finish();
    CallerRules { blocked, trust }
}

fn exclusions(fields: &Fields<'_>) -> Exclusions {
    let mut all = default_exclusions();
    let Some(item) = fields.optional("exclusions") else { return all };
    let others = |value: &Item<'_>| Some(value.list(channel).into_iter().collect::<BTreeSet<_>>());
    for (channel, blocked_by) in by_channel(&item, others) {
        if blocked_by.contains(&channel) {
            let own = item.below(&[channel.as_str()]);
            own.report("names itself; how much an agent does at once is their capacity");
        }
        all.insert(channel, blocked_by);
    }
    all
}

fn languages(fields: &Fields<'_>, known: &Known) -> BTreeMap<Language, LanguageRule> {
    let Some(item) = fields.required("languages") else { return BTreeMap::new() };
    let mut languages = BTreeMap::new();
    for (entry, value) in item.entries() {
        let value = value.called(format!("language {:?}", entry.name));
        match Language::parse(&entry.name) {
            Ok(language) => {
                languages.insert(language, language_rule(&value, known));
            }
            Err(error) => item.report_at(entry.place, error),
        }
    }
    languages
}

fn language_rule(item: &Item<'_>, known: &Known) -> LanguageRule {
    let Some(fields) = item.fields(&keys::LANGUAGE) else { return LanguageRule::default() };
    let skill = fields.optional("skill").and_then(|skill| known.level(&skill));
    fields.finish();
    LanguageRule { skill }
}

fn gateways(settings: &Fields<'_>, known: &Known) -> BTreeMap<GatewayId, Gateway> {
    let Some(item) = settings.optional("gateways") else { return BTreeMap::new() };
    let mut gateways = BTreeMap::new();
    for (id, value) in item.named::<GatewayId>() {
        let value = value.called(format!("gateway {:?}", id.as_str()));
        let Some(fields) = value.fields(&keys::GATEWAY) else { continue };
        let display_name = fields.required("display_name").and_then(|name| known.localized(&name));
        fields.finish();
        if let Some(display_name) = display_name {
            gateways.insert(id.clone(), Gateway { id, display_name });
        }
    }
    gateways
}

/// Reads `skills.yaml`.
pub(super) fn skills(root: Option<&Item<'_>>, known: &Known) -> BTreeMap<SkillId, Skill> {
    let mut skills = BTreeMap::new();
    for (id, value) in root.into_iter().flat_map(Item::named::<SkillId>) {
        let value = value.called(format!("skill {:?}", id.as_str()));
        let Some(fields) = value.fields(&keys::SKILL) else { continue };
        let display_name = fields.required("display_name").and_then(|name| known.localized(&name));
        fields.finish();
        if let Some(display_name) = display_name {
            skills.insert(id.clone(), Skill { id, display_name });
        }
    }
    skills
}
