//! Whether a simulated call came out as its test case expects.

use std::fmt::{self, Write as _};

use similar::TextDiff;
use switchboard_center::{Expected, FlowCase};
use switchboard_domain::flow::{RouteDirective, Sound, Utterance};

use crate::transcript::{Ending, Said, Transcript};

/// Something that came out otherwise than expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What it is about: a key of the expectations, or `answers` or `inputs`.
    pub about: &'static str,
    /// What was expected and what came, in lines.
    pub said: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<&str> = self.said.lines().collect();
        match lines.as_slice() {
            [only] => write!(formatter, "{}: {only}", self.about),
            many => write!(formatter, "{}:\n  {}", self.about, many.join("\n  ")),
        }
    }
}

/// Compares a call with what its case expects; nothing to complain of means that the case passed.
pub fn judge(case: &FlowCase, transcript: &Transcript) -> Vec<Complaint> {
    let mut judge = Judge { transcript, complaints: Vec::new() };
    judge.script();
    judge.way(&case.expected);
    judge.sounds(&case.expected);
    judge.fields(&case.expected);
    judge.end(&case.expected);
    judge.complaints
}

struct Judge<'a> {
    transcript: &'a Transcript,
    complaints: Vec<Complaint>,
}

impl Judge<'_> {
    fn complain(&mut self, about: &'static str, said: impl Into<String>) {
        self.complaints.push(Complaint { about, said: said.into() });
    }

    fn differs(&mut self, about: &'static str, expected: &str, found: &str) {
        if expected != found {
            self.complain(about, format!("expected {expected}, found {found}"));
        }
    }

    /// A script that does not fit the call is a slip in the case.
    fn script(&mut self) {
        let transcript = self.transcript;
        for asked in transcript.path().flat_map(|seen| &seen.asked) {
            if let Some(trouble) = &asked.trouble {
                let said = format!("`{}` asks {}: {trouble}", asked.node, asked.question);
                self.complain("answers", said);
            }
        }
        for node in &transcript.unasked {
            self.complain("answers", format!("nobody asked for the answer of `{node}`"));
        }
        if transcript.unused_inputs {
            self.complain("inputs", "the flow ended before the caller had done everything");
        }
    }

    fn way(&mut self, expected: &Expected) {
        let root = &self.transcript.header.flow;
        let name = |seen: &crate::Seen| match &seen.stop.flow {
            flow if flow == root => seen.stop.node.to_string(),
            flow => format!("{flow}/{}", seen.stop.node),
        };
        let entered = self
            .transcript
            .path()
            .enumerate()
            .filter(|(index, seen)| *index == 0 || seen.edge.is_some());
        let path: Vec<String> = entered.map(|(_, seen)| name(seen)).collect();
        if let Some(wanted) = expected.path.as_ref().filter(|wanted| **wanted != path) {
            self.complain("path", diff(wanted, &path));
        }
        self.in_order("through", &expected.through, &path);
    }

    fn sounds(&mut self, expected: &Expected) {
        let prompts: Vec<String> =
            self.transcript.heard().map(|heard| heard.key.to_string()).collect();
        self.in_order("prompts", &expected.prompts, &prompts);
        let texts: Vec<&str> = self.transcript.heard().map(text).collect();
        for wanted in &expected.texts {
            if !texts.iter().any(|text| text.contains(wanted.as_str())) {
                let heard = texts.join("\n  ");
                self.complain(
                    "texts",
                    format!("“{wanted}” is in nothing that was heard:\n  {heard}"),
                );
            }
        }
        if let Some(wanted) = &expected.answered {
            let topics = self.transcript.path().flat_map(|seen| &seen.said);
            let topics: Vec<String> = topics.filter_map(topic).collect();
            self.differs("answered", &list(wanted), &list(&topics));
        }
    }

    fn fields(&mut self, expected: &Expected) {
        let fields = &self.transcript.fields;
        for (name, wanted) in &expected.fields {
            let found = fields.get(name).map_or("nothing", String::as_str);
            if found != wanted {
                self.complain("fields", format!("{name}: expected {wanted}, found {found}"));
            }
        }
        for name in &expected.no_fields {
            if let Some(found) = fields.get(name) {
                self.complain("no_fields", format!("{name}: expected nothing, found {found}"));
            }
        }
    }

    fn end(&mut self, expected: &Expected) {
        let ending = self.transcript.ending();
        let found = ending.map_or("waiting", Ending::as_str);
        let of_queue = expected.queue.is_some() || expected.reason.is_some();
        let wanted = expected.end.as_deref().or_else(|| of_queue.then_some("queue"));
        if let Some(wanted) = wanted {
            self.differs("end", wanted, found);
        }
        if let Some(language) = &expected.language {
            self.differs("ends_in", language.as_str(), self.transcript.language.as_str());
        }
        if let Some(Ending::Queue(route)) = ending {
            self.route(expected, route);
        }
    }

    fn route(&mut self, expected: &Expected, route: &RouteDirective) {
        if let Some(queue) = &expected.queue {
            self.differs("queue", queue.as_str(), route.queue.as_str());
        }
        if let Some(reason) = &expected.reason {
            self.differs("reason", reason, route.reason.as_str());
        }
        if let Some(priority) = expected.priority {
            self.differs("priority", &priority.to_string(), &route.priority_boost.to_string());
        }
        if let Some(skills) = &expected.skills {
            let told = |needs: &[switchboard_domain::center::SkillRequirement]| {
                let needs = needs.iter().map(|need| format!("{} {}", need.skill, need.level));
                let mut needs: Vec<String> = needs.collect();
                needs.sort();
                list(&needs)
            };
            self.differs("skills", &told(skills), &told(&route.skills));
        }
    }

    /// Looks for names in their order, maybe with others between them.
    fn in_order(&mut self, about: &'static str, wanted: &[String], found: &[String]) {
        let mut rest = found.iter();
        let missing = wanted.iter().find(|name| !rest.any(|one| one == *name));
        if let Some(missing) = missing {
            let said = format!("`{missing}` does not come in this order\n{}", diff(wanted, found));
            self.complain(about, said);
        }
    }
}

/// Shows two lists line by line: `-` was expected, `+` came instead.
fn diff(wanted: &[String], found: &[String]) -> String {
    let (old, new) = (format!("{}\n", wanted.join("\n")), format!("{}\n", found.join("\n")));
    let diff = TextDiff::from_lines(&old, &new);
    let mut lines = String::new();
    for change in diff.iter_all_changes() {
        let _ = write!(lines, "{}{change}", change.tag());
    }
    lines.trim_end().to_owned()
}

fn text(heard: &Utterance) -> &str {
    match &heard.sound {
        Sound::Text(text) => text,
        Sound::Asset(name) => name,
    }
}

fn topic(said: &Said) -> Option<String> {
    match said {
        Said::Topic(topic) => Some(topic.clone()),
        Said::Prompt(_) | Said::Recording(_) => None,
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
