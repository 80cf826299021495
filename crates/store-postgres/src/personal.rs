//! Which fields of events are personal, and so sealed.

use std::collections::BTreeMap;

use switchboard_sealing::DataKey;
use switchboard_store::error::StoreError;

use crate::vault::{self, Texts};

/// Fields that say who somebody is, how to reach them, or what was said of them.
pub(crate) const NAMES: [&str; 6] =
    ["alert", "caller_name", "calling_number", "calling_raw", "customer_name", "notes"];
/// Begins the names of fields that hold what callers keyed in, who else may have been calling, and what
/// records said; the last two are to be left out before.
const BEGINNINGS: [&str; 3] = ["field.", "candidate.", "ring."];

/// The fields of an event, parted.
pub(crate) struct Parted<'entry> {
    /// What anybody may read who can read the table.
    pub(crate) clear: BTreeMap<&'entry str, &'entry str>,
    personal: Texts,
}

/// Parts the fields of an event.
pub(crate) fn part(fields: &Texts) -> Parted<'_> {
    let (personal, clear): (BTreeMap<_, _>, BTreeMap<_, _>) = fields
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .partition(|(name, _)| is_personal(name));
    let own = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
    Parted { clear, personal: personal.into_iter().map(own).collect() }
}

fn is_personal(name: &str) -> bool {
    NAMES.contains(&name) || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

impl Parted<'_> {
    /// Seals what is personal; nothing when nothing is.
    ///
    /// It is left out when the key was destroyed: whoever was erased stays so, whatever comes late.
    pub(crate) fn seal(
        &self,
        key: Option<&DataKey>,
        place: &str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let key = key.filter(|_| !self.personal.is_empty());
        key.map(|key| vault::seal(key, place, &self.personal)).transpose()
    }
}
