//! Links between tickets: shown and told at both ends, made once.

use switchboard_api::ticket::v1::{
    LinkTicketsRequest, Ticket, TicketLinkKind, TicketMove, UnlinkTicketsRequest,
};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tonic::{Code, Status};

use crate::support::{Office, from, of, tenant, told};

async fn link(
    office: &Office,
    from_id: &str,
    kind: TicketLinkKind,
    to: &str,
) -> Result<Ticket, Status> {
    let answer = office.relations().link_tickets(from(Role::Agent, asked(from_id, kind, to))).await;
    answer.map(|answer| answer.into_inner().ticket.unwrap())
}

fn asked(from_id: &str, kind: TicketLinkKind, to: &str) -> LinkTicketsRequest {
    LinkTicketsRequest { ticket_id: from_id.into(), kind: kind.into(), other_id: to.into() }
}

/// Gives what a ticket is to which others.
fn links(ticket: &Ticket) -> Vec<(TicketLinkKind, String)> {
    ticket.links.iter().map(|link| (link.kind(), link.ticket_id.clone())).collect()
}

#[tokio::test]
async fn a_link_shows_at_both_ends_and_is_a_line_in_both_lives() {
    let office = Office::set_up().await;
    for id in ["late", "storm"] {
        office.create(id).await;
    }

    let late = link(&office, "late", TicketLinkKind::CausedBy, "storm").await.unwrap();
    let again = link(&office, "late", TicketLinkKind::CausedBy, "storm").await.unwrap();
    let seen_from_there = link(&office, "storm", TicketLinkKind::Causes, "late").await.unwrap();

    assert_eq!(links(&late), [(TicketLinkKind::CausedBy, "storm".to_owned())]);
    assert_eq!((late.links[0].number, late.links[0].actor.as_str()), (2, "agent:wang"));
    assert_eq!(again.etag, late.etag, "a link is made once");
    assert_eq!(links(&seen_from_there), [(TicketLinkKind::Causes, "late".to_owned())]);
    let last = |ticket: &Ticket| {
        let event = ticket.events.last().unwrap();
        (event.action(), event.actor.clone(), event.note.clone())
    };
    let line = |note: &str| (TicketMove::Note, "agent:wang".to_owned(), note.to_owned());
    assert_eq!(last(&late), line("caused by #2"));
    assert_eq!(last(&seen_from_there), line("causes #1"));
    let lines = Audit::about(&office.store, &tenant("demo"), "ticket/late").await.unwrap();
    assert!(lines.iter().any(|kept| kept.action == "ticket.link"));
}

#[tokio::test]
async fn a_link_is_taken_away_from_either_end_and_only_once() {
    let office = Office::set_up().await;
    for id in ["first", "second"] {
        office.create(id).await;
    }
    link(&office, "second", TicketLinkKind::DuplicateOf, "first").await.unwrap();
    let request = UnlinkTicketsRequest {
        ticket_id: "first".into(),
        kind: TicketLinkKind::DuplicatedBy.into(),
        other_id: "second".into(),
    };

    let unlink =
        async || office.relations().unlink_tickets(from(Role::Supervisor, request.clone())).await;
    let first = unlink().await.unwrap().into_inner().ticket.unwrap();
    let again = unlink().await.unwrap().into_inner().ticket.unwrap();

    assert_eq!(links(&first), []);
    assert_eq!(first.events.last().unwrap().note, "no longer duplicated by #2");
    assert_eq!(again.etag, first.etag);
    let second = office.ticket("second").await;
    assert_eq!(links(&second), []);
    assert_eq!(second.events.last().unwrap().note, "no longer duplicate of #1");
}

#[tokio::test]
async fn what_cannot_be_linked_is_refused_by_its_field() {
    let office = Office::set_up().await;
    office.create("r-1").await;
    let related = TicketLinkKind::Related;
    let cases = [
        (Code::InvalidArgument, "other_id", asked("r-1", related, "r-1")),
        (Code::NotFound, "other_id", asked("r-1", related, "r-9")),
        (Code::NotFound, "ticket_id", asked("r-9", related, "r-1")),
        (Code::InvalidArgument, "other_id", asked("r-1", related, "a b")),
        (Code::InvalidArgument, "ticket_id", asked("", related, "r-1")),
        (Code::InvalidArgument, "kind", asked("r-1", TicketLinkKind::Unspecified, "r-2")),
    ];

    for (code, field, request) in cases {
        let refused = office.relations().link_tickets(from(Role::Agent, request.clone())).await;
        let refused = refused.unwrap_err();
        assert_eq!((refused.code(), told(&refused).2.as_str()), (code, field), "{request:?}");
    }
    let foreign = of("other", Role::Admin, asked("r-1", related, "r-1x"));
    let foreign = office.relations().link_tickets(foreign).await.unwrap_err();
    assert_eq!((foreign.code(), told(&foreign).2.as_str()), (Code::NotFound, "ticket_id"));
    assert_eq!(office.ticket("r-1").await.events.len(), 1);
}
