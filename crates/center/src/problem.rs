//! What is wrong with a center's files, told so that the reader finds the place and the remedy.

use std::cell::RefCell;
use std::fmt;

use switchboard_domain::center::Center;

use crate::faults;

/// A place in a file, counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// Something that keeps a folder from being a center.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as a path inside the folder.
    pub file: String,
    /// Where in the file; nothing when the problem is the file itself.
    pub place: Option<Place>,
    /// What is wrong, and what would be right.
    pub message: String,
    /// The stable code of what is wrong, for flows; the reference explains each.
    pub code: Option<&'static str>,
}

impl Problem {
    /// Gives what to do about it, where that is known by its code.
    pub fn hint(&self) -> Option<&'static str> {
        self.code.and_then(faults::find).map(|fault| fault.remedy)
    }

    /// Gives file, line and column as compilers write them.
    pub fn at(&self) -> String {
        match self.place {
            Some(Place { line, column }) => format!("{}:{line}:{column}", self.file),
            None => self.file.clone(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.at(), self.message)?;
        self.code.map_or(Ok(()), |code| write!(formatter, " [{code}]"))
    }
}

impl std::error::Error for Problem {}

/// What was found in a center's files.
#[derive(Debug)]
pub struct Findings {
    /// The center, if there is no problem.
    pub center: Option<Center>,
    /// What keeps the folder from being a center, in the order of files and lines.
    pub problems: Vec<Problem>,
    /// What works and is probably not meant, in the same order; none while there are problems.
    pub warnings: Vec<Problem>,
}

/// Collects problems, so that one run tells them all.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    found: RefCell<Vec<Problem>>,
    warnings: RefCell<Vec<Problem>>,
}

impl Problems {
    /// Notes a problem.
    pub(crate) fn add(&self, problem: Problem) {
        self.found.borrow_mut().push(problem);
    }

    /// Notes something that works and is probably not meant.
    pub(crate) fn warn(&self, warning: Problem) {
        self.warnings.borrow_mut().push(warning);
    }

    /// Counts the problems.
    pub(crate) fn count(&self) -> usize {
        self.found.borrow().len()
    }

    /// Gives all problems in the order of files and lines, each once, and the warnings alike.
    pub(crate) fn into_sorted(self) -> (Vec<Problem>, Vec<Problem>) {
        (sorted(self.found.into_inner()), sorted(self.warnings.into_inner()))
    }
}

fn sorted(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort();
    problems.dedup();
    problems
}
