//! Named texts that travel with a contact, in an encoding scripts can carry without reading it.

use std::collections::BTreeMap;

use crate::customer::profile::FieldPath;

const PAIR_END: char = '\u{1e}';
const NAME_END: char = '\u{1f}';
/// Begins the names of texts about people who may be calling, of whom most are not.
const CANDIDATE: &str = "candidate.";
/// Begins the names of what the profile of the customer tells at the ring, which the profile keeps.
const AT_RING: &str = "ring.";
/// Names the segments that the customer is in.
const SEGMENTS: &str = "segments";
/// Stands between two segments.
const BETWEEN: &str = ", ";

/// Names a text about one of those who may be calling, the most likely at place 1.
pub fn of_candidate(place: usize, name: &str) -> String {
    format!("{CANDIDATE}{place}.{name}")
}

/// Named texts about a contact: numbers, language, customer, what was keyed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details(BTreeMap<String, String>);

impl Details {
    /// Makes an empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a text; the two control characters of the encoding are left out of it.
    pub fn set(&mut self, name: &str, text: &str) {
        self.0.insert(clean(name), clean(text));
    }

    /// Sets a text and returns the set, for building in one expression.
    #[must_use]
    pub fn with(mut self, name: &str, text: &str) -> Self {
        self.set(name, text);
        self
    }

    /// Takes a text away.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Gives a text, if it is set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Sets the segments that the customer is in, if any.
    pub fn set_segments(&mut self, segments: &[String]) {
        if !segments.is_empty() {
            self.set(SEGMENTS, &segments.join(BETWEEN));
        }
    }

    /// Gives the segments that the customer is in.
    pub fn segments(&self) -> Vec<String> {
        let names = self.get(SEGMENTS).unwrap_or_default().split(BETWEEN);
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    /// Sets what the profile of the customer tells at the ring.
    pub fn set_at_ring(&mut self, field: &FieldPath, text: &str) {
        self.set(&format!("{AT_RING}{field}"), text);
    }

    /// Gives what the profile of the customer tells at the ring, in order of name.
    pub fn at_ring(&self) -> impl Iterator<Item = (FieldPath, &str)> {
        let field = |(name, text): (_, _)| {
            let name: &str = name;
            Some((name.strip_prefix(AT_RING)?.parse().ok()?, text))
        };
        self.iter().filter_map(field)
    }

    /// Gives all names and texts in order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// Gives the names and texts that may outlive the contact: not those about people who may be
    /// calling, for most of them have nothing to do with it, nor those of the customer's profile.
    pub fn lasting(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().filter(|(name, _)| !name.starts_with(CANDIDATE) && !name.starts_with(AT_RING))
    }

    /// Writes the set as one text.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.0 {
            text.push_str(name);
            text.push(NAME_END);
            text.push_str(value);
            text.push(PAIR_END);
        }
        text
    }

    /// Reads a set from its text; what is not a pair is left out.
    pub fn decode(text: &str) -> Self {
        let pairs = text.split(PAIR_END).filter_map(|pair| pair.split_once(NAME_END));
        Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

fn clean(text: &str) -> String {
    text.chars().filter(|character| !matches!(*character, PAIR_END | NAME_END)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_survive_encoding() {
        let details = Details::new().with("language", "zh-CN").with("a=b", "x\ny=z");

        assert_eq!(Details::decode(&details.encode()), details);
    }

    #[test]
    fn who_else_may_be_calling_does_not_outlive_the_contact() {
        let named = of_candidate(1, "customer_name");
        let details = Details::new().with("candidates", "2").with(&named, "Zhao");

        assert_eq!(details.get("candidate.1.customer_name"), Some("Zhao"));
        assert_eq!(details.lasting().collect::<Vec<_>>(), [("candidates", "2")]);
    }

    #[test]
    fn what_the_profile_tells_at_the_ring_does_not_outlive_the_contact() {
        let points: FieldPath = "club.points".parse().expect("a field");
        let mut details = Details::new().with("tier", "A1");
        details.set_at_ring(&points, "1200");

        assert_eq!(details.at_ring().collect::<Vec<_>>(), [(points, "1200")]);
        assert_eq!(details.lasting().collect::<Vec<_>>(), [("tier", "A1")]);
    }

    #[test]
    fn segments_are_kept_by_name() {
        let mut details = Details::new();
        details.set_segments(&[]);
        assert_eq!((details.get("segments"), details.segments()), (None, vec![]));

        details.set_segments(&["waits".to_owned(), "abroad".to_owned()]);

        assert_eq!(details.get("segments"), Some("waits, abroad"));
        assert_eq!(details.segments(), ["waits", "abroad"]);
    }

    #[test]
    fn control_characters_are_left_out() {
        let details = Details::new().with("name", "one\u{1e}two\u{1f}three");

        assert_eq!(details.get("name"), Some("onetwothree"));
    }
}
