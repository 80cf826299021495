//! Nodes that choose the way.

use switchboard_domain::customer::Tier;
use switchboard_domain::flow::expression::{
    Comparison, Expression, ExpressionFault, Subject, Term,
};
use switchboard_domain::flow::{Branch, Case, Hours, Loop, Node, NodeId, Split, ValueKind, Way};

use super::Scope;
use crate::expression;
use crate::fields::Fields;
use crate::item::{Code, Item};
use crate::keys::flows::plain as keys;

const MAX_ROUNDS: u32 = 100;

pub(super) fn branch(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let (cases, otherwise) = cases(fields, scope, Subject::Call);
    Some(Node::Branch(Branch { cases, otherwise: otherwise? }))
}

/// Reads cases, and what follows when none fits.
pub(super) fn cases(
    fields: &Fields<'_>,
    scope: &Scope<'_>,
    subject: Subject,
) -> (Vec<Case>, Option<NodeId>) {
    let cases = fields.required("cases");
    let cases = cases.map(|value| value.list(|case| read_case(case, scope, subject)));
    (cases.unwrap_or_default(), scope.to(fields, "otherwise"))
}

pub(super) fn hours(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let calendar = fields.required("calendar").and_then(|value| scope.known.calendar(&value));
    let (open, closed) = (scope.to(fields, "open"), scope.to(fields, "closed"));
    let holiday = scope.maybe_to(fields, "holiday");
    Some(Node::Hours(Hours { calendar: calendar?, open: open?, closed: closed?, holiday }))
}

pub(super) fn split(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let ways = fields.required("ways").map(|value| value.list(|way| read_way(way, scope)));
    let otherwise = scope.to(fields, "otherwise");
    Some(Node::Split(Split { ways: ways?, otherwise: otherwise? }))
}

pub(super) fn go_round(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Node> {
    let times = fields.required("times").and_then(|times| times.whole(1..=MAX_ROUNDS));
    let (next, done) = (scope.to(fields, "next"), scope.to(fields, "done"));
    Some(Node::Loop(Loop { times: times?, next: next?, done: done? }))
}

fn read_way(item: &Item<'_>, scope: &Scope<'_>) -> Option<Way> {
    let fields = item.fields(&keys::WAY)?;
    let percent = fields.required("percent").and_then(|value| value.whole(1..=100));
    let next = scope.to(&fields, "next");
    fields.finish();
    Some(Way { percent: percent?, next: next? })
}

fn read_case(item: &Item<'_>, scope: &Scope<'_>, subject: Subject) -> Option<Case> {
    let fields = item.fields(&keys::CASE)?;
    let when = fields.required("when").and_then(|value| {
        if value.is_map() {
            return short_form(&value, scope);
        }
        expression::condition(&value, &scope.expressions(subject))
    });
    let next = scope.to(&fields, "next");
    fields.finish();
    Some(Case { when: when?, next: next? })
}

// A short form names what it looks at and, unless any value will do, the values that fit.
fn short_form(item: &Item<'_>, scope: &Scope<'_>) -> Option<Expression> {
    let fields = item.fields(&keys::CONDITION)?;
    let values = fields.optional("is");
    let of_field = fields.optional("field").map(|name| {
        let values = values.map(|values| texts(&values, |_| true));
        let name = scope.field(&name)?;
        build(item, scope, &format!("field.{name}"), values)
    });
    let tier = fields.optional("tier").map(|value| {
        let any = value.scalar() == Some("any");
        let tiers = (!any).then(|| texts(&value, |tier| tier.parse::<Tier>().is_some()));
        build(item, scope, "customer.tier", tiers)
    });
    let language = fields.optional("language").map(|value| {
        let tags = texts(&value, |tag| scope.known.language(tag).is_some());
        build(item, scope, "call.language", Some(tags))
    });
    let called = fields
        .optional("called_number")
        .map(|value| build(item, scope, "call.called_number", Some(texts(&value, |_| true))));
    fields.finish();
    let mut found: Vec<Option<Expression>> =
        of_field.into_iter().chain(tier).chain(language).chain(called).collect();
    if found.len() != 1 {
        item.report("looks at exactly one of field, tier, language or called_number");
        return None;
    }
    found.pop().flatten()
}

fn build(
    item: &Item<'_>,
    scope: &Scope<'_>,
    path: &str,
    values: Option<Vec<String>>,
) -> Option<Expression> {
    let made = expression_of(scope, path, values);
    made.map_err(|fault| item.refuse(Code::ExpressionKind, fault)).ok()
}

fn expression_of(
    scope: &Scope<'_>,
    path: &str,
    values: Option<Vec<String>>,
) -> Result<Expression, ExpressionFault> {
    let name = Term::name(path, &scope.expressions(Subject::Call))?;
    let Some(values) = values else {
        return Expression::condition(format!("has({path})"), Term::has(name)?);
    };
    let field = path.strip_prefix("field.").and_then(|field| scope.fields.get(field));
    let constants = values.iter().map(|value| match (field, value.parse(), value.parse()) {
        (Some(ValueKind::Number), Ok(number), _) => (value.clone(), Term::number(number)),
        (Some(ValueKind::Flag), _, Ok(flag)) => (value.clone(), Term::flag(flag)),
        _ => (format!("{value:?}"), Term::text(value.as_str())),
    });
    let (sources, mut constants): (Vec<String>, Vec<Term>) = constants.unzip();
    if constants.len() > 1 {
        let source = format!("{path} in [{}]", sources.join(", "));
        return Expression::condition(source, name.within(Term::list(constants)?)?);
    }
    let only = constants.pop().ok_or(ExpressionFault::BadList)?;
    let source = format!("{path} == {}", sources.concat());
    Expression::condition(source, name.compare(Comparison::Equal, only)?)
}

fn texts(item: &Item<'_>, fits: impl Fn(&Item<'_>) -> bool) -> Vec<String> {
    item.list(|value| {
        let text = value.text()?;
        fits(value).then(|| text.into())
    })
}
