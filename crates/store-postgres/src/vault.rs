//! Sealing what is personal on its way into a row, and opening it on its way out.

use std::collections::BTreeMap;

use switchboard_domain::customer::ExternalId;
use switchboard_domain::customer::search::MIN_ENDING;
use switchboard_domain::phone::E164;
use switchboard_sealing::{BlindIndex, DataKey, KeyId, KeyRing};
use switchboard_store::error::StoreError;
use zeroize::Zeroizing;

/// Named texts, of which some may be personal.
pub(crate) type Texts = BTreeMap<String, String>;

/// Names a customer among the subjects of data keys.
pub(crate) fn of_customer(id: &str) -> String {
    format!("customer/{id}")
}

/// Names a contact among the subjects of data keys.
pub(crate) fn of_contact(id: &str) -> String {
    format!("contact/{id}")
}

/// Names a ticket of nobody among the subjects of data keys.
pub(crate) fn of_ticket(id: &str) -> String {
    format!("ticket/{id}")
}

/// Names a rule of a number among the subjects of data keys.
pub(crate) fn of_number_rule(id: &str) -> String {
    format!("number_rule/{id}")
}

/// The key ring as one tenant's rows need it.
#[derive(Clone, Copy)]
pub(crate) struct Vault<'scope> {
    ring: &'scope KeyRing,
    tenant: &'scope str,
}

impl<'scope> Vault<'scope> {
    pub(crate) const fn new(ring: &'scope KeyRing, tenant: &'scope str) -> Self {
        Self { ring, tenant }
    }

    /// Gives the names of the master keys, the one in use first.
    pub(crate) fn master_keys(self) -> impl Iterator<Item = KeyId> + 'scope {
        self.ring.ids()
    }

    /// Makes the data key of a subject, and its wrapped form.
    pub(crate) fn new_key(self, subject: &str) -> (DataKey, Vec<u8>) {
        self.ring.new_data_key(self.tenant, subject)
    }

    /// Unwraps the data key of a subject.
    pub(crate) fn unwrap(self, subject: &str, wrapped: &[u8]) -> Result<DataKey, StoreError> {
        let key = self.ring.unwrap(self.tenant, subject, wrapped);
        key.map_err(|error| StoreError::corrupt(format!("the data key of {subject}"), error))
    }

    /// Wraps the data key of a subject with the master key in use.
    pub(crate) fn rewrap(self, subject: &str, wrapped: &[u8]) -> Result<Vec<u8>, StoreError> {
        let wrapped = self.ring.rewrap(self.tenant, subject, wrapped);
        wrapped.map_err(|error| StoreError::corrupt(format!("the data key of {subject}"), error))
    }

    /// Gives what a whole number is found by, be it a customer's or a caller's.
    pub(crate) fn number_index(self, number: &str) -> BlindIndex {
        self.ring.blind_index(self.tenant, "number", number)
    }

    /// Gives what an external id is found by; the system is part of it.
    pub(crate) fn external_id_index(self, external_id: &ExternalId) -> BlindIndex {
        // No system has a `/` in its name, so that no two external ids read the same.
        let name = format!("{}/{}", external_id.system(), external_id.id());
        self.ring.blind_index(self.tenant, "external_id", &name)
    }

    /// Gives what a number is found by from its last four digits, of which as many must be given.
    pub(crate) fn ending_index(self, digits: &str) -> BlindIndex {
        let four = digits.len().saturating_sub(MIN_ENDING);
        self.ring.blind_index(self.tenant, "ending", digits.get(four..).unwrap_or(digits))
    }

    /// Gives what a number is found by from its ending.
    pub(crate) fn suffix_index(self, number: &E164) -> BlindIndex {
        self.ring.blind_index(self.tenant, "suffix", number.suffix())
    }
}

/// Seals texts for one place.
pub(crate) fn seal(key: &DataKey, place: &str, texts: &Texts) -> Result<Vec<u8>, StoreError> {
    let json = serde_json::to_vec(texts).map(Zeroizing::new);
    let json = json.map_err(|error| StoreError::corrupt(place, error))?;
    Ok(key.seal(place, &json))
}

/// Opens the texts sealed for a place; none when the key was destroyed.
pub(crate) fn open(key: Option<&DataKey>, place: &str, sealed: &[u8]) -> Result<Texts, StoreError> {
    let Some(key) = key else { return Ok(Texts::new()) };
    let json = key.open(place, sealed).map_err(|error| StoreError::corrupt(place, error))?;
    serde_json::from_slice(&json).map_err(|error| StoreError::corrupt(place, error))
}
