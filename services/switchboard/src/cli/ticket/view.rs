//! `ticket view`: lists of tickets under a name.

use clap::{Args, Subcommand};
use switchboard_api::ticket::v1::{
    DeleteTicketViewRequest, ListTicketViewsRequest, SaveTicketViewRequest, TicketView,
};

use super::filter::FilterArgs;
use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Output, Shown};

#[derive(Debug, Subcommand)]
pub(crate) enum ViewCommand {
    /// Lists views: those every center has, your own, and those that are shared
    Ls(LsArgs),
    /// Saves a list of tickets under a name, for yourself or for a department
    Save(SaveArgs),
    /// Deletes a view
    Delete(DeleteArgs),
}

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    /// Of the shared ones only those of this department
    #[arg(long, default_value = "")]
    department: String,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct SaveArgs {
    /// The view's id, under which it is listed
    view: String,
    /// What people call it
    #[arg(long)]
    title: String,
    /// The department that it is shared with; nobody if left out
    #[arg(long, default_value = "")]
    share: String,
    /// Saves it only if it has this etag, as `ticket view ls` shows it
    #[arg(long, default_value = "")]
    etag: String,
    #[command(flatten)]
    filter: Box<FilterArgs>,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct DeleteArgs {
    /// The view's id
    view: String,
    /// Deletes it only if it has this etag
    #[arg(long, default_value = "")]
    etag: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for TicketView {
    const NAME: &'static str = "switchboard.ticket.v1.TicketView";
    const COLUMNS: &'static [&'static str] = &["VIEW", "TITLE", "OWNER", "SHARED", "SAVED", "ETAG"];

    fn row(&self) -> Vec<String> {
        vec![
            self.view_id.clone(),
            self.title.clone(),
            self.owner.clone(),
            self.department.clone(),
            format::time(self.update_time.as_ref()),
            self.etag.clone(),
        ]
    }
}

impl ViewCommand {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Ls(arguments) => arguments.run(out).await,
            Self::Save(arguments) => arguments.run(out).await,
            Self::Delete(arguments) => arguments.run(out).await,
        }
    }
}

impl LsArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut desk = self.client.connect()?.ticket_desk();
        let request = ListTicketViewsRequest { department: self.department };
        let views = desk.list_ticket_views(request).await?.into_inner().views;
        out.list(self.client.format(), &views)
    }
}

impl SaveArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut desk = self.client.connect()?.ticket_desk();
        let view = TicketView {
            view_id: self.view,
            title: self.title,
            filter: Some(self.filter.filter()),
            department: self.share,
            etag: self.etag,
            ..TicketView::default()
        };
        let request = SaveTicketViewRequest { view: Some(view) };
        let saved = desk.save_ticket_view(request).await?.into_inner().view.unwrap_or_default();
        out.one(self.client.format(), &saved)
    }
}

impl DeleteArgs {
    async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut desk = self.client.connect()?.ticket_desk();
        let request = DeleteTicketViewRequest { view_id: self.view.clone(), etag: self.etag };
        desk.delete_ticket_view(request).await?;
        out.line(&format!("{} is deleted.", self.view))
    }
}
