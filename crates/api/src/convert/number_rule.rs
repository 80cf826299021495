//! The lists of numbers that supervisors keep.

use switchboard_domain::ids::NumberRuleId;
use switchboard_domain::number_rule::{NumberRule, RuleKind};
use switchboard_domain::phone::{Country, PhoneAddress};
use switchboard_domain::time::Timestamp;

use super::phone;
use super::time::{timestamp, timestamp_field};
use crate::error::ApiError;
use crate::field;
use crate::generated::callerid::v1 as wire;

const MAX_REASON: usize = 200;

/// Who makes a rule, and what goes with it.
pub struct Making {
    /// What the rule is called unless the number is on the list already.
    pub id: NumberRuleId,
    /// Who makes it.
    pub made_by: String,
    /// When.
    pub now: Timestamp,
    /// The country of a number without a country code.
    pub home: Country,
}

/// Reads a rule that is being made.
pub fn new_rule(value: wire::NumberRule, making: Making) -> Result<NumberRule, ApiError> {
    let address = phone::address_field("number", &value.number, making.home)?;
    if matches!(address, PhoneAddress::Withheld(_)) {
        return Err(ApiError::invalid_unseen("number", "a number, a short code or a SIP address"));
    }
    let kind = kind_field("kind", value.kind)?.ok_or_else(|| ApiError::missing("kind"))?;
    let expires_at = value.expire_time.map(|at| timestamp_field("expire_time", at)).transpose()?;
    if let Some(end) = expires_at.filter(|end| *end <= making.now) {
        let text = end.as_millis().to_string();
        return Err(ApiError::invalid("expire_time", &text, "a time in the future"));
    }
    Ok(NumberRule {
        id: making.id,
        number: address.key(),
        kind,
        reason: field::required_text("reason", value.reason, MAX_REASON)?,
        made_by: making.made_by,
        made_at: making.now,
        expires_at,
    })
}

/// Reads the name of a list; nothing when none is named.
pub fn kind_field(field: &str, value: i32) -> Result<Option<RuleKind>, ApiError> {
    Ok(match field::known::<wire::NumberRuleKind>(field, value)? {
        wire::NumberRuleKind::Unspecified => None,
        wire::NumberRuleKind::Allow => Some(RuleKind::Allow),
        wire::NumberRuleKind::Block => Some(RuleKind::Block),
        wire::NumberRuleKind::CompanySwitchboard => Some(RuleKind::CompanySwitchboard),
        wire::NumberRuleKind::Test => Some(RuleKind::Test),
        wire::NumberRuleKind::Mystery => Some(RuleKind::Mystery),
    })
}

/// Puts a rule on the wire.
pub fn rule(rule: NumberRule) -> wire::NumberRule {
    wire::NumberRule {
        rule_id: rule.id.to_string(),
        number: rule.number,
        kind: kind(rule.kind).into(),
        reason: rule.reason,
        expire_time: rule.expires_at.map(timestamp),
        made_by: rule.made_by,
        made_at: Some(timestamp(rule.made_at)),
    }
}

/// Puts a rule on the wire for a list: the number is masked.
pub fn listed(kept: NumberRule) -> wire::NumberRule {
    let number = phone::masked(&kept.number);
    wire::NumberRule { number, ..rule(kept) }
}

/// Puts the standing of a number on a list on the wire, with or without what people wrote of it.
pub(super) fn listing(rule: &NumberRule, with_reason: bool) -> wire::CallerListing {
    wire::CallerListing {
        kind: kind(rule.kind).into(),
        reason: if with_reason { rule.reason.clone() } else { String::new() },
        expire_time: rule.expires_at.map(timestamp),
    }
}

const fn kind(kind: RuleKind) -> wire::NumberRuleKind {
    match kind {
        RuleKind::Allow => wire::NumberRuleKind::Allow,
        RuleKind::Block => wire::NumberRuleKind::Block,
        RuleKind::CompanySwitchboard => wire::NumberRuleKind::CompanySwitchboard,
        RuleKind::Test => wire::NumberRuleKind::Test,
        RuleKind::Mystery => wire::NumberRuleKind::Mystery,
    }
}
