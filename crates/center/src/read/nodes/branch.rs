//! Conditions.

use switchboard_domain::customer::Tier;
use switchboard_domain::flow::{Branch, Case, Condition, Subject, Test};

use super::Scope;
use crate::fields::Fields;
use crate::item::Item;
use crate::keys::flows as keys;

/// Reads a branch.
pub(super) fn branch(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Branch> {
    let cases = fields
        .required("cases")
        .map(|value| value.list(|case| read_case(case, scope)))
        .unwrap_or_default();
    let otherwise = fields.required("otherwise").and_then(|value| scope.target(&value));
    Some(Branch { cases, otherwise: otherwise? })
}

fn read_case(item: &Item<'_>, scope: &Scope<'_>) -> Option<Case> {
    let fields = item.fields(&keys::CASE)?;
    let when = fields.required("when").and_then(|value| condition(&value, scope));
    let next = fields.required("next").and_then(|value| scope.target(&value));
    fields.finish();
    Some(Case { when: when?, next: next? })
}

// A condition names what it looks at and, unless any value will do, the values that fit.
fn condition(item: &Item<'_>, scope: &Scope<'_>) -> Option<Condition> {
    let fields = item.fields(&keys::CONDITION)?;
    let field = fields.optional("field").and_then(|name| name.text());
    let values = fields.optional("is");
    let of_field = field.map(|name| {
        let test = values.map_or(Test::Present, |values| one_of(&values, |_| true));
        Condition { subject: Subject::Field(name.into()), test }
    });
    let tier = fields.optional("tier").map(|value| Condition {
        subject: Subject::Tier,
        test: any_or(&value, |tier| tier.parse::<Tier>().is_some()),
    });
    let language = fields.optional("language").map(|value| Condition {
        subject: Subject::Language,
        test: one_of(&value, |tag| scope.known.language(tag).is_some()),
    });
    let called = fields
        .optional("called_number")
        .map(|value| Condition { subject: Subject::CalledNumber, test: one_of(&value, |_| true) });
    fields.finish();
    let mut found: Vec<Condition> =
        of_field.into_iter().chain(tier).chain(language).chain(called).collect();
    if found.len() != 1 {
        item.report("looks at exactly one of field, tier, language or called_number");
        return None;
    }
    found.pop()
}

fn any_or(item: &Item<'_>, fits: impl Fn(&Item<'_>) -> bool) -> Test {
    if !item.is_map() && !item.is_list() && item.text() == Some("any") {
        return Test::Present;
    }
    one_of(item, fits)
}

fn one_of(item: &Item<'_>, fits: impl Fn(&Item<'_>) -> bool) -> Test {
    Test::OneOf(item.list(|value| {
        let text = value.text()?;
        fits(value).then(|| text.into())
    }))
}
