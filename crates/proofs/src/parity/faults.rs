//! Faults planted in the scripts: each replaces one piece of their text, and must be caught.

mod moves;
mod steps;

use switchboard_store_redis::trial::Source;

/// A fault in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// What goes wrong.
    pub(super) name: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
}

const fn fault(
    name: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
) -> Fault {
    Fault { name, file, from, to }
}

/// Gives every fault.
pub(super) fn all() -> Vec<&'static Fault> {
    steps::FAULTS.iter().chain(moves::FAULTS).collect()
}

impl Fault {
    /// Plants the fault; gives nothing unless its text is there exactly once.
    pub(super) fn plant(&self, sources: &[Source]) -> Option<Vec<Source>> {
        let mut planted = sources.to_vec();
        let source = planted.iter_mut().find(|source| source.file == self.file)?;
        if source.text.matches(self.from).count() != 1 {
            return None;
        }
        source.text = source.text.replace(self.from, self.to);
        Some(planted)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use switchboard_store_redis::trial::sources;

    use super::*;

    #[test]
    fn every_fault_fits_the_scripts_exactly_once() {
        let sources = sources();

        let lost: Vec<&str> = all()
            .into_iter()
            .filter(|fault| fault.plant(&sources).is_none())
            .map(|fault| fault.name)
            .collect();

        assert!(lost.is_empty(), "these fit no place of their file, or several: {lost:#?}");
    }

    #[test]
    fn faults_have_names_of_their_own() {
        let names: BTreeSet<&str> = all().into_iter().map(|fault| fault.name).collect();

        assert_eq!(names.len(), all().len());
    }
}
