//! Surveys that flows ask and that `surveys.yaml` has: what callers key must be what it judges.

use switchboard_domain::flow::{Node, Survey, SurveyQuestion};
use switchboard_domain::survey::{self, POINTS};

use super::Whole;
use crate::item::{Code, Item};

/// Reports questions of flows whose scores would mean something else in the survey of that name.
pub(super) fn check(whole: &Whole<'_>) {
    let center = whole.center;
    let flows = center.flows.iter().map(|(id, flow)| ("flows", id, flow));
    let trials = center.canaries.iter().map(|(id, canary)| ("canaries", id, &canary.flow));
    for (folder, id, flow) in flows.chain(trials) {
        let file = format!("{folder}/{id}.yaml");
        let Some(nodes) = whole.folder.file(&file).and_then(|root| root.child("nodes")) else {
            continue;
        };
        for (name, node) in flow.nodes() {
            if let (Node::Survey(asked), Some(item)) = (node, nodes.child(name.as_str())) {
                check_node(whole, asked, &item.called(format!("node {:?}", name.as_str())));
            }
        }
    }
}

fn check_node(whole: &Whole<'_>, asked: &Survey, item: &Item<'_>) {
    let mut surveys = whole.center.surveys.values();
    let Some(known) = surveys.find(|survey| survey.id.as_str() == asked.name) else {
        // Its scores stand in the history of the call, and are nothing else.
        return;
    };
    let Some(misfit) = asked.questions.iter().find(|question| !fits(question, known)) else {
        return;
    };
    let by_points = known.questions.iter().filter(|question| question.is_by_points());
    let names: Vec<&str> = by_points.map(|question| question.name.as_str()).collect();
    let message = format!(
        "asks {:?} for {} to {} points, but survey {:?} of surveys.yaml takes {} to {} for {}; \
         change the question, or keep the result under another name",
        misfit.name,
        misfit.least,
        misfit.most,
        asked.name,
        POINTS.start(),
        POINTS.end(),
        names.join(", "),
    );
    item.refuse(Code::BadValue, message);
}

fn fits(asked: &SurveyQuestion, known: &survey::Survey) -> bool {
    let scale = (u32::from(*POINTS.start()), u32::from(*POINTS.end()));
    let is_known =
        |question: &survey::Question| question.is_by_points() && question.name == asked.name;
    (asked.least, asked.most) == scale && known.questions.iter().any(is_known)
}
