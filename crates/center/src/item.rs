//! Typed reading of a YAML tree: every refusal names file, line, key and what would be right.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use switchboard_domain::center::time_of_day;
use switchboard_domain::ids::check_id;

pub(crate) use crate::code::Code;
use crate::duration;
use crate::fields::Fields;
use crate::keys::Section;
use crate::nearest::did_you_mean;
use crate::problem::{Place, Problem, Problems};
use crate::yaml::{Entry, Value, Yaml};

/// A value, with its place and its name for messages.
#[derive(Clone)]
pub(crate) struct Item<'a> {
    file: &'a str,
    problems: &'a Problems,
    yaml: &'a Yaml,
    what: String,
}

impl<'a> Item<'a> {
    /// Begins with a file's whole value.
    pub(crate) fn root(file: &'a str, problems: &'a Problems, yaml: &'a Yaml) -> Self {
        Self { file, problems, yaml, what: "the file".into() }
    }

    /// Gives the same value under another name.
    pub(crate) fn called(&self, what: impl Into<String>) -> Self {
        Self { what: what.into(), ..self.clone() }
    }

    /// Gives another value of the same file.
    pub(crate) fn at(&self, yaml: &'a Yaml, what: String) -> Self {
        Self { yaml, what, ..self.clone() }
    }

    /// Gives the file, for tests that edit it.
    #[cfg(test)]
    pub(crate) fn file(&self) -> &'a str {
        self.file
    }

    /// Gives what the value is called in messages.
    pub(crate) fn name(&self) -> &str {
        &self.what
    }

    /// Gives where the value stands.
    pub(crate) fn place(&self) -> Place {
        self.yaml.place
    }

    /// Gives the tree below.
    pub(crate) fn yaml(&self) -> &'a Yaml {
        self.yaml
    }

    /// Notes what is wrong with the value.
    pub(crate) fn report(&self, message: impl Display) {
        self.report_at(self.place(), message);
    }

    /// Notes what is wrong at another place of the same file.
    pub(crate) fn report_at(&self, place: Place, message: impl Display) {
        self.refuse_at(place, Code::BadValue, message);
    }

    /// Notes what is wrong with the value, by the code it has in flows.
    pub(crate) fn refuse(&self, code: Code, message: impl Display) {
        self.refuse_at(self.place(), code, message);
    }

    /// Notes what is wrong at another place, by the code it has in flows.
    pub(crate) fn refuse_at(&self, place: Place, code: Code, message: impl Display) {
        self.problems.add(self.problem(place, code.of_file(self.file), message));
    }

    /// Notes what is wrong with a flow at another place.
    pub(crate) fn fault_at(&self, place: Place, code: &'static str, message: impl Display) {
        self.problems.add(self.problem(place, Some(code), message));
    }

    /// Notes something that works and is probably not meant.
    pub(crate) fn warn(&self, message: impl Display) {
        self.problems.warn(self.problem(self.place(), None, message));
    }

    /// Notes something that works and is probably not meant, by its code.
    pub(crate) fn caution(&self, code: Code, message: impl Display) {
        self.problems.warn(self.problem(self.place(), Some(code.as_str()), message));
    }

    fn problem(&self, place: Place, code: Option<&'static str>, message: impl Display) -> Problem {
        let message = format!("{}: {message}", self.what);
        Problem { file: self.file.into(), place: Some(place), message, code }
    }

    /// Gives the names of a mapping, silently.
    pub(crate) fn names(&self) -> BTreeSet<&'a str> {
        match &self.yaml.value {
            Value::Map(entries) => entries.iter().map(|entry| entry.name.as_str()).collect(),
            Value::Scalar(_) | Value::List(_) => BTreeSet::new(),
        }
    }

    /// Gives the value of a name, silently.
    pub(crate) fn child(&self, name: &str) -> Option<Self> {
        let Value::Map(entries) = &self.yaml.value else { return None };
        let entry = entries.iter().find(|entry| entry.name == name)?;
        let what = format!("{name} of {}", self.what);
        Some(Item { yaml: &entry.yaml, what, ..self.clone() })
    }

    /// Gives a value below by its path, as far down as there is one, silently.
    pub(crate) fn below(&self, path: &[&str]) -> Self {
        path.iter().fold(self.clone(), |item, name| item.child(name).unwrap_or(item))
    }

    /// Gives the text of a scalar, silently.
    pub(crate) fn scalar(&self) -> Option<&'a str> {
        match &self.yaml.value {
            Value::Scalar(text) => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Reads a text that is not empty.
    pub(crate) fn text(&self) -> Option<&'a str> {
        match &self.yaml.value {
            Value::Scalar(text) if !text.trim().is_empty() => Some(text),
            Value::Scalar(_) => {
                self.report("is empty");
                None
            }
            Value::List(_) | Value::Map(_) => {
                self.report(format!("must be a text, not {}", self.shape()));
                None
            }
        }
    }

    /// Reads anything that is made from a text.
    pub(crate) fn parse<T: FromStr<Err: Display>>(&self) -> Option<T> {
        self.parse_with(str::parse)
    }

    /// Reads anything that is made from a text, by a function.
    pub(crate) fn parse_with<T, E: Display>(
        &self,
        parse: impl FnOnce(&'a str) -> Result<T, E>,
    ) -> Option<T> {
        parse(self.text()?).map_err(|error| self.report(error)).ok()
    }

    /// Reads a name of the form that identifiers have, of what has no type of its own.
    pub(crate) fn name_like_id(&self) -> Option<String> {
        self.parse_with(|text| check_id(text).map(|()| text.to_owned()))
    }

    /// Reads a whole number within bounds.
    pub(crate) fn whole<T>(&self, bounds: RangeInclusive<T>) -> Option<T>
    where
        T: FromStr + PartialOrd + Display,
    {
        let text = self.text()?;
        let number = text.parse().ok().filter(|number| bounds.contains(number));
        if number.is_none() {
            let (least, most) = (bounds.start(), bounds.end());
            self.report(format!("{text:?} is not a whole number from {least} to {most}"));
        }
        number
    }

    /// Reads `true` or `false`.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self.text()? {
            "true" => Some(true),
            "false" => Some(false),
            other => {
                self.report(format!("{other:?} is neither true nor false"));
                None
            }
        }
    }

    /// Reads a duration such as `20s` or `1m30s`, at most so long.
    pub(crate) fn duration(&self, most: Duration) -> Option<Duration> {
        let text = self.text()?;
        match duration::parse(text) {
            Some(span) if span <= most => Some(span),
            Some(_) => {
                self.report(format!("{text:?} is longer than {}", duration::format(most)));
                None
            }
            None => {
                self.report(format!("{text:?} is not a duration such as 500ms, 20s or 1m30s"));
                None
            }
        }
    }

    /// Reads a duration of at least and at most so long.
    pub(crate) fn span(&self, least: Duration, most: Duration) -> Option<Duration> {
        let span = self.duration(most)?;
        if span < least {
            self.report(format!("is shorter than {}", duration::format(least)));
            return None;
        }
        Some(span)
    }

    /// Reads a time of day such as `"03:00"`, in minutes from its begin.
    pub(crate) fn minute_of_day(&self) -> Option<u16> {
        let text = self.text()?;
        let found = time_of_day(text);
        if found.is_none() {
            self.report(format!("{text:?} is no time of day such as \"03:00\""));
        }
        found
    }

    /// Reads one of several words.
    pub(crate) fn word<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let hint = did_you_mean(text, known.iter().copied());
            self.report(format!("{text:?} is none of {}{hint}", known.join(", ")));
        }
        found
    }

    /// Reads a list, or one value as a list of one.
    pub(crate) fn list<T>(&self, read: impl Fn(&Item<'a>) -> Option<T>) -> Vec<T> {
        match &self.yaml.value {
            Value::List(items) => {
                items.iter().filter_map(|yaml| read(&Item { yaml, ..self.clone() })).collect()
            }
            Value::Scalar(_) => read(self).into_iter().collect(),
            Value::Map(_) => {
                self.report("must be a list, not a mapping");
                Vec::new()
            }
        }
    }

    /// Reads several values in their order, or one value as the only one.
    pub(crate) fn each(&self) -> Vec<Item<'a>> {
        match &self.yaml.value {
            Value::List(items) => items.iter().map(|yaml| Item { yaml, ..self.clone() }).collect(),
            Value::Scalar(_) | Value::Map(_) => vec![self.clone()],
        }
    }

    /// Says whether the value is a mapping.
    pub(crate) fn is_map(&self) -> bool {
        matches!(self.yaml.value, Value::Map(_))
    }

    /// Says whether the value is a list.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.yaml.value, Value::List(_))
    }

    /// Counts the problems noted so far, in any file.
    pub(crate) fn complaints(&self) -> usize {
        self.problems.count()
    }

    /// Reads names that are given freely, and the value of each.
    pub(crate) fn entries(&self) -> Vec<(&'a Entry, Item<'a>)> {
        match &self.yaml.value {
            Value::Map(entries) => entries
                .iter()
                .map(|entry| (entry, Item { yaml: &entry.yaml, ..self.clone() }))
                .collect(),
            Value::Scalar(text) if text.trim().is_empty() => Vec::new(),
            Value::Scalar(_) | Value::List(_) => {
                self.report(format!("must be a mapping, not {}", self.shape()));
                Vec::new()
            }
        }
    }

    /// Reads ids that are given freely, with what each value is called in messages.
    ///
    /// One that is no id is reported and read all the same, so that its other faults are told too.
    pub(crate) fn identified(&self, what: &str) -> Vec<(&'a str, Item<'a>)> {
        let entries = self.entries().into_iter();
        entries
            .map(|(entry, item)| {
                let item = item.called(format!("{what} {:?}", entry.name));
                if let Err(error) = check_id(&entry.name) {
                    item.report_at(entry.place, error);
                }
                (entry.name.as_str(), item)
            })
            .collect()
    }

    /// Reads names that are given freely and are made from a text.
    pub(crate) fn named<K: FromStr<Err: Display> + Ord>(&self) -> Vec<(K, Item<'a>)> {
        let entries = self.entries().into_iter();
        entries
            .filter_map(|(entry, item)| match entry.name.parse() {
                Ok(key) => Some((key, item)),
                Err(error) => {
                    self.report_at(entry.place, format!("{:?}: {error}", entry.name));
                    None
                }
            })
            .collect()
    }

    /// Reads names that are fixed; [`Fields::finish`] reports any other.
    pub(crate) fn fields(&self, section: &'static Section) -> Option<Fields<'a>> {
        if let Value::Map(entries) = &self.yaml.value {
            return Some(Fields::new(self.clone(), entries, section));
        }
        self.report(format!("must be a mapping, not {}", self.shape()));
        None
    }

    fn shape(&self) -> &'static str {
        match &self.yaml.value {
            Value::Scalar(text) if text.trim().is_empty() => "nothing",
            Value::Scalar(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}
