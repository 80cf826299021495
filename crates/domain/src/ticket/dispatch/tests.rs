//! Claims about rules that say where tickets go.

use super::*;
use crate::customer::Tier;
use crate::flow::expression::{Comparison, Scope, Subject, Term};
use crate::ids::{TicketId, TicketKindId};
use crate::ticket::{Medium, NewTicket, TicketMove, TicketPriority};

/// 2026-11-27, a Friday, 16:00 in Shanghai.
const FRIDAY: Timestamp = Timestamp::from_millis(1_795_766_400_000);

fn a_ticket() -> Ticket {
    let kind = TicketKindId::parse("complaint").expect("an id");
    let new = NewTicket {
        category: "billing/refund/late".parse().ok(),
        priority: TicketPriority::High,
        medium: Medium::Email,
        ..NewTicket::about(kind, "refund")
    };
    let id = TicketId::parse("t-1").expect("an id");
    Ticket { state: TicketState::Accepted, version: 2, ..new.ticket(id, 1, Timestamp::ZERO) }
}

fn facts(ticket: Ticket) -> TicketFacts {
    TicketFacts::of(ticket, &Zone::parse("Asia/Shanghai").expect("a zone"), FRIDAY)
}

fn name(path: &str) -> Term {
    let scope = Scope { fields: &BTreeMap::new(), subject: Subject::Ticket };
    Term::name(path, &scope).expect("a name")
}

fn is(path: &str, value: &str) -> (String, Term) {
    let term = name(path).compare(Comparison::Equal, Term::text(value)).expect("well typed");
    (format!("{path} == {value:?}"), term)
}

fn rule(id: &str, (source, term): (String, Term)) -> DispatchRule {
    let queue = QueueId::parse(id).ok();
    DispatchRule {
        id: id.to_owned(),
        when: Expression::condition(source, term).expect("a condition"),
        accepts: false,
        to: Destination { queue, ..Destination::default() },
    }
}

fn judged<'a>(
    rules: &'a [DispatchRule],
    ticket: &TicketFacts,
    customer: Option<&KnownCustomer>,
) -> Verdict<'a> {
    verdict(rules, ticket, customer, &Language::parse("en").expect("a tag"))
}

fn an_important_customer() -> KnownCustomer {
    KnownCustomer {
        id: None,
        tier: Tier::ALL.first().copied(),
        language: None,
        segments: Vec::new(),
        open_tickets: 1,
    }
}

#[test]
fn the_first_rule_that_holds_takes_the_ticket_and_no_later_one_is_looked_at() {
    let rules = [
        rule("letters", is("ticket.medium", "letter")),
        rule("complaints", is("ticket.kind", "complaint")),
        rule("all", ("true".to_owned(), Term::flag(true))),
    ];

    let verdict = judged(&rules, &facts(a_ticket()), None);

    assert_eq!(verdict.looked_at.len(), 2);
    assert_eq!(verdict.taken_by().map(|taken| taken.rule.id.as_str()), Some("complaints"));
    let told = verdict.looked_at[0].to_string();
    assert_eq!(told, "ticket.medium == \"letter\" does not hold: ticket.medium is \"email\"");
}

#[test]
fn what_is_unknown_sends_a_ticket_nowhere_and_is_named() {
    let rules = [rule("best", is("customer.tier", "A1"))];

    let stranger = judged(&rules, &facts(a_ticket()), None);
    let known = judged(&rules, &facts(a_ticket()), Some(&an_important_customer()));

    assert_eq!(stranger.taken_by(), None);
    assert!(stranger.looked_at[0].to_string().ends_with("customer.tier is unknown"));
    assert!(known.taken_by().is_some());
}

#[test]
fn a_category_is_known_with_the_levels_above_it_and_time_by_the_wall_of_the_center() {
    let facts = facts(a_ticket());

    assert_eq!(facts.categories, ["billing", "billing/refund", "billing/refund/late"]);
    assert_eq!((facts.hour, facts.weekday), (16, Weekday::Fri));
    let below = Term::text("billing").within(name("ticket.categories")).expect("well typed");
    assert!(judged(&[rule("money", ("…".to_owned(), below))], &facts, None).taken_by().is_some());
}

#[test]
fn a_rule_makes_a_move_that_says_which_rule_and_why() {
    let rules = [rule("complaints", is("ticket.kind", "complaint"))];
    let verdict = judged(&rules, &facts(a_ticket()), None);

    let details = verdict.taken_by().expect("it holds").details();
    let kind = crate::ticket::TicketKinds::default().of(&a_ticket().kind);
    let change = a_ticket().apply(TicketMove::Dispatch, details, &kind, FRIDAY).expect("a move");

    assert_eq!(change.actor, "dispatch:complaints");
    assert_eq!(change.ticket.state, TicketState::Dispatched);
    assert_eq!(change.ticket.queue.as_ref().map(QueueId::as_str), Some("complaints"));
    let note = change.note.expect("why");
    assert_eq!(note, "ticket.kind == \"complaint\" holds: ticket.kind is \"complaint\"");
}

#[test]
fn rules_leave_alone_what_somebody_has_or_nobody_accepted() {
    let wang = AgentId::parse("wang").ok();
    let waiting = rule("all", is("ticket.kind", "complaint"));
    let accepting = DispatchRule { accepts: true, ..waiting.clone() };
    let stands = |state, assignee: &Option<AgentId>| {
        let ticket = Ticket { state, assignee: assignee.clone(), ..a_ticket() };
        let is_sent = ticket.awaits_dispatch_by(&waiting);
        let is_sent_anyway = ticket.awaits_dispatch_by(&accepting);
        assert_eq!(is_sent_anyway, is_sent || state == TicketState::New);
        is_sent
    };

    assert!(stands(TicketState::Accepted, &None) && stands(TicketState::Reopened, &wang));
    assert!(!stands(TicketState::Accepted, &wang) && !stands(TicketState::New, &None));
    assert!(!stands(TicketState::Dispatched, &None) && !stands(TicketState::OnHold, &None));
}

#[test]
fn tickets_know_nothing_of_calls_and_calls_nothing_of_tickets() {
    let fields = BTreeMap::new();
    let known = |path, subject| Term::name(path, &Scope { fields: &fields, subject }).is_ok();

    assert!(!known("call.channel", Subject::Ticket) && !known("staffing.wait", Subject::Ticket));
    assert!(!known("ticket.kind", Subject::Call) && !known("local.hour", Subject::Customer));
    assert!(!known("ticket.kind", Subject::CallAndQueue));
}
