use switchboard_domain::customer::profile::ProfileValue;
use switchboard_domain::customer::{Customer, Evidence, Found, LastTalk, NumberMatch, Tier};
use switchboard_domain::ids::{AgentId, ContactId, CustomerId, NumberRuleId, PromiseId, TicketId};
use switchboard_domain::number_rule::RuleKind;
use switchboard_domain::phone::{Country, PhoneAddress};
use switchboard_domain::ticket::TicketState;
use switchboard_domain::time::Timestamp;

use super::super::phone;
use super::*;

#[test]
fn a_known_caller_is_shown_with_what_happened_before() {
    let (address, found) = (read("13800000001"), li());
    let lookup = Lookup::judge(&address, found, Timestamp::ZERO);
    let background = Background {
        last_talk: Some(LastTalk { agent: agent("wang"), at: Timestamp::from_millis(1_000) }),
        tickets: vec![OpenTicket {
            id: TicketId::parse("t-7").expect("an id"),
            number: 7,
            subject: "Refund".to_owned(),
            state: TicketState::ALL[0],
        }],
        promises: vec![OpenPromise {
            id: PromiseId::parse("p-1").expect("an id"),
            what: "call back".to_owned(),
            due_at: Timestamp::from_millis(9_000),
            owner: Some(agent("wang")),
            ticket: TicketId::parse("t-7").ok(),
        }],
        calls: vec![PastCall {
            id: ContactId::parse("call-3").expect("an id"),
            started_at: Timestamp::from_millis(500),
            queue: None,
            agent: Some(agent("wang")),
            disposition: Some("booked".to_owned()),
        }],
    };
    let candidate = &lookup.candidates[0];
    let whole = Shown::Whole {
        candidate,
        segments: vec!["frequent".to_owned()],
        at_ring: [("club.points".parse().unwrap(), ProfileValue::Boolean(true))].into(),
        background: Some(&background),
    };

    let number = phone::normalized("13800000001", &address);
    let shown = Answer::of(number, Verification::Full, &lookup, &[]).told(&[whole], Reasons::Shown);

    assert_eq!(shown.kind(), wire::CallerKind::Known);
    let first = &shown.candidates[0];
    assert_eq!((first.reason.as_str(), first.confidence), ("only_holder", 95));
    // Who talked last is told with the time of that talk, not as of another source.
    assert_eq!((first.last_agent_id.as_str(), first.open_tickets), ("wang", 2));
    assert_eq!(first.last_talk_at, Some(timestamp(Timestamp::from_millis(1_000))));
    assert_eq!((first.tickets[0].number, first.tickets[0].subject.as_str()), (7, "Refund"));
    assert_eq!(first.calls[0].disposition, "booked");
    let promised = &first.promises[0];
    assert_eq!((first.open_promises, promised.what.as_str()), (1, "call back"));
    assert_eq!((promised.owner_agent_id.as_str(), promised.ticket_id.as_str()), ("wang", "t-7"));
    assert_eq!((first.segments[0].as_str(), first.alert.as_str()), ("frequent", "VIP"));
    assert_eq!(first.profile.keys().collect::<Vec<_>>(), ["club.points"]);
}

#[test]
fn whoever_may_not_know_the_customer_learns_the_id_and_how_likely_it_is() {
    let lookup = Lookup::judge(&read("13800000001"), li(), Timestamp::ZERO);
    let number = phone::normalized("13800000001", &read("13800000001"));

    let shown = Answer::of(number, Verification::NotVerified, &lookup, &[])
        .told(&[Shown::Id(&lookup.candidates[0])], Reasons::Hidden);

    let expected = wire::CallerCandidate {
        customer_id: "c-1".to_owned(),
        confidence: 95,
        reason: "only_holder".to_owned(),
        ..wire::CallerCandidate::default()
    };
    assert_eq!(shown.candidates, [expected]);
}

#[test]
fn why_a_number_is_listed_is_told_only_to_people() {
    let rule = NumberRule {
        id: NumberRuleId::parse("r-1").expect("an id"),
        number: "+8613800000001".to_owned(),
        kind: RuleKind::Block,
        reason: "calls at night".to_owned(),
        made_by: "wu".to_owned(),
        made_at: Timestamp::ZERO,
        expires_at: None,
    };
    let told = |reasons| {
        let number = phone::normalized("13800000001", &read("13800000001"));
        let lookup = Lookup { result: LookupResult::Unknown, candidates: vec![] };
        let rules = [rule.clone()];
        Answer::of(number, Verification::Full, &lookup, &rules).told(&[], reasons).lists
    };

    assert_eq!(told(Reasons::Shown)[0].reason, "calls at night");
    assert_eq!(told(Reasons::Hidden)[0].reason, "");
    assert_eq!(told(Reasons::Hidden)[0].kind(), wire::NumberRuleKind::Block);
}

#[test]
fn an_incomplete_answer_says_so() {
    let address = read("anonymous");
    let lookup = Lookup::judge(&address, Found::default(), Timestamp::ZERO);
    let number = phone::normalized("anonymous", &address);
    let answer = Answer {
        partial: "LOOKUP_TIMED_OUT",
        missing: vec!["candidates"],
        ..Answer::of(number, Verification::NotVerified, &lookup, &[])
    };

    let shown = answer.told(&[], Reasons::Shown);

    assert_eq!(shown.kind(), wire::CallerKind::Withheld);
    assert_eq!(
        (shown.partial_reason.as_str(), shown.missing[0].as_str()),
        ("LOOKUP_TIMED_OUT", "candidates")
    );
}

fn read(raw: &str) -> PhoneAddress {
    let home = Country::parse("CN").expect("a country");
    PhoneAddress::parse(raw, home).expect("an address")
}

fn agent(name: &str) -> AgentId {
    AgentId::parse(name).expect("an id")
}

fn li() -> Found {
    let id = CustomerId::parse("c-1").expect("an id");
    let customer = Customer {
        language: Some("zh-CN".to_owned()),
        alert: Some("VIP".to_owned()),
        ..Customer::new(id, "Li Wei", Tier::A1, Timestamp::ZERO)
    };
    let evidence = Evidence {
        last_agent: Some(agent("chen")),
        open_tickets: 2,
        open_promises: 1,
        ..Evidence::of(customer, NumberMatch::Exact)
    };
    Found { evidence: vec![evidence], rules: vec![] }
}
