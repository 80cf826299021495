//! Who answers for tickets: `departments.yaml`.

use switchboard_domain::center::{Department, Departments};

use crate::item::Item;
use crate::keys::departments::DEPARTMENT;
use crate::known::Known;

/// Reads `departments.yaml`.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> Departments {
    let named = root.into_iter().flat_map(|root| root.identified("department"));
    named.map(|(name, item)| (name.to_owned(), one(&item, known).unwrap_or_default())).collect()
}

fn one(item: &Item<'_>, known: &Known) -> Option<Department> {
    let fields = item.fields(&DEPARTMENT)?;
    let display_name = fields.required("display_name").and_then(|name| known.localized(&name));
    fields.finish();
    Some(Department { display_name: display_name? })
}
