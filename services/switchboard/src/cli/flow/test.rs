//! `flow test`: runs the test cases that lie beside flows.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use switchboard_center::{FlowCase, demo_cases, parse_cases, read_cases};
use switchboard_domain::center::Center;
use switchboard_domain::ids::FlowId;
use switchboard_runtime::clock::{Clock as _, SystemClock};
use switchboard_workbench::{Complaint, Coverage, Simulation, Transcript, judge};

use super::simulate::record;
use super::source::{count, sound};
use crate::cli::failure::{Exit, told};
use crate::cli::output::{Format, Output, message};

#[derive(Args, Debug)]
pub(crate) struct TestArgs {
    /// The folder of a center, or one file of its `tests` [default: the demo's]
    path: Option<PathBuf>,
    /// Runs only the cases whose name contains this
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
    /// Fails when a way of a tested flow is taken by no case
    #[arg(long)]
    all_ways: bool,
    /// Shows what happened in every case, not only where one failed
    #[arg(long)]
    transcripts: bool,
    /// How to write it
    #[arg(short, long, value_enum, default_value_t)]
    output: Format,
}

/// What came of a case.
struct Ran {
    case: FlowCase,
    transcript: Option<Transcript>,
    complaints: Vec<Complaint>,
}

impl TestArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let (folder, files) = self.files()?;
        let cases = self.cases(folder.as_deref(), &files)?;
        let center = sound(folder.as_deref())?;
        let mut coverage = Coverage::default();
        let mut all = Vec::new();
        for case in cases {
            let ran = run(&center, case).await;
            if let Some(transcript) = &ran.transcript {
                coverage.add(transcript);
            }
            all.push(ran);
        }
        let missing = match self.output {
            Format::Table => self.tell(&center, &all, &coverage, out)?,
            Format::Json => write(&center, &all, &coverage, out)?,
        };
        let failed = all.iter().filter(|ran| !ran.complaints.is_empty()).count();
        if failed > 0 {
            return Err(told(Exit::Failed, format!("{} failed", count(failed, "case"))));
        }
        if self.all_ways && missing > 0 {
            let ways = count(missing, "way");
            return Err(told(Exit::Failed, format!("no case takes {ways}")));
        }
        Ok(())
    }

    /// Finds the folder of the center and the files of cases.
    fn files(&self) -> anyhow::Result<(Option<PathBuf>, BTreeMap<String, String>)> {
        let unreadable = |error: std::io::Error| told(Exit::NotUnderstood, error.to_string());
        let Some(path) = &self.path else { return Ok((None, demo_cases())) };
        if path.is_dir() {
            return Ok((Some(path.clone()), read_cases(path).map_err(unreadable)?));
        }
        let text = fs::read_to_string(path).map_err(|error| {
            told(Exit::NotUnderstood, format!("cannot read `{}`: {error}", path.display()))
        })?;
        let folder = path.parent().and_then(Path::parent).map(Path::to_path_buf);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = format!("tests/{}", name.unwrap_or_default());
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
        Ok((Some(folder.unwrap_or_else(|| PathBuf::from("."))), [(name, text)].into()))
    }

    fn cases(
        &self,
        folder: Option<&Path>,
        files: &BTreeMap<String, String>,
    ) -> anyhow::Result<Vec<FlowCase>> {
        let mut cases = Vec::new();
        let mut problems = 0;
        for (file, text) in files {
            match parse_cases(file, text) {
                Ok(found) => cases.extend(found),
                Err(found) => {
                    problems += found.len();
                    for problem in found {
                        message(&super::source::line(folder, &problem, "error"));
                    }
                }
            }
        }
        if problems > 0 {
            return Err(told(Exit::Failed, count(problems, "problem")));
        }
        cases.retain(|case| case.name.contains(&self.only));
        if cases.is_empty() {
            return Err(told(Exit::NotFound, "there are no such test cases"));
        }
        Ok(cases)
    }

    /// Tells what came of the cases, flow by flow; gives how many ways no case took.
    fn tell(
        &self,
        center: &Center,
        all: &[Ran],
        coverage: &Coverage,
        out: &mut Output,
    ) -> anyhow::Result<usize> {
        let mut missing = 0;
        for (flow, cases) in by_flow(all) {
            out.line(&out.strong(flow.as_str()))?;
            for ran in cases {
                ran.tell(self.transcripts, out)?;
            }
            let Some(flow) = center.flow(flow) else { continue };
            let covered = coverage.of(flow);
            missing += covered.missing.len();
            let ((nodes, all_nodes), (ways, all_ways)) = (covered.nodes, covered.ways);
            out.line(&format!("  {nodes} of {all_nodes} nodes, {ways} of {all_ways} ways"))?;
            for way in &covered.missing {
                out.line(&out.faint(&format!("  not taken: {way}")))?;
            }
        }
        let failed = all.iter().filter(|ran| !ran.complaints.is_empty()).count();
        out.line(&format!("{}, {failed} failed", count(all.len(), "case")))?;
        Ok(missing)
    }
}

impl Ran {
    fn tell(&self, transcripts: bool, out: &mut Output) -> anyhow::Result<()> {
        let FlowCase { file, place, name, .. } = &self.case;
        if self.complaints.is_empty() {
            out.line(&format!("  ok    {name}"))?;
        } else {
            out.line(&format!("  FAIL  {name}  {file}:{}:{}", place.line, place.column))?;
        }
        for complaint in &self.complaints {
            out.text(&indented(&complaint.to_string()))?;
        }
        match &self.transcript {
            Some(transcript) if transcripts || !self.complaints.is_empty() => {
                out.text(&indented(&transcript.to_string()))
            }
            _ => Ok(()),
        }
    }
}

async fn run(center: &Center, case: FlowCase) -> Ran {
    let call = Simulation::new(center, &case.flow, &case.given, SystemClock.now());
    match call {
        Ok(mut call) => {
            call.add(case.inputs.iter().cloned());
            let transcript = call.play().await;
            let complaints = judge(&case, &transcript);
            Ran { case, transcript: Some(transcript), complaints }
        }
        Err(error) => {
            let complaints = vec![Complaint { about: "given", said: error.to_string() }];
            Ran { case, transcript: None, complaints }
        }
    }
}

fn by_flow(all: &[Ran]) -> BTreeMap<&FlowId, Vec<&Ran>> {
    let mut flows: BTreeMap<&FlowId, Vec<&Ran>> = BTreeMap::new();
    for ran in all {
        flows.entry(&ran.case.flow).or_default().push(ran);
    }
    flows
}

/// Writes what came of the cases for programs; gives how many ways no case took.
fn write(
    center: &Center,
    all: &[Ran],
    coverage: &Coverage,
    out: &mut Output,
) -> anyhow::Result<usize> {
    let mut missing = 0;
    let mut flows = Vec::new();
    for (id, tested) in by_flow(all) {
        let covered = center.flow(id).map(|flow| coverage.of(flow)).unwrap_or_default();
        missing += covered.missing.len();
        let cases = tested.iter().map(|ran| {
            json!({
                "name": ran.case.name,
                "file": ran.case.file,
                "line": ran.case.place.line,
                "passed": ran.complaints.is_empty(),
                "complaints": ran.complaints.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "call": ran.transcript.as_ref().map(record),
            })
        });
        flows.push(json!({
            "flow": id.as_str(),
            "cases": cases.collect::<Vec<_>>(),
            "nodes": {"reached": covered.nodes.0, "all": covered.nodes.1},
            "ways": {"taken": covered.ways.0, "all": covered.ways.1, "missing": covered.missing},
        }));
    }
    out.line(&serde_json::to_string_pretty(&flows)?)?;
    Ok(missing)
}

fn indented(text: &str) -> String {
    format!("        {}\n", text.trim_end().replace('\n', "\n        "))
}
