//! Which customers are wanted.

use switchboard_domain::center::CustomerRules;
use switchboard_domain::customer::Finding;
use switchboard_domain::customer::search::{NameQuery, NumberEnding, SearchError};
use switchboard_domain::time::Timestamp;
use switchboard_store::customer_search::{CustomerSearch, SearchBy, Wanted};

use super::{MAX_NAME, external_ids};
use crate::error::ApiError;
use crate::field;
use crate::generated::callerid::v1 as wire;
use crate::generated::callerid::v1::search_customers_request::By;

/// Reads which customers are wanted; what was typed is not echoed: it may be a name or a number.
///
/// What is to be put right is judged by `rules`, at `now`.
pub fn search(
    request: wire::SearchCustomersRequest,
    rules: &CustomerRules,
    now: Timestamp,
) -> Result<CustomerSearch, ApiError> {
    let owner = field::optional_id("owner_agent_id", &request.owner_agent_id)?;
    let tier = match request.tier.as_str() {
        "" => None,
        tier => Some(super::tier("tier", tier)?),
    };
    let wanted = |finding| Wanted { finding, rules: rules.clone(), now };
    let finding = finding(&request.finding)?.map(wanted);
    let by = by(request.by)?;
    if by == SearchBy::Nothing && owner.is_none() && tier.is_none() && finding.is_none() {
        let expected =
            "a name, a number_ending, an external_id, an owner_agent_id, a tier or a finding";
        return Err(ApiError::invalid_unseen("by", expected));
    }
    Ok(CustomerSearch { by, owner, tier, finding })
}

fn finding(code: &str) -> Result<Option<Finding>, ApiError> {
    if code.is_empty() {
        return Ok(None);
    }
    let known = || Finding::ALL.iter().map(|finding| finding.as_str()).collect::<Vec<_>>();
    let refuse = || ApiError::invalid("finding", code, format!("one of {}", known().join(", ")));
    Finding::parse(code).map(Some).ok_or_else(refuse)
}

fn by(by: Option<By>) -> Result<SearchBy, ApiError> {
    Ok(match by {
        None => SearchBy::Nothing,
        Some(By::Name(name)) => {
            let name = field::required_text("name", name, MAX_NAME)?;
            let query = NameQuery::parse(&name);
            SearchBy::Name(query.map_err(|it| ApiError::invalid_unseen("name", it.to_string()))?)
        }
        Some(By::NumberEnding(digits)) => {
            let ending = NumberEnding::parse(&digits);
            let refuse =
                |it: SearchError| ApiError::invalid_unseen("number_ending", it.to_string());
            SearchBy::Number(ending.map_err(refuse)?)
        }
        Some(By::ExternalId(id)) => {
            let id = external_ids::external_id(&id);
            SearchBy::ExternalId(id.map_err(|error| error.within("external_id"))?)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_search_is_named() {
        let of = |by| wire::SearchCustomersRequest { by: Some(by), ..Default::default() };
        let other = wire::SearchCustomersRequest::default;
        let cases = [
            ("by", other()),
            ("name", of(By::Name(" ".to_owned()))),
            ("name", of(By::Name("?".to_owned()))),
            ("name", of(By::Name("x".repeat(201)))),
            ("number_ending", of(By::NumberEnding("001".to_owned()))),
            ("external_id.system", of(By::ExternalId(wire::ExternalId::default()))),
            ("tier", wire::SearchCustomersRequest { tier: "Z9".to_owned(), ..other() }),
            ("finding", wire::SearchCustomersRequest { finding: "STALE".to_owned(), ..other() }),
            (
                "owner_agent_id",
                wire::SearchCustomersRequest { owner_agent_id: "?".into(), ..other() },
            ),
        ];

        for (field, request) in cases {
            let error = read(request).expect_err("a refusal");

            assert_eq!(error.metadata()["field"], field);
        }
        let tier = wire::SearchCustomersRequest { tier: "A1".to_owned(), ..other() };
        assert_eq!(read(tier).expect("a search").by, SearchBy::Nothing);
    }

    fn read(request: wire::SearchCustomersRequest) -> Result<CustomerSearch, ApiError> {
        search(request, &CustomerRules::default(), Timestamp::ZERO)
    }
}
