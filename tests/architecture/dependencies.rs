//! What we build on: licences, sources and bans. `deny.toml` says the same to cargo-deny.

use std::collections::BTreeSet;

use crate::workspace;

/// TLS stacks other than rustls, which would bring a second set of advisories.
const BANNED: &[&str] = &["openssl", "openssl-sys", "native-tls"];

#[test]
fn no_banned_crate_is_built() {
    for package in workspace::packages() {
        let name = workspace::text(package, "name");
        assert!(!BANNED.contains(&name), "`{name}` is banned: rustls is the one TLS stack");
    }
}

#[test]
fn every_crate_comes_from_one_registry() {
    let foreign = workspace::packages().iter().filter(|package| !package["source"].is_null());
    let sources: BTreeSet<&str> =
        foreign.map(|package| workspace::text(package, "source")).collect();

    assert_eq!(sources.len(), 1, "crates come from {sources:?}");
    assert!(sources.iter().all(|source| source.starts_with("registry+")), "{sources:?}");
}

#[test]
fn every_licence_is_one_that_deny_toml_allows() {
    let allowed = allowed_licences();
    let mut refused = Vec::new();
    for package in workspace::packages() {
        let licence = workspace::text(package, "license");
        if !satisfied(licence, &allowed) {
            refused.push(format!("{}: `{licence}`", package["name"]));
        }
    }
    assert!(refused.is_empty(), "licences that deny.toml does not allow: {refused:#?}");
}

#[test]
fn licence_expressions_are_understood() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "ISC".to_owned()]);
    for accepted in ["MIT", "MIT OR GPL-3.0", "GPL-3.0/MIT", "(MIT OR X) AND ISC", "ISC AND MIT"] {
        assert!(satisfied(accepted, &allowed), "{accepted}");
    }
    for refused in ["", "GPL-3.0", "MIT AND GPL-3.0", "(X OR Y) AND MIT", "MIT WITH X"] {
        assert!(!satisfied(refused, &allowed), "{refused}");
    }
}

/// True when one of the alternatives that each part of the expression gives is allowed.
fn satisfied(expression: &str, allowed: &BTreeSet<String>) -> bool {
    expression.split(" AND ").all(|part| {
        part.trim_matches(['(', ')'])
            .split(" OR ")
            .flat_map(|alternative| alternative.split('/'))
            .any(|licence| allowed.contains(licence.trim()))
    })
}

/// The list in `deny.toml`, which is the one that people edit.
fn allowed_licences() -> BTreeSet<String> {
    let deny = workspace::read(&workspace::root().join("deny.toml"));
    let section = deny.split("[licenses]").nth(1).expect("deny.toml has a licence section");
    let list = section.split("allow = [").nth(1).expect("the section has an allow list");
    let list = list.split(']').next().expect("splitting yields at least one part");
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}
