//! Lists of tickets under a name: who sees them, who changes them.

use switchboard_api::convert::ticket::view as convert;
use switchboard_api::ticket::v1 as wire;
use switchboard_api::{ApiError, field};
use switchboard_domain::caller::{Caller, Role};
use switchboard_domain::ids::TicketViewId;
use switchboard_store::audit::AuditRecord;
use switchboard_store::error::StoreError;
use switchboard_store::ticket_views::{SavedView, StandardView};

use crate::TicketParts;

/// Gives the views that somebody may use.
pub(super) async fn list(
    parts: &TicketParts,
    caller: &Caller,
    request: wire::ListTicketViewsRequest,
) -> Result<wire::ListTicketViewsResponse, ApiError> {
    let department = field::word("department", request.department)?;
    let department = Some(department.as_str()).filter(|name| !name.is_empty());
    let saved = parts.views.views(&caller.tenant, &caller.actor(), department).await?;
    let standard = StandardView::ALL.into_iter().map(convert::standard);
    let views = standard.chain(saved.into_iter().map(convert::saved)).collect();
    Ok(wire::ListTicketViewsResponse { views })
}

/// Keeps a view of somebody.
pub(super) async fn save(
    parts: &TicketParts,
    caller: &Caller,
    request: wire::SaveTicketViewRequest,
) -> Result<wire::SaveTicketViewResponse, ApiError> {
    let asked = field::required("view", request.view)?;
    let etag = field::etag("view.etag", &asked.etag)?;
    let now = parts.clock.now();
    let mut view =
        convert::read(asked, caller.actor(), now).map_err(|error| error.within("view"))?;
    match parts.views.view(&caller.tenant, &view.id).await {
        Ok(known) => {
            if !known.is_shown_to(&caller.actor()) {
                return Err(ApiError::already_exists("ticket_view", known.id.as_str()));
            }
            may_change(caller, &known)?;
            check_etag(&known, etag)?;
            view.version = known.version + 1;
            view.owner = known.owner;
        }
        Err(StoreError::NotFound { .. }) if etag.is_none() => {}
        Err(error) => return Err(error.into()),
    }
    may_change(caller, &view)?;
    audit(parts, caller, "ticket_view.save", &view.id).await?;
    parts.views.save_view(&caller.tenant, &view).await?;
    Ok(wire::SaveTicketViewResponse { view: Some(convert::saved(view)) })
}

/// Deletes a view.
pub(super) async fn delete(
    parts: &TicketParts,
    caller: &Caller,
    request: wire::DeleteTicketViewRequest,
) -> Result<(), ApiError> {
    let id: TicketViewId = field::id("view_id", &request.view_id)?;
    let etag = field::etag("etag", &request.etag)?;
    if StandardView::named(id.as_str()).is_some() {
        let message = "a standard view is every center's";
        return Err(ApiError::permission_denied("VIEW_STANDARD", message));
    }
    let known = shown(parts, caller, &id).await?;
    may_change(caller, &known)?;
    check_etag(&known, etag)?;
    audit(parts, caller, "ticket_view.delete", &id).await?;
    Ok(parts.views.delete_view(&caller.tenant, &id, known.version).await?)
}

/// Gives a view that somebody may use.
pub(crate) async fn shown(
    parts: &TicketParts,
    caller: &Caller,
    id: &TicketViewId,
) -> Result<SavedView, ApiError> {
    let view = parts.views.view(&caller.tenant, id).await?;
    let is_shown = view.is_shown_to(&caller.actor());
    is_shown.then_some(view).ok_or_else(|| ApiError::not_found("ticket_view", id.as_str()))
}

/// Lets people change their own views, and supervisors and admins those that are shared.
fn may_change(caller: &Caller, view: &SavedView) -> Result<(), ApiError> {
    let is_office = matches!(caller.role, Role::Supervisor | Role::Admin);
    if view.department.is_some() && !is_office {
        let message = "supervisors and admins keep the views that are shared";
        return Err(ApiError::permission_denied("VIEW_SHARED", message));
    }
    Ok(())
}

fn check_etag(known: &SavedView, etag: Option<u64>) -> Result<(), ApiError> {
    if etag.is_none_or(|read| read == known.version) {
        return Ok(());
    }
    Err(ApiError::aborted("ETAG_STALE", "the view has changed since it was read")
        .about("ticket_view", known.id.as_str())
        .with("etag", known.version.to_string()))
}

async fn audit(
    parts: &TicketParts,
    caller: &Caller,
    action: &str,
    id: &TicketViewId,
) -> Result<(), ApiError> {
    let line = AuditRecord::of(caller, action, format!("ticket_view/{id}"), parts.clock.now());
    Ok(parts.audit.append(&caller.tenant, &line).await?)
}
