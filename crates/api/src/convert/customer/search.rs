//! Which customers are wanted.

use std::sync::Arc;

use switchboard_domain::center::Center;
use switchboard_domain::customer::Finding;
use switchboard_domain::customer::search::{NameQuery, NumberEnding, SearchError};
use switchboard_domain::time::Timestamp;
use switchboard_store::customer_search::{CustomerSearch, SearchBy, Segment, Wanted};

use super::{MAX_NAME, external_ids};
use crate::error::ApiError;
use crate::field;
use crate::generated::callerid::v1 as wire;
use crate::generated::callerid::v1::search_customers_request::By;

/// Reads which customers are wanted; what was typed is not echoed: it may be a name or a number.
///
/// What is to be put right is judged by the rules of `center`, at `now`, and segments are its own; a
/// tenant that has none yet has neither.
pub fn search(
    request: wire::SearchCustomersRequest,
    center: Option<&Arc<Center>>,
    now: Timestamp,
) -> Result<CustomerSearch, ApiError> {
    let owner = field::optional_id("owner_agent_id", &request.owner_agent_id)?;
    let tier = match request.tier.as_str() {
        "" => None,
        tier => Some(super::tier("tier", tier)?),
    };
    let rules = center.map(|center| center.customer_rules.clone()).unwrap_or_default();
    let wanted = |finding| Wanted { finding, rules, now };
    let finding = finding(&request.finding)?.map(wanted);
    let segment = segment(&request.segment, center)?;
    let by = by(request.by)?;
    let search = CustomerSearch { by, owner, tier, finding, segment };
    if is_for_all(&search) {
        let expected = "a name, a number_ending, an external_id, an owner_agent_id, a tier, \
                        a finding or a segment";
        return Err(ApiError::invalid_unseen("by", expected));
    }
    Ok(search)
}

fn is_for_all(search: &CustomerSearch) -> bool {
    search.by == SearchBy::Nothing
        && search.owner.is_none()
        && search.tier.is_none()
        && search.finding.is_none()
        && search.segment.is_none()
}

fn segment(name: &str, center: Option<&Arc<Center>>) -> Result<Option<Segment>, ApiError> {
    if name.is_empty() {
        return Ok(None);
    }
    let schemes = center.iter().flat_map(|center| &center.segments);
    let known: Vec<&str> =
        schemes.flat_map(|scheme| &scheme.segments).map(|it| it.name.as_str()).collect();
    match center.filter(|_| known.contains(&name)) {
        Some(center) => Ok(Some(Segment { name: name.to_owned(), center: Arc::clone(center) })),
        None if known.is_empty() => {
            Err(ApiError::invalid("segment", name, "empty, for the center has no segments"))
        }
        None => {
            let expected = format!("one of {}", known.join(", "));
            Err(ApiError::invalid("segment", name, expected))
        }
    }
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
            ("segment", wire::SearchCustomersRequest { segment: "vip".to_owned(), ..other() }),
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
        search(request, None, Timestamp::ZERO)
    }
}
