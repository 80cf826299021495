//! Who answers for tickets, for lists to choose from.

use switchboard_api::ApiError;
use switchboard_api::ticket::v1::ListDepartmentsResponse;
use switchboard_domain::caller::Caller;

use crate::TicketParts;
use crate::policy::Policy;

/// Gives the departments of the center.
pub(super) async fn list(
    parts: &TicketParts,
    caller: &Caller,
) -> Result<ListDepartmentsResponse, ApiError> {
    let departments = Policy::readable(parts, &caller.tenant).await?.departments();
    Ok(ListDepartmentsResponse { departments })
}
