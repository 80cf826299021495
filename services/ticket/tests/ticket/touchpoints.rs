//! Days of the care calendar: once each, whoever looks and whenever.

use std::time::Duration;

use switchboard_api::followup::v1::FollowUpState;
use switchboard_api::ticket::v1::CustomerExternalId;
use switchboard_api::touchpoint::v1::import_anchors_request::Part;
use switchboard_api::touchpoint::v1::{
    Anchor, ImportAnchorsBatch, ImportAnchorsHeader, ImportAnchorsRequest, ImportAnchorsResponse,
    ImportAnchorsRow, ListTouchpointsRequest, ReportTouchpointsRequest, SkipTouchpointRequest,
    Touchpoint, TouchpointState,
};
use switchboard_domain::caller::Role;
use switchboard_domain::ids::{CustomerId, TouchpointId};
use switchboard_domain::time::Timestamp;
use switchboard_domain::touchpoint;
use switchboard_store::audit::Audit;
use switchboard_store::customer_merges::{CustomerMerges, MergeOrder};
use switchboard_store::touchpoints::Touchpoints;
use switchboard_store_postgres::testing::{migrated_database, store_with_other_keys_at};
use switchboard_ticket::fire_due;
use tonic::Code;

use crate::care::{Care, DAY, FOLLOW_UPS, keep, parts};
use crate::support::{MORNING, from, tenant, told};

#[tokio::test]
async fn a_day_of_35_months_later_fires_once_though_nobody_looked_for_a_while() {
    let care = Care::set_up().await;
    let planned = care.plan("2027-01-31").await;
    let dates: Vec<&str> = planned.iter().map(|day| day.date.as_str()).collect();
    assert_eq!(dates[..4], ["2027-04-30", "2027-12-31", "2028-12-31", "2029-12-31"]);
    assert_eq!(care.plan("2027-01-31").await, planned);

    // All is read anew by another process, a day after the window opened.
    let seconds = planned[3].open_time.unwrap().seconds;
    care.office.clock.set(Timestamp::from_millis(seconds * 1_000) + DAY);
    let (demo, fresh) = (tenant("demo"), parts(&care.office, &care.floor));
    let (one, another) = tokio::join!(fire_due(&fresh, &demo), fire_due(&care.parts, &demo));

    assert!(one.is_ok() && another.is_ok(), "{one:?} {another:?}");
    let call = care.only().await;
    let days = care.days().await;
    let fired = days.iter().find(|day| day.month == 35).unwrap();
    assert_eq!(
        (&call.touchpoint_id, &call.follow_up_id),
        (&fired.touchpoint_id, &fired.follow_up_id)
    );
    assert_eq!((call.customer_id.as_str(), call.survey_id.as_str()), ("li", "care"));
    let lapsed = days.iter().filter(|day| day.month < 35 && day.follow_up_id.is_empty()).count();
    assert!(lapsed >= 3, "the windows of the earlier ones have passed: {days:?}");
}

#[tokio::test]
async fn anchors_are_taken_row_by_row_and_the_same_again_plan_nothing() {
    let care = Care::set_up().await;
    let li = |anchor: &str, date: &str| Anchor {
        customer_id: "li".to_owned(),
        anchor: anchor.to_owned(),
        anchor_date: date.to_owned(),
        customer_external_id: None,
    };
    let nobody = CustomerExternalId { system: "crm".to_owned(), id: "17".to_owned() };
    let of_nobody = Anchor {
        customer_id: String::new(),
        customer_external_id: Some(nobody.clone()),
        ..li("purchase", "2027-01-31")
    };
    let of_both = Anchor { customer_external_id: Some(nobody), ..li("purchase", "2027-01-31") };
    let rows = vec![
        li("purchase", "2027-01-31"),
        li("flood", "2027-01-31"),
        li("purchase", "2099-01-31"),
        li("purchase", ""),
        of_nobody,
        of_both,
        Anchor { customer_id: "nobody".to_owned(), ..li("purchase", "2027-01-31") },
        li("purchase", "2027-01-31"),
    ];

    let tried = import(&care, true, rows.clone()).await;
    assert_eq!(care.days().await, []);
    let answer = import(&care, false, rows.clone()).await;
    let tried_again = import(&care, true, rows).await;

    assert_eq!((tried.made, tried.unchanged), (2, 0));
    assert_eq!((tried_again.made, tried_again.unchanged), (0, 2));
    assert_eq!((answer.answered_to_row, answer.made, answer.unchanged), (8, 1, 1));
    let refused: Vec<_> =
        answer.refusals.iter().map(|it| (it.row, it.field.as_str(), it.reason.as_str())).collect();
    let expected = [
        (2, "anchor", "NO_PLAN"),
        (3, "anchor_date", "INVALID_FIELD"),
        (4, "anchor_date", "INVALID_FIELD"),
        (5, "customer_external_id", "CUSTOMER_NOT_FOUND"),
        (6, "customer_external_id", "INVALID_FIELD"),
        (7, "customer_id", "CUSTOMER_NOT_FOUND"),
    ];
    assert_eq!(refused, expected);
    assert_eq!(care.days().await.len(), care.plan("2027-01-31").await.len());
    let trail = care.office.store.latest(&tenant("demo"), 20).await.unwrap();
    let imports = trail.iter().filter(|line| line.action == "touchpoint.import");
    assert_eq!(imports.count(), 1, "what keeps nothing is not on the trail");
}

/// Imports a batch of anchors.
async fn import(care: &Care, validate_only: bool, rows: Vec<Anchor>) -> ImportAnchorsResponse {
    let rows = (1..).zip(rows).map(|(row, anchor)| ImportAnchorsRow { row, anchor: Some(anchor) });
    let batch = ImportAnchorsBatch { rows: rows.collect() };
    let parts = [Part::Header(ImportAnchorsHeader { validate_only }), Part::Batch(batch)];
    let parts = parts.map(|part| ImportAnchorsRequest { part: Some(part) });
    let request = from(Role::Supervisor, tokio_stream::iter(parts));
    let mut answers = care.calendar().import_anchors(request).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap();
    assert_eq!(answers.message().await.unwrap(), None);
    answer
}

#[tokio::test]
async fn a_day_that_makes_a_ticket_is_for_the_tiers_of_its_plan_and_comes_again() {
    let care = Care::set_up().await;
    let plans = "cards:\n  anchor: purchase\n  yearly: true\n  \
                 ticket: {subject: Send a card, department: reception}\n\
                 best:\n  anchor: purchase\n  tiers: [A1]\n  months: [12]\n  \
                 ticket: {subject: Send flowers}\n";
    care.office.apply(&[("touchpoints.yaml", plans)]).await;
    let care = Care { parts: parts(&care.office, &care.floor), ..care };
    let planned = care.plan("2027-01-31").await;
    assert_eq!(planned.len(), 6);

    care.office.clock.set(MORNING + 381 * DAY);
    care.round().await;

    let days = care.days().await;
    assert_eq!(days.len(), 7, "five years ahead there is another");
    assert_eq!(days[6].date, "2033-01-31");
    let with_ticket = days.iter().find(|day| !day.ticket_id.is_empty()).unwrap();
    let ticket = care.office.ticket(&with_ticket.ticket_id).await;
    assert_eq!((ticket.subject.as_str(), ticket.customer_id.as_str()), ("Send a card", "li"));
    let flowers = days.iter().find(|day| day.plan == "best").unwrap();
    assert_eq!(flowers.reason, "other-tier");
}

#[tokio::test]
async fn a_day_is_for_the_segments_of_its_plan_as_they_are_when_it_comes() {
    let care = Care::set_up().await;
    let plans = "gold:\n  anchor: purchase\n  segments: [gold, silver]\n  each_year: 03-15\n  \
                 ticket: {subject: Send flowers}\n\
                 iron:\n  anchor: purchase\n  segments: [iron]\n  every: 2\n  \
                 ticket: {subject: Send a card}\n";
    let segments = |iron: &str| {
        format!(
            "metals:\n  - {{segment: gold, when: \"false\"}}\n  \
             - {{segment: iron, when: \"{iron}\"}}\n  - {{segment: silver, when: \"true\"}}\n"
        )
    };
    let at_first = segments("true");
    care.office.apply(&[("segments.yaml", &at_first), ("touchpoints.yaml", plans)]).await;
    let care = Care { parts: parts(&care.office, &care.floor), ..care };
    let planned = care.plan("2027-01-15").await;
    let of = |days: &[Touchpoint], plan: &str| -> Vec<Touchpoint> {
        days.iter().filter(|day| day.plan == plan).cloned().collect()
    };
    assert_eq!((of(&planned, "gold").len(), of(&planned, "iron").len()), (5, 30));

    let later = segments("false");
    care.office.apply(&[("segments.yaml", &later), ("touchpoints.yaml", plans)]).await;
    let care = Care { parts: parts(&care.office, &care.floor), ..care };
    care.pass(at(of(&planned, "gold")[0].open_time).since(MORNING));
    care.round().await;

    let days = care.days().await;
    let (gold, iron) = (of(&days, "gold"), of(&days, "iron"));
    assert_eq!((gold[0].date.as_str(), gold[0].ticket_id.is_empty()), ("2027-03-15", false));
    assert_eq!((iron[0].date.as_str(), iron[0].reason.as_str()), ("2027-03-15", "other-segment"));
    let ends = [&gold, &iron].map(|some| some.last().unwrap().date.clone());
    assert_eq!(ends, ["2032-03-15", "2032-03-15"], "five years ahead there is another");
}

#[tokio::test]
async fn a_day_of_the_year_comes_once_whatever_anchors_it_counts_from() {
    let care = Care::set_up().await;
    let plans = "campaign:\n  anchor: purchase\n  each_year: 03-15\n  \
                 ticket: {subject: Ask how it goes}\n";
    care.office.apply(&[("touchpoints.yaml", plans)]).await;
    let care = Care { parts: parts(&care.office, &care.floor), ..care };
    let day = care.plan("2027-01-15").await.remove(0);
    care.plan("2027-02-05").await;

    care.pass(at(day.open_time).since(MORNING));
    care.round().await;

    let days = care.days().await;
    let first = days.iter().filter(|other| other.date == day.date);
    let became: Vec<_> = first.map(|it| (it.ticket_id.is_empty(), it.reason.as_str())).collect();
    assert_eq!(became.len(), 2);
    assert!(became.contains(&(false, "")) && became.contains(&(true, "merged")), "{became:?}");
}

fn at(time: Option<prost_types::Timestamp>) -> Timestamp {
    Timestamp::from_millis(time.unwrap().seconds * 1_000)
}

#[tokio::test]
async fn nobody_is_called_after_the_window_of_the_day() {
    // So many hours before its end: the queue does not call by night.
    for (hours, called) in [(14, true), (1, false)] {
        let care = Care::set_up().await;
        let first = care.plan("2027-01-31").await.remove(0);
        let start = at(first.close_time) - Duration::from_hours(hours);
        care.pass(start.since(MORNING));

        care.round().await;

        let call = care.only().await;
        if called {
            let times = care.contact(&call).await.unwrap().callback.unwrap();
            assert_eq!(times.closes_at.since(times.opens_at), Duration::from_hours(hours));
        } else {
            assert_eq!((call.state(), call.reason.as_str()), (FollowUpState::Skipped, "expired"));
            assert_eq!(care.open_calls().await, 0);
        }
    }
}

#[tokio::test]
async fn two_records_of_one_person_are_called_once_and_the_one_that_leads_is_planned_for() {
    let care = Care::set_up().await;
    keep(&care.office.store, "lee: {name: Lee, tier: A1, numbers: {}}").await;
    care.plan("2027-01-31").await;
    care.plan_for("lee", "2027-01-31").await.unwrap();
    let id = |name: &str| CustomerId::parse(name).unwrap();
    let order = MergeOrder {
        winner: id("li"),
        winner_version: 1,
        loser: id("lee"),
        loser_version: 1,
        actor: "agent:wang".to_owned(),
        at: MORNING,
    };
    care.office.store.merge(&tenant("demo"), &order).await.unwrap();

    let refused = care.plan_for("lee", "2027-01-31").await.unwrap_err();
    care.pass(at(care.days().await[0].open_time).since(MORNING));
    care.round().await;

    assert_eq!(told(&refused).1, "CUSTOMER_MERGED");
    assert_eq!(care.only().await.customer_id, "li");
    let days = care.days().await;
    let reasons: Vec<&str> = days[..2].iter().map(|day| day.reason.as_str()).collect();
    assert!(reasons.contains(&"merged") && reasons.contains(&""), "{days:?}");
}

#[tokio::test]
async fn a_customer_who_cannot_be_read_keeps_no_other_day_from_firing() {
    let url = migrated_database().await.unwrap();
    let care = Care::on(&url, FOLLOW_UPS).await;
    let sealed = store_with_other_keys_at(&url).unwrap();
    keep(&sealed, "wu: {name: Wu, tier: B1, numbers: {}}").await;
    let (demo, wu) = (tenant("demo"), CustomerId::parse("wu").unwrap());
    let first = care.plan("2027-01-31").await.remove(0);
    let touchpoint_id = TouchpointId::parse(&first.touchpoint_id).unwrap();
    let day = Touchpoints::get(&care.office.store, &demo, &touchpoint_id).await.unwrap();
    let opens_at = day.opens_at - Duration::from_secs(1);
    let id = TouchpointId::parse("of-wu").unwrap();
    let of_wu = touchpoint::Touchpoint { id, customer: wu.clone(), opens_at, ..day };
    Touchpoints::plan(&care.office.store, &demo, &wu, &[of_wu]).await.unwrap();

    care.pass(at(first.open_time).since(MORNING));
    fire_due(&care.parts, &demo).await.unwrap();

    let days = care.days().await;
    let states = [days[0].state(), days[1].state()];
    assert_eq!(states, [TouchpointState::Planned, TouchpointState::Fired]);
}

#[tokio::test]
async fn an_anchor_lies_five_years_ahead_at_most() {
    let care = Care::set_up().await;

    let last = care.plan_for("li", "2032-01-15").await;
    let beyond = care.plan_for("li", "2032-01-16").await.unwrap_err();

    assert!(last.is_ok(), "{last:?}");
    let refused = (Code::InvalidArgument, "INVALID_FIELD".to_owned(), "anchor_date".to_owned());
    assert_eq!(told(&beyond), refused);
}

#[tokio::test]
async fn agents_are_told_no_days_and_who_is_told_is_on_the_trail() {
    let care = Care::set_up().await;
    let planned = care.plan("2027-01-31").await;
    let of_li = ListTouchpointsRequest {
        customer_id: "li".to_owned(),
        page_size: 1,
        ..ListTouchpointsRequest::default()
    };
    let ask = async |request: &ListTouchpointsRequest| {
        care.calendar().list_touchpoints(from(Role::Agent, request.clone())).await
    };

    let shown = ask(&of_li).await.unwrap().into_inner();
    let everybody = ListTouchpointsRequest { customer_id: String::new(), ..of_li.clone() };
    let before = ListTouchpointsRequest { opens_before: planned[0].open_time, ..of_li.clone() };
    let refusals = [ask(&everybody).await, ask(&before).await];

    let blind = Touchpoint {
        touchpoint_id: planned[0].touchpoint_id.clone(),
        customer_id: "li".to_owned(),
        plan: planned[0].plan.clone(),
        state: TouchpointState::Planned.into(),
        etag: "1".to_owned(),
        ..Touchpoint::default()
    };
    assert_eq!((shown.touchpoints, shown.next_page_token.as_str()), (vec![blind], ""));
    let fields = refusals.map(|refused| told(&refused.unwrap_err()).2);
    assert_eq!(fields, ["customer_id", "opens_before"]);
    let trail = Audit::about(&care.office.store, &tenant("demo"), "customer/li").await.unwrap();
    assert!(trail.iter().any(|line| line.action == "touchpoint.list"), "{trail:?}");
}

#[tokio::test]
async fn the_calendar_tells_how_much_of_it_is_carried_out() {
    let care = Care::set_up().await;
    let planned = care.plan("2027-01-31").await;
    let since = |month: u32| {
        let day = planned.iter().find(|day| day.month == month).unwrap();
        let plan = "after-purchase".to_owned();
        ReportTouchpointsRequest { start_time: day.open_time, end_time: None, plan }
    };
    let count = async |request: ReportTouchpointsRequest| {
        let answer = care.calendar().report_touchpoints(from(Role::Supervisor, request)).await;
        answer.map(tonic::Response::into_inner)
    };
    let skip = SkipTouchpointRequest {
        touchpoint_id: planned[1].touchpoint_id.clone(),
        reason: "moved-away".to_owned(),
    };
    care.calendar().skip_touchpoint(from(Role::Supervisor, skip)).await.unwrap();
    care.office.clock.set(at(planned[0].close_time));

    let ahead = ReportTouchpointsRequest { end_time: planned[3].close_time, ..since(3) };
    let counted = count(ahead).await.unwrap();
    let refused = count(ReportTouchpointsRequest::default()).await.unwrap_err();
    let backwards = ReportTouchpointsRequest { end_time: since(3).start_time, ..since(3) };

    let all = counted.all.unwrap();
    assert_eq!((all.planned, all.skipped, all.missed, all.rate), (4, 1, 1, Some(0.0)), "{all:?}");
    assert_eq!((all.skips[0].reason.as_str(), all.to_come), ("moved-away", 2));
    let plans: Vec<(&str, u64)> =
        counted.plans.iter().map(|plan| (plan.plan.as_str(), plan.planned)).collect();
    assert_eq!(plans, [("after-purchase", 4)]);
    let field = |status| told(&status).2;
    assert_eq!(field(refused), "start_time");
    assert_eq!(field(count(backwards).await.unwrap_err()), "end_time");
}
