//! Departments: who answers for tickets.

use std::collections::BTreeMap;

use super::Localized;

/// A part of the organisation that answers for tickets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Department {
    /// Its name, for people.
    pub display_name: Localized,
}

/// The departments of a center, by the word that tickets bear; without any, tickets bear what words
/// people like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Departments(BTreeMap<String, Department>);

impl Departments {
    /// Says whether tickets may be given to a department.
    pub fn has(&self, name: &str) -> bool {
        self.0.is_empty() || self.0.contains_key(name)
    }

    /// Gives every department with its word, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Department)> {
        self.0.iter().map(|(name, department)| (name.as_str(), department))
    }
}

impl FromIterator<(String, Department)> for Departments {
    fn from_iter<Named: IntoIterator<Item = (String, Department)>>(named: Named) -> Self {
        Self(named.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_center_without_departments_takes_every_word() {
        let of_two: Departments = ["care", "sales"]
            .map(|name| (name.to_owned(), Department::default()))
            .into_iter()
            .collect();

        assert!(Departments::default().has("anybody"));
        assert!(of_two.has("care") && !of_two.has("anybody"));
        assert_eq!(of_two.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["care", "sales"]);
    }
}
