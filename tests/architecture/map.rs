//! The map shows the land: every crate is on it, and every link leads somewhere.

use std::path::Path;

use crate::workspace;

#[test]
fn every_crate_is_on_the_map() {
    let map = workspace::read(&workspace::root().join("ARCHITECTURE.md"));
    for package in workspace::members() {
        let folder = workspace::folder(package);
        assert!(map.contains(&format!("`{folder}`")), "ARCHITECTURE.md does not name `{folder}`");
    }
}

#[test]
fn every_service_has_one_name_everywhere() {
    for package in workspace::members() {
        let folder = workspace::folder(package);
        let Some(service) = folder.strip_prefix("services/").filter(|name| *name != "switchboard")
        else {
            continue;
        };
        assert_eq!(package["name"], format!("switchboard-{service}"), "{folder}");
        let manifest = format!("k8s/base/{service}.yaml");
        assert!(workspace::root().join(&manifest).is_file(), "{manifest} is missing");
    }
}

#[test]
fn every_relative_link_leads_somewhere() {
    let mut broken = Vec::new();
    for page in workspace::files(".", "md") {
        let folder = page.parent().expect("a page lies in a folder");
        for target in links(&workspace::read(&page)) {
            if !leads_somewhere(folder, &target) {
                broken.push(format!("{} -> {target}", workspace::relative(&page)));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere: {broken:#?}");
}

#[test]
fn every_decision_record_has_the_three_parts() {
    let mut records = workspace::files("docs/adr", "md");
    records.retain(|record| !record.ends_with("README.md"));
    assert!(!records.is_empty(), "docs/adr holds no records");
    for record in records {
        let text = workspace::read(&record);
        for part in ["## Context", "## Choice", "## Price"] {
            assert!(text.contains(part), "{} lacks `{part}`", workspace::relative(&record));
        }
    }
}

fn leads_somewhere(folder: &Path, target: &str) -> bool {
    let outside = ["http://", "https://", "mailto:", "#"];
    let path = target.split('#').next().expect("splitting yields at least one part");
    outside.iter().any(|prefix| target.starts_with(prefix)) || folder.join(path).exists()
}

/// The targets of all Markdown links outside code blocks.
fn links(page: &str) -> Vec<String> {
    let mut in_code = false;
    let mut targets = Vec::new();
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if !in_code {
            let ends = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            targets.extend(ends.map(str::to_owned));
        }
    }
    targets
}
