//! Judging work by scorecards, as a supervisor does on the command line.

use switchboard_api::ticket::v1::{CreateTicketRequest, MoveTicketRequest, TicketMove};
use switchboard_domain::caller::Role;

use crate::support::Center;

async fn a_resolved_complaint(center: &Center) {
    let request = CreateTicketRequest {
        request_id: "complaint-1".to_owned(),
        subject: "The train was late".to_owned(),
        kind: "complaint".to_owned(),
        department: "reception".to_owned(),
        ..CreateTicketRequest::default()
    };
    let mut agent = center.connect(Role::Agent, "li-wei").tickets();
    agent.create_ticket(request).await.unwrap();
    for action in [TicketMove::Accept, TicketMove::Start, TicketMove::Resolve] {
        let step = MoveTicketRequest {
            ticket_id: "complaint-1".to_owned(),
            action: action.into(),
            resolution: "paid back".to_owned(),
            ..MoveTicketRequest::default()
        };
        agent.move_ticket(step).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_is_drawn_judged_and_reported() {
    let center = Center::start().await;
    a_resolved_complaint(&center).await;
    let draw = ["evaluation", "draw", "complaints", "5", "--sample", "may", "-o", "json"];

    let cards = center.verb(&["evaluation", "scorecards"]).await;
    let drawn = center.verb(&draw).await;
    let evaluations: serde_json::Value = serde_json::from_str(&drawn.said).unwrap();
    let id = evaluations[0]["evaluation_id"].as_str().unwrap();
    let opened =
        center.verb(&["evaluation", "open", "complaints", "--ticket", "complaint-1"]).await;
    let odd = center.verb(&["evaluation", "judge", id, "cause=good"]).await;
    let many = center.verb(&["evaluation", "judge", id, "cause=9"]).await;
    let marks = ["cause=5", "informed=0", "outcome=5", "--comment", "told nobody"];
    let judged = center.verb(&[&["evaluation", "judge", id], &marks[..]].concat()).await;
    let shown = center.verb(&["evaluation", "get", id]).await;
    let late = center.verb(&["evaluation", "withdraw", id, "cut-off"]).await;
    let listed = center.verb(&["evaluation", "ls", "--state", "done", "--agent", "li-wei"]).await;
    let report = center.verb(&["evaluation", "report", "complaints", "--by", "sample"]).await;

    assert!(cards.said.contains("complaints") && cards.said.contains("85%"), "{cards:?}");
    assert_eq!(evaluations[0]["ticket_id"], "complaint-1", "{drawn:?}");
    assert!(opened.said.contains(id), "the one there is: {opened:?}");
    assert_eq!((odd.code, many.code), (2, 2), "{odd:?} {many:?}");
    assert!(many.complained.contains("0 to 5"), "{many:?}");
    assert!(judged.said.contains("0.00%") && judged.said.contains("informed"), "{judged:?}");
    assert!(shown.said.contains("told nobody"), "{shown:?}");
    assert_eq!(late.code, 4, "{late:?}");
    assert!(listed.said.contains(id), "{listed:?}");
    assert!(report.said.contains("may") && report.said.contains("CRITERION"), "{report:?}");
    center.stop().await;
}
