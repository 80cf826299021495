//! Asking the world, and going on with what it answers.

use std::collections::BTreeMap;

use super::super::node::{
    CallbackNode, CallbackNumber, Fetch, FetchValue, Lookup, LookupBy, Node, NodeId, StaffingNode,
    TicketNode,
};
use super::super::question::{
    Answer, CallbackRequest, CustomerKey, FetchField, FetchRequest, Question, Staffing,
    TicketRequest, TransferRequest, ValueKind, VoicemailRequest,
};
use super::super::secret::RequestValue;
use super::walk::{Visit, Walk};
use super::{Input, Outcome, RouteReason};

impl<'a> Walk<'a> {
    /// Asks what a node asks the world; goes on at once where there is nothing to ask with.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
    pub(super) fn ask_world(&mut self, node: &'a Node) -> Visit<'a> {
        let question = match node {
            Node::Staffing(node) => Ok(Question::Staffing { queue: node.queue.clone() }),
            Node::Lookup(node) => self.lookup(node),
            Node::Fetch(node) => self.fetch(node),
            Node::Callback(node) => self.callback(node),
            Node::Ticket(node) => Ok(Question::Ticket(self.ticket(node))),
            Node::Transfer(node) => {
                self.play(&node.prompts);
                Ok(Question::Transfer(TransferRequest { to: node.to.clone(), ring: node.ring }))
            }
            Node::Voicemail(node) => Ok(Question::Voicemail(VoicemailRequest {
                prompts: self.utterances(&node.prompts),
                queue: node.queue.clone(),
                max_length: node.max_length,
                end_key: node.end_key,
            })),
            _ => return Visit::Stop(self.reach_human(RouteReason::FlowChanged)),
        };
        match question {
            Ok(question) => Visit::Stop(Some(Outcome::Ask(Box::new(question)))),
            Err(instead) => Visit::Go(instead),
        }
    }

    /// Takes an input where the flow waits for the world.
    pub(super) fn take_answer(&mut self, node: &'a Node, input: &Input) -> Option<Outcome> {
        match (node, input) {
            (Node::Survey(survey), Input::Answer(_)) => self.enter(&survey.next),
            (Node::Survey(survey), Input::Start) => self.finish_survey(survey),
            (_, _) if !node.asks_the_world() && !matches!(node, Node::Survey(_)) => {
                self.reach_human(RouteReason::FlowChanged)
            }
            (Node::Transfer(transfer), Input::Answer(Answer::Done)) => {
                self.transferred(&transfer.to)
            }
            (_, Input::Answer(answer)) => {
                let next = self.after(node, answer);
                self.enter(next)
            }
            (_, Input::Start) => match self.ask_world(node) {
                Visit::Go(next) | Visit::Into(next) => self.enter(next),
                Visit::Stop(outcome) => outcome,
            },
            _ if is_key(input, self.flow.human_key()) => self.reach_human(RouteReason::HumanKey),
            _ => Some(Outcome::StillAsking),
        }
    }

    /// Gives where an answer leads.
    fn after(&mut self, node: &'a Node, answer: &Answer) -> &'a NodeId {
        match (node, answer) {
            (Node::Staffing(node), Answer::Staffing(staffing)) => self.staffed(node, staffing),
            (Node::Staffing(node), _) => &node.fallback,
            (Node::Lookup(node), Answer::Customer(customer)) => {
                self.position.customer = Some(customer.clone());
                &node.next
            }
            (Node::Lookup(node), Answer::NotFound) => &node.not_found,
            (Node::Lookup(node), _) => &node.fallback,
            (Node::Fetch(node), Answer::Fetched(values)) => self.fetched(node, values),
            (Node::Fetch(node), Answer::Refused) => node.refused.as_ref().unwrap_or(&node.fallback),
            (Node::Fetch(node), _) => &node.fallback,
            (Node::Callback(node), Answer::Done) => &node.next,
            (Node::Callback(node), _) => &node.fallback,
            (Node::Ticket(node), Answer::Ticket(number)) => {
                if let Some(field) = &node.keep {
                    self.position.fields.insert(field.clone(), number.to_string());
                }
                &node.next
            }
            (Node::Ticket(node), _) => &node.fallback,
            (Node::Transfer(node), _) => &node.fallback,
            (Node::Voicemail(node), Answer::Done) => &node.next,
            (Node::Voicemail(node), _) => &node.fallback,
            _ => self.flow.human(),
        }
    }

    fn staffed(&mut self, node: &'a StaffingNode, staffing: &Staffing) -> &'a NodeId {
        for (name, figure) in &node.keep {
            match figure.of(staffing) {
                Some(value) => self.position.fields.insert(name.clone(), value.to_string()),
                None => self.position.fields.remove(name),
            };
        }
        self.choose(&node.cases, Some(staffing)).unwrap_or(&node.otherwise)
    }

    fn lookup(&mut self, node: &'a Lookup) -> Result<Question, &'a NodeId> {
        let value = self.position.fields.get(node.by.field()).ok_or(&node.not_found)?;
        let key = match node.by {
            LookupBy::Number(_) => CustomerKey::Number(value.clone()),
            LookupBy::Id(_) => CustomerKey::Id(value.clone()),
        };
        self.play(&node.prompts);
        Ok(Question::Customer(key))
    }

    fn fetch(&mut self, node: &'a Fetch) -> Result<Question, &'a NodeId> {
        let mut values = BTreeMap::new();
        for (name, value) in &node.values {
            let value = match value {
                FetchValue::Text(template) => RequestValue::Text(self.filled(template)),
                FetchValue::Secret(field) => match self.secrets.remove(field) {
                    Some(secret) => RequestValue::Secret(secret),
                    // The replica that knew it is gone: whoever keyed it in is asked again.
                    None => return Err(self.asked_before().unwrap_or(&node.fallback)),
                },
            };
            values.insert(name.clone(), value);
        }
        self.play(&node.prompts);
        Ok(Question::Fetch(FetchRequest {
            endpoint: node.endpoint.clone(),
            values,
            fields: node.fields.clone(),
            deadline: node.deadline,
            retries: node.retries,
        }))
    }

    /// Finds the question that leads to the node the call is at.
    fn asked_before(&self) -> Option<&'a NodeId> {
        let mut nodes = self.flow.nodes().iter();
        let asks = |node: &Node| {
            matches!(node, Node::Collect(collect)
                if collect.is_sensitive() && collect.next == self.position.node)
        };
        nodes.find(|(_, node)| asks(node)).map(|(id, _)| id)
    }

    fn fetched(&mut self, node: &'a Fetch, values: &BTreeMap<String, String>) -> &'a NodeId {
        for field in &node.fields {
            self.position.fields.remove(&field.name);
        }
        let usable = |field: &FetchField| match values.get(&field.name) {
            Some(value) => fits(value, field.kind),
            None => field.optional,
        };
        if !node.fields.iter().all(usable) {
            return &node.fallback;
        }
        for field in &node.fields {
            if let Some(value) = values.get(&field.name) {
                self.keep(&field.name, value);
            }
        }
        &node.next
    }

    fn callback(&self, node: &'a CallbackNode) -> Result<Question, &'a NodeId> {
        let number = match &node.number {
            CallbackNumber::Caller if self.context.calling_number.is_none() => {
                return Err(&node.fallback);
            }
            CallbackNumber::Caller => None,
            CallbackNumber::Field(field) => {
                Some(self.position.fields.get(field).ok_or(&node.fallback)?.clone())
            }
        };
        Ok(Question::Callback(CallbackRequest {
            queue: node.queue.clone(),
            number,
            skills: self.position.skills.clone(),
            priority_boost: self.position.priority_boost,
            language: self.language().clone(),
            attributes: self.position.fields.clone(),
        }))
    }

    fn ticket(&self, node: &TicketNode) -> TicketRequest {
        let fields = node.fields.iter();
        TicketRequest {
            subject: self.filled(&node.subject),
            kind: node.kind.clone(),
            category: node.category.clone(),
            department: node.department.clone(),
            priority: node.priority,
            fields: fields.map(|(name, text)| (name.clone(), self.filled(text))).collect(),
        }
    }
}

fn fits(value: &str, kind: ValueKind) -> bool {
    match kind {
        ValueKind::Text => true,
        ValueKind::Number => value.parse::<i64>().is_ok(),
        ValueKind::Flag => value.parse::<bool>().is_ok(),
    }
}

fn is_key(input: &Input, key: crate::flow::Key) -> bool {
    super::keys::keys_of(input, None, None)
        .is_some_and(|keys| crate::flow::Key::parse(&keys) == Ok(key))
}
