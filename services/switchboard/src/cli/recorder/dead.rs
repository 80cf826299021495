//! `recorder dead`: events that could not be recorded, looked at, recorded after all or given up.

use clap::{Args, Subcommand};
use switchboard_api::recorder::v1::{
    DeadEvent, DropDeadEventRequest, GetDeadEventRequest, ListDeadEventsRequest,
    ReplayDeadEventRequest,
};

use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::format;
use crate::cli::output::{Format, Output, Shown, message};

/// The role that looks after them.
const ROLE: &str = "admin";

#[derive(Debug, Subcommand)]
pub(crate) enum DeadCommand {
    /// Lists dead events, the last put aside first
    Ls(LsArgs),
    /// Shows a dead event with its particulars; the look is in the audit trail
    Show(OneArgs),
    /// Records dead events after all, each at its place
    Replay(ReplayArgs),
    /// Gives a dead event up, for ever
    Drop(OneArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct OneArgs {
    /// The event, as `recorder dead ls` shows it
    event: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ReplayArgs {
    /// The events, as `recorder dead ls` shows them
    #[arg(required = true)]
    events: Vec<String>,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for DeadEvent {
    const NAME: &'static str = "switchboard.recorder.v1.DeadEvent";
    const COLUMNS: &'static [&'static str] =
        &["EVENT", "ABOUT", "TYPE", "HAPPENED", "BURIED", "ATTEMPTS", "REASON"];

    fn row(&self) -> Vec<String> {
        vec![
            self.dead_event_id.clone(),
            format!("{} {}", self.entity, self.entity_id),
            self.r#type.clone(),
            format::time(self.at.as_ref()),
            format::time(self.buried_at.as_ref()),
            self.attempts.to_string(),
            self.reason.clone(),
        ]
    }
}

impl DeadCommand {
    pub(crate) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Show(arguments) => arguments.show(out).await,
            Self::Replay(arguments) => arguments.run().await,
            Self::Drop(arguments) => arguments.give_up(out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut dead = self.client.connect_as(ROLE)?.dead_events();
        let page = async |page_size, page_token| {
            dead.list_dead_events(ListDeadEventsRequest { page_size, page_token }).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl OneArgs {
    async fn show(self, out: &mut Output) -> anyhow::Result<()> {
        let mut dead = self.client.connect_as(ROLE)?.dead_events();
        let request = GetDeadEventRequest { dead_event_id: self.event };
        let found = dead.get_dead_event(request).await?.into_inner().dead_event;
        let event = found.unwrap_or_default();
        tell(&event, self.client.format(), out)?;
        if self.client.format() == Format::Table {
            for (name, text) in &event.fields {
                out.text(&format!("{name}: {text}\n"))?;
            }
        }
        Ok(())
    }

    async fn give_up(self, out: &mut Output) -> anyhow::Result<()> {
        let mut dead = self.client.connect_as(ROLE)?.dead_events();
        let request = DropDeadEventRequest { dead_event_id: self.event };
        let gone = dead.drop_dead_event(request).await?.into_inner().dead_event;
        tell(&gone.unwrap_or_default(), self.client.format(), out)
    }
}

impl ReplayArgs {
    async fn run(self) -> anyhow::Result<()> {
        let mut dead = self.client.connect_as(ROLE)?.dead_events();
        for event in self.events {
            let request = ReplayDeadEventRequest { dead_event_id: event.clone() };
            let call = dead.replay_dead_event(request).await?.into_inner().call_id;
            let of = if call.is_empty() { String::new() } else { format!(" of call {call}") };
            message(&format!("event {event}{of} is recorded"));
        }
        Ok(())
    }
}

fn tell(event: &DeadEvent, format: Format, out: &mut Output) -> anyhow::Result<()> {
    match format {
        Format::Json => out.json(event, DeadEvent::NAME),
        Format::Table => out.list(Format::Table, std::slice::from_ref(event)),
    }
}
