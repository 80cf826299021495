//! What queues did, by the definitions that service levels are agreed on.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_api::ApiError;
use switchboard_api::call::v1::{ReportQueuesRequest, ReportQueuesResponse};
use switchboard_api::convert::history as convert;
use switchboard_api::convert::time::timestamp;
use switchboard_center::CacheError;
use switchboard_domain::ids::{QueueId, TenantId};
use switchboard_domain::interaction::target_of;
use switchboard_domain::retention::Kept;
use switchboard_store::error::StoreError;
use switchboard_store::history::FiguresFilter;

use crate::HistoryParts;

/// The most lines of an answer: many times what a chart shows, in a message that every client takes.
const MAX_FIGURES: usize = 10_000;

/// Counts what queues did.
pub(super) async fn run(
    parts: &HistoryParts,
    tenant: &TenantId,
    request: ReportQueuesRequest,
) -> Result<ReportQueuesResponse, ApiError> {
    let (from, until, step) = convert::report_time(&request, parts.clock.now())?;
    let targets = match parts.centers.get(tenant).await {
        Ok(center) => {
            let queues = center.queues.iter();
            queues.map(|(id, queue)| (id.clone(), target_of(Some(queue)))).collect()
        }
        Err(CacheError::NoCenter(_)) => BTreeMap::<QueueId, _>::new(),
        Err(error) => return Err(StoreError::from(error).into()),
    };
    let filter = FiguresFilter { from, until, step, targets };
    let steps = parts.history.queue_figures(tenant, &filter).await?;
    check_lines(steps.len(), step)?;
    let target = |queue: &QueueId| filter.targets.get(queue).copied();
    let figures = steps.into_iter().map(|counted| {
        let within = target(&counted.queue).unwrap_or_else(|| target_of(None));
        convert::queue_figures(counted, within)
    });
    let complete_from = parts.retention.complete_from(tenant, Kept::Interactions).await?;
    Ok(ReportQueuesResponse {
        figures: figures.collect(),
        complete_from: complete_from.map(timestamp),
    })
}

fn check_lines(lines: usize, step: Duration) -> Result<(), ApiError> {
    if lines <= MAX_FIGURES {
        return Ok(());
    }
    let expected = format!("longer: {MAX_FIGURES} lines of queues and steps at most, not {lines}");
    Err(ApiError::invalid("step", &format!("{} s", step.as_secs()), expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_no_client_would_take_is_refused_by_its_steps() {
        let step = Duration::from_mins(1);

        check_lines(MAX_FIGURES, step).unwrap();
        let refused = check_lines(MAX_FIGURES + 1, step).unwrap_err().to_string();

        assert!(refused.contains("`step`") && refused.contains("10001"), "{refused}");
    }
}
