//! What is past its time, through the service: planned, asked for, done by itself each day.

use std::time::{Duration, UNIX_EPOCH};

use switchboard_api::call::v1::ReportQueuesRequest;
use switchboard_api::recorder::v1::{
    GetRetentionRunRequest, PlanRetentionRequest, RetentionCount, RetentionRun, RunRetentionRequest,
};
use switchboard_domain::caller::Role;
use switchboard_domain::time::Timestamp;
use switchboard_recorder::{RetentionParts, look_after_months, step_all};
use tonic::Code;

use crate::support::{Archive, client_of, of, reason, tenant};

const DAY: Duration = Duration::from_hours(24);
const POLICY: &str = "run_at: \"03:00\"\nevents: 30d\ninteractions: 60d\n";
/// Calls are of the first second of 1970. 100 days later, 02:00 in Shanghai, where the demo center is.
const NIGHT: Timestamp = Timestamp::from_millis(100 * 86_400_000 - 6 * 3_600_000);

#[tokio::test]
async fn what_is_planned_goes_when_somebody_asks_and_reports_say_from_when_on_they_are_complete() {
    let archive = Archive::set_up().await;
    archive.keep_missed_call(1).await;
    archive.apply("retention.yaml", POLICY).await;
    let parts = archive.retention_parts(NIGHT);
    let mut client = client_of(&parts);

    let plan = of("demo", Role::Admin, PlanRetentionRequest {});
    let planned = client.plan_retention(plan).await.unwrap().into_inner().records;
    let order = || of("demo", Role::Admin, RunRetentionRequest {});
    let begun = client.run_retention(order()).await.unwrap().into_inner().run.unwrap();
    let same = client.run_retention(order()).await.unwrap().into_inner().run.unwrap();
    work(&parts).await;
    let ended = latest(&parts).await.unwrap();

    assert_eq!(counts(&planned), [("events", 3), ("interactions", 1)]);
    assert_eq!((&*begun.phase, &begun.run_id), ("events", &same.run_id));
    assert_eq!((&*ended.phase, &ended.run_id), ("done", &begun.run_id));
    assert_eq!(counts(&ended.records), [("events", 3), ("interactions", 1)]);
    let trail = archive.trail(&format!("retention/{}", begun.run_id)).await;
    assert_eq!(trail, ["retention.begin", "retention.begin", "retention.run"]);
    let report = ReportQueuesRequest {
        start_time: Some(UNIX_EPOCH.into()),
        ..ReportQueuesRequest::default()
    };
    let report = of("demo", Role::Supervisor, report);
    let report = archive.client().report_queues(report).await.unwrap().into_inner();
    let before = i64::try_from(40 * DAY.as_secs()).unwrap() - 6 * 3_600;
    assert_eq!((report.figures.len(), report.complete_from.unwrap().seconds), (0, before));
}

#[tokio::test]
async fn each_day_has_one_run_when_its_time_has_come_however_many_replicas_there_are() {
    let archive = Archive::set_up().await;
    archive.keep_missed_call(1).await;
    archive.apply("retention.yaml", POLICY).await;

    work(&archive.retention_parts(NIGHT)).await;
    let early = latest(&archive.retention_parts(NIGHT)).await;
    let due = NIGHT + Duration::from_hours(1);
    let replicas = [archive.retention_parts(due), archive.retention_parts(due)];
    tokio::join!(work(&replicas[0]), work(&replicas[1]));
    // Whoever was busy with the last step has ended it.
    work(&replicas[0]).await;
    let first = latest(&replicas[0]).await.unwrap();
    archive.keep_missed_call(2).await;
    work(&replicas[1]).await;
    let same_day = latest(&replicas[1]).await.unwrap();
    let tomorrow = archive.retention_parts(due + DAY);
    work(&tomorrow).await;
    let second = latest(&tomorrow).await.unwrap();

    assert_eq!(early, None);
    assert_eq!((&*first.run_id, &*first.phase), ("day-1970-04-11", "done"));
    assert_eq!(counts(&first.records), [("events", 3), ("interactions", 1)]);
    assert_eq!(same_day, first);
    assert_eq!((&*second.run_id, &*second.phase), ("day-1970-04-12", "done"));
    assert_eq!(counts(&second.records), [("events", 3), ("interactions", 1)]);
}

#[tokio::test]
async fn without_a_policy_nothing_goes_and_whoever_asks_hears_why() {
    let archive = Archive::set_up().await;
    archive.keep_missed_call(1).await;
    let parts = archive.retention_parts(NIGHT + DAY);
    let mut client = client_of(&parts);

    work(&parts).await;
    let plan = client.plan_retention(of("demo", Role::Admin, PlanRetentionRequest {})).await;
    let run = client.run_retention(of("demo", Role::Admin, RunRetentionRequest {})).await;

    for refused in [plan.unwrap_err(), run.unwrap_err()] {
        let (code, why, _) = reason(&refused);
        assert_eq!((code, &*why), (Code::FailedPrecondition, "NO_RETENTION_POLICY"));
    }
    assert_eq!(latest(&parts).await, None);
}

/// Works as the program does by itself, until there is nothing to do.
async fn work(parts: &RetentionParts) {
    let mut working = vec![tenant("demo"), tenant("other")];
    look_after_months(parts, &working).await;
    while !working.is_empty() {
        working = step_all(parts, working).await;
    }
}

/// Gives the run that began last.
async fn latest(parts: &RetentionParts) -> Option<RetentionRun> {
    let latest = of("demo", Role::Admin, GetRetentionRunRequest {});
    match client_of(parts).get_retention_run(latest).await {
        Ok(found) => found.into_inner().run,
        Err(status) => {
            assert_eq!(status.code(), Code::NotFound);
            None
        }
    }
}

fn counts(records: &[RetentionCount]) -> Vec<(&str, u64)> {
    records.iter().map(|records| (&*records.kind, records.count)).collect()
}
