//! The keys of `departments.yaml`.

use super::{Page, Section, required};

pub(crate) const PAGE: Page = Page {
    file: "departments.yaml",
    about: "Who answers for tickets: department → its name. Tickets, rules and targets name departments of \
            this file only. Without the file any word is taken.",
    sections: &[&DEPARTMENT],
};

pub(crate) static DEPARTMENT: Section = Section {
    title: "one department",
    about: "Tickets of a department that is taken out keep its word until somebody sends them elsewhere.",
    keys: &[required("display_name", "text by language", "Its name, for people.")],
};
