//! What every store of who is with a ticket must do; adapters run it in their tests.

use std::time::Duration;

use switchboard_domain::ids::{TenantId, TicketId};
use switchboard_domain::time::Timestamp;

use crate::ticket_presence::{Doing, LEASE, MAX_PRESENT, Present, TicketPresence};

const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// Lets some people come and go and checks every answer.
///
/// # Panics
///
/// When the store does not do what it must.
pub async fn check(store: &dyn TicketPresence) {
    people_see_each_other_and_not_themselves(store).await;
    who_says_nothing_is_forgotten(store).await;
    tenants_and_tickets_are_apart(store).await;
    a_ticket_remembers_no_more_than_it_may(store).await;
}

async fn people_see_each_other_and_not_themselves(store: &dyn TicketPresence) {
    assert_eq!(touch(store, "t-1", "li", Some(Doing::Viewing), 0).await, []);
    let seen = touch(store, "t-1", "wang", Some(Doing::Writing), 1).await;
    assert_eq!(seen, [present("li", Doing::Viewing, 0)]);
    let other = touch(store, "t-1", "li", Some(Doing::Writing), 2).await;
    assert_eq!(other, [present("wang", Doing::Writing, 1)]);
    assert_eq!(touch(store, "t-1", "wang", None, 3).await, [present("li", Doing::Writing, 2)]);
    assert_eq!(touch(store, "t-1", "li", None, 4).await, []);
    assert_eq!(touch(store, "t-1", "wang", None, 5).await, []);
}

async fn who_says_nothing_is_forgotten(store: &dyn TicketPresence) {
    let lease = LEASE.as_secs();
    touch(store, "t-2", "li", Some(Doing::Viewing), 0).await;
    let last = touch(store, "t-2", "wang", Some(Doing::Viewing), lease - 1).await;
    assert_eq!(last, [present("li", Doing::Viewing, 0)]);
    assert_eq!(touch(store, "t-2", "wang", Some(Doing::Viewing), lease).await, []);
    let renewed = touch(store, "t-2", "li", Some(Doing::Viewing), lease * 2 - 2).await;
    assert_eq!(renewed, [present("wang", Doing::Viewing, lease)]);
}

async fn tenants_and_tickets_are_apart(store: &dyn TicketPresence) {
    touch(store, "t-3", "li", Some(Doing::Viewing), 0).await;
    let other = TenantId::parse("other").expect("a tenant");
    let ticket = TicketId::parse("t-3").expect("a ticket");
    let seen = store.touch(&other, &ticket, ("wang", Some(Doing::Viewing)), START).await;
    assert_eq!(seen.expect("an answer"), []);
    assert_eq!(touch(store, "t-4", "wang", Some(Doing::Viewing), 0).await, []);
}

async fn a_ticket_remembers_no_more_than_it_may(store: &dyn TicketPresence) {
    for number in 0..MAX_PRESENT {
        touch(store, "t-5", &format!("agent-{number}"), Some(Doing::Viewing), 0).await;
    }
    let seen = touch(store, "t-5", "late", Some(Doing::Writing), 1).await;
    assert_eq!(seen.len(), MAX_PRESENT);
    let others = touch(store, "t-5", "agent-0", Some(Doing::Writing), 2).await;
    assert_eq!(others.len(), MAX_PRESENT - 1, "who came late is not remembered");
    let freed = touch(store, "t-5", "late", Some(Doing::Writing), LEASE.as_secs() + 1).await;
    assert_eq!(freed, [present("agent-0", Doing::Writing, 2)]);
}

async fn touch(
    store: &dyn TicketPresence,
    ticket: &str,
    actor: &str,
    doing: Option<Doing>,
    second: u64,
) -> Vec<Present> {
    let (tenant, ticket) = (TenantId::parse("demo"), TicketId::parse(ticket));
    let (tenant, ticket) = (tenant.expect("a tenant"), ticket.expect("a ticket"));
    let now = START + Duration::from_secs(second);
    store.touch(&tenant, &ticket, (actor, doing), now).await.expect("an answer")
}

fn present(actor: &str, doing: Doing, since: u64) -> Present {
    let until = START + Duration::from_secs(since) + LEASE;
    Present { actor: actor.to_owned(), doing, until }
}
