//! What queues did, read back.

use std::time::{Duration, UNIX_EPOCH};

use switchboard_api::call::v1::{QueueFigures, ReportQueuesRequest};
use switchboard_domain::caller::Role;
use tonic::{Code, Status};

use crate::support::{Archive, of, reason};

fn at(seconds: u64) -> ReportQueuesRequest {
    let start_time = Some((UNIX_EPOCH + Duration::from_secs(seconds)).into());
    ReportQueuesRequest { start_time, ..ReportQueuesRequest::default() }
}

fn from_to(start: u64, end: u64, step: u64) -> ReportQueuesRequest {
    let step = Duration::from_secs(step).try_into().ok();
    ReportQueuesRequest { end_time: at(end).start_time, step, ..at(start) }
}

async fn report(
    archive: &Archive,
    request: ReportQueuesRequest,
) -> Result<Vec<QueueFigures>, Status> {
    let request = of("demo", Role::Supervisor, request);
    let answer = archive.client().report_queues(request).await?;
    Ok(answer.into_inner().figures)
}

#[tokio::test]
async fn calls_are_counted_by_queue_and_step() {
    let archive = Archive::set_up().await;
    for call in 1..=6 {
        archive.keep_missed_call(call).await;
    }

    let all = report(&archive, at(0)).await.unwrap();
    let steps = report(&archive, from_to(0, 600, 60)).await.unwrap();

    let [booking] = all.as_slice() else { panic!("one queue: {all:?}") };
    assert_eq!((booking.queue_id.as_str(), booking.offered, booking.abandoned), ("booking", 6, 6));
    assert_eq!((booking.short_abandoned, booking.service_level), (6, None));
    assert_eq!(booking.target.unwrap().seconds, 20);
    let counted: Vec<_> =
        steps.iter().map(|step| (step.start_time.unwrap().seconds, step.offered)).collect();
    assert_eq!(counted, [(0, 5), (60, 1)]);
}

#[tokio::test]
async fn a_time_that_makes_no_sense_is_refused() {
    let archive = Archive::set_up().await;
    let cases = [
        ("start_time", ReportQueuesRequest::default()),
        ("end_time", from_to(9, 9, 60)),
        ("step", from_to(0, 9, 1)),
        ("step", from_to(0, 60_001, 60)),
    ];

    for (field, request) in cases {
        let refused = report(&archive, request).await.unwrap_err();
        let (code, _, named) = reason(&refused);
        assert_eq!((code, named.as_str()), (Code::InvalidArgument, field), "{request:?}");
    }
}
