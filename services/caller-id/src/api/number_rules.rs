//! Keeps the lists of numbers.

use switchboard_api::callerid::v1::{
    DeleteNumberRuleRequest, DeleteNumberRuleResponse, ListNumberRulesRequest,
    ListNumberRulesResponse, SetNumberRuleRequest, SetNumberRuleResponse,
};
use switchboard_api::convert::number_rule::{self as convert, Making};
use switchboard_api::convert::phone;
use switchboard_api::{ApiError, field, page};
use switchboard_domain::caller::Caller;
use switchboard_domain::ids::NumberRuleId;
use switchboard_domain::number_rule::{NumberRule, RuleKind};
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;

use crate::CallerIdParts;

/// Puts a number on a list.
pub(super) async fn set(
    parts: &CallerIdParts,
    caller: &Caller,
    request: SetNumberRuleRequest,
) -> Result<SetNumberRuleResponse, ApiError> {
    let value = field::required("rule", request.rule)?;
    let center = parts.centers.get(&caller.tenant).await.map_err(StoreError::from)?;
    let making = Making {
        id: spare_id(parts),
        made_by: caller.subject.clone(),
        now: parts.clock.now(),
        home: center.default_country,
    };
    let rule = convert::new_rule(value, making).map_err(|error| error.within("rule"))?;
    // The line comes first: a number that is listed without one on the trail is not.
    trail(parts, caller, "number_rule.set", &rule).await?;
    let kept = parts.number_rules.set(&caller.tenant, &rule).await?;
    Ok(SetNumberRuleResponse { rule: Some(convert::rule(kept)) })
}

/// Gives a page of the numbers on one list or on all.
pub(super) async fn list(
    parts: &CallerIdParts,
    caller: &Caller,
    request: ListNumberRulesRequest,
) -> Result<ListNumberRulesResponse, ApiError> {
    let kind = convert::kind_field("kind", request.kind)?;
    let query = kind.map_or("number_rules", RuleKind::as_str);
    let wanted = page::request(query, request.page_size, &request.page_token)?;
    let found = parts.number_rules.rules(&caller.tenant, kind, &wanted).await?;
    Ok(ListNumberRulesResponse {
        rules: found.records.into_iter().map(convert::listed).collect(),
        next_page_token: page::next(query, &found.next),
    })
}

/// Takes a number off a list.
pub(super) async fn delete(
    parts: &CallerIdParts,
    caller: &Caller,
    request: DeleteNumberRuleRequest,
) -> Result<DeleteNumberRuleResponse, ApiError> {
    let id: NumberRuleId = field::id("rule_id", &request.rule_id)?;
    let line = line(parts, caller, "number_rule.delete", &id);
    parts.audit.append(&caller.tenant, &line).await?;
    let gone = parts.number_rules.delete(&caller.tenant, &id).await?;
    Ok(DeleteNumberRuleResponse { rule: Some(convert::listed(gone)) })
}

async fn trail(
    parts: &CallerIdParts,
    caller: &Caller,
    action: &str,
    rule: &NumberRule,
) -> Result<(), StoreError> {
    let detail = format!("{} {}", rule.kind, phone::masked(&rule.number));
    let line = AuditRecord { detail: Some(detail), ..line(parts, caller, action, &rule.id) };
    parts.audit.append(&caller.tenant, &line).await
}

fn line(parts: &CallerIdParts, caller: &Caller, action: &str, id: &NumberRuleId) -> AuditRecord {
    AuditRecord::of(caller, action, format!("number_rule/{id}"), parts.clock.now())
}

fn spare_id(parts: &CallerIdParts) -> NumberRuleId {
    NumberRuleId::parse(parts.ids.uuid().to_string()).expect("a UUID has the characters of an id")
}
