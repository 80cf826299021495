//! Follow-ups, surveys and the care calendar, as an operator sees them.

use switchboard_api::ticket::v1::{CreateTicketRequest, Medium, MoveTicketRequest, TicketMove};
use switchboard_domain::caller::Role;
use switchboard_domain::flow::CivilDate;
use switchboard_runtime::clock::{Clock, SystemClock};

use crate::support::{Center, Ran};

/// Lets an agent handle a complaint and a colleague close it.
async fn a_closed_complaint(center: &Center) {
    let request = CreateTicketRequest {
        request_id: "complaint-1".to_owned(),
        subject: "The train was late".to_owned(),
        kind: "complaint".to_owned(),
        customer_id: "customer-01".to_owned(),
        department: "reception".to_owned(),
        ..CreateTicketRequest::default()
    };
    let mut agent = center.connect(Role::Agent, "li-wei").tickets();
    agent.create_ticket(request).await.unwrap();
    let a_move = |action: TicketMove| MoveTicketRequest {
        ticket_id: "complaint-1".to_owned(),
        action: action.into(),
        resolution: "paid back".to_owned(),
        medium: Medium::Phone.into(),
        ..MoveTicketRequest::default()
    };
    for action in [TicketMove::Accept, TicketMove::Start, TicketMove::Resolve, TicketMove::Inform] {
        agent.move_ticket(a_move(action)).await.unwrap();
    }
    let mut colleague = center.connect(Role::Supervisor, "wu").tickets();
    colleague.move_ticket(a_move(TicketMove::Close)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_complaint_is_followed_up_answered_and_counted() {
    let center = Center::start().await;
    a_closed_complaint(&center).await;
    let listed = ["follow-up", "ls", "--ticket", "complaint-1", "-o", "json"];
    let mut follow_ups = serde_json::Value::Null;
    while follow_ups.get(0).is_none() {
        // The program decides on closings by itself; nextest ends a test that waits for ever.
        let ran = center.verb(&listed).await;
        follow_ups = serde_json::from_str(&ran.said).unwrap();
    }
    let id = follow_ups[0]["follow_up_id"].as_str().unwrap();

    let survey = center.verb(&["survey", "show", "care"]).await;
    let misfit = center.verb(&["survey", "answer", id, "solved=7"]).await;
    let given = ["solved=1", "speed=4", "overall=5", "again=5", "recommend=4", "words=too late"];
    let answered = center.verb(&[&["survey", "answer", id], &given[..]].concat()).await;
    let shown = center.verb(&["follow-up", "get", id]).await;
    let again = center.verb(&["follow-up", "skip", id, "too-late"]).await;
    let report = center.verb(&["survey", "report", "care"]).await;
    let recovery = center.verb(&["ticket", "get", &format!("{id}.recovery")]).await;
    let today = CivilDate::at(SystemClock.now(), 0).to_string();
    let pack = center.verb(&["report", "monthly", "--month", &today[..7]]).await;

    assert_eq!(follow_ups[0]["spared_agent_ids"], serde_json::json!(["li-wei"]));
    assert!(survey.said.contains("recommend") && survey.said.contains("must_be"), "{survey:?}");
    assert!(misfit.complained.contains("from 1 to 5"), "{misfit:?}");
    assert_eq!(answered.code, 0, "{answered:?}");
    assert!(shown.said.contains("too late") && shown.said.contains("not_loyal"), "{shown:?}");
    assert_eq!(again.code, 4, "{again:?}");
    assert!(report.said.contains("reception") && report.said.contains("2.50"), "{report:?}");
    let counted = "| complaint | 1 | 1 | 100.0 % | 2 | 1 | 50.0 % | 2.50 | 1 | 0 | 0.0 % |";
    assert!(pack.said.contains(counted), "{pack:?}");
    assert_eq!(recovery.code, 0, "{recovery:?}");
    assert!(recovery.said.contains("complaint"), "{recovery:?}");
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_care_calendar_is_planned_from_a_file_row_by_row() {
    let center = Center::start().await;
    let folder = tempfile::tempdir().unwrap();
    let [file, wrong] = ["sold.csv", "wrong.csv"].map(|name| folder.path().join(name));
    let today = CivilDate::at(SystemClock.now(), 8 * 60);
    let rows = format!(
        "Customer,Event,Sold\n\
         customer-01,purchase,{today}\n\
         customer-02,purchase,{today}\n\
         nobody,purchase,{today}\n\
         customer-03,flood,{today}\n\
         customer-03,purchase,yesterday\n"
    );
    std::fs::write(&file, rows).unwrap();
    let [file, errors] = [&file, &wrong].map(|path| path.to_str().unwrap());
    let import = ["touchpoint", "import", file, "--map", "anchor_date=Sold", "--errors", errors];

    let tried = center.verb(&[&import[..], &["--dry-run"]].concat()).await;
    let none = center.verb(&["touchpoint", "ls", "-o", "json"]).await;
    let first = center.verb(&import).await;
    let again = center.verb(&import).await;

    let summary = |ran: &Ran| ran.said.lines().last().unwrap_or_default().to_owned();
    assert!(summary(&tried).starts_with("2 would be made"), "{tried:?}");
    assert_eq!(none.said.trim(), "[]", "{none:?}");
    let told = "2 made, 0 changed, 0 were so already, 3 refused";
    assert_eq!((first.code != 0, summary(&first).as_str()), (true, told), "{first:?}");
    let nothing_new = "0 made, 0 changed, 2 were so already, 3 refused";
    assert_eq!(summary(&again), nothing_new, "{again:?}");
    let refused = std::fs::read_to_string(&wrong).unwrap();
    for reason in ["CUSTOMER_NOT_FOUND", "NO_PLAN", "INVALID_FIELD"] {
        assert!(refused.contains(reason), "{refused}");
    }
    center.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_care_calendar_is_planned_and_settled() {
    let center = Center::start().await;
    let today = CivilDate::at(SystemClock.now(), 8 * 60);
    let anchor = today.to_string();
    let plan = ["touchpoint", "plan", "customer-01", "purchase", &anchor, "-o", "json"];

    let planned = center.verb(&plan).await;
    let repeated = center.verb(&plan).await;
    let unknown = center.verb(&["touchpoint", "plan", "customer-01", "flood", &anchor]).await;
    let days: serde_json::Value = serde_json::from_str(&planned.said).unwrap();
    let id = days[0]["touchpoint_id"].as_str().unwrap();
    let done = center.verb(&["touchpoint", "done", id]).await;
    let skipped = center.verb(&["touchpoint", "skip", id, "moved-away"]).await;
    let left = center.verb(&["touchpoint", "ls", "--state", "planned"]).await;

    assert_eq!(planned.code, 0, "{planned:?}");
    assert_eq!(planned.said, repeated.said, "what is planned stays as it is");
    assert_eq!(days[0]["date"], today.months_later(3).to_string());
    assert_eq!((unknown.code, done.code, skipped.code), (4, 0, 4), "{unknown:?} {skipped:?}");
    assert!(unknown.complained.contains("NO_PLAN"), "{unknown:?}");
    let count = days.as_array().unwrap().len();
    assert_eq!(left.said.lines().count(), count, "a heading, and all but the one: {left:?}");
    center.stop().await;
}
