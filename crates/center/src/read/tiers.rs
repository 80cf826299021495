//! What tiers change: `tiers.yaml`.

use std::collections::BTreeMap;

use switchboard_domain::center::Treatment;
use switchboard_domain::customer::Tier;

use super::treatments;
use crate::item::Item;
use crate::keys::people::TIER;
use crate::known::Known;

/// Reads `tiers.yaml`.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> BTreeMap<Tier, Treatment> {
    let mut tiers = BTreeMap::new();
    for (tier, item) in root.into_iter().flat_map(Item::named::<Tier>) {
        let Some(fields) = item.called(format!("tier {tier}")).fields(&TIER) else { continue };
        let treatment = treatments::read(&fields, known);
        fields.finish();
        tiers.insert(tier, treatment);
    }
    tiers
}
