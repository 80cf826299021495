//! The particulars of an event: short named texts.

use smol_str::SmolStr;

/// Named texts in order of name. Ids, words and numbers go in and out without a copy on the heap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(SmolStr, SmolStr)>);

/// How many fields are usually set after the first: the state and the details.
const MORE: usize = 2;

impl Fields {
    /// Makes an empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a text, in place of what the name had before.
    pub fn set(&mut self, name: &'static str, text: impl Into<SmolStr>) {
        self.put(SmolStr::new_static(name), text.into());
    }

    fn put(&mut self, name: SmolStr, text: SmolStr) {
        match self.find(&name) {
            Ok(index) => self.0[index].1 = text,
            Err(index) => self.0.insert(index, (name, text)),
        }
    }

    /// Gives a text, if it is set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.find(name).ok().map(|index| self.0[index].1.as_str())
    }

    /// Gives all names and texts in order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_str().cmp(name))
    }
}

impl<const N: usize> From<[(&'static str, SmolStr); N]> for Fields {
    /// Makes a set of texts whose names differ.
    fn from(pairs: [(&'static str, SmolStr); N]) -> Self {
        let mut all = Vec::with_capacity(N + MORE);
        all.extend(pairs.into_iter().map(|(name, text)| (SmolStr::new_static(name), text)));
        all.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        Self(all)
    }
}

impl<N: Into<SmolStr>, T: Into<SmolStr>> FromIterator<(N, T)> for Fields {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(pairs: I) -> Self {
        let mut fields = Self::new();
        fields.extend(pairs);
        fields
    }
}

impl<N: Into<SmolStr>, T: Into<SmolStr>> Extend<(N, T)> for Fields {
    fn extend<I: IntoIterator<Item = (N, T)>>(&mut self, pairs: I) {
        for (name, text) in pairs {
            self.put(name.into(), text.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_told_in_order_of_name() {
        let mut fields = Fields::from([("queue", "sales".into()), ("agent", "li-wei".into())]);
        fields.set("cause", "routed");

        let told: Vec<_> = fields.iter().collect();

        assert_eq!(told, [("agent", "li-wei"), ("cause", "routed"), ("queue", "sales")]);
        assert_eq!(fields, told.into_iter().collect());
    }

    #[test]
    fn a_field_that_is_set_again_has_the_later_text() {
        let mut fields = Fields::from([("cause", "routed".into())]);

        fields.set("cause", "moved");

        assert_eq!(fields.get("cause"), Some("moved"));
        assert_eq!(fields.get("agent"), None);
    }
}
