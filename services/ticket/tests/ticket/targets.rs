//! What a company, its departments and their people were to reach, asked for through the service.

use switchboard_api::report::v1::target_attainment::Aim;
use switchboard_api::report::v1::{
    Attained, Measure, ReportTargetsRequest, ReportTicketsRequest, TargetAttainment, TargetFigures,
    TicketGrouping,
};
use switchboard_api::ticket::v1::{CreateTicketRequest, MoveTicketRequest, TicketMove};
use switchboard_domain::caller::Role;
use tonic::{Code, Status};

use crate::reporting::since_morning;
use crate::support::{Office, a_move, from, order, told};

const TARGETS: &str = "
company: {first_contact_rate: 50, satisfied_share: 80}
departments:
  care:
    own: {first_contact_rate: 60, mean_resolving: 2m}
    every_agent: {reopen_rate: 0}
    agents:
      chen-jie: {first_contact_rate: 10}
  refunds:
    own: {kept: 90}
";

/// Resolves a ticket of a department by an agent, at once or after a wait.
async fn resolved(office: &Office, id: &str, department: &str, agent: &str, at_once: bool) {
    let department = department.to_owned();
    let ordered = CreateTicketRequest { department, ..order(id) };
    let ticket = office.answer(ordered).await.unwrap().ticket.unwrap();
    let waits: &[TicketMove] = if at_once { &[] } else { &[TicketMove::Hold, TicketMove::Resume] };
    let begin = [TicketMove::Accept, TicketMove::Start];
    let moves = begin.iter().chain(waits).chain(&[TicketMove::Resolve]);
    for applied in moves {
        office.clock.advance(std::time::Duration::from_secs(30));
        let request = MoveTicketRequest {
            agent_id: agent.to_owned(),
            resolution: "sent again".to_owned(),
            note: "because".to_owned(),
            ..a_move(&ticket, *applied)
        };
        office.moves(request).await.unwrap();
    }
}

fn asked(department: &str) -> ReportTargetsRequest {
    let ReportTicketsRequest { start_time, end_time, .. } = since_morning(3_600);
    ReportTargetsRequest { start_time, end_time, department: department.to_owned() }
}

async fn report(
    office: &Office,
    request: ReportTargetsRequest,
) -> Result<Vec<TargetFigures>, Status> {
    let answer = office.reports().report_targets(from(Role::Supervisor, request)).await?;
    Ok(answer.into_inner().targets)
}

fn holders(targets: &[TargetFigures]) -> Vec<(&str, &str)> {
    targets.iter().map(|it| (it.department.as_str(), it.agent_id.as_str())).collect()
}

fn met(of: &TargetFigures) -> Vec<(Measure, u64, Option<f64>, Attained)> {
    let of = of.targets.iter();
    of.map(|it| (it.measure(), it.counted, it.share, it.attained())).collect()
}

#[tokio::test]
async fn targets_are_shown_down_the_tree_beside_what_was_counted() {
    let office = Office::set_up().await;
    office.apply(&[("targets.yaml", TARGETS)]).await;
    resolved(&office, "r-1", "care", "li-wei", true).await;
    resolved(&office, "r-2", "care", "li-wei", false).await;
    resolved(&office, "r-3", "booking", "wang-fang", false).await;

    let tree = report(&office, asked("")).await.unwrap();

    assert_eq!(
        holders(&tree),
        [("", ""), ("care", ""), ("care", "chen-jie"), ("care", "li-wei"), ("refunds", "")]
    );
    let third = Some(1.0 / 3.0);
    let answers = (Measure::SatisfiedShare, 0, None, Attained::TooFew);
    assert_eq!(met(&tree[0]), [(Measure::FirstContactRate, 3, third, Attained::No), answers]);
    let speed = (Measure::MeanResolving, 2, None, Attained::Yes);
    assert_eq!(met(&tree[1]), [(Measure::FirstContactRate, 2, Some(0.5), Attained::No), speed]);
    let none_reopened = (Measure::ReopenRate, 2, Some(0.0), Attained::Yes);
    assert_eq!(met(&tree[3]), [none_reopened]);
    let idle = [Measure::FirstContactRate, Measure::ReopenRate];
    assert_eq!(met(&tree[2]), idle.map(|measure| (measure, 0, None, Attained::TooFew)));
    let TargetAttainment { aim, mean, .. } = tree[1].targets[1];
    assert_eq!(aim, Some(Aim::Within(prost_types::Duration { seconds: 120, nanos: 0 })));
    assert_eq!(mean, Some(prost_types::Duration { seconds: 120, nanos: 0 }));
    agrees_with_the_report_on_tickets(&office, &tree).await;
}

/// The figures beside the targets are those that the report on tickets counts of the same.
async fn agrees_with_the_report_on_tickets(office: &Office, tree: &[TargetFigures]) {
    let groupings = [
        (0, TicketGrouping::Unspecified, ""),
        (1, TicketGrouping::Department, ""),
        (3, TicketGrouping::Agent, "care"),
    ];
    for (place, by, department) in groupings {
        let request = ReportTicketsRequest {
            group_by: by.into(),
            department: department.to_owned(),
            ..since_morning(3_600)
        };
        let counted = office.reports().report_tickets(from(Role::Supervisor, request)).await;
        let figures = tree[place].figures.clone().unwrap();
        let counted = counted.unwrap().into_inner().figures;
        assert!(counted.contains(&figures), "{figures:?} {counted:?}");
    }
}

#[tokio::test]
async fn a_department_is_asked_for_alone_and_no_target_is_no_answer() {
    let office = Office::set_up().await;
    office.apply(&[("targets.yaml", TARGETS)]).await;

    let care = report(&office, asked("care")).await.unwrap();
    let nowhere = report(&office, asked("nowhere")).await.unwrap();

    assert_eq!(holders(&care), [("care", ""), ("care", "chen-jie")]);
    assert_eq!(nowhere, []);
}

#[tokio::test]
async fn what_cannot_be_judged_is_refused() {
    let office = Office::set_up().await;
    office.apply(&[]).await;
    let cases = [
        ("start_time", ReportTargetsRequest::default()),
        ("end_time", ReportTargetsRequest { end_time: asked("").start_time, ..asked("") }),
        ("department", asked("two words")),
    ];

    for (field, request) in cases {
        let refused = report(&office, request.clone()).await.unwrap_err();
        let (code, _, named) = told(&refused);
        assert_eq!((code, named.as_str()), (Code::InvalidArgument, field), "{request:?}");
    }
}
