//! What rows make of the records that are there, before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_domain::customer::{Change, Customer, ExternalId, PartyKind};
use switchboard_domain::ids::CustomerId;
use switchboard_store::customers::CustomerEvent;
use switchboard_store::transfers::{CustomerRow, RowOutcome, UpsertOrder};

use crate::customers::read::Locked;
use crate::data_keys::KeySet;
use crate::vault::of_customer;

/// The fields whose values are rows of their own.
const NUMBERS: &str = "numbers";
const EXTERNAL_IDS: &str = "external_ids";
/// The field by which customers are found, word by word.
const NAME: &str = "display_name";
/// The field that a center may ask of its best customers.
const OWNER: &str = "owner_agent_id";

/// What stands before the names of the fields that are sealed together.
const PROFILE: &str = "profile.";

/// What the making of a record changes.
const NO_FIELDS: &[&str] = &[];

/// What rows lead to.
pub(super) struct Folded {
    /// Every record that is new or has other values than before, by id.
    pub(super) records: BTreeMap<String, Record>,
    /// What became of each row.
    pub(super) outcomes: Vec<RowOutcome>,
    /// Whose row each one is.
    owners: Vec<String>,
}

/// A record as it is in the end.
pub(super) struct Record {
    pub(super) customer: Customer,
    pub(super) is_new: bool,
    /// The fields that have other values than before; for a new record none count.
    pub(super) fields: BTreeSet<String>,
    /// The lines of its life.
    pub(super) events: Vec<CustomerEvent>,
}

impl Record {
    /// Says whether anything of it is sealed anew. A new one has a key whatever it holds.
    pub(super) fn needs_key(&self) -> bool {
        self.is_new || self.sets_numbers() || self.sets_external_ids() || self.sets_profile()
    }

    /// Says whether it is found by other words than before.
    pub(super) fn sets_name(&self) -> bool {
        !self.is_new && self.fields.contains(NAME)
    }

    /// Says whether its external ids take the place of others.
    pub(super) fn sets_external_ids(&self) -> bool {
        !self.is_new && self.fields.contains(EXTERNAL_IDS)
    }

    /// Says whether its profile has other values than the one that is kept.
    pub(super) fn sets_profile(&self) -> bool {
        let is_of_profile = |field: &String| field.starts_with(PROFILE);
        let has_one = self.is_new && !self.customer.profile.is_empty();
        has_one || self.fields.iter().any(is_of_profile)
    }

    /// Says whether its numbers take the place of others.
    pub(super) fn sets_numbers(&self) -> bool {
        !self.is_new && self.fields.contains(NUMBERS)
    }
}

impl Folded {
    /// Takes rows one after another: a second one of the same customer meets what the first made.
    pub(super) fn of(
        known: Locked,
        holders: BTreeMap<ExternalId, CustomerId>,
        rows: Vec<CustomerRow>,
        order: &UpsertOrder,
    ) -> Self {
        let as_it_was = |customer: Customer| {
            let id = customer.id.as_str().to_owned();
            (id, Record { customer, is_new: false, fields: BTreeSet::new(), events: vec![] })
        };
        let records = known.customers.into_iter().map(as_it_was).collect();
        let mut folding = Folding { records, erased: known.erased, holders, order };
        let (mut outcomes, mut owners) = (Vec::new(), Vec::new());
        for row in rows {
            let (id, outcome) = folding.take(row);
            owners.push(id.as_str().to_owned());
            outcomes.push(outcome);
        }
        folding.records.retain(|_, record| !record.events.is_empty());
        Self { records: folding.records, outcomes, owners }
    }

    /// Leaves out everybody whose key was destroyed.
    pub(super) fn drop_erased(&mut self, keys: &KeySet) {
        let is_erased = |id: &String, record: &mut Record| {
            record.needs_key() && keys.of(&of_customer(id)).is_none()
        };
        let erased: BTreeSet<String> =
            self.records.extract_if(.., is_erased).map(|(id, _)| id).collect();
        for (outcome, owner) in self.outcomes.iter_mut().zip(&self.owners) {
            if erased.contains(owner) {
                *outcome = RowOutcome::Erased;
            }
        }
    }
}

/// Gives the external ids among new values.
pub(super) fn new_external_ids(changes: &[Change]) -> impl Iterator<Item = &ExternalId> {
    changes.iter().filter_map(Change::external_ids).flatten()
}

/// Rows on their way into records.
struct Folding<'order> {
    records: BTreeMap<String, Record>,
    erased: BTreeSet<String>,
    /// Who has which external id, rows taken so far included.
    holders: BTreeMap<ExternalId, CustomerId>,
    order: &'order UpsertOrder,
}

impl Folding<'_> {
    /// Takes a row; says whose it is and what became of it.
    fn take(&mut self, row: CustomerRow) -> (CustomerId, RowOutcome) {
        let holder = row.holder_of.as_ref().and_then(|named| self.holders.get(named));
        let id = holder.cloned().unwrap_or(row.id);
        let gives_up = row.changes.iter().any(|change| change.external_ids().is_some());
        let named: Vec<ExternalId> = new_external_ids(&row.changes).cloned().collect();
        let is_taken = |name: &ExternalId| self.holders.get(name).is_some_and(|it| *it != id);
        if named.iter().any(is_taken) {
            return (id, RowOutcome::Taken);
        }
        if self.erased.contains(id.as_str()) {
            return (id, RowOutcome::Erased);
        }
        let known = self.records.get(id.as_str()).map(|record| record.customer.kind);
        if let Some(misfit) = misfit(known.unwrap_or_default(), &row.changes, self.order) {
            return (id, misfit);
        }
        let outcome = match self.records.get_mut(id.as_str()) {
            Some(record) => change(record, row.changes, self.order),
            None => self.make(&id, row.changes),
        };
        if gives_up && !matches!(outcome, RowOutcome::Lacks(_) | RowOutcome::Merged) {
            // What it had before is free for the rows to come.
            self.holders.retain(|_, other| *other != id);
            self.holders.extend(named.into_iter().map(|name| (name, id.clone())));
        }
        (id, outcome)
    }

    fn make(&mut self, id: &CustomerId, changes: Vec<Change>) -> RowOutcome {
        match Customer::made_of(id.clone(), changes, self.order.at) {
            Ok(customer) if self.order.rules.lacks_owner(&customer) => RowOutcome::Lacks(OWNER),
            Ok(customer) => {
                let events = vec![line(customer.version, NO_FIELDS, self.order)];
                let record = Record { customer, is_new: true, fields: BTreeSet::new(), events };
                self.records.insert(id.as_str().to_owned(), record);
                RowOutcome::Made
            }
            Err(field) => RowOutcome::Lacks(field),
        }
    }
}

/// Gives the first value of the profile that the center would not have.
fn misfit(known: PartyKind, changes: &[Change], order: &UpsertOrder) -> Option<RowOutcome> {
    let said = changes
        .iter()
        .rev()
        .find_map(|change| if let Change::Kind(kind) = change { Some(*kind) } else { None });
    let kind = said.unwrap_or(known);
    changes.iter().find_map(|change| {
        let Change::Profile(path, value) = change else { return None };
        // A column is for everybody: it is empty for whoever has no such field.
        if value.is_none() && order.schema.field(kind, path).is_none() {
            return None;
        }
        let checked = order.schema.check(kind, order.role, path, value.as_ref());
        checked.err().map(|fault| RowOutcome::Misfit(path.clone(), fault))
    })
}

fn change(record: &mut Record, values: Vec<Change>, order: &UpsertOrder) -> RowOutcome {
    if record.customer.merged_into.is_some() {
        return RowOutcome::Merged;
    }
    let Some(mut changed) = record.customer.change(values) else {
        return RowOutcome::Unchanged;
    };
    if order.rules.loses_owner(&changed) {
        return RowOutcome::Lacks(OWNER);
    }
    // Whoever changes a record has looked at it.
    changed.customer.reviewed_at = order.at;
    record.events.push(line(changed.customer.version, &changed.fields, order));
    record.fields.extend(changed.fields.iter().map(ToString::to_string));
    record.customer = changed.customer;
    RowOutcome::Changed
}

fn line(version: u64, fields: &[impl ToString], order: &UpsertOrder) -> CustomerEvent {
    CustomerEvent {
        version,
        fields: fields.iter().map(ToString::to_string).collect(),
        actor: order.actor.clone(),
        at: order.at,
    }
}
