//! What became of tickets, asked for through the service.

use std::time::{Duration, UNIX_EPOCH};

use switchboard_api::report::v1::{
    CountExceptionsRequest, ReportTicketsRequest, TicketExceptions, TicketFigures, TicketGrouping,
};
use switchboard_api::ticket::v1::{CreateTicketRequest, MoveTicketRequest, TicketMove};
use switchboard_domain::caller::Role;
use switchboard_ticket::tell_due;
use tonic::{Code, Status};

use crate::support::{MORNING, Office, a_move, from, order, tenant, told};

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

#[tokio::test]
async fn what_is_wrong_with_open_tickets_is_counted_by_department_as_it_is_listed() {
    let office = Office::set_up().await;
    office.apply(&[("sla.yaml", "usual: {acceptance: 1h}\n")]).await;
    let late = office.create("r-1").await;
    office.clock.advance(Duration::from_hours(2));
    tell_due(&office.parts(), &tenant("demo")).await.unwrap();
    let for_care = |id| CreateTicketRequest { department: "care".to_owned(), ..order(id) };
    let back = office.answer(for_care("r-2")).await.unwrap().ticket.unwrap();
    for applied in [TicketMove::Accept, TicketMove::Start, TicketMove::Resolve, TicketMove::Reopen]
    {
        let request = MoveTicketRequest {
            agent_id: "li-wei".to_owned(),
            resolution: "sent again".to_owned(),
            note: "again".to_owned(),
            ..a_move(&back, applied)
        };
        office.moves(request).await.unwrap();
    }
    let counted = async |request: CountExceptionsRequest| {
        let answer = office.reports().count_exceptions(from(Role::Supervisor, request)).await;
        answer.unwrap().into_inner()
    };

    let told = counted(CountExceptionsRequest::default()).await;
    let untouched_for = Duration::from_hours(1).try_into().ok();
    let care =
        counted(CountExceptionsRequest { department: "care".to_owned(), untouched_for }).await;

    let nobodys = TicketExceptions { open: 1, overdue: 1, unassigned: 1, ..Default::default() };
    let of_care = TicketExceptions {
        department: "care".to_owned(),
        open: 1,
        reopened: 1,
        ..Default::default()
    };
    assert_eq!(told.departments, [nobodys, of_care.clone()], "{late:?}");
    let all =
        TicketExceptions { open: 2, overdue: 1, reopened: 1, unassigned: 1, ..<_>::default() };
    assert_eq!(told.all, Some(all));
    assert_eq!(care.departments, [of_care]);
    let stuck = CountExceptionsRequest { untouched_for, ..Default::default() };
    office.clock.advance(Duration::from_hours(2));
    assert_eq!(counted(stuck).await.all.unwrap().stuck, 2);
}
