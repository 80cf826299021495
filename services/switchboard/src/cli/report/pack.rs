//! Figures of tickets as Markdown, CSV or JSON: sections of groups, and the pack of a month.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use switchboard_api::report::v1::{ResponseFigures, StageFigures, TargetFigures, TicketFigures};

use super::targets;
use crate::cli::{format, json};

/// The message of a group in the contract.
const FIGURES: &str = "switchboard.report.v1.TicketFigures";

/// The figures of a month.
pub(super) struct Pack {
    pub(super) month: String,
    pub(super) zone: String,
    /// The one department it is about; empty for all.
    pub(super) department: String,
    pub(super) sections: Vec<Section>,
    /// What was to be reached.
    pub(super) targets: Vec<TargetFigures>,
}

/// What tickets were counted apart by, and the groups; `all` has one group.
pub(crate) struct Section {
    pub(crate) by: &'static str,
    pub(crate) groups: Vec<TicketFigures>,
}

/// A column: its name, and its text in Markdown and in CSV.
type Column<Figures> = (&'static str, fn(&Figures) -> String, fn(&Figures) -> String);

const COLUMNS: [Column<TicketFigures>; 20] = [
    ("made", |it| it.made.to_string(), |it| it.made.to_string()),
    ("resolved", |it| it.resolved.to_string(), |it| it.resolved.to_string()),
    ("late", |it| it.late.to_string(), |it| it.late.to_string()),
    ("kept", |it| percent(it.kept), |it| number(it.kept)),
    ("at first contact", |it| it.first_contact.to_string(), |it| it.first_contact.to_string()),
    ("first contact rate", |it| percent(it.first_contact_rate), |it| number(it.first_contact_rate)),
    ("closed", |it| it.closed.to_string(), |it| it.closed.to_string()),
    ("reopened", |it| it.reopened.to_string(), |it| it.reopened.to_string()),
    ("reopen rate", |it| percent(it.reopen_rate), |it| number(it.reopen_rate)),
    ("merged", |it| it.merged.to_string(), |it| it.merged.to_string()),
    ("cancelled", |it| it.cancelled.to_string(), |it| it.cancelled.to_string()),
    (
        "mean time to resolve",
        |it| format::span(it.mean_resolving.as_ref()),
        |it| seconds(it.mean_resolving.as_ref()),
    ),
    ("answered", |it| it.answered.to_string(), |it| it.answered.to_string()),
    ("answered late", |it| it.answered_late.to_string(), |it| it.answered_late.to_string()),
    (
        "mean time to first answer",
        |it| format::span(it.mean_answering.as_ref()),
        |it| seconds(it.mean_answering.as_ref()),
    ),
    ("open", |it| it.open.to_string(), |it| it.open.to_string()),
    ("over a week", |it| it.older_than_week.to_string(), |it| it.older_than_week.to_string()),
    ("over 30 days", |it| it.older_than_month.to_string(), |it| it.older_than_month.to_string()),
    ("mean age", |it| format::span(it.mean_age.as_ref()), |it| seconds(it.mean_age.as_ref())),
    ("oldest", |it| format::span(it.oldest.as_ref()), |it| seconds(it.oldest.as_ref())),
];

/// What customers answered.
const ANSWERS: [Column<ResponseFigures>; 10] = [
    ("asked", |it| it.asked.to_string(), |it| it.asked.to_string()),
    ("answered", |it| it.answered.to_string(), |it| it.answered.to_string()),
    ("response rate", |it| percent(it.response_rate), |it| number(it.response_rate)),
    ("points", |it| it.points.to_string(), |it| it.points.to_string()),
    ("satisfied", |it| it.satisfied.to_string(), |it| it.satisfied.to_string()),
    ("CSAT", |it| percent(it.satisfied_share), |it| number(it.satisfied_share)),
    ("mean points", |it| mean(it.mean_points), |it| number(it.mean_points)),
    ("judged", |it| it.judged.to_string(), |it| it.judged.to_string()),
    ("loyal", |it| it.loyal.to_string(), |it| it.loyal.to_string()),
    ("L3", |it| percent(it.loyal_share), |it| number(it.loyal_share)),
];

impl Pack {
    /// Writes the pack for people: a table of the targets, one for each section, one of the answers to each where anybody was
    /// asked, and one of the stages.
    pub(super) fn markdown(&self) -> String {
        let of = if self.department.is_empty() {
            String::new()
        } else {
            format!(", department {}", cell(&self.department))
        };
        let mut text = format!("# Tickets in {} ({}){of}\n", self.month, self.zone);
        text.push_str(&targets::markdown(&self.targets));
        for section in &self.sections {
            section.markdown(&mut text);
        }
        for section in &self.sections {
            section.answers(&mut text);
        }
        let all = self.sections.iter().filter(|section| section.by == "all");
        all.flat_map(|section| &section.groups).for_each(|all| stages(&all.stages, &mut text));
        text
    }

    /// Writes the pack for spreadsheets: a line for each group, and for each agent of a department who has
    /// targets; spans in seconds.
    pub(super) fn csv(&self) -> anyhow::Result<String> {
        let mut file = csv::Writer::from_writer(vec![]);
        let judged = self.targets.iter().filter_map(|holder| holder.figures.as_ref());
        let groups = self.sections.iter().flat_map(|section| &section.groups);
        let some = groups.chain(judged).next();
        let head = ["month", "by", "group"].map(str::to_owned).into_iter();
        file.write_record(head.chain(heads(some)).chain(targets::heads()))?;
        let mut line = |by: &str, name: String, group: &TicketFigures, target| {
            let begin = [self.month.clone(), by.to_owned(), name];
            let cells = cells(group).chain(targets::cells(target));
            file.write_record(begin.into_iter().chain(cells))
        };
        for section in &self.sections {
            for group in &section.groups {
                let target = self.target(section.by, &group.group);
                line(section.by, group.group.clone(), group, target)?;
            }
        }
        for agent in self.targets.iter().filter(|holder| !holder.agent_id.is_empty()) {
            let name = format!("{} / {}", agent.department, agent.agent_id);
            if let Some(figures) = &agent.figures {
                line("department and agent", name, figures, Some(agent))?;
            }
        }
        Ok(String::from_utf8(file.into_inner()?)?)
    }

    /// Gives what a group was to reach: all of the pack together, or a department.
    fn target(&self, by: &str, group: &str) -> Option<&TargetFigures> {
        let department = match by {
            "all" => &self.department,
            "department" if !group.is_empty() => group,
            _ => return None,
        };
        self.targets.iter().find(|it| it.department == department && it.agent_id.is_empty())
    }

    /// Writes the pack for programs: the messages of the contract by section.
    pub(super) fn json(&self) -> anyhow::Result<String> {
        let mut sections = Map::new();
        for section in &self.sections {
            sections.insert(section.by.to_owned(), section.json()?.into());
        }
        let pack = json!({
            "month": self.month,
            "zone": self.zone,
            "department": self.department,
            "tickets": sections,
            "targets": targets::values(&self.targets)?,
        });
        Ok(serde_json::to_string_pretty(&pack)?)
    }
}

impl Section {
    /// Writes the groups as a table in Markdown.
    pub(crate) fn markdown(&self, text: &mut String) {
        let (heads, mut rows) = self.table();
        for row in &mut rows {
            row[0] = cell(&row[0]);
        }
        table(&format!("By {}", self.by), &heads, rows.into_iter(), text);
    }

    /// Gives the groups as a table: the names of its columns, and its rows.
    pub(crate) fn table(&self) -> (Vec<&'static str>, Vec<Vec<String>>) {
        let heads = [self.by].into_iter().chain(COLUMNS.iter().map(|(name, ..)| *name));
        let rows = self.groups.iter().map(|group| {
            let columns = COLUMNS.iter().map(|(_, cell_of, _)| cell_of(group));
            [group.group.clone()].into_iter().chain(columns).collect()
        });
        (heads.collect(), rows.collect())
    }

    /// Writes the groups for spreadsheets: a header, and a line for each, spans in seconds.
    pub(crate) fn csv(&self) -> anyhow::Result<String> {
        let mut file = csv::Writer::from_writer(vec![]);
        let head = [self.by.to_owned()].into_iter();
        file.write_record(head.chain(heads(self.groups.first())))?;
        for group in &self.groups {
            file.write_record([group.group.clone()].into_iter().chain(cells(group)))?;
        }
        Ok(String::from_utf8(file.into_inner()?)?)
    }

    /// Gives the groups for programs: the messages of the contract.
    pub(crate) fn json(&self) -> anyhow::Result<Vec<Value>> {
        self.groups.iter().map(|group| json::value(group, FIGURES)).collect()
    }

    /// Writes what customers answered, of the groups in which anybody was asked.
    pub(crate) fn answers(&self, text: &mut String) {
        let heads: Vec<&str> =
            [self.by].into_iter().chain(ANSWERS.iter().map(|(name, ..)| *name)).collect();
        let asked = self.groups.iter().filter_map(|group| {
            group.responses.filter(|answers| answers.asked > 0).map(|answers| (group, answers))
        });
        let mut rows = asked
            .map(|(group, answers)| {
                let columns = ANSWERS.iter().map(|(_, cell_of, _)| cell_of(&answers));
                [cell(&group.group)].into_iter().chain(columns).collect()
            })
            .peekable();
        if rows.peek().is_some() {
            table(&format!("Answers by {}", self.by), &heads, rows, text);
        }
    }
}

/// Names what spreadsheets tell of a group; its stages are those of any other.
fn heads(group: Option<&TicketFigures>) -> impl Iterator<Item = String> {
    let stages: Vec<&str> =
        group.iter().flat_map(|it| &it.stages).map(|stage| stage.stage.as_str()).collect();
    let spent: Vec<String> = stages.iter().map(|stage| format!("spent_{stage}")).collect();
    let standing: Vec<String> = stages.iter().map(|stage| format!("standing_{stage}")).collect();
    let columns = COLUMNS.iter().map(|(name, ..)| name.replace(' ', "_"));
    let answers = ANSWERS.iter().map(|(name, ..)| name.to_lowercase().replace(' ', "_"));
    columns.chain(spent).chain(standing).chain(answers)
}

/// Gives what spreadsheets tell of a group.
fn cells(group: &TicketFigures) -> impl Iterator<Item = String> {
    let answers = group.responses.unwrap_or_default();
    let columns = COLUMNS.iter().map(|(_, _, cell_of)| cell_of(group));
    let spent = group.stages.iter().map(|stage| seconds(stage.spent.as_ref()));
    let standing = group.stages.iter().map(|stage| stage.standing.to_string());
    let answers = ANSWERS.iter().map(move |(_, _, cell_of)| cell_of(&answers));
    columns.chain(spent).chain(standing).chain(answers)
}

/// Writes how long tickets stood where, and how many stand there at the end, as a table in Markdown.
pub(crate) fn stages(stages: &[StageFigures], text: &mut String) {
    let rows = stages.iter().map(|stage| {
        let spent = format::span(stage.spent.as_ref());
        vec![stage.stage.clone(), spent, stage.standing.to_string()]
    });
    table("Stages", &["stage", "time spent", "standing at the end"], rows, text);
}

pub(super) fn table(
    title: &str,
    heads: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    text: &mut String,
) {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    // Writing to a string never fails.
    let _ = write!(text, "\n## {title}\n\n{}|{}\n", line(&heads), " --- |".repeat(heads.len()));
    rows.for_each(|row| text.push_str(&line(&row)));
}

/// Gives a name that keeps within its cell; a dash where there is none.
pub(super) fn cell(name: &str) -> String {
    if name.is_empty() { "–".to_owned() } else { name.replace('|', "\\|").replace('\n', " ") }
}

fn percent(share: Option<f64>) -> String {
    share.map(|share| format!("{:.1} %", share * 100.0)).unwrap_or_default()
}

fn number(share: Option<f64>) -> String {
    share.map(|share| format!("{share:.4}")).unwrap_or_default()
}

fn mean(points: Option<f64>) -> String {
    points.map(|points| format!("{points:.2}")).unwrap_or_default()
}

fn seconds(span: Option<&prost_types::Duration>) -> String {
    span.map(|span| span.seconds.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack() -> Pack {
        let stage = StageFigures {
            stage: "handling".to_owned(),
            spent: Some(prost_types::Duration { seconds: 3_600, nanos: 0 }),
            standing: 2,
        };
        let answers = ResponseFigures {
            asked: 4,
            answered: 3,
            response_rate: Some(0.75),
            points: 3,
            satisfied: 2,
            satisfied_share: Some(2.0 / 3.0),
            mean_points: Some(3.5),
            judged: 2,
            loyal: 1,
            loyal_share: Some(0.5),
        };
        let figures = TicketFigures {
            made: 12,
            resolved: 8,
            late: 2,
            kept: Some(0.75),
            open: 4,
            stages: vec![stage],
            responses: Some(answers),
            ..TicketFigures::default()
        };
        let group = |name: &str| TicketFigures { group: name.to_owned(), ..figures.clone() };
        Pack {
            month: "2026-11".to_owned(),
            zone: "UTC".to_owned(),
            department: String::new(),
            sections: vec![
                Section { by: "all", groups: vec![group("")] },
                Section { by: "department", groups: vec![group("re|funds")] },
            ],
            targets: targets::tests::targets(&figures),
        }
    }

    #[test]
    fn a_pack_reads_as_tables() {
        let text = pack().markdown();

        assert!(
            text.starts_with("# Tickets in 2026-11 (UTC)\n\n## Targets\n\n| whose | measure |")
        );
        assert!(text.contains("\n\n## By all\n\n| all | made |"), "{text}");
        assert!(text.contains("\n| re\\|funds | 12 | 8 | 2 | 75.0 % |"), "{text}");
        assert!(text.contains("\n| handling | 1h | 2 |"), "{text}");
        assert!(text.contains("\n## Answers by department\n\n| department | asked |"), "{text}");
        assert!(
            text.contains(
                "| re\\|funds | 4 | 3 | 75.0 % | 3 | 2 | 66.7 % | 3.50 | 2 | 1 | 50.0 % |"
            ),
            "{text}"
        );
        let widths: Vec<usize> = text
            .lines()
            .filter(|line| line.starts_with('|'))
            .map(|line| line.replace("\\|", "").matches('|').count())
            .collect();
        let known = [4, 7, COLUMNS.len() + 2, ANSWERS.len() + 2];
        assert!(widths.iter().all(|width| known.contains(width)), "{widths:?}");
    }

    #[test]
    fn a_pack_reads_as_lines_of_a_spreadsheet() {
        let text = pack().csv().expect("a file");

        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("month,by,group,made,resolved,late,kept,at_first_contact,"));
        let stages_and_answers = ",spent_handling,standing_handling,asked,answered,response_rate,";
        assert!(lines[0].contains(stages_and_answers), "{}", lines[0]);
        assert!(lines[0].contains(",judged,loyal,l3,target_kept,attained_kept,"), "{}", lines[0]);
        assert!(lines[2].starts_with("2026-11,department,re|funds,12,8,2,0.7500,"), "{}", lines[2]);
        let answers = ",3600,2,4,3,0.7500,3,2,0.6667,3.5000,2,1,0.5000,0.9500,no,,,,,7200,too few";
        assert!(lines[2].contains(answers), "{}", lines[2]);
        assert!(
            lines[3].starts_with("2026-11,department and agent,re|funds / wang,"),
            "{}",
            lines[3]
        );
        let columns = lines.iter().map(|line| line.matches(',').count());
        assert!(columns.collect::<std::collections::BTreeSet<_>>().len() == 1, "{text}");
        let idle = Pack { sections: vec![], ..pack() }.csv().expect("a file");
        assert_eq!(idle.lines().count(), 2, "an agent of a month without tickets: {idle}");
    }

    #[test]
    fn a_pack_reads_as_messages() {
        let text = pack().json().expect("a text");

        let pack: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(pack["tickets"]["all"][0]["made"], 12);
        assert_eq!(pack["tickets"]["all"][0]["responses"]["loyal_share"], 0.5);
        assert_eq!(pack["tickets"]["department"][0]["group"], "re|funds");
        assert_eq!(pack["targets"][2]["agent_id"], "wang");
    }
}
