//! Publishes versions of flows and takes them back: each makes the next version of the center.

use switchboard_api::convert::flow as convert;
use switchboard_api::ivr::v1::publish_flow_request::Source;
use switchboard_api::ivr::v1::{
    PublishFlowRequest, PublishFlowResponse, RollbackFlowRequest, RollbackFlowResponse,
};
use switchboard_api::{ApiError, field};
use switchboard_center::{
    Findings, check, end_trial, flow_changes, flow_standing, publish_flow, try_flow, version_before,
};
use switchboard_domain::caller::Caller;
use switchboard_domain::flow::FlowVersion;
use switchboard_domain::ids::{FlowId, TenantId};
use switchboard_store::audit::AuditRecord;
use switchboard_store::centers::{CenterFiles, NewCenterVersion};
use switchboard_store::error::StoreError;
use switchboard_store::flows::{FlowRelease, FlowText, ReleaseCause};

use crate::IvrParts;

/// The longest text of a flow, in bytes: it has to fit in a message.
const MAX_TEXT: usize = 48 * 1024;
const MAX_NOTE: usize = 200;
/// How often a change is made anew because another one came in between.
const ATTEMPTS: u32 = 4;
/// How far back in the log a rollback looks.
const LOG: u32 = 200;
/// The most problems told.
const MAX_PROBLEMS: usize = 20;

/// Publishes a version.
pub(super) async fn run(
    parts: &IvrParts,
    caller: &Caller,
    request: PublishFlowRequest,
) -> Result<PublishFlowResponse, ApiError> {
    let flow: FlowId = field::id("flow_id", &request.flow_id)?;
    let note = field::text("note", request.note, MAX_NOTE)?;
    let percent = percent(request.canary_percent)?;
    let text = match field::required("source", request.source)? {
        Source::Text(text) => sized(text)?,
        Source::Version(version) => text_of(parts, &caller.tenant, &flow, &version).await?,
    };
    let cause = if percent.is_some() { ReleaseCause::Canary } else { ReleaseCause::Publish };
    let change = Change::Publish { text, percent };
    let order = Order { parts, caller, flow: &flow, change, cause, note: &note };
    let made = order.carry_out().await?;
    let release = Some(convert::release(&made.release, true));
    Ok(PublishFlowResponse { release, unchanged: made.unchanged })
}

/// Ends a trial, or brings the version before back.
pub(super) async fn roll_back(
    parts: &IvrParts,
    caller: &Caller,
    request: RollbackFlowRequest,
) -> Result<RollbackFlowResponse, ApiError> {
    let flow: FlowId = field::id("flow_id", &request.flow_id)?;
    let note = field::text("note", request.note, MAX_NOTE)?;
    let (change, cause) = (Change::RollBack, ReleaseCause::Rollback);
    let order = Order { parts, caller, flow: &flow, change, cause, note: &note };
    let made = order.carry_out().await?;
    Ok(RollbackFlowResponse { release: Some(convert::release(&made.release, true)) })
}

/// What is to become of a flow.
enum Change {
    /// A text comes into force, or on trial for so many calls of a hundred.
    Publish { text: String, percent: Option<u8> },
    /// The trial ends, or the version before comes back.
    RollBack,
}

/// One change of a flow.
struct Order<'a> {
    parts: &'a IvrParts,
    caller: &'a Caller,
    flow: &'a FlowId,
    change: Change,
    cause: ReleaseCause,
    note: &'a str,
}

struct Made {
    release: FlowRelease,
    unchanged: bool,
}

impl Order<'_> {
    /// Makes the next version of the center; anew when somebody else made one meanwhile.
    async fn carry_out(&self) -> Result<Made, ApiError> {
        for _ in 1..ATTEMPTS {
            match self.try_once().await {
                Err(error) if error.reason() == "CONFLICT" => {}
                outcome => return outcome,
            }
        }
        self.try_once().await
    }

    async fn try_once(&self) -> Result<Made, ApiError> {
        let (store, tenant) = (self.parts.centers.store(), &self.caller.tenant);
        let based_on = store.current(tenant).await?;
        if based_on == 0 {
            return Err(StoreError::not_found(format!("center {tenant}")).into());
        }
        let before = store.load(tenant, based_on).await?.files;
        let files = self.changed(&before).await?;
        let flows = flow_changes(&before, &files, self.cause, self.note);
        if flows.standings.is_empty() && flow_standing(&before, self.flow).is_some() {
            return Ok(Made { release: self.present(&before, based_on).await?, unchanged: true });
        }
        checked(&files).await?;
        let (actor, at) = (self.caller.subject.clone(), self.parts.clock.now());
        let center = NewCenterVersion { based_on, files, actor, at, flows };
        let version = store.save(tenant, &center).await?;
        self.audit(version).await?;
        let release = self.present(&center.files, version).await?;
        Ok(Made { release, unchanged: false })
    }

    async fn changed(&self, files: &CenterFiles) -> Result<CenterFiles, ApiError> {
        let flow = self.flow;
        let standing = flow_standing(files, flow);
        match &self.change {
            Change::Publish { text, percent: None } => Ok(publish_flow(files, flow, text)),
            Change::Publish { text, percent: Some(percent) } if standing.is_some() => {
                Ok(try_flow(files, flow, text, *percent))
            }
            Change::Publish { percent: Some(_), .. } => {
                let why = "a new flow has no version that the other calls could begin with";
                let refusal = ApiError::failed_precondition("NOTHING_IN_FORCE", why);
                Err(refusal.about("flow", flow.as_str()))
            }
            Change::RollBack => match standing.map(|standing| standing.canary) {
                None => Err(ApiError::not_found("flow", flow.as_str())),
                Some(Some(_)) => Ok(end_trial(files, flow)),
                Some(None) => Ok(publish_flow(files, flow, &self.text_before().await?)),
            },
        }
    }

    /// Gives the text of the version before the present one.
    async fn text_before(&self) -> Result<String, ApiError> {
        let (store, tenant) = (self.parts.centers.store(), &self.caller.tenant);
        let log = store.flow_releases(tenant, self.flow, None, LOG).await?;
        let before = version_before(&log).ok_or_else(|| {
            ApiError::failed_precondition("NO_EARLIER_VERSION", "there is no version before")
                .about("flow", self.flow.as_str())
        })?;
        Ok(store.flow_text(tenant, self.flow, before).await?.text)
    }

    /// Gives the newest line of the log, or one made up for a center without a log.
    async fn present(&self, files: &CenterFiles, version: u64) -> Result<FlowRelease, ApiError> {
        let store = self.parts.centers.store();
        let log = store.flow_releases(&self.caller.tenant, self.flow, None, 1).await?;
        let standing = flow_standing(files, self.flow)
            .ok_or_else(|| ApiError::not_found("flow", self.flow.as_str()))?;
        Ok(log.into_iter().next().unwrap_or_else(|| FlowRelease {
            flow: self.flow.clone(),
            center_version: version,
            standing,
            cause: ReleaseCause::Apply,
            author: String::new(),
            note: String::new(),
            at: self.parts.clock.now(),
        }))
    }

    async fn audit(&self, version: u64) -> Result<(), ApiError> {
        let action = format!("flow.{}", self.cause);
        let object = format!("flow/{}", self.flow);
        let mut record = AuditRecord::of(self.caller, &action, object, self.parts.clock.now());
        record.detail = Some(format!("center/{version}"));
        Ok(self.parts.audit.append(&self.caller.tenant, &record).await?)
    }
}

fn percent(percent: u32) -> Result<Option<u8>, ApiError> {
    let refuse = || ApiError::invalid("canary_percent", &percent.to_string(), "0 to 99");
    let percent = u8::try_from(percent).ok().filter(|percent| *percent < 100).ok_or_else(refuse)?;
    Ok(Some(percent).filter(|percent| *percent > 0))
}

fn sized(text: String) -> Result<String, ApiError> {
    if text.trim().is_empty() {
        return Err(ApiError::missing("text"));
    }
    if text.len() > MAX_TEXT {
        return Err(ApiError::invalid_unseen("text", format!("at most {MAX_TEXT} bytes")));
    }
    Ok(text)
}

async fn text_of(
    parts: &IvrParts,
    tenant: &TenantId,
    flow: &FlowId,
    version: &str,
) -> Result<String, ApiError> {
    let version = super::versions::version("version", version)?;
    Ok(stored(parts, tenant, flow, version).await?.text)
}

/// Reads a version that was in force or on trial once.
pub(super) async fn stored(
    parts: &IvrParts,
    tenant: &TenantId,
    flow: &FlowId,
    version: FlowVersion,
) -> Result<FlowText, ApiError> {
    Ok(parts.centers.store().flow_text(tenant, flow, version).await?)
}

/// Refuses files that are no center, with every problem told.
async fn checked(files: &CenterFiles) -> Result<(), ApiError> {
    let read = files.clone();
    // Thousands of flows take a while, and other requests must not wait for them.
    let found = tokio::task::spawn_blocking(move || check(&read)).await;
    let Findings { problems, .. } = found.map_err(ApiError::internal)?;
    if problems.is_empty() {
        return Ok(());
    }
    let told: Vec<String> = problems.iter().take(MAX_PROBLEMS).map(ToString::to_string).collect();
    let message = "the center would have problems with this version";
    Err(ApiError::new(tonic::Code::InvalidArgument, "FLOW_REFUSED", message)
        .with("count", problems.len().to_string())
        .with("problems", told.join("\n")))
}
