//! What became of tickets, counted by the database as the domain counts it.

use std::collections::BTreeMap;

use switchboard_domain::ids::{AgentId, TicketId, TicketKindId};
use switchboard_domain::ticket::sla::Outlook;
use switchboard_domain::ticket::{
    Medium, MoveDetails, NewTicket, Revision, Ticket, TicketFigures, TicketKind, TicketMove,
    TicketPriority,
};
use switchboard_domain::time::Timestamp;
use switchboard_store::ticket_reports::{TicketGrouping, TicketReport, TicketReports};
use switchboard_store::tickets::{TicketEvent, TicketOrder, Tickets, ToldAlarms};
use switchboard_store_postgres::PostgresStore;

use crate::support::{database, second, tenant};

const TICKETS: u64 = 40;
pub(crate) const KINDS: [&str; 2] = ["request", "complaint"];
pub(crate) const DEPARTMENTS: [Option<&str>; 3] = [None, Some("refunds"), Some("trains")];
const AGENTS: [Option<&str>; 3] = [None, Some("li"), Some("wang")];
pub(crate) const PRIORITIES: [TicketPriority; 2] = [TicketPriority::High, TicketPriority::Low];

/// Draws numbers from a seed, the same in each run.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// Makes a ticket and lets anything happen to it that may.
pub(crate) async fn live(store: &PostgresStore, number: u64) -> (Ticket, Vec<TicketEvent>) {
    let mut chance = Chance(number);
    let mut now = i64::try_from(chance.below(40 * 86_400)).unwrap();
    let mut ticket = make(store, number, &mut chance, second(now)).await;
    for _ in 0..chance.below(36) {
        now += i64::try_from(chance.below(3 * 86_400)).unwrap();
        let Some(applied) = drawn(&ticket, &mut chance) else { continue };
        if applied == TicketMove::Alarm {
            ticket = alarm(store, ticket, second(now), &mut chance).await;
            continue;
        }
        let details = details(applied);
        let kind = TicketKind::undemanding(ticket.kind.clone());
        if let Ok(change) = ticket.apply(applied, details, &kind, second(now)) {
            store.save(&tenant("demo"), &change).await.unwrap();
            ticket = change.ticket;
        }
    }
    let events = store.events(&tenant("demo"), &ticket.id).await.unwrap();
    (ticket, events)
}

/// Brings a ticket to its resolution, if there is a way from where it stands.
pub(crate) async fn resolved(store: &PostgresStore, ticket: Ticket) -> Ticket {
    let kind = TicketKind::undemanding(ticket.kind.clone());
    let mut ticket = ticket;
    let way = [TicketMove::Accept, TicketMove::Resume, TicketMove::Start];
    for applied in way.into_iter().chain([TicketMove::Resolve]) {
        let at = ticket.changed_at;
        if let Ok(change) = ticket.apply(applied, details(applied), &kind, at) {
            store.save(&tenant("demo"), &change).await.unwrap();
            ticket = change.ticket;
        }
    }
    ticket
}

/// Draws a move that the ticket allows; one that ends it for good, or leads nowhere, seldom.
fn drawn(ticket: &Ticket, chance: &mut Chance) -> Option<TicketMove> {
    let allowed = TicketMove::ALL.into_iter().filter(|it| ticket.state.after(*it).is_ok());
    let allowed: Vec<_> = allowed.collect();
    let applied = *allowed.get(chance.below(allowed.len().max(1)))?;
    let is_rare = matches!(
        applied,
        TicketMove::Merge | TicketMove::Cancel | TicketMove::Revise | TicketMove::Escalate
    );
    (!is_rare || chance.below(8) == 0).then_some(applied)
}

async fn make(store: &PostgresStore, number: u64, chance: &mut Chance, at: Timestamp) -> Ticket {
    let order = TicketOrder {
        id: TicketId::parse(format!("t-{number}")).unwrap(),
        request_id: format!("r-{number}"),
        actor: "wang".to_owned(),
        at,
        joins_since: None,
        ticket: NewTicket {
            priority: PRIORITIES[chance.below(2)],
            department: DEPARTMENTS[chance.below(3)].map(str::to_owned),
            ..NewTicket::about(TicketKindId::parse(KINDS[chance.below(2)]).unwrap(), "train")
        },
    };
    store.create(&tenant("demo"), &order).await.unwrap()
}

/// Tells of a deadline, of a missed one as a rule.
async fn alarm(
    store: &PostgresStore,
    ticket: Ticket,
    at: Timestamp,
    chance: &mut Chance,
) -> Ticket {
    if !ticket.state.is_open() {
        return ticket;
    }
    let notes = ["first response is overdue", "resolution is nearly due", "resolution is overdue"];
    let event = TicketEvent {
        version: ticket.version + 1,
        applied: Some(TicketMove::Alarm),
        state: ticket.state,
        actor: "deadlines".to_owned(),
        note: Some(notes[chance.below(3)].to_owned()),
        at,
    };
    let told = ToldAlarms {
        changes: vec![],
        followers: vec![],
        ticket: ticket.id.clone(),
        version: ticket.version,
        events: vec![event],
        until: at,
        outlook: Outlook::default(),
    };
    store.tell_alarms(&tenant("demo"), &told).await.unwrap();
    store.get(&tenant("demo"), &ticket.id).await.unwrap()
}

fn details(applied: TicketMove) -> MoveDetails {
    let is_dispatch = matches!(applied, TicketMove::Dispatch | TicketMove::Escalate);
    MoveDetails {
        actor: "agent:li".to_owned(),
        note: Some("because".to_owned()),
        department: DEPARTMENTS[1].map(str::to_owned).filter(|_| is_dispatch),
        assignee: AGENTS[1].and_then(|agent| AgentId::parse(agent).ok()).filter(|_| is_dispatch),
        queue: None,
        resolution: Some("done".to_owned()),
        medium: Some(Medium::Phone),
        merged_into: Some(TicketId::parse("t-0").unwrap()),
        revision: Revision { priority: Some(TicketPriority::High), ..Revision::default() },
    }
}

pub(crate) fn name(ticket: &Ticket, by: TicketGrouping) -> String {
    match by {
        // These have no customer.
        TicketGrouping::Nothing | TicketGrouping::Tier => String::new(),
        TicketGrouping::Kind => ticket.kind.to_string(),
        TicketGrouping::Category => {
            ticket.category.as_ref().map(ToString::to_string).unwrap_or_default()
        }
        TicketGrouping::Department => ticket.department.clone().unwrap_or_default(),
        TicketGrouping::Agent => {
            ticket.assignee.as_ref().map(ToString::to_string).unwrap_or_default()
        }
        TicketGrouping::Priority => ticket.priority.as_str().to_owned(),
    }
}

/// Gives the figures of groups that have any.
fn telling(
    groups: impl IntoIterator<Item = (String, TicketFigures)>,
) -> BTreeMap<String, TicketFigures> {
    let empty = TicketFigures::default();
    groups.into_iter().filter(|(_, figures)| *figures != empty).collect()
}

#[tokio::test]
async fn the_database_counts_tickets_as_the_domain_does() {
    let store = database().await.store;
    let mut lives = vec![];
    for number in 0..TICKETS {
        lives.push(live(&store, number).await);
    }

    let times = [(0, 80), (20, 30), (30, 50), (79, 80)];
    for (from, until) in times.map(|(from, until)| (second(from * 86_400), second(until * 86_400)))
    {
        let whole = TicketReport { from, until, by: TicketGrouping::Nothing, department: None };
        let all = store.ticket_figures(&tenant("demo"), &whole).await.unwrap();
        for by in TicketGrouping::ALL {
            let report = TicketReport { by, ..whole.clone() };
            let counted = store.ticket_figures(&tenant("demo"), &report).await.unwrap();

            let mut expected: BTreeMap<String, TicketFigures> = BTreeMap::new();
            for (ticket, events) in &lives {
                let life: Vec<_> = events.iter().map(TicketEvent::line).collect();
                let figures = TicketFigures::of(&life, from, until);
                expected.entry(name(ticket, by)).or_default().add(&figures);
            }
            let groups = counted.iter().map(|group| (group.name.clone(), group.figures));
            assert_eq!(telling(groups), telling(expected), "{by:?} {from} {until}");
            let mut sum = TicketFigures::default();
            for group in &counted {
                sum.add(&group.figures);
            }
            assert_eq!(sum, all[0].figures, "{by:?}: groups add up to all");
        }
    }
    agree_with_the_events(&store, &lives).await;
}

/// The sums of the whole time are the counts of the raw events, and none of them is nothing.
async fn agree_with_the_events(store: &PostgresStore, lives: &[(Ticket, Vec<TicketEvent>)]) {
    let by = TicketGrouping::Nothing;
    let report =
        TicketReport { from: second(0), until: second(1_000 * 86_400), by, department: None };
    let all = store.ticket_figures(&tenant("demo"), &report).await.unwrap()[0].figures;
    let events = || lives.iter().flat_map(|(_, events)| events);
    let count = |applied| events().filter(|event| event.applied == applied).count() as u64;
    let counted = [
        (all.made, None),
        (all.resolved, Some(TicketMove::Resolve)),
        (all.closed, Some(TicketMove::Close)),
        (all.reopened, Some(TicketMove::Reopen)),
        (all.merged, Some(TicketMove::Merge)),
        (all.cancelled, Some(TicketMove::Cancel)),
    ];
    for (figure, applied) in counted {
        assert!(figure > 0 && figure == count(applied), "{applied:?}: {figure}");
    }
    let open = lives.iter().filter(|(ticket, _)| ticket.state.is_open()).count() as u64;
    assert!(open > 0 && all.standing.open() == open, "{open}: {all:?}");
    assert!(all.late > 0 && all.late < all.resolved, "{all:?}");
}

#[tokio::test]
async fn a_department_and_a_tenant_are_counted_apart() {
    let store = database().await.store;
    let mut lives = vec![];
    for number in 0..6 {
        lives.push(live(&store, number).await.0);
    }
    let of = |department: &str| TicketReport {
        from: second(0),
        until: second(1_000 * 86_400),
        by: TicketGrouping::Department,
        department: Some(department.to_owned()),
    };

    let refunds = store.ticket_figures(&tenant("demo"), &of("refunds")).await.unwrap();
    let other = store.ticket_figures(&tenant("other"), &of("refunds")).await.unwrap();

    let theirs = lives.iter().filter(|it| it.department.as_deref() == Some("refunds")).count();
    assert!(theirs > 0);
    assert_eq!((refunds.len(), refunds[0].name.as_str()), (1, "refunds"));
    assert_eq!((refunds[0].figures.made, other.len()), (theirs as u64, 0));
}
