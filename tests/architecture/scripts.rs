//! Scripts, for Redis and for the shell, say what they are for and stay small.

use std::fs;
use std::path::PathBuf;

use crate::workspace;

const LUA_SCRIPTS: &str = "crates/store-redis/scripts";

/// One atomic move fits on a screen and a half; beyond that it is two moves.
const LUA_LINES: usize = 90;

#[test]
fn every_lua_script_opens_with_its_purpose() {
    let scripts = lua_scripts();
    assert!(!scripts.is_empty(), "{LUA_SCRIPTS} holds no scripts");
    for script in scripts {
        let text = workspace::read(&script);
        let opening = text.lines().next().unwrap_or_default();
        let purpose = opening.strip_prefix("-- ").unwrap_or_default();
        assert!(purpose.len() >= 20, "{} opens without a purpose", workspace::relative(&script));
    }
}

#[test]
fn every_lua_script_is_one_small_move() {
    for script in lua_scripts() {
        let lines = workspace::read(&script).lines().count();
        let name = workspace::relative(&script);
        assert!(lines <= LUA_LINES, "{name} has {lines} lines; the limit is {LUA_LINES}");
    }
}

#[test]
fn every_lua_script_is_part_of_the_library() {
    let list = workspace::read(&workspace::root().join("crates/store-redis/src/scripts.rs"));
    for script in lua_scripts() {
        let stem = script.file_stem().unwrap_or_default().to_string_lossy();
        let name = workspace::relative(&script);
        assert!(list.contains(&format!("\"{stem}\"")), "{name} is not in the library");
    }
}

/// Chance would make a replay differ, and a second clock would let deadlines disagree.
#[test]
fn lua_scripts_take_time_and_chance_from_elsewhere() {
    let mut clocks = Vec::new();
    for script in lua_scripts() {
        let text = workspace::read(&script);
        assert!(!text.contains("math.random"), "{} uses chance", workspace::relative(&script));
        if text.contains("\"TIME\"") || text.contains("'TIME'") {
            clocks.push(workspace::relative(&script));
        }
    }
    assert!(clocks.len() <= 1, "only the shared prelude may read the clock, not {clocks:?}");
}

#[test]
fn every_shell_script_opens_with_its_purpose() {
    let mut scripts: Vec<PathBuf> = fs::read_dir(workspace::root().join("bin"))
        .expect("bin is part of the repository")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    scripts.push(workspace::root().join(".ci/run"));
    for script in scripts {
        let text = workspace::read(&script);
        let mut lines = text.lines().skip_while(|line| line.starts_with("#!"));
        let opening = lines.next().unwrap_or_default();
        assert!(opening.len() >= 20 && opening.starts_with("# "), "{}", script.display());
    }
}

fn lua_scripts() -> Vec<PathBuf> {
    workspace::files(LUA_SCRIPTS, "lua")
}
