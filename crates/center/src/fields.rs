//! Mappings with fixed names: what is asked for is documented, what is not is refused.

use crate::item::{Code, Item};
use crate::keys::Section;
use crate::nearest::did_you_mean;
use crate::yaml::Entry;

/// A mapping with fixed names.
pub(crate) struct Fields<'a> {
    item: Item<'a>,
    entries: &'a [Entry],
    section: &'static Section,
}

impl<'a> Fields<'a> {
    /// Takes a mapping and what it may hold.
    pub(crate) fn new(item: Item<'a>, entries: &'a [Entry], section: &'static Section) -> Self {
        Self { item, entries, section }
    }

    /// Goes on with the names of another kind of mapping, once it is known which kind this is.
    pub(crate) fn of(self, section: &'static Section) -> Self {
        #[cfg(test)]
        for entry in self.entries.iter().filter(|entry| self.section.has(&entry.name)) {
            if section.has(&entry.name) {
                crate::tests::note(section, entry, self.item.file());
            }
        }
        Self { section, ..self }
    }

    /// Gives the mapping itself.
    pub(crate) fn item(&self) -> &Item<'a> {
        &self.item
    }

    /// Gives the value of a name that may be absent.
    pub(crate) fn optional(&self, name: &'static str) -> Option<Item<'a>> {
        debug_assert!(self.section.has(name), "{name} of {} is not documented", self.section.title);
        let entry = self.entries.iter().find(|entry| entry.name == name)?;
        let what = format!("{name} of {}", self.item.name());
        #[cfg(test)]
        crate::tests::note(self.section, entry, self.item.file());
        let what = if self.item.name() == "the file" { name.into() } else { what };
        Some(self.item.at(&entry.yaml, what))
    }

    /// Gives the value of a name that must be there.
    pub(crate) fn required(&self, name: &'static str) -> Option<Item<'a>> {
        let found = self.optional(name);
        if found.is_none() {
            self.item.refuse(Code::missing(name), format!("{name:?} is missing"));
        }
        found
    }

    /// Reads a value, or gives the default when the name is absent or the value does not fit.
    pub(crate) fn or<T>(
        &self,
        name: &'static str,
        default: T,
        read: impl FnOnce(&Item<'a>) -> Option<T>,
    ) -> T {
        self.optional(name).and_then(|item| read(&item)).unwrap_or(default)
    }

    /// Reports every name that such a mapping does not have.
    pub(crate) fn finish(self) {
        for entry in self.entries.iter().filter(|entry| !self.section.has(&entry.name)) {
            let names = self.section.keys.iter().map(|key| key.name);
            let hint = did_you_mean(&entry.name, names);
            let message = format!("unknown key {:?}{hint}", entry.name);
            self.item.refuse_at(entry.place, Code::UnknownKey, message);
        }
    }
}
