//! What callers hear: one key, many languages, a text to speak or a recording to play.

use std::collections::BTreeMap;
use std::fmt;

use crate::center::locale::Language;
use crate::ids::{IdError, check_id};

/// The name of a prompt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PromptKey(String);

impl PromptKey {
    /// Checks a name against the rules for identifiers.
    pub fn parse(text: impl Into<String>) -> Result<Self, IdError> {
        let text = text.into();
        check_id(&text)?;
        Ok(Self(text))
    }

    /// Gives the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PromptKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Where the sound of a prompt comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromptSource {
    /// A text the gateway speaks; `{name}` stands for a collected field.
    Text(String),
    /// A recording the gateway plays, as the gateway names it.
    Asset(String),
}

/// Every prompt of a center.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompts {
    sources: BTreeMap<PromptKey, BTreeMap<Language, PromptSource>>,
    fallback: Option<Language>,
}

impl Prompts {
    /// Makes them from sources by key and language; `fallback` is tried last.
    pub fn new(
        sources: BTreeMap<PromptKey, BTreeMap<Language, PromptSource>>,
        fallback: Option<Language>,
    ) -> Self {
        Self { sources, fallback }
    }

    /// Gives the sources of one prompt by language.
    pub fn get(&self, key: &PromptKey) -> Option<&BTreeMap<Language, PromptSource>> {
        self.sources.get(key)
    }

    /// Gives every key.
    pub fn keys(&self) -> impl Iterator<Item = &PromptKey> {
        self.sources.keys()
    }

    /// Finds what to play: the language itself, a relative of it, the fallback, then any.
    pub fn find(&self, key: &PromptKey, language: &Language) -> Option<(&Language, &PromptSource)> {
        let sources = self.sources.get(key)?;
        find_text(sources, language, self.fallback.as_ref())
    }

    /// Gives the language that is tried last.
    pub fn fallback(&self) -> Option<&Language> {
        self.fallback.as_ref()
    }
}

/// Finds what there is in a language: in itself, in a relative of it, in the fallback, in any.
pub fn find_text<'a, T>(
    texts: &'a BTreeMap<Language, T>,
    language: &Language,
    fallback: Option<&Language>,
) -> Option<(&'a Language, &'a T)> {
    texts
        .get_key_value(language)
        .or_else(|| texts.iter().find(|(known, _)| known.primary() == language.primary()))
        .or_else(|| fallback.and_then(|other| texts.get_key_value(other)))
        .or_else(|| texts.iter().next())
}
