//! The agent's side of a call.

use tokio::time::Instant;

use switchboard_api::call::v1::{
    self as wire, AgentLegGone, BridgeFailed, Bridged, CommandOutcome, DialFailed, HangupCause,
    Side, gateway_event::Event,
};

use super::{CommandRef, Leg, Origin, Report};
use crate::gateway::{BridgeOutcome, CallEvent};

/// Whom a caller is connected to.
pub(super) enum Bridge {
    /// Nobody.
    None,
    /// Nobody, because the last attempt failed.
    Failed(BridgeFailed),
    /// An agent's telephone is being connected.
    Dialling { command: CommandRef, agent: String, offer: String, until: Instant },
    /// An agent.
    Up { command: String, agent: String, offer: String },
}

impl Bridge {
    /// Gives the agent and the offer of a bridge that is up.
    pub(super) fn connected(&self) -> Option<(String, String)> {
        if let Self::Up { agent, offer, .. } = self {
            Some((agent.clone(), offer.clone()))
        } else {
            None
        }
    }

    /// Says when an attempt to connect ends.
    pub(super) const fn due(&self) -> Option<Instant> {
        if let Self::Dialling { until, .. } = self { Some(*until) } else { None }
    }

    /// Says whether an agent's telephone is being connected.
    pub(super) const fn is_dialling(&self) -> bool {
        matches!(self, Self::Dialling { .. })
    }

    /// Says again what became of the bridge.
    pub(super) fn truth(&self) -> Option<Event> {
        match self {
            Self::None | Self::Dialling { .. } => None,
            Self::Failed(failed) => Some(Event::BridgeFailed(failed.clone())),
            Self::Up { command, offer, .. } => Some(bridged(command, offer)),
        }
    }
}

impl Leg {
    pub(super) fn connect(
        &mut self,
        this: CommandRef,
        bridge: wire::Bridge,
        now: Instant,
        reports: &mut Vec<Report>,
    ) {
        let wire::Bridge { agent_id: agent, offer_id: offer, .. } = bridge;
        self.stop_media(reports);
        if self.bridge.connected().is_some_and(|(_, connected)| connected == offer) {
            reports.push(Report::Event(bridged(&this.id, &offer)));
            self.end(&this, CommandOutcome::Done, "", reports);
            return;
        }
        self.drop_bridge(reports);
        self.tell(CallEvent::Connecting { agent: agent.clone() });
        let until = now + self.pace.bridge;
        self.bridge = Bridge::Dialling { command: this, agent, offer, until };
    }

    pub(super) fn finish_bridge(&mut self, now: Instant, reports: &mut Vec<Report>) {
        let bridge = std::mem::replace(&mut self.bridge, Bridge::None);
        let Bridge::Dialling { command, agent, offer, .. } = bridge else { return };
        match self.bridges.pop_front().unwrap_or(BridgeOutcome::Connects) {
            BridgeOutcome::Connects => {
                reports.push(Report::Event(bridged(&command.id, &offer)));
                self.end(&command, CommandOutcome::Done, "", reports);
                self.tell(CallEvent::Bridged { agent: agent.clone(), offer: offer.clone() });
                self.leaves_at = self.script.talk.map(|talk| now + talk);
                self.bridge = Bridge::Up { command: command.id, agent, offer };
                if let Origin::CalledBack { reached } = &mut self.origin {
                    *reached = true;
                }
            }
            BridgeOutcome::Fails { side: Side::Caller, cause }
                if self.origin == (Origin::CalledBack { reached: false }) =>
            {
                let failed = DialFailed {
                    command_id: command.id.clone(),
                    offer_id: offer,
                    cause: cause.into(),
                };
                reports.push(Report::Event(Event::DialFailed(failed)));
                self.end(&command, CommandOutcome::Failed, cause.as_str_name(), reports);
                self.tell(CallEvent::NotReached { cause });
            }
            BridgeOutcome::Fails { side, cause } => {
                let failed = BridgeFailed {
                    command_id: command.id.clone(),
                    offer_id: offer,
                    side: side.into(),
                    cause: cause.into(),
                };
                reports.push(Report::Event(Event::BridgeFailed(failed.clone())));
                self.end(&command, CommandOutcome::Failed, cause.as_str_name(), reports);
                self.tell(CallEvent::BridgeFailed { agent });
                self.bridge = Bridge::Failed(failed);
                if side == Side::Caller {
                    self.hang_up(cause, Side::Caller, reports);
                }
            }
        }
    }

    /// Ends the agent's leg as if the agent had put the phone down.
    pub(in crate::gateway) fn agent_hangs_up(&mut self, reports: &mut Vec<Report>) {
        let Some((agent, _)) = self.bridge.connected() else { return };
        self.bridge = Bridge::None;
        self.leaves_at = None;
        let gone = AgentLegGone { cause: HangupCause::Normal.into() };
        reports.push(Report::Event(Event::AgentLegGone(gone)));
        self.tell(CallEvent::AgentGone { agent });
    }

    /// Gives up on an agent who still rings.
    pub(in crate::gateway) fn stop_dialling(&mut self) -> Vec<Report> {
        let mut reports = Vec::new();
        if let Bridge::Dialling { .. } = self.bridge
            && let Bridge::Dialling { command, .. } =
                std::mem::replace(&mut self.bridge, Bridge::None)
        {
            self.end(&command, CommandOutcome::Cancelled, "a new session", &mut reports);
        }
        reports
    }

    /// Takes the caller back from whatever they hear and whoever they talk to.
    pub(super) fn take_back(&mut self, reports: &mut Vec<Report>) {
        self.stop_media(reports);
        self.drop_bridge(reports);
    }

    /// The center takes the caller from the agent, so there is nothing to report to it.
    fn drop_bridge(&mut self, reports: &mut Vec<Report>) {
        match std::mem::replace(&mut self.bridge, Bridge::None) {
            Bridge::Up { .. } => self.leaves_at = None,
            Bridge::Dialling { command, .. } => {
                self.end(&command, CommandOutcome::Superseded, "", reports);
            }
            Bridge::None | Bridge::Failed(_) => {}
        }
    }
}

fn bridged(command: &str, offer: &str) -> Event {
    Event::Bridged(Bridged { command_id: command.to_owned(), offer_id: offer.to_owned() })
}
