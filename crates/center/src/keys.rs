//! Every key a center's files may hold: the readers accept these and no others, and the reference
//! page is written from them.

pub(crate) mod care;
pub(crate) mod cases;
pub(crate) mod clusters;
pub(crate) mod departments;
pub(crate) mod dispositions;
pub(crate) mod flows;
pub(crate) mod macros;
pub(crate) mod people;
pub(crate) mod profile;
pub(crate) mod quality;
pub(crate) mod queues;
pub(crate) mod retention;
pub(crate) mod service;
pub(crate) mod settings;
pub(crate) mod targets;
pub(crate) mod tickets;
pub(crate) mod value;

/// What a key must be when it has no default.
const REQUIRED: &str = "required";
/// What stands for a key that means nothing when it is left out.
const NONE: &str = "none";

/// One key of a mapping.
#[derive(Debug)]
pub(crate) struct Key {
    /// As it is written.
    pub(crate) name: &'static str,
    /// What it says.
    pub(crate) meaning: &'static str,
    /// What holds without it.
    pub(crate) default: &'static str,
    /// Which values it takes, with unit and bounds.
    pub(crate) takes: &'static str,
}

impl Key {
    /// Says whether it must be there.
    pub(crate) fn is_required(&self) -> bool {
        self.default == REQUIRED
    }
}

/// The keys of one kind of mapping.
#[derive(Debug)]
pub(crate) struct Section {
    /// What the mapping is, as a heading.
    pub(crate) title: &'static str,
    /// What else is to be known.
    pub(crate) about: &'static str,
    /// Its keys.
    pub(crate) keys: &'static [Key],
}

impl Section {
    /// Says whether the mapping may hold this key.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.keys.iter().any(|key| key.name == name)
    }
}

/// One file, or one kind of file, and the mappings in it.
pub(crate) struct Page {
    /// The path inside the folder.
    pub(crate) file: &'static str,
    /// What it holds, and what the names at its top are.
    pub(crate) about: &'static str,
    /// The mappings in it.
    pub(crate) sections: &'static [&'static Section],
}

/// Every file in the order of the reference.
pub(crate) const PAGES: &[&Page] = &[
    &settings::CENTER_PAGE,
    &settings::SKILLS_PAGE,
    &settings::CALENDARS_PAGE,
    &queues::PAGE,
    &queues::DRAINING_PAGE,
    &dispositions::PAGE,
    &people::AGENTS_PAGE,
    &people::NUMBERS_PAGE,
    &people::TIERS_PAGE,
    &value::PAGE,
    &people::SEGMENTS_PAGE,
    &profile::PAGE,
    &departments::PAGE,
    &tickets::KINDS_PAGE,
    &tickets::CATEGORIES_PAGE,
    &tickets::SLA_PAGE,
    &tickets::TICKETS_PAGE,
    &tickets::DISPATCH_PAGE,
    &macros::PAGE,
    &clusters::PAGE,
    &care::SURVEYS_PAGE,
    &quality::SCORECARDS_PAGE,
    &care::CONSENTS_PAGE,
    &care::FOLLOW_UPS_PAGE,
    &care::TOUCHPOINTS_PAGE,
    &targets::PAGE,
    &retention::PAGE,
    &people::PROMPTS_PAGE,
    &flows::PAGE,
    &flows::CANARIES_PAGE,
    &cases::PAGE,
    &people::CUSTOMERS_PAGE,
];

/// A key that must be there.
const fn required(name: &'static str, takes: &'static str, meaning: &'static str) -> Key {
    Key { name, meaning, default: REQUIRED, takes }
}

/// A key that means nothing when it is left out.
const fn optional(name: &'static str, takes: &'static str, meaning: &'static str) -> Key {
    Key { name, meaning, default: NONE, takes }
}

/// A key with a default.
const fn or(
    name: &'static str,
    default: &'static str,
    takes: &'static str,
    meaning: &'static str,
) -> Key {
    Key { name, meaning, default, takes }
}
