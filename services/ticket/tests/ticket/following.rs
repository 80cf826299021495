//! Following single tickets: who does, in lists, views and watches.

use std::time::Duration;

use switchboard_api::ticket::v1::watch_tickets_response::Update;
use switchboard_api::ticket::v1::{
    FollowTicketRequest, ListTicketsRequest, TicketFilter, TicketMove, UnfollowTicketRequest,
    WatchTicketsRequest, WatchTicketsResponse,
};
use switchboard_domain::caller::Role;
use switchboard_store::audit::Audit;
use tokio::time::timeout;
use tonic::{Code, Status, Streaming};

use crate::support::{Office, a_move, by, from, of, tenant, told};

/// How long to wait for an update.
const LIMIT: Duration = Duration::from_mins(1);

async fn follow(office: &Office, agent: &str, ticket: &str) -> Result<Vec<String>, Status> {
    let request = FollowTicketRequest { ticket_id: ticket.to_owned() };
    let followed = office.desk().follow_ticket(by(agent, request)).await?.into_inner();
    Ok(followed.followers.into_iter().map(|follower| follower.actor).collect())
}

async fn unfollow(office: &Office, agent: &str, ticket: &str) -> Vec<String> {
    let request = UnfollowTicketRequest { ticket_id: ticket.to_owned() };
    let left = office.desk().unfollow_ticket(by(agent, request)).await.unwrap().into_inner();
    left.followers.into_iter().map(|follower| follower.actor).collect()
}

async fn listed(office: &Office, agent: &str, request: ListTicketsRequest) -> Vec<String> {
    let answer = office.client().list_tickets(by(agent, request)).await.unwrap().into_inner();
    answer.tickets.into_iter().map(|ticket| ticket.ticket_id).collect()
}

async fn next(updates: &mut Streaming<WatchTicketsResponse>) -> Update {
    loop {
        let message = timeout(LIMIT, updates.message()).await.unwrap().unwrap().unwrap();
        let update = message.update.unwrap();
        if !matches!(update, Update::Heartbeat(_)) {
            return update;
        }
    }
}

#[tokio::test]
async fn whoever_follows_a_ticket_is_shown_with_it_and_lists_it() {
    let office = Office::set_up().await;
    for id in ["r-1", "r-2"] {
        office.create(id).await;
    }
    let view = ListTicketsRequest { view_id: "followed".into(), ..Default::default() };
    let followed = ListTicketsRequest { followed: true, ..Default::default() };

    let first = follow(&office, "wang", "r-1").await.unwrap();
    office.clock.advance(Duration::from_secs(1));
    let both = follow(&office, "li-wei", "r-1").await.unwrap();
    let again = follow(&office, "wang", "r-1").await.unwrap();
    let ticket = office.ticket("r-1").await;

    assert_eq!(first, ["agent:wang"]);
    assert_eq!((both.clone(), again), (vec!["agent:wang".into(), "agent:li-wei".into()], both));
    assert_eq!((ticket.followers.len(), ticket.etag.as_str()), (2, "1"));
    assert_eq!(listed(&office, "wang", view.clone()).await, ["r-1"]);
    assert_eq!(listed(&office, "wang", followed.clone()).await, ["r-1"]);
    assert_eq!(listed(&office, "zhang-min", followed).await, [""; 0]);
    assert_eq!(unfollow(&office, "wang", "r-1").await, ["agent:li-wei"]);
    assert_eq!(listed(&office, "wang", view).await, [""; 0]);
    let trail = office.store.about(&tenant("demo"), "ticket/r-1").await.unwrap();
    assert!(trail.iter().any(|line| line.action == "ticket.follow" && line.actor == "li-wei"));
    assert!(trail.iter().any(|line| line.action == "ticket.unfollow"));
}

#[tokio::test]
async fn a_watch_of_what_is_followed_hears_of_that_and_of_nothing_else() {
    let office = Office::set_up().await;
    let (one, other) = (office.create("r-1").await, office.create("r-2").await);
    let filter = Some(TicketFilter { followed: true, ..TicketFilter::default() });
    let request = WatchTicketsRequest { filter, cursor: String::new() };
    let updates = office.desk().watch_tickets(from(Role::Agent, request)).await.unwrap();
    let mut updates = updates.into_inner();
    let Update::Snapshot(snapshot) = next(&mut updates).await else { panic!("no snapshot") };

    follow(&office, "wang", "r-1").await.unwrap();
    let begun = next(&mut updates).await;
    office.moves(a_move(&other, TicketMove::Accept)).await.unwrap();
    office.moves(a_move(&one, TicketMove::Accept)).await.unwrap();
    let moved = next(&mut updates).await;
    unfollow(&office, "wang", "r-1").await;
    let left = next(&mut updates).await;

    assert_eq!(snapshot.tickets, []);
    for (update, etag) in [(begun, "1"), (moved, "2")] {
        let Update::Changed(ticket) = update else { panic!("{update:?}") };
        assert_eq!((ticket.ticket_id.as_str(), ticket.etag.as_str()), ("r-1", etag));
    }
    assert_eq!(left, Update::Gone("r-1".to_owned()));
}

#[tokio::test]
async fn so_many_may_follow_a_ticket_and_nobody_one_that_is_not_theirs() {
    let office = Office::set_up().await;
    office.create("r-1").await;
    let mut desk = office.desk();
    for number in 0..50 {
        let request = FollowTicketRequest { ticket_id: "r-1".to_owned() };
        desk.follow_ticket(by(&format!("agent-{number}"), request)).await.unwrap();
    }

    let full = follow(&office, "wang", "r-1").await.unwrap_err();
    let unknown = follow(&office, "wang", "r-9").await.unwrap_err();
    let request = FollowTicketRequest { ticket_id: "r-1".to_owned() };
    let foreign = office.desk().follow_ticket(of("other", Role::Admin, request)).await;

    assert_eq!(
        (full.code(), told(&full).1),
        (Code::ResourceExhausted, "TICKET_FOLLOWERS_FULL".into())
    );
    assert_eq!(unknown.code(), Code::NotFound);
    assert_eq!(foreign.unwrap_err().code(), Code::NotFound);
}
