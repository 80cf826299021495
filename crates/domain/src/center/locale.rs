//! Languages, and texts that exist in several languages.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;

use thiserror::Error;

use crate::center::skill::SkillRequirement;

/// Says that a text is no language tag.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a language is a tag such as `en` or `zh-CN`, not {0:?}")]
pub struct LanguageError(pub String);

/// A language, as a BCP 47 tag such as `zh-CN` or `en`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

impl Language {
    /// Checks a tag.
    pub fn parse(text: &str) -> Result<Self, LanguageError> {
        let mut parts = text.split('-');
        let primary = parts.next().unwrap_or_default();
        let primary_fits =
            matches!(primary.len(), 2 | 3) && primary.bytes().all(|byte| byte.is_ascii_lowercase());
        let rest_fits = parts.all(|part| {
            matches!(part.len(), 2..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        if primary_fits && rest_fits && text.len() <= 35 {
            Ok(Self(text.into()))
        } else {
            Err(LanguageError(text.chars().take(40).collect()))
        }
    }

    /// Gives the tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives the language without region or script: `zh` for `zh-CN`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Borrow<str> for Language {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// What a served language asks of agents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LanguageRule {
    /// The skill an agent needs to serve a caller of this language.
    pub skill: Option<SkillRequirement>,
}

/// A text for people in one or more languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localized(BTreeMap<Language, String>);

impl Localized {
    /// Makes one from texts by language.
    pub fn new(texts: BTreeMap<Language, String>) -> Self {
        Self(texts)
    }

    /// Gives the text in `language`, else in a relative of it, else in any language.
    pub fn get(&self, language: &str) -> Option<&str> {
        let primary = language.split('-').next().unwrap_or(language);
        self.0
            .get(language)
            .or_else(|| {
                self.0.iter().find(|(known, _)| known.primary() == primary).map(|(_, text)| text)
            })
            .or_else(|| self.0.values().next())
            .map(String::as_str)
    }

    /// Gives the text in exactly `language`.
    pub fn exact(&self, language: &str) -> Option<&str> {
        self.0.get(language).map(String::as_str)
    }

    /// Gives every language and its text.
    pub fn iter(&self) -> impl Iterator<Item = (&Language, &str)> {
        self.0.iter().map(|(language, text)| (language, text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_checked() {
        assert!(Language::parse("zh-CN").is_ok());
        assert!(Language::parse("en").is_ok());
        for bad in ["", "E", "english", "zh_CN", "zh-", "EN", "zh-ü"] {
            assert!(Language::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_missing_translation_falls_back_to_a_relative_then_to_any() {
        let language = |tag| Language::parse(tag).expect("a test tag is valid");
        let texts = Localized::new(BTreeMap::from([
            (language("en"), String::from("booking")),
            (language("zh-CN"), String::from("订票")),
        ]));

        assert_eq!(texts.get("zh-TW"), Some("订票"));
        assert_eq!(texts.get("fr"), Some("booking"));
        assert_eq!(texts.exact("fr"), None);
    }
}
