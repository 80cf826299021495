//! What other systems call a customer, to and from the wire.

use std::collections::BTreeSet;

use switchboard_domain::customer::{ExternalId, ExternalIdError, MAX_EXTERNAL_IDS};

use crate::error::ApiError;
use crate::field;
use crate::generated::callerid::v1 as wire;
use crate::generated::ticket::v1::CustomerExternalId;

/// Puts external ids on the wire.
pub(super) fn shown(external_ids: Vec<ExternalId>) -> Vec<wire::ExternalId> {
    let one = |external_id: ExternalId| wire::ExternalId {
        system: external_id.system().to_owned(),
        id: external_id.id().to_owned(),
    };
    external_ids.into_iter().map(one).collect()
}

/// Reads external ids, each of which may be there once.
pub(super) fn read(values: Vec<wire::ExternalId>) -> Result<Vec<ExternalId>, ApiError> {
    let values = field::list("external_ids", values, MAX_EXTERNAL_IDS)?;
    let (mut read, mut seen) = (Vec::with_capacity(values.len()), BTreeSet::new());
    for (index, value) in values.iter().enumerate() {
        let outer = format!("external_ids[{index}]");
        let external_id = external_id(value).map_err(|error| error.within(&outer))?;
        if !seen.insert(external_id.clone()) {
            return Err(ApiError::invalid_unseen("id", "each external id once").within(&outer));
        }
        read.push(external_id);
    }
    Ok(read)
}

/// Reads one external id, which is not echoed: it may be the number of a passport.
pub(crate) fn external_id(value: &wire::ExternalId) -> Result<ExternalId, ApiError> {
    for (field, text) in [("system", &value.system), ("id", &value.id)] {
        if text.is_empty() {
            return Err(ApiError::missing(field));
        }
    }
    ExternalId::new(&value.system, &value.id).map_err(|error| match &error {
        ExternalIdError::System(_) => ApiError::invalid("system", &value.system, error.to_string()),
        ExternalIdError::Blank
        | ExternalIdError::TooLong(_)
        | ExternalIdError::ControlCharacter => ApiError::invalid_unseen("id", error.to_string()),
    })
}

/// Reads what another system calls the customer of something that is imported, who is named by
/// `customer_id` or by `customer_external_id`, and not by both.
pub fn other_name(
    customer_id: &str,
    value: Option<&CustomerExternalId>,
) -> Result<Option<ExternalId>, ApiError> {
    const FIELD: &str = "customer_external_id";
    let Some(CustomerExternalId { system, id }) = value.cloned() else { return Ok(None) };
    if !customer_id.is_empty() {
        return Err(ApiError::invalid_unseen(FIELD, "empty when `customer_id` is set"));
    }
    let read = external_id(&wire::ExternalId { system, id });
    read.map(Some).map_err(|error| error.within(FIELD))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_an_external_id_is_named_and_the_id_not_repeated() {
        let one =
            |system: &str, id: &str| wire::ExternalId { system: system.into(), id: id.into() };
        let secret = "\tE1234";
        let cases = [
            ("external_ids[0].system", vec![one("", "1")]),
            ("external_ids[0].system", vec![one("my crm", "1")]),
            ("external_ids[0].id", vec![one("crm", "")]),
            ("external_ids[0].id", vec![one("crm", secret)]),
            ("external_ids[0].id", vec![one("crm", &"9".repeat(129))]),
            ("external_ids[1].id", vec![one("crm", "1"), one("crm", "1")]),
            ("external_ids", vec![one("crm", "1"); 21]),
        ];

        for (field, values) in cases {
            let error = read(values).expect_err("a refusal");

            assert_eq!(error.metadata()["field"], field);
            assert!(!format!("{error:?}").contains("E1234"));
        }
        let read = read(vec![one("crm", "1"), one("shop", "1")]).expect("two external ids");
        assert_eq!(shown(read), [one("crm", "1"), one("shop", "1")]);
    }
}
