//! What the caller hears: prompts found in the caller's language, with fields filled in.

use super::super::node::{Say, Set};
use super::super::readout::fill;
use super::Directive;
use super::walk::Walk;
use crate::center::{Language, PromptKey, PromptSource, find_text};

/// The longest value a field may get, in characters; longer ones are cut.
const MAX_VALUE_LENGTH: usize = 256;

/// Something to play, ready for the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    /// The prompt's name.
    pub key: PromptKey,
    /// The language it was found in.
    pub language: Language,
    /// The sound itself.
    pub sound: Sound,
}

/// A text to speak or a recording to play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sound {
    /// A text, with fields filled in.
    Text(String),
    /// A recording, as the gateway names it.
    Asset(String),
}

impl Walk<'_> {
    /// Plays prompts, if there are any.
    pub(super) fn play<'k>(&mut self, keys: impl IntoIterator<Item = &'k PromptKey>) {
        let utterances = self.utterances(keys);
        if !utterances.is_empty() {
            self.directives.push(Directive::Play(utterances));
        }
    }

    /// Finds prompts in the caller's language; a key nobody defined is silence.
    pub(super) fn utterances<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k PromptKey>,
    ) -> Vec<Utterance> {
        keys.into_iter().filter_map(|key| self.utterance(key)).collect()
    }

    fn utterance(&self, key: &PromptKey) -> Option<Utterance> {
        let (language, source) = self.context.prompts.find(key, self.language())?;
        let sound = match source {
            PromptSource::Text(text) => Sound::Text(fill(text, &self.position.fields, language)),
            PromptSource::Asset(name) => Sound::Asset(name.clone()),
        };
        Some(Utterance { key: key.clone(), language: language.clone(), sound })
    }

    /// Speaks a text that stands in the flow itself.
    pub(super) fn say(&mut self, say: &Say) {
        let fallback = self.context.prompts.fallback();
        let found = find_text(&say.texts, self.language(), fallback);
        let key = PromptKey::parse(self.position.node.as_str());
        if let (Some((language, text)), Ok(key)) = (found, key) {
            let sound = Sound::Text(fill(text, &self.position.fields, language));
            let utterance = Utterance { key, language: language.clone(), sound };
            self.directives.push(Directive::Play(vec![utterance]));
        }
    }

    /// Sets fields, and the language when one is given.
    pub(super) fn set(&mut self, set: &Set) {
        for (name, template) in &set.values {
            let value = self.filled(template);
            self.keep(name, &value);
        }
        for (name, sum) in &set.numbers {
            if let Some(number) = sum.compute(&self.facts()) {
                self.position.fields.insert(name.clone(), number.to_string());
            }
        }
        if let Some(language) = &set.language {
            self.position.language = Some(language.clone());
        }
    }

    /// Puts fields into a text.
    pub(super) fn filled(&self, template: &str) -> String {
        fill(template, &self.position.fields, self.language())
    }

    /// Keeps a value, cut to what a field may hold.
    pub(super) fn keep(&mut self, name: &str, value: &str) {
        let short = value.chars().take(MAX_VALUE_LENGTH).collect();
        self.position.fields.insert(name.to_owned(), short);
    }
}
