//! `ticket ls` and `ticket search`.

use clap::Args;
use switchboard_api::ticket::v1::{ListTicketsRequest, SearchTicketsRequest};

use super::filter::FilterArgs;
use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::output::Output;

#[derive(Args, Debug)]
pub(crate) struct LsArgs {
    /// Only those of this view, such as mine or overdue; `ticket view ls` shows them all
    #[arg(long, default_value = "")]
    view: String,
    #[command(flatten)]
    filter: Box<FilterArgs>,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
pub(crate) struct SearchArgs {
    /// Words that were written, a number, or the name of the customer; each must be there
    #[arg(required = true)]
    words: Vec<String>,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

impl LsArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let filter = self.filter.filter();
        let wanted = ListTicketsRequest {
            view_id: self.view,
            state: filter.state,
            customer_id: filter.customer_id,
            interaction_id: filter.interaction_id,
            agent_id: filter.agent_id,
            kind: filter.kind,
            category: filter.category,
            department: filter.department,
            overdue: filter.overdue,
            unassigned: filter.unassigned,
            untouched_for: filter.untouched_for,
            open: filter.open,
            reopened: filter.reopened,
            bounced: filter.bounced,
            important: filter.important,
            due_today: filter.due_today,
            followed: filter.followed,
            parent_id: filter.parent_id,
            incident_id: filter.incident_id,
            incidents: filter.incidents,
            ..ListTicketsRequest::default()
        };
        let mut tickets = self.client.connect()?.tickets();
        let page = async |page_size, page_token| {
            let request = ListTicketsRequest { page_size, page_token, ..wanted.clone() };
            tickets.list_tickets(request).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl SearchArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let query = self.words.join(" ");
        let mut desk = self.client.connect()?.ticket_desk();
        let page = async |page_size, page_token| {
            let query = query.clone();
            desk.search_tickets(SearchTicketsRequest { query, page_size, page_token }).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}
