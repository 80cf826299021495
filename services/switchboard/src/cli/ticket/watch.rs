//! `ticket watch`: what there is, then each change.

use clap::Args;
use switchboard_api::ticket::v1::watch_tickets_response::Update;
use switchboard_api::ticket::v1::{Ticket, WatchTicketsRequest, WatchTicketsResponse};

use super::filter::FilterArgs;
use crate::cli::client::ClientArgs;
use crate::cli::output::{Format, Output, Shown as _};

const WATCH: &str = "switchboard.ticket.v1.WatchTicketsResponse";

#[derive(Args, Debug)]
pub(crate) struct WatchArgs {
    #[command(flatten)]
    filter: Box<FilterArgs>,
    /// Goes on from the cursor of an update, as `-o json` shows it, without what there is
    #[arg(long, default_value = "")]
    cursor: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl WatchArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut desk = self.client.connect()?.ticket_desk();
        let request =
            WatchTicketsRequest { filter: Some(self.filter.filter()), cursor: self.cursor };
        let mut updates = desk.watch_tickets(request).await?.into_inner();
        while let Some(update) = updates.message().await? {
            match self.client.format() {
                Format::Json => out.json_line(&update, WATCH)?,
                Format::Table => show(update, out)?,
            }
        }
        Ok(())
    }
}

fn show(update: WatchTicketsResponse, out: &mut Output) -> anyhow::Result<()> {
    match update.update {
        Some(Update::Snapshot(snapshot)) => {
            out.table(Ticket::COLUMNS, snapshot.tickets.iter().map(Ticket::row))?;
            if snapshot.more { out.line("There are more.") } else { Ok(()) }
        }
        Some(Update::Changed(ticket)) => out.table(Ticket::COLUMNS, [ticket.row()].into_iter()),
        Some(Update::Gone(ticket)) => out.line(&format!("{ticket} is gone")),
        Some(Update::Heartbeat(_)) | None => Ok(()),
    }
}
