//! `ticket follow` and `ticket unfollow`: hearing of a ticket without working on it.

use clap::{Args, Subcommand};
use switchboard_api::ticket::v1::{FollowTicketRequest, TicketFollower, UnfollowTicketRequest};

use crate::cli::client::ClientArgs;
use crate::cli::format;
use crate::cli::output::{Output, Shown};

#[derive(Debug, Subcommand)]
pub(crate) enum FollowCommand {
    /// Follows a ticket: you find it with `ticket ls --followed`
    Follow(FollowArgs),
    /// Follows a ticket no longer
    Unfollow(FollowArgs),
}

#[derive(Args, Debug)]
pub(crate) struct FollowArgs {
    /// The ticket's id
    ticket: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for TicketFollower {
    const NAME: &'static str = "switchboard.ticket.v1.TicketFollower";
    const COLUMNS: &'static [&'static str] = &["FOLLOWER", "SINCE"];

    fn row(&self) -> Vec<String> {
        vec![self.actor.clone(), format::time(self.since.as_ref())]
    }
}

impl FollowCommand {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let (format, followers) = match self {
            Self::Follow(FollowArgs { ticket: ticket_id, client }) => {
                let request = FollowTicketRequest { ticket_id };
                let mut desk = client.connect()?.ticket_desk();
                let followed = desk.follow_ticket(request).await?.into_inner();
                (client.format(), followed.followers)
            }
            Self::Unfollow(FollowArgs { ticket: ticket_id, client }) => {
                let request = UnfollowTicketRequest { ticket_id };
                let mut desk = client.connect()?.ticket_desk();
                let left = desk.unfollow_ticket(request).await?.into_inner();
                (client.format(), left.followers)
            }
        };
        out.list(format, &followers)
    }
}
