//! Kinds, categories and what is owed: `kinds.yaml`, `categories.yaml` and `sla.yaml`.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::caller::Role;
use switchboard_domain::customer::profile::FieldShape;
use switchboard_domain::ticket::{Category, Checkpoint, Wording};

use super::demo;
use crate::parse;

fn with(file: &str, text: &str) -> BTreeMap<String, String> {
    let mut files = demo();
    // What the demo owes and asks is about the standard kinds.
    for about in [
        "sla.yaml",
        "clusters.yaml",
        "surveys.yaml",
        "scorecards.yaml",
        "follow_ups.yaml",
        "touchpoints.yaml",
    ] {
        files.remove(about);
    }
    files.insert(file.into(), text.into());
    files
}

fn complaint(file: &str, text: &str) -> String {
    let problems = parse(&with(file, text)).expect_err("a refusal");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_rule_has_callers_called_back_by_a_queue_that_calls() {
    let rule =
        |plan: &str| format!("missed: {{on: abandoned, subject: Missed, call_back: {plan}}}\n");
    let center = parse(&with("tickets.yaml", &rule("{queue: rebooking, after: 5m}")));
    let plan = center.expect("a center").ticket_rules[0].call_back.clone().expect("a plan");

    assert_eq!((plan.queue.as_str(), plan.after), ("rebooking", Duration::from_mins(5)));
    let silent = complaint("tickets.yaml", &rule("{queue: timetable}"));
    assert!(silent.contains("queue \"timetable\" has no \"callback\" rules"), "{silent}");
    let late = complaint("tickets.yaml", &rule("{queue: rebooking, after: 60d}"));
    assert!(late.contains("after"), "{late}");
}

#[test]
fn a_center_has_the_standard_kinds_or_its_own() {
    let standard = parse(&demo()).expect("the demo").ticket_kinds;
    let own = parse(&with("kinds.yaml", "outage: {department: true}\nrequest: {}\n"));
    let own = own.expect("a center").ticket_kinds;

    assert_eq!(standard.iter().count(), 7);
    assert_eq!(own.usual().as_str(), "outage");
    assert!(own.of(&own.usual()).needs_department);
}

#[test]
fn a_kind_has_a_form_and_a_checklist() {
    let kinds = "repair:\n  form:\n    plate: {display_name: Plate, type: phone, required_at: accept}\n  \
                 checklist: {photo: Take a photo, seal: Seal the box}\n";
    let kinds = parse(&with("kinds.yaml", kinds)).expect("a center").ticket_kinds;
    let form = kinds.of(&kinds.usual()).form;

    assert_eq!(form.fields[0].shape, FieldShape::Phone);
    assert_eq!(form.fields[0].required_at, Some(Checkpoint::Accept));
    let steps: Vec<&str> = form.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(steps, ["photo", "seal"]);
}

#[test]
fn a_form_that_cannot_be_is_refused_with_what_would_be_right() {
    let field = |text: &str| complaint("kinds.yaml", &format!("repair: {{form: {{{text}}}}}\n"));

    assert!(field("Plate: {display_name: Plate, type: text}").contains("a-z 0-9 _"));
    assert!(field("plate: {display_name: Plate, type: colour}").contains("none of text"));
    assert!(field("plate: {display_name: Plate, type: date, min: 3}").contains("type number"));
    let late = field("plate: {display_name: Plate, type: date, required_at: cancel}");
    assert!(late.contains("none of accept, resolve, close"), "{late}");
}

#[test]
fn a_category_is_a_way_through_the_tree() {
    let files = with("categories.yaml", "trains:\n  late: {}\n  full:\n");
    let tree = parse(&files).expect("a center").categories;

    let ways: Vec<&str> = tree.iter().map(Category::as_str).collect();
    assert_eq!(ways, ["trains", "trains/full", "trains/late"]);
    assert!(complaint("categories.yaml", "two words: {}\n").contains("joined by `/`"));
}

#[test]
fn a_ticket_rule_names_a_kind_and_a_category_that_there_are() {
    let rule = |more: &str| format!("missed: {{on: abandoned, subject: Call back, {more}}}\n");

    let kind = complaint("tickets.yaml", &rule("kind: complant"));
    assert!(kind.contains("complaint"), "{kind}");

    let mut files = with("categories.yaml", "trains: {late: {}}\n");
    files.insert("tickets.yaml".into(), rule("category: trains/full"));
    let problems = parse(&files).expect_err("a refusal");
    assert!(problems[0].to_string().contains("trains/full"), "{problems:?}");
}

#[test]
fn what_is_owed_is_read_in_the_order_of_the_file() {
    let text = "urgent: {priorities: [urgent], acceptance: 15m, escalations: [1h, {after: 2h, queue: booking}]}\n\
                usual: {resolution: 3d, warn_before: 1h}\n";
    let policies = parse(&with("sla.yaml", text)).expect("a center").sla;

    assert_eq!(
        policies.iter().map(|policy| policy.id.as_str()).collect::<Vec<_>>(),
        ["urgent", "usual"]
    );
    let levels: Vec<_> = policies[0].escalations.iter().map(|it| it.to.to_string()).collect();
    assert_eq!(levels, ["", "queue booking"]);
    assert_eq!(policies[1].resolution, Some(Duration::from_hours(72)));
}

#[test]
fn a_policy_that_owes_nothing_or_escalates_backwards_is_refused() {
    for (text, said) in [
        ("usual: {kinds: [complaint]}\n", "owes nothing"),
        ("usual: {resolution: 1d, escalations: [2h, 1h]}\n", "does not ascend"),
        ("usual: {resolution: 1d, escalations: [{agent: li-wei}]}\n", "after"),
        ("usual: {resolution: 1d, escalations: [{after: 1h, agent: li-wai}]}\n", "\"li-wei\"?"),
        ("usual: {resolution: 1d, escalations: [{after: 1h, quue: booking}]}\n", "\"queue\"?"),
        (
            "usual: {resolution: 1d, escalations: [{after: 1h, raise: true, agent: li-wei}]}\n",
            "anyway",
        ),
        (
            "usual: {resolution: 1d, escalations: [{after: 2h, raise: true}, 1h]}\n",
            "does not ascend",
        ),
        ("usual: {resolution: 1d, calendar: never}\n", "never"),
        ("usual: {resolution: soon}\n", "soon"),
        ("usual: {resolution: 1d, tiers: [A9]}\n", "a tier is A1"),
        ("usual: {resolution: 1d, media: [wob]}\n", "wob"),
        ("usual: {resolution: 1d, queues: [bookin]}\n", "\"booking\"?"),
    ] {
        assert!(
            complaint("sla.yaml", text).contains(said),
            "{text}: {}",
            complaint("sla.yaml", text)
        );
    }
}

#[test]
fn rules_of_dispatch_are_read_in_the_order_of_the_file() {
    let text = "late: {when: 'local.hour >= 18', agent: li-wei}\n\
                best: {when: 'customer.tier == \"A1\"', department: care, queue: booking, accept: true}\n";
    let rules = parse(&with("dispatch.yaml", text)).expect("a center").dispatch_rules;

    let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["late", "best"]);
    assert_eq!(rules[0].to.to_string(), "agent li-wei");
    assert_eq!(rules[1].to.to_string(), "department care, queue booking");
    assert_eq!((rules[0].accepts, rules[1].accepts), (false, true));
}

#[test]
fn a_rule_of_dispatch_that_leads_nowhere_or_means_nothing_is_refused_with_its_place() {
    for (text, said) in [
        ("all: {when: 'true'}\n", "dispatch.yaml:1:6: dispatch rule \"all\": leads nowhere"),
        ("all: {when: 'true', queue: booking, agent: li-wei}\n", "give one of them"),
        ("all: {when: 'true', queue: bookin}\n", "did you mean \"booking\"?"),
        ("all: {when: 'true', agent: li-wai}\n", "did you mean \"li-wei\"?"),
        ("all: {when: 'ticket.kid == \"a\"', agent: li-wei}\n", "did you mean \"ticket.kind\"?"),
        ("all: {when: 'call.channel == \"voice\"', agent: li-wei}\n", "unknown name"),
        ("all: {when: 'ticket.kind == 1', agent: li-wei}\n", "a text and a number"),
        ("all: {when: 'ticket.kind', agent: li-wei}\n", "true or false is needed here"),
        ("all: {when: 'true', agent: li-wei, accepts: true}\n", "did you mean \"accept\"?"),
        ("all: {agent: li-wei}\n", "when"),
        ("all: {when: 'true', department: two words}\n", "unknown department"),
    ] {
        let told = complaint("dispatch.yaml", text);
        assert!(told.contains(said), "{text}: {told}");
    }
}

const REPAIR: &str = "\
repair: {form: {amount: {display_name: Amount, type: integer, min: 0}}, checklist: {photo: Look}}
request: {}
";

fn with_macros(text: &str) -> BTreeMap<String, String> {
    let mut files = with("kinds.yaml", REPAIR);
    files.insert("macros.yaml".into(), text.into());
    files
}

#[test]
fn macros_are_read_in_the_order_of_the_file_with_their_steps() {
    let text = "mended:\n  display_name: Mended\n  kinds: [repair]\n  roles: [supervisor]\n  steps:\n    \
                - {move: revise, form: {amount: 5}, tick: photo}\n    \
                - {move: resolve, resolution: 'Done, {customer}'}\n\
                later: {display_name: Later, steps: [{move: hold, note: parts}]}\n";
    let macros = parse(&with_macros(text)).expect("a center").macros;

    let ids: Vec<&str> = macros.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["mended", "later"]);
    assert!(macros[0].is_for(Role::Supervisor) && !macros[0].is_for(Role::Agent));
    assert_eq!(macros[0].steps[0].revision.filling.told(), ["set amount", "ticked photo"]);
    let resolution = macros[0].steps[1].resolution.as_ref().map(Wording::as_str);
    assert_eq!(resolution, Some("Done, {customer}"));
}

#[test]
fn a_macro_that_cannot_work_is_refused_with_its_place() {
    for (steps, said) in [
        ("[{move: resolv}]", "macros.yaml:1:54: move of step 1 of steps of macro \"m\""),
        ("[{move: resolv}]", "did you mean \"resolve\"?"),
        ("[{move: resolve, resolution: '{customers}'}]", "did you mean \"customer\"?"),
        ("[{move: resolve}]", "`resolution` is required"),
        ("[{move: note, note: x, queue: booking}]", "is for the move dispatch or escalate only"),
        ("[{move: dispatch, queue: bookin}]", "did you mean \"booking\"?"),
        ("[{move: dispatch, queue: booking, agent: li-wei}]", "give one of them"),
        (
            "[{move: revise, form: {amounts: 5}}]",
            "the kind repair has no field \"amounts\"; did you mean",
        ),
        ("[{move: revise, form: {amount: -5}}]", "the field takes"),
        ("[{move: revise, tick: [phot]}]", "the kind repair has no step \"phot\"; did you mean"),
        ("[{move: accept}, {move: close}]", "no ticket allows close after"),
        ("[{move: note, nots: x}]", "did you mean \"note\"?"),
        ("[]", "1 to 10 steps"),
    ] {
        let text = format!("m: {{display_name: M, kinds: [repair], steps: {steps}}}\n");
        let problems = parse(&with_macros(&text)).expect_err("a refusal");
        let told = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(told.contains(said), "{text}: {told}");
    }
}

const CLUSTER: &str = "late: {kinds: [complaint], tickets: 6, customers: 5, within: 30m, \
                       incident: {subject: Many late trains, queue: booking}}\n";

#[test]
fn rules_of_clusters_are_read_with_what_they_open() {
    let rules = parse(&with("clusters.yaml", CLUSTER)).expect("a center").cluster_rules;

    let [rule] = &rules[..] else { panic!("{rules:?}") };
    assert_eq!((rule.tickets, rule.customers), (6, 5));
    assert_eq!(rule.within, Duration::from_mins(30));
    assert_eq!(rule.incident.subject, "Many late trains");
    assert_eq!(rule.incident.queue.as_ref().map(AsRef::as_ref), Some("booking"));
}

#[test]
fn a_rule_of_clusters_that_cannot_be_meant_is_refused_with_its_place() {
    for (from, to, said) in [
        ("tickets: 6", "tickets: 1", "clusters.yaml:1:37: tickets of cluster rule \"late\": \"1\""),
        ("tickets: 6, ", "", "\"tickets\" is missing"),
        ("customers: 5", "customers: 7", "7 customers cannot make 6 tickets"),
        ("within: 30m", "within: 2d", "\"2d\" is longer than 24h"),
        ("within: 30m", "within: 5s", "is shorter than 1m"),
        ("[complaint]", "[complaints]", "did you mean \"complaint\"?"),
        ("queue: booking", "queue: bookin", "did you mean \"booking\"?"),
        ("queue: booking", "department: two words", "unknown department"),
        ("subject: Many late trains", "subjct: x", "did you mean \"subject\"?"),
        ("customers: 5", "costumers: 5", "did you mean \"customers\"?"),
    ] {
        let text = CLUSTER.replace(from, to);
        let told = complaint("clusters.yaml", &text);
        assert!(told.contains(said), "{text}: {told}");
    }
}
