//! The sample that sells cars: what its records and leads come to.

use std::path::Path;
use std::time::Duration;

use switchboard_domain::center::{Center, RouteRequest};
use switchboard_domain::customer::profile::ProfileValue;
use switchboard_domain::customer::{Customer, Evidence, NumberMatch, PartyKind, Tier};
use switchboard_domain::ids::{CustomerId, QueueId};
use switchboard_domain::ticket::TicketPriority;
use switchboard_domain::time::Timestamp;

use crate::{parse, read_folder};

const SIX_C: [&str; 6] =
    ["character", "capacity", "capital", "collateral", "conditions", "continuity"];
const FIVE_P: [&str; 5] = ["personal", "purpose", "payment", "protection", "perspective"];
const SIX_A: [&str; 6] =
    ["economic", "technical", "managerial", "organizational", "commercial", "financial"];

fn showroom() -> Center {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/samples/showroom");
    parse(&read_folder(Path::new(folder)).expect("the folder is there")).expect("a sound center")
}

fn segments(kind: PartyKind, values: &[(String, ProfileValue)]) -> Vec<String> {
    let id = CustomerId::parse("li").expect("an id");
    let mut customer = Customer::new(id, "Li", Tier::B1, Timestamp::ZERO);
    customer.kind = kind;
    let values = values.iter().map(|(path, value)| (path.parse().expect("a field"), value.clone()));
    customer.profile = values.collect();
    showroom().segments_of(&Evidence::of(customer, NumberMatch::Exact))
}

/// Fills a form in with the same points everywhere.
fn filled(form: &str, fields: &[&str], points: f64) -> Vec<(String, ProfileValue)> {
    let value = ProfileValue::number(points).expect("a number");
    fields.iter().map(|field| (format!("{form}.{field}"), value.clone())).collect()
}

#[test]
fn credit_is_graded_by_whichever_form_is_filled_in_whole() {
    let (person, company) = (PartyKind::Person, PartyKind::Company);
    let forms: [(PartyKind, &str, &[&str]); 3] = [
        (person, "credit_6c", &SIX_C),
        (person, "credit_5p", &FIVE_P),
        (company, "credit_6a", &SIX_A),
    ];
    for (kind, form, fields) in forms {
        for (points, grade) in [(80.0, "credit-a"), (79.0, "credit-b"), (59.0, "credit-c")] {
            assert_eq!(segments(kind, &filled(form, fields, points)), [grade], "{form} {points}");
        }
        assert_eq!(segments(kind, &filled(form, &fields[..1], 99.0)), ["credit-c"], "{form}");
    }
    assert!(segments(person, &[]).is_empty());
}

#[test]
fn who_has_a_team_is_for_its_agents_first() {
    let team = ("account.team".to_owned(), ProfileValue::Text("east".to_owned()));
    let segments = segments(PartyKind::Company, &[team]);
    let center = showroom();
    let plan = center.plan_route(RouteRequest {
        queue: &QueueId::parse("sales").expect("an id"),
        language: None,
        tier: None,
        segments: &segments,
        skills: &[],
        priority_boost: 0,
    });

    let needs = plan.expect("a queue").requirement;
    let needs: Vec<String> = needs.iter().map(|need| need.skill.to_string()).collect();
    assert_eq!(needs, ["sales", "team-east"]);
}

#[test]
fn a_lead_has_its_day_by_how_soon_somebody_buys() {
    let days = |priority| {
        let policies = showroom().sla;
        let found = policies.iter().find(|policy| policy.priorities.contains(&priority));
        found.expect("a policy").resolution.map(|span| span.as_secs() / DAY.as_secs())
    };

    let of_grades =
        [TicketPriority::Urgent, TicketPriority::High, TicketPriority::Normal, TicketPriority::Low];
    assert_eq!(of_grades.map(days), [Some(7), Some(15), Some(30), None]);
}

const DAY: Duration = Duration::from_hours(24);
