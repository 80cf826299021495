//! `flow validate`: everything that would strand a caller, with place, code and remedy.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use switchboard_center::Problem;

use super::source::{count, files, line};
use crate::cli::failure::{Exit, told};
use crate::cli::output::{Format, Output};

#[derive(Args, Debug)]
pub(crate) struct ValidateArgs {
    /// The folder of the center [default: the demo's, which the program carries]
    center: Option<PathBuf>,
    /// How to write it
    #[arg(short, long, value_enum, default_value_t)]
    output: Format,
}

impl ValidateArgs {
    pub(super) fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let folder = self.center.as_deref();
        let found = switchboard_center::check(&files(folder)?);
        let flows = found.center.as_ref().map_or(0, |center| center.all_flows().count());
        match self.output {
            Format::Json => {
                let errors = found.problems.iter().map(|problem| record(problem, "error"));
                let warnings = found.warnings.iter().map(|problem| record(problem, "warning"));
                let all: Vec<_> = errors.chain(warnings).collect();
                out.line(&serde_json::to_string_pretty(
                    &json!({"flows": flows, "problems": all}),
                )?)?;
            }
            Format::Table => {
                for problem in &found.problems {
                    out.line(&line(folder, problem, "error"))?;
                }
                for warning in &found.warnings {
                    out.line(&line(folder, warning, "warning"))?;
                }
                if found.problems.is_empty() {
                    let warnings = count(found.warnings.len(), "warning");
                    out.line(&format!("ok: {}, {warnings}", count(flows, "flow")))?;
                }
            }
        }
        match found.problems.len() {
            0 => Ok(()),
            problems => Err(told(Exit::Failed, count(problems, "problem"))),
        }
    }
}

fn record(problem: &Problem, severity: &str) -> serde_json::Value {
    json!({
        "severity": severity,
        "file": problem.file,
        "line": problem.place.map(|place| place.line),
        "column": problem.place.map(|place| place.column),
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint(),
    })
}
