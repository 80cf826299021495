//! What is told of flows.

use switchboard_domain::flow::Directive;
use switchboard_domain::ids::TenantId;
use switchboard_runtime::telemetry::metrics::{Counter, counter};

/// The instruments of flows.
pub(super) struct Metrics {
    answers: Counter,
}

impl Metrics {
    /// Makes the instruments.
    pub(super) fn new() -> Self {
        let what = "Common questions that flows answered, by topic.";
        Self { answers: counter("switchboard_flow_answers", what) }
    }

    /// Tells of the common questions that a step has answered.
    pub(super) fn answered(&self, tenant: &TenantId, directives: &[Directive]) {
        for directive in directives {
            if let Directive::Answered(topic) = directive {
                self.answers.add(1, &[("tenant", tenant.as_str()), ("topic", topic)]);
            }
        }
    }
}
