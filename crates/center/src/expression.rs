//! From conditions as they are written, in the Common Expression Language, to typed ones.
//!
//! Parsing is the library's; what parsed is translated into the domain's small language, which
//! knows every name and every kind before a flow is accepted.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators as op};
use cel::parser::Parser;
use switchboard_domain::flow::expression::{
    Comparison, Expression, ExpressionFault, Scope, Term, TextTest,
};

use crate::item::{Code, Item};
use crate::nearest::did_you_mean;

/// The longest expression, in bytes: the parser's work grows with it.
const MAX_LENGTH: usize = 2_000;
/// How deep the parser goes; the domain allows less.
const MAX_DEPTH: u16 = 60;

/// Reads a condition.
pub(crate) fn condition(item: &Item<'_>, scope: &Scope<'_>) -> Option<Expression> {
    read(item, scope, Expression::condition)
}

/// Reads a sum.
pub(crate) fn number(item: &Item<'_>, scope: &Scope<'_>) -> Option<Expression> {
    read(item, scope, Expression::number)
}

fn read(
    item: &Item<'_>,
    scope: &Scope<'_>,
    check: impl FnOnce(String, Term) -> Result<Expression, ExpressionFault>,
) -> Option<Expression> {
    let source = item.text()?.trim();
    let term = parsed(source).and_then(|parsed| {
        let term = term(&parsed, scope)?;
        check(source.to_owned(), term).map_err(Refusal::from)
    });
    term.map_err(|refusal| refusal.report(item, scope)).ok()
}

/// Why a text is no expression of a flow.
enum Refusal {
    Syntax(String),
    Unsupported(String),
    Meaning(ExpressionFault),
}

impl From<ExpressionFault> for Refusal {
    fn from(fault: ExpressionFault) -> Self {
        Self::Meaning(fault)
    }
}

impl Refusal {
    fn report(self, item: &Item<'_>, scope: &Scope<'_>) {
        match self {
            Self::Syntax(message) => {
                item.refuse(Code::ExpressionSyntax, format!("is no expression: {message}"));
            }
            Self::Unsupported(what) => {
                item.refuse(
                    Code::ExpressionSyntax,
                    format!("{what} is not part of expressions here"),
                );
            }
            Self::Meaning(ExpressionFault::UnknownName(name)) => {
                let names = scope.names();
                let hint = did_you_mean(&name, names.iter().map(String::as_str));
                item.refuse(Code::UnknownName, format!("unknown name {name:?}{hint}"));
            }
            Self::Meaning(fault) => item.refuse(Code::ExpressionKind, fault),
        }
    }
}

fn parsed(source: &str) -> Result<IdedExpr, Refusal> {
    if source.len() > MAX_LENGTH {
        return Err(Refusal::Syntax(format!("longer than {MAX_LENGTH} bytes")));
    }
    let parser = Parser::new().max_recursion_depth(MAX_DEPTH);
    parser.parse(source).map_err(|errors| {
        let first = errors.errors.first();
        let message = first.map_or_else(String::new, |error| {
            format!("{} (column {})", error.msg.lines().next().unwrap_or_default(), error.pos.1)
        });
        Refusal::Syntax(message)
    })
}

fn term(parsed: &IdedExpr, scope: &Scope<'_>) -> Result<Term, Refusal> {
    match &parsed.expr {
        Expr::Literal(literal) => constant(literal),
        Expr::List(list) => {
            let items: Result<Vec<Term>, Refusal> =
                list.elements.iter().map(|item| term(item, scope)).collect();
            Ok(Term::list(items?)?)
        }
        Expr::Select(select) if select.test => {
            let whole =
                path(&select.operand.expr).ok_or_else(|| unsupported("this use of has()"))?;
            Ok(Term::has(Term::name(&format!("{whole}.{}", select.field), scope)?)?)
        }
        whole @ (Expr::Ident(_) | Expr::Select(_)) => {
            let path = path(whole).ok_or_else(|| unsupported("a part of a value"))?;
            Ok(Term::name(&path, scope)?)
        }
        Expr::Call(call) => called(call, scope),
        Expr::Comprehension(_) => Err(unsupported("a macro over a list")),
        Expr::Map(_) | Expr::Struct(_) => Err(unsupported("a map")),
        Expr::Unspecified => Err(Refusal::Syntax("something is missing".into())),
    }
}

fn constant(literal: &LiteralValue) -> Result<Term, Refusal> {
    match literal {
        LiteralValue::Boolean(flag) => Ok(Term::flag(*flag.inner())),
        LiteralValue::Int(number) => Ok(Term::number(*number.inner())),
        LiteralValue::String(text) => Ok(Term::text(text.inner())),
        LiteralValue::Double(_) | LiteralValue::UInt(_) => {
            Err(unsupported("a number that is not whole"))
        }
        LiteralValue::Bytes(_) | LiteralValue::Null => Err(unsupported("null or bytes")),
    }
}

// A name with dots, such as `customer.tier`.
#[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
fn path(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => {
            Some(format!("{}.{}", path(&select.operand.expr)?, select.field))
        }
        _ => None,
    }
}

fn called(call: &CallExpr, scope: &Scope<'_>) -> Result<Term, Refusal> {
    let parts: Result<Vec<Term>, Refusal> = call
        .target
        .iter()
        .map(|target| &**target)
        .chain(&call.args)
        .map(|part| term(part, scope))
        .collect();
    let is_method = call.target.is_some();
    let mut parts = parts?.into_iter();
    let all = (parts.next(), parts.next(), parts.next(), parts.next());
    let name = call.func_name.as_str();
    let made = match (name, is_method, all) {
        (op::LOGICAL_NOT, _, (Some(one), None, ..)) => one.negated(),
        (op::NEGATE, _, (Some(one), None, ..)) => Term::number(0).minus(one),
        ("size", _, (Some(one), None, ..)) => one.size(),
        (op::CONDITIONAL, _, (Some(condition), Some(yes), Some(no), None)) => {
            condition.choose(yes, no)
        }
        (_, _, (Some(one), Some(other), None, _)) => match joined(name, is_method, one, other) {
            Some(made) => made,
            None => return Err(unknown(name)),
        },
        _ => return Err(unknown(name)),
    };
    Ok(made?)
}

fn joined(
    name: &str,
    is_method: bool,
    one: Term,
    other: Term,
) -> Option<Result<Term, ExpressionFault>> {
    Some(match name {
        op::LOGICAL_AND => one.and(other),
        op::LOGICAL_OR => one.or(other),
        op::EQUALS => one.compare(Comparison::Equal, other),
        op::NOT_EQUALS => one.compare(Comparison::Unequal, other),
        op::LESS => one.compare(Comparison::Less, other),
        op::LESS_EQUALS => one.compare(Comparison::AtMost, other),
        op::GREATER => one.compare(Comparison::Greater, other),
        op::GREATER_EQUALS => one.compare(Comparison::AtLeast, other),
        op::IN => one.within(other),
        op::ADD => one.plus(other),
        op::SUBSTRACT => one.minus(other),
        "startsWith" if is_method => one.test(TextTest::StartsWith, other),
        "endsWith" if is_method => one.test(TextTest::EndsWith, other),
        "contains" if is_method => one.test(TextTest::Contains, other),
        _ => return None,
    })
}

fn unknown(name: &str) -> Refusal {
    const FUNCTIONS: [&str; 5] = ["size", "startsWith", "endsWith", "contains", "has"];
    let bare = name.trim_matches(|letter| matches!(letter, '_' | '@'));
    Refusal::Unsupported(format!("{bare:?}{}", did_you_mean(bare, FUNCTIONS)))
}

fn unsupported(what: &str) -> Refusal {
    Refusal::Unsupported(what.into())
}
