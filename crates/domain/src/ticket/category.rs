//! What tickets are filed under: a tree that each center grows for itself.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use smol_str::SmolStr;
use thiserror::Error;

use crate::ids::check_id;

/// How deep the tree may be.
const MAX_DEPTH: usize = 6;

/// A place in the tree, from the root down: `billing/refund`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category(SmolStr);

/// Says that a text is no place in a tree.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a category is one to six names joined by `/`, such as `billing/refund`, not {0:?}")]
pub struct CategoryError(pub String);

impl Category {
    /// Gives the place as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives the place a level down.
    pub fn below(&self, name: &str) -> Result<Self, CategoryError> {
        format!("{self}/{name}").parse()
    }

    /// Says whether a place is this one or under it.
    pub fn holds(&self, other: &Self) -> bool {
        let rest = other.0.strip_prefix(self.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl fmt::Display for Category {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl AsRef<str> for Category {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for Category {
    type Err = CategoryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let names = || text.split('/');
        let is_path = names().count() <= MAX_DEPTH && names().all(|name| check_id(name).is_ok());
        if is_path { Ok(Self(text.into())) } else { Err(CategoryError(text.to_owned())) }
    }
}

/// The tree of a center; an empty one takes every place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Categories(BTreeSet<Category>);

impl Categories {
    /// Says whether tickets may be filed there.
    pub fn has(&self, category: &Category) -> bool {
        self.0.is_empty() || self.0.contains(category)
    }

    /// Gives every place, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &Category> {
        self.0.iter()
    }
}

impl FromIterator<Category> for Categories {
    fn from_iter<Places: IntoIterator<Item = Category>>(places: Places) -> Self {
        Self(places.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(path: &str) -> Category {
        path.parse().expect("a category")
    }

    #[test]
    fn a_path_of_names_is_a_category() {
        assert_eq!(category("billing").below("refund"), Ok(category("billing/refund")));
        for wrong in ["", "/", "billing/", "/refund", "a//b", "a b", "a/b/c/d/e/f/g"] {
            assert!(wrong.parse::<Category>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_category_holds_itself_and_what_is_below_it() {
        let billing = category("billing");

        assert!(billing.holds(&billing) && billing.holds(&category("billing/refund")));
        assert!(
            !billing.holds(&category("billings")) && !category("billing/refund").holds(&billing)
        );
    }

    #[test]
    fn a_center_without_a_tree_takes_every_category() {
        let tree: Categories = [category("billing")].into_iter().collect();

        assert!(Categories::default().has(&category("anything")));
        assert!(tree.has(&category("billing")) && !tree.has(&category("billing/refund")));
    }
}
