//! `customer search`: customers by what is known of them.

use clap::Args;
use switchboard_api::callerid::v1::SearchCustomersRequest;
use switchboard_api::callerid::v1::search_customers_request::By;

use super::fields::external_id;
use crate::cli::client::{ClientArgs, LimitArgs};
use crate::cli::output::Output;

/// What is known of the customers wanted.
#[derive(Args, Debug)]
pub(crate) struct SearchArgs {
    #[command(flatten)]
    known: KnownArgs,
    #[command(flatten)]
    limit: LimitArgs,
    #[command(flatten)]
    client: ClientArgs,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = true)]
struct KnownArgs {
    /// Words of the name, or the beginnings of its pinyin or initials
    #[arg(conflicts_with_all = ["number", "external_id"])]
    name: Vec<String>,
    /// The last digits of a number, at least four
    #[arg(long, value_name = "DIGITS", conflicts_with = "external_id")]
    number: Option<String>,
    /// What another system calls the customer
    #[arg(long, value_name = "SYSTEM=ID")]
    external_id: Option<String>,
    /// Only those whose account this agent owns
    #[arg(long, value_name = "AGENT", default_value = "")]
    owner: String,
    /// Only those of this tier
    #[arg(long, default_value = "")]
    tier: String,
    /// Only those with this to be put right, such as `REVIEW_DUE`
    #[arg(long, value_name = "CODE", default_value = "")]
    finding: String,
    /// Only those who are in this segment of `segments.yaml` now
    #[arg(long, default_value = "")]
    segment: String,
}

impl SearchArgs {
    pub(super) async fn run(self, out: &mut Output) -> anyhow::Result<()> {
        let mut callers = self.client.connect()?.callers();
        let request = self.known.request();
        let page = async |page_size, page_token| {
            let request = SearchCustomersRequest { page_size, page_token, ..request.clone() };
            callers.search_customers(request).await
        };
        let records = self.limit.collect(page).await?;
        out.list(self.client.format(), &records)
    }
}

impl KnownArgs {
    fn request(self) -> SearchCustomersRequest {
        let name = Some(self.name.join(" ")).filter(|name| !name.is_empty());
        let by = name
            .map(By::Name)
            .or_else(|| self.number.map(By::NumberEnding))
            .or_else(|| self.external_id.map(|text| By::ExternalId(external_id(&text))));
        SearchCustomersRequest {
            by,
            owner_agent_id: self.owner,
            tier: self.tier,
            finding: self.finding,
            segment: self.segment,
            ..SearchCustomersRequest::default()
        }
    }
}
