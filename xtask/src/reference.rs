//! Writes the pages of `docs/reference` from the files that people edit.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::say;

const GENERATED: &str = "<!-- Written by `cargo xtask prepare`; edit the source instead. -->";

/// Writes every page.
pub(crate) fn write(root: &Path) -> anyhow::Result<()> {
    for (path, text) in pages(root)? {
        fs::create_dir_all(path.parent().context("a page lies in a folder")?)?;
        fs::write(&path, text)?;
        say(&format!("wrote {}", path.display()))?;
    }
    Ok(())
}

/// Fails when a page differs from what would be written now.
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    for (path, text) in pages(root)? {
        let present = fs::read_to_string(&path).unwrap_or_default();
        ensure!(present == text, "{} is out of date: run `cargo xtask prepare`", path.display());
    }
    Ok(())
}

fn pages(root: &Path) -> anyhow::Result<Vec<(PathBuf, String)>> {
    let folder = root.join("docs/reference");
    Ok(vec![
        (folder.join("rpcs.md"), rpcs(root)?),
        (folder.join("settings.md"), settings(root)?),
        (folder.join("center.md"), generated(&center(root, "keys")?)),
        (folder.join("flow-errors.md"), generated(&center(root, "errors")?)),
        (folder.join("flow.schema.json"), center(root, "schema")?),
        (folder.join("flow-test.schema.json"), center(root, "cases")?),
    ])
}

/// Shows the file of defaults, whose comments are the documentation of every key.
fn settings(root: &Path) -> anyhow::Result<String> {
    let defaults = fs::read_to_string(root.join("config/default.toml"))?;
    Ok(format!(
        "{GENERATED}\n\n# Settings\n\n\
         Every key with its default and unit, from \
         [config/default.toml](../../config/default.toml). A file given with `--config` overrides \
         single keys; an unknown key stops the start.\n\n```toml\n{}\n```\n",
        defaults.trim_end()
    ))
}

/// Asks the readers of a center's files what they know.
fn center(root: &Path, page: &str) -> anyhow::Result<String> {
    let arguments =
        ["run", "--quiet", "--package", "switchboard-center", "--example", "reference", "--", page];
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the reference of a center's files failed: {said}");
    Ok(String::from_utf8(output.stdout)?)
}

fn generated(page: &str) -> String {
    format!("{GENERATED}\n\n{page}")
}

/// Lists every RPC with the first sentence of its comment.
fn rpcs(root: &Path) -> anyhow::Result<String> {
    let mut page = format!(
        "{GENERATED}\n\n# RPCs\n\n\
         Fields, units and limits are in the comments of the protocol files themselves.\n"
    );
    for file in protocol_files(&root.join("proto"))? {
        let text = fs::read_to_string(&file)?;
        let path = file.strip_prefix(root)?.display().to_string();
        for service in services(&text) {
            writeln!(page, "\n## {}.{}\n", package(&text), service.name)?;
            writeln!(page, "{}\n\nSource: [{path}](../../{path})\n", service.comment)?;
            writeln!(page, "| RPC | kind | purpose |\n| --- | --- | --- |")?;
            for rpc in service.rpcs {
                writeln!(page, "| `{}` | {} | {} |", rpc.name, rpc.kind, rpc.purpose)?;
            }
        }
    }
    Ok(page)
}

fn protocol_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(protocol_files(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "proto") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

struct Service {
    name: String,
    comment: String,
    rpcs: Vec<Rpc>,
}

struct Rpc {
    name: String,
    kind: &'static str,
    purpose: String,
}

fn package(text: &str) -> &str {
    let declaration = text.lines().find_map(|line| line.strip_prefix("package "));
    declaration.unwrap_or_default().trim_end_matches(';')
}

/// Reads the services of a protocol file, which `buf format` keeps in one shape.
fn services(text: &str) -> Vec<Service> {
    let mut found: Vec<Service> = Vec::new();
    let mut comment = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("//") {
            comment = format!("{comment} {}", words.trim());
            continue;
        }
        if let Some(name) = line.strip_prefix("service ") {
            let name = name.trim_end_matches(" {").to_owned();
            found.push(Service { name, comment: comment.trim().to_owned(), rpcs: Vec::new() });
        } else if let (Some(rpc), Some(service)) = (line.strip_prefix("rpc "), found.last_mut()) {
            service.rpcs.push(read_rpc(rpc, comment.trim()));
        }
        comment.clear();
    }
    found
}

fn read_rpc(declaration: &str, comment: &str) -> Rpc {
    let name = declaration.split('(').next().unwrap_or_default().to_owned();
    let purpose = match comment.split_once(". ") {
        Some((sentence, _)) => format!("{sentence}."),
        None => comment.to_owned(),
    };
    let kind = match declaration.matches("(stream ").count() {
        0 => "unary",
        1 => "server stream",
        _ => "both stream",
    };
    Rpc { name, kind, purpose }
}

#[cfg(test)]
mod tests {
    use super::services;

    #[test]
    fn an_rpc_is_read_with_its_kind_and_first_sentence() {
        let found = services(
            "// Reads queues. Roles: agent.\nservice Queues {\n  // Lists them. In order.\n  \
             rpc List(A) returns (B);\n\n  // Watches.\n  rpc Watch(A) returns (stream B);\n}\n",
        );
        let [service] = found.as_slice() else { unreachable!("the text holds one service") };
        assert_eq!(service.comment, "Reads queues. Roles: agent.");
        let told: Vec<_> =
            service.rpcs.iter().map(|rpc| (rpc.name.as_str(), rpc.kind, &*rpc.purpose)).collect();
        let expected = [("List", "unary", "Lists them."), ("Watch", "server stream", "Watches.")];
        assert_eq!(told, expected);
    }
}
