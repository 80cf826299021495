//! `customer duplicates`, `customer merge` and `customer unmerge`: records that may be about one customer.

use clap::{Args, Subcommand};
use switchboard_api::callerid::v1::{Duplicate, ListDuplicatesRequest, MergeCustomersRequest};

use super::OneArgs;
use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::output::{Output, Shown};

/// What is done with records of one customer.
#[derive(Debug, Subcommand)]
pub(crate) enum MergingCommand {
    /// Lists pairs of records that may be about one customer
    Duplicates(DuplicatesArgs),
    /// Lets one record lead for another
    Merge(MergeArgs),
    /// Takes a merge back
    Unmerge(OneArgs),
}

impl MergingCommand {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Duplicates(arguments) => arguments.run(out).await,
            Self::Merge(arguments) => arguments.run(out).await,
            Self::Unmerge(arguments) => arguments.unmerge(out).await,
        }
    }
}

/// Which pairs are wanted.
#[derive(Args, Debug)]
pub(crate) struct DuplicatesArgs {
    /// Only pairs with this customer
    #[arg(default_value = "")]
    customer: String,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

/// Which record leads.
#[derive(Args, Debug)]
pub(crate) struct MergeArgs {
    /// The record that stays
    winner: String,
    /// The record that leads to it
    loser: String,
    #[command(flatten)]
    client: ClientArgs,
}

impl Shown for Duplicate {
    const NAME: &'static str = "switchboard.callerid.v1.Duplicate";
    const COLUMNS: &'static [&'static str] = &["OLDER", "NAME", "YOUNGER", "NAME", "LIKELY", "WHY"];

    fn row(&self) -> Vec<String> {
        let (older, younger) =
            (self.older.clone().unwrap_or_default(), self.younger.clone().unwrap_or_default());
        vec![
            older.customer_id,
            older.display_name,
            younger.customer_id,
            younger.display_name,
            format!("{}%", self.score),
            self.reasons.join(", "),
        ]
    }
}

impl DuplicatesArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let customer_id = self.customer;
        let page = async |page_size, page_token| {
            let customer_id = customer_id.clone();
            let request = ListDuplicatesRequest { customer_id, page_size, page_token };
            callers.list_duplicates(request).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl MergeArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let request = MergeCustomersRequest {
            winner_id: self.winner,
            loser_id: self.loser,
            ..MergeCustomersRequest::default()
        };
        let winner = callers.merge_customers(request).await?.into_inner().winner;
        super::show(&winner.unwrap_or_default(), self.client.format(), out)
    }
}
