//! Every sample flow passes its test cases, and they take every way through it.

use std::collections::BTreeSet;

use switchboard_center::{check, parse_cases, read_cases, read_folder};

use super::{center, folder, played};
use crate::{Coverage, judge};

const SAMPLES: [&str; 5] =
    ["demo/center", "samples/bank", "samples/outage", "samples/on-call", "samples/showroom"];

#[tokio::test]
async fn every_sample_passes_its_cases() {
    for name in SAMPLES {
        let center = center(name);
        let mut coverage = Coverage::default();
        for (file, text) in read_cases(&folder(name)).expect("the folder is there") {
            let cases = parse_cases(&file, &text);
            for case in cases.unwrap_or_else(|problems| panic!("{name}: {problems:#?}")) {
                let transcript = played(&center, &case).await;

                let complaints = judge(&case, &transcript);
                assert!(
                    complaints.is_empty(),
                    "{name}: {}\n{complaints:#?}\n{transcript}",
                    case.name
                );
                coverage.add(&transcript);
            }
        }
        for flow in center.all_flows() {
            let missing = coverage.of(flow).missing;
            assert!(missing.is_empty(), "{name}: no case takes {missing:#?}");
        }
    }
}

#[test]
fn every_sample_is_sound_without_a_warning() {
    for name in SAMPLES {
        let found = check(&read_folder(&folder(name)).expect("the folder is there"));

        assert_eq!((&found.problems, &found.warnings), (&Vec::new(), &Vec::new()), "{name}");
    }
}

#[test]
fn every_folder_of_samples_is_tested() {
    let folders = std::fs::read_dir(folder("samples")).expect("the folder is there");
    let folders = folders.filter_map(|entry| Some(entry.ok()?.path()).filter(|path| path.is_dir()));
    let found: BTreeSet<String> =
        folders.map(|path| format!("samples/{}", path.file_name().unwrap().display())).collect();

    let listed: BTreeSet<String> = SAMPLES[1..].iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(found, listed);
}
