//! The ends of a flow where somebody else takes the caller over.

use super::super::TransferTarget;
use super::super::node::{Node, QueueNode};
use super::walk::Walk;
use super::{Directive, Outcome, RouteDirective, RouteReason};
use crate::center::merge_requirements;
use crate::ids::AgentId;

impl Walk<'_> {
    /// Sends the caller to the human node.
    pub(super) fn reach_human(&mut self, reason: RouteReason) -> Option<Outcome> {
        if let Some(Node::Queue(queue)) = self.flow.node(self.flow.human()) {
            self.note(reason.as_str(), self.flow, self.flow.human());
            self.position.node = self.flow.human().clone();
            return self.route(queue, reason);
        }
        // `Flow::build` lets no other flow pass; ending the call is all that is left.
        self.directives.push(Directive::HangUp);
        self.end(Outcome::HungUp)
    }

    pub(super) fn route(&mut self, queue: &QueueNode, reason: RouteReason) -> Option<Outcome> {
        self.play(&queue.prompts);
        self.hand_over(queue, None, reason)
    }

    /// Ends the flow for a caller who was transferred: outside, or to an agent of the center.
    pub(super) fn transferred(&mut self, to: &TransferTarget) -> Option<Outcome> {
        match (to, self.flow.node(self.flow.human())) {
            (TransferTarget::Number(_), _) => self.end(Outcome::Transferred),
            (TransferTarget::Agent(agent), Some(Node::Queue(queue))) => {
                self.hand_over(queue, Some(agent.clone()), RouteReason::Chosen)
            }
            (TransferTarget::Agent(_), _) => self.reach_human(RouteReason::FlowChanged),
        }
    }

    /// Hands the caller to a queue, with everything the flow has gathered.
    fn hand_over(
        &mut self,
        queue: &QueueNode,
        agent: Option<AgentId>,
        reason: RouteReason,
    ) -> Option<Outcome> {
        let skills = if self.position.skills.is_empty() {
            queue.skills.clone()
        } else {
            merge_requirements(&[queue.skills.as_slice(), &self.position.skills].concat())
        };
        self.directives.push(Directive::Route(RouteDirective {
            queue: queue.queue.clone(),
            agent,
            skills,
            priority_boost: queue.priority_boost.saturating_add(self.position.priority_boost),
            language: self.language().clone(),
            attributes: self.position.fields.clone(),
            reason,
        }));
        self.end(Outcome::Routed)
    }
}
