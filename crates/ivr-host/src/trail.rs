//! The path of a caller through a flow, as a trace may show it.

use switchboard_domain::floor::details::Details;
use switchboard_domain::flow::{Directive, Flow, Input, Node, Position, RouteDirective};

use crate::host::Run;

/// What is told of one step, and the path so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// The nodes the caller has been at, in order, with ` > ` between them.
    pub path: String,
    /// What is told of this step.
    pub told: Details,
}

impl Trail {
    /// Begins the trail of a call.
    pub fn start() -> Self {
        Self { path: String::new(), told: Details::new().with("input", "start") }
    }

    /// Goes on with the trail of a call that has come as far as a position.
    pub fn resumed(path: String, flow: &Flow, position: &Position, input: &Input) -> Self {
        let told = Details::new()
            .with("input", &masked(flow, position, input))
            .with("from", &position.node.to_string());
        Self { path, told }
    }

    /// Notes what a step asked the world and how it was answered, which common questions it answered,
    /// whether the call is recorded from here, and what the caller said of the service.
    #[must_use]
    pub fn with_run(mut self, run: &Run) -> Self {
        if !run.asked.is_empty() {
            self.told.set("asked", &run.asked.join(", "));
        }
        let mut topics = Vec::new();
        for directive in &run.step.directives {
            match directive {
                Directive::Answered(topic) => topics.push(topic.as_str()),
                Directive::Record(on) => {
                    self.told.set("recording", if *on { "on" } else { "off" });
                }
                Directive::Play(_)
                | Directive::Collect(_)
                | Directive::Route(_)
                | Directive::HangUp => {}
            }
        }
        if !topics.is_empty() {
            self.told.set("answered", &topics.join(", "));
        }
        if let Some(result) = &run.survey {
            self.told.set("survey", &result.survey);
            for (question, score) in &result.scores {
                self.told.set(&format!("score.{question}"), &score.to_string());
            }
        }
        self
    }

    /// Notes where a step has led.
    pub fn go_to(&mut self, position: &Position) {
        let node = position.node.to_string();
        if !self.path.is_empty() {
            self.path.push_str(" > ");
        }
        self.path.push_str(&node);
        self.told.set("node", &node);
    }

    /// Gives what travels with a caller to a queue.
    pub fn details_for(&self, known: &Details, route: &RouteDirective) -> Details {
        let mut details = known.clone();
        details.set("language", &route.language.to_string());
        details.set("menu_path", &self.path);
        details.set("route_reason", route.reason.as_str());
        for (name, value) in &route.attributes {
            details.set(&format!("field.{name}"), value);
        }
        details
    }
}

/// Writes an input so that a trace can show it: menu keys as they are, entries only by length.
pub fn masked(flow: &Flow, position: &Position, input: &Input) -> String {
    match input {
        // The node of a flow that is called is not one of this flow, whatever its name.
        Input::Digits { keys, .. } => match flow.nodes().get(&position.node) {
            Some(Node::Menu(_)) if position.stack.is_empty() => keys.clone(),
            _ => "•".repeat(keys.chars().count()),
        },
        Input::Text(text) => "•".repeat(text.chars().count()),
        Input::Answer(_) => "answer".to_owned(),
        Input::Start => "start".to_owned(),
        Input::Silence => "silence".to_owned(),
        Input::MediaDone => "media_done".to_owned(),
        Input::HangUp => "hang_up".to_owned(),
    }
}
