//! Versions of flows in a center's files: published, tried, brought back, compared.

use switchboard_domain::flow::FlowVersion;
use switchboard_domain::ids::FlowId;
use switchboard_domain::time::Timestamp;
use switchboard_store::flows::{FlowRelease, FlowStanding, ReleaseCause};

use super::*;
use crate::ChangeKind;

#[test]
fn a_flow_on_trial_gets_its_share_of_the_calls_and_the_same_ones_every_time() {
    let center = parse(&on_trial(10)).expect("a center");
    let more = parse(&on_trial(50)).expect("a center");
    let ids: Vec<String> = (0..10_000).map(|number| format!("gw-1.{number}")).collect();
    let (flow, on_trial) = (hotline(), version(&greeted_anew()));
    let tried = |within: &Center, call: &str| {
        within.flow_for(&flow, call).expect("a flow").version() == on_trial
    };

    let few: Vec<&String> = ids.iter().filter(|call| tried(&center, call)).collect();
    let many = ids.iter().filter(|call| tried(&more, call)).count();

    assert!((900..1_100).contains(&few.len()), "{}", few.len());
    assert!((4_800..5_200).contains(&many), "{many}");
    assert!(few.iter().all(|call| tried(&center, call) && tried(&more, call)));
}

#[test]
fn publishing_ends_the_trial_and_ending_the_trial_changes_nothing_else() {
    let tried = on_trial(10);

    let published = publish_flow(&tried, &hotline(), &greeted_anew());

    assert_eq!(flow_standing(&published, &hotline()), Some(standing(&greeted_anew(), None)));
    assert_eq!(published.keys().collect::<Vec<_>>(), demo().keys().collect::<Vec<_>>());
    assert_eq!(end_trial(&tried, &hotline()), demo());
}

#[test]
fn an_apply_keeps_trials_until_it_changes_the_flow_itself() {
    let tried = on_trial(10);
    let other_title = demo_with("center.yaml", "Ticketing hotline", "Ticket line");
    let other_flow = demo_with("flows/hotline.yaml", "max_steps: 100", "max_steps: 90");
    let other_comment = demo_with("flows/hotline.yaml", "# The ticketing", "# Our ticketing");

    let expected = standing(&demo()["flows/hotline.yaml"], Some((&greeted_anew(), 10)));
    for kept in [other_title, other_comment] {
        assert_eq!(flow_standing(&keep_trials(&tried, &kept), &hotline()), Some(expected));
    }
    assert_eq!(keep_trials(&tried, &other_flow), other_flow);
}

#[test]
fn a_trial_needs_a_text_a_share_and_a_flow() {
    let complaints = |change: &dyn Fn(&mut BTreeMap<String, String>)| {
        let mut files = on_trial(10);
        change(&mut files);
        let problems = parse(&files).expect_err("no center");
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };

    for (said, wanted) in [
        (
            complaints(&|files| drop(files.remove("canaries/hotline.yaml"))),
            "canaries.yaml:2:14: canary \"hotline\": its text, canaries/hotline.yaml, is missing",
        ),
        (
            complaints(&|files| drop(files.remove("canaries.yaml"))),
            "canaries/hotline.yaml:5:1: the file: its share of the calls is missing in canaries.yaml",
        ),
        (
            complaints(&|files| drop(files.insert("canaries.yaml".into(), "hotline: 100".into()))),
            "\"100\" is not a whole number from 1 to 99",
        ),
        (
            complaints(&|files| {
                let text = files.remove("canaries/hotline.yaml").expect("a text");
                files.insert("canaries/other.yaml".into(), text);
                files.insert("canaries.yaml".into(), "other: 5".into());
            }),
            "canary \"other\": is on trial beside no flow of this id",
        ),
    ] {
        assert!(said.contains(wanted), "{said}\n{wanted}");
    }
}

#[test]
fn what_changes_for_a_flow_is_told_with_the_texts_before_and_after() {
    let change = flow_changes(&demo(), &on_trial(10), ReleaseCause::Canary, "try it");

    let now = standing(&demo()["flows/hotline.yaml"], Some((&greeted_anew(), 10)));
    assert_eq!(change.standings, [(hotline(), now)]);
    let kept: Vec<FlowVersion> = change.texts.iter().map(|text| text.version).collect();
    assert!(kept.contains(&version(&greeted_anew())));
    assert!(kept.contains(&version(&demo()["flows/hotline.yaml"])));
    let comment = demo_with("flows/hotline.yaml", "# The ticketing", "# Our ticketing");
    let same = flow_changes(&demo(), &comment, ReleaseCause::Apply, "");
    assert_eq!(same.standings, []);
}

#[test]
fn a_rollback_goes_one_published_version_back_and_a_second_one_another() {
    use ReleaseCause::{Canary, Publish, Rollback};
    let back = |lines: &[(u64, ReleaseCause)]| {
        let lines = lines.iter().rev().map(|(version, cause)| release(*version, *cause));
        version_before(&lines.collect::<Vec<_>>()).map(|version| version.0)
    };

    assert_eq!(back(&[(1, Publish)]), None);
    assert_eq!(back(&[(1, Publish), (2, Publish), (3, Publish)]), Some(2));
    assert_eq!(back(&[(1, Publish), (2, Publish), (2, Canary)]), Some(1));
    assert_eq!(back(&[(1, Publish), (2, Publish), (3, Publish), (2, Rollback)]), Some(1));
    assert_eq!(back(&[(1, Publish), (2, Publish), (1, Rollback)]), None);
    assert_eq!(back(&[(1, Publish), (2, Publish), (1, Rollback), (3, Publish)]), Some(1));
    assert_eq!(back(&[(1, Publish), (2, Publish), (1, Publish)]), Some(2));
}

#[test]
fn versions_are_compared_node_by_node_and_line_by_line() {
    let before = demo()["flows/hotline.yaml"].clone();
    let after = before
        .replace("  welcome:\n", "  welcome-all:\n")
        .replace("otherwise: welcome\n", "otherwise: welcome-all\n")
        .replace("title: Ticketing hotline", "title: Ticket line");

    let compared = compare_flows(&before, &after);

    let nodes: Vec<(&str, ChangeKind)> =
        compared.nodes.iter().map(|node| (node.node.as_str(), node.kind)).collect();
    let expected = [
        ("greet", ChangeKind::Changed),
        ("welcome", ChangeKind::Removed),
        ("welcome-all", ChangeKind::Added),
    ];
    assert_eq!(nodes, expected);
    let key = &compared.nodes[0].keys[0];
    assert_eq!(key.key.as_deref(), Some("otherwise"));
    assert_eq!(key.after.as_deref(), Some("welcome-all"));
    assert_eq!(compared.frame.len(), 1);
    assert!(compared.text.contains("-title: Ticketing hotline\n+title: Ticket line\n"));
    assert_eq!(compare_flows(&before, &before), FlowComparison::default());
}

#[test]
fn a_version_is_read_though_what_it_refers_to_is_gone() {
    let text = &demo()["flows/hotline.yaml"];

    let flow = read_version(&hotline(), text, BTreeMap::new()).expect("it was published once");

    assert_eq!(flow, *demo_center().flows[&hotline()].as_ref());
    assert!(read_version(&hotline(), "title: only", BTreeMap::new()).is_err());
}

fn release(version: u64, cause: ReleaseCause) -> FlowRelease {
    FlowRelease {
        flow: hotline(),
        center_version: 1,
        standing: FlowStanding { version: FlowVersion(version), canary: None },
        cause,
        author: "wu".into(),
        note: String::new(),
        at: Timestamp::ZERO,
    }
}

fn standing(text: &str, canary: Option<(&str, u8)>) -> FlowStanding {
    let canary = canary.map(|(tried, percent)| (version(tried), percent));
    FlowStanding { version: version(text), canary }
}

fn version(text: &str) -> FlowVersion {
    flow_version(text).expect("YAML")
}

fn on_trial(percent: u8) -> BTreeMap<String, String> {
    try_flow(&demo(), &hotline(), &greeted_anew(), percent)
}

fn greeted_anew() -> String {
    demo()["flows/hotline.yaml"].replace("max_steps: 100", "max_steps: 99")
}

fn hotline() -> FlowId {
    FlowId::parse("hotline").expect("an id")
}
