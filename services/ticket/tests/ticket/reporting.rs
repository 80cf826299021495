//! What became of tickets, asked for through the service.

use std::time::{Duration, UNIX_EPOCH};

use switchboard_api::report::v1::{ReportTicketsRequest, TicketFigures, TicketGrouping};
use switchboard_api::ticket::v1::{MoveTicketRequest, TicketMove};
use switchboard_domain::caller::Role;
use tonic::{Code, Status};

use crate::support::{MORNING, Office, a_move, from, told};

pub(crate) fn since_morning(until: u64) -> ReportTicketsRequest {
    let morning = Duration::from_millis(MORNING.as_millis().unsigned_abs());
    let at = |seconds| Some((UNIX_EPOCH + morning + Duration::from_secs(seconds)).into());
    ReportTicketsRequest {
        start_time: at(0),
        end_time: at(until),
        ..ReportTicketsRequest::default()
    }
}

async fn report(
    office: &Office,
    request: ReportTicketsRequest,
) -> Result<Vec<TicketFigures>, Status> {
    let answer = office.reports().report_tickets(from(Role::Supervisor, request)).await?;
    Ok(answer.into_inner().figures)
}

#[tokio::test]
async fn tickets_are_counted_and_their_stages_timed() {
    let office = Office::set_up().await;
    office.apply(&[]).await;
    let ticket = office.create("r-1").await;
    office.create("r-2").await;
    for applied in [TicketMove::Accept, TicketMove::Start, TicketMove::Resolve] {
        office.clock.advance(Duration::from_mins(1));
        let request =
            MoveTicketRequest { resolution: "sent again".to_owned(), ..a_move(&ticket, applied) };
        office.moves(request).await.unwrap();
    }

    let request =
        ReportTicketsRequest { group_by: TicketGrouping::Kind.into(), ..since_morning(600) };
    let kinds = report(&office, request).await.unwrap();

    let [kind] = kinds.as_slice() else { panic!("one kind: {kinds:?}") };
    assert_eq!((kind.group.as_str(), kind.made, kind.resolved), ("request", 2, 1));
    assert_eq!((kind.open, kind.kept, kind.first_contact_rate), (1, Some(1.0), Some(1.0)));
    assert_eq!(kind.mean_resolving.unwrap().seconds, 180);
    let stages: Vec<_> = kind
        .stages
        .iter()
        .map(|it| (it.stage.as_str(), it.spent.unwrap().seconds, it.standing))
        .collect();
    assert_eq!(
        stages,
        [
            ("acceptance", 60 + 600, 1),
            ("dispatch", 60, 0),
            ("handling", 60, 0),
            ("waiting", 0, 0),
            ("closure", 600 - 180, 1),
        ]
    );
}

#[tokio::test]
async fn what_cannot_be_counted_is_refused() {
    let office = Office::set_up().await;
    let cases = [
        ("start_time", ReportTicketsRequest::default()),
        ("end_time", since_morning(0)),
        ("group_by", ReportTicketsRequest { group_by: 99, ..since_morning(9) }),
        (
            "department",
            ReportTicketsRequest { department: "two words".to_owned(), ..since_morning(9) },
        ),
    ];

    for (field, request) in cases {
        let refused = report(&office, request.clone()).await.unwrap_err();
        let (code, _, named) = told(&refused);
        assert_eq!((code, named.as_str()), (Code::InvalidArgument, field), "{request:?}");
    }
}
