//! Nodes that ask the world.

use std::collections::BTreeMap;
use std::time::Duration;

use switchboard_domain::center::Method;
use switchboard_domain::flow::expression::Subject;
use switchboard_domain::flow::{
    CallbackNode, CallbackNumber, Fetch, FetchField, FetchValue, Key, Lookup, LookupBy, Node,
    StaffingFigure, StaffingNode, TicketNode, Transfer, TransferTarget, ValueKind, Voicemail,
};
use switchboard_domain::phone::E164;
use switchboard_domain::ticket::TicketPriority;

use super::Scope;
use super::branch::cases;
use super::question::maybe_key;
use crate::fields::Fields;
use crate::item::{Code, Item};
use crate::keys::flows::world as keys;
use crate::read::flows::KINDS;

const MAX_RETRIES: u32 = 5;
const DEFAULT_DEADLINE: Duration = Duration::from_secs(3);
const LEAST_DEADLINE: Duration = Duration::from_millis(100);
const MAX_DEADLINE: Duration = Duration::from_secs(20);
const DEFAULT_RING: Duration = Duration::from_secs(30);
const LEAST_RING: Duration = Duration::from_secs(5);
const MAX_RING: Duration = Duration::from_mins(2);
const DEFAULT_MESSAGE: Duration = Duration::from_mins(2);
const MAX_MESSAGE: Duration = Duration::from_mins(10);

pub(super) fn staffing(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let queue = fields.required("queue").and_then(|value| scope.known.queue(&value));
    let keep = fields.or("keep", BTreeMap::new(), |value| {
        let figures = StaffingFigure::ALL.map(|figure| (figure.as_str(), figure));
        let named = value.named::<String>().into_iter();
        Some(named.filter_map(|(name, figure)| Some((name, figure.word(&figures)?))).collect())
    });
    let (cases, otherwise) = cases(fields, scope, Subject::CallAndQueue);
    let fallback = scope.to(fields, "fallback");
    Some(Node::Staffing(StaffingNode {
        queue: queue?,
        keep,
        cases,
        otherwise: otherwise?,
        fallback: fallback?,
    }))
}

pub(super) fn lookup(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let by = lookup_by(fields, scope);
    let prompts = scope.prompts(fields, "prompts");
    let (next, not_found) = (scope.to(fields, "next"), scope.to(fields, "not_found"));
    let fallback = scope.to(fields, "fallback");
    Some(Node::Lookup(Lookup {
        by: by?,
        prompts,
        next: next?,
        not_found: not_found?,
        fallback: fallback?,
    }))
}

fn lookup_by(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<LookupBy> {
    match (fields.optional("number"), fields.optional("customer")) {
        (Some(number), None) => scope.field(&number).map(LookupBy::Number),
        (None, Some(customer)) => scope.field(&customer).map(LookupBy::Id),
        _ => {
            fields.item().report("takes exactly one of number and customer");
            None
        }
    }
}

pub(super) fn fetch(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let endpoint_item = fields.required("endpoint");
    let endpoint = endpoint_item.as_ref().and_then(|value| scope.known.endpoint(value));
    let values = fields.or("values", BTreeMap::new(), |item| Some(sent(item, scope)));
    let wanted = fields.or("fields", Vec::new(), |item| Some(wanted(item)));
    let deadline =
        fields.or("deadline", DEFAULT_DEADLINE, |value| value.span(LEAST_DEADLINE, MAX_DEADLINE));
    let retries = fields.or("retries", 1, |value| value.whole(0..=MAX_RETRIES));
    let prompts = scope.prompts(fields, "prompts");
    let (next, refused) = (scope.to(fields, "next"), scope.maybe_to(fields, "refused"));
    let fallback = scope.to(fields, "fallback");
    let fetch = Fetch {
        endpoint: endpoint?,
        values,
        fields: wanted,
        deadline,
        retries,
        prompts,
        next: next?,
        refused,
        fallback: fallback?,
    };
    let known = scope.endpoints.get(&fetch.endpoint);
    if fetch.is_sensitive()
        && known.is_some_and(|known| known.method == Method::Get)
        && let Some(item) = endpoint_item
    {
        let message = "is asked with get, and what is sensitive may not stand in an address";
        item.refuse(Code::Sensitive, message);
    }
    Some(Node::Fetch(fetch))
}

// A text that is nothing but a sensitive field is the secret itself.
fn sent(item: &Item<'_>, scope: &Scope<'_>) -> BTreeMap<String, FetchValue> {
    let read = |value: &Item<'_>| {
        let text = value.scalar().unwrap_or_default();
        let alone = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match alone.filter(|name| scope.secrets.contains(*name)) {
            Some(name) => Some(FetchValue::Secret(name.into())),
            None => scope.template(value).map(FetchValue::Text),
        }
    };
    let named = item.named::<String>().into_iter();
    named.filter_map(|(name, value)| Some((name, read(&value)?))).collect()
}

fn wanted(item: &Item<'_>) -> Vec<FetchField> {
    let named = item.named::<String>().into_iter();
    let read = |(name, value): (String, Item<'_>)| {
        let fields = value.fields(&keys::FETCH_FIELD)?;
        let kind = fields.or("kind", ValueKind::Text, |kind| kind.word(&KINDS));
        let from = fields.optional("from").and_then(|from| from.text().map(String::from));
        let optional = fields.or("optional", false, Item::flag);
        fields.finish();
        Some(FetchField { from: from.unwrap_or_else(|| name.clone()), name, kind, optional })
    };
    named.filter_map(read).collect()
}

pub(super) fn callback(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let queue = fields.required("queue").and_then(|value| scope.known.queue(&value));
    let field = fields.optional("number").and_then(|value| scope.field(&value));
    let number = field.map_or(CallbackNumber::Caller, CallbackNumber::Field);
    let (next, fallback) = (scope.to(fields, "next"), scope.to(fields, "fallback"));
    Some(Node::Callback(CallbackNode { queue: queue?, number, next: next?, fallback: fallback? }))
}

pub(super) fn ticket(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let subject = fields.required("subject").and_then(|value| scope.template(&value));
    let word = |name| fields.optional(name).and_then(|value| value.text().map(String::from));
    let kind = fields.optional("kind").and_then(|kind| scope.known.kind(&kind));
    let category = fields.optional("category").and_then(|named| scope.known.category(&named));
    let department = fields.optional("department").and_then(|name| scope.known.department(&name));
    let priority = fields.or("priority", TicketPriority::Normal, Item::parse);
    let details = scope.templates(fields, "fields");
    let keep = word("keep");
    let (next, fallback) = (scope.to(fields, "next"), scope.to(fields, "fallback"));
    Some(Node::Ticket(TicketNode {
        subject: subject?,
        kind,
        category,
        department,
        priority,
        fields: details,
        keep,
        next: next?,
        fallback: fallback?,
    }))
}

pub(super) fn transfer(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let prompts = scope.prompts(fields, "prompts");
    let to = match (fields.optional("agent"), fields.optional("number")) {
        (Some(agent), None) => scope.known.agent(&agent).map(TransferTarget::Agent),
        (None, Some(number)) => {
            let number = number.parse_with(E164::parse);
            number.map(|number| TransferTarget::Number(number.as_str().into()))
        }
        _ => {
            fields.item().report("takes exactly one of agent and number");
            None
        }
    };
    let ring = fields.or("ring", DEFAULT_RING, |value| value.span(LEAST_RING, MAX_RING));
    let fallback = scope.to(fields, "fallback");
    Some(Node::Transfer(Transfer { prompts, to: to?, ring, fallback: fallback? }))
}

pub(super) fn voicemail(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let prompts = scope.prompts(fields, "prompts");
    let queue = fields.required("queue").and_then(|value| scope.known.queue(&value));
    let max_length =
        fields.or("max_length", DEFAULT_MESSAGE, |value| value.span(LEAST_RING, MAX_MESSAGE));
    let end_key = maybe_key(fields, "end_key", Some(Key::POUND));
    let (next, fallback) = (scope.to(fields, "next"), scope.to(fields, "fallback"));
    Some(Node::Voicemail(Voicemail {
        prompts,
        queue: queue?,
        max_length,
        end_key,
        next: next?,
        fallback: fallback?,
    }))
}
