//! What the caller hears: prompts found in the caller's language, with fields filled in.

use std::collections::BTreeMap;

use super::Directive;
use super::walk::Walk;
use crate::center::{Language, PromptKey, PromptSource};

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
            PromptSource::Text(text) => Sound::Text(fill(text, &self.position.fields)),
            PromptSource::Asset(name) => Sound::Asset(name.clone()),
        };
        Some(Utterance { key: key.clone(), language: language.clone(), sound })
    }

    /// Sets fields, and the language when one is given.
    pub(super) fn set(&mut self, values: &BTreeMap<String, String>, language: Option<&Language>) {
        for (name, template) in values {
            let value = fill(template, &self.position.fields);
            let short = value.chars().take(MAX_VALUE_LENGTH).collect();
            self.position.fields.insert(name.clone(), short);
        }
        if let Some(language) = language {
            self.position.language = Some(language.clone());
        }
    }
}

// Puts fields where their names stand in braces; an unset field is nothing, a lone brace itself.
fn fill(template: &str, fields: &BTreeMap<String, String>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after_name)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        filled.push_str(fields.get(name).map_or("", String::as_str));
        rest = after_name;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_where_their_names_do() {
        let fields = BTreeMap::from([(String::from("origin"), String::from("021"))]);

        assert_eq!(fill("from {origin} to {destination}!", &fields), "from 021 to !");
        assert_eq!(fill("{origin", &fields), "{origin");
        assert_eq!(fill("a } b {", &fields), "a } b {");
    }
}
