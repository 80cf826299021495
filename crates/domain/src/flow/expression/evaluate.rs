//! The value of an expression, where every part may be unknown.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::Fact;
use super::term::{Comparison, Term, TextTest, Tree};
use crate::center::Language;
use crate::channel::Channel;
use crate::customer::value::{Level, ValueStanding};
use crate::customer::{Tier, Verification};
use crate::flow::node::StaffingFigure;
use crate::flow::question::{KnownCustomer, Staffing, ValueKind};
use crate::ticket::TicketFacts;

/// What is known when an expression is evaluated.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The fields set so far.
    pub fields: &'a BTreeMap<String, String>,
    /// The language the caller hears.
    pub language: &'a Language,
    /// How the contact came in.
    pub channel: Channel,
    /// The number the caller dialled.
    pub called_number: Option<&'a str>,
    /// The number the caller has.
    pub calling_number: Option<&'a str>,
    /// The lists that the calling number stands on.
    pub caller_lists: &'a [String],
    /// How far the network vouches for the number the caller has.
    pub verification: Verification,
    /// Today, as `2026-12-25`.
    pub today: &'a str,
    /// Who calls, if that is known.
    pub customer: Option<&'a KnownCustomer>,
    /// What the customer is worth, if that is known and asked for.
    pub standing: Option<&'a ValueStanding>,
    /// How a queue is staffed, if it was just asked for.
    pub staffing: Option<&'a Staffing>,
    /// The ticket that is looked at.
    pub ticket: Option<&'a TicketFacts>,
}

#[derive(Clone, Copy, Debug)]
enum Value<'a> {
    Flag(bool),
    Number(i64),
    Text(&'a str),
    Numbers(&'a [i64]),
    Texts(&'a [String]),
}

impl Fact {
    /// Gives the value as an expression would write it; nothing when it is unknown.
    pub fn told(self, facts: &Facts<'_>) -> Option<String> {
        Some(match known(self, facts)? {
            Value::Flag(flag) => flag.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => format!("{text:?}"),
            Value::Numbers(numbers) => format!("{numbers:?}"),
            Value::Texts(texts) => format!("{texts:?}"),
        })
    }
}

impl Term {
    pub(super) fn flag_in(&self, facts: &Facts<'_>) -> Option<bool> {
        self.tree.flag(facts)
    }

    pub(super) fn number_in(&self, facts: &Facts<'_>) -> Option<i64> {
        self.tree.number(facts)
    }
}

impl Tree {
    #[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
    fn flag(&self, facts: &Facts<'_>) -> Option<bool> {
        match self.value(facts)? {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
    fn number(&self, facts: &Facts<'_>) -> Option<i64> {
        match self.value(facts)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds do this")]
    fn text<'a>(&'a self, facts: &Facts<'a>) -> Option<&'a str> {
        match self.value(facts)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn value<'a>(&'a self, facts: &Facts<'a>) -> Option<Value<'a>> {
        Some(match self {
            Self::Flag(flag) => Value::Flag(*flag),
            Self::Number(number) => Value::Number(*number),
            Self::Text(text) => Value::Text(text),
            Self::Numbers(numbers) => Value::Numbers(numbers),
            Self::Texts(texts) => Value::Texts(texts),
            Self::Field(name, kind) => field(facts, name, *kind)?,
            Self::Fact(fact) => known(*fact, facts)?,
            Self::Has(name) => Value::Flag(name.value(facts).is_some()),
            Self::Not(part) => Value::Flag(!part.flag(facts)?),
            Self::And(both) => Value::Flag(both_hold(&both.0, &both.1, facts)?),
            Self::Or(both) => Value::Flag(one_holds(&both.0, &both.1, facts)?),
            Self::Compare(how, both) => {
                let order = compare(both.0.value(facts)?, both.1.value(facts)?)?;
                Value::Flag(fits(*how, order))
            }
            Self::In(both) => Value::Flag(is_in(both.0.value(facts)?, both.1.value(facts)?)),
            Self::Test(how, both) => {
                let (text, other) = (both.0.text(facts)?, both.1.text(facts)?);
                Value::Flag(match how {
                    TextTest::StartsWith => text.starts_with(other),
                    TextTest::EndsWith => text.ends_with(other),
                    TextTest::Contains => text.contains(other),
                })
            }
            Self::Size(part) => Value::Number(size(part.value(facts)?)),
            Self::Add(both) => {
                Value::Number(both.0.number(facts)?.checked_add(both.1.number(facts)?)?)
            }
            Self::Subtract(both) => {
                Value::Number(both.0.number(facts)?.checked_sub(both.1.number(facts)?)?)
            }
            Self::Choose(all) => {
                let (condition, yes, no) = &**all;
                if condition.flag(facts)? { yes.value(facts)? } else { no.value(facts)? }
            }
        })
    }
}

fn both_hold(one: &Tree, other: &Tree, facts: &Facts<'_>) -> Option<bool> {
    match one.flag(facts) {
        Some(false) => Some(false),
        first => match other.flag(facts) {
            Some(false) => Some(false),
            second => Some(first? && second?),
        },
    }
}

fn one_holds(one: &Tree, other: &Tree, facts: &Facts<'_>) -> Option<bool> {
    match one.flag(facts) {
        Some(true) => Some(true),
        first => match other.flag(facts) {
            Some(true) => Some(true),
            second => Some(first? || second?),
        },
    }
}

fn compare(one: Value<'_>, other: Value<'_>) -> Option<Ordering> {
    match (one, other) {
        (Value::Flag(one), Value::Flag(other)) => Some(one.cmp(&other)),
        (Value::Number(one), Value::Number(other)) => Some(one.cmp(&other)),
        (Value::Text(one), Value::Text(other)) => Some(one.cmp(other)),
        _ => None,
    }
}

const fn fits(how: Comparison, order: Ordering) -> bool {
    match how {
        Comparison::Equal => order.is_eq(),
        Comparison::Unequal => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::AtLeast => order.is_ge(),
    }
}

fn is_in(one: Value<'_>, list: Value<'_>) -> bool {
    match (one, list) {
        (Value::Number(number), Value::Numbers(numbers)) => numbers.contains(&number),
        (Value::Text(text), Value::Texts(texts)) => texts.iter().any(|listed| listed == text),
        _ => false,
    }
}

fn size(value: Value<'_>) -> i64 {
    let count = match value {
        Value::Text(text) => text.chars().count(),
        Value::Numbers(numbers) => numbers.len(),
        Value::Texts(texts) => texts.len(),
        Value::Flag(_) | Value::Number(_) => 0,
    };
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn field<'a>(facts: &Facts<'a>, name: &str, kind: ValueKind) -> Option<Value<'a>> {
    let text = facts.fields.get(name)?;
    match kind {
        ValueKind::Text => Some(Value::Text(text)),
        ValueKind::Number => text.parse().ok().map(Value::Number),
        ValueKind::Flag => text.parse().ok().map(Value::Flag),
    }
}

fn known<'a>(fact: Fact, facts: &Facts<'a>) -> Option<Value<'a>> {
    let figure = |figure: StaffingFigure| figure.of(facts.staffing?).map(Value::Number);
    if fact.is_of_the_value() {
        return worth(fact, facts.standing?);
    }
    if fact.is_of_a_ticket() {
        return of_ticket(fact, facts.ticket?);
    }
    match fact {
        Fact::CallLanguage => Some(Value::Text(facts.language.as_str())),
        Fact::CallChannel => Some(Value::Text(facts.channel.as_str())),
        Fact::CalledNumber => facts.called_number.map(Value::Text),
        Fact::CallingNumber => facts.calling_number.map(Value::Text),
        Fact::Today => Some(Value::Text(facts.today)),
        Fact::CallerLists => Some(Value::Texts(facts.caller_lists)),
        Fact::CallerVerification => Some(Value::Text(facts.verification.as_str())),
        Fact::CustomerKnown => Some(Value::Flag(facts.customer.is_some())),
        Fact::CustomerTier => facts.customer?.tier.map(Tier::as_str).map(Value::Text),
        Fact::CustomerLanguage => {
            facts.customer?.language.as_ref().map(|language| Value::Text(language.as_str()))
        }
        Fact::CustomerSegments => Some(Value::Texts(&facts.customer?.segments)),
        Fact::CustomerOpenTickets => Some(Value::Number(i64::from(facts.customer?.open_tickets))),
        Fact::StaffingAvailable => figure(StaffingFigure::Available),
        Fact::StaffingStaffed => figure(StaffingFigure::Staffed),
        Fact::StaffingWaiting => figure(StaffingFigure::Waiting),
        Fact::StaffingOldest => figure(StaffingFigure::Oldest),
        Fact::StaffingWait => figure(StaffingFigure::Wait),
        Fact::CustomerValueScore
        | Fact::CustomerPyramid
        | Fact::CustomerValue
        | Fact::CustomerPotential
        | Fact::CustomerLoyalty
        | Fact::CustomerChurn
        | Fact::CustomerChurnReason
        | Fact::TicketKind
        | Fact::TicketCategory
        | Fact::TicketCategories
        | Fact::TicketPriority
        | Fact::TicketMedium
        | Fact::TicketRule
        | Fact::TicketDepartment
        | Fact::TicketReopened
        | Fact::LocalHour
        | Fact::LocalWeekday => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only some of the many facts are of a ticket")]
fn of_ticket(fact: Fact, facts: &TicketFacts) -> Option<Value<'_>> {
    let ticket = &facts.ticket;
    Some(match fact {
        Fact::TicketKind => Value::Text(ticket.kind.as_str()),
        Fact::TicketCategory => Value::Text(ticket.category.as_ref()?.as_str()),
        Fact::TicketCategories => {
            Value::Texts(Some(&facts.categories[..]).filter(|levels| !levels.is_empty())?)
        }
        Fact::TicketPriority => Value::Text(ticket.priority.as_str()),
        Fact::TicketMedium => Value::Text(ticket.medium.as_str()),
        Fact::TicketRule => Value::Text(ticket.rule.as_ref()?),
        Fact::TicketDepartment => Value::Text(ticket.department.as_ref()?),
        Fact::TicketReopened => Value::Number(i64::from(ticket.reopened)),
        Fact::LocalHour => Value::Number(facts.hour),
        Fact::LocalWeekday => Value::Text(facts.weekday.as_str()),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many facts are of the value")]
fn worth(fact: Fact, standing: &ValueStanding) -> Option<Value<'static>> {
    let level = |level: Option<Level>| level.map(Level::as_str).map(Value::Text);
    match fact {
        Fact::CustomerValueScore => {
            standing.score.map(|score| Value::Number(i64::from(score.points())))
        }
        Fact::CustomerPyramid => standing.pyramid.map(|class| Value::Text(class.as_str())),
        Fact::CustomerValue => level(standing.axes.value),
        Fact::CustomerPotential => level(standing.axes.potential),
        Fact::CustomerLoyalty => level(standing.axes.loyalty),
        Fact::CustomerChurn => Some(Value::Text(standing.churn.state().as_str())),
        Fact::CustomerChurnReason => {
            standing.churn.reason().map(|reason| Value::Text(reason.as_str()))
        }
        _ => None,
    }
}
