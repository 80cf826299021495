//! Flows that callers arrive in.

use std::collections::BTreeSet;

use switchboard_domain::center::OverflowAction;

use super::Whole;
use super::exits::exits;
use crate::read::flows::check_returns;

/// Reports flows that callers arrive in and that end by returning.
#[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
pub(super) fn check(whole: &Whole<'_>) {
    let numbers = whole.center.numbers.iter().map(|number| &number.flow);
    let overflows = whole.center.queues.values().flat_map(exits);
    let overflows = overflows.filter_map(|(_, action)| match action {
        OverflowAction::Flow(flow) => Some(flow),
        _ => None,
    });
    let entered: BTreeSet<_> = numbers.chain(overflows).collect();
    for flow in entered.into_iter().filter_map(|id| whole.center.flow(id)) {
        if let Some(item) = whole.folder.file(&format!("flows/{}.yaml", flow.id())) {
            check_returns(&item, flow);
        }
    }
}
