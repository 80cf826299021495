//! How long what happened is kept: `retention.yaml`.

use std::time::Duration;

use switchboard_domain::retention::Kept;

use super::demo;
use crate::{check, parse};

const DAY: Duration = Duration::from_hours(24);

#[test]
fn a_policy_names_what_goes_and_when() {
    let mut files = demo();
    files.insert("retention.yaml".into(), "run_at: \"03:30\"\ntickets: 1825d\n".into());

    let policy = parse(&files).expect("a center").retention.expect("a policy");

    assert_eq!(policy.run_at, 3 * 60 + 30);
    assert_eq!(policy.keep.into_iter().collect::<Vec<_>>(), [(Kept::Tickets, DAY * 1825)]);
}

#[test]
fn without_the_file_everything_is_kept() {
    let mut files = demo();
    files.remove("retention.yaml");

    assert_eq!(parse(&files).expect("a center").retention, None);
}

#[test]
fn a_part_is_not_kept_longer_than_the_whole_and_nothing_for_a_moment() {
    let bad = [
        (
            "events: 61d\ninteractions: 60d",
            "1:1: the file: events are kept 61d, longer than interactions, which are kept 60d and take them along",
        ),
        (
            "lookups: 61d\naudit: 60d",
            "1:1: the file: lookups are kept 61d, longer than audit, which are kept 60d and take them along",
        ),
        ("interactions: 29d", "1:15: interactions: is shorter than 30d"),
        ("tickets: soon", "1:10: tickets: \"soon\" is not a duration such as 500ms, 20s or 1m30s"),
        ("run_at: 25:00", "1:9: run_at: \"25:00\" is no time of day such as \"03:00\""),
    ];
    for (text, complaint) in bad {
        let mut files = demo();
        files.insert("retention.yaml".into(), text.into());

        let said: Vec<String> = check(&files).problems.iter().map(ToString::to_string).collect();

        assert_eq!(said, [format!("retention.yaml:{complaint}")], "{text}");
    }
}
