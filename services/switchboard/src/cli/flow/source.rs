//! Where flows are read from: the folder of a center, or the demo's that the program carries.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use switchboard_center::{Findings, Problem, SampleCustomer};
use switchboard_domain::center::Center;

use crate::cli::failure::{Exit, told};
use crate::cli::output::message;

#[derive(Args, Debug)]
pub(super) struct CenterArgs {
    /// The folder of the center [default: the demo's, which the program carries]
    #[arg(long, value_name = "FOLDER")]
    center: Option<PathBuf>,
}

impl CenterArgs {
    /// Reads the center and refuses one with problems.
    pub(super) fn read(&self) -> anyhow::Result<Center> {
        sound(self.center.as_deref())
    }

    /// Gives the demo's customers for the demo's center, and none for any other.
    pub(super) fn customers(&self) -> Vec<SampleCustomer> {
        if self.center.is_some() { Vec::new() } else { switchboard_center::demo_customers() }
    }
}

/// Reads the files of a center.
pub(super) fn files(folder: Option<&Path>) -> anyhow::Result<BTreeMap<String, String>> {
    let Some(folder) = folder else { return Ok(switchboard_center::demo()) };
    let files = switchboard_center::read_folder(folder);
    files.map_err(|error| told(Exit::NotUnderstood, error.to_string()))
}

/// Reads the center and refuses one with problems, which are told.
pub(super) fn sound(folder: Option<&Path>) -> anyhow::Result<Center> {
    let Findings { center, problems, .. } = switchboard_center::check(&files(folder)?);
    if let Some(center) = center {
        return Ok(center);
    }
    for problem in &problems {
        message(&line(folder, problem, "error"));
    }
    Err(told(Exit::Failed, format!("the center has {}", count(problems.len(), "problem"))))
}

/// Writes a problem as compilers do, with the remedy on a line of its own.
pub(super) fn line(folder: Option<&Path>, problem: &Problem, severity: &str) -> String {
    let place = folder
        .map_or_else(|| problem.at(), |folder| folder.join(problem.at()).display().to_string());
    let code = problem.code.map(|code| format!(" [{code}]")).unwrap_or_default();
    let hint = problem.hint().map(|hint| format!("\n    hint: {hint}")).unwrap_or_default();
    format!("{place}: {severity}: {}{code}{hint}", problem.message)
}

/// Writes how many there are of something.
pub(super) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
