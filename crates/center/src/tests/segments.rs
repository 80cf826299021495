//! How departments divide the customers.

use switchboard_domain::center::{Center, Language, RouteRequest};
use switchboard_domain::customer::profile::ProfileValue;
use switchboard_domain::customer::value::{
    Axes, Churn, ChurnReason, ChurnState, Level, Pyramid, Score, ValueStanding,
};
use switchboard_domain::customer::{Customer, Evidence, NumberMatch, Tier};
use switchboard_domain::flow::KnownCustomer;
use switchboard_domain::ids::{CustomerId, QueueId};
use switchboard_domain::time::Timestamp;

use super::demo;
use crate::{check, parse};

const SCHEMES: &str = "
service:
  - {segment: key-account, when: 'customer.tier in [\"A1\", \"A2\"]'}
  - {segment: open-issue, when: customer.open_tickets > 0}
  - {segment: anybody, when: \"true\"}
sales:
  - {segment: abroad, when: customer.language != \"zh-CN\"}
";

fn center(schemes: &str) -> Center {
    let mut files = demo();
    files.insert("segments.yaml".into(), schemes.into());
    // Its plans name segments that are not among these.
    files.remove("touchpoints.yaml");
    parse(&files).expect("a sound center")
}

fn segments(tier: Tier, language: Option<&str>, open_tickets: u32) -> Vec<String> {
    let known = KnownCustomer {
        id: None,
        tier: Some(tier),
        language: language.map(|tag| Language::parse(tag).expect("a tag")),
        segments: vec![],
        open_tickets,
    };
    center(SCHEMES).with_segments(known, None).segments
}

#[test]
fn a_customer_is_in_the_first_segment_of_each_scheme_that_fits() {
    assert_eq!(segments(Tier::A2, Some("en"), 3), ["key-account", "abroad"]);
    assert_eq!(segments(Tier::C1, Some("zh-CN"), 3), ["open-issue"]);
    assert_eq!(segments(Tier::C1, None, 0), ["anybody"], "what is unknown decides nothing");
}

#[test]
fn segments_add_to_what_the_tier_changes_and_one_queue_takes_the_place_of_another() {
    let center = center(
        "
service:
  - {segment: waits, when: customer.open_tickets > 0, priority: 7, skills: {booking: 4}}
sales:
  - {segment: leaving, when: \"true\", priority: 2, skills: {booking: 2}, instead_of: {booking: refund}}
  - {segment: unused, when: \"true\", priority: 500}
care:
  - {segment: careful, when: \"true\", instead_of: {booking: rebooking, timetable: booking}}
",
    );
    let route = |queue: &str, segments: &[&str]| {
        let segments: Vec<String> = segments.iter().map(|name| (*name).to_owned()).collect();
        let plan = center.plan_route(RouteRequest {
            queue: &QueueId::parse(queue).expect("an id"),
            language: None,
            tier: Some(Tier::A1),
            segments: &segments,
            skills: &[],
            priority_boost: 1,
        });
        let plan = plan.expect("a queue");
        let needs = plan.requirement.iter().map(|need| format!("{}>={}", need.skill, need.level));
        (plan.queue.to_string(), plan.priority, needs.collect::<Vec<_>>().join(" "))
    };
    let told = |queue: &str, priority, needs: &str| (queue.to_owned(), priority, needs.to_owned());

    assert_eq!(route("booking", &[]), told("booking", 5 + 30 + 1, "booking>=1"));
    assert_eq!(route("booking", &["waits"]), told("booking", 5 + 30 + 7 + 1, "booking>=4"));
    let both = told("refund", 30 + 7 + 2 + 1, "booking>=4 refund>=1");
    assert_eq!(
        route("booking", &["careful", "leaving", "waits"]),
        both,
        "the first scheme's queue"
    );
    assert_eq!(route("timetable", &["careful"]).0, "booking", "and no queue in the place of that");
    assert_eq!(route("booking", &["gone"]), route("booking", &[]), "an older name changes nothing");
}

#[test]
fn what_a_segment_changes_is_checked_like_that_of_a_tier() {
    let cases = [
        ("priority: 1001", "priority"),
        ("skills: {flying: 1}", "flying"),
        ("instead_of: {booking: nowhere}", "nowhere"),
        ("prioritty: 1", "prioritty"),
    ];
    for (slip, named) in cases {
        let mut files = demo();
        let scheme = format!("a: [{{segment: x, when: \"true\", {slip}}}]");
        files.insert("segments.yaml".into(), scheme);

        let said = check(&files).problems;

        let told = said.iter().any(|problem| problem.message.contains(named));
        assert!(told, "{slip}: {named:?} is not in {said:#?}");
    }
}

#[test]
fn what_a_customer_is_worth_divides_customers_too() {
    let schemes = "
worth:
  - {segment: best, when: 'customer.value_score >= 8000 && customer.pyramid == \"important\"'}
  - {segment: promising, when: 'customer.value != \"high\" && customer.potential == \"high\"'}
retention:
  - {segment: price-fighters, when: 'customer.churn_reason == \"price\"'}
  - {segment: leaving, when: 'customer.churn in [\"partial\", \"full\"]'}
  - {segment: faithful, when: 'customer.loyalty == \"high\"'}
";
    let segments = |standing: Option<&ValueStanding>| {
        center(schemes).segments_of(&Evidence { standing: standing.copied(), ..li() })
    };
    let best = ValueStanding {
        score: Score::new(9_000),
        pyramid: Some(Pyramid::Important),
        axes: Axes { loyalty: Some(Level::High), ..Axes::default() },
        churn: Churn::default(),
    };
    let leaving = ValueStanding {
        score: Score::new(9_000),
        pyramid: Some(Pyramid::Secondary),
        axes: Axes { value: Some(Level::Mid), potential: Some(Level::High), loyalty: None },
        churn: Churn::new(ChurnState::Partial, Some(ChurnReason::Price)).expect("a churn"),
    };

    assert_eq!(segments(Some(&best)), ["best", "faithful"]);
    assert_eq!(segments(Some(&leaving)), ["promising", "price-fighters"]);
    assert!(segments(None).is_empty(), "what is unknown decides nothing");
}

#[test]
fn what_the_record_says_divides_customers_too() {
    let profile = "
person:
  credit:
    display_name: Credit
    fields:
      character: {display_name: Character, type: integer, min: 0, max: 100}
      capacity: {display_name: Capacity, type: number, min: 0, max: 100}
      team: {display_name: Team, type: enum, values: [east, west]}
      is_barred: {display_name: Barred, type: boolean}
      income: {display_name: Income, type: number, sensitive: true}
      notes: {display_name: Notes, type: texts}
    enabled: true
  past:
    display_name: Past
    enabled: false
    fields: {orders: {display_name: Orders, type: integer}}
company:
  credit:
    display_name: Credit
    fields: {team: {display_name: Team, type: integer}}
";
    let schemes = "
credit:
  - {segment: barred, when: field.credit.is_barred}
  - {segment: credit-a, when: field.credit.character + field.credit.capacity >= 160}
  - {segment: credit-b, when: field.credit.character >= 50 && !field.credit.is_barred}
";
    let of = |files: &[(&str, &str)]| {
        let mut all = demo();
        all.remove("touchpoints.yaml");
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        all.extend(files);
        all
    };
    let center = parse(&of(&[("profile.yaml", profile), ("segments.yaml", schemes)]));
    let center = center.expect("a sound center");
    let segments = |values: &[(&str, ProfileValue)]| {
        let mut found = li();
        let values = values.iter().map(|(path, value)| (path.parse().unwrap(), value.clone()));
        found.customer.profile = values.collect();
        center.segments_of(&found)
    };
    let points = |points: f64| ProfileValue::number(points).expect("a number");
    let rated = [("credit.character", points(90.0)), ("credit.capacity", points(70.9))];

    assert_eq!(segments(&rated), ["credit-a"]);
    let poorer =
        [("credit.capacity", points(69.9)), ("credit.is_barred", ProfileValue::Boolean(false))];
    assert_eq!(segments(&[&rated[..1], &poorer].concat()), ["credit-b"], "the whole part counts");
    assert_eq!(segments(&[("credit.is_barred", ProfileValue::Boolean(true))]), ["barred"]);
    assert!(segments(&rated[..1]).is_empty(), "what is unknown decides nothing");
    let odd = [("credit.character", points(900.0)), ("credit.capacity", points(0.0))];
    assert!(segments(&odd).is_empty(), "nor does what the field takes no more");
    for hidden in ["credit.income", "credit.notes", "credit.team", "past.orders"] {
        let scheme = format!("a: [{{segment: x, when: has(field.{hidden})}}]");
        let said = check(&of(&[("profile.yaml", profile), ("segments.yaml", &scheme)])).problems;
        let complaint = format!("unknown name \"field.{hidden}\"");
        assert!(said.iter().any(|problem| problem.message.contains(&complaint)), "{said:#?}");
    }
}

/// Gives what the records say of a customer of whom there is little to say.
fn li() -> Evidence {
    let id = CustomerId::parse("li").expect("an id");
    Evidence::of(Customer::new(id, "Li", Tier::B1, Timestamp::ZERO), NumberMatch::Exact)
}

#[test]
fn segments_that_mean_nothing_are_refused() {
    let bad = [
        ("a: [{segment: x, when: 'customer.tier in []'}]", "a list holds plain texts"),
        (
            "a: [{segment: x, when: '\"y\" in customer.segments'}]",
            "unknown name \"customer.segments\"",
        ),
        ("a: [{segment: x, when: 'call.language == \"en\"'}]", "unknown name \"call.language\""),
        ("a: [{segment: x, when: customer.tier}]", "gives a text, and true or false is needed"),
        ("a: [{segment: x}]", "\"when\" is missing"),
        ("a: [{segment: X y, when: 'true'}]", "segment of scheme \"a\": an id has only letters"),
        (
            "{a: [{segment: x, when: 'true'}], b: [{segment: x, when: 'true'}]}",
            "\"x\" is the name of another segment",
        ),
    ];
    for (schemes, complaint) in bad {
        let mut files = demo();
        files.insert("segments.yaml".into(), schemes.into());

        let said = check(&files).problems;

        let told = said.iter().any(|problem| problem.message.contains(complaint));
        assert!(told, "{schemes}: {complaint:?} is not in {said:#?}");
    }
}
