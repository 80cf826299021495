//! Arrows between our crates point at `domain`, and only along the edges listed here.

use std::collections::{BTreeMap, BTreeSet};

use crate::workspace;

/// What a crate may use of ours. ARCHITECTURE.md explains the table.
const ALLOWED: &[(&str, &[&str])] = &[
    ("switchboard-domain", &[]),
    ("switchboard-store", &["domain"]),
    ("switchboard-store-memory", &["domain", "store"]),
    ("switchboard-store-redis", &["domain", "store"]),
    ("switchboard-sealing", &[]),
    // The last only with the feature `testing`.
    ("switchboard-store-postgres", &["domain", "store", "sealing", "embedded"]),
    ("switchboard-center", &["domain", "store"]),
    ("switchboard-api", &["domain", "store"]),
    (
        "switchboard-runtime",
        &[
            "domain",
            "store",
            "store-memory",
            "store-redis",
            "store-postgres",
            "sealing",
            "center",
            "api",
        ],
    ),
    ("switchboard-routing", &["domain", "store", "center", "runtime", "lookup"]),
    ("switchboard-lookup", &["domain", "store", "runtime"]),
    ("switchboard-ivr-host", &["domain", "store", "center", "lookup", "routing", "runtime"]),
    ("switchboard-workbench", &["domain", "center", "ivr-host"]),
    ("switchboard-client", &["domain", "api"]),
    ("switchboard-embedded", &[]),
    (
        "switchboard-bench",
        &[
            "domain",
            "store",
            "store-postgres",
            "store-redis",
            "api",
            "center",
            "client",
            "runtime",
            "embedded",
            "proofs",
        ],
    ),
    ("switchboard-proofs", &["domain", "store", "store-redis", "embedded"]),
    ("switchboard-call", FLOW_SERVICE),
    ("switchboard-ivr", FLOW_SERVICE),
    ("switchboard-caller-id", SERVICE),
    ("switchboard-queue", SERVICE),
    ("switchboard-ticket", SERVICE),
    ("switchboard-recorder", SERVICE),
    ("switchboard", ANYTHING),
    ("switchboard-tests", ANYTHING),
    ("switchboard-trials", ANYTHING),
    ("xtask", &[]),
];

/// Services know the rules, the store traits and the runtime; never an adapter or another service.
const SERVICE: &[&str] = &["domain", "store", "api", "runtime", "center", "routing", "lookup"];

/// Those that run flows.
const FLOW_SERVICE: &[&str] =
    &["domain", "store", "api", "runtime", "center", "routing", "lookup", "ivr-host"];

/// Those that start a whole center, to try it from outside.
const STARTERS: &[&str] = &["switchboard-tests", "switchboard-trials"];

/// The places where everything is put together.
const ANYTHING: &[&str] = &["*"];

/// Crates of others that may appear only in the packages named, tests aside.
const KEPT_APART: &[(&str, &[&str])] = &[
    // The benchmark measures the bare server beside the adapter; a story reads all that is in it.
    ("redis", &["switchboard-store-redis", "switchboard-bench", "switchboard-tests"]),
    ("sqlx", &["switchboard-store-postgres"]),
    ("axum", &["switchboard-runtime"]),
    ("config", &["switchboard-runtime"]),
    ("opentelemetry", &["switchboard-runtime"]),
    ("opentelemetry-otlp", &["switchboard-runtime"]),
    ("opentelemetry_sdk", &["switchboard-runtime"]),
    ("prometheus", &["switchboard-runtime"]),
    ("nix", &["switchboard-embedded"]),
    ("rlibphonenumber", &["switchboard-domain"]),
];

/// The only crates of others that the inner crates may use, tests aside.
const PURE: &[(&str, &[&str])] = &[
    // Of jiff only zone arithmetic on the database that is compiled in; smol_str keeps ids in place;
    // zeroize wipes what callers key in.
    (
        "switchboard-domain",
        &[
            "thiserror",
            "uuid",
            "pinyin",
            "regex",
            "unicode-normalization",
            "rlibphonenumber",
            "jiff",
            "smol_str",
            "zeroize",
        ],
    ),
    ("switchboard-store", &["thiserror", "async-trait", "tokio"]),
];

#[test]
fn every_edge_between_our_crates_is_allowed() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut wrong = Vec::new();
    for package in workspace::members() {
        let name = workspace::text(package, "name");
        let targets = allowed.get(name).copied().unwrap_or_else(|| {
            panic!("`{name}` is not in the table of crate_graph.rs; decide what it may use")
        });
        for edge in workspace::dependencies(package).iter().filter(|edge| edge.ours) {
            let target = edge.name.trim_start_matches("switchboard-");
            let crosses = if edge.dev {
                // Tests may use any library; none may reach for what is built on top of it.
                ["switchboard", "switchboard-tests", "xtask"].contains(&edge.name.as_str())
                    && targets != ANYTHING
            } else {
                targets != ANYTHING && !targets.contains(&target)
            };
            if crosses {
                wrong.push(format!("{name} -> {}", edge.name));
            }
        }
    }
    assert!(wrong.is_empty(), "edges that ARCHITECTURE.md does not allow: {wrong:#?}");
}

#[test]
fn the_table_lists_no_crate_that_is_gone() {
    let members: BTreeSet<&str> =
        workspace::members().map(|package| workspace::text(package, "name")).collect();
    for (name, _) in ALLOWED.iter().chain(PURE) {
        assert!(members.contains(name), "`{name}` is in the table but not in the workspace");
    }
}

#[test]
fn nothing_depends_on_what_puts_everything_together() {
    for package in workspace::members() {
        for edge in workspace::dependencies(package) {
            let tops = ["switchboard", "xtask"];
            let name = workspace::text(package, "name");
            assert!(
                !tops.contains(&edge.name.as_str()) || STARTERS.contains(&name),
                "{} depends on {}",
                package["name"],
                edge.name
            );
        }
    }
}

#[test]
fn databases_and_frameworks_stay_behind_their_crate() {
    for (dependency, owners) in KEPT_APART {
        for package in workspace::members() {
            let name = workspace::text(package, "name");
            let uses = workspace::dependencies(package)
                .iter()
                .any(|edge| edge.name == *dependency && !edge.dev);
            assert!(
                !uses || owners.contains(&name),
                "{name} uses {dependency}, which belongs to {owners:?}"
            );
        }
    }
}

#[test]
fn the_inner_crates_stay_pure() {
    for (name, allowed) in PURE {
        let package = workspace::members()
            .find(|package| package["name"] == *name)
            .expect("the table lists crates that exist");
        for edge in workspace::dependencies(package) {
            assert!(
                edge.ours || edge.dev || allowed.contains(&edge.name.as_str()),
                "{name} may use only {allowed:?}, and uses {}",
                edge.name
            );
        }
    }
}

#[test]
fn every_crate_opts_into_the_workspace_lints() {
    for package in workspace::members() {
        let manifest = workspace::root().join(workspace::folder(package)).join("Cargo.toml");
        let opted_in = workspace::read(&manifest).contains("[lints]\nworkspace = true\n");
        assert!(opted_in, "{} lacks `[lints] workspace = true`", workspace::relative(&manifest));
    }
}
