//! Evaluations for people to read.

use switchboard_api::quality::v1::evaluation::About;
use switchboard_api::quality::v1::{Evaluation, Finding, Mark};

use super::{NONE, STATE};
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown};

impl Shown for Evaluation {
    const NAME: &'static str = "switchboard.quality.v1.Evaluation";
    const COLUMNS: &'static [&'static str] = &[
        "EVALUATION",
        "STATE",
        "SCORECARD",
        "ABOUT",
        "AGENT",
        "QUEUE",
        "DEPARTMENT",
        "SAMPLE",
        "SCORE",
        "PASSED",
        "BY",
        "OPENED",
        "READ",
    ];

    fn row(&self) -> Vec<String> {
        let found = self.finding.as_ref();
        vec![
            self.evaluation_id.clone(),
            format::word(self.state().as_str_name(), STATE),
            self.scorecard_id.clone(),
            about(self),
            self.agent_id.clone(),
            self.queue_id.clone(),
            self.department.clone(),
            self.sample.clone(),
            found.map(|found| percent(found.score)).unwrap_or_default(),
            found.map(passed).unwrap_or_default(),
            self.evaluator.clone(),
            format::time(self.create_time.as_ref()),
            format::time(self.acknowledge_time.as_ref()),
        ]
    }
}

/// Shows an evaluation, and what was found of each criterion.
pub(super) fn show(found: &Evaluation, format: Format, out: &mut Output) -> anyhow::Result<()> {
    match format {
        Format::Json => out.json(found, Evaluation::NAME),
        Format::Table => write(found, out),
    }
}

/// Writes a share in percent.
pub(super) fn percent(share: f64) -> String {
    format!("{share:.2}%")
}

fn write(found: &Evaluation, out: &mut Output) -> anyhow::Result<()> {
    let failed = found.finding.as_ref().map(|finding| finding.failed_criteria.join(", "));
    let more = [
        ("failed".to_owned(), failed.unwrap_or_default()),
        ("reason".to_owned(), found.reason.clone()),
        ("comment".to_owned(), found.comment.clone()),
    ];
    let row = Evaluation::COLUMNS.iter().map(|name| name.to_lowercase()).zip(found.row());
    for (name, text) in row.chain(more).filter(|(_, text)| !text.is_empty()) {
        let strong = out.strong(&format!("{name:<12}"));
        out.line(&format!("{strong}{text}"))?;
    }
    if found.marks.is_empty() {
        return Ok(());
    }
    out.line("")?;
    out.table(&["CRITERION", "POINTS"], found.marks.iter().map(mark))
}

fn about(evaluation: &Evaluation) -> String {
    match &evaluation.about {
        Some(About::InteractionId(call)) => format!("call {call}"),
        Some(About::TicketId(ticket)) => format!("ticket {ticket}"),
        None => String::new(),
    }
}

fn passed(found: &Finding) -> String {
    (if found.passed { "yes" } else { "no" }).to_owned()
}

fn mark(mark: &Mark) -> Vec<String> {
    let points = mark.points.map_or_else(|| NONE.to_owned(), |points| points.to_string());
    vec![mark.criterion.clone(), points]
}
