//! Tells the history of sessions that are over: what the caller did, step by step, also when no
//! call followed.
//!
//! Every replica looks; a story told twice changes nothing. Nothing is lost while Postgres is away:
//! the session waits in Redis, for an hour.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use switchboard_center::CenterCache;
use switchboard_domain::floor::details::Details;
use switchboard_domain::ids::TenantId;
use switchboard_domain::time::Timestamp;
use switchboard_ivr_host::KeptSession;
use switchboard_runtime::clock::Clock;
use switchboard_runtime::shutdown::Shutdown;
use switchboard_store::error::StoreError;
use switchboard_store::history::{MenuHistory, MenuStep, MenuStory};
use switchboard_store::ivr_sessions::{IvrSessions, OverSession};
use switchboard_store::tenants::Tenants;
use tokio::time::timeout;

/// How often is looked for sessions that are over.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many sessions of a tenant are told at once.
const AT_ONCE: usize = 100;

/// What the teller works with.
pub(crate) struct Teller {
    /// Where sessions come from.
    pub(crate) sessions: Arc<dyn IvrSessions>,
    /// Where their steps go.
    pub(crate) menus: Arc<dyn MenuHistory>,
    /// Whose they are.
    pub(crate) tenants: Arc<dyn Tenants>,
    /// Which tickets they leave behind.
    pub(crate) centers: Arc<CenterCache>,
    /// The time.
    pub(crate) clock: Arc<dyn Clock>,
}

impl Teller {
    /// Tells until the shutdown.
    pub(crate) async fn run(self, shutdown: Shutdown) {
        while timeout(LOOK_EVERY, shutdown.triggered()).await.is_err() {
            self.tell_all().await.unwrap_or_else(|error| told_later(&error));
        }
    }

    async fn tell_all(&self) -> Result<(), StoreError> {
        for tenant in self.tenants.list().await? {
            self.tell(&tenant.id).await.unwrap_or_else(|error| told_later(&error));
        }
        Ok(())
    }

    /// Tells of every session of a tenant that is over.
    async fn tell(&self, tenant: &TenantId) -> Result<(), StoreError> {
        loop {
            let now = self.clock.now();
            let over = self.sessions.over(tenant, now, AT_ONCE).await?;
            for session in &over {
                self.tell_one(tenant, session, now)
                    .await
                    .or_else(|error| given_up(session, error))?;
                self.sessions.recorded(tenant, &session.id, now).await?;
            }
            if over.len() < AT_ONCE {
                return Ok(());
            }
        }
    }

    async fn tell_one(
        &self,
        tenant: &TenantId,
        over: &OverSession,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let kept = KeptSession::read(&over.session.body);
        let kept = kept.map_err(|error| StoreError::corrupt("an IVR session", error))?;
        let interaction = over.call.clone().unwrap_or_else(|| over.id.clone());
        let rules = self.centers.get(tenant).await?.ticket_rules.clone();
        let story = MenuStory { interaction, steps: steps(over, &kept), rules, now };
        self.menus.keep_menu(tenant, &story).await
    }
}

fn told_later(error: &StoreError) {
    tracing::debug!(error = error as &dyn Error, "sessions that are over wait to be recorded");
}

/// Leaves out what cannot be kept now and so never: it must not keep others waiting.
fn given_up(over: &OverSession, error: StoreError) -> Result<(), StoreError> {
    if matches!(error, StoreError::Unavailable(_) | StoreError::Conflict { .. }) {
        return Err(error);
    }
    tracing::error!(session.id = %over.id, error = &error as &dyn Error, "a session is not told");
    Ok(())
}

/// Gives the events of a session: its beginning, each step, and its end if no call followed.
fn steps(over: &OverSession, kept: &KeptSession) -> Vec<MenuStep> {
    let mut told = kept.steps().peekable();
    let begun = told.peek().map(|(at, _)| {
        let details =
            kept.details().with("gateway", kept.gateway()).with("session", over.id.as_str());
        step("menu_started", "in_menu", *at, &details)
    });
    let stepped = told.map(|(at, told)| step("menu_stepped", "in_menu", at, &told));
    let end = over.call.is_none().then(|| {
        let reason = if kept.is_finished { "completed" } else { "left_menu" };
        let at = kept.steps().last().filter(|_| kept.is_finished).map_or(over.since, |(at, _)| at);
        step("contact_ended", "ended", at, &Details::new().with("reason", reason))
    });
    begun.into_iter().chain(stepped).chain(end).collect()
}

fn step(kind: &str, state: &str, at: Timestamp, told: &Details) -> MenuStep {
    let fields = told.lasting().chain([("state", state)]);
    let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    MenuStep { kind: kind.to_owned(), fields, at }
}
