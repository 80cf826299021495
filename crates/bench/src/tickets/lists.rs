//! Lists of tickets through gRPC: the standard views, and searches.

use switchboard_api::ticket::v1::{ListTicketsRequest, SearchTicketsRequest};
use switchboard_store::ticket_views::StandardView;
use tokio::time::Instant;

use crate::latency::{Latency, millis};
use crate::replica::Replica;
use crate::table::Table;

pub(super) const COLUMNS: [&str; 4] = ["list", "tickets", "p50 / p99", "longest"];

/// The tickets of a page for which nobody asks otherwise.
const PAGE: usize = 50;

/// What is searched for: a rare word, a number, two common words, and a rare one among common ones.
const SEARCHES: [&str; 4] = ["w4711", "4711", "refund late", "refund w4711 late"];

/// Asks for each standard view.
pub(super) async fn views(replica: &Replica, times: u32, table: &mut Table) -> anyhow::Result<()> {
    let mut tickets = replica.connect("supervisor")?.tickets();
    for view in StandardView::ALL {
        let named = |asked: StandardView, name: &str| {
            if view == asked { name.to_owned() } else { String::new() }
        };
        let request = ListTicketsRequest {
            view_id: view.as_str().to_owned(),
            department: named(StandardView::Team, "department-7"),
            agent_id: named(StandardView::Mine, "agent-7"),
            ..ListTicketsRequest::default()
        };
        let (mut latency, mut found) = (Latency::default(), 0);
        for _ in 0..times {
            let started = Instant::now();
            let page = tickets.list_tickets(request.clone()).await?.into_inner();
            latency.add(started.elapsed());
            found = page.tickets.len();
        }
        let shown = match found {
            PAGE => found.to_string(),
            fewer => format!("{fewer}, for there are no more"),
        };
        table.row(row(view.as_str(), shown, &latency));
    }
    Ok(())
}

/// Searches for each of some texts.
pub(super) async fn searches(
    replica: &Replica,
    times: u32,
    table: &mut Table,
) -> anyhow::Result<()> {
    let mut desk = replica.connect("supervisor")?.ticket_desk();
    for query in SEARCHES {
        let request =
            SearchTicketsRequest { query: query.to_owned(), ..SearchTicketsRequest::default() };
        let (mut latency, mut found) = (Latency::default(), 0);
        for _ in 0..times {
            let started = Instant::now();
            let page = desk.search_tickets(request.clone()).await?.into_inner();
            latency.add(started.elapsed());
            found = page.tickets.len();
        }
        table.row(row(&format!("search `{query}`"), found.to_string(), &latency));
    }
    Ok(())
}

fn row(name: &str, tickets: String, latency: &Latency) -> Vec<String> {
    let longest = format!("{:.1} ms", millis(latency.longest()));
    vec![name.to_owned(), tickets, latency.summary(), longest]
}
