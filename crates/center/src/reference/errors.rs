//! The page of everything a flow can be refused with.

use super::add;
use crate::faults::{FAULTS, Fault};

const INTRODUCTION: &str = "\
`switchboard validate FOLDER` names file, line and code of everything that keeps a flow from being \
taken, and what it would take instead. Each code is explained here with an example that is refused \
with it; calls begin in the node `begin`, and `person` is a queue node. Codes stay as they are from \
version to version. Terms are those of [flows.md](../flows.md).
";

/// Writes the page.
pub fn flow_errors() -> String {
    let mut page = format!("# What a flow is refused for\n\n{INTRODUCTION}");
    for (heading, faults) in FAULTS {
        add(&mut page, format_args!("\n## {heading}\n"));
        for fault in faults {
            add_fault(&mut page, fault);
        }
    }
    page
}

fn add_fault(page: &mut String, fault: &Fault) {
    let Fault { code, cause, example, remedy } = fault;
    add(page, format_args!("\n### {code}\n\n{cause}\n"));
    if !example.is_empty() {
        add(page, format_args!("\n```yaml\n{}\n```\n", example.trim_end()));
    }
    add(page, format_args!("\n{remedy}\n"));
}
