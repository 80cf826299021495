//! Keeps a desktop's session current: renewals, snapshots, lost sessions, new abilities.

use switchboard_api::ApiError;
use switchboard_api::agent::v1::Replaced;
use switchboard_api::agent::v1::desk_update::Update;
use switchboard_api::convert::agent::WantedPresence;
use switchboard_domain::floor::state::{AgentState, Want};
use tracing::debug;

use crate::decode::{self, Move};
use crate::desk::session::{Session, Standing};
use crate::refusal::Refusal;
use crate::view::View;

impl Session {
    /// Renews the lease of a desktop whose open stream is its sign of life.
    pub(super) async fn renew(&mut self) {
        if self.is_lost() {
            let outcome = self.begin_anew().await;
            return self.settle(outcome).await;
        }
        match self.desks.act(&self.who, self.token, &Move::Renew).await {
            Ok(()) => {}
            // The news will say why the session ended; without any, a later look will.
            Err(Refusal::Stale) => self.unsure = true,
            Err(Refusal::Other(error)) => self.settle(Err(error)).await,
        }
    }

    /// Shows everything anew, and makes sure that the session is still the agent's.
    pub(super) async fn refresh(&mut self) {
        let renewed = if self.is_lost() || !self.is_alive() {
            Ok(())
        } else {
            self.desks.act(&self.who, self.token, &Move::Renew).await
        };
        let outcome = match renewed {
            Ok(()) => self.welcome().await,
            Err(Refusal::Stale) => self.begin_anew().await,
            Err(Refusal::Other(error)) => Err(error),
        };
        self.settle(outcome).await;
    }

    /// The session ended without a successor: a desktop that is alive begins another.
    pub(super) async fn lose(&mut self) {
        self.standing = Standing::Lost;
        let outcome = if self.is_alive() { self.begin_anew().await } else { self.show().await };
        self.settle(outcome).await;
    }

    /// Signs in anew when the center has changed what the agent can serve: with his old abilities he
    /// would get no offers any more.
    pub(super) async fn check_profile(&mut self) {
        let planned = match self.desks.planned(&self.who).await {
            Ok(planned) => planned,
            Err(error) => return self.settle(Err(error)).await,
        };
        let outcome = match planned.ability(&self.who.agent) {
            Some((profile, _))
                if Some(&profile.key) != self.profile.as_ref() && !self.is_lost() =>
            {
                self.begin_anew().await
            }
            Some(_) => Ok(()),
            // He is no longer one of the center's agents.
            None => self.perform(&decode::sign_out()).await,
        };
        self.settle(outcome).await;
    }

    /// Begins another session in place of one that ended; a newer one is left alone.
    pub(super) async fn begin_anew(&mut self) -> Result<(), ApiError> {
        let view = View::read(self.desks.floor(), &self.who).await?;
        self.check_newest(&view)?;
        if self.wanted.want == Want::SignedOut && *view.state() == AgentState::Offline {
            self.wanted = WantedPresence { want: Want::NotReady, reason: String::new() };
        }
        self.token = self.desks.sign_in(&self.who, &self.wanted).await?;
        self.welcome().await
    }

    /// Sends the whole truth: everything shown before is void.
    pub(super) async fn welcome(&mut self) -> Result<(), ApiError> {
        let planned = self.desks.planned(&self.who).await?;
        let view = View::read(self.desks.floor(), &self.who).await?;
        self.check_newest(&view)?;
        self.note(&view);
        let is_current = view.session() == Some(self.token);
        self.standing = if is_current { Standing::Current } else { Standing::Lost };
        self.began = view.version();
        self.bound = view.bound();
        let welcome = self.desks.welcome(&self.who, self.token, &view, planned.center());
        self.out.tell_all(Update::Welcome(welcome));
        Ok(())
    }

    fn check_newest(&mut self, view: &View) -> Result<(), ApiError> {
        if view.session().is_none_or(|newest| newest <= self.token) {
            return Ok(());
        }
        self.standing = Standing::Over;
        Err(Refusal::Stale.into())
    }

    /// Sends the agent's state as it is now.
    pub(super) async fn show(&mut self) -> Result<(), ApiError> {
        let view = View::read(self.desks.floor(), &self.who).await?;
        self.show_view(&view).await
    }

    /// Sends the agent's state as it was read.
    pub(super) async fn show_view(&mut self, view: &View) -> Result<(), ApiError> {
        let planned = self.desks.planned(&self.who).await?;
        self.note(view);
        let state = view.agent_state(&self.who, planned.center(), None);
        self.out.tell(Update::Agent(state));
        Ok(())
    }

    /// Remembers what a view tells.
    pub(super) fn note(&mut self, view: &View) {
        self.shown = view.version();
        let Some(agent) = &view.agent else { return };
        self.profile = Some(agent.profile.clone());
        if agent.session == Some(self.token) {
            self.wanted = WantedPresence { want: agent.want, reason: agent.reason.clone() };
        }
    }

    /// Notes when the floor did not answer, and says a last word when a newer session took over.
    pub(super) async fn settle(&mut self, outcome: Result<(), ApiError>) {
        if let Err(error) = &outcome {
            debug!(reason = error.reason(), %error, "a desktop is not up to date");
        }
        self.unsure = outcome.is_err() && !self.is_over();
        if self.is_over() {
            self.out.finish(Update::Replaced(Replaced {})).await;
        }
    }

    pub(super) fn is_lost(&self) -> bool {
        self.standing == Standing::Lost
    }

    pub(super) fn is_over(&self) -> bool {
        self.standing == Standing::Over
    }

    fn is_alive(&self) -> bool {
        self.renews_itself || self.heard.elapsed() <= self.desks.parts.agent_lease
    }
}
