//! What tiers change: `tiers.yaml`.

use std::collections::BTreeMap;

use switchboard_domain::center::TierRule;
use switchboard_domain::customer::Tier;

use super::queues::MAX_PRIORITY;
use crate::item::Item;
use crate::keys::people::TIER;
use crate::known::Known;

/// Reads `tiers.yaml`.
pub(super) fn read(root: Option<&Item<'_>>, known: &Known) -> BTreeMap<Tier, TierRule> {
    let mut tiers = BTreeMap::new();
    for (tier, item) in root.into_iter().flat_map(Item::named::<Tier>) {
        let Some(fields) = item.called(format!("tier {tier}")).fields(&TIER) else { continue };
        let rule = TierRule {
            priority: fields.or("priority", 0, |value| value.whole(0..=MAX_PRIORITY)),
            skills: fields.or("skills", Vec::new(), |value| Some(known.requirement(value))),
            instead_of: fields.or("instead_of", BTreeMap::new(), |value| {
                Some(known.queue_map(value, |queue| known.queue(queue)))
            }),
        };
        fields.finish();
        tiers.insert(tier, rule);
    }
    tiers
}
