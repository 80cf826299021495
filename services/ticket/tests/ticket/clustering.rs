//! Many complaints about one thing are one incident, and are resolved with it.

use switchboard_api::ticket::v1::move_ticket_result::Outcome;
use switchboard_api::ticket::v1::watch_tickets_response::Update;
use switchboard_api::ticket::v1::{
    CreateTicketRequest, ListTicketsRequest, Medium, MoveTicketRequest, ResolveMembersRequest,
    SetIncidentRequest, Ticket, TicketEvent, TicketFilter, TicketMove, TicketPriority, TicketState,
    WatchTicketsRequest,
};
use switchboard_domain::caller::Role;
use switchboard_ticket::Clusterer;
use tokio_stream::StreamExt;
use tonic::{Code, Status};

use crate::support::{Office, a_move, from, order, tenant, told};

const RULES: &str = "\
late:
  kinds: [complaint]
  category: trains
  tickets: 6
  customers: 6
  within: 30m
  incident:
    subject: Many complaints about late trains
    kind: defect
    priority: urgent
    department: operations
    queue: booking
";

/// An office whose rule waits for so many tickets of as many customers.
async fn office(count: usize) -> Office {
    let office = Office::set_up().await;
    let rules = RULES.replace(": 6", &format!(": {count}"));
    office.apply(&[("clusters.yaml", &rules)]).await;
    office
}

async fn complaint(office: &Office, number: usize, category: &str) {
    let customer = format!("customer-{number}");
    office.customer(&customer).await;
    let request = CreateTicketRequest {
        kind: "complaint".into(),
        category: category.into(),
        customer_id: customer,
        ..order(&format!("c-{number}"))
    };
    office.answer(request).await.unwrap();
}

async fn incidents(office: &Office) -> Vec<Ticket> {
    let wanted = ListTicketsRequest { incidents: true, ..<_>::default() };
    let listed = office.client().list_tickets(from(Role::Agent, wanted)).await.unwrap();
    listed.into_inner().tickets
}

#[tokio::test]
async fn six_complaints_open_one_incident_the_seventh_joins_and_all_are_resolved_with_it() {
    let office = office(6).await;
    let demo = tenant("demo");
    let clusterer = Clusterer::new(office.cluster_parts());
    for number in 1..=5 {
        complaint(&office, number, "trains/late").await;
    }
    complaint(&office, 9, "meals").await;
    clusterer.gather_due(&demo).await.unwrap();
    assert_eq!(incidents(&office).await, []);
    let filter = Some(TicketFilter { incidents: true, ..TicketFilter::default() });
    let watch = WatchTicketsRequest { filter, ..WatchTicketsRequest::default() };
    let mut news =
        office.desk().watch_tickets(from(Role::Supervisor, watch)).await.unwrap().into_inner();

    complaint(&office, 6, "trains/late/night").await;
    clusterer.gather_due(&demo).await.unwrap();
    complaint(&office, 7, "trains").await;
    clusterer.gather_due(&demo).await.unwrap();

    let listed = incidents(&office).await;
    let [incident] = &listed[..] else { panic!("{listed:?}") };
    let incident = office.ticket(&incident.ticket_id).await;
    assert_eq!((incident.rule.as_str(), incident.kind.as_str()), ("late", "defect"));
    assert_eq!(incident.priority(), TicketPriority::Urgent);
    assert_eq!(
        (incident.state(), incident.queue_id.as_str()),
        (TicketState::Dispatched, "booking")
    );
    assert_eq!((incident.member_count, incident.open_member_count), (7, 7));
    let alarm = &incident.events[1];
    assert_eq!((alarm.action(), alarm.actor.as_str()), (TicketMove::Alarm, "cluster:late"));
    assert_eq!(alarm.note, "cluster alarm: 6 tickets of 6 customers within 30 minutes");
    assert_eq!(incident.events.last().unwrap().note, "1 more ticket joined");
    let member = office.ticket("c-7").await;
    assert_eq!(member.incident_id, incident.ticket_id);
    assert_eq!(member.events.last().unwrap().actor, "cluster:late");
    assert_eq!(office.ticket("c-9").await.incident_id, "");
    let seen = loop {
        let Some(update) = news.next().await else { panic!("the watch is over") };
        if let Some(Update::Changed(ticket)) = update.unwrap().update {
            break ticket;
        }
    };
    assert_eq!(seen.ticket_id, incident.ticket_id, "who follows incidents hears of it");

    resolve_incident(&office, &incident).await;
    resolve_members(&office, &incident).await;
}

/// Asks for the members of an incident to be resolved.
async fn members(
    office: &Office,
    incident: &Ticket,
    is_preview: bool,
) -> Result<Vec<Option<Outcome>>, Status> {
    let request = ResolveMembersRequest {
        ticket_id: incident.ticket_id.clone(),
        medium: Medium::Sms.into(),
        validate_only: is_preview,
        ..ResolveMembersRequest::default()
    };
    let resolved = office.relations().resolve_members(from(Role::Agent, request)).await?;
    Ok(resolved.into_inner().results.into_iter().map(|result| result.outcome).collect())
}

/// Resolves an incident, before which its members are not resolved.
async fn resolve_incident(office: &Office, incident: &Ticket) {
    let early = members(office, incident, false).await.unwrap_err();
    let refused = (early.code(), told(&early).1);
    assert_eq!(refused, (Code::FailedPrecondition, "INCIDENT_OPEN".to_owned()));
    office.moves(a_move(incident, TicketMove::Start)).await.unwrap();
    let resolution = "trains run again".to_owned();
    let done = MoveTicketRequest { resolution, ..a_move(incident, TicketMove::Resolve) };
    office.moves(done).await.unwrap();
}

/// Resolves the members of an incident, with some of which somebody has begun.
async fn resolve_members(office: &Office, incident: &Ticket) {
    for action in [TicketMove::Accept, TicketMove::Start] {
        office.moves(a_move(&office.ticket("c-1").await, action)).await.unwrap();
    }

    check_resolved(&members(office, incident, true).await.unwrap());
    assert_eq!(office.ticket("c-7").await.state(), TicketState::New, "that was a preview");
    check_resolved(&members(office, incident, false).await.unwrap());
    assert_eq!(members(office, incident, false).await.unwrap(), []);

    let over = office.ticket(&incident.ticket_id).await;
    assert_eq!((over.member_count, over.open_member_count), (7, 0));
    let member = office.ticket("c-7").await;
    let actions: Vec<TicketMove> = member.events[2..].iter().map(TicketEvent::action).collect();
    let (accept, send, start) = (TicketMove::Accept, TicketMove::Dispatch, TicketMove::Start);
    assert_eq!(actions, [accept, send, start, TicketMove::Resolve, TicketMove::Inform]);
}

/// Checks that seven members are, or would be, resolved for the incident's department and informed.
fn check_resolved(outcomes: &[Option<Outcome>]) {
    assert_eq!(outcomes.len(), 7);
    for outcome in outcomes {
        let Some(Outcome::Moved(ticket)) = outcome else { panic!("{outcome:?}") };
        let how = (ticket.state(), ticket.resolution.as_str());
        assert_eq!(how, (TicketState::Resolved, "trains run again"));
        let by = (ticket.department.as_str(), ticket.informed_by());
        assert_eq!(by, ("operations", Medium::Sms));
    }
}

#[tokio::test]
async fn an_incident_that_is_over_takes_nothing_and_the_next_cluster_opens_another() {
    let office = office(2).await;
    let demo = tenant("demo");
    for number in 1..=2 {
        complaint(&office, number, "trains").await;
    }
    // Somebody who begins anew finds what was made before.
    Clusterer::new(office.cluster_parts()).gather_due(&demo).await.unwrap();
    let first = incidents(&office).await.remove(0);
    let merge =
        MoveTicketRequest { merged_into_id: "c-1".into(), ..a_move(&first, TicketMove::Merge) };
    let merged = office.moves(merge).await.unwrap_err();
    assert_eq!(told(&merged).1, "TICKET_IS_INCIDENT");
    let note = "false alarm".to_owned();
    let cancel = MoveTicketRequest { note, ..a_move(&first, TicketMove::Cancel) };
    office.moves(cancel).await.unwrap();

    for number in 11..=12 {
        let clusterer = Clusterer::new(office.cluster_parts());
        clusterer.gather_due(&demo).await.unwrap();
        assert_eq!(incidents(&office).await.len(), 1);
        complaint(&office, number, "trains").await;
    }
    let parts = office.cluster_parts();
    let (one, two) = (Clusterer::new(parts.clone()), Clusterer::new(parts));
    let (here, there) = tokio::join!(one.gather_due(&demo), two.gather_due(&demo));

    assert!(here.is_ok() && there.is_ok(), "{here:?} {there:?}");
    assert_eq!(incidents(&office).await.len(), 2);
    assert_eq!(office.ticket("c-1").await.incident_id, first.ticket_id);
    assert_ne!(office.ticket("c-11").await.incident_id, first.ticket_id);
}

#[tokio::test]
async fn a_person_takes_a_ticket_out_of_an_incident_for_good_and_puts_another_in() {
    let office = office(2).await;
    let demo = tenant("demo");
    for number in 1..=3 {
        complaint(&office, number, "trains").await;
    }
    complaint(&office, 9, "meals").await;
    let clusterer = Clusterer::new(office.cluster_parts());
    clusterer.gather_due(&demo).await.unwrap();
    let incident = incidents(&office).await.remove(0);
    let set = async |ticket: &str, whole: &str| {
        let (ticket_id, incident_id) = (ticket.to_owned(), whole.to_owned());
        let request = from(Role::Agent, SetIncidentRequest { ticket_id, incident_id });
        let answer = office.relations().set_incident(request).await;
        answer.map(|answer| answer.into_inner().ticket.unwrap())
    };

    let out = set("c-2", "").await.unwrap();
    let again = set("c-2", "").await.unwrap();
    let into = set("c-9", &incident.ticket_id).await.unwrap();
    clusterer.gather_due(&demo).await.unwrap();

    let last = |ticket: &Ticket| ticket.events.last().unwrap().note.clone();
    assert_eq!((out.incident_id.as_str(), again.events.len()), ("", out.events.len()));
    assert_eq!(last(&out), format!("no longer part of incident #{}", incident.number));
    assert_eq!(last(&into), format!("part of incident #{}", incident.number));
    let of = async |ticket: &str| office.ticket(ticket).await.incident_id;
    assert_eq!((of("c-2").await, of("c-9").await), (String::new(), incident.ticket_id.clone()));
    let refused = |answer: Result<Ticket, Status>| told(&answer.unwrap_err()).1;
    assert_eq!(refused(set("c-1", "c-3").await), "TICKET_NOT_INCIDENT");
    assert_eq!(refused(set(&incident.ticket_id, &incident.ticket_id).await), "TICKET_IS_INCIDENT");
    let note = "mistake".to_owned();
    let cancel =
        MoveTicketRequest { note, ..a_move(&office.ticket("c-1").await, TicketMove::Cancel) };
    office.moves(cancel).await.unwrap();
    assert_eq!(refused(set("c-1", "").await), "TICKET_OVER");
    assert_eq!(set("c-1", "nothing").await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn tickets_of_too_few_customers_or_of_long_ago_are_no_cluster() {
    let office = office(3).await;
    let demo = tenant("demo");
    for number in 1..=2 {
        complaint(&office, number, "trains").await;
    }
    let anonymous = CreateTicketRequest {
        kind: "complaint".into(),
        category: "trains".into(),
        ..order("anonymous")
    };
    office.answer(anonymous).await.unwrap();
    let clusterer = Clusterer::new(office.cluster_parts());
    clusterer.gather_due(&demo).await.unwrap();
    assert_eq!(incidents(&office).await, []);

    office.clock.advance(std::time::Duration::from_mins(31));
    complaint(&office, 3, "trains").await;
    clusterer.gather_due(&demo).await.unwrap();

    assert_eq!(incidents(&office).await, []);
    let none = ResolveMembersRequest { ticket_id: "c-3".into(), ..<_>::default() };
    let refused = office.relations().resolve_members(from(Role::Agent, none)).await.unwrap_err();
    assert_eq!(told(&refused).1, "TICKET_NOT_INCIDENT");
}
