//! What a tier or a segment changes on the way to an agent: the same keys in both files.

use std::collections::BTreeMap;

use switchboard_domain::center::Treatment;

use super::queues::MAX_PRIORITY;
use crate::fields::Fields;
use crate::known::Known;

/// Reads the keys of a treatment; what is left out changes nothing.
pub(super) fn read(fields: &Fields<'_>, known: &Known) -> Treatment {
    Treatment {
        priority: fields.or("priority", 0, |value| value.whole(0..=MAX_PRIORITY)),
        skills: fields.or("skills", Vec::new(), |value| Some(known.requirement(value))),
        instead_of: fields.or("instead_of", BTreeMap::new(), |value| {
            Some(known.queue_map(value, |queue| known.queue(queue)))
        }),
    }
}
