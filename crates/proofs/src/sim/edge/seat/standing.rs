//! A desktop's session is kept current through lost leases, new epochs and outages.

use switchboard_domain::floor::event::EventKind;
use switchboard_domain::floor::rejection::Rejection;
use switchboard_domain::floor::state::{Agent, AgentState, Entity, Token, Want};

use super::{Seat, Standing, is_stale};
use crate::sim::edge::feed::News;
use crate::sim::edge::floors::Trouble;
use crate::sim::store::Row;
use crate::sim::wire::{Action, ToDesk, View};

impl Seat {
    pub(super) async fn hear(&mut self, news: News) {
        let row = match news {
            News::Gap => return self.refresh().await,
            News::Entry(row) => row,
        };
        let is_own = match &row.event.entity {
            Entity::Floor => true,
            Entity::Agent(id) => *id == self.agent,
            Entity::Offer(_) | Entity::Contact(_) => {
                row.event.fields.get("agent").is_some_and(|agent| agent == self.agent.as_str())
            }
            Entity::Gateway(_) => false,
        };
        if !is_own || row.epoch < self.token.epoch {
            return;
        }
        if row.epoch > self.token.epoch {
            return self.refresh().await;
        }
        if matches!(row.event.entity, Entity::Agent(_)) && self.hear_agent(&row).await.is_err() {
            self.refresh().await;
        }
    }

    async fn hear_agent(&mut self, row: &Row) -> Result<(), Trouble> {
        if row.event.version <= self.began {
            return Ok(());
        }
        let field = |name: &str| row.event.fields.get(name);
        match row.event.kind {
            EventKind::AgentSignedIn => {
                let newest = field("session").and_then(Token::parse);
                if newest.is_some_and(|newest| newest > self.token) {
                    self.standing = Standing::Over;
                    return Ok(());
                }
            }
            EventKind::AgentSignedOut if field("cause") == Some("wanted") => {
                self.standing = Standing::Over;
            }
            EventKind::AgentSignedOut | EventKind::AgentDetached => {
                self.lose().await;
                return Ok(());
            }
            _ => {}
        }
        self.show().await
    }

    pub(super) async fn refresh(&mut self) {
        let renewed = if self.standing == Standing::Lost || !self.is_alive() {
            Ok(())
        } else {
            self.act(&Action::Beat).await
        };
        let outcome = match renewed {
            Ok(()) => self.welcome().await,
            Err(trouble) if is_stale(&trouble) => self.begin_anew().await,
            Err(trouble) => Err(trouble),
        };
        self.note(&outcome);
    }

    /// The session ended without a successor: a desktop that is alive begins another.
    async fn lose(&mut self) {
        self.standing = Standing::Lost;
        let outcome = if self.is_alive() { self.begin_anew().await } else { self.show().await };
        self.note(&outcome);
    }

    /// Begins another session in place of one that ended; a newer one is left alone.
    pub(super) async fn begin_anew(&mut self) -> Result<(), Trouble> {
        let agent = self.edge.agent(&self.agent).await?;
        self.check_newest(agent.as_ref())?;
        let offline = agent.is_none_or(|agent| agent.state() == AgentState::Offline);
        if self.wanted == Want::SignedOut && offline {
            self.wanted = Want::NotReady;
        }
        self.sign_in().await?;
        self.welcome().await
    }

    pub(super) async fn welcome(&mut self) -> Result<(), Trouble> {
        let agent = self.edge.agent(&self.agent).await?;
        self.check_newest(agent.as_ref())?;
        self.remember(agent.as_ref());
        let session = agent.as_ref().and_then(|agent| agent.session);
        let current = session == Some(self.token);
        self.standing = if current { Standing::Current } else { Standing::Lost };
        let view = view(agent.as_ref());
        self.began = view.version;
        self.tell(ToDesk::Welcome { session: self.token, view });
        Ok(())
    }

    fn check_newest(&mut self, agent: Option<&Agent>) -> Result<(), Trouble> {
        let newest = agent.and_then(|agent| agent.session);
        if newest.is_none_or(|newest| newest <= self.token) {
            return Ok(());
        }
        self.standing = Standing::Over;
        Err(Trouble::Refused(Rejection::StaleSession))
    }

    async fn show(&mut self) -> Result<(), Trouble> {
        let agent = self.edge.agent(&self.agent).await?;
        self.remember(agent.as_ref());
        self.tell(ToDesk::Shows(view(agent.as_ref())));
        Ok(())
    }

    fn remember(&mut self, agent: Option<&Agent>) {
        if let Some(agent) = agent.filter(|agent| agent.session == Some(self.token)) {
            self.wanted = agent.want;
        }
    }

    /// Notes when the floor did not answer.
    pub(super) fn note(&mut self, outcome: &Result<(), Trouble>) {
        self.unsure = outcome.is_err() && self.standing != Standing::Over;
    }
}

fn view(agent: Option<&Agent>) -> View {
    let state = agent.map_or(AgentState::Offline, Agent::state);
    View { state, version: agent.map_or(0, |agent| agent.version) }
}
